"""Standards, and checking a description without storing it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from catalog_api.checking import check_document
from catalog_api.deps import BodyDep
from catalog_api.routers.reply import PROBLEMS, List, listed, reply
from standards.table import STANDARDS

router = APIRouter(tags=["standards"], responses=PROBLEMS)
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {}}, "application/octet-stream": {}}}}


@router.get("/standards", response_model=List)
def list_standards(request: Request) -> Response:
    """The standards that are built in, and what each can do."""
    items = [
        {
            "name": one.name,
            "title": one.title,
            "version": one.version,
            "media_type": one.media_type,
            "reads": one.read is not None,
            "writes": one.write is not None,
            "checks": one.check is not None,
        }
        for one in STANDARDS.values()
    ]
    return listed(request, items, len(items), None)


@router.post("/check", openapi_extra=_BODY)
def check(
    request: Request,
    body: BodyDep,
    standard: Annotated[str | None, Query(description="Detected for each record when not named.")] = None,
) -> Response:
    """Findings for each record of a description, or of a whole catalogue, and a summary. Nothing is stored."""
    *records, summary = check_document(body, standard, "")
    return reply(request, {"records": records, **summary})
