"""DCAT-US 1.1 written: what is read, written and read again is the same."""

from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.model import Coded, Dataset, Distribution, Openness
from standards.dcat_us_1_1 import NON_FEDERAL, catalog, read, write
from tests.standards.records import GOOD


def _errors(body: Any) -> list[str]:
    assert NON_FEDERAL.check is not None
    return [finding.rule for finding in NON_FEDERAL.check(body) if finding.severity == "error"]


def test_values_from_elsewhere_are_spelt_as_dcat_us_does() -> None:
    dataset = Dataset(
        identifier="1",
        title={"zh": "公交站点", "en": "Bus stops"},
        accrual_periodicity=Coded(scheme="frequency", code="MONTHLY", raw="每月"),
        access_rights=Coded(scheme="access-right", code="NON_PUBLIC", raw="NON_PUBLIC"),
        distribution=(
            Distribution(download_url="https://a.example/x", license=Coded(scheme="licence", uri="https://l.example/")),
        ),
        language=("en",),
    )
    written = write(dataset)
    assert written["title"] == "Bus stops"
    assert written["accrualPeriodicity"] == "R/P1M"
    assert written["accessLevel"] == "non-public"
    assert written["license"] == "https://l.example/"
    assert written["distribution"][0]["mediaType"] == "application/octet-stream"


def test_openness_is_the_access_level_where_nothing_else_is() -> None:
    assert (
        write(Dataset(identifier="1", title={"en": "t"}, openness=Openness(kind="conditional")))["accessLevel"]
        == "restricted public"
    )


def test_a_catalogue_streams() -> None:
    def endless() -> Any:
        while True:
            yield write(read(GOOD))

    pieces = list(islice(catalog(endless()), 5))
    assert len(pieces) == 5 and b'"dcat:Catalog"' in pieces[0]
    document = orjson.loads(b"".join(catalog([write(read(GOOD))] * 2)))
    assert document["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert document["dataset"] == [GOOD, GOOD]
    assert orjson.loads(b"".join(catalog([])))["dataset"] == []


_WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\n,;|、，；", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
)
_STRIPPED = _WORDS.map(str.strip).filter(bool)
_URL = st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9]{0,9}", fullmatch=True)
_DAY = st.dates().map(lambda day: day.isoformat())
_MEDIA_TYPE = st.sampled_from(["text/csv", "application/json", "application/pdf", "application/x-unknown"])
_ORGANIZATION = st.recursive(
    st.fixed_dictionaries({"name": _STRIPPED}),
    lambda inner: st.fixed_dictionaries({"name": _STRIPPED, "subOrganizationOf": inner}),
    max_leaves=3,
)
_DISTRIBUTION = st.one_of(
    st.fixed_dictionaries(
        {"downloadURL": _URL, "mediaType": _MEDIA_TYPE}, optional={"title": _STRIPPED, "format": _STRIPPED, "describedBy": _URL}
    ),
    st.fixed_dictionaries({"accessURL": _URL}, optional={"description": _STRIPPED, "format": _STRIPPED, "conformsTo": _URL}),
)
_RECORD = st.fixed_dictionaries(
    {
        "identifier": _STRIPPED,
        "title": _STRIPPED,
        "description": _STRIPPED,
        "publisher": _ORGANIZATION,
        "contactPoint": st.fixed_dictionaries({"fn": _STRIPPED}, optional={"hasEmail": st.just("mailto:jo@city.example")}),
        "accessLevel": st.sampled_from(["public", "restricted public", "non-public"]),
    },
    optional={
        "keyword": st.lists(_STRIPPED, min_size=1, max_size=4, unique=True),
        "modified": st.one_of(
            _DAY, st.sampled_from(["R/P1M", "P17D", "R5/P1Y", "2016", "2016-04-14T09:00:00+08:00", "2016-W15"])
        ),
        "issued": _DAY,
        "license": st.one_of(_URL, st.just("https://creativecommons.org/licenses/by/4.0/")),
        "rights": _STRIPPED,
        "spatial": st.one_of(_STRIPPED, st.just("-90,40.5,-89,41"), st.just('{"type":"Point","coordinates":[1,2]}')),
        "temporal": st.one_of(
            st.tuples(_DAY, _DAY).map("/".join), st.sampled_from(["2015/P1Y", "R/P1Y/2016-01-01", "2015-W01/2016"])
        ),
        "accrualPeriodicity": st.sampled_from(["irregular", "R/P1M", "R/P0.5Y", "R/P2W"]),
        "language": st.lists(st.sampled_from(["en", "es-MX", "zh-Hant"]), min_size=1, max_size=2, unique=True),
        "theme": st.lists(_STRIPPED, min_size=1, max_size=3, unique=True),
        "references": st.lists(_URL, min_size=1, max_size=3, unique=True),
        "distribution": st.lists(_DISTRIBUTION, max_size=3),
        "landingPage": _URL,
        "isPartOf": _STRIPPED,
        "dataQuality": st.booleans(),
        "bureauCode": st.just(["015:11"]),
        "custom": st.dictionaries(_WORDS, st.integers(0, 9), max_size=2),
    },
)


@settings(max_examples=150, deadline=None)
@given(_RECORD)
def test_what_is_written_reads_the_same(record: dict[str, Any]) -> None:
    dataset = read(record)
    written = write(dataset)
    assert read(written) == dataset
    assert _said(record) == {name: value for name, value in _said(written).items() if name in _said(record)}


@settings(max_examples=150, deadline=None)
@given(_RECORD)
def test_a_valid_record_is_written_valid(record: dict[str, Any]) -> None:
    if not _errors(record):
        assert _errors(write(read(record))) == []


def _said(value: Any) -> Any:
    """What a record says, apart from blanks, nulls, the order of keywords and the types one may leave out."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if each not in (None, "", []) and key not in ("@type", "mediaType")}
        return {key: sorted(each) if key == "keyword" else _said(each) for key, each in kept.items()}
    if isinstance(value, list):
        return [_said(each) for each in value]
    return value.strip() if isinstance(value, str) else value


def test_real_records_keep_what_they_say(corpora: Path) -> None:
    """Every 40th of the bulk records: written again they are no less valid, and say the same."""
    lost: list[tuple[int, str]] = []
    with (corpora / "bulk-dcatus" / "geobtaa-distinct-dev.jsonl").open("rb") as lines:
        for number, line in enumerate(islice(lines, 0, None, 40)):
            record = {name: value for name, value in orjson.loads(line).items() if not name.startswith("_")}
            dataset = read(record)
            written = write(dataset)
            if not _errors(record):
                assert read(written) == dataset
                assert not _errors(written)
                lost += [(number, name) for name in _said(record) if not _same(name, record[name], written.get(name))]
    assert lost == []


def _same(name: str, before: Any, after: Any) -> bool:
    if name == "keyword":
        return {word.strip() for word in before} == set(after)
    if name in ("modified", "issued"):
        return bool(str(before).replace(" ", "T") == after)
    return bool(_said(before) == _said(after))
