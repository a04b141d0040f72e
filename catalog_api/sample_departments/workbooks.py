"""A department's workbook after the guide of 2017, to download: one block of lines per dataset, and two cells that are wrong.

`site.items` of the seed names each dataset's information items (`街巷名称 C50`: name, data type, length), `site.code` the
department's credit code, `site.class_code` the first six digits of its resources' codes.
"""

from typing import Any, Literal

import msgspec

from catalog_api.sample_departments import words
from catalog_api.sample_departments.datasets import described
from catalog_api.sample_departments.pages import home, newest
from catalog_api.sample_departments.seeds import Row, Seed
from catalog_api.sample_departments.web import Answer, Site
from metadata.model import Coded, Dataset, InformationItem, Openness, Sharing
from standards import cn_catalog_2017
from standards.cn_catalog_2017_lists import SHARING_METHOD, TYPE

DOOR = "/catalog-2017.xlsx"
WRONG = {"shops": ("共享属性", "共享类型", "内部使用"), "petitions": ("", "发布日期", "2019年6月31日")}
"""Dataset → group, column and content of its wrong cell: a way of sharing that is none, and a day that June does not have."""

_BASIS = {"zh": "《明川市应急值守工作办法》第八条", "en": "Article 8 of the Mingchuan Rules for Emergency Duty"}
_OPENNESS: dict[str, Literal["open", "conditional", "none"]] = {"public": "open", "restricted": "conditional", "closed": "none"}
_XLSX = words.FORMATS["xlsx"][1] or ""


def workbook(seed: Seed) -> Site:
    """The workbook, and the front page."""
    from standards import cn_catalog_2017_workbook  # here: no other command loads what writes workbooks

    body = cn_catalog_2017_workbook.workbook(records(seed))
    answer = Answer(body, _XLSX, modified=newest(seed))
    return lambda asked: answer if asked.path == DOOR else home(seed, asked)


def records(seed: Seed) -> list[dict[str, Any]]:
    """What the workbook is made of, with the wrong cells."""
    made = [cn_catalog_2017.write(registered(seed, at, row)) for at, row in enumerate(seed.rows, 1)]
    for row, record in zip(seed.rows, made, strict=True):
        if row.name in WRONG:
            group, column, content = WRONG[row.name]
            (record[group] if group else record)[column] = content
    return made


def registered(seed: Seed, at: int, row: Row) -> Dataset:
    """A row as the guide wants it: with a code, a class, items, and what may be done with it. `at` is its number, from 1."""
    dataset = described(seed, row)
    class_code = f"{seed.site['class_code']}{_unit_number(seed, row):03}"
    levels = ("部门信息资源", seed.title["zh"], row.unit.title["zh"])
    office = dataset.publisher
    return msgspec.structs.replace(
        dataset,
        identifier=f"{class_code}/{at:04}",
        classification=Coded(code=class_code, label={"zh": levels[-1]}, raw=" > ".join(levels)),
        publisher=office and msgspec.structs.replace(office, code=seed.site["code"]),
        information_item=tuple(_item(line.split()) for line in seed.site["items"][row.name].split(", ")),
        sharing=_sharing(row),
        openness=Openness(kind=_OPENNESS[row.access]),
    )


def _unit_number(seed: Seed, row: Row) -> int:
    units = list(dict.fromkeys(each.unit.name for each in seed.rows))
    return units.index(row.unit.name) + 1


def _item(parts: list[str]) -> InformationItem:
    name, kind = parts
    return InformationItem(
        name={"zh": name}, data_type=Coded(scheme=TYPE, code=kind[0]), length=int(kind[1:]) if kind[1:] else None
    )


def _sharing(row: Row) -> Sharing:
    method = Coded(scheme=SHARING_METHOD, code="platform/file")
    if row.access == "public":
        return Sharing(kind="unconditional", method=method)
    if row.access == "restricted":
        return Sharing(kind="conditional", condition=words.ACCESS["restricted"][2], method=method)
    return Sharing(kind="none", legal_basis=_BASIS)
