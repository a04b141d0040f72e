"""Sources: where records come from."""

from typing import Any, Literal

import httpx
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from catalog_api.auth import Asker
from catalog_api.deps import AskerDep, SessionDep, WritingDep
from catalog_api.harvesting import checked_settings
from catalog_api.jobs import next_time
from catalog_api.routers.reply import GUARDED, PROBLEMS, List, listed, reply, run_json
from harvesters.address import mask
from harvesters.table import PROTOCOLS
from metadata import sources, store
from metadata.errors import CatalogError, Invalid
from metadata.tables import Source
from standards.table import STANDARDS

router = APIRouter(tags=["sources"], responses=PROBLEMS)


class SourceBody(BaseModel):
    """A source as it is given. `schedule` is a cron line in UTC; `internal` allows private addresses."""

    url: str = Field(max_length=4000)
    protocol: str
    standard: str | None = None
    organization: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    admits: Literal["readable", "valid"] = "readable"
    retire_limit: float = Field(0.1, ge=0, le=1)
    internal: bool = False
    schedule: str | None = None


def source_json(row: Source, asker: Asker) -> dict[str, Any]:
    """A source as the API shows it; its settings, secrets masked, only to those who may write."""
    shown = row.model_dump(exclude={"settings", "validators", "url"})
    shown["url"] = mask(row.url).partition("?")[0]
    shown["standard"] = row.standard or (PROTOCOLS.get(row.protocol).standard if row.protocol in PROTOCOLS else None)
    if asker.scopes & {"admin", "write"}:
        shown["settings"] = masked(row)
    return shown


def masked(row: Source) -> dict[str, Any]:
    """The settings of a source with its secrets masked."""
    try:
        return checked_settings(row.protocol, row.settings).model_dump(mode="json", exclude_unset=True)
    except CatalogError:
        return {}


def _check_address(url: str) -> None:
    parts = httpx.URL(url) if url.isascii() or url.startswith("http") else httpx.URL("")
    if parts.scheme not in ("http", "https") or not parts.host:
        raise Invalid(
            "this is no address of a source", place="url", value=url.partition("?")[0], remedy="Write http://… or https://…."
        )
    if parts.userinfo:
        raise Invalid(
            "an address must not hold a password", place="url", remedy="Give it as a setting of the protocol, such as token."
        )


def put_checked(session: Any, name: str, body: SourceBody) -> Source:
    """Makes or changes a source after checking that its protocol, standard, settings and schedule can be used."""
    PROTOCOLS.get(body.protocol)
    if body.standard:
        STANDARDS.get(body.standard)
    checked_settings(body.protocol, body.settings)
    if body.protocol != "folder":
        _check_address(body.url)
    following = next_time(body.schedule) if body.schedule else None
    return sources.put_source(session, name, **body.model_dump(), next_run=following)


@router.get("/sources", response_model=List)
def list_sources(request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """All sources."""
    items = [source_json(row, asker) for row in sources.sources(session)]
    return listed(request, items, len(items), None)


@router.get("/sources/{name}")
def show_source(name: str, request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """One source, with its last run."""
    row = sources.source(session, name)
    last = sources.runs(session, row.id, 1)
    shown = {"datasets": store.count(session, source=name), "last_run": run_json(last[0]) if last else None}
    return reply(request, {**source_json(row, asker), **shown})


@router.put("/sources/{name}", responses=GUARDED)
def put_source(name: str, body: SourceBody, request: Request, session: WritingDep, asker: AskerDep) -> Response:
    """Makes a source, or replaces its settings."""
    asker.require("write")
    if body.internal or body.protocol == "folder":
        asker.require("admin")
    return reply(request, source_json(put_checked(session, name, body), asker))


@router.delete("/sources/{name}", status_code=204, responses=GUARDED)
def delete_source(name: str, session: WritingDep, asker: AskerDep) -> Response:
    """Removes a source; its datasets are retired."""
    asker.require("write")
    sources.remove_source(session, name, f"token:{asker.name}")
    return Response(status_code=204)
