"""Telling the owners of sources how runs ended: by mail and by a signed webhook, from the leading worker.

A run waits to be told while its `told` is empty. What was sent already, and when it is tried again, stands in a mark; so a
process that dies in between sends at most one message twice (with the same `Message-ID` or delivery number), and none is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from catalog_api import mail, reports, webhooks
from catalog_api.auth import Asker
from catalog_api.routers.reply import run_json
from catalog_api.searches import key
from catalog_api.settings import Settings
from catalog_api.web import report_letters
from catalog_api.web.addresses import address, segment
from catalog_api.web.rules import Counted, counted
from metadata import clock, database, marks
from metadata.errors import CatalogError, Unavailable
from metadata.tables import Mark, Run, Source
from metadata.text import best

AT_ONCE = 500
FIRST_FAILED = 10
"""Records that failed, named in a message; the report has all."""

MOST_FAILURES = 10
"""Failures in a row after which a report is given up; waits double from 2 minutes to a day."""

AWAY_SECONDS = 300.0
_DAY_MINUTES = 1440
_ENDED = ("done", "held", "failed", "cancelled")
_OWNER = Asker("report", frozenset({"admin"}))
_log = structlog.get_logger("mulu.reports")


@dataclass(frozen=True)
class Message:
    """What is told of a run, whoever is told."""

    source: Source
    run: Run
    rules: list[Counted]
    failed: list[reports.Line]
    link: str


class Telling:
    """The reports of one worker. `leads` says whether they are its own now."""

    def __init__(self, engine: Engine, settings: Settings, leads: Callable[[], bool]) -> None:
        self._engine, self._settings, self._leads = engine, settings, leads

    def tell_due(self) -> int:
        """Tells of the runs that ended since; how many messages were sent. Raises `Unavailable`, at its end, when the mail
        server is away: nothing is lost."""
        sent, away = 0, list[Unavailable]()
        for run_id in self._due() if self._leads() else ():
            if not self._leads():
                break
            try:
                sent += self.tell(run_id)
            except Unavailable as problem:
                away.append(problem)
        if away:
            raise away[0]
        return sent

    def tell(self, run_id: int) -> int:
        """Tells of one run; how many messages were sent. Raises `Unavailable`; it is then tried again soon."""
        with database.reading(self._engine) as session:
            run, mark = session.get_one(Run, run_id), marks.mark(session, _mark(run_id))
            source = session.get(Source, run.source_id)
            known = dict(mark.value) if mark else {}
            left = [one for one in targets(source, run) if one not in known.get("done", [])] if source else []
            message = _message(session, self._settings, source, run) if source and left else None
        if message is None:
            self._settle(run_id)
            return 0
        return self._send_all(message, left, known)

    def _send_all(self, message: Message, left: list[str], known: dict[str, Any]) -> int:
        sent, problem, run_id = 0, None, message.run.id or 0
        for target in left:
            try:
                self._send(message, target)
            except CatalogError as failure:
                problem = failure
                if isinstance(failure, Unavailable):
                    break
                continue
            sent += 1
            known["done"] = [*known.get("done", []), target]
            self._note(run_id, known)
        if problem is None:
            self._settle(run_id)
        else:
            self._put_off(message, known, problem)
        return sent

    def _send(self, message: Message, target: str) -> None:
        channel, _, to = target.partition(":")
        if channel == "mail":
            letter = report_letters.report(
                self._settings, message.source, message.run, to, message.rules, message.failed, message.link
            )
            return mail.send(self._settings, letter)
        body = orjson.dumps(payload(self._settings, message))
        signed = webhooks.signature(key(self._settings, "source webhook", message.source.id), body)
        headers = {webhooks.SIGNATURE: signed, webhooks.DELIVERY: delivery(message.run)}
        webhooks.post(to, body, headers, internal=self._settings.internal_webhooks)
        return None

    def _put_off(self, message: Message, known: dict[str, Any], problem: CatalogError) -> None:
        if isinstance(problem, Unavailable):
            self._note(message.run.id or 0, {**known, "due": clock.later(AWAY_SECONDS), "message": str(problem)[:500]})
            raise problem
        failures = int(known.get("failures", 0)) + 1
        if failures >= MOST_FAILURES:
            _log.warning("a report was given up", source=message.source.name, run=message.run.id, error=str(problem))
            return self._settle(message.run.id or 0)
        due = clock.later(60 * min(2**failures, _DAY_MINUTES))
        self._note(message.run.id or 0, {**known, "failures": failures, "due": due, "message": str(problem)[:500]})
        return None

    def _due(self) -> list[int]:
        with database.reading(self._engine) as session:
            waiting = select(Run.id).where(col(Run.told).is_(None), col(Run.state).in_(_ENDED))
            ids = list(session.exec(waiting.order_by(col(Run.id)).limit(AT_ONCE)))
            names = [_mark(one) for one in ids if one]
            later = {one.name for one in session.exec(select(Mark).where(col(Mark.name).in_(names))) if _is_later(one)}
        return [one for one in ids if one and _mark(one) not in later]

    def _note(self, run_id: int, value: dict[str, Any]) -> None:
        with database.writing(self._engine) as session:
            marks.put_mark(session, _mark(run_id), value)
            session.commit()

    def _settle(self, run_id: int) -> None:
        with database.writing(self._engine) as session:
            run, mark = session.get(Run, run_id), marks.mark(session, _mark(run_id))
            if run is not None:
                run.told = clock.now()
                session.add(run)
            if mark is not None:
                session.delete(mark)
            session.commit()


def targets(source: Source, run: Run) -> list[str]:
    """Who is told of this run: `mail:address` and `webhook:address`."""
    notify = source.notify or {}
    if not is_wanted(str(notify.get("when", "error")), run):
        return []
    webhook = [f"webhook:{notify['webhook']}"] if notify.get("webhook") else []
    return [*(f"mail:{one}" for one in notify.get("mail", [])), *webhook]


def is_wanted(when: str, run: Run) -> bool:
    """Whether a run is one to tell of: always; after an error (it did not end `done`, or records failed); after a change (the
    same, or datasets were added, changed, renamed or retired)."""
    if when == "always":
        return True
    if run.state in ("failed", "held") or (run.state == "done" and run.failed):
        return True
    return when == "change" and any((run.added, run.updated, run.renamed, run.retired))


def delivery(run: Run) -> str:
    """The number of a message: the same when it has to be sent again."""
    return f"run-{run.id}"


def report_link(settings: Settings, source: Source, run: Run) -> str:
    """The address of a run's whole report, with the key that opens it."""
    given = {"key": reports.report_key(settings, source)}
    return address(f"{settings.site_url}/source/{segment(source.name)}/runs/{run.id}", given)


def payload(settings: Settings, message: Message) -> dict[str, Any]:
    """What a webhook is told."""
    source, run = message.source, message.run
    return {
        "id": delivery(run),
        "event": "run.ended",
        "source": {"name": source.name, "organization": source.organization, "failures": source.failures},
        "run": {**run_json(run), "worker": None},
        "rules": [
            {"rule": one.rule, "severity": one.severity, "count": one.count, "message": one.message, "fix": one.fix}
            for one in message.rules
        ],
        "failed": [_failure(settings, one) for one in message.failed],
        "report": message.link,
    }


def _failure(settings: Settings, line: reports.Line) -> dict[str, Any]:
    worst = next((one for one in line.findings if one.severity == "error"), None)
    about = {"rule": worst.rule, "path": worst.path, "value": worst.value, "message": best(worst.message)} if worst else {}
    record = line.record.id if line.record else ""
    return {"identifier": line.identifier, "record": f"{settings.site_url}/api/v1/records/{record}", **about}


def _message(session: Session, settings: Settings, source: Source, run: Run) -> Message:
    rules = [counted(rule, "", number) for rule, number in sorted(run.findings_by_rule.items(), key=lambda one: -one[1])]
    failed = reports.lines(session, run, source, _OWNER, "failed", "", FIRST_FAILED)
    return Message(source, run, rules, failed, report_link(settings, source, run))


def _mark(run_id: int) -> str:
    return f"report of run {run_id}"


def _is_later(mark: Mark) -> bool:
    return str(mark.value.get("due", "")) > clock.now()
