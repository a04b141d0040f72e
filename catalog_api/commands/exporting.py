"""`mulu export` and `mulu report`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from catalog_api.addresses import addressed
from catalog_api.commands.console import as_json, catalogue, show, table
from catalog_api.compliance import Standing, standings
from catalog_api.converting import writer, written
from catalog_api.rooms import Rooms
from metadata import database, store
from metadata.model import Dataset


@click.command()
@click.option("--to", "target", required=True, help="The standard; see `mulu standards`.")
@click.option("--organization", help="Only this department's datasets.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it; default: standard output.")
def export(target: str, organization: str | None, output: Path | None) -> None:
    """Writes all published datasets in a standard."""
    chosen = writer(target)
    with catalogue() as rooms:
        pieces = _pieces(rooms, chosen, organization, output.suffix if output else "")
        if output is None:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.flush()
            return
        with output.open("wb") as file:
            file.writelines(pieces)


def _pieces(rooms: Rooms, chosen: Any, organization: str | None, end: str) -> Iterator[bytes]:
    if chosen.media_type != "text/turtle":
        yield from written((one for page in _pages(rooms, organization) for one in page), chosen, end)
        return
    from standards import rdf

    for page in _pages(rooms, organization):  # N-Triples: each page is written as it is, memory does not grow
        yield rdf.serialise([statement for one in page for statement in chosen.write(one)], "nt")


def _pages(rooms: Rooms, organization: str | None) -> Iterator[list[Dataset]]:
    after: str | None = None
    while True:
        with database.reading(rooms.database) as session:
            entries = store.listing(session, organization=organization, after=after, limit=500)
        if not entries:
            return
        yield [addressed(entry, rooms.settings.site_url) for entry in entries]
        after = entries[-1].name


@click.command()
@as_json
def report(json_: bool) -> None:
    """The compliance report: per department, records, share without errors, overdue datasets, last run."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        rows = [_row(one) for one in standings(session)]
    if json_:
        show({"items": rows, "total": len(rows), "next": None})
    else:
        table("Compliance", rows, "There are no departments yet.")


def _row(one: Standing) -> dict[str, Any]:
    shares = {"clean_share": one.clean_share, "fresh_share": one.fresh_share}
    counts = {
        "records": one.records,
        "failed": one.failed,
        "flawed": one.flawed,
        "datasets": one.datasets,
        "overdue": one.overdue,
    }
    run = {
        "last_run": one.last_run.state if one.last_run else None,
        "finished": one.last_run.finished if one.last_run else None,
    }
    return {
        "organization": one.organization,
        **counts,
        **{name: None if share is None else round(share, 4) for name, share in shares.items()},
        **run,
    }
