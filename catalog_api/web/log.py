"""The ledger's page: the newest changes, the head to write down, and the proof that nothing was altered."""

import re

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, select

from catalog_api.auth import Asker
from catalog_api.deps import AskerDep, SessionDep
from catalog_api.web.addresses import address, whole, word
from catalog_api.web.page import render, speaking
from catalog_api.web.translation import N_
from metadata import ledger, store
from metadata.tables import Change, DatasetRow

router = APIRouter(include_in_schema=False)
LINES = 50
_HEAD = re.compile(r"(\d{1,15})[:\s]+([0-9a-fA-F]{64})")


@router.get("/ledger")
def ledger_page(request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """Newest lines; with `?verify=1` the whole ledger is read; `since` is a head written down earlier."""
    head = ledger.head(session)
    newest = whole(request, "line", head[0], least=1, most=max(1, head[0]))
    since = word(request, "since", 120)
    earlier = _HEAD.fullmatch(since)
    wrong = bool(since) and earlier is None
    verify = bool(word(request, "verify", 5)) and not wrong
    noted = (int(earlier[1]), earlier[2].lower()) if earlier else None
    values = {
        "head": head,
        "since": since,
        "problem": speaking(request).say(N_("A head is a line number, a colon and 64 characters of hash.")) if wrong else "",
        "verification": ledger.verify(session, noted) if verify else None,
        "changes": (changes := _lines(session, newest)),
        "hidden": _hidden(session, changes, asker),
        "newest": newest == head[0],
        "newer_url": _page(min(head[0], newest + LINES), head[0]) if newest < head[0] else None,
        "older_url": _page(newest - LINES, head[0]) if newest > LINES else None,
        "json_url": address("/api/v1/changes", {"after": str(max(0, newest - LINES)), "limit": str(LINES)}),
    }
    return render(request, "ledger.html", values)


def _lines(session: Session, newest: int) -> list[Change]:
    """The lines up to `newest`, newest first."""
    return list(reversed(store.changes(session, max(0, newest - LINES), min(LINES, newest))))


def _hidden(session: Session, changes: list[Change], asker: Asker) -> set[str]:
    """Ids of the datasets in these lines that are withheld and not the asker's: their names are not shown."""
    if "*" in asker.readers:
        return set()
    own = col(DatasetRow.organization).is_distinct_from(asker.organization or "")
    ids = [one.dataset_id for one in changes]
    return set(session.exec(select(DatasetRow.id).where(col(DatasetRow.id).in_(ids), DatasetRow.state == "withheld", own)))


def _page(newest: int, head: int) -> str:
    return address("/ledger", {"line": "" if newest >= head else str(newest)})
