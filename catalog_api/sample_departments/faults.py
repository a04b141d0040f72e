"""What goes wrong in real catalogues, done on purpose to the records of one department.

Each fault is one function, and `FAULTS` says which dataset suffers which: a bench for checks, where every finding has a
known cause. `spoil` also repeats a record under its identifier, puts in something that is no object, and takes a title away.
"""

from collections.abc import Callable
from typing import Any

Object = dict[str, Any]

LONG = 65_280  # characters of the description that is far too long


def spoil(records: list[Object]) -> list[Any]:
    """The records with their faults, and those that are no usable record at all."""
    spoiled: list[Any] = [_spoiled(record) for record in records]
    repeated = spoiled[0] | {"modified": "2025-11-30"}
    untitled = {key: value for key, value in spoiled[1].items() if key != "title"} | {"identifier": "mc-market-untitled"}
    spoiled[5:5] = ["市场监督管理局数据目录(二〇二五年第四季度)"]
    return [*spoiled, repeated, untitled]


def _spoiled(record: Object) -> Object:
    name = record["identifier"].rsplit("/", 1)[-1]
    for fault in FAULTS.get(name, ()):
        fault(record)
    return record


def numeric_title(record: Object) -> None:
    """A spreadsheet took the number of a standard for a figure."""
    record["title"] = 300.21


def blank_keyword(record: Object) -> None:
    record["keyword"] = [""]


def keyword_as_text(record: Object) -> None:
    record["keyword"] = "、".join(record["keyword"])


def no_keyword(record: Object) -> None:
    del record["keyword"]


def bare_email(record: Object) -> None:
    """`hasEmail` must start with `mailto:`."""
    record["contactPoint"]["hasEmail"] = record["contactPoint"]["hasEmail"].removeprefix("mailto:")


def no_contact(record: Object) -> None:
    del record["contactPoint"]


def nameless_publisher(record: Object) -> None:
    del record["publisher"]["name"]


def publisher_as_text(record: Object) -> None:
    record["publisher"] = record["publisher"]["name"]


def interval_as_date(record: Object) -> None:
    record["issued"] = "R/P1Y"


def dash_as_date(record: Object) -> None:
    record["modified"] = "-"


def slashed_date(record: Object) -> None:
    record["modified"] = "2016/04/14"


def chinese_date(record: Object) -> None:
    record["modified"] = "2024年3月1日"


def no_date(record: Object) -> None:
    del record["modified"]


def html_description(record: Object) -> None:
    record["description"] = f"<p><b>说明：</b>{record['description']}</p><script>alert('x')</script><br/>&nbsp;"


def long_description(record: Object) -> None:
    """A whole annex pasted into the description."""
    start = record["description"] + "\n附表："
    lines = "".join(f"第{number}条 抽样编号MC{number:05d}，检验结论合格，报告已归档。" for number in range(1, 3000))
    record["description"] = (start + lines)[:LONG]


def no_description(record: Object) -> None:
    del record["description"]


def null_licence(record: Object) -> None:
    record["license"] = None


def blank_licence(record: Object) -> None:
    record["license"] = ""


def spoken_licence(record: Object) -> None:
    record["license"] = "可免费使用"


def bad_language(record: Object) -> None:
    record["language"] = ["中文", "english_us"]


def wrong_access_level(record: Object) -> None:
    record["accessLevel"] = "公开"


def relative_link(record: Object) -> None:
    record["distribution"][0]["downloadURL"] = "../files/下载 1.csv"


def no_media_type(record: Object) -> None:
    record["distribution"][0].pop("mediaType", None)


def null_distribution(record: Object) -> None:
    record["distribution"] = None


def word_as_frequency(record: Object) -> None:
    record["accrualPeriodicity"] = "每月一次"


def null_spatial(record: Object) -> None:
    record["spatial"] = None


def backward_temporal(record: Object) -> None:
    record["temporal"] = "2025至2021"


def numeric_identifier(record: Object) -> None:
    record["identifier"] = 1043


FAULTS: dict[str, tuple[Callable[[Object], None], ...]] = {
    "self-employed": (keyword_as_text,),
    "standard-300-21": (numeric_title,),
    "abnormal-list": (no_media_type, null_spatial),
    "annual-reports": (slashed_date,),
    "foreign-invested": (word_as_frequency,),
    "chain-stores": (blank_keyword, no_contact),
    "name-reservations": (no_description,),
    "food-producers": (bare_email,),
    "food-inspections": (html_description, bare_email),
    "restaurant-grades": (nameless_publisher,),
    "open-kitchens": (null_licence,),
    "online-caterers": (blank_licence, no_date),
    "small-workshops": (chinese_date,),
    "food-recalls": (interval_as_date,),
    "farm-produce-tests": (bad_language,),
    "drug-tests": (long_description,),
    "medical-devices": (publisher_as_text,),
    "cosmetics": (backward_temporal,),
    "lift-rescues": (wrong_access_level,),
    "lift-map": (null_distribution,),
    "measuring-instruments": (relative_link,),
    "local-standards": (dash_as_date,),
    "patents": (numeric_identifier,),
    "quality-award": (no_keyword, spoken_licence),
    "complaint-companies": (blank_keyword, bare_email),
    "price-violations": (dash_as_date, null_licence),
    "advertising-cases": (no_description, nameless_publisher),
    "blacklist": (html_description,),
}
