"""`mulu demo`: sample departments up, harvested, indexed, served."""

import os
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from catalog_api.catching_up import follow_once
from catalog_api.commands.console import as_json, catalogue, errors, plain, screen, show
from catalog_api.commands.harvesting import print_report
from catalog_api.commands.serving import Keeper, listen
from catalog_api.detecting import completed
from catalog_api.harvesting import Harvesting, start
from catalog_api.ports import free_port
from catalog_api.rooms import Rooms
from catalog_api.run_fields import RUN_FIELDS
from catalog_api.sample_departments import Running, SampleSource, serve
from catalog_api.settings import read_settings
from catalog_api.source_forms import SourceBody
from metadata import database, departments, sources


@click.command()
@click.option("--once", is_flag=True, help="Print the run reports and end.")
@click.option("--port", type=click.IntRange(1, 65535), help="The portal's port; default: a free one.")
@click.option("--open", "browse", is_flag=True, help="Open the portal in a browser.")
@as_json
def demo(once: bool, port: int | None, browse: bool, json_: bool) -> None:
    """Starts sample departments as real servers, harvests them, and serves the catalogue until interrupted."""
    with _folder() as folder, serve(folder / "departments") as running:
        address = f"http://127.0.0.1:{port or free_port()}"
        os.environ["MULU_DATA_DIR"] = str(folder / "data")
        os.environ["MULU_SITE_URL"] = address
        for name in ("MULU_DATABASE_URL", "MULU_SEARCH_URL"):
            os.environ.pop(name, None)  # the demo never touches a real catalogue
        with catalogue(read_settings()) as rooms:
            reports = harvest_all(rooms, running, json_)
            follow_once(rooms.database, rooms.search)
        if json_:
            show({"runs": reports})
        if not once:
            _serve(address, browse)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mulu-demo-") as name:
        yield Path(name)


def harvest_all(rooms: Rooms, running: Running, quiet: bool) -> list[dict[str, Any]]:
    """Every department once, and the one that shrinks a second time, to show that nothing is lost."""
    again = [source for source in running.sources if source.organization.quality == "shrinking"]
    return [harvest_one(rooms, source, quiet) for source in (*running.sources, *again)]


def harvest_one(rooms: Rooms, sample: SampleSource, quiet: bool) -> dict[str, Any]:
    """A department, added where it is not there yet, harvested once. Returns the run's report."""
    _add(rooms, sample, quiet)
    with database.writing(rooms.database) as session:
        run = start(session, sources.source(session, sample.name))
        session.commit()
        number = run.id or 0
    run = Harvesting(rooms.database, rooms.settings, number).perform()
    report = {field: getattr(run, field) for field in RUN_FIELDS}
    if not quiet:
        print_report(report)
    return report


def _add(rooms: Rooms, sample: SampleSource, quiet: bool) -> None:
    """The department and its source, unless they are there; how it is walked is found out where it is not told, as
    `mulu source add` does."""
    who = sample.organization
    with database.reading(rooms.database) as session:
        if sample.name in {row.name for row in sources.sources(session)}:
            return
    told = {"url": sample.url, "protocol": sample.protocol, "standard": sample.standard or None}
    body, found = completed(rooms.settings, SourceBody.model_validate({**told, "settings": sample.settings, "internal": True}))
    with database.writing(rooms.database) as session:
        departments.put_organization(session, who.name, who.title, description=who.description)
        given = body.model_dump(include={"url", "protocol", "standard", "settings", "internal"})
        sources.put_source(session, sample.name, organization=who.name, **given)
        session.commit()
    if found and not quiet:
        screen.print(f"{sample.name} speaks {body.protocol}: {plain(found[0].found.why)}", highlight=False)


def _serve(address: str, browse: bool) -> None:
    keeper = Keeper()
    errors.print(f"\nThe portal is at [bold]{address}[/bold] — press Ctrl-C to end.")
    sys.stderr.flush()
    if browse:
        webbrowser.open(address)
    try:
        listen("127.0.0.1", int(address.rpartition(":")[2]))
    finally:
        keeper.stop()
        screen.print("The demo has ended; nothing of it is left.")
