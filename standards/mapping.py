"""The field tables of the standards' pages, from the code. A convention: every standard's public module may have

    FIELDS: tuple[Field, ...] = (
        Field("title", "dct:title", "words without a language become `und`"),
        Field("distribution.download_url", "dcat:distribution/dcat:downloadURL"),
    )

`model` is a dotted name of `metadata.model.Dataset` (as in `Standard.carries`), `source` the standard's own field or path,
`note` one sentence where something is lost, joined or guessed. Plain tuples do as well. In `docs/standards/<name>.md` three
tables are kept between markers, filled by `python docs/standards/fill.py`, compared by `tests/standards/test_pages.py`:

    <!-- mulu:fields -->…<!-- /mulu:fields -->     this mapping
    <!-- mulu:rules -->…<!-- /mulu:rules -->       the standard's rules, with severity, clause and link
    <!-- mulu:loss -->…<!-- /mulu:loss -->         what it cannot carry (`standards.loss`)
"""

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import NamedTuple

from standards import loss
from standards.base import Standard

MARKS = ("fields", "rules", "loss")


class Field(NamedTuple):
    """One line of a standard's field table."""

    model: str
    source: str
    note: str = ""


def fields(module: str) -> tuple[Field, ...]:
    """The `FIELDS` of a standard's module; none when it has not got any."""
    return tuple(Field(*line) for line in getattr(import_module(module), "FIELDS", ()))


def fields_table(lines: Iterable[Field]) -> str:
    """Markdown: the model's field, the standard's, a note."""
    rows = [(f"`{each.model}`", f"`{each.source}`", each.note) for each in lines]
    return markdown(("Mulu", "here", "note"), rows)


def rules_table(standard: Standard) -> str:
    """Markdown: rule, severity, what is wrong (en), the clause with its link."""
    rows = []
    for rule in sorted(standard.rules.values(), key=lambda each: (_ORDER[each.severity], each.id)):
        link = rule.link or (rule.clause if rule.clause.startswith("http") else "")
        clause = f"[{_short(rule.clause)}]({link})" if link else rule.clause
        rows.append((f"`{rule.id}`", rule.severity, rule.message.get("en", ""), clause))
    return markdown(("rule", "severity", "what is wrong", "clause"), rows)


def loss_list(standard: Standard) -> str:
    """Markdown: the fields of the model that do not come back."""
    missing = [name for name in loss.FIELDS if not loss.carries(standard, name)]
    if standard.write is None:
        return "Read only: nothing is written in this standard."
    return f"Lost when written here: {', '.join(f'`{name}`' for name in missing)}." if missing else "Nothing is lost."


def filled(page: str, parts: dict[str, Callable[[], str]]) -> str:
    """The page with what stands between each pair of markers replaced."""
    for name, make in parts.items():
        begin, end = f"<!-- mulu:{name} -->", f"<!-- /mulu:{name} -->"
        if begin in page and end in page:
            before, _, rest = page.partition(begin)
            page = f"{before}{begin}\n\n{make()}\n\n{end}{rest.partition(end)[2]}"
    return page


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in lines)


_ORDER = {"error": 0, "warning": 1, "info": 2}


def _short(clause: str) -> str:
    return clause.rsplit("/", 1)[-1] if clause.startswith("http") else clause
