"""Raw records beside what the checks say of them: lists by rule and state, and one record.

Records of a withheld dataset are for its department only, here as in the API.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, func, or_, select

from catalog_api.auth import Asker
from catalog_api.deps import AskerDep, SessionDep, SettingsDep
from catalog_api.routers.records import is_open, opened
from catalog_api.web.addresses import address, segment, word
from catalog_api.web.harvests import source_of
from catalog_api.web.page import render, speaking
from catalog_api.web.rules import counted, worded
from catalog_api.web.translation import N_
from metadata import identity, model, sources, store
from metadata.departments import organization
from metadata.tables import DatasetRow, FindingRow, RecordRow, Source
from metadata.text import best

router = APIRouter(include_in_schema=False)
PER_PAGE = 50
SHOWN_RAW = 200_000
STATES = ("read", "failed", "flawed")


@dataclass(frozen=True)
class Line:
    """A record in a list: its dataset's title, and what the asked rule found in it."""

    record: RecordRow
    title: str
    value: str


@router.get("/source/{name}/records")
def source_records(request: Request, name: str, session: SessionDep, asker: AskerDep) -> Response:
    """Records of a source: all, by rule, by state."""
    row = sources.source(session, name)
    own = f"/source/{segment(row.name)}"
    spoken = speaking(request)
    values = {
        "place_name": row.name,
        "steps": [("/source", spoken.say(N_("Sources"))), (own, row.name), (None, spoken.say(N_("Records")))],
        "json_url": address(f"/api/v1/sources/{segment(row.name)}/records", _json_pairs(request)),
    }
    return _list(request, session, asker, [RecordRow.source_id == row.id], f"{own}/records", values)


@router.get("/organization/{name}/records")
def organization_records(request: Request, name: str, session: SessionDep, asker: AskerDep) -> Response:
    """Records of all sources of a department: all, by rule, by state."""
    row = organization(session, name)
    own = f"/organization/{segment(row.name)}"
    spoken = speaking(request)
    title = best(row.title, spoken.languages)
    values = {
        "place_name": title,
        "steps": [
            ("/compliance", spoken.say(N_("Compliance"))),
            (f"/compliance/{segment(row.name)}", title),
            (None, spoken.say(N_("Records"))),
        ],
        "json_url": address("/api/v1/findings", {"organization": row.name, "rule": word(request, "rule", 300)}),
    }
    return _list(request, session, asker, [Source.organization == row.name], f"{own}/records", values)


@router.get("/record/{record_id}")
def record_page(request: Request, record_id: str, session: SessionDep, asker: AskerDep, settings: SettingsDep) -> Response:
    """One record as its source gave it, beside its findings and what it was understood as."""
    row, asker = opened(session, settings, record_id.replace("\x00", ""), asker, word(request, "key", 100))
    shown = is_open(session, row, asker)
    entry = store.entries(session, [row.dataset_id]).get(row.dataset_id) if row.dataset_id else None
    body = store.body(session, row.digest) if row.digest and shown else b""  # a run was undone: it is read anew
    raw = pretty(body)
    values = {
        "record": row,
        "source": source_of(session, row.source_id),
        "entry": entry,
        "raw": raw[:SHOWN_RAW],
        "hidden": not shown,
        "cut": len(raw) > SHOWN_RAW,
        "raw_size": len(body),
        "findings": worded(store.findings_of(session, row.id)),
        "canonical": pretty(model.encode(entry.dataset)) if entry else "",
        "json_url": f"/api/v1/records/{segment(row.id)}",
    }
    return render(request, "record.html", values)


def pretty(body: bytes) -> str:
    """A record for reading: JSON indented, members in their order; anything else as text."""
    parsed = identity.parsed(body)
    if isinstance(parsed, str):
        return parsed
    try:
        return orjson.dumps(parsed, option=orjson.OPT_INDENT_2).decode()
    except TypeError:  # integers over 64 bits
        return body.decode("utf-8", "replace")


def _list(request: Request, session: Session, asker: Asker, where: list[Any], own: str, values: dict[str, Any]) -> Response:
    rule, state, after = word(request, "rule", 300), word(request, "state", 20), word(request, "after", 1100)
    statement = _narrowed(where, rule, state if state in STATES else "", asker)
    total = session.exec(select(func.count()).select_from(statement.subquery())).one()
    if after:
        statement = statement.where(RecordRow.identifier > after)
    rows = list(session.exec(statement.order_by(col(RecordRow.identifier)).limit(PER_PAGE)))
    following = address(own, {"rule": rule, "state": state, "after": rows[-1].identifier}) if len(rows) == PER_PAGE else None
    known = counted(rule, "", total) if rule else None
    return render(
        request,
        "records.html",
        {
            **values,
            "rule": known,
            "state": state if state in ("read", "failed") else "",
            "records": _lines(session, rows, rule),
            "total": total,
            "next_url": following,
        },
    )


def _narrowed(where: list[Any], rule: str, state: str, asker: Asker) -> Any:
    """The records that are asked for, without those of withheld datasets that the asker may not see."""
    statement = (
        select(RecordRow).join(Source, col(Source.id) == RecordRow.source_id).where(*where, col(RecordRow.gone).is_(False))
    )
    if rule:
        statement = statement.where(col(RecordRow.id).in_(select(FindingRow.record_id).where(FindingRow.rule == rule)))
    if state == "flawed":
        statement = statement.where(RecordRow.state == "read", RecordRow.errors > 0)
    elif state:
        statement = statement.where(RecordRow.state == state)
    if "*" in asker.readers:
        return statement
    hidden = select(DatasetRow.id).where(
        DatasetRow.state == "withheld", col(DatasetRow.organization).is_distinct_from(asker.organization or "")
    )
    return statement.where(or_(col(RecordRow.dataset_id).is_(None), col(RecordRow.dataset_id).not_in(hidden)))


def _lines(session: Session, rows: list[RecordRow], rule: str) -> list[Line]:
    ids = [row.dataset_id for row in rows if row.dataset_id]
    titles = dict(session.exec(select(DatasetRow.id, DatasetRow.title).where(col(DatasetRow.id).in_(ids))).all()) if ids else {}
    keys = [row.id for row in rows]
    found = select(FindingRow.record_id, FindingRow.value).where(FindingRow.rule == rule, col(FindingRow.record_id).in_(keys))
    values = dict(session.exec(found).all()) if rule and keys else {}
    return [Line(row, titles.get(row.dataset_id or "", ""), values.get(row.id, "")) for row in rows]


def _json_pairs(request: Request) -> dict[str, str]:
    state = word(request, "state", 20)
    return {"rule": word(request, "rule", 300), "state": state if state in ("read", "failed") else ""}
