"""The API's documentation as a page: read from the OpenAPI document, made on the server, nothing from elsewhere."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response

from catalog_api.web.page import render

router = APIRouter(include_in_schema=False)
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """What can be asked at one address: parameters are `(name, where, required, description)`."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, bool, str], ...]


@dataclass
class Chapter:
    """The operations under one tag."""

    name: str
    operations: list[Operation] = field(default_factory=list)


@router.get("/docs")
def manual_page(request: Request) -> Response:
    """Every operation, by chapter."""
    document = request.app.openapi()
    values = {"chapters": chapters(document), "info": document["info"], "json_url": request.app.openapi_url}
    return render(request, "manual.html", values)


def chapters(document: dict[str, Any]) -> list[Chapter]:
    """The operations of an OpenAPI document by their first tag, in the document's order."""
    found: dict[str, Chapter] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                name = (item[method].get("tags") or [""])[0]
                found.setdefault(name, Chapter(name)).operations.append(_operation(method, path, item[method]))
    return list(found.values())


def _operation(method: str, path: str, said: dict[str, Any]) -> Operation:
    parameters = tuple(
        (one["name"], one["in"], bool(one.get("required")), one.get("description", "")) for one in said.get("parameters", ())
    )
    return Operation(method.upper(), path, said.get("summary", ""), said.get("description", ""), parameters)
