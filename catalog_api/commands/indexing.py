"""`mulu index …` and `mulu ledger …`."""

import sys
from typing import Any

import click
import orjson

from catalog_api.commands.console import as_json, catalogue, screen, show
from metadata import database, ledger, store
from metadata.errors import Invalid
from search.base import Query
from search.sync import rebuild, sync, verify


@click.group()
def index() -> None:
    """The search index."""


@index.command("status")
@as_json
def status(json_: bool) -> None:
    """How far the index is behind the log."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        position, last = rooms.search.position(), store.last_sequence(session)
        shown = {
            "position": position,
            "last": last,
            "behind": max(0, last - position),
            "documents": rooms.search.search(_ALL).total,
        }
    _tell(shown, json_)
    sys.exit(1 if shown["behind"] else 0)


_ALL = Query(limit=0, readers=frozenset({"public", "*"}))


@index.command("sync")
@as_json
def sync_(json_: bool) -> None:
    """Brings the index up to the log; a worker does so by itself."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        read = sync(session, rooms.search)
        shown = {"read": read, "position": rooms.search.position()}
    _tell(shown, json_)


@index.command("rebuild")
@as_json
def rebuild_(json_: bool) -> None:
    """Builds the index anew beside the present one, then swaps; searching never stops."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        count = rebuild(session, rooms.search)
    _tell({"documents": count}, json_)


@index.command("verify")
@click.option("--repair", is_flag=True, help="Mend what differs.")
@as_json
def verify_(repair: bool, json_: bool) -> None:
    """Compares the store with the index, dataset by dataset."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        drift = verify(session, rooms.search, repair=repair)
    shown = {
        "checked": drift.checked,
        "missing": len(drift.missing),
        "stale": len(drift.stale),
        "extra": len(drift.extra),
        "repaired": repair,
    }
    _tell(shown, json_)
    sys.exit(1 if (drift.missing or drift.stale or drift.extra) and not repair else 0)


@click.group("ledger")
def ledger_() -> None:
    """The log that nobody can quietly rewrite."""


@ledger_.command("verify")
@click.option(
    "--since", metavar="SEQUENCE:HASH", help="A head that was written down earlier: that line must still carry that hash."
)
@as_json
def verify_ledger(since: str | None, json_: bool) -> None:
    """Reads the whole log and tells whether it is unbroken."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        found = ledger.verify(session, _head(since) if since else None)
    _tell(
        {
            "ok": found.ok,
            "lines": found.lines,
            "head": f"{found.lines}:{found.head}",
            "first_bad": found.first_bad,
            "message": found.message,
        },
        json_,
    )
    sys.exit(0 if found.ok else 1)


def _head(written: str) -> tuple[int, str]:
    sequence, _, line_hash = written.partition(":")
    if not (sequence.isascii() and sequence.isdigit()) or len(line_hash) != 64:
        raise Invalid(
            "a head is written SEQUENCE:HASH", place="--since", value=written, remedy="`mulu ledger verify` prints it."
        )
    return int(sequence), line_hash


@ledger_.command("export")
@click.option("--after", default=0, help="Only lines after this one.")
def export_ledger(after: int) -> None:
    """Prints the log as JSON lines, oldest first."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        for change in ledger.lines(session, after):
            sys.stdout.write(orjson.dumps(change.model_dump()).decode() + "\n")


def _tell(shown: dict[str, Any], json_: bool) -> None:
    if json_:
        show(shown)
    else:
        for name, value in shown.items():
            screen.print(f"{name}: {'' if value is None else value}", highlight=False, markup=False)
