"""Curation: what a person changes of a harvested dataset, and of what it is a copy."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from catalog_api.auth import SCOPES, Asker
from catalog_api.deps import AskerDep, SessionDep, SettingsDep, WritingDep, required
from catalog_api.lineage import lineage
from catalog_api.routers.reply import GUARDED, PROBLEMS, List, entry_json, listed, reply
from catalog_api.seeing import seen
from metadata import copies, overlays, sources, store
from metadata.entry import Entry
from metadata.errors import Conflict
from metadata.overlays import LONGEST_NOTE, Layer

router = APIRouter(tags=["curation"], responses=PROBLEMS)


class ChangesBody(BaseModel):
    """Fields of the description, each as the whole new value in the form that the API shows under `dataset`; `null` empties
    it."""

    fields: dict[str, Any] = Field(min_length=1)
    note: str = Field("", max_length=LONGEST_NOTE)


class KeepBody(BaseModel):
    """Which value of a field stands: `mine` (the person's) or the `source`'s."""

    keep: Literal["mine", "source"]
    note: str = Field("", max_length=LONGEST_NOTE)


class CopyBody(BaseModel):
    """The dataset (its name or id) that this one is a copy of."""

    canonical: str = Field(min_length=1, max_length=300)


def layer_json(one: Layer) -> dict[str, Any]:
    """One field that a person set: its value, what the source said then (`base`) and says now (`source`)."""
    overlay = one.overlay
    return {
        "field": overlay.field,
        "value": overlay.value,
        "base": overlay.base,
        "source": one.beneath,
        "conflict": one.conflict,
        "author": overlay.author,
        "at": overlay.at,
        "note": overlay.note,
    }


def owned(session: Session, name: str, asker: Asker) -> Entry:
    """A dataset that is not retired, when the asker may write its organization's."""
    entry = seen(store.get(session, name), asker)
    asker.require("write", organization=entry.organization)
    return entry


@router.patch("/datasets/{name}", responses=GUARDED, dependencies=[required(*SCOPES)])
def change_dataset(
    name: str, body: ChangesBody, request: Request, session: WritingDep, settings: SettingsDep, asker: AskerDep
) -> Response:
    """Changes fields of a harvested dataset, over what its source says. The next harvest changes only what lies beneath."""
    entry = owned(session, name, asker)
    if entry.source is not None and sources.source(session, entry.source).protocol == sources.REGISTERED:
        remedy = "Register it anew: PUT /api/v1/organizations/{name}/datasets/{identifier}."
        raise Conflict("this dataset is registered here: there is nothing beneath to change over", place=name, remedy=remedy)
    changed = overlays.put(session, entry.id, body.fields, f"token:{asker.name}", body.note)
    return reply(request, {"changed": changed, **_shown(session, entry, settings.site_url)})


@router.get("/datasets/{name}/overlays", response_model=List)
def list_overlays(name: str, request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """The fields of a dataset that a person changed, beside what its source says."""
    entry = seen(store.get(session, name), asker)
    items = [layer_json(one) for one in overlays.layers(session, entry.id)]
    return listed(request, items, len(items), None)


@router.delete("/datasets/{name}/overlays/{field}", status_code=204, responses=GUARDED)
def delete_overlay(name: str, field: str, session: WritingDep, asker: AskerDep) -> Response:
    """Takes a person's change of a field away: it says again what the source says."""
    overlays.remove(session, owned(session, name, asker).id, field, f"token:{asker.name}")
    return Response(status_code=204)


@router.post("/datasets/{name}/overlays/{field}/decision", responses=GUARDED, dependencies=[required(*SCOPES)])
def decide_conflict(
    name: str, field: str, body: KeepBody, request: Request, session: WritingDep, settings: SettingsDep, asker: AskerDep
) -> Response:
    """Decides a conflict: the person's value stays over what the source says now, or the source's value stands again."""
    entry = owned(session, name, asker)
    if body.keep == "mine":
        overlays.keep(session, entry.id, field, f"token:{asker.name}", body.note)
    else:
        overlays.remove(session, entry.id, field, f"token:{asker.name}")
    return reply(request, _shown(session, entry, settings.site_url))


@router.put("/datasets/{name}/copy-of", responses=GUARDED, dependencies=[required(*SCOPES)])
def link_dataset(
    name: str, body: CopyBody, request: Request, session: WritingDep, settings: SettingsDep, asker: AskerDep
) -> Response:
    """Says that a dataset is a copy of another (of that one's canonical one, if it is a copy itself). No rule changes it."""
    entry = owned(session, name, asker)
    target = seen(store.get(session, body.canonical), asker)
    copies.link_by_hand(session, entry.id, target.id, f"token:{asker.name}")
    return reply(request, _linked(session, entry, settings.site_url, asker))


@router.delete("/datasets/{name}/copy-of", responses=GUARDED)
def unlink_dataset(
    name: str,
    request: Request,
    session: WritingDep,
    settings: SettingsDep,
    asker: AskerDep,
    rules: Annotated[bool, Query(description="Take a person's decision back: the rules decide again.")] = False,
) -> Response:
    """Says that a dataset stands for itself, whatever the rules find; or, with `rules`, lets them decide again."""
    entry = owned(session, name, asker)
    decide = copies.release if rules else copies.unlink_by_hand
    decide(session, entry.id, f"token:{asker.name}")
    return reply(request, _linked(session, entry, settings.site_url, asker))


def _linked(session: Session, entry: Entry, site: str, asker: Asker) -> dict[str, Any]:
    session.flush()
    now = store.entries(session, [entry.id])[entry.id]
    return {**entry_json(now, site), **lineage(session, now, asker.readers)}


def _shown(session: Session, entry: Entry, site: str) -> dict[str, Any]:
    """A dataset as it is after a change."""
    session.flush()
    now = store.entries(session, [entry.id])[entry.id]
    return {**entry_json(now, site), "overlays": [layer_json(one) for one in overlays.layers(session, entry.id)]}
