"""`mulu bench standards`: how fast descriptions are checked, read and turned into RDF, each beside the common library."""

from pathlib import Path
from typing import Any

import click

from catalog_api.commands.console import as_json, errors, show, table


@click.command()
@click.option(
    "--records",
    type=click.Path(path_type=Path),
    help="A file of DCAT-US records, one JSON object a line; default: generated ones.",
)
@click.option("--count", default=10_000, show_default=True, type=click.IntRange(100, 1_000_000), help="How many records.")
@click.option("--shapes", type=click.Path(path_type=Path), help="A SHACL file for the comparison; default: a few of our own.")
@as_json
def standards(records: Path | None, count: int, shapes: Path | None, json_: bool) -> None:
    """Checks, reads and writes records, and has jsonschema, rdflib and pySHACL do the same beside it."""
    from catalog_api.measuring import descriptions  # here: no other command needs what it loads

    bodies = descriptions.records(records, count)
    figures: dict[str, dict[str, Any]] = {"json_schema": _told("checking", descriptions.checks, bodies)}
    figures["reading"], datasets = _told("reading", descriptions.reading, bodies)
    figures["rdf"] = _told("RDF", descriptions.graphs, datasets)
    figures["shacl"] = _told("SHACL", descriptions.shacl, datasets, shapes)
    if json_:
        show({"records": len(bodies), **figures})
        return
    rows = [
        {"part": part, "figure": name.replace("_", " "), "value": _shown(value)}
        for part, one in figures.items()
        for name, value in one.items()
    ]
    table(f"{len(bodies):,} records", rows, "")


def _told(what: str, measure: Any, *given: Any) -> Any:
    errors.print(what, style="dim", highlight=False, markup=False)
    return measure(*given)


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
