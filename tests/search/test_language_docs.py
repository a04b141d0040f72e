"""The guide's pages on the language and the ranking against the code: every example is understood as the guide says."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from search.base import Understood
from search.fields import TEXTS
from search.language import LONGEST, MOST, question
from search.language_names import RANGES, field_of
from search.ranking import Ranking
from search.synonym_groups import read
from search.synonyms import synonyms
from search.understood import understood

DOCS = Path(__file__).parent.parent.parent / "docs"
LANGUAGE = (DOCS / "search-language.md").read_text("utf-8")
RANKING = (DOCS / "ranking.md").read_text("utf-8")


def section(page: str, heading: str) -> str:
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the rows of tables that begin with code, without their backticks where they are one."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def told(part: Understood) -> str:
    place = f" in {part.field}" if part.field else ""
    low, high = part.bounds
    words = f"{low or ''}..{high or ''}" if part.kind == "range" else " or ".join(part.words)
    also = f" (also {', '.join(part.also)})" if part.also else ""
    return f"{'not ' * part.negated}{part.kind}{place}{': ' * bool(words)}{words}{also}"


EXAMPLES = [(typed.strip("`"), how.strip("`")) for typed, how in rows(section(LANGUAGE, "Examples"))]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 25


@pytest.mark.parametrize(("typed", "how"), EXAMPLES)
def test_every_example_is_understood_as_told(typed: str, how: str) -> None:
    assert "; ".join(map(told, understood(question(typed, synonyms(None))))) == how


def test_every_field_has_a_row_and_its_other_names_are_names_of_it() -> None:
    table = rows(section(LANGUAGE, "Fields"))
    assert [cells[0].strip("`") for cells in table] == [*TEXTS, *RANGES]
    for name, others, _ in table:
        assert all(field_of(other) == name.strip("`") for other in re.findall("`([^`]+)`", others))


def test_every_name_in_the_prose_is_one() -> None:
    names = re.findall("`([^`:]+):`", section(LANGUAGE, "Fields"))
    assert len(names) > 15 and all(map(field_of, names))


def test_limits_are_told() -> None:
    assert f"{LONGEST:,} characters and {MOST} words" in LANGUAGE


def test_the_example_of_a_file_can_be_read() -> None:
    (example,) = re.findall("```\n(.*?)```", section(LANGUAGE, "Synonyms"), re.DOTALL)
    known, problems = read(example)
    assert not problems and known.within["轻轨"] == ("轻型轨道交通",) and known.of_words(("p", "r")) == ("park and ride",)


def test_every_weight_is_told() -> None:
    weights = {field.name: float(str(field.default)) for field in fields(Ranking)}
    assert {name.strip("`"): float(value) for name, value, _ in rows(section(RANKING, "Weights"))} == weights
