"""What is written as ISO 19139 or ISO 19115-3 and read again: generated datasets, full ones, corner cases."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from metadata.model import Agent, Coded, DataService, Dataset, Distribution, Period, Place
from metadata.vocabulary import look_up
from standards import iso_19115_3, iso_19139
from standards.base import Standard
from standards.xml_documents import parse
from tests.standards.rich import MESSY, RICH
from tests.standards.said import Domain, datasets, differences

EDITIONS = (iso_19139.STANDARD, iso_19115_3.STANDARD)
ROOM = Domain(
    languages=(("und",), ("en",), ("zh-Hans",), ("de-CH",), ("en", "zh"), ("de", "en", "fr")),
    frequencies=("daily", "monthly", "annual", "R/P1M", "irregular", "asNeeded", "hourly", "whenever"),
)
STATUS = st.none() | st.sampled_from(("completed", "onGoing", "planned")).map(
    lambda code: Coded(scheme="iso-progress", code=code, label={"en": code})
)


@pytest.fixture(params=EDITIONS, ids=lambda standard: standard.name)
def standard(request: pytest.FixtureRequest) -> Standard:
    return request.param  # type: ignore[no-any-return]


def back(standard: Standard, dataset: Dataset) -> Dataset:
    assert standard.read and standard.write
    return standard.read(standard.write(dataset))


@settings(max_examples=60, deadline=None)
@given(dataset=datasets(ROOM), status=STATUS)
def test_every_carried_field_comes_back(dataset: Dataset, status: Coded | None) -> None:
    told = replace(dataset, status=status, extra={})
    for standard in EDITIONS:
        assert differences(told, back(standard, told), standard.carries) == []


def test_a_full_dataset_comes_back_but_for_what_the_page_says(standard: Standard) -> None:
    """`RICH` also has what ISO cannot say: agents' codes, raw places, checksums, a distribution without an address."""
    found = back(standard, RICH)
    lost = {name for name, _, _ in differences(RICH, found, standard.carries)}
    assert lost <= {
        "status", "spatial.name", "distribution.format", "distribution.title", "distribution.description",
        "distribution.access_url", "distribution.download_url", "distribution.media_type", "distribution.byte_size",
    }  # fmt: skip
    assert [way.download_url or way.access_url for way in found.distribution] == [
        way.download_url or way.access_url for way in RICH.distribution[:2]
    ]


def test_what_is_written_is_clean(standard: Standard) -> None:
    """Its own check finds no error in a full record."""
    assert standard.write and standard.check
    found = {each.rule for each in standard.check(standard.write(RICH)) if each.severity == "error"}
    assert found == set()


def test_bad_values_are_written_as_well_formed_xml(standard: Standard) -> None:
    assert standard.write
    root = parse(standard.write(MESSY))
    assert "\x0b" not in "".join(root.itertext())
    assert back(standard, MESSY).title == {"und": "Title \ufffd with \ufffd controls & <tags>"}


@pytest.mark.parametrize(
    "made",
    [
        {"service": (DataService(title={"en": "s"}, endpoint_url=("https://a.example/",)),),
         "extra": {"hierarchyLevel": "service"}},
        {"service": (DataService(title={"en": "s"}),)},
        {"temporal": (Period(raw="long ago"), Period(start="2020"))},
        {"spatial": (Place(box=(170.0, -20.0, -170.0, -10.0)), Place(name={"en": "n"}, uri="https://p.example/1"))},
        {"creator": (Agent(name={"en": "a"}), Agent(name={"en": "b"}, email="b@b.example"))},
        {"distribution": (Distribution(access_url="https://a.example/x.zip", format=look_up("format", "ZIP")), Distribution(download_url="https://a.example/run"))},
        {"distribution": (Distribution(download_url="https://a.example/x", format=look_up("format", "CSV"), byte_size=1),)},
        {"language": ("zh-Hant", "en-US", "x-klingon", "ar")},
        {"keyword": {"en": ("Paris", "x"), "fr": ("Paris",)}, "description": {"fr": "d"}},
        {"conforms_to": ("http://www.opengis.net/def/crs/EPSG/0/4326", "EPSG:2056", "https://a.example/spec", "Spec")},
        {"spatial_resolution_in_meters": 1e-7},
    ],
)  # fmt: skip
def test_corner_cases_come_back(standard: Standard, made: dict[str, Any]) -> None:
    dataset = Dataset(identifier="1", title={"en": "t"}, **made)
    found = back(standard, dataset)
    for name in made:
        assert differences(dataset, found, {name}) == []


def test_unknown_elements_come_back_only_where_they_belong() -> None:
    kept = '<gmd:contentInfo xmlns:gmd="http://www.isotc211.org/2005/gmd"><gmd:A></gmd:A></gmd:contentInfo>'
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><gmd:contentInfo xmlns:gmd="http://www.isotc211.org/2005/gmd">&b;</gmd:contentInfo>'
    dataset = Dataset(
        identifier="1", title={"en": "t"}, extra={"contentInfo": [kept, bomb, "<", "<x/>", 5], "identificationInfo/x": [kept]}
    )
    written = iso_19139.write(dataset)
    assert written.count(b"contentInfo>") == 2 and b"ENTITY" not in written
    assert iso_19139.read(written).extra == {"contentInfo": [kept]}
    assert b"contentInfo" not in iso_19115_3.write(dataset)


def test_properties_stand_in_the_order_of_the_schema() -> None:
    root = etree.fromstring(iso_19139.write(RICH))
    names = [etree.QName(each).localname for each in root]
    assert names.index("dateStamp") < names.index("locale") < names.index("identificationInfo") < names.index("dataQualityInfo")
    resource = root.find(".//{*}MD_DataIdentification")
    inner = [etree.QName(each).localname for each in resource]
    assert inner.index("aggregationInfo") < inner.index("language") < inner.index("topicCategory") < inner.index("extent")
