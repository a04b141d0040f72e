"""Profiles that are brought: what they do, and that nothing uploaded can fetch, run or hang."""

import socket
import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from standards import profile_schema, profiles
from standards.base import Standard
from standards.profile_schema import Unfit
from standards.table import STANDARDS

Files = dict[str, bytes]


def files(schema: Any = None, mapping: Any = None, messages: Any = None, shapes: str = "", **manifest: Any) -> Files:
    said = {
        "name": "city",
        "version": "1.0",
        "base": "dcat_us_1_1_non_federal",
        "title": {"zh": "市级", "en": "City"},
        **manifest,
    }
    found: Files = {}
    for name, content in (("schema", schema), ("mapping", mapping), ("messages", messages)):
        if content is not None:
            said[name] = f"{name}.json"
            found[said[name]] = content if isinstance(content, bytes) else orjson.dumps(content)
    if shapes:
        said["shapes"] = "shapes.ttl"
        found["shapes.ttl"] = shapes.encode()
    return {"manifest.json": orjson.dumps(said), **found}


def made(**given: Any) -> Standard:
    return profiles.profile(files(**given), STANDARDS.get)


MAPPING = {
    "/标题": "/title",
    "/资源": "/distribution",
    "/资源/*/地址": "/distribution/*/downloadURL",
    "/更新": {"to": "/accrualPeriodicity", "values": {"每月": "R/P1M"}},
}
FILE = {"地址": "https://x.example/a.csv", "mediaType": "text/csv"}
BODY = {
    "类型": "市级",
    "标题": "公交",
    "identifier": "x",
    "更新": "每月",
    "资源": [FILE, {"title": "t"}],
}


def test_own_names_are_read_written_and_told() -> None:
    city = made(
        mapping=MAPPING,
        schema={"required": ["标题"], "properties": {"标题": {"minLength": 3}, "资源": {"items": {"required": ["地址"]}}}},
        messages={"标题/minLength": {"message": {"zh": "标题太短"}, "fix": {"zh": "写全名称"}, "severity": "warning"}},
        recognises={"/类型": "市级"},
        link="https://x.example/rules",
    )
    assert city.recognises(BODY) and not city.recognises({"标题": "公交"}) and city.read and city.write and city.check
    dataset = city.read(BODY)
    assert dataset.title == {"zh": "公交"} and dataset.accrual_periodicity and dataset.accrual_periodicity.code == "MONTHLY"
    assert dataset.distribution[0].download_url == "https://x.example/a.csv"
    again = city.write(dataset)
    assert again["标题"] == "公交" and again["更新"] == "每月" and again["资源"][0]["地址"] == "https://x.example/a.csv"
    found = {one.rule: one for one in city.check(BODY)}
    assert found["city/标题/minLength"].message == {"zh": "标题太短"} and found["city/标题/minLength"].severity == "warning"
    assert found["city/required"].path == "/资源/1/地址" and found["city/required"].link == "https://x.example/rules"
    assert found["dcat-us-1.1/distribution/no-url"].path == "/资源/1"
    assert all(rule in city.rules or not rule.startswith("city/") for rule in found)


def test_a_profile_that_does_not_extend_has_only_its_own_rules() -> None:
    alone = made(schema={"required": ["标题"]}, extends=False)
    assert alone.check and [one.rule for one in alone.check({})] == ["city/required"]


def test_repairs_speak_in_own_names() -> None:
    city = made(mapping={"/联系": "/contactPoint", "/联系/邮箱": "/contactPoint/hasEmail"})
    assert city.repair
    mended, done = city.repair({"联系": {"邮箱": "a@b.example"}, "title": "x"})
    assert mended["联系"]["邮箱"] == "mailto:a@b.example" and "/联系/邮箱" in [one.path for one in done]


SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; sh:minLength 3 ; sh:message "太短"@zh ] ,
  [ sh:path dct:identifier ; sh:pattern "^[0-9]+$" ; sh:severity sh:Warning ]%s ."""
TRIPLES = (
    b"<http://x.example/d> <http://purl.org/dc/terms/identifier> \"x\" .\n"
    b"<http://x.example/d> <http://purl.org/dc/terms/title> \"ab\" .\n"
    b"<http://x.example/d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"
)  # fmt: skip


def test_shapes_check_rdf() -> None:
    own = made(base="dcat_3", shapes=SHAPES % "", extends=False)
    assert own.check and own.form == "rdf"
    found = {one.rule: one for one in own.check(TRIPLES)}
    assert set(found) == {"city/title/minLength", "city/identifier/pattern"} and set(found) <= set(own.rules)
    assert found["city/title/minLength"].message == {"zh": "太短"} and found["city/title/minLength"].value == "ab"
    assert found["city/title/minLength"].path == "<http://x.example/d> dct:title"
    assert found["city/identifier/pattern"].severity == "warning"


def test_rows_of_a_table_are_judged_by_their_headers() -> None:
    standards: dict[str, Standard] = {"rows": Standard(**{**vars(STANDARDS.get("ckan")), "name": "rows", "form": "table"})}
    own = profiles.profile(
        files(base="rows", schema={"required": ["名称", "网址"]}, extends=False, recognises={"名称": ""}), standards.__getitem__
    )
    row = {"sheet": "目录", "row": 2, "cells": [["A2", "名称", "公交"], ["B2", "网址", ""]]}
    assert own.check and own.recognises(row) and [one.path for one in own.check(row)] == ["目录!B2"]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"name": "City"}, "name"),
        ({"name": ""}, "name"),
        ({"version": "1/2"}, "version"),
        ({"title": {}}, "title"),
        ({"title": 5}, "title"),
        ({"base": "schema_org_that_is_not"}, None),
        ({"more": 1}, "manifest"),
        ({"recognises": ["x"]}, "recognises"),
        ({"recognises": {"title": "x"}}, "recognises"),
        ({"mapping": {"title": "/x"}}, "mapping"),
        ({"mapping": {"/a/*": "/b"}}, "mapping//a/*"),
        ({"mapping": {"/a": 5}}, "mapping//a"),
        ({"messages": ["x"]}, "messages"),
        ({"schema": b"{"}, ""),
        ({"schema": b"[]"}, ""),
        ({"shapes": SHAPES % ""}, "base"),
        ({"base": "dcat_3", "schema": {}}, "base"),
        ({"base": "dcat_3", "shapes": "@prefix"}, "(line 1)"),
        ({"base": "dcat_3", "shapes": "<a:a> <b:b> <c:c> ."}, "shapes"),
    ],
)
def test_what_is_wrong_with_a_profile_is_told(given: dict[str, Any], place: str | None) -> None:
    with pytest.raises((Unfit, Exception)) as told:
        made(**given)
    if place is not None:
        assert isinstance(told.value, Unfit) and told.value.why and told.value.place == place


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b"\xff", b"5"])
def test_a_manifest_that_is_none_is_told(manifest: bytes) -> None:
    for name in profiles_manifests():
        with pytest.raises(Unfit):
            profiles.profile({name: manifest}, STANDARDS.get)
    with pytest.raises(Unfit, match="at most"):
        profiles.profile({str(number): b"" for number in range(30)}, STANDARDS.get)
    with pytest.raises(Unfit, match="at most"):
        profiles.profile({"a": b"x" * (3 << 20)}, STANDARDS.get)


def profiles_manifests() -> tuple[str, str]:
    return "manifest.toml", "manifest.json"


def doubled(depth: int) -> dict[str, Any]:
    inner = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(depth)}
    return {"$ref": "#/$defs/d0", "$defs": {**inner, f"d{depth}": {}}}


def nested(depth: int) -> bytes:
    return b'{"not":' * depth + b"{}" + b"}" * depth


BAD_SCHEMAS: dict[str, Any] = {
    "remote": {"$ref": "http://127.0.0.1:{port}/x.json"},
    "file": {"properties": {"a": {"$ref": "file:///etc/hostname"}}},
    "relative": {"$ref": "other.json"},
    "remote by id": {"$id": "https://x.example/a", "$ref": "https://x.example/b"},
    "dynamic": {"$dynamicRef": "https://x.example/b#x"},
    "dangling": {"$ref": "#/$defs/none"},
    "no anchor": {"$ref": "#none"},
    "itself": {"$ref": "#"},
    "in a circle": {"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}},
    "doubled": doubled(40),
    "nine times": {"allOf": [{"properties": {"a": {"$ref": "#"}}}] * 9},
    "look-ahead": {"pattern": "^(?=a)a"},
    "back reference": {"pattern": r"(a)\1"},
    "huge pattern": {"pattern": "((a{1000}){1000}){1000}"},
    "deep": nested(200),
    "very deep": nested(100_000),
    "wide": {"properties": {str(number): {} for number in range(30_000)}},
    "many references": {"allOf": [{"$ref": "#/$defs/a"}] * 2_000, "$defs": {"a": {}}},
    "large": {"description": "x" * (2 << 20)},
    "draft unknown": {"$schema": "https://x.example/meta"},
    "wrong keyword": {"type": "text"},
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_SCHEMAS)
def test_a_schema_that_could_fetch_or_hang_is_refused_at_once(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        schema = BAD_SCHEMAS[name]
        if isinstance(schema, dict):
            schema = orjson.dumps(schema).replace(b"{port}", str(server.getsockname()[1]).encode())
        started = time.process_time()
        with pytest.raises(Unfit) as told:
            made(schema=schema)
        assert time.process_time() - started < 1 and told.value.why and "\n" not in told.value.value
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ({"properties": {"title": {"pattern": "^(a+)+$"}}}, {"title": "a" * 100_000 + "b"}),
        ({"properties": {"title": {"pattern": "(.*a){20}$"}}}, {"title": "a" * 5_000 + "b"}),
        ({"properties": {"title": {"format": "email"}}}, {"title": "a" * 100_000 + "@"}),
        ({"properties": {"list": {"uniqueItems": True}}}, {"list": [{"a": number} for number in range(20_000)]}),
        (
            {"allOf": [{"properties": {"a": {"$ref": "#"}}}] * 4},
            {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}}}},
        ),
        ({"properties": {"a": {"$ref": "#"}}, "required": ["b"]}, {"a": {"a": {"a": {}}}}),
    ],
)
def test_a_schema_that_is_taken_never_takes_long(schema: Any, body: Any) -> None:
    own = made(schema=schema, extends=False)
    assert own.check
    started = time.process_time()
    list(own.check(body))
    assert time.process_time() - started < 2


def test_references_inside_a_document_are_taken() -> None:
    schema = {
        "$id": "https://x.example/s",
        "properties": {"a": {"$ref": "#word"}, "b": {"$ref": "https://x.example/s#/$defs/word"}, "c": {"$ref": "#"}},
        "$defs": {"word": {"$anchor": "word", "type": "string"}},
    }
    own = made(schema=schema, extends=False)
    assert own.check and {one.path for one in own.check({"a": 1, "b": 1, "c": {"a": 1}})} == {"/a", "/b", "/c/a"}
    assert profile_schema.deepest(schema) == profile_schema.DEEPEST


BAD_SHAPES: dict[str, str] = {
    "sparql": '; sh:sparql [ sh:select "SELECT $this WHERE { SERVICE <http://x.example/> { ?s ?p ?o } }" ]',
    "javascript": '; sh:js [ sh:jsFunctionName "f" ]',
    "sparql target": '; sh:target [ sh:select "SELECT ?this WHERE {}" ]',
    "rule": "; sh:rule [ sh:subject sh:this ]",
    "import": ". <http://x.example/o> <http://www.w3.org/2002/07/owl#imports> <http://x.example/more>",
    "itself": "; sh:node _:a . _:a sh:property [ sh:path dct:title ; sh:node _:a ]",
    "look-ahead": '; sh:property [ sh:path dct:title ; sh:pattern "(?=a)a" ]',
    "huge pattern": '; sh:property [ sh:path dct:title ; sh:pattern "((a{1000}){1000}){1000}" ]',
    "no number": '; sh:property [ sh:path dct:title ; sh:minCount "many" ]',
    "no kind": "; sh:property [ sh:path dct:title ; sh:nodeKind sh:Thing ]",
    "literal path": '; sh:property [ sh:path "x" ; sh:minCount 1 ]',
    "list in a circle": "; sh:property [ sh:path dct:title ; sh:in _:l ] . "
    "_:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l",
}


@pytest.mark.parametrize("name", BAD_SHAPES)
def test_shapes_that_could_run_code_fetch_or_hang_are_refused(name: str) -> None:
    with pytest.raises(Unfit) as told:
        made(base="dcat_3", shapes=SHAPES % BAD_SHAPES[name])
    assert told.value.why


def costly(number: int) -> str:
    return " ".join(
        f'[ sh:property [ sh:path ( [ sh:zeroOrMorePath dct:x ] [ sh:zeroOrMorePath dct:x ] ) ; sh:pattern "(a+)+${n}" ] ]'
        for n in range(number)
    )


def test_checking_a_record_ends_whatever_the_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = 400
    triples = b"".join(
        b"<a:%d> <http://purl.org/dc/terms/x> <a:%d> .\n" % (n, m) for n in range(nodes) for m in range(n % 7, nodes, 7)
    )
    kind = b"<a:%d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"
    own = made(base="dcat_3", shapes=SHAPES % f" ; sh:and ( {costly(40)} )", extends=False)
    assert own.check
    started = time.process_time()
    found = [one.rule for one in own.check(triples + b"".join(kind % n for n in range(nodes)))]
    assert "city/too-long" in found and time.process_time() - started < 10


def test_every_check_of_a_profile_takes_any_body() -> None:
    checks: list[Callable[[Any], Any] | None] = [
        made(schema={"type": "object"}).check,
        made(base="dcat_3", shapes=SHAPES % "").check,
    ]
    for check in checks:
        assert check
        for body in (None, 5, "x", b"", b"\xff", [], {}, [[]], {"a": {"b": []}}):
            list(check(body))
