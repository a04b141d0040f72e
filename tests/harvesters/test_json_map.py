"""JSON list APIs by settings alone: ways of asking, paging, success inside answers, details, odd shapes, the guess."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pydantic import ValidationError

from harvesters.base import Found, Seen
from harvesters.json_map import JsonMap
from harvesters.web import Web
from metadata.errors import NotData, Refused, Unreachable
from standards.json_map import STANDARD
from tests.contract.stages.json_map import stage
from tests.harvesters.listings import Query, answers, asked, failure, names, query, sends, walk
from tests.hostile.server import Behaviour, Handler, Hostile, in_turn, says

MAPPING = {"title": "title", "identifier": "id"}


def rows(count: int = 23) -> list[dict[str, Any]]:
    return [{"id": f"id-{n:04}", "title": f"公交站点 {n}", "dept": "市交通局"} for n in range(count)]


def ids(*numbers: int) -> list[str]:
    return [f"id-{number:04}" for number in numbers]


def pages(given: Query, page: str = "page", size: str = "size", first: int = 1) -> list[dict[str, Any]]:
    number, length = int(given.get(page, first)) - first, int(given.get(size, 10))
    return rows()[number * length : (number + 1) * length]


def harvested(behaviour: Behaviour, **settings: Any) -> list[str | None]:
    with Hostile({"/list": behaviour}) as server:
        return names(walk(JsonMap, f"{server.url}/list", {"mapping": MAPPING, **settings}))


SIZED = {"size_param": "size", "page_size": 5}


def test_pages_by_number_from_one_and_from_zero() -> None:
    for first in (0, 1):
        serve = answers(partial(pages, first=first))
        assert harvested(serve, first_page=first, **SIZED) == ids(*range(23))


def test_offsets_tokens_and_links() -> None:
    def by_offset(given: Query) -> Any:
        start = int(given["from"])
        return {"rows": rows()[start : start + 7], "n": "23"}

    def by_token(given: Query) -> Any:
        start = int(given.get("after") or 0)
        return {"rows": rows()[start : start + 7], "next": start + 7 if start + 7 < 23 else None}

    assert harvested(answers(by_offset), paging="offset", page_param="from", list_at="rows", total_at="n") == ids(*range(23))
    token = {"paging": "token", "page_param": "after", "list_at": "rows", "next_at": "next"}
    assert harvested(answers(by_token), **token) == ids(*range(23))


@pytest.mark.parametrize("where", ["answer", "header"])
def test_next_links(where: str) -> None:
    def serve(handler: Handler) -> None:
        start = int(query(handler).get("start", 0))
        following = f"/list?start={start + 10}" if start + 10 < 23 else None
        body: Any = {"items": rows()[start : start + 10], "links": {"next": following}}
        if where == "answer":
            sends(handler, body)
            return
        link = {"Link": f'</list?start=0>; rel="first", <{following}>; rel="next"'} if following else {}
        says(json.dumps(body).encode(), headers=link)(handler)

    settings = {"paging": "link", "list_at": "items", **({"next_at": "links.next"} if where == "answer" else {})}
    assert harvested(serve, **settings) == ids(*range(23))


def test_a_link_to_another_host_is_refused() -> None:
    body = {"items": rows(3), "next": "http://elsewhere.example/list"}
    with Hostile({"/list": answers(lambda _: body)}) as server:
        given, error = failure(JsonMap, f"{server.url}/list", {"paging": "link", "list_at": "items", "next_at": "next"})
    assert given == [] and isinstance(error, Refused) and "another host" in str(error)


def test_one_answer_without_paging_and_its_total() -> None:
    assert harvested(answers(lambda _: rows(5)), paging="none") == ids(*range(5))
    with Hostile({"/list": answers(lambda _: {"list": rows(5), "total": 49})}) as server:
        _, error = failure(JsonMap, f"{server.url}/list", {"paging": "none", "list_at": "list", "total_at": "total"})
    assert "ended early: 5 of 49" in str(error)


def test_the_number_of_pages_is_heeded() -> None:
    def serve(given: Query) -> Any:
        return {"page": {"list": pages(given), "pages": "5"}}

    assert harvested(answers(serve), list_at="page.list", pages_at="page.pages", **SIZED) == ids(*range(23))

    def short(given: Query) -> Any:
        return {"list": pages(given) if int(given["page"]) < 3 else [], "pages": 5}

    with Hostile({"/list": answers(short)}) as server:
        given, error = failure(
            JsonMap, f"{server.url}/list", {"list_at": "list", "pages_at": "pages", "mapping": MAPPING, **SIZED}
        )
    assert given == ids(*range(10)) and "ended early" in str(error)


BODIES: list[tuple[str, dict[str, Any], Callable[[bytes], Any]]] = [
    ("json", {"a": [1], "page": {"no": 0}}, json.loads),
    ("json_text", {"page": {"no": 0}}, json.loads),
    ("json_quoted", {"page": {"no": 0}}, lambda raw: json.loads(unquote(raw.decode()))),
]


@pytest.mark.parametrize(("form", "body", "parse"), BODIES)
def test_bodies_in_json_with_the_page_inside(form: str, body: dict[str, Any], parse: Callable[[bytes], Any]) -> None:
    def serve(handler: Handler) -> None:
        said = parse(handler.body)
        assert handler.command == "POST"
        sends(handler, pages({"page": str(said["page"]["no"]), "size": str(said["size"])}))

    got = harvested(serve, method="POST", body=body, body_as=form, page_param="page.no", **SIZED)
    assert got == ids(*range(23))


def test_an_object_in_a_form_is_json_text_and_text_stays_text() -> None:
    def serve(handler: Handler) -> None:
        split = json.loads(query(handler)["postData"])["pageSplit"]
        assert isinstance(split["no"], int) and query(handler)["mark"] == "是"
        sends(handler, pages({"page": str(split["no"]), "size": str(split["size"])}))

    body = {"postData": {"pageSplit": {}}, "mark": "是"}
    paging = {"page_param": "postData.pageSplit.no", "size_param": "postData.pageSplit.size", "page_size": 5}
    assert harvested(serve, method="POST", body=body, **paging) == ids(*range(23))

    def textual(handler: Handler) -> None:
        said = json.loads(handler.body)
        assert said["page"] in {"1", "2", "3", "4", "5", "6"}
        sends(handler, pages({"page": said["page"], "size": "5"}))

    assert harvested(textual, method="POST", body={"page": "1"}, body_as="json", **SIZED) == ids(*range(23))


def test_paging_in_the_query_of_a_post_in_both_places_and_by_names_with_dots() -> None:
    def in_query(handler: Handler) -> None:
        sends(handler, pages(query(handler)))

    assert harvested(in_query, method="POST", paging_in="query", **SIZED) == ids(*range(23))

    def in_both(handler: Handler) -> None:
        assert int(query(handler)["page"]) == json.loads(handler.body)["page"]
        sends(handler, pages(query(handler)))

    assert harvested(in_both, method="POST", paging_in="both", body_as="json", **SIZED) == ids(*range(23))
    dotted = answers(lambda given: pages(given, page="page.pageNo"))
    assert harvested(dotted, page_param="/page.pageNo", **SIZED) == ids(*range(23))


def test_headers_are_sent() -> None:
    with Hostile({"/list": answers(lambda _: rows(1))}) as server:
        walk(JsonMap, f"{server.url}/list", {"paging": "none", "headers": {"X-Requested-With": "XMLHttpRequest"}})
        assert server.asked[0][1]["x-requested-with"] == "XMLHttpRequest"


@pytest.mark.parametrize(
    ("success", "answer", "words"),
    [
        ("code == 200", {"code": 500, "msg": "系统繁忙"}, "500 系统繁忙"),
        ("code == 200 | 0", {"code": "-1", "message": "签名错误"}, "签名错误"),
        ("success == true", {"success": False, "data": []}, "false"),
        ("status != error", {"status": "error"}, "error"),
        ("", {"success": False, "message": "no"}, "no"),
        ("", {"error": {"message": "denied"}}, "denied"),
    ],
)
def test_an_error_inside_200_fails_the_run(success: str, answer: Any, words: str) -> None:
    serve = in_turn(answers(lambda given: {"code": 200, "success": True, "data": pages(given)}), answers(lambda _: answer))
    with Hostile({"/list": serve}) as server:
        settings = {"list_at": "data", "success": success, "mapping": MAPPING, **SIZED}
        given, error = failure(JsonMap, f"{server.url}/list", settings)
    assert given == ids(*range(5)) and isinstance(error, NotData) and words in str(error)


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (says(b"<!doctype html><title>\xe7\x99\xbb\xe5\xbd\x95</title>"), NotData, "登录"),
        (says(b'{"data": {"rows": []}}'), NotData, "no list at `data.list`"),
        (says(b'{"data": {"list": [1, 2'), NotData, "not JSON"),
        (says(b'{"data": {"list": [], "total": "many"}}'), NotData, "no number at `data.total`"),
        (says(b"", 503), Unreachable, "503"),
    ],
)
def test_an_answer_that_is_no_page_says_why(behaviour: Behaviour, kind: type[Exception], words: str) -> None:
    with Hostile({"/list": behaviour}) as server:
        given, error = failure(JsonMap, f"{server.url}/list", {"list_at": "data.list", "total_at": "data.total"})
    assert given == [] and isinstance(error, kind) and words in str(error)


def test_no_rows_as_null_are_no_rows() -> None:
    serve = answers(lambda given: {"list": pages(given) or None})
    assert harvested(serve, list_at="list", **SIZED) == ids(*range(23))


def test_json_in_strings_and_answers_that_are_one_string() -> None:
    inside = answers(lambda given: {"dataList": json.dumps({"list": pages(given)})})
    assert harvested(inside, list_at="dataList.list", **SIZED) == ids(*range(23))
    whole = answers(lambda given: json.dumps({"list": pages(given)}))
    assert harvested(whole, list_at="list", **SIZED) == ids(*range(23))


def test_pages_in_gbk_are_read() -> None:
    def serve(handler: Handler) -> None:
        sends(handler, json.dumps(pages(query(handler)), ensure_ascii=False).encode("gbk"), kind="application/json;charset=GBK")

    with Hostile({"/list": serve}) as server:
        batches = walk(JsonMap, f"{server.url}/list", {"mapping": MAPPING, **SIZED})
    assert names(batches) == ids(*range(23)) and batches[0].records[0].body["dept"] == "市交通局"


def test_details_are_asked_for_and_stand_in_the_record() -> None:
    def details(handler: Handler) -> None:
        identifier = json.loads(handler.body)["id"]
        if identifier == "id-0002":
            says(b"", 404)(handler)
            return
        sends(handler, {"code": 200, "data": {"summary": f"摘要 {identifier}", "files": [{"url": "https://a.example/x.csv"}]}})

    settings = {
        "list_at": "list",
        "success": "code == 200",
        "detail_url": "/detail",
        "detail_method": "POST",
        "detail_body_as": "json",
        "detail_body": {"id": "{id}"},
        "detail_at": "data",
        "mapping": {
            "title": "title",
            "identifier": "id",
            "description": "_detail.summary",
            "distribution": {"each": "_detail.files", "download_url": "url"},
        },
        **SIZED,
    }
    listing = answers(lambda given: {"code": 200, "list": pages(given)})
    with Hostile({"/list": listing, "/detail": details}) as server:
        batches = walk(JsonMap, f"{server.url}/list", settings)
    records = [record for batch in batches for record in batch.records]
    read = JsonMap("http://a.example/list", JsonMap.Settings(**settings)).standards()["json_map"].read
    assert [record.identifier for record in records] == ids(*range(23)) and read
    first, gone = read(records[0].body), read(records[2].body)
    assert first.description == {"zh": "摘要 id-0000"} and first.distribution[0].format
    assert gone.description == {} and "_detail" not in records[2].body


def test_details_that_fail_fail_the_run() -> None:
    listing = answers(lambda _: {"code": 200, "list": rows(3)})
    with Hostile({"/list": listing, "/detail": answers(lambda _: {"code": 500, "msg": "坏了"})}) as server:
        settings = {"list_at": "list", "success": "code == 200", "detail_url": "/detail?id={id}", "paging": "none"}
        given, error = failure(JsonMap, f"{server.url}/list", settings)
    assert given == [] and "坏了" in str(error)


def test_details_at_a_host_that_the_item_names_are_not_asked_for() -> None:
    with Hostile({"/x": answers(lambda _: {"a": 1})}) as other:
        listing = answers(lambda _: [{"id": "a", "title": "x", "link": f"{other.url}/x"}])
        with Hostile({"/list": listing}) as server:
            own = {"paging": "none", "headers": {"X-Key": "secret"}, "detail_url": "{link}"}
            (record,) = walk(JsonMap, f"{server.url}/list", own)[0].records
            assert "_detail" not in record.body and other.asked == []
            given = {**own, "detail_url": f"{other.url}/x?id={{id}}"}
            assert walk(JsonMap, f"{server.url}/list", given)[0].records[0].body["_detail"] == {"a": 1}


def test_odd_items_are_given_as_they_are() -> None:
    with Hostile({"/list": answers(lambda _: ["text", None, 7, {"id": 5, "title": "x"}])}) as server:
        batches = walk(JsonMap, f"{server.url}/list", {"paging": "none", "detail_url": "/d?x={nothing}"})
    assert names(batches) == [None, None, None, "5"] and batches[0].records[0].body == "text"


def test_it_goes_on_from_every_page() -> None:
    with stage(Path()) as (url, settings):
        batches = walk(JsonMap, url, settings)
        for number, batch in enumerate(batches):
            assert names(batches[: number + 1]) + names(walk(JsonMap, url, settings, batch.resume)) == ids(*range(23))


def test_a_row_deleted_on_the_way_hides_none() -> None:
    held = rows(40)

    def serve(handler: Handler) -> None:
        given = query(handler)
        if given["page"] == "2":
            held[:] = [row for row in held if row["id"] not in {"id-0001", "id-0002"}]
        number = int(given["page"]) - 1
        sends(handler, {"list": held[number * 10 : number * 10 + 10], "total": len(held)})

    got = harvested(serve, list_at="list", total_at="total", size_param="size", page_size=10)
    assert len(got) == len(set(got)) and set(got) >= {row["id"] for row in held}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mapping": {"titel": "x"}}, r"mapping\.titel: there is no such field"),
        ({"mapping": {"title": ""}}, r"mapping\.title: a path is empty"),
        ({"mapping": {"title": "a..b"}}, r"mapping\.title: a path has an empty step"),
        ({"mapping": {"landing_page": "https://x/{id"}}, r"mapping\.landing_page: the braces"),
        ({"mapping": {"distribution": {"title": "x"}}}, r"mapping\.distribution: it is no object with `each`"),
        ({"mapping": {"distribution": {"each": "x", "href": "y"}}}, r"mapping\.distribution\.href: there is no such field"),
        ({"mapping": {"title": {"at": "x", "valeus": {}}}}, r"mapping\.title: unknown member 'valeus'"),
        ({"mapping": {"title": 7}}, r"mapping\.title: a path is a text"),
        ({"mapping": "{title"}, "no JSON object"),
        ({"success": "code = 200"}, r"success: write"),
        ({"list_at": "a..b"}, r"list_at: a path has an empty step"),
        ({"detail_url": "/d?id={id"}, r"detail_url: the braces"),
        ({"detail_body": {"a": {"b": "{x"}}}, r"detail_body: the braces"),
        ({"preset": "atlantis"}, r"preset: there is no preset 'atlantis'"),
        ({"headers": {"bad name": "x"}}, r"headers: 'bad name'"),
        ({"paging": "token"}, r"next_at: paging by token"),
        ({"page_param": ""}, r"page_param: paging by page"),
        ({"first_page": 2}, "first_page"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_when_saved_and_named(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        JsonMap.Settings(**settings)


def test_a_mapping_typed_as_text_is_taken() -> None:
    assert JsonMap.Settings(mapping='{"title": "名称"}') == JsonMap.Settings(mapping={"title": "名称"})


def guess(body: Any, url: str = "https://a.example/list") -> Found | None:
    return JsonMap.recognises(Seen(url, url, 200, "application/json", {}, json.dumps(body).encode(), True))


def test_the_guess_finds_list_total_paging_and_names() -> None:
    items = [{"资源名称": "公交站点", "来源部门": "市交通局", "更新频率": "每月", "资源编码": "a/1"}]
    found = guess({"code": 0, "data": {"total": "120", "rows": items * 5}}, "https://a.example/list?pageNo=0&pageSize=5&k=1")
    assert found and found.sure < 30 and found.url == "https://a.example/list?k=1"
    settings = dict(found.settings)
    mapping = settings.pop("mapping")
    assert settings == {
        "list_at": "data.rows",
        "total_at": "data.total",
        "paging": "page",
        "page_param": "pageNo",
        "first_page": 0,
        "size_param": "pageSize",
        "page_size": 5,
    }
    assert mapping["title"] == "/资源名称" and mapping["publisher"] == "/来源部门" and mapping["frequency"] == "/更新频率"
    JsonMap.Settings(**found.settings)


def test_the_guess_reads_links_offsets_and_nested_text() -> None:
    english = [{"title": "Bus stops", "description": "x", "publisher": "Transport"}]
    link = guess({"items": english, "meta": {"next": "https://a.example/list?c=2"}})
    assert link and link.settings["paging"] == "link" and link.settings["next_at"] == "meta.next"
    offset = guess({"results": english, "count": 9}, "https://a.example/list?start=0&rows=1")
    assert offset and offset.settings["paging"] == "offset" and offset.settings["total_at"] == "count"
    echoed = guess({"data": {"list": english, "total": 9, "pageNum": 1, "pageSize": 1}})
    assert echoed and echoed.settings["page_param"] == "pageNum" and echoed.settings["size_param"] == "pageSize"
    inside = guess({"dataList": json.dumps({"list": english, "total": 1})})
    assert inside and inside.settings["list_at"] == "dataList.list" and inside.settings["paging"] == "none"


def test_what_holds_no_descriptions_is_left() -> None:
    resources = [{"name": "x.csv", "url": "https://a.example/x.csv", "description": "y"}]
    record = {"title": "x", "description": "y", "publisher": "z", "resources": resources}
    others: list[Any] = [
        [],
        {},
        [1],
        {"data": [{"x": 1}]},
        {"users": [{"name": "Ann", "age": 3}]},
        "text",
        {"a": {"b": []}},
        record,
    ]
    for body in others:
        assert guess(body) is None


def test_a_guess_harvests_what_it_saw() -> None:
    def serve(given: Query) -> Any:
        return {"code": 200, "data": {"list": pages(given), "total": 23}}

    with Hostile({"/list": answers(serve)}) as server:
        found = guess(serve({"page": "1", "size": "5"}), f"{server.url}/list?page=1&size=5")
        assert found
        batches = walk(JsonMap, found.url, dict(found.settings))
        assert names(batches) == ids(*range(23)) and "page=1" in asked(server)[0]
    assert STANDARD.read and STANDARD.read(batches[0].records[0].body).publisher


def test_an_api_that_does_not_page_says_which_setting_helps() -> None:
    with Hostile({"/list": answers(lambda _: rows(5))}) as server:
        given, error = failure(JsonMap, f"{server.url}/list", {"mapping": MAPPING})
    assert given == ids(*range(5)) and "circle" in str(error) and "`none`" in str(error)


def test_records_are_kept_as_they_came() -> None:
    with Hostile({"/list": answers(lambda _: rows(1))}) as server:
        (record,) = walk(JsonMap, f"{server.url}/list", {"paging": "none", "mapping": MAPPING})[0].records
    assert record.body == rows(1)[0]


def test_a_mended_mapping_reads_old_records_anew() -> None:
    with stage(Path()) as (url, settings):
        body = walk(JsonMap, url, settings)[0].records[0].body
        mended = {**settings, "mapping": {**settings["mapping"], "issued": "publishDate"}}
        first, then = (JsonMap(url, JsonMap.Settings(**one)).standards()["json_map"] for one in (settings, mended))
    assert first.read and first.read(body).issued is None
    assert then.read and then.read(body).issued == "2024-05-03"


def test_a_post_that_is_told_to_wait_is_asked_again() -> None:
    waited: list[float] = []
    serve = in_turn(says(b"", 429, {"Retry-After": "7"}), says(b"", 503), answers(lambda _: rows(3)))
    settings = JsonMap.Settings(method="POST", body={"a": "b"}, paging="none", mapping=MAPPING)
    with Hostile({"/list": serve}) as server, Web(internal=True, retries=3, sleep=waited.append) as client:
        batches = list(JsonMap(f"{server.url}/list", settings).batches(client, None))
        assert server.server.bodies == [b"a=b"] * 3
    assert names(batches) == ids(*range(3)) and sum(waited) >= 7


def test_a_recorded_list_of_a_portal_is_guessed_and_read(corpora: Path) -> None:
    body = (corpora / "portal-json" / "scotland-usmart" / "get_json_data.json").read_bytes()
    listed = json.loads(body)["test_data"]
    found = JsonMap.recognises(Seen("http://x/list", "http://x/list", 200, "application/json", {}, body, True))
    assert found and found.settings["list_at"] == "test_data"
    with Hostile({"/list": says(body)}) as server:
        batches = walk(JsonMap, f"{server.url}/list", dict(found.settings))
    assert STANDARD.read and len(listed) > 1
    read = [STANDARD.read(record.body) for batch in batches for record in batch.records]
    assert [dataset.description for dataset in read] == [{"und": one["Description"]} for one in listed]
    assert all(dataset.license and dataset.publisher and dataset.distribution for dataset in read)
