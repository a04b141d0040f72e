"""A made-up catalogue of a few hundred datasets, with a little of everything that can be asked for. What a plain reading of it
answers is in `tests.search.reading`."""

import random
import uuid
from typing import TypeVar

from metadata.entry import Entry
from metadata.model import (
    Agent,
    Box,
    Coded,
    DataService,
    Dataset,
    Distribution,
    InformationItem,
    Openness,
    Period,
    Place,
    Series,
    Sharing,
)
from metadata.text import Text
from metadata.vocabulary import coded

NOUNS_ZH = [
    "公共交通",
    "公交线路",
    "空气质量",
    "水质监测",
    "人口普查",
    "法人单位",
    "食物环境卫生",
    "停车场",
    "图书馆",
    "行政区划",
]
NOUNS_HANT = ["公共交通", "食物環境衞生", "臺灣地圖", "圖書館", "機場航線"]
NOUNS_EN = ["Bus routes", "Air quality", "Parking lots", "Census blocks", "Real-time traffic", "Water wells", "Zoning map"]
ELSEWHERE: list[Text] = [
    {"de": "Haltestellen der Straßenbahnen"},
    {"fr": "Qualité de l’air à Montréal"},
    {"es": "Estaciones de medición"},
    {"ru": "Качество воздуха"},
    {"ja": "バス停の一覧", "en": "Bus stops"},
    {"ko": "버스 정류장"},
    {"th": "สถานีรถไฟ"},
    {"zh": "ＧＢＴ２１０６３ 编目", "en": "Catalogue rules"},
    {"zh": "北京市空气质量监测站点数据"},
    {"zh": "2024年城市公共交通客运量", "en": "Ridership 2024"},
    {"zh": "水", "en": "Water"},
    {"zh": "细颗粒物浓度"},
    {"zh": "公交站点公共自行车"},
    {"en": "The Parks & Trails of O’Hare County"},
]
DEPARTMENTS: dict[str, Text] = {
    "transport": {"zh": "交通局", "en": "Transport Bureau"},
    "water": {"zh": "水务局", "en": "Water Authority"},
    "health": {"zh": "卫生健康委员会", "en": "Health Commission"},
    "statistics": {"zh": "统计局"},
    "waterworks": {"zh": "自来水厂", "en": "Waterworks"},
    "city": {"zh": "市人民政府", "en": "Municipality"},
}
ABOVE = {"transport": ("city",), "water": ("city",), "waterworks": ("water", "city")}
"""The departments over a department, the nearest first."""

CODES = ["GB/T 21063", "GBT21063", "PM2.5", "COVID-19", "ISO 19115"]
SENTENCES = [
    "本数据集收录全市公交站点的名称与经纬度，每月更新。",
    "資料由環境保護局提供，含細懸浮微粒濃度。",
    "按季度发布；2023年以前的数据见旧版目录。",
    "Daily counts by district, since 2015. See also: ＰＭ２．５ limits.",
    "<p>Stops &amp; places</p> of café lines.",
]
COLUMNS = [
    InformationItem(name={"zh": "站点名称", "en": "Stop name"}, code="ZDMC"),
    InformationItem(name={"zh": "经度"}, code="JD"),
    InformationItem(name={"zh": "统一社会信用代码"}, code="TYSHXYDM"),
    InformationItem(name={"en": "latitude"}, code="lat_deg"),
]
CLASSES = [("3070010", "交通运输"), ("3070021/12", "公共交通"), ("3080010", "环境保护"), ("2010010", "人口")]
REGIONS = {
    "110000": ("110000",),
    "110108": ("110108", "110000"),
    "310000": ("310000",),
    "440106": ("440106", "440100", "440000"),
}
"""Region → itself and those above it."""

REGION_NAMES = {"110000": "北京市", "110108": "海淀区", "310000": "上海市", "440106": "天河区"}
BOXES: list[Box | None] = [
    None,
    (116.0, 39.6, 116.8, 40.2),
    (121.2, 30.9, 121.9, 31.5),
    (113.1, 22.9, 113.6, 23.4),
    (116.397, 39.908, 116.397, 39.908),
    (-125.0, 24.5, -66.9, 49.4),
    (177.0, -19.2, -178.5, -16.0),
    (170.0, -50.0, -170.0, -30.0),
    (-180.0, -90.0, 180.0, 90.0),
    (179.0, 60.0, 180.0, 70.0),
    (-180.0, 60.0, -179.0, 70.0),
    (0.0, 0.0, 0.0, 0.0),
    (-10.0, -10.0, 10.0, 10.0),
]
PERIODS: list[tuple[Period, ...]] = [
    (),
    (Period(start="2019", end="2020"),),
    (Period(start="2021-03-01", end="2021-09-30"),),
    (Period(start="2022-06"),),
    (Period(end="2018"),),
    (Period(start="2015-01-01T00:00:00Z", end="2015-12-31"),),
    (Period(raw="since the war"),),
]
T = TypeVar("T")


def make(count: int = 400, seed: int = 7) -> list[Entry]:
    """So many entries, always the same ones for the same seed."""
    chance = random.Random(seed)
    return [_entry(chance, number) for number in range(count)]


def _entry(chance: random.Random, number: int) -> Entry:
    department = chance.choice([*DEPARTMENTS, None])
    return Entry(
        id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        name=f"{chance.choice(['bus', 'air', 'water', 'data'])}-{number:03}",
        identifier=f"urn:test:{number}",
        state="withheld" if chance.random() < 0.1 else "published",
        source=chance.choice(["portal-a", "portal-b", None]),
        standard=chance.choice(["dcat_us_1_1", "dcat_ap_3"]),
        organization=department,
        organization_title=DEPARTMENTS.get(department or "", {}),
        created=f"2026-05-0{chance.randint(1, 3)}T08:00:00.000000Z",
        updated=f"2026-06-0{chance.randint(1, 3)}T08:00:00.000000Z",
        sequence=number + 1,
        errors=chance.choice([0, 0, 0, 1, 4]),
        warnings=chance.choice([0, 0, 2, 9]),
        digest="",
        dataset=_dataset(chance, number),
        above=tuple((name, DEPARTMENTS[name]) for name in ABOVE.get(department or "", ())),
        use=chance.choice([0, 0, 1, 7, 7, 120, 4_000]),
    )


def _dataset(chance: random.Random, number: int) -> Dataset:
    about = " ".join(chance.sample([*NOUNS_EN, *CODES, "水", "城市。", "开放"], 4))
    words = chance.sample(["交通", "环境", "water", "Transit", "地图", "统计", "臺北"], chance.randint(0, 3))
    return Dataset(
        identifier=f"urn:test:{number}",
        title=_title(chance, number),
        description=_maybe(chance, 0.8, {"en": about}) | _maybe(chance, 0.3, {"zh": chance.choice(SENTENCES)}),
        publisher=chance.choice([None, Agent(name={"zh": "市政府", "en": "City Hall"}), Agent(name={"en": "County Office"})]),
        keyword={"und": tuple(words)} if words else {},
        theme=chance.choice(
            [(), (coded("theme", "TRAN"),), (coded("theme", "TRAN"), coded("theme", "ENVI")), (Coded(raw="Playgrounds"),)]
        ),
        classification=_class(chance),
        issued=_date(chance),
        modified=_date(chance),
        accrual_periodicity=chance.choice([None, coded("frequency", "MONTHLY"), coded("frequency", "DAILY")]),
        language=chance.choice([(), ("zh",), ("en", "zh")]),
        spatial=_spatial(chance),
        temporal=chance.choice(PERIODS),
        access_rights=chance.choice([None, coded("access-right", "PUBLIC"), coded("access-right", "RESTRICTED")]),
        license=chance.choice([None, coded("licence", "CC-BY-4.0"), coded("licence", "CC-BY-NC-4.0"), Coded(raw="Ask us")]),
        in_series=_maybe_one(chance, 0.1, Series(title={"zh": "年度统计公报"})),
        distribution=_distributions(chance),
        service=_maybe_one(chance, 0.15, DataService(title={"en": "Query service"}, endpoint_url=("https://api.example.org",))),
        information_item=tuple(chance.sample(COLUMNS, chance.randint(0, 2))),
        openness=chance.choice([None, Openness(kind="open"), Openness(kind="conditional")]),
        sharing=chance.choice([None, Sharing(kind="unconditional"), Sharing(kind="none")]),
    )


def _title(chance: random.Random, number: int) -> Text:
    noun, hant, english = chance.choice(NOUNS_ZH), chance.choice(NOUNS_HANT), chance.choice(NOUNS_EN)
    made: list[Text] = [
        {"zh": f"{noun}数据"},
        {"zh-Hant": f"{hant}資料"},
        {"en": english},
        {"zh": noun, "en": english},
        {"en": f"{english} {number % 9}"},
        chance.choice(ELSEWHERE),
    ]
    return chance.choice(made)


def _date(chance: random.Random) -> str | None:
    day = f"{chance.randint(2019, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return chance.choice([day, day[:7], day[:4], f"{day}T09:30:00Z", None, "R/P1Y"])


def _class(chance: random.Random) -> Coded | None:
    code, label = chance.choice(CLASSES)
    return chance.choice([None, Coded(scheme="cn-2017", code=code, label={"zh": label})])


def _spatial(chance: random.Random) -> tuple[Place, ...]:
    code, name = chance.choice(list(REGION_NAMES.items()))
    places = [Place(box=box)] if (box := chance.choice(BOXES)) else []
    if chance.random() < 0.4:
        places.append(Place(name={"zh": name}, code=Coded(code=code, label={"zh": name})))
    return tuple(places)


def _distributions(chance: random.Random) -> tuple[Distribution, ...]:
    table = Distribution(
        title={"en": "Table of stops"},
        format=coded("format", chance.choice(["CSV", "JSON"])),
        byte_size=chance.choice([None, 0, 2_048, 1_500_000]),
    )
    layer = Distribution(title={"zh": "矢量图层"}, format=coded("format", "GEOJSON"), byte_size=90_000_000)
    return chance.choice([(table,), (table,), (table, layer), ()])


def _maybe(chance: random.Random, share: float, words: Text) -> Text:
    return words if chance.random() < share else {}


def _maybe_one(chance: random.Random, share: float, one: T) -> tuple[T, ...]:
    return (one,) if chance.random() < share else ()
