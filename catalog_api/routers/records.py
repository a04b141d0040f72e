"""Evidence: raw records beside what they became, findings, and the log of changes."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from catalog_api import reports
from catalog_api.auth import Asker
from catalog_api.deps import AskerDep, SessionDep, SettingsDep
from catalog_api.routers.reply import PROBLEMS, After, Limit, List, finding_json, listed, number, reply
from catalog_api.settings import Settings
from metadata import evidence, identity, ledger, sources, store
from metadata.errors import NotFound
from metadata.tables import RecordRow, Source

router = APIRouter(tags=["evidence"], responses=PROBLEMS)


def visible(session: Session, row: RecordRow | None, asker: Asker) -> RecordRow:
    """The record itself, when the asker may see it: one of a withheld dataset is for its department, and its source's, only."""
    entry = store.entries(session, [row.dataset_id]).get(row.dataset_id) if row and row.dataset_id else None
    hidden = entry is not None and entry.state == "withheld" and not asker.readers & {*entry.readers, "*"}
    if row is None or (hidden and not _is_of_source(session, row, asker)):
        raise NotFound("there is no record of this id")
    return row


def _is_of_source(session: Session, row: RecordRow, asker: Asker) -> bool:
    own = session.get_one(Source, row.source_id).organization
    return own is not None and own == asker.organization


def is_open(session: Session, row: RecordRow, asker: Asker) -> bool:
    """Whether this asker may read a record as it came: one that failed was never published, and is for its source's owner."""
    return row.state != "failed" or reports.is_owner(asker, session.get_one(Source, row.source_id))


def record_json(session: Session, row: RecordRow, asker: Asker) -> dict[str, Any]:
    """A record: what the source said, what it became, what the checks said."""
    shown = is_open(session, row, asker)
    entry = store.entries(session, [row.dataset_id]).get(row.dataset_id) if row.dataset_id else None
    return {
        "id": row.id,
        "identifier": row.identifier,
        "standard": row.standard,
        "state": row.state,
        "digest": row.digest,
        "errors": row.errors,
        "warnings": row.warnings,
        "run": row.run,
        "dataset": entry.name if entry else None,
        "became": entry.dataset if entry else None,
        "raw": identity.parsed(store.body(session, row.digest)) if row.digest and shown else None,
        "raw_hidden": not shown,
        "findings": [finding_json(one) for one in store.findings_of(session, row.id)],
    }


@router.get("/records/{record_id}")
def show_record(
    record_id: str,
    request: Request,
    session: SessionDep,
    asker: AskerDep,
    settings: SettingsDep,
    key: Annotated[str, Query(description="The key of a report's address.", max_length=100)] = "",
) -> Response:
    """One record as its source gave it, beside what it became and its findings. One that failed is shown whole to the
    owner of its source only."""
    row, asker = opened(session, settings, record_id, asker, key)
    return reply(request, record_json(session, row, asker))


def opened(session: Session, settings: Settings, record_id: str, asker: Asker, key: str) -> tuple[RecordRow, Asker]:
    """A record that the asker may see, and as whom: with the key of its source's reports, as their reader."""
    row = session.get(RecordRow, record_id)
    if row is not None and key:
        asker = reports.keyed(settings, session.get_one(Source, row.source_id), asker, key)
    return visible(session, row, asker), asker


@router.get("/sources/{name}/records", response_model=List)
def list_records(
    name: str,
    request: Request,
    session: SessionDep,
    rule: str | None = None,
    state: Annotated[str | None, Query(pattern="^(read|failed)$")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Records of a source, by identifier: all, those that break a rule, those that failed."""
    row = sources.source(session, name)
    found = sources.records(session, row.id, rule=rule, state=state, after=after or "", limit=limit)
    items = [
        one.model_dump(include={"id", "identifier", "standard", "state", "errors", "warnings", "run", "digest"})
        for one in found
    ]
    total = sources.count_records(session, row.id, rule=rule, state=state)
    return listed(request, items, total, found[-1].identifier if len(found) == limit else None)


@router.get("/findings", response_model=List)
def list_findings(
    request: Request,
    session: SessionDep,
    source: str | None = None,
    organization: str | None = None,
    rule: str | None = None,
    severity: Annotated[str | None, Query(pattern="^(error|warning|info)$")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Response:
    """Findings of what is listed now, with the record and dataset that each belongs to."""
    asked = evidence.Asked(source=source, organization=organization, rule=rule, severity=severity)
    found = evidence.findings(session, asked, after or "", limit)
    items = [
        {**finding_json(one.finding), "record": one.finding.record_id, "source": one.source, "dataset": one.dataset}
        for one in found
    ]
    return listed(request, items, evidence.count(session, asked), found[-1].cursor if len(found) == limit else None)


@router.get("/changes", response_model=List)
def list_changes(request: Request, session: SessionDep, asker: AskerDep, limit: Limit = 100, after: After = None) -> Response:
    """The log after line `after`, oldest first. Each line's `hash` covers the line before. The names of datasets that are
    withheld now are left out, except for an `admin`, who can check every hash."""
    found = store.changes(session, number(after), limit)
    hidden = set() if "*" in asker.readers else evidence.withheld(session, {change.dataset_id for change in found})
    items = [change.model_dump() | ({"name": None} if change.dataset_id in hidden else {}) for change in found]
    following = found[-1].sequence if len(found) == limit else None
    return listed(request, items, store.last_sequence(session), following)


@router.get("/ledger")
def verify_ledger(request: Request, session: SessionDep) -> Response:
    """Reads the whole log and tells whether it is unbroken, with its head to write down."""
    found = ledger.verify(session)
    body = {"ok": found.ok, "lines": found.lines, "head": found.head, "first_bad": found.first_bad, "message": found.message}
    return reply(request, body)
