"""What a visitor typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.errors import Invalid
from search.language import LONGEST, Question, question


def understood(words: str) -> list[str]:
    return [
        ("-" if clause.negated else "") + "+".join(atom.text for atom in clause.atoms) for clause in question(words).clauses
    ]


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("bus routes", ["bus", "routes"]),
        ('"bus routes" now', ["bus routes", "now"]),
        ("“公共 交通”", ["公共交通"]),
        ("「公共交通」线路", ["公共交通", "线路"]),
        ("bus -school", ["bus", "-school"]),
        ("bus －学校", ["bus", "-学校"]),
        ('-"bus stop" x', ["-bus stop", "x"]),
        ("real-time", ["real-time"]),
        ('an "open quote', ["an", "open quote"]),
        ("5G基站", ["5g+基站"]),
        ('"A股"', ["a+股"]),
        ("- -- !", []),
        ('""', []),
    ],
)
def test_words_phrases_and_what_is_left_out(words: str, clauses: list[str]) -> None:
    assert understood(words) == clauses


@pytest.mark.parametrize("words", ["", "  ", "*", "*:*", "\u3000"])
def test_nothing_asked_for_is_everything(words: str) -> None:
    assert question(words) == Question(everything=True)


def test_nothing_usable_is_not_everything() -> None:
    assert question("!!!") == Question(everything=False)


def test_a_phrase_is_one_atom_in_order() -> None:
    (clause,) = question('"Bus Routes"').clauses
    assert clause.atoms[0].forms == (("bus", "route"),)


@pytest.mark.parametrize("words", ["x" * (LONGEST + 1), " ".join(map(str, range(65)))])
def test_more_than_anyone_types_is_refused(words: str) -> None:
    with pytest.raises(Invalid, match="Use at most"):
        question(words)


@given(st.text(max_size=100))
def test_any_text_is_a_question(words: str) -> None:
    question(words)
