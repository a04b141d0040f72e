"""`mulu source …`: where records come from, how they are entered, when, and how they stand."""

import sys
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session, select

from catalog_api import uploads
from catalog_api.auth import Asker
from catalog_api.catching_up import follow_once
from catalog_api.commands.console import as_json, catalogue, plain, screen, show, table
from catalog_api.commands.places import Places
from catalog_api.detecting import completed
from catalog_api.health import Standing, standings
from catalog_api.rereading import reread
from catalog_api.routers.health import standing_json
from catalog_api.source_forms import SourceBody, change, put_checked, source_json
from metadata import database, departments, sources
from metadata.errors import Conflict, Invalid
from metadata.tables import Run, Source

OPERATOR = Asker("operator", frozenset({"admin"}))
OWN = SourceBody.model_fields.keys() - {"url", "protocol", "standard", "organization", "settings", "access", "notify"}
"""Fields of a source that `--set` takes; every other word is a setting of its protocol."""

_LISTS = {"blackout": ";", "volatile": ",", "mail": ","}
_set = click.option(
    "--set",
    "given",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the protocol, or of the source (schedule, timezone …).",
)
_access = click.option(
    "--access",
    multiple=True,
    metavar="KEY=VALUE",
    help="How it is entered: kind, and its fields; `@FILE` reads, `-` asks for a value.",
)
_notify = click.option(
    "--notify", multiple=True, metavar="KEY=VALUE", help="Who hears of its runs: mail, webhook, when, language."
)


@click.group(
    commands=Places(
        {"clear": "catalog_api.commands.curating:clear", "preview": "catalog_api.commands.previewing:preview"},
    )
)
def source() -> None:
    """Where records come from."""


@source.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--protocol", help="How the source is walked; default: found out from what it answers. See `mulu protocols`.")
@click.option("--standard", help="The standard of its records, when it is not the protocol's usual one; see `mulu standards`.")
@click.option("--organization", help="The department that its datasets belong to; made when it is not there.")
@_set
@_access
@_notify
@as_json
def add(
    name: str,
    url: str,
    protocol: str | None,
    standard: str | None,
    organization: str | None,
    given: tuple[str, ...],
    access: tuple[str, ...],
    notify: tuple[str, ...],
    json_: bool,
) -> None:
    """Adds a source."""
    body = SourceBody.model_validate(
        {
            "url": url,
            "protocol": protocol or "",
            "standard": standard,
            "organization": organization,
            **fields(given, access, notify),
        }
    )
    with catalogue() as rooms, database.writing(rooms.database) as session:
        body, found = uploads.taken(session, rooms.settings, body)
        if not found:
            body, found = completed(rooms.settings, body, local=True)
        if session.exec(select(Source).where(Source.name == name)).first():
            raise Conflict("there is a source of this name", value=name, remedy="Choose another name, or remove it first.")
        _make_department(session, organization)
        row = put_checked(session, rooms.settings, name, body)
        session.commit()
        if found and not json_:
            screen.print(f"{row.protocol}: {plain(found[0].found.why)}", highlight=False)
        print_source(row, json_)


@source.command("set")
@click.argument("name")
@click.option("--url", help="Another address.")
@click.option("--standard", help="The standard of its records.")
@click.option("--organization", help="The department that its datasets belong to; made when it is not there.")
@_set
@_access
@_notify
@as_json
def set_(
    name: str,
    url: str | None,
    standard: str | None,
    organization: str | None,
    given: tuple[str, ...],
    access: tuple[str, ...],
    notify: tuple[str, ...],
    json_: bool,
) -> None:
    """Changes what is given of a source and leaves the rest; an empty value takes one out. Its failures are forgotten."""
    plain = {"url": url, "standard": standard, "organization": organization}
    changes = {key: value or None for key, value in plain.items() if value is not None}
    with catalogue() as rooms, database.writing(rooms.database) as session:
        _make_department(session, organization)
        if url:
            changes["url"] = uploads.next_edition(session, rooms.settings, name, url)
        row = change(session, rooms.settings, name, {**changes, **fields(given, access, notify)})
        session.commit()
        print_source(row, json_)


def fields(given: tuple[str, ...], access: tuple[str, ...] = (), notify: tuple[str, ...] = ()) -> dict[str, Any]:
    """`KEY=VALUE` words as fields of a source: those of its own, `settings`, `access` and `notify`."""
    found: dict[str, Any] = {}
    for key, value in _pairs("--set", given):
        if key in OWN:
            found[key] = _value(key, value)
        else:
            found.setdefault("settings", {})[key] = value
    for key, value in _pairs("--access", access):
        found.setdefault("access", {})[key] = _told(key, value) or None
    for key, value in _pairs("--notify", notify):
        found.setdefault("notify", {})[key] = _value(key, value)
    return found


def _pairs(option: str, words: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = []
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise Invalid("a setting is written KEY=VALUE", place=option, value=key or "=")
        pairs.append((key, value))
    return pairs


def _value(key: str, value: str) -> Any:
    if key in _LISTS:
        return [part.strip() for part in value.split(_LISTS[key]) if part.strip()]
    return value or (None if key == "schedule" else value)


def _told(key: str, value: str) -> str:
    """A value of `--access`: a secret need not stand on the command line, where others of this machine can read it."""
    if value == "-":
        return str(click.prompt(key, hide_input=True, err=True)) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if value.startswith("@"):
        return Path(value[1:]).read_text(encoding="utf-8").rstrip("\n")
    return value


def _make_department(session: Session, name: str | None) -> None:
    if name and not any(row.name == name for row in departments.organizations(session)):
        departments.put_organization(session, name)


def print_source(row: Source, json_: bool) -> None:
    """Prints a source, its secrets masked."""
    shown = source_json(row, OPERATOR)
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
            show({"items": [source_json(row, OPERATOR) for row in rows], "total": len(rows), "next": None})
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
        print_source(sources.source(session, name), json_)


@source.command("health")
@as_json
def health(json_: bool) -> None:
    """Tells how the sources stand, those in trouble first. Status 1 when one is failing, held or late."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        found = standings(session)
    if json_:
        show({"items": [standing_json(one) for one in found], "total": len(found), "next": None})
    else:
        table("Sources", [_health(one) for one in found], "There are no sources yet: add one with `mulu source add`.")
    sys.exit(1 if any(one.is_trouble for one in found) else 0)


def _health(one: Standing) -> dict[str, Any]:
    counts = {"source has": one.listed, "catalogue has": one.published}
    return {
        "name": one.source.name,
        "state": one.state,
        "streak": one.streak,
        "last good": _minute(one.source.last_good),
        **counts,
        "next run": _minute(one.source.next_run),
        "why": one.why,
    }


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else ""


@source.command("remove")
@click.argument("name")
@as_json
def remove(name: str, json_: bool) -> None:
    """Removes a source; its datasets are retired, their history stays."""
    with catalogue() as rooms:
        with database.writing(rooms.database) as session:
            retired = sources.remove_source(session, name, "operator")
            session.commit()
        follow_once(rooms.database, rooms.search)
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
        follow_once(rooms.database, rooms.search)
    if json_:
        show({"source": name, **tally})
    else:
        table(f"{name}, read anew", [tally], "")
