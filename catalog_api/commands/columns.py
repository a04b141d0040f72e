"""The options of commands that read tables: which column is what, and a look at it."""

from pathlib import Path

import click

from catalog_api.columns import told
from catalog_api.commands.console import show, table
from catalog_api.given import opened

MAPPING = click.option(
    "--mapping",
    multiple=True,
    metavar="FIELD=COLUMN,…",
    help="Which column of a table is what: its header or letter. Goes before what is detected.",
)
SHOW_MAPPING = click.option("--show-mapping", is_flag=True, help="Show which column of a table is what, and nothing else.")


def show_columns(path: Path, columns: dict[str, str], json_: bool) -> None:
    """Prints what the columns of a file are. Raises `Invalid` and `NotData`."""
    with opened(path, str(path)) as document:
        rows = [each._asdict() for each in told(document, columns)]
    if json_:
        show({"file": str(path), "columns": rows})
    else:
        table(str(path), rows, "")
