"""How the values of facets are taken, what they are called, and what is above them."""

from dataclasses import replace

import msgspec
import pytest

from metadata.entry import Entry
from metadata.model import Agent, Coded, DataService, Dataset, Distribution, Place
from metadata.vocabulary import coded, terms
from search.document import document
from search.facet_trees import PROVINCES, region_code
from search.facets import FACETS, facet_label, parent_of
from tests.search.catalogue import make

ENTRY = replace(make(1)[0], errors=0, warnings=0, organization=None, organization_title={}, above=())


def entry(**fields: object) -> Entry:
    return replace(ENTRY, dataset=msgspec.structs.replace(Dataset(identifier="x", title={"en": "T"}), **fields))


def values(name: str, **fields: object) -> tuple[str, ...]:
    return document(entry(**fields)).facets[name]


def chain(name: str, value: str | None, told: dict[str, str] | None = None) -> list[str]:
    found = []
    while value is not None and len(found) < 20:
        found.append(value)
        value = parent_of(name, value, told)
    return found


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("111112001/2001", ("111112001", "111112", "111", "1")),
        ("3070010", ("3070010", "307001", "307", "3")),
        ("307001", ("307001", "307", "3")),
        ("307", ("307", "3")),
        ("3", ("3",)),
        ("A/2 b", ("A/2 b",)),
    ],
)
def test_a_class_holds_those_above_it(code: str, expected: tuple[str, ...]) -> None:
    given = Coded(code=code, label={"zh": "交通"})
    assert values("class", classification=given) == expected
    assert chain("class", expected[0]) == list(expected)
    told = document(entry(classification=given)).shown.get("labels", {}).get("class", {})
    assert told == ({} if code == "3" else {expected[0]: {"zh": "交通"}})
    assert facet_label("class", "3")["zh"] == "部门信息资源"


def test_a_class_in_words_has_levels() -> None:
    assert values("class", classification=Coded(raw="部门信息资源 > 交通  > 公交")) == (
        "部门信息资源 > 交通 > 公交",
        "部门信息资源 > 交通",
        "部门信息资源",
    )
    assert values("class") == ()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("440305", ["440305", "440300", "440000"]),
        ("440300", ["440300", "440000"]),
        ("440000", ["440000"]),
        ("110108", ["110108", "110000"]),
        ("500101", ["500101", "500000"]),
        ("429004", ["429004", "420000"]),
        ("440305001", ["440305001", "440305", "440300", "440000"]),
        ("440305001002", ["440305001002", "440305001", "440305", "440300", "440000"]),
        ("440305000000", ["440305", "440300", "440000"]),
        ("440305001000", ["440305001", "440305", "440300", "440000"]),
        ("990101", ["990101"]),
        ("12345", ["12345"]),
        ("44", ["44"]),
    ],
)
def test_a_region_holds_those_above_it(code: str, expected: list[str]) -> None:
    assert list(values("region", spatial=(Place(code=Coded(code=code)),))) == expected
    assert chain("region", expected[0]) == expected


def test_short_codes_of_regions_need_their_scheme() -> None:
    assert region_code("44", "GB/T 2260") == "440000" and region_code("4403", "gbt2260") == "440300"
    assert region_code("44") is None and region_code("4403") is None
    assert len(PROVINCES) == 34 and all(region_code(code) == code for code in PROVINCES)


def test_places_without_a_code_are_named() -> None:
    spatial = (
        Place(name={"en": "Lake County", "zh": "湖县"}),
        Place(uri="http://sws.example.org/DEU"),
        Place(box=(0.0, 0.0, 1.0, 1.0)),
        Place(name={"zh": "福田区"}, code=Coded(code="440304")),
    )
    assert values("region", spatial=spatial) == ("湖县", "http://sws.example.org/DEU", "440304", "440300", "440000")
    assert document(entry(spatial=spatial)).shown["labels"]["region"] == {"440304": {"zh": "福田区"}}
    assert facet_label("region", "440000") == {"zh": "广东省", "en": "Guangdong"}


def test_themes_with_levels_are_a_tree() -> None:
    theme = (coded("theme", "TRAN"), Coded(raw="Earth > Water >  Rivers"))
    assert values("theme", theme=theme) == ("TRAN", "Earth > Water > Rivers", "Earth > Water", "Earth")
    assert chain("theme", "Earth > Water > Rivers") == ["Earth > Water > Rivers", "Earth > Water", "Earth"]
    assert parent_of("theme", "TRAN") is None


def test_a_department_holds_those_over_it() -> None:
    above = (("water", {"zh": "水务局"}), ("city", {"zh": "市政府"}))
    found = document(replace(entry(), organization="works", organization_title={"zh": "水厂"}, above=above))
    assert found.facets["organization"] == ("works", "water", "city")
    titles = {"works": {"zh": "水厂"}, "water": {"zh": "水务局"}, "city": {"zh": "市政府"}}
    assert found.shown["labels"]["organization"] == titles
    told = found.shown["above"]["organization"]
    assert chain("organization", "works", told) == ["works", "water", "city"]
    assert parent_of("organization", "works") is None
    assert "above" not in document(replace(entry(), organization="works")).shown


@pytest.mark.parametrize(
    ("own", "parts", "expected"),
    [
        ("CC-BY-4.0", [], "open"),
        ("CC-BY-NC-4.0", ["CC0-1.0"], "restricted"),
        ("CC0-1.0", ["CC-BY-NC-4.0"], "open"),
        (None, ["CC0-1.0", "ODbL-1.0"], "open"),
        (None, ["CC0-1.0", "CC-BY-ND-4.0"], "restricted"),
        (None, ["CC0-1.0", "notspecified"], "unknown"),
        ("notspecified", [], "unknown"),
        (None, [], "unknown"),
    ],
)
def test_the_openness_of_licences(own: str | None, parts: list[str], expected: str) -> None:
    distribution = tuple(Distribution(license=coded("licence", code)) for code in parts)
    licence = coded("licence", own) if own else None
    assert values("licence_openness", license=licence, distribution=distribution) == (expected,)
    assert values("licence_openness", license=Coded(raw="Ask us"), distribution=()) == ("unknown",)


def test_an_api_is_a_service_or_a_format_of_one() -> None:
    service = DataService(endpoint_url=("https://api.example.org",))
    assert values("api") == ("no",)
    assert values("api", service=(service,)) == ("yes",)
    assert values("api", distribution=(Distribution(), Distribution(access_service=(service,)))) == ("yes",)
    for one in terms("format"):
        found = values("api", distribution=(Distribution(format=coded("format", one.code)),))
        assert found == ("yes" if one.service else "no",)


@pytest.mark.parametrize(
    ("errors", "warnings", "expected"), [(0, 0, "clean"), (0, 3, "warnings"), (1, 0, "errors"), (2, 2, "errors")]
)
def test_quality_tells_the_worst(errors: int, warnings: int, expected: str) -> None:
    assert document(replace(ENTRY, errors=errors, warnings=warnings)).facets["quality"] == (expected,)


def test_words_of_foreign_lists_travel_with_the_document() -> None:
    theme = (Coded(scheme="local", code="T7", label={"en": "Parks"}), Coded(scheme="theme", code="TRAN", label={"en": "x"}))
    found = document(entry(theme=theme, publisher=Agent(name={"zh": "某局", "en": "Some Bureau"})))
    assert found.shown["labels"] == {
        "theme": {"T7": {"en": "Parks"}},
        "publisher": {"某局": {"zh": "某局", "en": "Some Bureau"}},
    }


def test_values_of_closed_lists_have_labels_in_both_languages() -> None:
    closed = {
        "quality": ("clean", "warnings", "errors"),
        "api": ("yes", "no"),
        "licence_openness": ("open", "restricted", "unknown"),
        "access": tuple(one.code for one in terms("access-right")),
        "state": ("published", "withheld", "retired"),
    }
    for name, known in closed.items():
        assert all(facet_label(name, value).keys() >= {"zh", "en"} for value in known)
        assert all(parent_of(name, value) is None for value in known)
    assert facet_label("api", "perhaps") == {} and set(closed) <= set(FACETS)
