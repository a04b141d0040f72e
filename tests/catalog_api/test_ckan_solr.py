"""CKAN's query language: what is understood, and what is honestly refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_api.ckan.moments import bounds, narrowed
from catalog_api.ckan.questions import Asked, asked, order
from catalog_api.ckan.solr import Choice, Condition, NotExpressible, Span, wishes

NOW = datetime(2026, 3, 31, 5, 6, 7, 890, tzinfo=UTC)


class Words:
    """A directory of three words."""

    def organization(self, word: str) -> str:
        return {"id-of-water": "water"}.get(word, word)

    def source(self, word: str) -> str:
        return {"id-of-portal": "portal"}.get(word, word)

    def themes(self, group: str) -> tuple[str, ...]:
        return {"envi": ("ENVI",), "transport": ("TRAN", "Transport")}.get(group, ())

    def values(self, facet: str) -> tuple[str, ...]:
        return {"keyword": ("eco", "economy", "water", "e[c]o")}.get(facet, ())


def ask(q: str = "*:*", *fq: str) -> Asked:
    return asked(q, fq, Words(), NOW)


def is_(field: str, *values: str, negated: bool = False, phrase: bool = False) -> Condition:
    return Condition(field, values, negated, phrase)


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("organization:x", [is_("organization", "x")]),
        ('tags:"a b"', [is_("tags", "a b", phrase=True)]),
        (r'tags:"a \" b"', [is_("tags", 'a " b', phrase=True)]),
        ("+a:b +c:d", [is_("a", "b"), is_("c", "d")]),
        ("a:b AND c:d", [is_("a", "b"), is_("c", "d")]),
        ("a:b && c:d", [is_("a", "b"), is_("c", "d")]),
        ("-organization:x", [is_("organization", "x", negated=True)]),
        ("NOT a:b", [is_("a", "b", negated=True)]),
        ("!a:b", [is_("a", "b", negated=True)]),
        ("NOT -a:b", [is_("a", "b")]),
        ("(groups:a OR groups:b)", [is_("groups", "a", "b")]),
        ("a:x OR a:y || a:(z OR x)", [is_("a", "x", "y", "z")]),
        ("a:(x y)", [is_("a", "x"), is_("a", "y")]),
        ("a:(+x -y)", [is_("a", "x"), is_("a", "y", negated=True)]),
        ("-(a:b OR c:d)", [is_("a", "b", negated=True), is_("c", "d", negated=True)]),
        ("free a:b text", [is_("", "free"), is_("a", "b"), is_("", "text")]),
        (r"name:my\-name\:x", [is_("name", "my-name:x")]),
        ("identifier:http://x/y?a=1", [is_("identifier", "http://x/y?a=1")]),
        ("title:foo^4.5", [is_("title", "foo")]),
        ("tags:中文", [is_("tags", "中文")]),
        ("*:*", [is_("*", "*")]),
        ("d:[2015-10-23T14:51:13Z TO *]", [Span("d", "2015-10-23T14:51:13Z", "*")]),
        ('d:{"a" TO b]', [Span("d", "a", "b", low_in=False)]),
        ("((a:b))", [is_("a", "b")]),
        ("   ", []),
        ("a:b OR c:d", [Choice((is_("a", "b"), is_("c", "d")))]),
        ("a:b OR a:b", [is_("a", "b")]),
        ("x OR y", [Choice((is_("", "x"), is_("", "y")))]),
        ("(x OR y) a:b", [Choice((is_("", "x"), is_("", "y"))), is_("a", "b")]),
        ("a:b OR (c:d AND e:f)", [Choice((is_("a", "b"), is_("c", "d"))), Choice((is_("a", "b"), is_("e", "f")))]),
        ("a:b OR d:[2015 TO *]", [Choice((is_("a", "b"), Span("d", "2015", "*")))]),
    ],
)
def test_what_is_understood(text: str, conditions: list[Any]) -> None:
    assert list(wishes(text)) == conditions


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a:b c:d OR e:f", "mixed"),
        ("a:b AND c:d OR e:f", "mixed"),
        ("x OR y a:b", "mixed"),
        (" OR ".join(f"(a:{n} b:{n})" for n in range(8)), "nested to more than 64"),
        ("NOT (a:b AND c:d)", "not all of these"),
        ("-(a:b AND c:d)", "not all of these"),
        ("-a:b OR a:c", "plain values"),
        ("a:b~2", "fuzzy"),
        ("a:(b", "not closed"),
        ("a:b)", "too many"),
        ('a:"b', "cannot be read"),
        ("a:", "no value after a:"),
        ("AND a:b", "edge"),
        ("a:b OR", "edge"),
        ("a:()", "hold nothing"),
        ("a:b ()", "hold nothing"),
        ("a:^4", "stands where a value should"),
        ("{!geofilt d=5}", "local parameters"),
        ("(" * 30 + "a:b" + ")" * 30, "nested"),
        ("a:b " * 2000, "characters long"),
    ],
)
def test_what_is_refused_and_why(text: str, why: str) -> None:
    with pytest.raises(NotExpressible) as raised:
        wishes(text)
    assert why in raised.value.message


def test_words_without_a_field_are_words() -> None:
    assert ask('公共 交通 -"old map"').words == ['公共 交通 -"old map"']
    assert ask("+bus AND stops NOT old").words == ["bus stops -old"]
    assert ask("opened at 12:30, see https://x.example/a:b").words == ["opened at 12:30, see https://x.example/a:b"]
    assert ask("Budget 2020: overview").words == ["Budget 2020: overview"]
    for everything in ("", "*", "*:*", " *:* "):
        assert ask(everything) == Asked()


def test_fields_become_filters_by_our_names_and_codes() -> None:
    found = ask(
        "bus organization:id-of-water",
        'tags:"a  b" groups:transport',
        "res_format:csv license_id:cc-by -harvest_source_id:id-of-portal",
    )
    assert found.words == ["bus"] and not found.impossible
    assert found.filters == [
        ("organization", ("water",)),
        ("keyword", ("a b",)),
        ("theme", ("TRAN", "Transport")),
        ("format", ("CSV",)),
        ("licence", ("CC-BY",)),
    ]
    assert found.excluded == {"source": ("portal",)}
    assert ask("extras_identifier:A-1 language:zho state:active").filters == [
        ("identifier", ("A-1",)),
        ("language", ("zh",)),
        ("state", ("published",)),
    ]


def test_a_filter_asked_for_twice_has_to_hold_twice() -> None:
    assert ask("*:*", "tags:a tags:b tags:a").filters == [("keyword", ("a",)), ("keyword", ("b",))]
    assert ask("*:*", "source:(a OR b)", "source:(b OR c)").filters == [("source", ("b",))]
    assert ask("*:*", "source:a source:b").impossible
    assert ask("*:*", "organization:a organization:b").filters == [("organization", ("a",)), ("organization", ("b",))]


def test_wildcards_are_spelt_out_where_values_are_known() -> None:
    assert ask("tags:eco*").filters == [("keyword", ("eco", "economy"))]
    assert ask("tags:e[c]?").filters == [("keyword", ("e[c]o",))]
    assert ask("tags:nothing*").impossible
    assert ask('tags:"eco*"').filters == [("keyword", ("eco*",))]
    for text in ("name:a*", "text:*eco tags:eco", "title:e?o"):
        with pytest.raises(NotExpressible, match="wildcards"):
            ask(text)


@pytest.mark.parametrize(
    ("text", "impossible"),
    [
        ("type:dataset", False),
        ("dataset_type:harvest", True),
        ("-type:dataset", True),
        ("dataset_type:(dataset OR showcase)", False),
        ("entity_type:package", False),
        ("title:*", False),
        ("-name:*", True),
        ("metadata_modified:[* TO *]", False),
        ("-metadata_modified:[* TO *]", True),
        ("groups:nothing", True),
        ("-groups:nothing", False),
    ],
)
def test_what_all_or_no_datasets_have(text: str, impossible: bool) -> None:
    found = ask("*:*", text)
    assert found.impossible is impossible and (impossible or not any((found.filters, found.ranges, found.words)))


def test_fields_of_text_and_alternatives_are_said_in_the_search_language() -> None:
    assert ask("title:bus notes:stop").words == ["title:bus", "description:stop"]
    assert ask('title:"bus stop" -title:old').words == ['title:"bus stop"', "-title:old"]
    assert ask("title:(bus OR tram)").words == ["title:bus OR title:tram"]
    assert ask("text:eco* tags:eco").words == ["eco*"]
    assert ask("bus OR tram").words == ["bus OR tram"]
    assert ask("*:*", "res_format:csv OR groups:envi").words == ['format:"CSV" OR theme:"ENVI"']
    assert ask("*:*", "(bus OR metadata_modified:[2015 TO *]) license_id:cc-by").words == ["bus OR updated:2015.."]
    assert ask("*:*", "a-b OR res_format:csv").words == ['a-b OR format:"CSV"']
    assert ask("*:*", 'a\\:b OR "c OR d"').words == ['"a:b" OR "c OR d"']


def test_a_choice_with_what_all_or_none_have() -> None:
    assert ask("*:*", "res_format:csv OR type:dataset") == Asked()
    assert ask("*:*", "res_format:csv OR groups:nothing").words == ['format:"CSV"']
    assert ask("*:*", "groups:nothing OR dataset_type:harvest").impossible


@pytest.mark.parametrize(
    "text", ["tags:a OR groups:transport", "organization:a OR res_format:csv", "name:a OR tags:b", "quality:clean OR bus"]
)
def test_a_choice_that_could_not_be_answered_exactly_is_refused(text: str) -> None:
    with pytest.raises(NotExpressible, match="exactly"):
        ask("*:*", text)
    with pytest.raises(NotExpressible, match="means something else"):
        ask("*:*", "res_format:csv OR groups:transport")


def test_a_box() -> None:
    assert asked("", (), Words(), NOW, "110,-20.5,-170,40").box == (110.0, -20.5, -170.0, 40.0)
    for text in ("1,2,3", "a,b,c,d", "1,2,3,4,5", "1,40,2,20", "181,0,1,1", "nan,0,1,1"):
        with pytest.raises(NotExpressible, match="box"):
            asked("", (), Words(), NOW, text)


def test_too_much_is_refused_before_it_is_read() -> None:
    for fq in (["tags:a"] * 101, ["tags:a " * 500] * 10):
        with pytest.raises(NotExpressible, match="at most"):
            asked("", fq, Words(), NOW)


def test_private_and_capacity_are_states() -> None:
    assert ask("private:false").filters == ask("capacity:public").filters == [("state", ("published",))]
    assert ask("private:true").filters == ask("-private:false").filters == [("state", ("withheld",))]
    assert ask("+capacity:public +state:active").filters == [("state", ("published",))]


@pytest.mark.parametrize(
    "text",
    [
        "maintainer:bus",
        "vocab_x:y",
        "num_resources:[1 TO *]",
        "foo:bar",
        "res_format:[* TO *]",
        "-metadata_modified:[2015 TO 2016]",
        "metadata_modified:(2015 OR 2016)",
        "metadata_modified:yesterday",
        "extras_foo:bar",
    ],
)
def test_fields_that_cannot_be_asked_are_refused(text: str) -> None:
    with pytest.raises(NotExpressible):
        ask(text)


def test_ranges_narrow_and_turn_round() -> None:
    assert ask("metadata_modified:[2015-10-23T14:51:13Z TO *]").ranges == {"updated": ("2015-10-23T14:51:13Z", None)}
    both = ask("metadata_modified:[2015 TO *]", "metadata_modified:[2014 TO 2016-02]")
    assert both.ranges == {"updated": ("2015", "2016-02")}
    assert ask("-metadata_created:[2015 TO *]").ranges == {"created": (None, "2014-12-31T23:59:59.999999Z")}
    assert ask("-metadata_created:{* TO 2015}").ranges == {"created": ("2015", None)}
    assert ask("issued:2015").ranges == {"issued": ("2015", "2015")}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("NOW", "2026-03-31T05:06:07.000890Z"),
        ("NOW-7DAYS", "2026-03-24T05:06:07.000890Z"),
        ("NOW/DAY", "2026-03-31T00:00:00.000000Z"),
        ("NOW-1MONTH", "2026-02-28T05:06:07.000890Z"),
        ("NOW-1YEAR/YEAR", "2025-01-01T00:00:00.000000Z"),
        ("NOW/HOUR+30MINUTES", "2026-03-31T05:30:00.000000Z"),
        ("2015-01-01T00:00:00Z+1MONTH", "2015-02-01T00:00:00.000000Z"),
        ("2015-01-01T00:00:00+08:00", "2015-01-01T00:00:00+08:00"),
        ("2015", "2015"),
    ],
)
def test_date_math(text: str, moment: str) -> None:
    assert bounds(Span("d", text, "*"), NOW) == (moment, None)


@pytest.mark.parametrize("text", ["yesterday", "2020-02-31", "NOW-7", "NOW-1FOO", "NOW-999999YEARS", "NOWADAYS", "20", "NOW/"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(NotExpressible, match="date"):
        bounds(Span("d", text, "*"), NOW)


def test_excluded_bounds_move_by_the_smallest_step() -> None:
    span = Span("d", "2015-10-23T14:51:13Z", "2016", low_in=False, high_in=False)
    assert bounds(span, NOW) == ("2015-10-23T14:51:14.000000Z", "2015-12-31T23:59:59.999999Z")
    assert narrowed(("2015-06", None), ("2015", "2015-07-01T00:00:00Z")) == ("2015-06", "2015-07-01T00:00:00Z")


@pytest.mark.parametrize(
    ("sort", "ours"),
    [
        ("", "relevance"),
        ("score desc, metadata_modified desc", "relevance"),
        ("rank", "relevance"),
        ("id asc", "id"),
        ("name desc", "-name"),
        ("title_string asc", "title"),
        ("metadata_modified desc", "updated"),
        ("metadata_modified asc,name asc", "-updated"),
        ("metadata_created  desc", "created"),
        ("views_recent desc, name asc", "use"),
        ("popularity asc", "-use"),
        ("issued desc", "issued"),
        ("size asc", "-size"),
    ],
)
def test_sorts(sort: str, ours: str) -> None:
    assert order(sort) == ours


@pytest.mark.parametrize("sort", ["name", "foo asc", "name up", "name asc; id desc", "score"])
def test_a_bad_sort_is_refused_in_ckans_words(sort: str) -> None:
    with pytest.raises(NotExpressible, match='Invalid "sort" parameter'):
        order(sort)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('ab:*?()[]{}"\\+-!~^ &|TONRAD公.0123456789Z/'), max_size=40))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    for call in (
        lambda: ask(text),
        lambda: ask("*:*", text),
        lambda: order(text),
        lambda: ask(f"metadata_modified:[{text} TO *]"),
    ):
        try:
            call()
        except NotExpressible:
            continue
