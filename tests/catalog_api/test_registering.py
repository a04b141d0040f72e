"""A department registers a dataset by API: any standard that is read here, answered with findings."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from metadata import database, ledger, store
from standards import rdf
from standards.base import Standard
from standards.table import STANDARDS
from tests.catalog_api.conftest import Site
from tests.harvests import body, new_source, record, visit
from tests.standards.rich import RICH

PATH = "/api/v1/organizations/transport/datasets/"


def put(site: Site, identifier: str, sent: Any, query: str = "", who: str = "department") -> Any:
    content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return site.client.put(f"{PATH}{quote(identifier, safe='')}{query}", content=content, headers=site.headers(who))


def test_a_dataset_is_registered_changed_and_retired_and_comes_back(any_site: Site) -> None:
    site = any_site
    first = put(site, "bus-1", body("bus-1", "Bus lines"))
    assert first.status_code == 201, first.text
    shown = first.json()
    assert (shown["stored"], shown["action"], shown["name"], shown["source"]) == (
        True,
        "added",
        "bus-lines",
        "transport-registered",
    )
    again = put(site, "bus-1", body("bus-1", "Bus lines"))
    assert (again.status_code, again.json()["action"]) == (200, "unchanged")
    changed = put(site, "bus-1", body("bus-1", "Bus and tram lines"))
    assert (changed.status_code, changed.json()["action"], changed.json()["id"]) == (200, "updated", shown["id"])
    assert changed.json()["name"] == "bus-lines"  # a name stays
    assert site.client.get(f"{PATH}bus-1").json()["dataset"]["title"] == {"und": "Bus and tram lines"}
    assert site.client.delete(f"{PATH}bus-1", headers=site.headers("department")).status_code == 204
    assert site.client.get(f"{PATH}bus-1").status_code == 404
    assert site.client.get("/api/v1/datasets/bus-lines").status_code == 410
    assert site.client.delete(f"{PATH}bus-1", headers=site.headers("department")).status_code == 404
    back = put(site, "bus-1", body("bus-1", "Bus and tram lines"))
    assert (back.status_code, back.json()["id"], back.json()["state"]) == (200, shown["id"], "published")
    with database.reading(site.engine) as session:
        lines = store.history(session, shown["id"])
        assert [line.action for line in lines] == ["restored", "retired", "updated", "added"]
        assert {line.actor for line in lines} == {"token:department"} and ledger.verify(session).ok


def sent_form(standard: Standard, written: Any) -> Any:
    """What a standard wrote, as it is sent: XML and RDF as they are, anything else as JSON."""
    if standard.form == "rdf":
        return rdf.serialise(written, "turtle")
    return written if isinstance(written, bytes) else json.loads(json.dumps(written, default=str))


@pytest.mark.parametrize("name", [name for name in STANDARDS if STANDARDS.get(name).read and STANDARDS.get(name).write])
def test_every_standard_that_is_read_can_be_registered(site: Site, name: str) -> None:
    standard = STANDARDS.get(name)
    assert standard.write is not None
    written = sent_form(standard, standard.write(RICH))
    for query in (f"?standard={name}", ""):
        dry = put(site, f"rich-{len(query)}", written, f"{query}{'&' if query else '?'}dry_run=true")
        assert dry.status_code == 200 and (dry.json()["stored"], dry.json()["would"]) == (False, "add"), dry.text
        done = put(site, f"rich-{len(query)}", written, query)
        assert done.status_code == 201, done.text
        assert done.json()["identifier"] == f"rich-{len(query)}" == done.json()["dataset"]["identifier"]
        assert done.json()["standard"] == name or not query
        assert [one["rule"] for one in done.json()["findings"]] == [one["rule"] for one in dry.json()["findings"]]


def test_a_dry_run_stores_nothing_and_says_what_would_be(site: Site) -> None:
    with database.reading(site.engine) as session:
        before = store.last_sequence(session)
    assert put(site, "a", body("a"), "?dry_run=true").json()["would"] == "add"
    assert site.client.get(f"{PATH}a").status_code == 404
    with database.reading(site.engine) as session:
        assert store.last_sequence(session) == before
    put(site, "a", body("a"))
    assert put(site, "a", body("a"), "?dry_run=true").json()["would"] == "leave as it is"
    assert put(site, "a", body("a", "Other"), "?dry_run=true").json()["would"] == "update"
    site.client.delete(f"{PATH}a", headers=site.headers("department"))
    assert put(site, "a", body("a"), "?dry_run=true").json()["would"] == "restore"


@pytest.mark.parametrize(
    "identifier",
    ["307001/000001", "a/b/../c", "号/公交", "https://city.example/id?x=1#y", "a b+c", "%2F", "é" * 1200, "a;b,c", "..."],
)
def test_identifiers_of_any_form_are_addresses(any_site: Site, identifier: str) -> None:
    made = put(any_site, identifier, body("other", f"Named {len(identifier)}"))
    assert made.status_code == 201, made.text
    address = f"{PATH}{quote(identifier, safe='')}"
    shown = any_site.client.get(address)
    assert shown.status_code == 200 and shown.json()["id"] == made.json()["id"]
    if len(identifier) < 100:
        assert shown.json()["identifier"] == identifier  # the one in the address counts, not the one in the body
    assert put(any_site, identifier, body("other", "Changed")).json()["id"] == made.json()["id"]
    assert any_site.client.delete(address, headers=any_site.headers("department")).status_code == 204


def test_findings_are_answered_and_kept(site: Site) -> None:
    made = put(site, "f", {"title": "Faulty", "contactPoint": {"fn": "Desk", "hasEmail": "desk@city.example"}})
    assert made.status_code == 201
    said = made.json()["findings"]
    assert any("hasEmail" in one["path"] for one in said) and all(one["message"]["zh"] and one["fix"]["en"] for one in said)
    kept = site.client.get(f"{PATH}f").json()["findings"]
    assert [(one["rule"], one["path"], one["value"]) for one in kept] == [
        (one["rule"], one["path"], one["value"]) for one in said
    ]
    assert (made.json()["errors"], made.json()["warnings"]) == tuple(
        sum(one["severity"] == kind for one in said) for kind in ("error", "warning")
    )


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        (b"", 400, "body"),
        (b"<html>", 400, "body"),
        (b'{"title": "x"', 400, "body"),
        (b"\xff\xfe{", 400, "UTF-8"),
        (b"[]", 422, "dataset"),
        (b"null", 422, "dataset"),
        (b'"x"', 422, "dataset"),
        (b"{}", 422, "dataset"),
        (b'{"title": ""}', 422, "dataset"),
        (b"[" * 100_000, 400, "body"),
        (b'{"title": "x", "a": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "body"),
    ],
)
def test_what_cannot_be_a_dataset_is_refused_in_one_line(site: Site, sent: bytes, status: int, says: str) -> None:
    answer = put(site, "bad", sent)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text[:300]
    problem = answer.json()
    assert says in f"{problem['detail']} {problem.get('place')}" and "Traceback" not in answer.text
    if status == 422:
        assert problem["findings"][0]["message"]["zh"]
    assert site.client.get(f"{PATH}bad").status_code == 404


LONG = '"' + "x" * 65_280 + '"'
VALUES = ("1e400", "-0.0", str(10**40), r'"\ud800"', r'"a\u0000b"', '{"\\u0000": "\\ud800"}', "[[[[[1]]]]]", LONG)


@pytest.mark.parametrize("field", ["title", "keyword", "modified", "contactPoint", "distribution", "unknown", "spatial"])
def test_any_value_anywhere_is_a_finding_never_a_failure(any_site: Site, field: str) -> None:
    for number, value in enumerate(VALUES):
        sent = json.dumps({**body("odd"), field: "@"}).replace('"@"', value).encode()
        answer = put(any_site, f"odd-{number}", sent)
        assert answer.status_code in (201, 400, 422), (value, answer.status_code, answer.text[:500])
        if answer.status_code == 201:
            for path in (f"{PATH}odd-{number}", f"/dataset/{answer.json()['name']}.ttl"):
                assert any_site.client.get(path).status_code == 200, (value, path)
    assert any_site.client.get("/data.json").status_code == 200


def test_more_than_the_limit_is_refused_with_and_without_a_length(site: Site) -> None:
    large = json.dumps(body("a", description="x" * (1024 * 1024))).encode()
    declared = put(site, "a", large)

    async def pieces() -> Any:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    streamed = site.client.request("PUT", f"{PATH}a", content=pieces(), headers=site.headers("department"))
    checked = site.client.post("/api/v1/check", content=large)
    for answer in (declared, streamed, checked):
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json"), answer.text
        assert "1 MiB" in answer.json()["detail"]
    assert put(site, "a", body("a", description="x" * 900_000)).status_code == 201


def test_a_wrong_place_or_standard_is_told(site: Site) -> None:
    wrong = site.client.put("/api/v1/organizations/nope/datasets/a", json=body("a"), headers=site.headers())
    assert wrong.status_code == 404 and "organization" in wrong.json()["detail"]
    assert put(site, "a", body("a"), "?standard=nope").status_code == 404
    written_only = put(site, "a", body("a"), "?standard=dcat_ap_3")
    assert 400 <= written_only.status_code < 500, written_only.text
    assert put(site, "a", body("a"), "?dry_run=perhaps").status_code == 422


def test_a_harvested_dataset_is_not_retired_by_hand(site: Site) -> None:
    """The next harvest would find its record unchanged; what a source lists is the source's to take away."""
    visit(site.engine, new_source(site.engine), [record("h")])
    answer = site.client.delete(f"{PATH}h", headers=site.headers("department"))
    assert answer.status_code == 409 and "harvest" in answer.json()["detail"]
    assert site.client.get(f"{PATH}h").status_code == 200
