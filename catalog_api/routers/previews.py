"""Previews: what a source would give, before it is added, and before it is harvested."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from catalog_api.access import masked
from catalog_api.deps import AskerDep, RoomsDep, required
from catalog_api.detecting import completed, told
from catalog_api.previewing import SHOWN, preview, rehearse
from catalog_api.routers.reply import GUARDED, PROBLEMS, reply
from catalog_api.source_forms import SourceBody, draft
from harvesters.address import mask
from metadata import clock

router = APIRouter(tags=["sources"], responses=PROBLEMS)

First = Annotated[int | None, Query(ge=1, description="How many records to look at; all when it is left out.")]
Shown = Annotated[int, Query(ge=0, le=1000, description="How many records to show as they would become.")]


@router.post("/previews", responses=GUARDED, dependencies=[required("write")])
def preview_source(
    body: SourceBody, request: Request, asker: AskerDep, rooms: RoomsDep, limit: First = SHOWN, shown: Shown = SHOWN
) -> Response:
    """Looks at a source that is not there yet: which protocol its address speaks, and what its first records would become.
    Nothing is stored."""
    asker.require("write")
    if body.internal or body.protocol == "folder":
        asker.require("admin")
    whole, found = completed(rooms.settings, body)
    source = draft(rooms.settings, f"preview-{clock.now()[-8:-1]}", whole)
    report = rehearse(rooms, source, limit, shown)
    known = {"protocol": whole.protocol, "url": mask(whole.url), "settings": masked("settings", whole.protocol, whole.settings)}
    return reply(request, {"detected": told(found), "source": known, "preview": report})


@router.post("/sources/{name}/preview", responses=GUARDED)
def preview_harvest(
    name: str, request: Request, asker: AskerDep, rooms: RoomsDep, limit: First = None, shown: Shown = SHOWN
) -> Response:
    """What a harvest of this source would do now: what would be added, changed, renamed and retired. Nothing is stored."""
    asker.require("write")
    return reply(request, preview(rooms, name, limit, shown))
