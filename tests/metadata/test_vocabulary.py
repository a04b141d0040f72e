"""Words find their terms: real spellings, crosswalks, and every code against the official tables."""

import csv
import json
import re
import timeit
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata import vocabulary
from metadata.model import Coded
from metadata.vocabulary import SCHEMES, format_of, interval_days, is_open, language_tag, look_up, term, terms

EU = "http://publications.europa.eu/resource/authority/"

FREQUENCIES = {
    "UPDATE_CONT": ["实时", "實時更新", "real-time", "R/PT1S", "continual", "Continuously updated"],
    "HOURLY": ["每小时", "每小時", "hourly", "R/PT1H", "PT1H"],
    "DAILY": ["每日", "每天", "日", "daily", "R/P1D", "ＤＡＩＬＹ", "every day", "http://purl.org/cld/freq/daily"],
    "WEEKLY_2": ["每周两次", "semi-weekly", "semiweekly", "R/P3.5D"],
    "WEEKLY": ["每周", "每週", "weekly", "R/P1W", "R/P7D"],
    "BIWEEKLY": ["双周", "每两周", "fortnightly", "biweekly", "R/P2W"],
    "MONTHLY_2": ["半月", "semimonthly", "R/P0.5M"],
    "MONTHLY": ["每月", "月度", "按月", "monthly", "R/P1M", "Monthly ", "每個月"],
    "BIMONTHLY": ["每两个月", "bimonthly", "R/P2M"],
    "QUARTERLY": ["每季度", "季", "每季", "quarterly", "R/P3M", "P3M"],
    "ANNUAL_3": ["每年三次", "R/P4M"],
    "ANNUAL_2": ["每半年", "半年", "semiannual", "semi-annual", "biannually", "R/P6M"],
    "ANNUAL": ["每年", "年度", "年", "annually", "yearly", "annual", "R/P1Y", "Ｒ/Ｐ１Ｙ", "r/p1y", "P12M", "每年更新"],
    "BIENNIAL": ["每两年", "biennial", "biennially", "R/P2Y"],
    "DECENNIAL": ["每十年", "R/P10Y"],
    "IRREG": ["不定期", "irregular", "asNeeded", "as needed", "按需更新"],
    "NEVER": ["不更新", "notPlanned", "never", "一次性"],
    "UNKNOWN": ["unknown", "未知"],
}


@pytest.mark.parametrize(("code", "spellings"), FREQUENCIES.items())
def test_frequency_is_found_by_the_words_that_sources_use(code: str, spellings: list[str]) -> None:
    for word in [*spellings, code, f"{EU}frequency/{code}", f"{EU}frequency/{code}/"]:
        assert look_up("frequency", word).code == code, word


def test_frequency_crosswalks() -> None:
    monthly = term("frequency", "MONTHLY")
    assert monthly is not None
    expected = {"eu": "MONTHLY", "dcat-us-1.1": "R/P1M", "dcat-us-3": "monthly", "cn-2017": "每月"}
    assert expected.items() <= monthly.names.items()
    for each in terms("frequency"):
        for crosswalk in ("eu", "dcat-us-1.1"):
            spelling = each.names.get(crosswalk)
            found = term("frequency", look_up("frequency", spelling).code) if spelling else each
            assert found is not None
            assert found.names.get(crosswalk) == spelling, (each.code, crosswalk)


def test_interval_in_days() -> None:
    assert interval_days("DAILY") == 1
    assert interval_days("ANNUAL") == pytest.approx(365.25)
    assert interval_days("IRREG") is None
    assert interval_days("NEVER") is None
    assert interval_days("no such code") is None
    lengths = [days for each in terms("frequency") if (days := each.days) is not None]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize(
    ("words", "code", "media_type"),
    [
        (("CSV文件", None, None), "CSV", "text/csv"),
        ((".csv", None, None), "CSV", "text/csv"),
        (("Zipped CSV", None, None), "CSV", "text/csv"),
        (("Excel (.xlsx)", None, None), "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (("xls, xlsx", None, None), "XLS", "application/vnd.ms-excel"),
        (("電子表格", None, None), "XLS", "application/vnd.ms-excel"),
        (("ＧｅｏＪＳＯＮ", None, None), "GEOJSON", "application/geo+json"),
        (("application/vnd.geo+json", None, None), "GEOJSON", "application/geo+json"),
        (("ArcGIS GeoServices REST API", None, None), "ESRI_REST", None),
        (("OGC WMS", "application/vnd.ogc.wms_xml", None), "WMS_SRVC", "application/vnd.ogc.wms_xml"),
        (("API", None, None), "REST", None),
        (("服务接口", None, None), "REST", None),
        (("库表", None, None), "DATABASE", None),
        (("OFD", None, None), "OFD", None),
        (("Web Page", "text/html", None), "HTML", "text/html"),
        ((f"{EU}file-type/SHP", None, None), "SHP", None),
        ((None, "text/CSV; charset=utf-8", None), "CSV", "text/csv"),
        ((None, "https://www.iana.org/assignments/media-types/application/json", None), "JSON", "application/json"),
        ((None, None, "https://example.org/a/b.XLSX?x=1.csv"), "XLSX", None),
        ((None, None, "https://example.org/geoserver/ows?SERVICE=WFS&request=GetCapabilities"), "WFS_SRVC", None),
        ((None, None, "https://example.org/arcgis/rest/services/Roads/MapServer/3"), "ESRI_REST", None),
        ((None, "application/octet-stream", "https://example.org/a.zip"), "ZIP", "application/octet-stream"),
        (("image/tiff", None, None), "TIFF", "image/tiff"),
    ],
)
def test_format_from_word_media_type_or_address(
    words: tuple[str | None, str | None, str | None], code: str, media_type: str | None
) -> None:
    found, kind = format_of(*words)
    assert found is not None
    assert (found.scheme, found.code) == ("format", code)
    assert media_type is None or kind == media_type


def test_format_nobody_knows() -> None:
    assert format_of(None) == (None, None)
    assert format_of("  ", "", "https://example.org/") == (None, None)
    assert format_of(None, "application/unknown", None)[1] is None
    assert format_of(None, None, "http://[bad") == (None, None)
    found, kind = format_of("达索格式", "application/x-odd")
    assert found == Coded(raw="达索格式", label={"und": "达索格式"})
    assert kind == "application/x-odd"


@pytest.mark.parametrize(
    ("raw", "tag"),
    [
        ("zh", "zh"),
        ("ZHO", "zh"),
        ("chi", "zh"),
        ("Chinese", "zh"),
        ("中文", "zh"),
        ("zh_cn", "zh-CN"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("繁體中文", "zh-Hant"),
        ("Chinese (Simplified)", "zh-Hans"),
        ("en-US", "en-US"),
        ("英语", "en"),
        ("法文", "fr"),
        ("fre", "fr"),
        ("Français", "fr"),
        ("SPA", "es"),
        ("Deutsch", "de"),
        (f"{EU}language/ENG", "en"),
        ("http://lexvo.org/id/iso639-3/deu", "de"),
        ("http://id.loc.gov/vocabulary/iso639-1/es", "es"),
        ("xx", None),
        ("", None),
        ("no such language", None),
    ],
)
def test_language_tags(raw: str, tag: str | None) -> None:
    assert language_tag(raw) == tag
    assert bool(look_up("language", raw).scheme) == (tag is not None)


def test_language_knows_its_address_in_the_eu_table() -> None:
    assert look_up("language", "en-US").uri == f"{EU}language/ENG"
    assert look_up("language", "zh-Hant-HK").code == "zh-Hant"


@pytest.mark.parametrize(
    ("raw", "code", "free"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", True),
        ("http://creativecommons.org/licenses/by/4.0", "CC-BY-4.0", True),
        ("http://www.creativecommons.org/licenses/by/4.0/legalcode", "CC-BY-4.0", True),
        ("https://creativecommons.org/licenses/by/4.0/deed.zh", "CC-BY-4.0", True),
        ("CC BY 4.0", "CC-BY-4.0", True),
        ("cc-by-4.0", "CC-BY-4.0", True),
        ("https://spdx.org/licenses/CC-BY-4.0", "CC-BY-4.0", True),
        ("https://creativecommons.org/licenses/by-nc-sa/3.0/us/", "CC-BY-NC-SA-3.0", False),
        ("cc-by", "CC-BY", True),
        ("cc-zero", "CC0-1.0", True),
        ("http://www.opendefinition.org/licenses/cc-zero", "CC0-1.0", True),
        ("http://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0-1.0", True),
        ("知識共享署名 4.0", "CC-BY-4.0", True),
        ("Open Data Commons Open Database License (ODbL)", "ODbL-1.0", True),
        ("http://opendatacommons.org/licenses/pddl/1.0/", "PDDL-1.0", True),
        ("uk-ogl", "OGL-UK-3.0", True),
        ("http://www.usa.gov/publicdomain/label/1.0/", "us-pd", True),
        ("https://www.usa.gov/government-works", "us-pd", True),
        ("公共数据开放授权许可", "CN-GOV-OPEN", True),
        ("other-closed", "other-closed", False),
        ("notspecified", "notspecified", None),
        (f"{EU}licence/CC_BY_4_0", "CC-BY-4.0", True),
    ],
)
def test_licences(raw: str, code: str, free: bool | None) -> None:
    found = look_up("licence", raw)
    assert found.code == code
    assert is_open(found) is free


def test_licence_that_is_a_text_is_kept_as_it_is() -> None:
    words = "No person shall sell, give, reproduce. " * 20
    assert look_up("licence", words) == Coded(raw=words, label={"und": words.strip()})
    assert is_open(look_up("licence", words)) is None
    assert is_open(None) is None


@pytest.mark.parametrize(
    ("scheme", "raw", "code"),
    [
        ("theme", "交通运输", "TRAN"),
        ("theme", "交通運輸", "TRAN"),
        ("theme", "Transportation", "TRAN"),
        ("theme", "医疗卫生", "HEAL"),
        ("theme", "生态环境", "ENVI"),
        ("theme", "climatologyMeteorologyAtmosphere", "ENVI"),
        ("theme", "planningCadastre", "REGI"),
        ("theme", "财税金融", "ECON"),
        ("theme", "公安、安全、司法", "JUST"),
        ("theme", f"{EU}data-theme/GOVE", "GOVE"),
        ("access-right", "public", "PUBLIC"),
        ("access-right", "restricted public", "RESTRICTED"),
        ("access-right", "non-public", "NON_PUBLIC"),
        ("access-right", "有条件开放", "RESTRICTED"),
        ("access-right", "不予開放", "NON_PUBLIC"),
    ],
)
def test_themes_and_access_rights(scheme: str, raw: str, code: str) -> None:
    found = look_up(scheme, raw)
    assert (found.scheme, found.code, found.raw) == (scheme, code, raw)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_term_is_found_by_its_code_its_address_and_its_labels(scheme: str) -> None:
    listed = terms(scheme)
    assert len({each.code for each in listed}) == len(listed)
    for each in listed:
        found = look_up(scheme, each.code)
        assert found == Coded(scheme=scheme, code=each.code, uri=each.uri, label=each.label, raw=each.code)
        assert set(each.label) == {"zh", "en"} or scheme == "licence"
        for word in (each.uri, each.label["en"]):
            by_word = term(scheme, look_up(scheme, word).code) if word else each
            assert by_word is not None
            assert by_word.uri == each.uri or by_word.label["en"] == each.label["en"], word


@given(st.text(max_size=60))
def test_any_string_can_be_asked(raw: str) -> None:
    for scheme in SCHEMES:
        found = look_up(scheme, raw)
        assert found.raw == raw
        assert found.scheme in ("", scheme)
        assert bool(found.code) == bool(found.scheme)
    language_tag(raw)
    format_of(raw, raw, raw)


def test_values_survive_encoding() -> None:
    for scheme in SCHEMES:
        for each in terms(scheme):
            value = look_up(scheme, each.code)
            assert msgspec.json.decode(msgspec.json.encode(value), type=Coded) == value


def test_a_list_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="the lists are frequency"):
        terms("colour")
    assert term("frequency", "monthly") is None


def test_look_up_is_cheap_when_a_word_comes_again() -> None:
    look_up("frequency", "R/P1Y")
    best = min(timeit.repeat(lambda: look_up("frequency", "R/P1Y"), number=2000, repeat=15)) / 2000
    assert best < 2e-6


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.reader(lines) if row]


def _addresses(scheme: str) -> set[str]:
    return {each.uri for each in terms(scheme) if each.uri}


def test_file_types_are_those_of_the_eu_table(official: Path) -> None:
    table = {row[0] for row in _rows(official / "mqa/ckan-mqa/ckan2mqa/assets/vocabs/file-types.csv")}
    assert _addresses("format") <= table
    missing = {address.rsplit("/", 1)[1] for address in table - _addresses("format")}
    assert {"CSV", "SHP", "WMS_SRVC", "RDF_TURTLE", "ODS"} & missing == set()
    assert len(_addresses("format")) > 120


def test_licences_are_those_of_the_eu_table_and_of_spdx(official: Path) -> None:
    table = {row[1] for row in _rows(official / "mqa/ckan-mqa/ckan2mqa/assets/vocabs/licenses.csv") if len(row) > 1}
    listed = json.loads((official / "spdx/spdx-licenses-min.json").read_bytes())
    spdx = set(re.findall(r'"([A-Za-z0-9.+-]+)"', json.dumps(listed)))
    for each in terms("licence"):
        assert each.names.get("eu", "CC0") in table, each.code
        assert each.names.get("spdx", "MIT") in spdx, each.code


@pytest.mark.parametrize(
    ("scheme", "file"),
    [
        ("frequency", "frequencies-skos.rdf"),
        ("theme", "data-theme-skos.rdf"),
    ],
)
def test_codes_are_those_of_the_eu_table(official: Path, scheme: str, file: str) -> None:
    folder = official / "eu-vocabularies/piveau-shacl-validator/src/main/resources/rdf"
    authority = {"frequency": "frequency", "theme": "data-theme"}[scheme]
    table = set(re.findall(rf"{re.escape(EU)}{authority}/[A-Z0-9_]+", (folder / file).read_text(encoding="utf-8")))
    assert len(table) >= 13
    assert table <= _addresses(scheme)


def test_real_words_of_dcat_us_catalogues_are_known(corpora: Path) -> None:
    said: dict[str, list[str]] = {"frequency": [], "access-right": [], "format": []}
    for path in sorted((corpora / "dcatus/federal-agencies-2025").rglob("*.json")):
        for record in json.loads(path.read_bytes()).get("dataset", []):
            said["frequency"].append(record.get("accrualPeriodicity"))
            said["access-right"].append(record.get("accessLevel"))
            said["format"] += [way.get("mediaType") for way in record.get("distribution") or []]
    for scheme, words in said.items():
        real = [word for word in words if isinstance(word, str) and word.strip()]
        known = [word for word in real if look_up(scheme, word).scheme]
        assert len(real) > 100
        assert len(known) >= 0.99 * len(real), {word for word in real if word not in known}


def test_the_files_are_one_term_a_line() -> None:
    for scheme in SCHEMES:
        lines = Path(vocabulary.__file__).with_name("vocabulary").joinpath(f"{scheme}.json").read_text("utf-8").splitlines()
        assert len(lines) == len(terms(scheme)) + 2
