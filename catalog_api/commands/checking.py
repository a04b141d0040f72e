"""`mulu check`: findings for files and addresses, without storing anything."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from catalog_api.checking import check_file
from catalog_api.commands.console import as_json, complain, plain, screen, show
from harvesters.web import Web
from metadata.errors import CatalogError
from standards.table import STANDARDS


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="FILE|URL…")
@click.option("--standard", help="Detected for each record when not named; see `mulu standards`.")
@click.option("--internal", is_flag=True, help="Addresses may be private ones.")
@as_json
def check(places: tuple[str, ...], standard: str | None, internal: bool, json_: bool) -> None:
    """Checks descriptions and says what is wrong, where, and how to mend it."""
    if standard:
        STANDARDS.get(standard)
    total = {"records": 0, "valid": 0, "errors": 0, "warnings": 0, "by_rule": {}}
    untried = 0
    for place in places:
        try:
            for line in _lines(place, standard, internal):
                if "summary" in line:
                    _add(total, line["summary"])
                elif json_:
                    show(line)
                else:
                    _print(line)
        except CatalogError as problem:
            complain(str(problem))
            untried += 1
    total["by_rule"] = dict(sorted(total["by_rule"].items(), key=lambda pair: (-pair[1], pair[0])))  # type: ignore[attr-defined]
    if json_:
        show({"summary": total})
    else:
        screen.print(
            f"{total['records']} records, {total['valid']} valid, {total['errors']} errors, {total['warnings']} warnings.",
            highlight=False,
        )
    if not total["records"] and not untried:
        complain("there is no record to check in what was given")
    sys.exit(2 if untried else 1 if total["errors"] or total["warnings"] or not total["records"] else 0)


def _lines(place: str, standard: str | None, internal: bool) -> Iterator[dict[str, Any]]:
    if not place.startswith(("http://", "https://")):
        yield from check_file(Path(place), standard, place)
        return
    with (
        TemporaryDirectory() as folder,
        Web(internal=internal, spool_dir=Path(folder)) as web,
        web.spool(place, conditional=False) as spool,
    ):
        yield from check_file(spool, standard, place)


def _add(total: dict[str, Any], summary: dict[str, Any]) -> None:
    for name in ("records", "valid", "errors", "warnings"):
        total[name] += summary[name]
    for rule, count in summary["by_rule"].items():
        total["by_rule"][rule] = total["by_rule"].get(rule, 0) + count


def _print(line: dict[str, Any]) -> None:
    if not line["findings"]:
        return
    screen.print(
        f"{plain(line['file'])}, record {line['record']}: {plain(line['identifier'] or '(no identifier)')}",
        style="bold",
        markup=False,
        highlight=False,
    )
    for one in line["findings"]:
        found = f" [found: {plain(one['value'])[:80]}]" if one["value"] else ""
        words = one["message"].get("en") or next(iter(one["message"].values()), one["rule"])
        mend = one["fix"].get("en") or next(iter(one["fix"].values()), "")
        screen.print(f"  {one['severity']}: {one['path'] or '/'}: {words}{found}. {mend}", markup=False, highlight=False)


COMMANDS = (check,)
