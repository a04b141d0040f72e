"""Dublin Core: written and read again in JSON and XML, oai_dc, repairs, every rule once."""

from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from metadata.model import Agent, Dataset, Distribution, Period, Place
from standards.coordinates import box_of_words, limits
from standards.dublin_core import STANDARD, check, document, oai_dc, qualified, read, recognises, repair, write
from standards.dublin_core_rules import RULES
from standards.forms import joined
from standards.xml_documents import PREFIXES
from tests.standards.generated import back, datasets
from tests.standards.rich import MESSY, RICH

DC = f"{{{PREFIXES['dc']}}}"
SOUND: dict[str, Any] = {
    "dcterms:title": {"zh": "公交站点", "en": "Bus stops"},
    "dcterms:identifier": ["307001/000123", {"@id": "https://data.city.example/stops"}],
    "dcterms:description": {"en": "Where buses stop."},
    "dcterms:publisher": {"zh": "交通局"},
    "dcterms:subject": ["公交", {"en": "bus"}],
    "dcterms:issued": "2020-01-01",
    "dcterms:language": ["zh", "en"],
    "dcterms:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
    "dcterms:type": "Dataset",
    "dcterms:hasFormat": {"@id": "https://data.city.example/stops.csv"},
    "dcterms:format": "text/csv",
}


def test_a_sound_record_has_no_findings_and_comes_back() -> None:
    assert recognises(SOUND) and list(check(SOUND)) == []
    again = write(read(SOUND))
    assert read(again) == read(SOUND) and again["dcterms:type"] == "Dataset"
    xml = qualified(read(SOUND))
    assert recognises(xml) and list(check(xml)) == [] and read(xml) == read(SOUND)


_CODED = ("license", "accrual_periodicity", "access_rights")


@settings(max_examples=120, deadline=None)
@given(datasets())
def test_every_field_it_carries_comes_back(dataset: Dataset) -> None:
    """A coded value comes back as the same term; the word for it becomes its address."""
    for name, before, after in back(STANDARD, dataset):
        assert name in _CODED and after is not None, (name, before, after)
        known = before.uri or before.raw or before.code
        assert (after.uri or after.raw) == known, (name, before, after)


@settings(max_examples=60, deadline=None)
@given(datasets())
def test_xml_says_the_same_as_json(dataset: Dataset) -> None:
    one, other = read(write(dataset)), read(qualified(dataset))
    for name in (
        "identifier",
        "title",
        "publisher",
        "keyword",
        "issued",
        "modified",
        "language",
        "spatial",
        "temporal",
        "license",
        "page",
    ):
        assert getattr(one, name) == getattr(other, name), name
    assert [way.download_url for way in one.distribution] == [way.download_url for way in other.distribution]


def test_unknown_members_and_other_terms_come_back() -> None:
    body = {**SOUND, "mine": {"deep": [1, None]}, "dcterms:audience": [{"en": "all"}, "人人"], "dc:source": "survey"}
    again = write(read(body))
    assert {name: again[name] for name in ("mine", "dcterms:audience", "dc:source")} == {
        name: body[name] for name in ("mine", "dcterms:audience", "dc:source")
    }
    bare = {"title": "t", "creator": "c", "date": "2020", "type": "Dataset", "source": ["a", "b"]}
    assert recognises(bare) and write(read(bare))["dc:source"] == ["a", "b"]


def test_oai_dc_has_the_fifteen_elements_only() -> None:
    root = etree.fromstring(oai_dc(RICH))
    assert root.tag == f"{{{PREFIXES['oai_dc']}}}dc" and {each.tag.startswith(DC) for each in root} == {True}
    said = {(each.tag[len(DC) :], each.text) for each in root}
    assert {
        ("title", "公共交通站点"),
        ("coverage", "全市"),
        ("date", "2016"),
        ("relation", "https://jt.qingchuan.example/stops/help"),
    } <= said
    assert ("rights", "https://creativecommons.org/licenses/by/4.0/") in said
    assert not any(each.get("{http://www.w3.org/2001/XMLSchema-instance}type") for each in root)
    found = read(oai_dc(RICH))
    assert found.title == RICH.title and found.publisher is not None and found.landing_page


@pytest.mark.parametrize("dataset", [RICH, MESSY], ids=["rich", "messy"])
def test_what_is_written_is_well_formed_and_reads(dataset: Dataset) -> None:
    for xml in (qualified(dataset), oai_dc(dataset)):
        etree.fromstring(xml)
        assert recognises(xml) and read(xml).title
    assert read(write(dataset)).title


def test_several_records_are_one_document() -> None:
    bodies = [write(RICH), write(MESSY)]
    root = etree.fromstring(b"".join(document(bodies)))
    assert [each.tag for each in root] == ["metadata", "metadata"]
    assert b"".join(joined(bodies, STANDARD, ".xml")) == b"".join(document(bodies))


def test_repairs_say_what_they_did() -> None:
    body = {**SOUND, "dcterms:issued": "2016/04/14", "dcterms:language": ["Chinese", "en"], "dcterms:format": "CSV"}
    mended, done = repair(body)
    assert (mended["dcterms:issued"], mended["dcterms:language"], mended["dcterms:format"]) == (
        "2016-04-14",
        ["zh", "en"],
        "text/csv",
    )
    assert [(one.rule, one.path, one.before, one.after, one.filled) for one in done] == [
        ("dublin-core/date/form", "/dcterms:issued", "2016/04/14", "2016-04-14", False),
        ("dublin-core/language/form", "/dcterms:language/0", "Chinese", "zh", False),
        ("dublin-core/format/form", "/dcterms:format", "CSV", "text/csv", False),
    ]
    assert body["dcterms:issued"] == "2016/04/14" and list(check(mended)) == []


def test_xml_is_mended_in_its_place() -> None:
    xml = qualified(read({**SOUND, "dcterms:issued": "2016"})).replace(b">2016<", b">14.4.2016<")
    mended, done = repair(xml)
    assert [(one.before, one.after) for one in done] == [("14.4.2016", "2016-04-14")] and "line" in done[0].path
    assert list(check(mended)) == [] and repair(mended) == (mended, [])
    assert repair(b"<broken") == (b"<broken", []) and repair(7) == (7, [])


_FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("dublin-core/title/absent", {"dcterms:title": ""}),
    ("dublin-core/identifier/absent", {"dcterms:identifier": None}),
    ("dublin-core/description/absent", {"dcterms:description": []}),
    ("dublin-core/creator/absent", {"dcterms:publisher": {}}),
    ("dublin-core/rights/absent", {"dcterms:license": ""}),
    ("dublin-core/date/absent", {"dcterms:issued": ""}),
    ("dublin-core/subject/absent", {"dcterms:subject": []}),
    ("dublin-core/type/absent", {"dcterms:type": ""}),
    ("dublin-core/date/form", {"dcterms:issued": "spring 2020"}),
    ("dublin-core/language/form", {"dcterms:language": "Klingon?"}),
    ("dublin-core/format/form", {"dcterms:format": "12 pages"}),
    ("dublin-core/type/list", {"dcterms:type": "dataset"}),
    ("dublin-core/element/unknown", {"dcterms:titel": "x"}),
    ("dublin-core/element/empty", {"dcterms:audience": ""}),
    ("dublin-core/address/form", {"dcterms:references": {"@id": "not an address"}}),
    ("dublin-core/cross/dates", {"dcterms:modified": "2019-01-01"}),
    ("dublin-core/cross/future", {"dcterms:modified": "2990-01-01"}),
    ("dublin-core/cross/temporal", {"dcterms:temporal": {"@type": "dcterms:Period", "@value": "start=2020; end=2019"}}),
]


@pytest.mark.parametrize(("rule", "change"), _FAULTS)
def test_each_rule_is_found(rule: str, change: dict[str, Any]) -> None:
    found = {one.rule: one for one in check({**SOUND, **change})}
    assert rule in found
    assert found[rule].severity == RULES[rule].severity


def test_elements_without_their_namespace_are_read_and_told() -> None:
    xml = oai_dc(Dataset(identifier="1", title={"en": "t"})).replace(
        b"</oai_dc:dc>", b"<identifier>https://a.example/1</identifier></oai_dc:dc>"
    )
    assert read(xml).landing_page == "https://a.example/1"
    assert [one.path for one in check(xml) if one.rule == "dublin-core/element/namespace"] == ["/oai_dc:dc/identifier (line 4)"]


def test_a_box_outside_the_degrees_is_no_box() -> None:
    words = "northlimit=95; southlimit=1; eastlimit=2; westlimit=1"
    assert box_of_words(words) is None and read({**SOUND, "dcterms:spatial": words}).spatial == (Place(name={"und": words}),)


@pytest.mark.parametrize(
    ("said", "box"),
    [
        ("W 97°00′--W 89°06′/N 44°30′--N 39°45′", (-97.0, 39.75, -89.1, 44.5)),
        ("(E 110° -- E 120°/S 10° 30' 36\"--S 20°)", (110.0, -20.0, 120.0, -10.51)),
        ("110, 29, 120, 31", (110.0, 29.0, 120.0, 31.0)),
        ("name=x; northlimit=31; southlimit=29; eastlimit=120; westlimit=-110.5", (-110.5, 29.0, 120.0, 31.0)),
        ("United States--Iowa", None), ("1850-1860", None), ("W 97°--W 89°", None), ("200, 0, 210, 1", None), ("", None),
    ],
)  # fmt: skip
def test_boxes_in_words(said: str, box: tuple[float, ...] | None) -> None:
    assert box_of_words(said) == box


def test_small_numbers_are_written_plain() -> None:
    assert box_of_words(limits((-0.0000005, 0.0, 1e-6, 0.5))) == (-0.0000005, 0.0, 1e-6, 0.5)


def test_parts_that_have_no_place_are_left_out() -> None:
    dataset = Dataset(
        identifier="1",
        title={"en": "t"},
        creator=(Agent(name={"en": "A"}), Agent(name={"en": "B"})),
        temporal=(Period(start="2020"), Period(raw="long ago")),
        distribution=(Distribution(access_url="https://a.example/page"), Distribution(download_url="https://a.example/x.csv")),
    )
    found = read(write(dataset))
    assert found.creator == dataset.creator and found.temporal == dataset.temporal
    assert [(way.access_url, way.download_url) for way in found.distribution] == [
        ("https://a.example/page", None),
        (None, "https://a.example/x.csv"),
    ]
