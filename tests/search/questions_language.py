"""Alternatives, fields, bounds and beginnings that are typed, and words that are read in another way when nothing has them."""

from itertools import combinations

from tests.search.questions import DUST, GB, Asked, means, typed
from tests.search.reading import Has, both, either, facet, holds, nothing, plain, says, within, without

BUS, AIR, WATER = says(r"\bbus\b"), says(r"\bair\b"), says(r"\bwater\b")
TRANSIT, LIBRARY = holds("交通"), holds("图书馆")

ALTERNATIVES = [
    typed("bus OR air", either(BUS, AIR)),
    typed("bus OR 图书馆", either(BUS, LIBRARY)),
    typed("公共交通 OR 圖書館 OR 停车场", either(means("公共交通"), LIBRARY, holds("停车场"))),
    typed("bus|air", either(BUS, AIR)),
    typed("bus | air", either(BUS, AIR)),
    typed("图书馆｜停车场", either(LIBRARY, holds("停车场"))),
    typed("交通 bus OR air", both(TRANSIT, either(BUS, AIR))),
    typed("bus OR air 交通", both(either(BUS, AIR), TRANSIT)),
    typed("bus OR air water OR 水", both(either(BUS, AIR), either(WATER, holds("水")))),
    typed('"bus routes" OR "air quality"', either(says(r"bus routes?\b"), says("air quality"))),
    typed('"公共交通数据" OR 水质', either(holds("公共交通数据"), holds("水质"))),
    typed("-bus OR air", without(either(BUS, AIR))),
    typed("bus OR air -交通", both(either(BUS, AIR), without(TRANSIT))),
    typed("bus OR -air", both(BUS, without(AIR))),
    typed("bus or air", both(BUS, AIR, says(r"\bor\b"))),
    typed("bus AND air", both(BUS, AIR)),
    typed("bus ＯＲ air", either(BUS, AIR)),
    typed("nothingofthekind OR bus", BUS),
    typed("GB/T21063 OR covid", either(GB, says("covid"))),
    typed("水 OR 图", either(holds("水"), holds("图"))),
    typed("bus OR bus", BUS),
    typed("交通 OR 水 -图书馆 -bus", both(either(TRANSIT, holds("水")), without(LIBRARY), without(BUS))),
]

FIELDS = [
    typed("title:bus", says(r"\bbus\b", "title")),
    typed("Title:Bus", says(r"\bbus\b", "title")),
    typed("标题:公共交通", means("公共交通", "title")),
    typed("標題：公共交通", means("公共交通", "title")),
    typed("title:水", holds("水", "title")),
    typed("title:图", holds("图", "title")),
    typed('title:"bus routes"', says(r"bus routes?\b", "title")),
    typed("title:bus 交通", both(says(r"\bbus\b", "title"), TRANSIT)),
    typed("title:bus -title:routes", both(says(r"\bbus\b", "title"), without(says(r"\broutes?\b", "title")))),
    typed("-title:公共交通 公共交通", both(without(means("公共交通", "title")), means("公共交通"))),
    typed("keyword:transit", says(r"\btransit\b", "keyword")),
    typed("关键词:交通", holds("交通", "keyword")),
    typed("标签：地图", holds("地图", "keyword")),
    typed("tags:water", says(r"\bwater\b", "keyword")),
    typed("description:bus", says(r"\bbus\b", "description")),
    typed("描述:水", holds("水", "description")),
    typed('description:"air quality"', says("air quality", "description")),
    typed("publisher:hall", says(r"\bhall\b", "publisher")),
    typed("提供方:市政府", holds("市政府", "publisher")),
    typed("publisher:局", holds("局", "publisher")),
    typed("column:latitude", says("latitude", "column")),
    typed("信息项:站点名称", holds("站点名称", "column")),
    typed("column:zdmc", says("zdmc", "column")),
    typed("resource:stops", says(r"\bstops?\b", "resource")),
    typed("资源:矢量", holds("矢量", "resource")),
    typed("title:bus OR keyword:water", either(says(r"\bbus\b", "title"), says(r"\bwater\b", "keyword"))),
    typed("title:nothingofthekind", nothing),
    typed("organization:transport", facet("organization", "transport", or_=says(r"\btransport\b", "publisher"))),
    typed("organization:water", facet("organization", "water", or_=says(r"\bwater\b", "publisher"))),
    typed("部门:水务局", holds("水务局", "publisher")),
    typed("-organization:water", without(facet("organization", "water", or_=says(r"\bwater\b", "publisher")))),
    typed("format:csv", facet("format", "CSV")),
    typed("格式:CSV", facet("format", "CSV")),
    typed("format:csv|json", facet("format", "CSV", "JSON")),
    typed("format:csv,geojson", facet("format", "CSV", "GEOJSON")),
    typed("format:csv OR format:json", facet("format", "CSV", "JSON")),
    typed("-format:csv", without(facet("format", "CSV"))),
    typed("bus format:geojson", both(BUS, facet("format", "GEOJSON"))),
    typed("licence:cc-by-4.0", facet("licence", "CC-BY-4.0")),
    typed("许可:CC-BY-4.0", facet("licence", "CC-BY-4.0")),
    typed("theme:TRAN", facet("theme", "TRAN")),
    typed("主题:环境", facet("theme", "ENVI")),
    typed("theme:playgrounds", facet("theme", "Playgrounds")),
    typed("language:zh", facet("language", "zh")),
    typed("frequency:monthly", facet("frequency", "MONTHLY")),
    typed("更新周期:每日", facet("frequency", "DAILY")),
    typed("openness:open", facet("openness", "open")),
    typed("开放属性:有条件开放", facet("openness", "conditional")),
    typed("共享属性:无条件共享", facet("sharing", "unconditional")),
    typed("source:portal-a", facet("source", "portal-a")),
    typed("state:withheld", facet("state", "withheld")),
    typed("class:307", facet("class", "307")),
    typed("region:110000", facet("region", "110000")),
    typed("api:yes", facet("api", "yes")),
    typed("access:restricted", facet("access", "RESTRICTED")),
    typed("identifier:urn:test:17", facet("identifier", "urn:test:17")),
    typed("colour:bus", both(BUS, says("colour"))),
    typed("PM2.5:交通", both(DUST, TRANSIT)),
]

BOUNDED = [
    typed(words, within(name, low, high))
    for words, name, low, high in [
        ("modified:2024..", "modified", "2024", None),
        ("modified:..2021", "modified", None, "2021"),
        ("modified:2021..2022", "modified", "2021", "2022"),
        ("modified:2022..2021", "modified", "2021", "2022"),
        ("modified:2022", "modified", "2022", "2022"),
        ("modified:2022-05", "modified", "2022-05", "2022-05"),
        ("modified:2021-03-05..2022-06", "modified", "2021-03-05", "2022-06"),
        ("modified:>2020", "modified", "2021", None),
        ("modified:>=2020", "modified", "2020", None),
        ("modified:<2021", "modified", None, "2020"),
        ("modified:<=2021", "modified", None, "2021"),
        ("issued:>2020-05", "issued", "2020-06", None),
        ("issued:<2020-05-10", "issued", None, "2020-05-09"),
        ("发布日期:2023", "issued", "2023", "2023"),
        ("更新:2023年", "modified", "2023", "2023"),
        ("更新：2023年5月..", "modified", "2023-05", None),
        ("updated:2026-06-02", "updated", "2026-06-02", "2026-06-02"),
        ("period:2020", "period", "2020", "2020"),
        ("period:2010..2016", "period", "2010", "2016"),
        ("use:>100", "use", "101", None),
        ("use:7", "use", "7", "7"),
        ("访问量:1..120", "use", "1", "120"),
        ("size:>=1mb", "size", "1000000", None),
        ("size:<2048", "size", None, "2047"),
        ("大小:1kb..2MB", "size", "1000", "2000000"),
        ("quality:>=100", "quality", "100", None),
        ("质量:<50", "quality", None, "49"),
    ]
] + [
    typed("交通 modified:2024..", both(TRANSIT, within("modified", "2024", None))),
    typed("-modified:2022", without(within("modified", "2022", "2022"))),
    typed("modified:2022 OR issued:2023", either(within("modified", "2022", "2022"), within("issued", "2023", "2023"))),
    typed("modified:>2023 issued:<2022 bus", both(within("modified", "2024", None), within("issued", None, "2021"), BUS)),
    typed("modified:2022 OR bus", either(within("modified", "2022", "2022"), BUS)),
]

BEGUN = [
    typed("traf*", says(r"\btraf")),
    typed("TRA*", says(r"\btra")),
    typed("tr*", says(r"\btr")),
    typed("b*", says(r"\bb")),
    typed("cens* bl*", both(says(r"\bcens"), says(r"\bbl"))),
    typed("-tra*", without(says(r"\btra"))),
    typed("tra* OR cens*", either(says(r"\btra"), says(r"\bcens"))),
    typed("title:bu*", says(r"\bbu", "title")),
    typed("keyword:tran*", says(r"\btran", "keyword")),
    typed("公共*", holds("公共")),
    typed("图*", holds("图")),
    typed("gbt210*", says(r"gb/?t ?210")),
    typed("GB/T210*", says(r"gb/?t ?210")),
    typed("2106*", says(r"(?<!\d)2106")),
    typed("cov*", says(r"\bcov")),
    typed("real-t*", says(r"real-?t")),
    typed("straßen*", says("strassen|straßen")),
    typed("qualit*", says(r"\bqualit")),
    typed("каче*", says("каче")),
    typed("nothingof*", nothing),
]

LANGUAGE = [*ALTERNATIVES, *FIELDS, *BOUNDED, *BEGUN]


def cut(run: str, count: int) -> Has:
    """Whether an entry has all parts of one of the ways to cut a run into so many parts of two characters or more."""
    text = plain(run)
    ways = [
        [text[start:end] for start, end in zip((0, *places), (*places, len(text)), strict=True)]
        for places in combinations(range(2, len(text) - 1), count - 1)
    ]
    return either(*(both(*map(means, parts)) for parts in ways if all(len(part) > 1 for part in parts)))


def in_parts(words: str, count: int = 2) -> Asked:
    return typed(words, cut(words, count), read_as="parts")


READ_AS = [
    in_parts("图书馆公共交通"),
    in_parts("圖書館公共交通"),
    in_parts("空气质量北京"),
    in_parts("统计局图书馆"),
    in_parts("市政府停车场"),
    in_parts("人口普查经度"),
    in_parts("交通局图书馆"),
]

PINYIN = [
    typed("gonggong jiaotong", holds("公共交通", "title", "keyword", "publisher"), read_as="pinyin"),
    typed("gonggongjiaotong", holds("公共交通", "title", "keyword", "publisher"), read_as="pinyin"),
    typed("ggjt", holds("公共交通", "title", "keyword", "publisher"), read_as="pinyin"),
    typed("tushuguan", holds("图书馆", "title", "keyword", "publisher"), read_as="pinyin"),
    typed("kqzl", holds("空气质量", "title", "keyword", "publisher"), read_as="pinyin"),
    typed("renkou pucha", holds("人口普查", "title", "keyword", "publisher"), read_as="pinyin"),
]
