"""Saved searches of a token's holder."""

from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from catalog_api import searches as saving
from catalog_api.auth import SCOPES, Asker
from catalog_api.deps import AskerDep, EngineDep, SessionDep, SettingsDep, WritingDep, required
from catalog_api.routers.reply import GUARDED, PROBLEMS, After, Limit, List, listed, reply
from catalog_api.settings import Settings
from harvesters.address import mask
from metadata import searches
from metadata.errors import NotFound
from metadata.tables import SavedSearch

router = APIRouter(tags=["searches"], responses=PROBLEMS)


class SearchBody(BaseModel):
    """A search to be kept. `query` holds the parameters of `/api/v1/datasets` as in a URL; `target` is where messages of the
    channel go."""

    name: str = Field(min_length=1, max_length=200)
    query: str = Field(max_length=4000, description="For example `q=公共交通&format=CSV`.")
    channel: Literal["none", "mail", "webhook"] = "none"
    target: str = Field("", max_length=2000, description="An address of mail, or an http(s) URL.")
    language: Literal["zh", "en"] = "zh"


def search_json(row: SavedSearch, settings: Settings) -> dict[str, Any]:
    """A saved search as its owner sees it."""
    shown = row.model_dump(exclude={"told", "telling"})
    if row.channel == "webhook":
        shown |= {"target": mask(row.target), "secret": saving.key(settings, "webhook", row.id)}
    own = f"{settings.site_url}/searches/{row.id}"
    return {**shown, "feed": f"{own}/feed.atom", "url": f"{settings.site_url}/search?{row.query}"}


def own(session: Session, search_id: str, asker: Asker) -> SavedSearch:
    """A search of the asker's own; of anyone's for an `admin`. Raises `NotFound` otherwise."""
    asker.require(*SCOPES)
    row = searches.saved(session, search_id)
    if "admin" not in asker.scopes and row.owner != asker.name:
        raise NotFound("there is no saved search of this id", value=search_id, remedy="List yours at /api/v1/searches.")
    return row


@router.get("/searches", response_model=List, responses=GUARDED)
def list_searches(
    request: Request, session: SessionDep, settings: SettingsDep, asker: AskerDep, limit: Limit = 100, after: After = None
) -> Response:
    """The asker's saved searches, the oldest first; everyone's for an `admin`."""
    asker.require(*SCOPES)
    owner = None if "admin" in asker.scopes else asker.name
    found = searches.searches(session, owner, after=after or "", limit=limit)
    following = found[-1].id if len(found) == limit else None
    return listed(request, [search_json(row, settings) for row in found], searches.count(session, owner), following)


@router.post("/searches", status_code=201, responses=GUARDED, dependencies=[required(*SCOPES)])
def save_search(
    body: SearchBody, request: Request, session: WritingDep, engine: EngineDep, settings: SettingsDep, asker: AskerDep
) -> Response:
    """Keeps a search. Mails begin when the address is confirmed, messages to a webhook at once; `secret` signs them."""
    query = saving.vetted(engine, body.query, settings.languages)
    given = body.model_dump(exclude={"query", "name"})
    row = saving.save(session, settings, body.name, query, owner=asker.name, **given)
    return reply(request, search_json(row, settings), 201)


@router.get("/searches/{search_id}", responses=GUARDED)
def show_search(search_id: str, request: Request, session: SessionDep, settings: SettingsDep, asker: AskerDep) -> Response:
    """One saved search: when it was looked at last, when a message was sent, and what went wrong since."""
    return reply(request, search_json(own(session, search_id, asker), settings))


@router.post("/searches/{search_id}/resume", responses=GUARDED)
def resume_search(search_id: str, request: Request, session: WritingDep, settings: SettingsDep, asker: AskerDep) -> Response:
    """Goes on with a search that was stopped after many failures; news begins now."""
    row = own(session, search_id, asker)
    if row.state == "stopped":
        searches.confirm(session, row)
        session.flush()
    return reply(request, search_json(row, settings))


@router.delete("/searches/{search_id}", status_code=204, responses=GUARDED)
def delete_search(search_id: str, session: WritingDep, asker: AskerDep) -> Response:
    """Ends a saved search; nothing is kept of it."""
    session.delete(own(session, search_id, asker))
    return Response(status_code=204)
