"""Words that are asked, and which entries of the made-up catalogue have them, each said in a way of its own."""

from tests.search.catalogue import Has, holds, says


def both(*parts: Has) -> Has:
    return lambda entry: all(part(entry) for part in parts)


def without(part: Has) -> Has:
    return lambda entry: not part(entry)


WORDS: list[tuple[str, Has]] = [
    ("公共交通", holds("公共交通")),
    ("公共交通數據", holds("公共交通数据")),
    ("環境衞生", holds("环境卫生")),
    ("环境卫生", holds("环境卫生")),
    ("台湾", holds("台湾")),
    ("水", holds("水")),
    ("图", holds("图")),
    ("圖", holds("图")),
    ("市", holds("市")),
    ("交通 水", both(holds("交通"), holds("水"))),
    ("交通 -水", both(holds("交通"), without(holds("水")))),
    ("-交通", without(holds("交通"))),
    ("市长", holds("市长")),
    ("“公共 交通”", holds("公共交通")),
    ("站点名称", holds("站点名称")),
    ("交通局", holds("交通局")),
    ("air", says(r"\bair\b")),
    ("AIR quality", both(says(r"\bair\b"), says(r"\bquality\b"))),
    ("Ｂｕｓ", says(r"\bbus\b")),
    ("bus route", both(says(r"\bbus\b"), says(r"\broutes?\b"))),
    ('"bus routes"', says(r"\bbus routes\b")),
    ('"routes bus"', says(r"\broutes bus\b")),
    ("real-time", says(r"real-?time")),
    ("realtime", says(r"real-?time")),
    ("real time", both(says(r"\breal\b"), says(r"\btime\b"))),
    ("air -census", both(says(r"\bair\b"), without(says(r"\bcensus\b")))),
    ('-"bus routes"', without(says(r"\bbus routes\b"))),
    ("water 公交", both(says(r"\bwater\b"), holds("公交"))),
    ("GB/T 21063", says(r"gb/?t ?21063")),
    ("GBT21063", says(r"gb/?t ?21063")),
    ("gb/t21063", says(r"gb/?t ?21063")),
    ("21063", says(r"21063")),
    ("PM2.5", says(r"pm2\.5")),
    ("pm25", says(r"pm2\.5")),
    ("covid19", says(r"covid-19")),
    ("iso19115", says(r"iso 19115")),
    ("table of stops", says(r"table of stops")),
    ("city hall", says(r"city hall")),
    ("nothingofthekind", lambda _: False),
    ("!!!", lambda _: False),
    ("", lambda _: True),
    ("*:*", lambda _: True),
]
