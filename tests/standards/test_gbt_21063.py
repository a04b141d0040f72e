"""GB/T 21063.3 core metadata: reading, writing, checking and repairing, in JSON and XML; every rule once."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.model import Agent, Coded, DataService, Dataset, Distribution, decode, encode
from standards.base import Unreadable
from standards.cn_nodes import records
from standards.gbt_21063 import STANDARD, check, read, recognises, repair, write
from standards.gbt_21063_elements import ELEMENTS
from standards.gbt_21063_rules import RULES
from standards.gbt_21063_xml import document, element_body
from standards.table import STANDARDS

CASES = sorted(Path(__file__).with_name("cases").joinpath("gbt_21063").glob("*.json"))
SOUND: dict[str, Any] = {
    "mdId": "metadata_20-1",
    "resTitle": "青川市矿产资源规划",
    "pubDate": "2008-03-01",
    "abstract": "全市矿产资源的分布和规划",
    "IdPoC": [{"rpOrgName": "青川市自然资源局", "cntAdd": "河西路 1 号"}, {"rpOrgName": {"en": "Survey Office"}}],
    "DescKeys": [{"keyword": ["矿产", "规划"]}],
    "TpCat": [
        {"cateStd": "主题分类", "cateName": "矿藏", "cateCode": "ZCC00"},
        {"cateStd": "行业分类", "cateName": "采矿业", "cateCode": "B"},
    ],
    "onLineSrc": ["https://a.example/plan.csv", "https://a.example/plan"],
    "resID": "11000/A00034VG345",
    "ServInfo": {"servURL": "https://a.example/api", "servType": "目录服务"},
    "MdContact": [{"rpOrgName": "青川市数据中心", "cntAdd": "河西路 2 号"}],
    "mdDateUpd": "2009-05-12",
    "custom": {"a": [1, None]},
}


def test_six_elements_are_mandatory_and_six_are_not() -> None:
    assert len(ELEMENTS) == 12 and sum(1 for element in ELEMENTS if element.mandatory) == 6


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_reads_and_is_checked_as_written_down(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    body = case["xml"].encode() if "xml" in case else case["body"]
    assert json.loads(encode(read(body))) == case["dataset"]
    assert [[one.rule, one.path] for one in check(body)] == case["findings"]
    assert recognises(body)


def test_a_sound_record_has_no_findings_and_comes_back_in_both_forms() -> None:
    assert list(check(SOUND)) == [] and recognises(SOUND)
    assert write(read(SOUND)) == SOUND and list(write(read(SOUND))) == list(SOUND)
    xml = element_body(SOUND)
    assert read(xml) == read(SOUND) and list(check(xml)) == [] and recognises(xml)
    both = b"".join(document([SOUND, SOUND | {"resTitle": "别的"}]))
    assert [read(each).title for each in records(both)] == [{"zh": "青川市矿产资源规划"}, {"zh": "别的"}]
    assert not recognises(both)


def test_elements_go_by_three_names() -> None:
    english = {
        "metadataIdentifier": "1",
        "resourceTitle": "甲",
        "resourceID": "11000/1",
        "pointOfContact": {"organisationName": "局"},
    }
    chinese = {
        "元数据标识符": "1",
        "信息资源名称": "甲",
        "信息资源标识符": "11000/1",
        "信息资源提供方": {"信息资源提供单位": "局"},
    }
    assert read(english) == read(chinese) and recognises(english) and recognises(chinese)
    xml = "<m:a xmlns:m='urn:x'><m:RESTITLE>甲</m:RESTITLE><m:resid>11000/1</m:resid><m:mdID>1</m:mdID></m:a>".encode()
    assert read(xml).identifier == "11000/1" and recognises(xml)


def test_what_it_says_of_the_metadata_is_kept_beside() -> None:
    found = read(SOUND)
    assert found.identifier == "11000/A00034VG345" and found.publisher == Agent(
        name={"zh": "青川市自然资源局"}, extra={"cntAdd": "河西路 1 号"}
    )
    assert {name: found.extra[name] for name in ("mdId", "mdDateUpd")} == {"mdId": "metadata_20-1", "mdDateUpd": "2009-05-12"}
    assert found.theme[0] == Coded(scheme="gbt-21063.4/theme", code="ZCC00", label={"zh": "矿藏"})
    assert found.distribution == (
        Distribution(download_url="https://a.example/plan.csv"),
        Distribution(access_url="https://a.example/plan"),
    )


def test_keywords_keep_their_thesaurus() -> None:
    body = SOUND | {"DescKeys": [{"keyword": ["矿产"], "thesaName": "地学叙词表"}, {"keyword": ["mine", "规划"]}]}
    assert read(body).keyword == {"zh": ("矿产", "规划"), "und": ("mine",)}
    assert write(read(body)) == body and read(element_body(body)) == read(body)


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("mdId/required", {"mdId": ""}, "/mdId"),
    ("mdId/form", {"mdId": "a:b"}, "/mdId"),
    ("resTitle/required", {"resTitle": None}, "/resTitle"),
    ("abstract/required", {"abstract": " "}, "/abstract"),
    ("IdPoC/required", {"IdPoC": []}, "/IdPoC"),
    ("IdPoC/rpOrgName", {"IdPoC": [{"cntAdd": "河西路"}]}, "/IdPoC/0/cntAdd"),
    ("TpCat/required", {"TpCat": None}, "/TpCat"),
    ("TpCat/parts", {"TpCat": [{"cateStd": "主题分类", "cateName": "矿藏"}]}, "/TpCat/0/cateStd"),
    ("TpCat/cateStd", {"TpCat": [{"cateStd": "颜色", "cateName": "红", "cateCode": "1"}]}, "/TpCat/0/cateStd"),
    ("TpCat/cateCode", {"TpCat": [{"cateStd": "主题分类", "cateName": "矿藏", "cateCode": "12"}]}, "/TpCat/0/cateCode"),
    ("resID/required", {"resID": None}, "/resID"),
    ("resID/form", {"resID": "307001/0012"}, "/resID"),
    ("pubDate/form", {"pubDate": "2008/3/1"}, "/pubDate"),
    ("pubDate/form", {"pubDate": "2008-02-30"}, "/pubDate"),
    ("mdDateUpd/form", {"mdDateUpd": "20090512"}, "/mdDateUpd"),
    ("mdDateUpd/before", {"mdDateUpd": "2001-01-01"}, "/mdDateUpd"),
    ("DescKeys/keyword", {"DescKeys": [{"thesaName": "表"}]}, "/DescKeys/0/thesaName"),
    ("onLineSrc/form", {"onLineSrc": ["www a"]}, "/onLineSrc/0"),
    ("ServInfo/parts", {"ServInfo": {"servURL": "https://a.example/"}}, "/ServInfo/servURL"),
    ("MdContact/rpOrgName", {"MdContact": [{"cntAdd": "河西路"}]}, "/MdContact/0/cntAdd"),
    ("element/repeated", {"abstract": ["一", "二"]}, "/abstract/1"),
]


@pytest.mark.parametrize(("rule", "change", "path"), BROKEN, ids=[each[0] for each in BROKEN])
def test_each_rule_finds_what_it_is_for(rule: str, change: dict[str, Any], path: str) -> None:
    found = [(one.rule, one.path) for one in check({**SOUND, **change})]
    assert found == [(f"gbt-21063/{rule}", path)]


def test_the_identifier_of_the_metadata_comes_first() -> None:
    xml = element_body({name: SOUND[name] for name in reversed(SOUND)})
    assert [one.rule for one in check(xml)] == ["gbt-21063/mdId/first"]


def test_every_rule_is_tried() -> None:
    own = {rule_id for rule_id in RULES if rule_id.startswith("gbt-21063/")}
    assert own == {f"gbt-21063/{rule}" for rule, _, _ in BROKEN} | {"gbt-21063/mdId/first"}


def test_repairs() -> None:
    body = SOUND | {"resID": "29200_01103512", "pubDate": "2008年3月1日", "onLineSrc": [" https://a.example/a b"]}
    before = copy.deepcopy(body)
    mended, done = repair(body)
    assert body == before and list(check(mended)) == []
    assert (mended["resID"], mended["pubDate"], mended["onLineSrc"]) == (
        "29200/01103512",
        "2008-03-01",
        ["https://a.example/a%20b"],
    )
    assert {one.path for one in done} == {"/resID", "/pubDate", "/onLineSrc/0"} and not any(one.filled for one in done)
    xml, done = repair(element_body(body))
    assert list(check(xml)) == [] and len(done) == 3


@pytest.mark.parametrize(
    "body", [None, 5, "x", [], {}, b"", b"<a><b></a>", {"resTitle": ""}, {"sheet": "", "row": 1, "cells": []}]
)
def test_what_cannot_be_a_resource_says_why(body: Any) -> None:
    with pytest.raises(Unreadable) as raised:
        read(body)
    assert raised.value.finding.rule in RULES and not recognises(body)
    assert any(one.severity == "error" for one in check(body)) and repair(body) == (body, [])


def test_other_standards_are_not_taken_for_it() -> None:
    assert not recognises({"信息资源名称": "甲", "信息资源代码": "307001/1", "信息资源摘要": "乙", "共享类型": "无条件共享"})
    assert not recognises({"title": "x", "abstract": "y", "keyword": ["z"], "identifier": "1"})
    assert "gbt_21063" in STANDARDS and STANDARD.name == "gbt_21063"


_ZH = st.text("甲乙丙丁市矿产", min_size=1, max_size=8)
_TEXT = st.one_of(
    _ZH.map(lambda words: {"zh": words}), st.builds(lambda zh: {"en": "Plan <&>", "zh": zh}, _ZH), st.just({"en": "Plan"})
)
_THEME = st.builds(
    Coded,
    scheme=st.sampled_from(
        ["gbt-21063.4/theme", "gbt-21063.4/industry", "gbt-21063.4/service", "gbt-21063.4/form", "本地分类"]
    ),
    code=st.from_regex(r"[A-Z0-9]{1,5}", fullmatch=True),
    label=_ZH.map(lambda words: {"zh": words}),
)
_DATASETS = st.builds(
    Dataset,
    identifier=st.from_regex(r"[0-9A-Z]{5}/[0-9A-Za-z]{1,9}", fullmatch=True),
    title=_TEXT,
    description=st.just({}) | _TEXT,
    publisher=st.builds(Agent, name=_TEXT, extra=st.just({}) | st.just({"cntAdd": "河西路"})),
    creator=st.lists(st.builds(Agent, name=_TEXT), max_size=2).map(tuple),
    keyword=st.lists(_ZH, max_size=3, unique=True).map(lambda words: {"zh": tuple(words), "en": ("a b",)} if words else {}),
    theme=st.lists(_THEME, max_size=3).map(tuple),
    classification=st.none() | st.just(Coded(scheme="cn-2017", code="307001", label={"zh": "交通"})),
    issued=st.none() | st.dates().map(lambda day: day.isoformat()),
    distribution=st.lists(
        st.sampled_from(
            [Distribution(download_url="https://a.example/x.csv"), Distribution(access_url="https://a.example/;y")]
        ),
        max_size=3,
    ).map(tuple),
    service=st.just(()) | st.just((DataService(endpoint_url=("https://a.example/api",), extra={"servType": "接口"}),)),
    extra=st.dictionaries(
        st.sampled_from(["custom", "备注", "a b", ""]), st.integers(0, 9) | st.lists(st.integers(0, 3), max_size=2)
    ),
)


@settings(max_examples=60, deadline=None)
@given(_DATASETS)
def test_what_is_written_reads_the_same(dataset: Dataset) -> None:
    expected = decode(encode(dataset))
    kept = {name: value for name, value in expected.extra.items() if name}
    for form in (write(dataset), element_body(write(dataset))):
        found = read(form)
        assert {name: value for name, value in found.extra.items() if name} == kept
        for name in (
            "identifier",
            "title",
            "description",
            "publisher",
            "creator",
            "keyword",
            "theme",
            "classification",
            "issued",
            "distribution",
            "service",
        ):
            assert getattr(found, name) == getattr(expected, name), name
