"""Words that are asked, and which entries of the made-up catalogue have them, each said in a way of its own."""

from dataclasses import dataclass, field

from search.base import Query
from tests.search.reading import Has, both, either, everything, holds, nothing, says, without

EVERYONE = frozenset({"*"})


@dataclass(frozen=True)
class Asked:
    """A question and who has its words. `read_as`: how the words are read when nothing has them as typed. `plain`: words that
    may be anywhere, so that titles that are or have them come first. `name` makes test ids."""

    name: str
    query: Query
    has: Has = field(default=everything, repr=False)
    read_as: str = ""
    plain: bool = False


def typed(words: str, has: Has, *, read_as: str = "", plain: bool = False) -> Asked:
    """Words alone, asked by one who may see everything."""
    return Asked(words or "(empty)", Query(words=words, readers=EVERYONE), has, read_as, plain)


def anywhere(words: str, *parts: Has) -> Asked:
    """Words that may be anywhere: all of them."""
    return typed(words, both(*parts), plain=True)


def runs(words: str) -> Asked:
    """Runs of Chinese characters, parted by blanks: all of them."""
    return anywhere(words, *map(means, words.split()))


SAME = (("公交", "公共交通"), ("卫健委", "卫生健康委员会"))
"""Names that mean the same (`search/synonyms.txt`), as far as the catalogue has them."""


def means(run: str, *fields: str) -> Has:
    """Whether an entry has a run, or the same with a name for a name that means the same."""
    ways = {run}
    for one, other in SAME:
        ways |= {way.replace(one, other) for way in ways} | {way.replace(other, one) for way in ways}
    return either(*(holds(way, *fields) for way in ways))


GB = says(r"gb/?t ?21063")
PM = says(r"pm ?2\.5")
DUST = either(PM, holds("细颗粒物"), holds("细悬浮微粒"))

CHINESE = [
    *map(
        runs,
        (
            "公共交通",
            "公交线路",
            "公交",
            "交通",
            "空气质量",
            "空气",
            "质量",
            "水质监测",
            "水质",
            "监测",
            "人口普查",
            "人口",
            "普查",
            "法人单位",
            "单位",
            "食物环境卫生",
            "环境卫生",
            "停车场",
            "停车",
            "图书馆",
            "行政区划",
            "区划",
            "数据",
            "资料",
            "交通局",
            "卫健委",
            "公交数据",
            "城市公交",
            "卫生健康委员会",
            "统计局",
            "市政府",
            "水务局",
            "站点名称",
            "统一社会信用代码",
            "信用",
            "经度",
            "矢量图层",
            "年度统计公报",
            "海淀区",
            "北京市",
            "天河区",
            "环境保护",
            "旧版目录",
            "本数据集收录全市公交站点的名称与经纬度",
            "市长",
            "共交",
            "通公",
            "通数",
            "公共交通数据",
            "公共交通 数据",
            "交通 统计",
            "水质 数据 交通",
            "公共交通 图书馆",
            "海淀区 北京市",
            "月更新",
            "季度发布",
        ),
    ),
    anywhere("公共交通　数据", means("公共交通"), holds("数据")),
    anywhere("公共交通，数据", means("公共交通"), holds("数据")),
    anywhere("公共交通、数据。", means("公共交通"), holds("数据")),
    anywhere("（公共交通）", means("公共交通")),
    anywhere("《图书馆》", holds("图书馆")),
]

TRADITIONAL = list(
    map(
        runs,
        (
            "公共交通數據",
            "環境衞生",
            "環境衛生",
            "圖書館",
            "圖書館資料",
            "台湾",
            "臺灣",
            "台灣地圖",
            "台湾地图",
            "機場",
            "机场航线",
            "機場航線資料",
            "停車場",
            "空氣質量",
            "人口普查數據",
            "法人單位",
            "行政區劃",
            "統計局",
            "衛生健康委員會",
            "環境保護局",
            "环境保护局",
            "資料由環境保護局提供",
            "微粒濃度",
            "矢量圖層",
            "臺北",
            "台北",
            "開放",
            "經度",
            "北京市空氣質量監測站點數據",
        ),
    )
)

SINGLE = [
    *map(runs, ("水", "图", "圖", "市", "氣", "气", "厂", "廠", "龍", "月", "与", "與", "的", "水 图", "水 公共交通", "城市")),
    anywhere("年", holds("年")),
    anywhere("2024 年", says(r"2024"), holds("年")),
    anywhere("水，图", holds("水"), holds("图")),
]

ENGLISH = [
    anywhere("air", says(r"\bair\b")),
    anywhere("AIR quality", says(r"\bair\b"), says(r"\bquality\b")),
    anywhere("quality air", says(r"\bair\b"), says(r"\bquality\b")),
    anywhere("Ｂｕｓ", says(r"\bbus\b")),
    anywhere("bus", says(r"\bbus\b")),
    anywhere("buses", says(r"\bbus\b")),
    anywhere("bus route", says(r"\bbus\b"), says(r"\broutes?\b")),
    anywhere("routes", says(r"\broutes?\b")),
    anywhere("Bus Routes 3", says(r"\bbus\b"), says(r"\broutes\b"), says(r"\b3\b")),
    anywhere("real-time", says(r"real-?time")),
    anywhere("realtime", says(r"real-?time")),
    anywhere("Real-Time Traffic", says(r"real-?time"), says(r"\btraffic\b")),
    anywhere("real time", says(r"\breal\b"), says(r"\btime\b")),
    anywhere("census block", says(r"\bcensus\b"), says(r"\bblocks?\b")),
    anywhere("zoning map", says(r"\bzoning\b"), says(r"\bmap\b")),
    anywhere("wells", says(r"\bwells?\b")),
    anywhere("table of stops", says(r"\btable\b"), says(r"\bof\b"), says(r"\bstops?\b")),
    anywhere("city hall", says(r"\bcity\b"), says(r"\bhall\b")),
    anywhere("county office", says(r"\bcounty\b"), says(r"\boffice\b")),
    anywhere("transit", says(r"\btransit\b")),
    anywhere("TRANSPORT bureau", says(r"\btransport\b"), says(r"\bbureau\b")),
    anywhere("latitude", says(r"\blatitude\b")),
    anywhere("lots", says(r"\blots?\b")),
    anywhere("o'hare", says(r"o[’']hare")),
    anywhere("O’Hare", says(r"o[’']hare")),
    anywhere("ohare", says(r"o[’']hare")),
    anywhere("ridership", says(r"\bridership\b")),
    anywhere("café", says(r"\bcafe\b")),
    anywhere("cafe", says(r"\bcafe\b")),
    anywhere("parking", says(r"\bpark(s|ing)?\b")),
    anywhere("parked", says(r"\bpark(s|ing)?\b")),
    anywhere("park", says(r"\bpark(s|ing)?\b")),
    anywhere("zoned map", says(r"\bzoning\b"), says(r"\bmap\b")),
    anywhere("routing", says(r"\broutes?\b")),
    anywhere("stopped", says(r"\bstops?\b")),
    anywhere("limiting", says(r"\blimits?\b")),
    anywhere("airquality", nothing),
    anywhere("nothingofthekind", nothing),
    anywhere("bus nothingofthekind", nothing),
]

ELSEWHERE = [
    anywhere("Straßenbahnen", says(r"strassenbahnen|straßenbahnen")),
    anywhere("STRASSENBAHNEN", says(r"strassenbahnen|straßenbahnen")),
    anywhere("haltestellen", says(r"haltestellen")),
    anywhere("qualité", says(r"\bqualite\b")),
    anywhere("Montréal", says("montreal")),
    anywhere("montreal", says("montreal")),
    anywhere("estaciones", says("estaciones")),
    anywhere("medicion", says("medicion")),
    anywhere("medición", says("medicion")),
    anywhere("качество", says("качество")),
    anywhere("КАЧЕСТВО воздуха", says("качество"), says("воздуха")),
    anywhere("バス停", says("バス停")),
    anywhere("ｽ停", says("ス停")),
    anywhere("정류장", says("정류장")),
    anywhere("버스", says("버스")),
    anywhere("สถานี", says("สถานี")),
]

CODES = [
    anywhere("GB/T 21063", GB),
    anywhere("GBT21063", GB),
    anywhere("gb/t21063", GB),
    anywhere("gbt 21063", GB),
    anywhere("ＧＢ／Ｔ ２１０６３", GB),
    anywhere("21063", says(r"21063")),
    anywhere("２１０６３", says(r"21063")),
    anywhere("PM2.5", DUST),
    anywhere("pm25", PM),
    anywhere("ＰＭ２．５", DUST),
    anywhere("細顆粒物", DUST),
    anywhere("细悬浮微粒", DUST),
    anywhere("covid19", says(r"covid-19")),
    anywhere("COVID-19", says(r"covid-19")),
    anywhere("covid", says(r"covid")),
    anywhere("iso19115", says(r"iso 19115")),
    anywhere("ISO 19115", says(r"\biso\b"), says(r"19115")),
    anywhere("19115", says(r"19115")),
    anywhere("ZDMC", says(r"zdmc")),
    anywhere("tyshxydm", says(r"tyshxydm")),
    anywhere("lat_deg", says(r"lat_deg")),
    anywhere("urn:test:12", says(r"urn:test:12\b")),
    anywhere("2015", says(r"\b2015\b")),
]

MIXED = [
    anywhere("water 公交", says(r"\bwater\b"), means("公交")),
    anywhere("公交 transit", says(r"\btransit\b"), means("公交")),
    anywhere("公共交通bus", says(r"\bbus\b"), means("公共交通")),
    anywhere("bus公共交通", says(r"\bbus\b"), means("公共交通")),
    anywhere("2024年城市", says("2024"), holds("年城市")),
    anywhere("2024年", says("2024"), holds("年")),
    anywhere("GBT21063编目", GB, holds("编目")),
    anywhere("GB/T 21063 編目", GB, holds("编目")),
    anywhere("PM2.5 浓度", DUST, holds("浓度")),
    anywhere("PM2.5 地图", DUST, holds("地图")),
    anywhere("水 water", holds("水"), says(r"\bwater\b")),
    anywhere("臺北 transit 水", holds("台北"), says(r"\btransit\b"), holds("水")),
]

PHRASES = [
    typed("“公共 交通”", holds("公共交通")),
    typed('"公共交通数据"', holds("公共交通数据")),
    typed("「圖書館」", holds("图书馆")),
    typed("『图书馆』", holds("图书馆")),
    typed("＂圖書館資料＂", holds("图书馆资料")),
    typed('"交通 公共"', holds("交通公共")),
    typed('"bus routes"', says(r"\bbus routes?\b")),
    typed('"bus route"', says(r"\bbus routes?\b")),
    typed("“Bus Routes”", says(r"\bbus routes?\b")),
    typed('"routes bus"', says(r"\broutes? bus\b")),
    typed('"table of stops"', says(r"table of stops?")),
    typed('"table stops"', nothing),
    typed('"air quality', says(r"\bair quality\b")),
    typed('"real time traffic"', says(r"real-?time traffic")),
    typed('"real-time traffic"', says(r"real-?time traffic")),
    typed('"city hall" "bus routes"', both(says(r"city hall"), says(r"\bbus routes?\b"))),
    typed('"city hall" 交通', both(says(r"city hall"), holds("交通"))),
    typed('"PM2.5"', PM),
    typed('"iso 19115"', says("iso 19115")),
    typed('"bus"', says(r"\bbus\b")),
    typed('"水"', holds("水")),
    typed('"water wells" -"bus routes"', both(says(r"\bwater wells\b"), without(says(r"\bbus routes\b")))),
    typed('""', nothing),
    typed('"" bus', says(r"\bbus\b")),
]

LEFT_OUT = [
    typed("交通 -水", both(holds("交通"), without(holds("水")))),
    typed("-交通", without(holds("交通"))),
    typed("-公共交通 -图书馆", without(either(means("公共交通"), holds("图书馆")))),
    typed("数据 －停車場", both(holds("数据"), without(holds("停车场")))),
    typed("air -census", both(says(r"\bair\b"), without(says(r"\bcensus\b")))),
    typed('-"bus routes"', without(says(r"\bbus routes\b"))),
    typed("bus -“city hall”", both(says(r"\bbus\b"), without(says("city hall")))),
    typed("-air -quality", without(either(says(r"\bair\b"), says(r"\bquality\b")))),
    typed("real-time -traffic", both(says(r"real-?time"), without(says(r"\btraffic\b")))),
    typed("-real-time", without(says(r"real-?time"))),
    typed("-GB/T21063", without(GB)),
    typed("-水", without(holds("水"))),
    typed("bus -nothingofthekind", says(r"\bbus\b")),
    typed("-nothingofthekind", everything),
    typed("bus -bus", nothing),
    typed("- bus", says(r"\bbus\b")),
    typed("bus-routes", both(says(r"\bbus.routes?\b"))),
]

WHATEVER = [
    typed("", everything),
    typed("*", everything),
    typed("*:*", everything),
    typed("   ", everything),
    typed("!!!", nothing),
    typed("-", nothing),
    typed("。，、", nothing),
    typed("bus !!!", says(r"\bbus\b")),
    typed("\u200bbus\u200b", says(r"\bbus\b")),
]

WORDS = [*CHINESE, *TRADITIONAL, *SINGLE, *ENGLISH, *ELSEWHERE, *CODES, *MIXED, *PHRASES, *LEFT_OUT, *WHATEVER]
