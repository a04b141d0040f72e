"""The presets for Chinese portals: what they ask is what was recorded of the portals, and what they read is read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from harvesters.json_map import JsonMap
from harvesters.json_map_settings import JsonMapSettings, presets
from metadata.errors import CatalogError
from standards.json_map import STANDARD, standard
from standards.json_map_names import guessed
from tests.harvesters.listings import failure, names, query, sends, walk, web
from tests.hostile.server import Handler, Hostile, says

KIND = "application/x-www-form-urlencoded; charset=UTF-8"
RECORDED = {
    "cn_aba": "sichuan/aba",
    "cn_anhui": "anhui/anhui",
    "cn_athena": "zhejiang/shaoxing",
    "cn_bazhong": "sichuan/bazhong",
    "cn_beijing": "beijing/beijing",
    "cn_chongqing": "chongqing/chongqing",
    "cn_chuzhou": "anhui/chuzhou",
    "cn_dataservice": "sichuan/meishan",
    "cn_exchange_gateway": "sichuan/ganzi",
    "cn_fujian": "fujian/fujian",
    "cn_guangdong": "guangdong/guangdong/dataset",
    "cn_guangyuan": "sichuan/guangyuan",
    "cn_guangzhou": "guangdong/guangzhou",
    "cn_guizhou": "guizhou/guizhou",
    "cn_hainan": "hainan/hainansjj",
    "cn_hangzhou": "zhejiang/hangzhou",
    "cn_hebei": "hebei/hebei",
    "cn_huaian": "jiangsu/huaian",
    "cn_huaibei": "anhui/huaibei",
    "cn_huainan": "anhui/huainan",
    "cn_jiangsu": "jiangsu/jiangsu",
    "cn_jiangxi": "jiangxi/jiangxi",
    "cn_jincheng": "shanxi/jincheng",
    "cn_leshan": "sichuan/leshan",
    "cn_nanchong": "sichuan/nanchong",
    "cn_nantong": "jiangsu/nantong",
    "cn_neijiang": "sichuan/neijiang",
    "cn_neimenggu": "neimenggu/neimenggu",
    "cn_ningbo": "zhejiang/ningbo",
    "cn_odweb": "ningxia/yinchuan",
    "cn_opendata_sz": "guangdong/shenzhen/dataset",
    "cn_shaanxi": "shaanxi/shaanxi",
    "cn_shanghai": "shanghai/shanghai",
    "cn_suzhou": "jiangsu/suzhou",
    "cn_wuhan": "hubei/wuhan",
    "cn_wuhu": "anhui/wuhu",
    "cn_wuxi": "jiangsu/wuxi",
    "cn_xiamen": "fujian/xiamen",
    "cn_xinganmeng": "neimenggu/xinganmeng",
    "cn_yancheng": "jiangsu/yancheng",
    "cn_zhenjiang": "jiangsu/zhenjiang",
    "cn_zhoushan": "zhejiang/zhoushan",
    "cn_zigong": "sichuan/zigong",
}


def folder(corpora: Path) -> Path:
    return corpora / "chinese" / "cnpds-mainland-portals" / "cnpds-metadata"


def members(value: Any) -> set[str]:
    """All names inside a value, in text that is JSON too."""
    if isinstance(value, str) and value[:1] in ("{", "%"):
        value = json.loads(unquote(value).replace(":{},", ":0,"))
    if isinstance(value, dict):
        return {name for key, inner in value.items() for name in (key, *members(inner))}
    return {name for inner in value for name in members(inner)} if isinstance(value, list) else set()


def asked(name: str) -> tuple[str, str, set[str], str]:
    """Method, path, names of parameters and members, and the media type of a preset's first request."""
    with Hostile({}) as server, web() as client, pytest.raises(CatalogError):
        list(JsonMap(server.url, JsonMapSettings(preset=name)).batches(client, None))
    path, headers = server.asked[0]
    body = server.server.bodies[0] if server.server.bodies else b""
    found = set(parse_qs(urlsplit(path).query, keep_blank_values=True))
    kind = headers.get("content-type", "")
    if "json" in kind:
        found |= members(json.loads(body))
    elif body[:1] in (b"{", b"%"):
        found |= members(body.decode())
    else:
        form = parse_qs(body.decode(), keep_blank_values=True)
        found |= set(form).union(*(members(values[0]) for values in form.values()))
    return "POST" if body or kind else "GET", urlsplit(path).path, found, kind


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_preset_asks_what_was_recorded(name: str, corpora: Path) -> None:
    recorded: Any = json.loads((folder(corpora) / "crawler" / "data" / "curl.json").read_text())
    province, city, *inside = RECORDED[name].split("/")
    recorded = recorded[province][city]["resultList"]
    for step in inside:
        recorded = recorded[step]
    method, path, found, kind = asked(name)
    assert path == urlsplit(recorded["url"]).path.replace("//", "/")
    sent = [recorded[part] for part in ("queries", "params", "data", "jsonData") if part in recorded]
    known = {each for part in sent for each in members(part)} | set(parse_qs(urlsplit(recorded["url"]).query, True))
    assert found <= known, f"never recorded: {found - known}"
    assert method == recorded.get("method", "get").upper() or not recorded.get("data")
    told = str({key.lower(): value for key, value in recorded.get("headers", {}).items()}.get("content-type", ""))
    if told and method == "POST":
        assert ("json" in kind) == ("json" in told)


def test_every_preset_is_compared_or_said_not_to_be() -> None:
    assert set(presets()) - set(RECORDED) == {"cn_tianjin"}  # one fixed document
    for name, preset in presets().items():
        assert preset.title["zh"] and preset.title["en"] and preset.path.startswith("/")
        JsonMapSettings(preset=name).filled().mapped()


_MEANT = {
    "title": "title",
    "department": "publisher",
    "description": "description",
    "category": "theme",
    "industry": "theme",
    "tags": "keyword",
    "publish_time": "issued",
    "update_time": "modified",
    "update_frequency": "frequency",
    "telephone": "contact.phone",
    "email": "contact.email",
    "data_formats": "distribution",
    "url": "landing_page",
    "is_open": "openness",
}
_OTHERWISE = {"共享方式": "sharing", "开放条件": "openness.condition", "开放条件：": "openness.condition"}
_AMBIGUOUS = {"数据下载", "资源类型", "数据类型", "resourceType"}  # a format here, a kind there


def test_the_names_of_the_mainland_portals_are_known(corpora: Path) -> None:
    recorded = json.loads((folder(corpora) / "db-writer" / "data" / "field_mapping.json").read_text())["common"]
    wrong = {}
    for label, field in recorded.items():
        if field == "data_volume" or label in _AMBIGUOUS:
            continue
        made = guessed({label: "x"})
        if _OTHERWISE.get(label, _MEANT[field]) not in made:
            wrong[label] = (field, made)
    assert not wrong and len(recorded) > 150


def serving(name: str, listing: Any, detail: Any = None) -> Iterator[Any]:
    """The datasets that a preset makes of a portal that answers so."""
    settings = JsonMapSettings(preset=name).filled()
    detail_path = urlsplit(settings.detail_url).path.partition("{")[0].rstrip("/")

    def details(handler: Handler) -> None:
        sends(handler, detail(handler))

    behaviours = {presets()[name].path.partition("?")[0]: listing}
    with Hostile(behaviours) as server:
        if detail:
            server.server.behaviours[detail_path] = details
            server.server.behaviours.update(
                {f"{detail_path}/{key}{tail}": details for key in ("a", "b", "c") for tail in ("", "/")}
            )
        batches = walk(JsonMap, server.url, {"preset": name})
    read = standard(settings.mapping).read if settings.mapping else STANDARD.read
    assert read
    yield from (read(record.body) for batch in batches for record in batch.records)


def test_guizhou_is_read_with_details() -> None:
    def listing(handler: Handler) -> None:
        said = json.loads(handler.body)
        page = [{"id": key, "resourceFormats": ["xls", "api"]} for key in "abc"][(said["pageIndex"] - 1) * 12 :]
        sends(handler, {"total": 3, "data": page})

    def detail(handler: Handler) -> Any:
        key = json.loads(handler.body)["id"]
        told = {"name": f"公交站点{key}", "orgName": "市交通局", "openAttribute": 1, "createTime": 1_600_000_000_000}
        return {"data": {**told, "topicName": "交通运输", "industryName": "交通", "description": "站点位置"}}

    first, *rest = serving("cn_guizhou", listing, detail)
    assert len(rest) == 2 and first.identifier == "a" and first.title == {"zh": "公交站点a"}
    assert first.publisher and first.publisher.name == {"zh": "市交通局"} and first.issued.startswith("2020-09-13")
    assert first.openness and first.openness.kind == "conditional" and len(first.theme) == 2
    assert [way.format.code for way in first.distribution if way.format] == ["XLS", "REST"] or len(first.distribution) == 2


def test_shenzhen_is_read_through_json_in_a_string() -> None:
    def listing(handler: Handler) -> None:
        assert handler.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
        page = [{"resId": key} for key in "abc"] if query(handler)["pageNo"] == "1" else []
        sends(handler, {"dataList": json.dumps({"list": page, "pageSize": 6})})

    def detail(handler: Handler) -> Any:
        told = {"resTitle": f"目录{query(handler)['resId']}", "officeName": "市规划局", "openLevelName": "无条件开放"}
        return {
            **told,
            "updateCycle": "每月",
            "sourceSuffix": "xls,json",
            "publishDate": "2024-05-03 10:00:00",
            "phone": "0755-1",
        }

    first, *_ = serving("cn_opendata_sz", listing, detail)
    assert first.title == {"zh": "目录a"} and first.openness and first.openness.kind == "open"
    assert first.accrual_periodicity and first.accrual_periodicity.code == "MONTHLY"
    assert [way.format.code for way in first.distribution if way.format] == ["XLS", "JSON"]
    assert first.contact_point[0].phone == "0755-1" and first.issued.startswith("2024-05-03")


def test_jiangsu_is_asked_in_percent_encoded_json() -> None:
    def listing(handler: Handler) -> None:
        said = json.loads(unquote(handler.body.decode()))
        assert said["params"]["pageSize"] == "15" and said["token"] is None
        page = [{"rowGuid": key, "tag": [{"name": "其他"}, {"name": "XLS"}]} for key in "abc"]
        sends(handler, {"custom": {"resultList": page if said["params"]["currentPage"] == 1 else [], "total": "3"}})

    def detail(handler: Handler) -> Any:
        key = json.loads(unquote(handler.body.decode()))["params"]["rowGuid"]
        return {"custom": {"resourcesName": f"资源{key}", "provideDepartName": "省水利厅", "updateFrequency": "每年"}}

    first, *rest = serving("cn_jiangsu", listing, detail)
    assert len(rest) == 2 and first.title == {"zh": "资源a"} and first.publisher.name == {"zh": "省水利厅"}
    assert first.accrual_periodicity.code == "ANNUAL"


def test_hangzhou_jincheng_wuhu_and_chongqing_are_read() -> None:
    def hangzhou(handler: Handler) -> None:
        number = json.loads(query(handler)["postData"])["pageSplit"]["pageNumber"]
        told = {"id": "a", "source_name": "停车场", "private_dept": "市城管局", "open_level": 3, "source_type": "TABLE"}
        sends(handler, {"total": 1, "rows": [told] if number == 1 else []})

    (dataset,) = serving("cn_hangzhou", hangzhou)
    assert dataset.title == {"zh": "停车场"} and dataset.openness.kind == "open"

    def jincheng(handler: Handler) -> None:
        told = {"id": "a", "catalogName": "企业名录", "deptName": "市场监管局"}
        sends(handler, {"jsonStr": json.dumps({"obj": {"pagingList": [told], "totalPages": 1}})})

    (dataset,) = serving("cn_jincheng", jincheng)
    assert dataset.identifier == "a" and dataset.publisher.name == {"zh": "市场监管局"}

    def wuhu(handler: Handler) -> None:
        told = {
            "id": 7,
            "datasetName": "学校",
            "openType": "1",
            "dataUpdateFrequency": "4",
            "fileList": [{"fileType": "a.csv"}],
        }
        sends(handler, json.dumps({"allPage": 1, "smcDataSetList": [told]}))

    (dataset,) = serving("cn_wuhu", wuhu)
    assert dataset.identifier == "7" and dataset.openness.kind == "open" and dataset.accrual_periodicity.code == "MONTHLY"

    def chongqing(handler: Handler) -> None:
        asked_for = json.loads(handler.body)["variables"]["input"]
        told = {
            "id": "a",
            "resourceName": "医院",
            "organizationName": "市卫健委",
            "tags": {"TOPIC": ["卫生"], "INDUSTRY": ["医疗"]},
        }
        page = [told][asked_for["offset"] : asked_for["offset"] + asked_for["limit"]]
        sends(handler, {"data": {"result": {"total": 1, "data": page}}})

    (dataset,) = serving("cn_chongqing", chongqing)
    assert dataset.landing_page == "https://data.cq.gov.cn/rop/assets/detail?resId=a" and len(dataset.theme) == 2


def test_a_preset_is_changed_by_what_is_set_beside_it() -> None:
    settings = JsonMapSettings(preset="cn_guizhou", body={"divisionId": "520100"}, page_size=50).filled()
    assert settings.body["divisionId"] == "520100" and settings.body["orderBy"] == 0 and settings.page_size == 50
    assert JsonMap("https://data.example.gov.cn/", JsonMapSettings(preset="cn_guizhou")).url.endswith("ListByParams")
    own = "https://data.example.gov.cn/other/list"
    assert JsonMap(own, JsonMapSettings(preset="cn_guizhou")).url == own


def test_a_portal_that_answers_with_a_page_fails() -> None:
    with Hostile({presets()["cn_athena"].path: says(b"<html><title>WAF</title></html>")}) as server:
        given, error = failure(JsonMap, server.url, {"preset": "cn_athena"})
    assert given == [] and "WAF" in str(error)


def test_names_are_those_of_the_batches() -> None:
    with Hostile(
        {presets()["cn_tianjin"].path: says(json.dumps({"dataList": [{"href": "/a", "title": "x"}]}).encode())}
    ) as server:
        assert names(walk(JsonMap, server.url, {"preset": "cn_tianjin"})) == [None]


def test_the_table_of_presets_is_the_folders() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "protocols" / "json_map.md").read_text()
    for name, preset in presets().items():
        assert f"| `{name}` | {preset.title['zh']} | `{preset.path}` |" in page, f"docs/protocols/json_map.md lacks {name}"
    assert page.count("| `cn_") == len(presets())
