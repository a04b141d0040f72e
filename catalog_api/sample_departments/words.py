"""Words, codes and boxes that all sample departments share: themes, areas, licences, formats, frequencies.

Format and media type names are IANA's, repeating intervals are ISO 8601-2 as DCAT-US 1.1 wants them, licences are
named as CKAN names them. The city and its districts are invented; the boxes are near 123.4° E, 41.8° N.
"""

from catalog_api.sample_departments.seeds import Box, Row, Seed
from metadata.text import Text

CITY: Text = {"zh": "明川市", "en": "Mingchuan City", "zh-Hant": "明川市"}
GOVERNMENT: Text = {
    "zh": "明川市人民政府",
    "en": "Mingchuan City Government",
    "zh-Hant": "明川市人民政府",
}

AREAS: dict[str, tuple[Text, Box]] = {
    "city": (CITY, (122.91, 41.39, 123.98, 42.17)),
    "old": ({"zh": "鼓楼区", "en": "Gulou District"}, (123.38, 41.76, 123.46, 41.82)),
    "river": ({"zh": "清河区", "en": "Qinghe District"}, (123.28, 41.70, 123.40, 41.79)),
    "north": ({"zh": "北陵区", "en": "Beiling District"}, (123.36, 41.82, 123.52, 41.95)),
    "lake": ({"zh": "镜湖区", "en": "Jinghu District"}, (123.46, 41.66, 123.61, 41.78)),
    "hills": ({"zh": "东山县", "en": "Dongshan County"}, (123.60, 41.62, 123.98, 41.93)),
    "bay": (
        {"zh": "灣區", "en": "the Bay Area", "zh-Hant": "明川灣區"},
        (122.91, 41.39, 123.12, 41.55),
    ),
}

THEMES: dict[str, Text] = {
    "transport": {"zh": "交通运输", "en": "Transport"},
    "health": {"zh": "卫生健康", "en": "Health"},
    "education": {"zh": "教育科技", "en": "Education"},
    "environment": {"zh": "生态环境", "en": "Environment"},
    "housing": {"zh": "城建住房", "en": "Housing"},
    "economy": {"zh": "经济建设", "en": "Economy"},
    "market": {"zh": "市场监管", "en": "Market supervision"},
    "culture": {"zh": "文化旅游", "en": "Culture and tourism", "zh-Hant": "文化旅遊"},
    "society": {"zh": "社会民生", "en": "Society", "zh-Hant": "社會民生"},
    "safety": {"zh": "安全生产", "en": "Public safety"},
    "water": {"zh": "资源能源", "en": "Water and energy"},
    "weather": {"zh": "气象服务", "en": "Weather"},
    "farming": {"zh": "农业农村", "en": "Agriculture"},
    "government": {"zh": "机构团体", "en": "Government"},
}

FREQUENCY_WORDS: dict[str, Text] = {
    "RT": {"zh": "实时", "en": "in real time", "zh-Hant": "即時"},
    "H": {"zh": "每小时", "en": "hourly", "zh-Hant": "每小時"},
    "D": {"zh": "每日", "en": "daily"},
    "W": {"zh": "每周", "en": "weekly", "zh-Hant": "每週"},
    "M": {"zh": "每月", "en": "monthly"},
    "Q": {"zh": "每季度", "en": "quarterly"},
    "S": {"zh": "每半年", "en": "twice a year"},
    "Y": {"zh": "每年", "en": "yearly"},
    "I": {"zh": "不定期", "en": "irregularly"},
    "N": {"zh": "不更新", "en": "once"},
}

INTERVALS: dict[str, str] = {
    "RT": "R/PT1S",
    "H": "R/PT1H",
    "D": "R/P1D",
    "W": "R/P1W",
    "M": "R/P1M",
    "Q": "R/P3M",
    "S": "R/P6M",
    "Y": "R/P1Y",
    "I": "irregular",
}

# How DCAT-US 1.1 names the access level, the EU's access right, and why.
ACCESS: dict[str, tuple[str, str, Text]] = {
    "restricted": (
        "restricted public",
        "http://publications.europa.eu/resource/authority/access-right/RESTRICTED",
        {
            "zh": "申请使用，须签订数据利用协议。",
            "en": "On request, with a signed agreement.",
            "zh-Hant": "申請使用，須簽訂資料使用協議。",
        },
    ),
    "closed": (
        "non-public",
        "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC",
        {
            "zh": "涉及个人或公共安全，仅限部门之间共享。",
            "en": "Touches persons or public safety; shared between departments only.",
            "zh-Hant": "涉及個人或公共安全，只供部門之間共用。",
        },
    ),
}

# Name shown, media type (none where the link is no file), ending of the file.
FORMATS: dict[str, tuple[str, str | None, str]] = {
    "csv": ("CSV", "text/csv", "csv"),
    "json": ("JSON", "application/json", "json"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "xls": ("XLS", "application/vnd.ms-excel", "xls"),
    "xml": ("XML", "application/xml", "xml"),
    "geojson": ("GeoJSON", "application/geo+json", "geojson"),
    "shp": ("SHP", "application/zip", "shp.zip"),
    "gtfs": ("GTFS", "application/zip", "gtfs.zip"),
    "kml": ("KML", "application/vnd.google-earth.kml+xml", "kml"),
    "pdf": ("PDF", "application/pdf", "pdf"),
    "ttl": ("Turtle", "text/turtle", "ttl"),
    "nc": ("NetCDF", "application/x-netcdf", "nc"),
    "wms": ("WMS", None, "wms"),
    "api": ("API", None, "api"),
}

# Licence as CKAN names it: address, title.
LICENCES: dict[str, tuple[str, str]] = {
    "cc-by": ("https://creativecommons.org/licenses/by/4.0/", "Creative Commons Attribution 4.0"),
    "cc-zero": ("https://creativecommons.org/publicdomain/zero/1.0/", "Creative Commons CC0 1.0"),
    "odc-odbl": ("https://opendatacommons.org/licenses/odbl/1-0/", "Open Data Commons Open Database License 1.0"),
    "mingchuan": ("https://data.mingchuan.example/terms", "明川市公共数据开放利用协议"),
}


def description(seed: Seed, row: Row) -> str:
    """The note in the department's language and who keeps the data, then the other language in a paragraph of its own."""
    first = seed.language
    other = "en" if first != "en" else "zh"
    paragraphs = [paragraph(seed, row, first)]
    if row.note.get(other):
        paragraphs.append(f"{row.title[other]}{': ' if other == 'en' else '：'}{paragraph(seed, row, other)}")
    return "\n\n".join(paragraphs)


def paragraph(seed: Seed, row: Row, language: str) -> str:
    """The note in one language and a sentence about upkeep; empty when there is no note in that language."""
    note = row.note.get(language, "")
    return f"{note}{' ' if language == 'en' else ''}{upkeep(seed, row, language)}" if note else ""


def upkeep(seed: Seed, row: Row, language: str) -> str:
    """One sentence: who keeps the data, how often they are updated, which area they cover."""
    unit, often, area = row.unit.title, FREQUENCY_WORDS[row.frequency], AREAS[row.area][0]
    if language == "en":
        verb = "Published" if row.frequency == "N" else "Updated"
        return f"{verb} {often['en']} by the {unit['en']}; covers {area['en']}."
    how = often.get(language, often["zh"])
    if language == "zh-Hant":
        return f"資料由{seed.title[language]}{unit['zh']}提供，{how}更新。"
    ending = "为一次性发布，今后不再更新" if row.frequency == "N" else f"{how}更新"
    return f"数据由{seed.title['zh']}{unit['zh']}提供，{ending}，覆盖{area['zh']}。"


def keywords(seed: Seed, row: Row) -> list[str]:
    """All keywords, the department's own language first, once each."""
    order = ("en", "zh") if seed.language == "en" else ("zh", "en")
    return list(dict.fromkeys(word for language in order for word in row.keyword[language]))


def title(seed: Seed, row: Row) -> str:
    """The title in the language the department writes first."""
    return row.title.get(seed.language) or next(iter(row.title.values()))


def theme(seed: Seed, row: Row) -> str:
    """The theme's name in the department's language."""
    words = THEMES[row.theme]
    return words.get(seed.language, words["zh"])


def links(seed: Seed, row: Row) -> list[tuple[str, str, str | None, str]]:
    """`(format key, format name, media type or None, address)` of each distribution."""
    found: list[tuple[str, str, str | None, str]] = []
    for key in row.formats:
        name, media_type, ending = FORMATS[key]
        if media_type is None:
            found.append((key, name, None, f"https://{seed.domain}/{ending}/{row.name}"))
        else:
            found.append((key, name, media_type, f"https://{seed.domain}/files/{row.name}.{ending}"))
    return found


def unit_address(seed: Seed, row: Row) -> str:
    """The e-mail address of the unit, at an invented domain."""
    return f"{row.unit.name}@{seed.domain.removeprefix('data.')}"
