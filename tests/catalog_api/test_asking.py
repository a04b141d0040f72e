"""Parameters of a URL ↔ Query, both ways; and what is refused, naming place, value and remedy."""

from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from catalog_api.asking import HISTOGRAMS, pairs, question, question_of_page
from catalog_api.parameters import DATES, FILTERS, INTERVALS, MOST, NUMBERS, described
from metadata.errors import Invalid
from search.base import Query
from search.facets import FACETS
from search.order import ORDERS

PUBLIC = frozenset({"public"})


def read(text: str) -> Query:
    return question(QueryParams(text), PUBLIC)


def test_every_part_of_a_query_has_a_parameter() -> None:
    asked = read(
        "q=公交 -校车&format=CSV&format=JSON&-theme=TRAN&all.keyword=a&all.keyword=b&name=n"
        "&modified_from=2024-05&modified_to=2024&period_from=2001&size_min=1000&size_max=2000&quality_min=50&use_max=9&bbox=170,-10.5,-170,20&relation=within"
        "&near=116.4,39.9,50&facets=format,theme&facet_size=7&facet_least=2&facet_order=value&facet.words.keyword=bus"
        "&facet.under.theme=Water&facet.under.region=&facets_within=true&histograms=modified:year,issued:month&sort=-title"
        "&limit=5&offset=10&explain=true&literal=true&highlight=false"
    )
    assert asked == Query(
        words="公交 -校车",
        filters={"format": ("CSV", "JSON"), "name": ("n",)},
        excluded={"theme": ("TRAN",)},
        required={"keyword": ("a", "b")},
        ranges={
            "modified": ("2024-05", "2024"),
            "period": ("2001", None),
            "size": ("1000", "2000"),
            "quality": ("50", None),
            "use": (None, "9"),
        },
        box=(170.0, -10.5, -170.0, 20.0),
        relation="within",
        near=(116.4, 39.9, 50.0),
        facets=("format", "theme"),
        facet_size=7,
        facet_least=2,
        facet_order="value",
        facet_words={"keyword": "bus"},
        facet_under={"theme": "Water", "region": ""},
        facet_within=True,
        histograms={"modified": "year", "issued": "month"},
        order="-title",
        limit=5,
        offset=10,
        readers=PUBLIC,
        highlight=False,
        explain=True,
        literal=True,
    )
    assert read("") == Query(readers=PUBLIC, highlight=True)


word = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Z")), min_size=1, max_size=12)
values = st.lists(word, min_size=1, max_size=3, unique=True).map(tuple)
filters = st.dictionaries(st.sampled_from(FILTERS), values, max_size=3)
date = st.one_of(st.none(), st.dates().map(str), st.integers(1000, 9999).map(str))
count = st.one_of(st.none(), st.integers(0, 10**9).map(str))
degrees = st.integers(-180_000_000, 180_000_000).map(lambda number: number / 1_000_000)
latitude = st.integers(-90_000_000, 90_000_000).map(lambda number: number / 1_000_000)
ranges = st.fixed_dictionaries(
    {}, optional={**{name: st.tuples(date, date) for name in DATES}, **{name: st.tuples(count, count) for name in NUMBERS}}
).map(lambda found: {name: bounds for name, bounds in found.items() if any(one is not None for one in bounds)})
boxes = st.tuples(degrees, latitude, degrees, latitude).map(lambda box: (box[0], min(box[1::2]), box[2], max(box[1::2])))
queries = st.builds(
    Query,
    words=st.one_of(st.just(""), st.lists(word, min_size=1, max_size=4).map(" ".join)),
    filters=filters,
    excluded=filters,
    required=filters,
    ranges=ranges,
    box=st.none() | boxes,
    relation=st.sampled_from(["intersects", "within"]),
    near=st.none() | st.tuples(degrees, latitude, st.integers(0, 20_100).map(float)),
    facets=st.lists(st.sampled_from(list(FACETS)), max_size=5, unique=True).map(tuple),
    facet_size=st.integers(0, 10_000),
    facet_least=st.integers(1, 99),
    facet_order=st.sampled_from(["count", "value"]),
    facet_words=st.dictionaries(st.sampled_from(list(FACETS)), word, max_size=2),
    facet_under=st.dictionaries(st.sampled_from(list(FACETS)), st.just("") | word, max_size=2),
    facet_within=st.booleans(),
    histograms=st.dictionaries(st.sampled_from(HISTOGRAMS), st.sampled_from(INTERVALS), max_size=2),
    order=st.sampled_from([sign + name for name in ORDERS for sign in ("", "-")]),
    limit=st.integers(0, 1000),
    offset=st.integers(0, 1_000_000),
    after=st.none() | st.text("abcXYZ019-_", min_size=1, max_size=30),
    readers=st.just(PUBLIC),
    highlight=st.booleans(),
    explain=st.booleans(),
    literal=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(queries)
def test_a_query_comes_back_from_its_url(asked: Query) -> None:
    url = urlencode(pairs(asked))
    back = question(QueryParams(parse_qsl(url, keep_blank_values=True)), PUBLIC)
    assert back == asked
    assert question_of_page(QueryParams(parse_qsl(url, keep_blank_values=True)), PUBLIC, asked.languages) == (asked, ())


def test_what_is_as_usual_is_not_in_the_url() -> None:
    assert pairs(Query(highlight=True)) == []
    assert pairs(replace(Query(highlight=True), words="x", order="title")) == [("q", "x"), ("sort", "title")]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("nope=1", "query", "no such parameter"),
        ("all.nope=1", "query", "no such parameter"),
        ("--format=1", "query", "no such parameter"),
        ("facet.words.nope=1", "query", "no such parameter"),
        ("facets=nope", "facets", "no such thing"),
        ("facets=" + ",".join(["format"] * 10_000), "facets", "more than 40"),
        ("&".join(["facets=format"] * 900), "facets", "more than 40"),
        ("histograms=modified", "histograms", "no such thing"),
        ("histograms=title:year", "histograms", "no such thing"),
        ("modified_from=soon", "modified_from", "no date"),
        ("period_to=2024-13", "period_to", "no date"),
        ("size_min=-1", "size_min", "no number"),
        ("size_min=1e9", "size_min", "no number"),
        ("quality_max=²", "quality_max", "no number"),
        ("bbox=1,2,3", "bbox", "not 4 numbers"),
        ("bbox=1,2,3,4,5", "bbox", "not 4 numbers"),
        ("bbox=1,2,3,x", "bbox", "not 4 numbers"),
        ("bbox=nan,2,3,4", "bbox", "not 4 numbers"),
        ("bbox=0,50,10,40", "bbox", "no box on earth"),
        ("bbox=0,-91,10,40", "bbox", "no box on earth"),
        ("near=1,2", "near", "not 3 numbers"),
        ("near=1,2,30000", "near", "no place on earth"),
        ("near=1,2,inf", "near", "not 3 numbers"),
        ("relation=touches", "relation", "no such choice"),
        ("facet_order=up", "facet_order", "no such choice"),
        ("facet_size=10001", "facet_size", "no number that fits"),
        ("explain=perhaps", "explain", "neither true nor false"),
        ("sort=nope", "sort", "no such order"),
        ("&".join(f"format={number}" for number in range(MOST + 1)), "query", f"{MOST + 1} parameters"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_means_nothing_is_refused_with_place_value_and_remedy(text: str, place: str, words: str) -> None:
    with pytest.raises(Invalid) as raised:
        read(text)
    assert raised.value.place == place and words in raised.value.message and raised.value.remedy
    asked, faults = question_of_page(QueryParams(text), PUBLIC, ("zh", "en"))
    if "parameter" not in words:
        assert [fault.place for fault in faults][:1] == [place]
    assert asked.readers == PUBLIC


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([one["name"] for one in described()] + ["q", "sort", "limit"]), st.text(max_size=20)))
)
def test_no_address_raises_anything_but_invalid(given_pairs: list[tuple[str, str]]) -> None:
    question_of_page(QueryParams(given_pairs), PUBLIC, ("zh", "en"))
    with suppress(Invalid):
        read(urlencode(given_pairs, errors="replace"))


def test_the_documentation_names_every_parameter() -> None:
    told: list[dict[str, Any]] = described()
    names = [one["name"] for one in told]
    assert len(names) == len(set(names)) and {*FILTERS, "bbox", "near", "modified_from", "use_max", "histograms"} <= set(names)
    for name in names:
        assert "no such parameter" not in _said(name)


def _said(name: str) -> str:
    try:
        read(urlencode({name: "x"}))
    except Invalid as fault:
        return fault.message
    return ""
