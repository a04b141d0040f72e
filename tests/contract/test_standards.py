"""Every standard that is registered, through one suite: what DESIGN's seam promises of a `Standard`."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import standards
from metadata.errors import NotFound
from metadata.model import Agent, Coded, Contact, Dataset, Distribution, Openness, Period, Place, decode, encode
from standards import rdf, xml_documents
from standards.base import Rule, Standard, Unreadable
from standards.table import STANDARDS, detect, explain, get, rule

NAMES = list(STANDARDS)
_ODD_VALUES: list[Any] = [
    None, True, 0, -1.5, float("nan"), 10**400, "", "text", "\ud800",
    "\x00", b"", b"bytes", [], [None], [[]], {}, {"": ""}, {"a": {}},
    {1: 2}, {"title": None}, {"title": ""}, {"title": 300.21}, {"title": "t"}, {"title": {"en": "t"}}, {"name": "n",
    "title": "t"},
    {"@graph": []}, {"@type": []}, {"@type": "dcat:Dataset", "title": ["t"]}, {"@context": {}, "@type": "Dataset", "name": "n"},
    {"resources": "x", "name": "n"}, {"title": "t", "distribution": [None, 5, {}, []]}, {"title": "t", "keyword": "a, b"},
    {"title": "t", "description": "x" * 65_280}, "<html></html>", "@prefix dcat: <http://www.w3.org/ns/dcat#> .", "<rdf:RDF/>",
]  # fmt: skip
_FULL = Dataset(
    identifier="a/b?c#d",
    title={"zh": "公交站点", "en": "Bus stops <&>"},
    description={"zh": "全市公交站点", "en": "Every stop\nof the city"},
    publisher=Agent(name={"zh": "交通局"}, code="11110000000000000X", parent=Agent(name={"zh": "市政府"})),
    contact_point=(Contact(name={"en": "Jo"}, email="jo@city.example", phone="+1 2"),),
    keyword={"zh": ("公交",), "en": ("bus", "stop")},
    theme=(Coded(scheme="theme", code="TRAN", label={"en": "Transport"}), Coded(raw="other", label={"und": "other"})),
    issued="2019",
    modified="2024-05-03T08:00:00+08:00",
    accrual_periodicity=Coded(scheme="frequency", code="MONTHLY", raw="每月"),
    language=("zh", "en"),
    spatial=(Place(box=(-10.0, 50.0, -9.0, 51.0)), Place(name={"zh": "湖北"}), Place(raw="somewhere")),
    temporal=(Period(start="2019-01-01", end="2020-01-01"), Period(start="2021")),
    access_rights=Coded(scheme="access-right", code="PUBLIC"),
    license=Coded(scheme="licence", code="CC-BY-4.0", uri="https://creativecommons.org/licenses/by/4.0/"),
    landing_page="https://city.example/stops",
    openness=Openness(kind="open"),
    distribution=(
        Distribution(title={"en": "Table"}, download_url="https://city.example/stops.csv", media_type="text/csv", byte_size=12),
        Distribution(access_url="https://city.example/a path/站点", format=Coded(raw="odd", label={"und": "odd"})),
    ),
    extra={"custom": {"deep": [1, None, "x"]}, "": 0},
)
_DATASETS = [Dataset(identifier="1", title={"und": "t"}), Dataset(identifier="", title={"en": "t"}), _FULL]


READING = [name for name in NAMES if get(name).read]
CHECKING = [name for name in NAMES if get(name).check]
WRITING = [name for name in NAMES if get(name).write]


@pytest.fixture(params=NAMES)
def standard(request: pytest.FixtureRequest) -> Standard:
    return get(request.param)


def test_is_named_as_registered_and_titled_in_both_languages(standard: Standard) -> None:
    assert STANDARDS.get(standard.name) is standard
    assert standard.title["zh"] and standard.title["en"]
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", standard.media_type) and standard.version
    assert standard.read or standard.write


def test_recognises_never_raises(standard: Standard) -> None:
    for value in _ODD_VALUES:
        assert standard.recognises(value) in (True, False)


@pytest.mark.parametrize("standard", READING, indirect=True)
def test_read_raises_nothing_but_unreadable(standard: Standard) -> None:
    assert standard.read is not None
    for value in _ODD_VALUES:
        _reads_or_says_why(standard, value)


def _reads_or_says_why(standard: Standard, value: Any) -> None:
    assert standard.read is not None
    try:
        found: Dataset | Unreadable = standard.read(value)
    except Unreadable as unreadable:
        found = unreadable
    if isinstance(found, Unreadable):
        assert found.finding.rule in standard.rules and found.finding.severity == "error"
    else:
        assert any(found.title.values()) and decode(encode(found)).title == found.title


@pytest.mark.parametrize("standard", CHECKING, indirect=True)
def test_check_never_raises_and_every_finding_is_in_words(standard: Standard) -> None:
    assert standard.check is not None
    for value in _ODD_VALUES:
        for finding in standard.check(value):
            known = standard.rules[finding.rule]
            assert finding.severity == known.severity and finding.message == known.message
            assert finding.message["zh"] and finding.message["en"] and finding.fix["zh"] and finding.fix["en"]
            assert len(finding.value) <= 200 and "\x00" not in finding.value
            assert finding.path == "" or finding.path.startswith("/")


@pytest.mark.parametrize("standard", WRITING, indirect=True)
def test_what_is_written_can_be_sent(standard: Standard) -> None:
    assert standard.write is not None
    for dataset in _DATASETS:
        written = standard.write(dataset)
        if standard.media_type == "text/turtle":
            assert rdf.serialise(written, "turtle").startswith(b"@prefix")
        elif standard.form == "xml":
            assert xml_documents.parse(written) is not None
        else:
            assert orjson.loads(orjson.dumps(written)) == written and written


@pytest.mark.parametrize("standard", [name for name in READING if name in WRITING], indirect=True)
def test_what_it_writes_it_recognises_and_reads(standard: Standard) -> None:
    assert standard.write is not None and standard.read is not None
    written = standard.write(_FULL)
    found = standard.read(written)
    assert found.title and set(found.title.values()) <= set(_FULL.title.values())
    assert _FULL.identifier in (found.identifier, *found.other_identifier)
    assert len(found.distribution) == 2


def test_rules_have_words_in_both_languages(standard: Standard) -> None:
    for rule_id, words in standard.rules.items():
        assert isinstance(words, Rule) and words.id == rule_id
        assert words.message["zh"] and words.message["en"] and words.fix["zh"] and words.fix["en"], rule_id
        assert re.search(r"[\u4e00-\u9fff]", words.message["zh"] + words.fix["zh"]), f"{rule_id}: the Chinese is not Chinese"
        assert words.severity in ("error", "warning", "info") and rule(rule_id) == words


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["title", "name", "description", "keyword", "tags", "resources", "distribution", "extras",
            "publisher",
                             "contactPoint", "organization", "spatial", "temporal", "license", "url", "format", "@type", "x"]),
            inner, max_size=5),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_JSON)
def test_no_json_makes_any_standard_raise(body: Any) -> None:
    for standard in STANDARDS.values():
        standard.recognises(body)
        for finding in standard.check(body) if standard.check else ():
            assert finding.rule in standard.rules
        if standard.read:
            _reads_or_says_why(standard, body)


# --- the table -----------------------------------------------------------------------------------------------------------

_DCAT_US = {"@type": "dcat:Dataset", "title": "t", "accessLevel": "public"}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (_DCAT_US, "dcat_us_1_1_non_federal"),
        ({**_DCAT_US, "bureauCode": ["015:11"]}, "dcat_us_1_1"),
        ({**_DCAT_US, "programCode": None}, "dcat_us_1_1"),
        ({"id": "1", "name": "n", "title": "t", "resources": [], "tags": []}, "ckan"),
        (None, None), ({}, None), ([], None), ("words", None), ({"title": "t"}, None),
    ],
)  # fmt: skip
def test_detect(body: Any, name: str | None) -> None:
    found = detect(body)
    assert (found and found.name) == name


def test_an_unknown_standard_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="dcat_us_1_1_non_federal"):
        get("dcat_us_2")


def test_a_stored_finding_gets_its_words_again() -> None:
    finding = explain("dcat-us-1.1/title/required", "/title", "", "error")
    assert finding.message == get("dcat_us_1_1").rules["dcat-us-1.1/title/required"].message
    assert finding.clause.endswith("#title") and finding.fix["zh"]
    gone = explain("dcat-us-1.1/no/such", "/x", "v", "warning")
    assert (gone.rule, gone.path, gone.value, gone.severity, gone.message) == ("dcat-us-1.1/no/such", "/x", "v", "warning", {})


def test_rule_ids_belong_to_one_standard() -> None:
    """Two standards may share a rule only when it is the same rule."""
    seen: dict[str, Rule] = {}
    for standard in STANDARDS.values():
        for rule_id, words in standard.rules.items():
            assert seen.setdefault(rule_id, words) == words


def test_standards_stay_apart() -> None:
    """A file of one standard imports no file of another (DESIGN §3)."""
    names = sorted({_family(file.stem) for file in _FOLDER.glob("*.py")} & {"ckan", "dcat_us_1_1", "dcat_ap_3", "schema_org"})
    assert names == ["ckan", "dcat_ap_3", "dcat_us_1_1", "schema_org"]
    for file in _FOLDER.glob("*.py"):
        for other in re.findall(r"^\s*(?:from|import) standards\.(\w+)", file.read_text("utf-8"), re.MULTILINE):
            apart = _family(other) in names and _family(other) != _family(file.stem)
            assert not apart, f"{file.name} imports {other}"


_FOLDER = Path(standards.__file__).parent


def _family(stem: str) -> str:
    """The standard a file belongs to: `dcat_us_1_1_read` → `dcat_us_1_1`."""
    return next((name for name in ("dcat_us_1_1", "dcat_ap_3", "schema_org", "ckan") if stem.startswith(name)), stem)
