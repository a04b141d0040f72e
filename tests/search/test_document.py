"""An entry → what is indexed of it."""

from dataclasses import replace

import msgspec
import pytest

from metadata.model import Agent, Coded, DataService, Dataset, Distribution, InformationItem, Period, Place
from search.dates import span
from search.document import DESCRIPTION, MOST, SHOWN, document
from search.document_completions import PARTED, starts
from search.document_numbers import quality
from search.document_words import OTHER, readable
from search.facets import FACETS, LONGEST, facet_label
from search.fields import COUNTS, FURTHEST, PERIOD, READINGS, SETS, TEXTS
from tests.search.catalogue import make

ENTRY = make(1)[0]


def described(**fields: object) -> Dataset:
    return msgspec.structs.replace(Dataset(identifier="x", title={"en": "T"}), **fields)


def test_every_facet_has_a_title_in_both_languages_and_is_filled_by_someone() -> None:
    filled = {name for entry in make(50) for name, values in document(entry).facets.items() if values}
    assert filled == {*FACETS, "identifier"}
    assert all(facet.title.keys() == {"zh", "en"} and facet.name == name for name, facet in FACETS.items())


def test_a_runaway_record_is_cut() -> None:
    dataset = described(
        description={"en": "word " * 13_000, "zh": "数" * 65_280},
        keyword={"en": tuple(f"k{number}" for number in range(5_000))},
        license=Coded(raw="terms " * 1_000),
    )
    found = document(replace(ENTRY, dataset=dataset))
    assert len(found.tokens["description"]) <= 2 * DESCRIPTION + 3 * DESCRIPTION
    assert found.tokens["description"].count("word") == DESCRIPTION // 5
    assert len(found.facets["keyword"]) == MOST
    assert len(found.facets["licence"][0]) <= LONGEST
    assert {len(words) for words in found.shown["description"].values()} == {SHOWN}


def test_values_are_codes_where_a_list_knows_them_and_words_where_not() -> None:
    dataset = described(
        theme=(Coded(scheme="theme", code="TRAN"), Coded(raw=" City  parks "), Coded(raw=" ")), license=Coded(raw="own")
    )
    found = document(replace(ENTRY, dataset=dataset, organization="x", organization_title={"zh": "某局"}))
    assert found.facets["theme"] == ("TRAN", "City parks")
    assert found.facets["licence"] == ("own",)
    assert found.shown["labels"] == {"organization": {"x": {"zh": "某局"}}}
    assert facet_label("theme", "TRAN").keys() >= {"zh", "en"} and facet_label("theme", "City parks") == {}
    assert facet_label("standard", "dcat_us_1_1") and facet_label("standard", "of yore") == {}


def test_dates_that_are_none_are_left_out() -> None:
    found = document(replace(ENTRY, dataset=described(modified="R/P1Y", issued="2016-04")))
    assert found.dates == {"issued": "2016-04", "created": ENTRY.created, "updated": ENTRY.updated}


def tokens(**fields: object) -> dict[str, str]:
    bare = replace(
        ENTRY,
        dataset=described(**fields),
        state="published",
        organization=None,
        organization_title={},
        identifier="x",
        above=(),
    )
    return dict(document(bare).tokens)


def test_a_document_has_the_fields_of_an_index() -> None:
    for entry in make(80):
        found = document(entry)
        assert set(found.tokens) == {*TEXTS, *READINGS, *SETS, "exact", "completion", "rank"}
        assert set(found.numbers) - {*PERIOD, "size"} == set(COUNTS) - {"size"}
        assert all(text == " ".join(text.split()) for name, text in found.tokens.items() if name in TEXTS)


def test_every_text_is_in_the_field_it_belongs_to() -> None:
    part = Distribution(title={"en": "Table"}, description={"en": "<b>one</b>&amp;two"})
    found = tokens(
        title={"zh": "水"},
        keyword={"und": ("rain", "snow")},
        publisher=Agent(name={"en": "Bureau"}, parent=Agent(name={"en": "Ministry"})),
        creator=(Agent(name={"en": "Maker"}),),
        description={"en": "About"},
        information_item=(InformationItem(name={"zh": "站点"}, code="ZD_1"),),
        distribution=(part, part),
        service=(DataService(title={"en": "Query"}),),
        theme=(Coded(raw="parks"),),
        classification=Coded(code="3", label={"zh": "部门"}),
        spatial=(Place(name={"en": "Lake"}),),
    )
    assert {name: found[name] for name in TEXTS} == {
        "title": "水",
        "keyword": "rain | snow",
        "publisher": "bureau | ministry | maker",
        "description": "about",
        "column": "站点 | zd 1 | zd1",
        "resource": "table | one two | query",
        "other": "x | park | 部门 | lake",
    }
    assert (found["characters"], found["title_characters"], found["exact"]) == ("水 点 站 部 门", "水", "水")


def test_stems_go_by_the_language_of_a_text() -> None:
    assert tokens(title={"en": "Mapping"})["title"] == "mapping | ~map"
    assert tokens(title={"und": "Mapping"})["title"] == "mapping | ~map"
    assert tokens(title={"de": "Haltestellen"})["title"] == "haltestellen | ~haltestell"
    assert tokens(title={"und": "Haltestellen"}, language=("de",))["title"] == "haltestellen | ~haltestell"
    assert tokens(title={"zh": "Mapping"})["title"] == "mapping"
    assert tokens(keyword={"en": ("mapping",)}, description={"en": "mapping"})["keyword"] == "mapping | ~map"
    assert tokens(distribution=(Distribution(title={"en": "Mapping"}),))["resource"] == "mapping"


def test_html_is_no_text() -> None:
    assert readable("<p class='x'>A &lt;b&gt; PM<sub>2.5</sub><br/>&amp; 1 < 2 > 1<!-- no --></p>").split() == [
        "A", "<b>", "PM", "2.5", "&", "1", "<", "2", ">", "1",
    ]  # fmt: skip
    assert tokens(description={"en": "<div style='color:red'>Red&nbsp;lines</div>"})["description"] == "red line"


def test_long_texts_together_are_cut() -> None:
    parts = tuple(Distribution(description={"en": f"{number} " + "x " * 4_000}) for number in range(5))
    found = tokens(distribution=parts)["resource"]
    assert found.count("x") == OTHER // 2 - 2 and found.count("|") == 1


def test_readings_are_of_titles_keywords_and_publishers() -> None:
    found = tokens(
        title={"zh": "公交"}, keyword={"zh": ("地图",)}, publisher=Agent(name={"zh": "某局"}), description={"zh": "水"}
    )
    assert (found["pinyin"], found["initials"]) == ("gong jiao | di tu | mou ju", "g j | d t | m j")


def test_a_completion_begins_where_someone_may_begin_to_type() -> None:
    assert starts("公共交通") == ["公共交通", "共交通", "交通", "通", "gonggongjiaotong", "ggjt"]
    assert starts("Public  Transport ＧＩＳ".replace("  ", " ")) == ["public transport gis", "transport gis", "gis"]
    assert starts("") == [] and len(starts("一" * 200)) <= 26 and len(starts("a " * 90)) <= 6
    found = tokens(keyword={"zh": ("公 交",)}, publisher=Agent(name={"en": "Bureau"}))["completion"].split("\n")
    assert found == [f"{typed}{PARTED}k公 交" for typed in ("公 交", "交", "gongjiao", "gj")] + [f"bureau{PARTED}pBureau"]


def test_only_what_everyone_may_see_is_suggested() -> None:
    assert document(replace(ENTRY, state="published", organization="x", organization_title={"en": "Parks"})).tokens[
        "completion"
    ]
    assert not document(replace(ENTRY, state="withheld")).tokens["completion"]


def test_a_place_gives_the_box() -> None:
    spatial = (Place(), Place(box=(1.0, 2.0, 3.0, 4.0)), Place(geometry={"type": "Point", "coordinates": [5, 0]}))
    assert document(replace(ENTRY, dataset=described(spatial=spatial))).box == (1.0, 0.0, 5.0, 4.0)
    assert document(replace(ENTRY, dataset=described(spatial=(Place(box=(170.0, 0.0, -170.0, 1.0)),)))).box == (
        170.0,
        0.0,
        190.0,
        1.0,
    )
    assert document(replace(ENTRY, dataset=described(spatial=(Place(name={"en": "Lake"}),)))).box is None


def first(date: str) -> int:
    found = span(date)
    assert found is not None
    return found[0]


def last(date: str) -> int:
    found = span(date)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("temporal", "expected"),
    [
        ([], None),
        ([Period(raw="since the war")], None),
        ([Period(start="soon")], None),
        ([Period(start="2019", end="2020-06")], (first("2019"), last("2020-06"))),
        ([Period(start="2020-06", end="2019")], (first("2019"), last("2020-06"))),
        ([Period(start="2022")], (first("2022"), FURTHEST)),
        ([Period(end="2018-01-02")], (-FURTHEST, last("2018-01-02"))),
        ([Period(start="2001", end="2002"), Period(start="1999", end="2000"), Period(raw="?")], (first("1999"), last("2002"))),
        ([Period(start="2001", end="2002"), Period(end="2000")], (-FURTHEST, last("2002"))),
    ],
)
def test_the_period_spans_all_periods(temporal: list[Period], expected: tuple[int, int] | None) -> None:
    numbers = document(replace(ENTRY, dataset=described(temporal=tuple(temporal)))).numbers
    assert (numbers.get("period_start"), numbers.get("period_end")) == (expected or (None, None))


def test_numbers_are_size_quality_and_use() -> None:
    distribution = tuple(Distribution(byte_size=size) for size in (None, 5, 70, -1))
    found = document(replace(ENTRY, dataset=described(distribution=distribution), errors=1, warnings=0, use=7)).numbers
    assert found == {"size": 70, "quality": 66, "use": 7}
    assert "size" not in document(replace(ENTRY, dataset=described(distribution=(Distribution(byte_size=-1),)))).numbers


def test_quality_falls_with_every_finding() -> None:
    assert [quality(*found) for found in ((0, 0), (0, 1), (1, 0), (2, 0), (0, 10), (0, 990))] == [100, 90, 66, 50, 50, 1]
    assert all(quality(errors, 3) > quality(errors + 1, 3) for errors in range(10))
