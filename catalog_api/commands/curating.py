"""`mulu run …`, `mulu dataset …` and `mulu source clear`: what people decide of runs and datasets."""

from typing import Any

import click
from sqlmodel import Session

from catalog_api.auth import Asker
from catalog_api.catching_up import follow_once
from catalog_api.commands.console import as_json, catalogue, plain, screen, show, table
from catalog_api.lineage import lineage
from catalog_api.routers.curation import layer_json
from catalog_api.routers.decisions import leaving_json
from catalog_api.routers.reply import run_json
from metadata import copies, database, deciding, overlays, sources, store, undoing
from metadata.tables import Run

ACTOR = "operator"
_OPERATOR = Asker(ACTOR, frozenset({"admin"}))
_LISTED = 50
_number = click.argument("number", metavar="ID", type=click.IntRange(1))
_note = click.option("--note", default="", help="Why: kept with the decision.")


@click.group()
def run() -> None:
    """Runs: what they would retire, and what people decide of them."""


@run.command("vanished")
@_number
@as_json
def vanished(number: int, json_: bool) -> None:
    """Lists what a held run would retire."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        found = sources.run(session, number)
        items = [leaving_json(one, _OPERATOR, rooms.settings.site_url) for one in deciding.every_vanished(session, found)]
    if json_:
        show({"items": items, "total": len(items), "next": None})
        return
    lines = [{"identifier": plain(one["identifier"]), "name": one["name"], "title": plain(one["title"])} for one in items]
    table(f"Run {number} would retire", lines, f"Run {number} waits for no decision.")


@run.command("accept")
@_number
@_note
@as_json
def accept(number: int, note: str, json_: bool) -> None:
    """Retires what a held run no longer met; the run is done."""
    _decide(number, True, note, json_)


@run.command("refuse")
@_number
@_note
@as_json
def refuse(number: int, note: str, json_: bool) -> None:
    """Keeps what a held run would retire."""
    _decide(number, False, note, json_)


def _decide(number: int, accepted: bool, note: str, json_: bool) -> None:
    with catalogue() as rooms:
        with database.writing(rooms.database) as session:
            decided = deciding.decide(session, number, accepted, ACTOR, note)
            session.commit()
        follow_once(rooms.database, rooms.search)
    if json_:
        show(run_json(decided))
    else:
        what = f"{decided.retired} datasets are retired" if accepted else "everything is kept"
        screen.print(f"Run {number} of {decided.source}: {what}.", markup=False, highlight=False)


@run.command("undo")
@_number
@_note
@as_json
def undo(number: int, note: str, json_: bool) -> None:
    """Takes back what a run did, where nothing has happened to the dataset since."""
    with catalogue() as rooms:
        with database.writing(rooms.database) as session:
            undone = undoing.undo(session, number, ACTOR, note)
            session.commit()
            found: Run = sources.run(session, number)
        follow_once(rooms.database, rooms.search)
    if json_:
        show({**run_json(found), "undone": undone.as_json()})
        return
    counts = ", ".join(f"{count} {name}" for name, count in undone.as_json().items() if isinstance(count, int))
    screen.print(f"Run {number} of {found.source} is undone: {counts}.", markup=False, highlight=False)
    if undone.passed_over:
        table("Left as they are", undone.passed_over[:_LISTED], "")


@click.command("clear")
@click.argument("name")
@as_json
def clear(name: str, json_: bool) -> None:
    """Retires all datasets of a source and forgets its records; the source stays, and what it lists again comes back."""
    with catalogue() as rooms:
        with database.writing(rooms.database) as session:
            retired = undoing.clear(session, name, ACTOR)
            session.commit()
        follow_once(rooms.database, rooms.search)
    if json_:
        show({"cleared": name, "retired": retired})
    else:
        screen.print(f"{name} is cleared; {retired} datasets were retired.", markup=False, highlight=False)


@click.group()
def dataset() -> None:
    """Datasets: what people changed of them, and of what they are copies."""


@dataset.command("show")
@click.argument("name")
@as_json
def show_(name: str, json_: bool) -> None:
    """Shows where a dataset comes from, of what it is a copy, and what people changed of it."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        _print(session, name, json_)


@dataset.command("link")
@click.argument("name")
@click.argument("canonical")
@as_json
def link(name: str, canonical: str, json_: bool) -> None:
    """Says that dataset NAME is a copy of CANONICAL; no rule changes it again."""
    with catalogue() as rooms:
        with database.writing(rooms.database) as session:
            copies.link_by_hand(session, store.get(session, name).id, store.get(session, canonical).id, ACTOR)
            session.commit()
            _print(session, name, json_)
        follow_once(rooms.database, rooms.search)


@dataset.command("unlink")
@click.argument("name")
@click.option("--rules", is_flag=True, help="Take a person's decision back: the rules decide again.")
@as_json
def unlink(name: str, rules: bool, json_: bool) -> None:
    """Says that dataset NAME stands for itself, whatever the rules find."""
    with catalogue() as rooms:
        with database.writing(rooms.database) as session:
            (copies.release if rules else copies.unlink_by_hand)(session, store.get(session, name).id, ACTOR)
            session.commit()
            _print(session, name, json_)
        follow_once(rooms.database, rooms.search)


def _print(session: Session, name: str, json_: bool) -> None:
    entry = store.get(session, name)
    told: dict[str, Any] = {"name": entry.name, **lineage(session, entry, _OPERATOR.readers)}
    told["overlays"] = [layer_json(one) for one in overlays.layers(session, entry.id)]
    if json_:
        show(told)
        return
    way = " → ".join(one["source"] or one["url"] for one in told["provenance"])
    copy = f"{told['copy_of']['name']} ({told['copy_of']['rule']})" if told["copy_of"] else "none"
    rows = [
        {"field": "comes from", "value": way},
        {"field": "copy of", "value": copy},
        {"field": "its copies", "value": ", ".join(one["name"] for one in told["copies"])},
        {"field": "changed by people", "value": ", ".join(one["field"] for one in told["overlays"])},
    ]
    table(entry.name, rows, "")
