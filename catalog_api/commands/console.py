"""What all commands share: opening the catalogue, and printing for people or for machines."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click
import msgspec
import orjson
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from catalog_api.revision import current, newest
from catalog_api.rooms import Rooms
from catalog_api.settings import Settings, read_settings
from metadata import database
from metadata.errors import Unavailable

Function = TypeVar("Function", bound=Callable[..., Any])
_PIPED_WIDTH = 200  # columns, where no terminal says how many it has
screen = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
errors = Console(stderr=True)
as_json = click.option("--json", "json_", is_flag=True, help="Print JSON instead of text.")


@contextmanager
def catalogue(settings: Settings | None = None) -> Iterator[Rooms]:
    """The catalogue of this environment, its database at this version's tables."""
    from catalog_api.opening import open_search  # here: a harvest needs it only at its end

    chosen = settings or read_settings()
    with stored(chosen) as engine:
        yield Rooms(chosen, engine, open_search(chosen))


@contextmanager
def stored(chosen: Settings) -> Iterator[Engine]:
    """The database of a catalogue, at this version's tables, and no index."""
    if not chosen.database_url:
        chosen.folder()
    engine = database.connect(chosen.database)
    try:
        at, needed = current(engine), newest()
        if at != needed:
            if at is not None and engine.dialect.name != "sqlite":
                raise Unavailable("the database has another version's tables", value=at, remedy="Run `mulu db upgrade`.")
            from catalog_api.upgrade import upgrade  # here: alembic is needed once in the life of a version

            upgrade(engine)
        yield engine
    finally:
        engine.dispose()


def show(value: Any) -> None:
    """Prints a value as one line of JSON."""
    sys.stdout.write(orjson.dumps(value, default=msgspec.to_builtins).decode() + "\n")


def table(title: str, rows: Sequence[Mapping[str, Any]], empty: str) -> None:
    """Prints rows as a table; `empty` says what to do when there are none."""
    if not rows:
        screen.print(empty)
        return
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for column in rows[0]:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*("" if value is None else str(value) for value in row.values()))
    screen.print(drawn)


def complain(message: str) -> None:
    """Prints one line on standard error."""
    line = " ".join(message.split())
    sys.stderr.write(f"mulu: {line}\n")


def plain(text: str) -> str:
    """Text from outside with control characters taken out: a title must not drive the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
