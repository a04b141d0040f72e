"""The seed files: one department each, with one line per dataset (the line's parts are told in README.md)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from metadata.text import Text

FOLDER = Path(__file__).parent / "seeds"
FREQUENCIES = ("RT", "H", "D", "W", "M", "Q", "S", "Y", "I", "N")
_NEEDED = {"frequency", "formats", "issued", "modified", "unit"}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Unit:
    """A part of a department: who publishes the dataset, and whom to ask."""

    name: str
    title: Text


@dataclass(frozen=True)
class Row:
    """One dataset, before it is put into any format.

    `frequency` is one of `FREQUENCIES`; `access` is public, restricted or closed; dates are ISO 8601 days.
    """

    name: str
    title: Text
    note: Text
    keyword: dict[str, tuple[str, ...]]
    frequency: str
    formats: tuple[str, ...]
    issued: str
    modified: str
    unit: Unit
    area: str
    theme: str
    temporal: str | None
    access: str


@dataclass(frozen=True)
class Seed:
    """A department and its datasets. `domain` is where its invented links point; `language` what it writes first."""

    name: str
    title: Text
    description: Text
    protocol: str
    standard: str
    quality: str
    domain: str
    language: str
    licence: str
    phone: str
    site: dict[str, Any]
    rows: tuple[Row, ...]


@cache
def seeds() -> tuple[Seed, ...]:
    """All departments, in the order of their file names. Raises `ValueError` naming file and line of a bad row."""
    written = [read_seed(path) for path in sorted(FOLDER.glob("*.toml"))]
    newest = max(date.fromisoformat(row.modified) for seed in written for row in seed.rows)
    passed = timedelta(days=max(0, (datetime.now(UTC).date() - newest).days - 1))
    return tuple(replace(seed, rows=tuple(_moved(row, passed) for row in seed.rows)) for seed in written)


def _moved(row: Row, passed: timedelta) -> Row:
    """The row as if its department had kept it up since: the newest of all was changed yesterday."""
    return replace(row, modified=(date.fromisoformat(row.modified) + passed).isoformat())


def read_seed(path: Path) -> Seed:
    """The department of one file. Raises `ValueError` naming file and line of a bad row."""
    facts = tomllib.loads(path.read_text("utf-8"))
    units = [Unit(name, {"zh": zh, "en": en}) for name, zh, en in facts.pop("units")]
    lines = [line for line in facts.pop("rows").splitlines() if line.strip()]
    theme, language = facts.pop("theme"), facts["language"]
    rows = tuple(_row(f"{path.name}: {line[:40]}", line, units, theme, language) for line in lines)
    facts["title"] = _tagged(facts["title"], language)
    facts["description"] = _tagged(facts["description"], language)
    return Seed(**{"site": {}} | facts, rows=rows)


def _row(place: str, line: str, units: list[Unit], theme: str, language: str) -> Row:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 7:
        raise ValueError(f"{place}: a row has 7 parts, this one {len(parts)}")
    name, zh, en, zh_note, en_note, words, facts = parts
    zh_words, _, en_words = words.partition(";")
    known = dict(_facts(facts.split()))
    if missing := _NEEDED - set(known):
        raise ValueError(f"{place}: the facts lack {', '.join(sorted(missing))}")
    return Row(
        name=name,
        title=_tagged({"zh": zh, "en": en}, language),
        note=_tagged({"zh": zh_note, "en": en_note}, language),
        keyword={"zh": _words(zh_words), "en": _words(en_words)},
        frequency=known["frequency"],
        formats=tuple(known["formats"].split(",")),
        issued=known["issued"],
        modified=known["modified"],
        unit=units[int(known["unit"]) - 1],
        area=known.get("area", "city"),
        theme=known.get("theme", theme),
        temporal=known.get("temporal"),
        access=known.get("access", "public"),
    )


def _facts(words: list[str]) -> Iterator[tuple[str, str]]:
    dates = iter(("issued", "modified"))
    for word in words:
        if word in FREQUENCIES:
            yield "frequency", word
        elif word in ("restricted", "closed"):
            yield "access", word
        elif word[0] in "@#":
            yield {"@": "area", "#": "theme"}[word[0]], word[1:]
        elif word.startswith("t:"):
            yield "temporal", word[2:]
        elif word.isdigit():
            yield "unit", word
        elif word[0].isdigit():
            yield next(dates, "more"), word
        else:
            yield "formats", word


def _words(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


def _tagged(words: Text, language: str) -> Text:
    """Blank languages left out; what a department in traditional script writes as `zh` is tagged `zh-Hant`."""
    tag = {"zh": "zh-Hant"} if language == "zh-Hant" else {}
    return {tag.get(language, language): value for language, value in words.items() if value}
