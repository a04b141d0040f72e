"""`mulu source …` and `mulu harvest`."""

import sys
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlmodel import Session, select

from catalog_api import jobs
from catalog_api.auth import Asker
from catalog_api.commands.console import as_json, catalogue, errors, plain, screen, show, table
from catalog_api.deps import Rooms
from catalog_api.harvesting import Harvesting, resume, start
from catalog_api.previewing import preview
from catalog_api.rereading import reread
from catalog_api.routers.reply import RUN_FIELDS
from catalog_api.routers.sources import SourceBody, put_checked, source_json
from metadata import database, departments, sources
from metadata.errors import Conflict, Invalid
from metadata.tables import Run, Source

_OPERATOR = Asker("operator", frozenset({"admin"}))


@click.group()
def source() -> None:
    """Where records come from."""


@source.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--protocol", required=True, help="How the source is walked; see `mulu protocols`.")
@click.option("--standard", help="The standard of its records, when it is not the protocol's usual one; see `mulu standards`.")
@click.option("--organization", help="The department that its datasets belong to; made when it is not there.")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the protocol, or admits, retire_limit, internal, schedule.",
)
@as_json
def add(
    name: str, url: str, protocol: str, standard: str | None, organization: str | None, given: tuple[str, ...], json_: bool
) -> None:
    """Adds a source."""
    own, settings = _split(given)
    body = SourceBody.model_validate(
        {"url": url, "protocol": protocol, "standard": standard, "organization": organization, "settings": settings, **own}
    )
    with catalogue() as rooms, database.writing(rooms.database) as session:
        if session.exec(select(Source).where(Source.name == name)).first():
            raise Conflict("there is a source of this name", value=name, remedy="Choose another name, or remove it first.")
        if organization and not any(row.name == organization for row in departments.organizations(session)):
            departments.put_organization(session, organization)
        row = put_checked(session, name, body)
        session.commit()
        _print_source(row, json_)


def _split(given: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """`KEY=VALUE` words, told apart into fields of the source and settings of its protocol."""
    own: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for word in given:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise Invalid("a setting is written KEY=VALUE", place="--set", value=word)
        (own if key in ("admits", "retire_limit", "internal", "schedule") else settings)[key] = value
    return own, settings


def _print_source(row: Source, json_: bool) -> None:
    shown = source_json(row, _OPERATOR)
    if json_:
        show(shown)
    else:
        table(row.name, [{"field": key, "value": value} for key, value in shown.items()], "")


@source.command("list")
@as_json
def list_(json_: bool) -> None:
    """Lists the sources."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        rows = sources.sources(session)
        if json_:
            show({"items": [source_json(row, _OPERATOR) for row in rows], "total": len(rows), "next": None})
            return
        last = {row.id: next(iter(sources.runs(session, row.id, 1)), None) for row in rows}
        table(
            "Sources", [_line(row, last[row.id]) for row in rows], "There are no sources yet: add one with `mulu source add`."
        )


def _line(row: Source, run: Run | None) -> dict[str, Any]:
    own = {"name": row.name, "protocol": row.protocol, "organization": row.organization, "schedule": row.schedule}
    return {**own, "last run": run.state if run else "never", "received": run.received if run else ""}


@source.command("show")
@click.argument("name")
@as_json
def show_(name: str, json_: bool) -> None:
    """Shows one source."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        _print_source(sources.source(session, name), json_)


@source.command("remove")
@click.argument("name")
@as_json
def remove(name: str, json_: bool) -> None:
    """Removes a source; its datasets are retired, their history stays."""
    with catalogue() as rooms:
        with database.writing(rooms.database) as session:
            retired = sources.remove_source(session, name, "operator")
            session.commit()
        jobs.follow_once(rooms.database, rooms.search)
    if json_:
        show({"removed": name, "retired": retired})
    else:
        screen.print(f"{name} is removed; {retired} datasets were retired.")


@source.command("reread")
@click.argument("name")
@as_json
def reread_(name: str, json_: bool) -> None:
    """Checks and reads the stored records anew, without asking the source: after a change of the mapping or the standard."""
    with catalogue() as rooms:
        tally = reread(rooms.database, name)
        jobs.follow_once(rooms.database, rooms.search)
    if json_:
        show({"source": name, **tally})
    else:
        table(f"{name}, read anew", [tally], "")


@click.command("harvest")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done; nothing is stored.")
@click.option("--accept-retire", is_flag=True, help="Retire what the source no longer lists, however many that is.")
@click.option("--resume", "go_on", is_flag=True, help="Go on with a run that did not come to its end.")
@as_json
def harvest(name: str, dry_run: bool, accept_retire: bool, go_on: bool, json_: bool) -> None:
    """Harvests a source and prints the run report."""
    with catalogue() as rooms:
        if dry_run:
            report = preview(rooms, name)
        else:
            run = _run(rooms, name, accept_retire, go_on, quiet=json_)
            jobs.follow_once(rooms.database, rooms.search)
            report = {field: getattr(run, field) for field in RUN_FIELDS} | {"run": run.id}
    if json_:
        show(report)
    else:
        print_report(report)
    sys.exit(0 if report["state"] == "done" and not report["failed"] else 1)


def _run(rooms: Rooms, name: str, accept_retire: bool, go_on: bool, quiet: bool) -> Run:
    with database.writing(rooms.database) as session:
        run_id = _began(session, name, accept_retire, go_on)
        session.commit()
    with _bar(quiet) as bar:
        task = bar.add_task(name, total=None)

        def move(run: Run) -> None:
            bar.update(
                task, completed=run.received, total=run.total, description=f"{name}: {run.added} new, {run.updated} changed"
            )

        return Harvesting(rooms.database, rooms.settings, run_id, progress=move).perform()


def _began(session: Session, name: str, accept_retire: bool, go_on: bool) -> int:
    row = sources.source(session, name)
    run = resume(session, row) if go_on else start(session, row, accept_retire=accept_retire)
    if go_on and accept_retire:
        run.accept_retire = True
    return run.id or 0


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


COMMANDS = (source, harvest)
