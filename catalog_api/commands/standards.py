"""`mulu standards`, `mulu protocols` and `mulu convert`."""

import sys
from pathlib import Path
from typing import Any

import click

from catalog_api.columns import given
from catalog_api.commands.columns import MAPPING, SHOW_MAPPING, show_columns
from catalog_api.commands.console import as_json, complain, show, table
from catalog_api.converting import convert_file
from harvesters.table import PROTOCOLS
from metadata.text import best
from standards.table import STANDARDS


@click.command()
@as_json
def standards(json_: bool) -> None:
    """Lists the standards that are built in."""
    rows = [
        {
            "name": one.name,
            "version": one.version,
            "title": best(one.title, ("en", "zh")),
            "read": bool(one.read),
            "write": bool(one.write),
            "check": bool(one.check),
        }
        for one in STANDARDS.values()
    ]
    _list("Standards", rows, json_)


@click.command()
@as_json
def protocols(json_: bool) -> None:
    """Lists the protocols that sources can be walked by, with their settings."""
    rows: list[dict[str, Any]] = []
    for name in PROTOCOLS:
        one = PROTOCOLS.get(name)
        settings = one.Settings.model_json_schema().get("properties", {})
        shown = settings if json_ else ", ".join(settings)
        rows.append({"name": name, "title": best(one.title, ("en", "zh")), "standard": one.standard, "settings": shown})
    _list("Protocols", rows, json_)


def _list(title: str, rows: list[dict[str, Any]], json_: bool) -> None:
    if json_:
        show({"items": rows, "total": len(rows), "next": None})
    else:
        table(title, rows, "")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "source", help="The standard it is in; detected when not named.")
@click.option("--to", "target", required=True, help="The standard it shall be in.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it; default: standard output.")
@MAPPING
@SHOW_MAPPING
def convert(
    file: Path, source: str | None, target: str, output: Path | None, mapping: tuple[str, ...], show_mapping: bool
) -> None:
    """Converts a description, or a catalogue of them, and says what was lost on the way."""
    columns = given(",".join(mapping))
    if show_mapping:
        show_columns(file, columns, False)
        return
    converted = convert_file(file, source, target, output.suffix if output else "", columns)
    if output:
        output.write_bytes(converted.content)
    else:
        sys.stdout.buffer.write(converted.content)
        sys.stdout.flush()
    for loss, count in converted.lost.items():
        complain(f"{target} cannot carry {loss} ({count} datasets)")
    if converted.failed:
        complain(f"{converted.failed} of {converted.read + converted.failed} records could not be read as a dataset")
    sys.exit(1 if converted.failed else 0)
