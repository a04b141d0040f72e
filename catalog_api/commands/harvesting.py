"""`mulu harvest`, and the run report as people read it."""

import sys
from contextlib import suppress
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine
from sqlmodel import Session

from catalog_api.commands.console import as_json, catalogue, errors, plain, screen, show, stored
from catalog_api.harvesting import Harvesting, resume, start
from catalog_api.health import forgive
from catalog_api.run_fields import RUN_FIELDS
from catalog_api.settings import Settings, read_settings
from harvesters.table import PROTOCOLS
from metadata import database, sources
from metadata.errors import NotFound
from metadata.tables import Run, Source
from search.engines import is_embedded
from standards.table import STANDARDS


@click.command("harvest")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done; nothing is stored.")
@click.option("--limit", type=click.IntRange(1), help="With --dry-run: look at so many records only.")
@click.option("--accept-retire", is_flag=True, help="Retire what the source no longer lists, however many that is.")
@click.option("--resume", "go_on", is_flag=True, help="Go on with a run that did not come to its end.")
@as_json
def harvest(name: str, dry_run: bool, limit: int | None, accept_retire: bool, go_on: bool, json_: bool) -> None:
    """Harvests a source and prints the run report."""
    report = _previewed(name, limit) if dry_run else _harvested(name, accept_retire, go_on, json_)
    if json_:
        show(report)
    else:
        print_report(report)
    sys.exit(0 if report["state"] == "done" and not report["failed"] else 1)


def _previewed(name: str, limit: int | None) -> dict[str, Any]:
    from catalog_api.previewing import preview  # here: a harvest needs nothing of it

    with catalogue() as rooms:
        return preview(rooms, name, limit)


def _harvested(name: str, accept_retire: bool, go_on: bool, quiet: bool) -> dict[str, Any]:
    """The report of a run. The index is loaded when the records are in, so that its memory is not added to the run's."""
    settings = read_settings()
    is_embedded(settings.search)  # a wrong address is told now
    with stored(settings) as engine:
        run = _run(engine, settings, name, accept_retire, go_on, quiet)
        from catalog_api.catching_up import follow_once
        from catalog_api.opening import open_search

        follow_once(engine, open_search(settings))
        return {field: getattr(run, field) for field in RUN_FIELDS} | {"run": run.id}


def _run(engine: Engine, settings: Settings, name: str, accept_retire: bool, go_on: bool, quiet: bool) -> Run:
    with database.writing(engine) as session:
        run_id = _began(session, name, accept_retire, go_on)
        session.commit()
    with _bar(quiet) as bar:
        task = bar.add_task(name, total=None)

        def move(run: Run) -> None:
            bar.update(
                task, completed=run.received, total=run.total, description=f"{name}: {run.added} new, {run.updated} changed"
            )

        return Harvesting(engine, settings, run_id, progress=move).perform()


def _began(session: Session, name: str, accept_retire: bool, go_on: bool) -> int:
    row = sources.source(session, name)
    _load(row)
    forgive(session, row)
    run = resume(session, row) if go_on else start(session, row, accept_retire=accept_retire)
    if go_on and accept_retire:
        run.accept_retire = True
    return run.id or 0


def _load(row: Source) -> None:
    """Loads what the run will need, so that its seconds are its own."""
    with suppress(NotFound):  # which the run will tell
        protocol = PROTOCOLS.get(row.protocol)
        if name := row.standard or protocol.standard:
            STANDARDS.get(name)


def _bar(quiet: bool) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=errors, transient=True, disable=quiet)


def print_report(report: dict[str, Any]) -> None:
    """Prints a run report for people: the counters, the message, and the rules broken most often."""
    screen.print(f"[bold]{plain(report['source'])}[/bold]: {report['state']}", highlight=False)
    counters = ("received", "added", "updated", "unchanged", "renamed", "retired", "failed", "warned", "duplicates")
    screen.print("  " + ", ".join(f"{report[name]} {name}" for name in counters), highlight=False)
    speed = f", {report['received'] / report['seconds']:,.0f} records/s" if report["seconds"] else ""
    screen.print(
        f"  {report['seconds']} s{speed}, {report['bytes'] / 1048576:.1f} MiB, peak memory {report['peak_memory_mib']} MiB",
        highlight=False,
    )
    if report["message"]:
        screen.print(f"  {plain(report['message'])}", markup=False, highlight=False)
    for rule, count in list(report["findings_by_rule"].items())[:8]:
        screen.print(f"  {count:>7}  {rule}", markup=False, highlight=False)
