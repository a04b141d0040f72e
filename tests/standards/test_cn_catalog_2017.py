"""The guide of 2017: reading, writing, checking and repairing in all its forms; every rule once."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.model import Coded, Contact, Dataset, Distribution, InformationItem, Openness, Sharing, decode, encode
from standards import tables
from standards.base import Unreadable
from standards.cn_catalog_2017 import STANDARD, across, check, gather, read, recognises, repair, write
from standards.cn_catalog_2017_rules import RULES
from standards.cn_catalog_2017_table import csv_text
from standards.cn_catalog_2017_xml import document, element_body
from standards.cn_nodes import records
from standards.table import detect

CASES = sorted(Path(__file__).with_name("cases").joinpath("cn_catalog_2017").glob("*.json"))
SOUND: dict[str, Any] = {
    "信息资源分类": {"类": "部门信息资源", "项": "省级及以下政务部门", "目": "交通运输", "细目": "公共交通"},
    "信息资源名称": "公共汽车站点信息",
    "信息资源代码": "3070010/0012",
    "信息资源提供方": "青川市交通运输局",
    "提供方内部部门": "客运科",
    "信息资源提供方代码": "91350100M000100Y43",
    "信息资源摘要": "全市公共汽车站点的名称和位置",
    "信息资源格式": {"信息资源格式分类": "电子表格", "信息资源格式类型": "xlsx"},
    "信息项信息": [
        {"信息项名称": "站名", "信息项代码": "name", "数据类型": "字符型C", "数据长度": 50, "是否必填": "是"},
        {"信息项名称": "票价", "数据类型": "数值型N", "数据长度": 8, "小数位数": 2, "信息项说明": "元"},
        {"信息项名称": "启用日期", "数据类型": "日期型D", "密级": [1, {"x": None}]},
    ],
    "共享属性": {"共享类型": "有条件共享", "共享条件": "限本市部门", "共享方式分类": "共享平台方式", "共享方式类型": "文件"},
    "开放属性": {"是否向社会开放": "是", "开放条件": "注明来源"},
    "更新周期": "每月",
    "发布日期": "2018-03-01",
    "关联资源代码": ["307001/0013", "307001/0014"],
    "关键字": ["公交", "站点"],
    "更新日期": "2019-01-02",
    "联系方式": [{"联系人": "王工", "联系电话": "0839-5550100"}, {"联系邮箱": "a@b.example"}],
    "挂接资源": [
        {"文件名称": "站点表", "下载地址": "https://a.example/stops.xlsx", "文件格式": "xlsx"},
        {"文件名称": {"en": "Stops API"}, "访问地址": "https://a.example/api"},
    ],
    "custom": {"id": [1, 2]},
    "备注": "原样保留",
}


def flat(record: dict[str, Any], more: bool = True) -> dict[str, Any]:
    """A record as the body of a table row, as CSV and `tables` make it."""
    rows = list(gather(tables.text_rows("".join(csv_text([record])).splitlines(keepends=True), "目录" if more else "")))
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_reads_and_is_checked_as_written_down(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    body = case["xml"].encode() if "xml" in case else case["body"]
    found = read(body)
    assert json.loads(encode(found)) == case["dataset"]
    assert [[one.rule, one.path] for one in check(body)] == case["findings"]
    each = next(records(body)) if isinstance(body, bytes) else body
    assert recognises(each) and detect(each) is STANDARD


def test_a_sound_record_has_no_findings_and_is_written_as_it_was() -> None:
    assert list(check(SOUND)) == []
    assert write(read(SOUND)) == SOUND
    assert list(write(read(SOUND))) == list(SOUND)


def test_all_forms_say_the_same() -> None:
    dataset = read(SOUND)
    for body in (element_body(SOUND), flat(SOUND)):
        assert read(body) == dataset
        assert list(check(body)) == [] and recognises(body)


def test_an_xml_document_of_many_is_cut_into_records() -> None:
    other = SOUND | {"信息资源代码": "3070010/0013", "信息资源名称": {"zh": "线路", "en": "Lines"}, "a b": {"c": 1}}
    whole = b"".join(document([SOUND, other]))
    assert [read(each) for each in records(whole)] == [read(SOUND), read(other)]
    assert read(whole) == read(SOUND)


def test_findings_name_their_place_in_each_form() -> None:
    broken = copy.deepcopy(SOUND)
    broken["共享属性"]["共享条件"] = ""
    broken["信息项信息"][1]["数据类型"] = "大数"
    row = flat(SOUND)
    for cells in (row["cells"], *row["more"]):
        for cell in cells:
            if cell[1] == "共享属性/共享条件":
                cell[2] = ""
            if cell[1].endswith("数据类型") and cell[2] == "数值型N":
                cell[2] = "大数"
    assert [(one.rule[8:], one.path) for one in check(broken)] == [
        ("item/type/known", "/信息项信息/1/数据类型"),
        ("share/condition", "/共享属性/共享条件"),
    ]
    headers = {address: header for cells in (row["cells"], *row["more"]) for address, header, _ in cells}
    first, second = (one.path.partition("!") for one in check(row))
    assert first[0] == second[0] == "目录" and first[2].endswith("3") and second[2].endswith("2")
    assert (headers[first[2]], headers[second[2]]) == ("信息项信息/数据类型", "共享属性/共享条件")
    xml = [one.path for one in check(element_body(broken))]
    line = next(n for n, words in enumerate(element_body(broken).decode().splitlines(), 1) if "大数" in words)
    assert xml[0] == f"/信息资源/信息项信息/信息项[2]/数据类型 (line {line})"
    assert xml[1].startswith("/信息资源/共享属性 (line ") or xml[1].startswith("/信息资源/共享属性/共享条件 (line ")


def _changed(path: str, value: Any) -> dict[str, Any]:
    body = copy.deepcopy(SOUND)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    inner: Any = body
    for step in steps:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return body


BROKEN: list[tuple[str, str, Any]] = [
    ("name/required", "信息资源名称", None),
    ("name/system", "信息资源名称", "公交综合管理系统"),
    ("code/required", "信息资源代码", None),
    ("code/form", "信息资源代码", "37-12"),
    ("code/other-scheme", "信息资源代码", "11000/A00034VG345"),
    ("code/class", "信息资源分类/类", "主题信息资源"),
    ("code/class-code", "信息资源分类/信息资源分类码", "307002"),
    ("class/required", "信息资源分类/类", None),
    ("class/known", "信息资源分类/类", "其它类"),
    ("class/levels", "信息资源分类/目", None),
    ("class/item", "信息资源分类", {"类": "主题", "项": "航天", "目": "卫星"}),
    ("provider/required", "信息资源提供方", "暂无"),
    ("provider-code/required", "信息资源提供方代码", ""),
    ("provider-code/form", "信息资源提供方代码", "GA001"),
    ("provider-code/check-digit", "信息资源提供方代码", "91350211M0000XUF46"),
    ("abstract/required", "信息资源摘要", None),
    ("abstract/same", "信息资源摘要", "公共汽车站点信息"),
    ("format/required", "信息资源格式/信息资源格式分类", None),
    ("format/known", "信息资源格式/信息资源格式分类", "各种"),
    ("format/practice", "信息资源格式", {"信息资源格式分类": "服务接口"}),
    ("format/type", "信息资源格式/信息资源格式类型", "pdf"),
    ("format/type-required", "信息资源格式/信息资源格式类型", None),
    ("items/required", "信息项信息", []),
    ("item/name/required", "信息项信息/0/信息项名称", None),
    ("item/name/repeated", "信息项信息/1/信息项名称", "站名"),
    ("item/type/required", "信息项信息/0/数据类型", None),
    ("item/type/known", "信息项信息/0/数据类型", "图"),
    ("item/type/spelling", "信息项信息/0/数据类型", "varchar(20)"),
    ("item/length/required", "信息项信息/0/数据长度", None),
    ("item/length/form", "信息项信息/0/数据长度", "很长"),
    ("share/required", "共享属性/共享类型", None),
    ("share/known", "共享属性/共享类型", "随便"),
    ("share/number", "共享属性/共享类型", "2"),
    ("share/condition", "共享属性/共享条件", "无"),
    ("share/legal-basis", "共享属性", {"共享类型": "不予共享"}),
    ("share/legal-basis-named", "共享属性", {"共享类型": "不予共享", "共享条件": "不方便"}),
    ("share/method", "共享属性", {"共享类型": "无条件共享"}),
    ("share/method-known", "共享属性/共享方式类型", "骑马"),
    ("open/required", "开放属性", {}),
    ("open/known", "开放属性/是否向社会开放", "可能"),
    ("open/condition", "开放属性/开放条件", None),
    ("open/not-shared", "共享属性", {"共享类型": "不予共享", "共享条件": "《统计法》第二十五条"}),
    ("frequency/required", "更新周期", None),
    ("frequency/known", "更新周期", "想起来就更新"),
    ("frequency/listed", "更新周期", "每两周"),
    ("issued/required", "发布日期", None),
    ("issued/date", "发布日期", "去年"),
    ("issued/form", "发布日期", "2018/3/1"),
    ("issued/future", "发布日期", "2999-01-01"),
    ("modified/date", "更新日期", "昨天"),
    ("relation/form", "关联资源代码", ["乙资源"]),
    ("relation/self", "关联资源代码", ["3070010/0012"]),
    ("cross/dates", "更新日期", "2017-01-01"),
    ("cross/future", "更新日期", "2999-01-01"),
    ("cross/https", "在线资源链接地址", "http://a.example/"),
    ("cross/media-type", "挂接资源/0/媒体类型", "application/pdf"),
]


@pytest.mark.parametrize(("rule", "path", "value"), BROKEN, ids=[each[0] for each in BROKEN])
def test_each_rule_finds_what_it_is_for(rule: str, path: str, value: Any) -> None:
    found = {one.rule: one for one in check(_changed(path, value))}
    assert f"cn-2017/{rule}" in found
    assert all(one.path.startswith("/") for one in found.values())
    with_it = {"open/not-shared", "cross/dates", "item/length/required", "class/item", "code/class"}
    assert {one.removeprefix("cn-2017/") for one in found} - {rule} <= with_it


def test_every_rule_is_tried() -> None:
    tried = {f"cn-2017/{rule}" for rule, _, _ in BROKEN} | {"cn-2017/code/repeated", "cn-2017/name/repeated"}
    own = {rule_id for rule_id in RULES if rule_id.startswith("cn-2017/")}
    assert own == tried


def test_what_comes_twice_in_a_file_is_told_where_it_comes_again() -> None:
    again, renamed = {**SOUND, "信息资源名称": "别的"}, {**SOUND, "信息资源代码": "307001/9"}
    found = [
        (number, one.rule, one.path)
        for number, one in across([SOUND, 5, again, renamed, {**renamed, "信息资源提供方": "乙局"}])
    ]
    assert found == [
        (2, "cn-2017/code/repeated", "/信息资源代码"),
        (3, "cn-2017/name/repeated", "/信息资源名称"),
        (4, "cn-2017/code/repeated", "/信息资源代码"),
    ]


@pytest.mark.parametrize(
    "body", [None, 7, "text", [], {}, {"信息资源名称": " "}, b"", b"<a", b"<a/>", {"信息资源名称": {"en": ""}}]
)
def test_what_cannot_be_a_resource_says_why(body: Any) -> None:
    with pytest.raises(Unreadable) as raised:
        read(body)
    assert raised.value.finding.rule in RULES
    assert any(one.severity == "error" for one in check(body)) and not recognises(body)
    assert repair(body) == (body, [])


# Repairs


def test_repairs_answer_findings_and_leave_the_source_as_it_was() -> None:
    body = {
        "信息资源名称": "站点",
        "信息资源代码": "３０７００１／０１２",
        "信息资源提供方代码": "91350100m000100y43",
        "信息资源格式": "xlsx",
        "信息项信息": [{"信息项名称": "a", "数据类型": "varchar"}, {"信息项名称": "b", "数据类型": "decimal(8,2)"}],
        "共享类型": "1",
        "更新周期": "每天",
        "发布日期": "２０１８年３月１日",
    }
    before = copy.deepcopy(body)
    told = {(one.rule, one.path) for one in check(body)}
    mended, done = repair(body)
    assert body == before
    assert {(one.rule, one.path) for one in done} <= told
    assert mended["信息资源代码"] == "307001/012" and mended["信息资源提供方代码"] == "91350100M000100Y43"
    assert mended["信息项信息"][0]["数据类型"] == "字符型C" and mended["信息项信息"][1]["数据类型"] == "decimal(8,2)"
    assert (mended["共享类型"], mended["更新周期"], mended["发布日期"]) == ("无条件共享", "每日", "2018-03-01")
    filled = [(one.path, one.after) for one in done if one.filled]
    assert filled == [("/类", "部门信息资源"), ("/信息资源格式分类", "电子表格")]
    left = {(one.rule, one.path) for one in check(mended)}
    assert not left & {(one.rule, one.path) for one in done}
    assert repair(mended) == (mended, [])


def test_repairs_go_to_the_cell_and_to_the_element() -> None:
    broken = _changed("发布日期", "2018/3/1")
    row, done = repair(flat(broken))
    (cell,) = [cell for cell in row["cells"] if cell[1] == "发布日期"]
    assert cell[2] == "2018-03-01" and done[0].path == f"目录!{cell[0]}" and read(row) == read(SOUND)
    xml, done = repair(element_body(broken))
    assert "<发布日期>2018-03-01</发布日期>" in xml.decode() and done[0].path.startswith("/信息资源/发布日期 (line ")


def test_a_repair_of_a_body_that_is_very_deep() -> None:
    deep: Any = "x"
    for _ in range(20_000):
        deep = [deep]
    mended, done = repair({"信息资源名称": "站点", "共享类型": "1", "custom": deep})
    assert mended["共享类型"] == "无条件共享" and mended["custom"] is deep and len(done) == 1


# Reading what is met


@pytest.mark.parametrize(
    ("said", "kind", "condition", "basis"),
    [
        ({"共享类型": "无条件共享", "共享条件": "无"}, "unconditional", {}, {}),
        ({"共享类型": "有条件", "共享条件": "限内部"}, "conditional", {"zh": "限内部"}, {}),
        ({"共享类型": "不予共享", "共享条件/不予共享依据": "保密法"}, "none", {}, {"zh": "保密法"}),
        ({"共享类型": "3", "不予共享依据": "保密法", "共享条件": "另议"}, "none", {"zh": "另议"}, {"zh": "保密法"}),
    ],
)
def test_sharing(said: dict[str, str], kind: str, condition: Any, basis: Any) -> None:
    found = read({"信息资源名称": "甲", **said}).sharing
    assert found and (found.kind, found.condition, found.legal_basis) == (kind, condition, basis)
    assert read(write(Dataset(identifier="1/1", title={"zh": "甲"}, sharing=found))).sharing is not None


@pytest.mark.parametrize(
    ("said", "kind", "condition"),
    [
        ({"是否向社会开放": "是", "开放条件": "无条件开放"}, "open", {}),
        ({"是否向社会开放": "1", "开放条件": "注明来源"}, "conditional", {"zh": "注明来源"}),
        ({"是否向社会开放": "否"}, "none", {}),
        ({"是否向社会开放": False}, "none", {}),
        ({"开放属性": "有条件开放"}, "conditional", {}),
        ({"开放属性": "不予开放"}, "none", {}),
    ],
)
def test_openness(said: dict[str, Any], kind: str, condition: Any) -> None:
    found = read({"信息资源名称": "甲", **said}).openness
    assert found and (found.kind, found.condition) == (kind, condition)
    again = read(write(Dataset(identifier="1/1", title={"zh": "甲"}, openness=found))).openness
    assert again and (again.kind, again.condition) == (kind, condition)


@pytest.mark.parametrize(
    ("typed", "length", "code", "size"),
    [
        ("字符型", "50", "C", (50, None)), ("字符串型C", "", "C", (None, None)), ("C(20)", "", "C", (20, None)),
        ("数值型（18,2）", "", "N", (18, 2)), ("N", "18,2", "N", (18, 2)), ("datetime", "8", "T", (8, None)),
        ("VARCHAR2(200)", "", "C", (200, None)), ("图形", "", "", (None, None)), ("整型", "10位", "I", (10, None)),
    ],
)  # fmt: skip
def test_data_types(typed: str, length: str, code: str, size: tuple[int | None, int | None]) -> None:
    (item,) = read(
        {"信息资源名称": "甲", "信息项信息": [{"信息项名称": "a", "数据类型": typed, "数据长度": length}]}
    ).information_item
    assert item.data_type and item.data_type.code == code and (item.length, item.precision) == size


def test_unusable_values_stay_and_come_back_in_their_place() -> None:
    body = {
        "信息资源名称": "甲",
        "共享属性": {"共享类型": "随便", "共享条件": "看情况"},
        "发布日期": "去年",
        "开放属性": {"是否向社会开放": "可能"},
    }
    found = read(body)
    assert found.sharing is None and found.openness is None and found.issued is None
    assert found.extra == {
        "共享属性/共享类型": "随便",
        "共享属性/共享条件": "看情况",
        "发布日期": "去年",
        "开放属性/是否向社会开放": "可能",
    }
    assert write(found) == body


def test_names_that_would_be_taken_for_others_are_set_apart() -> None:
    dataset = Dataset(identifier="甲一", title={"zh": "甲"}, extra={"资源名称": "乙", "": 0, "共享": {"x": 1}, "a/b": [None]})
    assert read(write(dataset)) == dataset
    assert read(element_body(write(dataset))).extra == dataset.extra


def test_a_class_of_which_only_the_name_is_known_stands_at_its_level() -> None:
    given_ = Coded(scheme="cn-2017", code="3070010", label={"zh": "公共交通"})
    written = write(Dataset(identifier="3070010/1", title={"zh": "甲"}, classification=given_))
    assert written["信息资源分类"] == {"类": "部门信息资源", "细目": "公共交通"}
    elsewhere = write(Dataset(identifier="别的", title={"zh": "甲"}, classification=given_))
    assert elsewhere["信息资源分类"]["信息资源分类码"] == "3070010"
    found = read(elsewhere).classification
    assert found and (found.code, found.label) == (given_.code, given_.label)


# Rows


def _body(row: int, *cells: str, sheet: str = "目录") -> dict[str, Any]:
    headers = ("信息资源代码", "信息资源名称", "信息项信息/信息项名称")
    return {"sheet": sheet, "row": row, "cells": [[f"{'ABC'[n]}{row}", headers[n], cell] for n, cell in enumerate(cells)]}


@pytest.mark.parametrize("sheet", ["目录", ""])
def test_rows_of_one_resource_are_put_together(sheet: str) -> None:
    rows = [
        _body(2, "307001/1", "甲", "a", sheet=sheet),
        _body(3, "307001/1", "甲", "b", sheet=sheet),
        _body(4, "", "", "c", sheet=sheet),
        _body(5, "307001/2", "乙", "d", sheet=sheet),
        _body(6, "307001/3", "乙", "", sheet=sheet),
    ]
    found = [(read(body).identifier, [item.name["und"] for item in read(body).information_item]) for body in gather(rows)]
    assert found == [("307001/1", ["a", "b", "c"]), ("307001/2", ["d"]), ("307001/3", [])]


def test_items_on_a_sheet_of_their_own_go_to_their_resource() -> None:
    def item(row: int, code: str, name: str) -> dict[str, Any]:
        cells = [[f"A{row}", "信息资源代码", code], [f"B{row}", "信息项名称", name], [f"C{row}", "数据类型", ""]]
        return {"sheet": "信息项", "row": row, "cells": cells}

    rows = [
        _body(2, "307001/1", "甲"),
        _body(3, "307001/2", "乙"),
        item(2, "307001/2", "a"),
        item(3, "307001/2", "b"),
        item(4, "x", "c"),
    ]
    first, second, lost = gather(rows)
    assert [item.name["und"] for item in read(second).information_item] == ["a", "b"] and not read(first).information_item
    assert ("cn-2017/item/type/required", "信息项!B3") in [(one.rule, one.path) for one in check(second)]
    assert lost["sheet"] == "信息项"


@pytest.mark.parametrize(
    ("headers", "known"),
    [
        (["信息资源名称", "信息资源代码", "共享类型"], True),
        (["序号", "资源名称（必填）", "提供方代码*", "是否向社会开放"], True),
        (["信息资源名称", "信息资源提供方", "更新周期"], False),
        (["名称", "共享类型", "是否开放"], False),
        (["title", "identifier"], False),
    ],
)
def test_a_table_is_known_by_its_headers(headers: list[str], known: bool) -> None:
    body = {"sheet": "", "row": 2, "cells": [[f"{chr(65 + n)}2", header, "x"] for n, header in enumerate(headers)]}
    assert recognises(body) is known and (detect(body) is STANDARD) is known


# Properties

_ZH = st.text("甲乙丙丁市交通站点", min_size=1, max_size=8)
_ANY = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12).map(
    str.strip
)
_SAID = _ANY.filter(
    lambda words: words not in ("", "暂无", "无数据", "null", "NULL", "None", "无", "-", "--", "—", "/", "N/A", "n/a")
)
_TEXT = st.one_of(
    _ZH.map(lambda words: {"zh": words}), st.fixed_dictionaries({"en": _SAID}, optional={"zh": _ZH, "zh-Hant": _ZH})
)
_CODE = st.from_regex(r"[123][0-9]{5}[0-9A-Z]{0,4}/[0-9A-Z]{1,6}", fullmatch=True)
_DAY = st.dates().map(lambda day: day.isoformat())
_WORD = st.one_of(_ZH, st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True))


def _keywords(words: list[str]) -> dict[str, tuple[str, ...]]:
    han = tuple(dict.fromkeys(word for word in words if not word.isascii()))
    return ({"zh": han} if han else {}) | ({"en": ("bus stop",)} if len(words) > 2 else {})


_METHOD = st.sampled_from(["platform/database", "platform/file", "mail/", "/interface", "disk/"])
_ITEM = st.builds(
    InformationItem,
    name=_TEXT,
    code=st.none() | st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
    data_type=st.none() | st.sampled_from("CNYDTLMGBIF").map(lambda code: Coded(scheme="cn-2017-type", code=code)),
    length=st.none() | st.integers(0, 99999),
    precision=st.none() | st.integers(0, 30),
    description=st.just({}) | _TEXT,
    required=st.none() | st.booleans(),
    key=st.none() | st.booleans(),
    extra=st.dictionaries(
        st.sampled_from(["密级", "note"]), st.one_of(_SAID, st.integers(0, 9), st.lists(st.integers(0, 3), max_size=2))
    ),
)
_FILE = st.builds(
    Distribution,
    title=_TEXT,
    description=st.just({}) | _TEXT,
    access_url=st.none() | st.just("https://a.example/x;y"),
    download_url=st.none() | st.just("https://a.example/站点.csv"),
    format=st.none() | st.sampled_from(["CSV", "XLSX", "JSON"]).map(lambda code: Coded(scheme="format", code=code)),
    media_type=st.none() | st.just("text/csv"),
)
_CONDITION = _TEXT.filter(lambda text: "无" not in "".join(text.values()))
DATASETS = st.builds(
    Dataset,
    identifier=_CODE,
    title=_TEXT,
    description=st.just({}) | _TEXT,
    keyword=st.lists(_ZH, max_size=4).map(_keywords),
    issued=st.none() | _DAY,
    modified=st.none() | _DAY,
    accrual_periodicity=st.none()
    | st.sampled_from(["DAILY", "BIWEEKLY", "WEEKLY_2", "ANNUAL", "IRREG", "OTHER"]).map(
        lambda code: Coded(scheme="frequency", code=code)
    ),
    relation=st.lists(_CODE, max_size=3, unique=True).map(tuple),
    landing_page=st.none() | st.just("https://a.example/"),
    contact_point=st.lists(
        st.builds(Contact, name=_TEXT, phone=st.none() | st.just("110"), email=st.none() | st.just("a@b.example")), max_size=3
    ).map(tuple),
    information_item=st.lists(_ITEM, max_size=4).map(tuple),
    distribution=st.lists(_FILE, max_size=3).map(tuple),
    sharing=st.none()
    | st.builds(
        Sharing,
        kind=st.just("unconditional"),
        method=_METHOD.map(lambda code: Coded(scheme="cn-2017-sharing-method", code=code)),
    )
    | st.builds(Sharing, kind=st.just("conditional"), condition=_CONDITION)
    | st.builds(Sharing, kind=st.just("none"), legal_basis=_CONDITION),
    openness=st.none()
    | st.builds(Openness, kind=st.sampled_from(["open", "none", "conditional"]))
    | st.builds(Openness, kind=st.just("conditional"), condition=_CONDITION),
    extra=st.dictionaries(
        st.sampled_from(["custom", "备注", "a b", "资源名称"]),
        st.one_of(_SAID, st.integers(0, 9), st.lists(st.integers(0, 3), max_size=2)),
    ),
)


def plain(value: Any) -> Any:
    """A dataset as JSON, coded values by scheme and code: labels and raw words are told in the standard's own way."""
    if isinstance(value, dict):
        if value.get("scheme") and value.get("code"):
            return {"scheme": value["scheme"], "code": value["code"]}
        return {name: plain(inner) for name, inner in value.items() if name != "raw"}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def said_by(dataset: Dataset) -> Any:
    found = plain(json.loads(encode(dataset)))
    found.pop("classification", None)  # follows from the code
    return found


@settings(max_examples=80, deadline=None)
@given(DATASETS)
def test_what_is_written_reads_the_same(dataset: Dataset) -> None:
    written = write(dataset)
    assert said_by(read(written)) == said_by(dataset)
    assert read(write(read(written))) == read(written)
    assert decode(encode(read(written))) == read(written)
    assert recognises(written)


@settings(max_examples=40, deadline=None)
@given(DATASETS)
def test_xml_and_tables_say_the_same(dataset: Dataset) -> None:
    written = write(dataset)
    assert said_by(read(element_body(written))) == said_by(dataset)
    assert said_by(read(flat(written))) == said_by(dataset)
