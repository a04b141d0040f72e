"""`mulu check`: findings for files and addresses, without storing anything; with `--fix`, a mended copy beside each file."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from catalog_api.checking import Options, check_file
from catalog_api.columns import given
from catalog_api.commands.columns import MAPPING, SHOW_MAPPING, show_columns
from catalog_api.commands.console import as_json, complain, plain, screen, show
from catalog_api.mending import Mended, beside
from harvesters.json_lists import WHOLE
from harvesters.web import Web
from metadata.errors import CatalogError, Invalid
from metadata.text import best
from standards.table import STANDARDS


@dataclass
class Total:
    """What was met in all places."""

    counts: dict[str, int] = field(default_factory=lambda: {"records": 0, "valid": 0, "errors": 0, "warnings": 0})
    by_rule: dict[str, int] = field(default_factory=dict)
    standards: dict[str, dict[str, Any]] = field(default_factory=dict)
    repairs: int = 0

    def add(self, last: dict[str, Any]) -> None:
        """The last line of one place."""
        summary = dict(last["summary"])
        for rule, count in summary.pop("by_rule").items():
            self.by_rule[rule] = self.by_rule.get(rule, 0) + count
        for name, count in summary.items():
            self.counts[name] += count
        self.repairs += last.get("repairs", 0)
        for name, told in last["standards"].items():
            known = self.standards.setdefault(name, {**told, "records": 0})
            known["records"] += told["records"]

    def summary(self) -> dict[str, Any]:
        """All of it, the rules that were broken most first."""
        ordered = dict(sorted(self.by_rule.items(), key=lambda pair: (-pair[1], pair[0])))
        return {**self.counts, "by_rule": ordered}


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="FILE|URL…")
@click.option("--standard", help="Detected for each record when not named; see `mulu standards`.")
@click.option("--fix", is_flag=True, help="Mend what is mechanical, and write the mended copy beside each file.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="With --fix: where to write the mended copy of one file.")
@click.option("--internal", is_flag=True, help="Addresses may be private ones.")
@MAPPING
@SHOW_MAPPING
@as_json
def check(
    places: tuple[str, ...],
    standard: str | None,
    fix: bool,
    output: Path | None,
    internal: bool,
    mapping: tuple[str, ...],
    show_mapping: bool,
    json_: bool,
) -> None:
    """Checks descriptions and says what is wrong, where, and how to mend it."""
    columns = given(",".join(mapping))
    if show_mapping:
        for place in places:
            show_columns(Path(place), columns, json_)
        return
    if standard:
        STANDARDS.get(standard)
    if output and (len(places) > 1 or not fix):
        raise Invalid("--output goes with --fix and one file", place="--output", value=output)
    total = Total()
    untried = 0
    for place in places:
        try:
            for line in _lines(place, Options(standard, fix, columns=columns), output, internal):
                if "summary" in line:
                    total.add(line)
                elif json_:
                    show(line)
                else:
                    _print(line)
        except CatalogError as problem:
            complain(str(problem))
            untried += 1
    _close(total, json_, fix)
    if not total.counts["records"] and not untried:
        complain("there is no record to check in what was given")
    counts = total.counts
    sys.exit(2 if untried else 1 if counts["errors"] or counts["warnings"] or not counts["records"] else 0)


def _lines(place: str, asked: Options, output: Path | None, internal: bool) -> Iterator[dict[str, Any]]:
    mended = Mended() if asked.fix else None
    asked.keep = mended.keep if mended else None
    try:
        if place.startswith(("http://", "https://")):
            yield from _fetched(place, asked, internal)
            path = Path(place.rstrip("/").rpartition("/")[2].partition("?")[0] or "document")
        else:
            path = Path(place)
            yield from check_file(path, asked, place)
        if mended and mended.count:
            _write(mended, path, output)
    finally:
        if mended:
            mended.close()


def _fetched(place: str, asked: Options, internal: bool) -> Iterator[dict[str, Any]]:
    with (
        TemporaryDirectory() as folder,
        Web(internal=internal, spool_dir=Path(folder)) as web,
        web.spool(place, conditional=False) as spool,
    ):
        yield from check_file(spool, asked, place)


def _write(mended: Mended, path: Path, output: Path | None) -> None:
    target = output or beside(path, mended.extension())
    keeps_shape = path.is_file() and path.stat().st_size <= WHOLE
    with target.open("wb") as file:
        file.writelines(mended.document(path.read_bytes() if keeps_shape else None))
    complain(f"the mended copy is in {target}")


def _close(total: Total, json_: bool, fix: bool) -> None:
    """The summary: for programs as a last line, for people with what each standard was recognised by, and the rules."""
    told = total.summary()
    if json_:
        show({"summary": told, "standards": total.standards, **({"repairs": total.repairs} if fix else {})})
        return
    for name, about in total.standards.items():
        marks = best(about.get("marks", {}), ("en", "zh"))
        _say(f"Standard {name}: {about['records']} records{f'; recognised by {marks}' if marks else ''}.")
    for rule, count in list(told["by_rule"].items())[:20]:
        _say(f"  {count:>7}  {rule}")
    mended = f" {total.repairs} repairs were made." if fix else ""
    _say(f"{told['records']} records, {told['valid']} valid, {told['errors']} errors, {told['warnings']} warnings.{mended}")


def _say(words: str) -> None:
    screen.print(plain(words), markup=False, highlight=False)


def _print(line: dict[str, Any]) -> None:
    repairs = line.get("repairs", [])
    if not line["findings"] and not repairs:
        return
    place = f" ({plain(line['place'])})" if line.get("place") else ""
    head = f"{plain(line['file'])}, record {line['record']}{place}: {plain(line['identifier'] or '(no identifier)')}"
    screen.print(head, style="bold", markup=False, highlight=False)
    for one in line["findings"]:
        found = f" [found: {plain(one['value'])[:80]}]" if one["value"] else ""
        words = one["message"].get("en") or next(iter(one["message"].values()), one["rule"])
        mend = one["fix"].get("en") or next(iter(one["fix"].values()), "")
        _say(f"  {one['severity']}: {one['path'] or '/'}: {words}{found}. {mend}")
    for one in repairs:
        filled = "filled in by Mulu" if one["filled"] else f"was {one['before'][:80]}"
        _say(f"  mended: {one['path'] or '/'}: {one['after'][:80]} ({filled}; {one['rule']})")
