"""Small portals for tests: a real HTTP server that pages as Socrata, ArcGIS Hub, Opendatasoft or any JSON API does."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pydantic import BaseModel

from harvesters.base import Batch, Harvester
from harvesters.web import Web
from metadata.errors import CatalogError
from tests.hostile.server import Behaviour, Handler, Hostile

Query = dict[str, str]


def query(handler: Handler) -> Query:
    """The parameters of a request: of its query, and of its form."""
    found = parse_qs(urlsplit(handler.path).query, keep_blank_values=True)
    if handler.command == "POST" and "form" in (handler.headers.get("Content-Type") or ""):
        found |= parse_qs(handler.body.decode(), keep_blank_values=True)
    return {name: values[-1] for name, values in found.items()}


def sends(handler: Handler, body: Any, status: int = 200, kind: str = "application/json; charset=utf-8") -> None:
    """Answers with JSON (or bytes as they are)."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def answers(make: Callable[[Query], Any]) -> Behaviour:
    """A behaviour that answers with what `make` makes of the parameters."""
    return lambda handler: sends(handler, make(query(handler)))


def web(**marks: Any) -> Web:
    """A client that may reach this machine, and never waits."""
    return Web(internal=True, retries=0, sleep=lambda _: None, **marks)


def walk(kind: type[Harvester], url: str, settings: dict[str, Any] | None = None, resume: str | None = None) -> list[Batch]:
    """All batches of a harvest."""
    with web() as client:
        return list(kind(url, kind.Settings(**settings or {})).batches(client, resume))


def names(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def failure(kind: type[Harvester], url: str, settings: dict[str, Any] | None = None) -> tuple[list[str | None], CatalogError]:
    """What was given before the error, and the error."""
    given: list[str | None] = []
    model: BaseModel = kind.Settings(**settings or {})
    with web() as client, pytest.raises(CatalogError) as caught:
        given.extend(record.identifier for batch in kind(url, model).batches(client, None) for record in batch.records)
    assert "\n" not in str(caught.value) and caught.value.place
    return given, caught.value


def asked(server: Hostile) -> list[str]:
    return [unquote(path) for path, _ in server.asked]


# Socrata


def view(number: int, domain: str = "data.example.gov", kind: str = "dataset") -> dict[str, Any]:
    """A result of the Discovery API, hand-made."""
    identifier = f"aaaa-{number:04}"
    return {
        "resource": {
            "name": f"Bus stops {number}",
            "id": identifier,
            "type": kind,
            "description": "Where buses stop.",
            "updatedAt": "2024-05-03T10:00:00.000Z",
            "columns_name": ["Stop"],
            "columns_field_name": ["stop"],
            "columns_datatype": ["Text"],
            "columns_description": [""],
        },
        "classification": {"domain_category": "Transport", "domain_tags": ["bus"]},
        "metadata": {"domain": domain},
        "permalink": f"https://{domain}/d/{identifier}",
    }


def socrata(rows: list[dict[str, Any]], cap: int = 10_000, claims: int | None = None) -> Behaviour:
    """The Discovery API over these views."""

    def make(asked: Query) -> Any:
        kinds = asked["only"].split(",") if "only" in asked else None
        shown = [row for row in rows if kinds is None or row["resource"]["type"] in kinds]
        after = asked.get("scroll_id", "")
        rest = sorted((row for row in shown if row["resource"]["id"] > after), key=lambda row: row["resource"]["id"])
        page = rest[: min(cap, int(asked["limit"]))]
        return {"results": page, "resultSetSize": len(shown) if claims is None else claims, "timings": {}, "warnings": []}

    return answers(make)


# ArcGIS Hub


def item(number: int) -> dict[str, Any]:
    """An item's attributes, hand-made."""
    return {
        "id": f"id-{number:04}",
        "name": f"Parks {number}",
        "title": f"Parks {number}",
        "type": "Feature Service",
        "hubType": "Feature Service",
        "typeKeywords": ["Data"],
        "orgId": "abc",
        "groupIds": [],
        "owner": "gis",
        "access": "public",
        "modified": 1_600_000_000_000,
    }


def hub_search(rows: list[dict[str, Any]], cap: int = 100, claims: int | None = None) -> Behaviour:
    """The OGC API of a Hub."""

    def make(asked: Query) -> Any:
        start = int(asked.get("startindex", 1)) - 1
        page = rows[start : start + min(cap, int(asked["limit"]))]
        features = [{"id": row["id"], "type": "Feature", "geometry": None, "properties": row} for row in page]
        matched = len(rows) if claims is None else claims
        return {"type": "FeatureCollection", "features": features, "numberMatched": matched, "numberReturned": len(page)}

    return answers(make)


def hub_v3(rows: list[dict[str, Any]], cap: int = 20, claims: int | None = None) -> Behaviour:
    """The older API of a Hub."""

    def make(asked: Query) -> Any:
        size = min(cap, int(asked["page[size]"]))
        start = (int(asked["page[number]"]) - 1) * size
        page = [{"id": row["id"], "type": "dataset", "attributes": row} for row in rows[start : start + size]]
        stats = {"count": len(page), "totalCount": len(rows) if claims is None else claims}
        return {"data": page, "meta": {"stats": stats}}

    return answers(make)


def hub_feed(rows: list[dict[str, Any]]) -> Any:
    """The DCAT-US feed of the same items."""
    datasets = [{"@type": "dcat:Dataset", "identifier": row["id"], "title": row["name"]} for row in rows]
    return {"@type": "dcat:Catalog", "conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": datasets}


# Opendatasoft


def ods(number: int) -> dict[str, Any]:
    """An entry of the Explore API 2.1, hand-made."""
    default = {"title": f"Arbres {number}", "modified": "2024-05-03T10:00:00+00:00", "publisher": "Ville"}
    return {"dataset_id": f"id-{number:04}", "has_records": True, "fields": [], "metas": {"default": default}}


def ods_pages(rows: list[dict[str, Any]], claims: int | None = None) -> Behaviour:
    """The catalogue of the Explore API 2.1."""

    def make(asked: Query) -> Any:
        start = int(asked.get("offset", 0))
        page = rows[start : start + int(asked["limit"])]
        return {"total_count": len(rows) if claims is None else claims, "results": page}

    return answers(make)


def ods_old(rows: list[dict[str, Any]]) -> Behaviour:
    """The search of version 1."""

    def make(asked: Query) -> Any:
        start = int(asked.get("start", 0))
        page = rows[start : start + int(asked["rows"])]
        found = [{"datasetid": row["dataset_id"], "metas": row["metas"]["default"], "fields": []} for row in page]
        return {"nhits": len(rows), "parameters": {}, "datasets": found}

    return answers(make)
