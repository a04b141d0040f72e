"""JSON of any shape by a mapping: paths, templates, words that decide, lists inside, and records that are anything."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metadata.model import decode, encode
from standards.base import Unreadable
from standards.json_map import STANDARD, read, recognises, standard, wrapped
from standards.json_map_mapping import WrongMapping, parsed
from standards.json_map_names import guessed, looks_like_record
from standards.json_map_paths import WrongPath, steps_of, ways, words
from standards.json_map_read import open_kind, sharing_kind

ITEM: dict[str, Any] = {
    "info": {"title": "公交站点", "tags": "公交、站点;交通", "a.b": "点"},
    "list": [{"n": "甲", "deep": {"x": 1}}, {"n": "乙", "deep": {"x": 2}}],
    "text": '{"inner": [{"v": "里"}]}',
    "flag": True,
    "number": 7.0,
    "nothing": "暂无",
    "words": ["a", "b", {"c": 1}],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("info.title", ("公交站点",)),
        ("/info/title", ("公交站点",)),
        ("/info/a.b", ("点",)),
        ("list.0.n", ("甲",)),
        ("list[1].n", ("乙",)),
        ("list.*.n", ("甲", "乙")),
        ("list[].deep.x", ("1", "2")),
        ("list.n", ("甲", "乙")),
        ("text.inner.v", ("里",)),
        ("nowhere | nothing | flag", ("true",)),
        ("number", ("7",)),
        ("words", ("a", "b")),
        ("info", ()),
        ("=市民政局", ("市民政局",)),
        ("https://x/{number}?t={info.title}", ("https://x/7?t=公交站点",)),
        ("https://x/{nowhere}", ()),
        ("list.9.n", ()),
        (".", ()),
    ],
)
def test_paths_and_templates(path: str, found: tuple[str, ...]) -> None:
    assert words(ITEM, ways(path)) == found


@pytest.mark.parametrize("path", ["", "a..b", "x{", "x}", "{a", "a{b}c}"])
def test_a_path_that_cannot_be_read_is_refused(path: str) -> None:
    with pytest.raises(WrongPath):
        ways(path)


def test_the_whole_has_no_steps() -> None:
    assert steps_of(".") == steps_of("") == () and words("x", ways(".")) == ("x",)


MAPPING: dict[str, Any] = {
    "identifier": "id",
    "title": "名称",
    "description": "摘要",
    "publisher": "部门.名称",
    "publisher.code": "部门.代码",
    "contact.name": "联系人",
    "contact.phone": "电话",
    "contact.email": "邮箱",
    "keyword": {"at": "标签", "split": "、;"},
    "theme": ["主题", "行业"],
    "issued": "发布",
    "modified": "更新",
    "frequency": {"at": "周期", "values": {"3": "每周"}},
    "license": "许可",
    "spatial": "地区",
    "temporal.start": "始",
    "temporal.end": "终",
    "landing_page": "https://data.example.gov.cn/detail?id={id}",
    "sharing": {"at": "共享", "values": {"2": "有条件共享"}},
    "sharing.condition": "共享条件",
    "openness": "开放",
    "distribution": {"each": "文件", "title": "名", "download_url": "址", "format": "式", "byte_size": "大小"},
    "information_item": {"each": "字段", "name": "中文", "code": "英文", "data_type": "型", "length": "长", "required": "必填"},
}
RECORD: dict[str, Any] = {
    "id": 12,
    "名称": "公交站点",
    "摘要": "全市站点",
    "部门": {"名称": "市交通局", "代码": "11330100MB1234567X"},
    "联系人": "王工",
    "电话": "0571-1",
    "邮箱": "mailto:a@b.cn",
    "标签": "公交、站点",
    "主题": "交通运输",
    "行业": "公交",
    "发布": 1_600_000_000_000,
    "更新": "2024年5月3日",
    "周期": 3,
    "许可": "CC-BY-4.0",
    "地区": "杭州市",
    "始": "2020",
    "终": "2023-12",
    "共享": 2,
    "共享条件": "须申请",
    "开放": "无条件开放",
    "文件": [{"名": "站点", "址": "https://a.example/x.csv", "式": "csv", "大小": "1024", "校验": "x"}],
    "字段": [{"中文": "站名", "英文": "name", "型": "字符型C", "长": "20", "必填": "是"}, {"型": "无名"}],
    "浏览量": 99,
}


def test_every_field_of_a_mapping_is_read_and_the_rest_stays() -> None:
    made = standard(MAPPING)
    assert made.read and made.check
    dataset = made.read(RECORD)
    assert decode(encode(dataset)) == dataset
    assert (dataset.identifier, dataset.title, dataset.description) == ("12", {"zh": "公交站点"}, {"zh": "全市站点"})
    assert dataset.publisher and dataset.publisher.code == "11330100MB1234567X"
    (contact,) = dataset.contact_point
    assert (contact.name, contact.phone, contact.email) == ({"zh": "王工"}, "0571-1", "a@b.cn")
    assert dataset.keyword == {"zh": ("公交", "站点")} and len(dataset.theme) == 2
    assert (dataset.issued or "").startswith("2020-09-13") and dataset.modified == "2024-05-03"
    assert dataset.accrual_periodicity and dataset.accrual_periodicity.code == "WEEKLY"
    assert dataset.license and dataset.license.code and dataset.spatial[0].name == {"zh": "杭州市"}
    assert (dataset.temporal[0].start, dataset.temporal[0].end) == ("2020", "2023-12")
    assert dataset.landing_page == "https://data.example.gov.cn/detail?id=12"
    assert dataset.sharing and (dataset.sharing.kind, dataset.sharing.condition) == ("conditional", {"zh": "须申请"})
    assert dataset.openness and dataset.openness.kind == "open"
    (way,), (column,) = dataset.distribution, dataset.information_item
    assert way.byte_size == 1024 and way.format and way.format.code == "CSV" and way.extra == {"校验": "x"}
    assert (column.code, column.length, column.required) == ("name", 20, True)
    assert dataset.extra == {"浏览量": 99}
    assert [finding.severity for finding in made.check(RECORD)] == []


def test_a_list_of_words_gives_ways_of_access() -> None:
    for value in ("xls,csv", ["xls", "csv"], '["xls","csv"]'):
        found = read(
            {"名称": "x", "格式": value},
            parsed({"title": "名称", "distribution": {"each": {"at": "格式", "split": ","}, "format": "."}}),
        )
        assert [way.format.code for way in found.distribution if way.format] == ["XLS", "CSV"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("无条件开放", "open"),
        ("完全开放", "open"),
        ("开放", "open"),
        ("有条件开放", "conditional"),
        ("申请后开放", "conditional"),
        ("登录开放", "conditional"),
        ("不予开放", "none"),
        ("否", "none"),
        ("1", None),
        ("随便", None),
    ],
)
def test_words_decide_about_openness(word: str, kind: str | None) -> None:
    assert open_kind(word) == kind


@pytest.mark.parametrize(
    ("word", "kind"), [("无条件共享", "unconditional"), ("有条件共享", "conditional"), ("不予共享", "none"), ("2", None)]
)
def test_words_decide_about_sharing(word: str, kind: str | None) -> None:
    assert sharing_kind(word) == kind


def test_a_record_that_carries_its_mapping_is_recognised_and_read_by_it() -> None:
    body = wrapped({"n": "公交站点", "名称": "别的"}, {"title": "n"})
    assert recognises(body) and not recognises({"n": "x"}) and STANDARD.read
    assert STANDARD.read(body).title == {"zh": "公交站点"}
    mended = standard({"title": "名称"})
    assert mended.read and mended.read(body).title == {"zh": "别的"}


def test_without_a_mapping_known_names_are_looked_up_also_one_level_down() -> None:
    assert STANDARD.read
    found = STANDARD.read({"catalogInfo": {"catalogName": "公交站点", "deptName": "市交通局", "id": 5}, "n": 1})
    assert found.title == {"zh": "公交站点"} and found.identifier == "5" and found.publisher
    assert looks_like_record({"title": "x", "description": "y", "publisher": "z"}) and not looks_like_record(
        {"name": "x", "age": 1}
    )


def test_what_is_missing_is_told() -> None:
    assert STANDARD.check
    rules = {finding.rule for finding in STANDARD.check({"x": 1})}
    assert {"json-map/title/absent", "json-map/publisher/absent"} <= rules
    with pytest.raises(Unreadable):
        read({"x": 1})
    with pytest.raises(Unreadable):
        read(["title"])


def test_a_mapping_names_its_wrong_line() -> None:
    with pytest.raises(WrongMapping, match=r"mapping\.distribution\.format: a path"):
        parsed({"distribution": {"each": "x", "format": []}})
    with pytest.raises(WrongMapping, match="no object"):
        parsed([])


_LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just('[{"n": 1}]')
_NAME = st.sampled_from(["名称", "部门", "文件", "字段", "n", "标签"])
_ANY = st.recursive(_LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAME, inner, max_size=4), max_leaves=12)


@settings(deadline=None, max_examples=100, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(body=_ANY)
def test_no_record_makes_it_raise(body: Any) -> None:
    made = standard(MAPPING)
    assert made.read and made.check
    list(made.check(body))
    guessed(body)
    try:
        found = made.read(body)
    except Unreadable:
        return
    assert decode(encode(found)) == found


def test_nesting_without_end_is_bounded() -> None:
    deep: Any = "x"
    for _ in range(5_000):
        deep = {"部门": deep, "名称": "x"}
    assert standard(MAPPING).read(deep).title  # type: ignore[misc]
