"""A question as it was understood, for showing. Pure."""

from collections.abc import Iterable

from search.base import Understood
from search.language import Clause, Question, Wish


def understood(question: Question) -> tuple[Understood, ...]:
    """One part for each clause, in order; `everything` or `nothing` when there is none."""
    if not question.clauses:
        return (Understood("everything" if question.everything else "nothing"),)
    return tuple(map(_clause, question.clauses))


def _clause(clause: Clause) -> Understood:
    """Alternatives of one kind in one field side by side; of several kinds as they would be typed."""
    typed = [wish for wish in clause.wishes if not wish.added] or list(clause.wishes)
    first = typed[0]
    also = _once(
        [*(other for wish in clause.wishes for other in wish.also), *(wish.text for wish in clause.wishes if wish.added)]
    )
    if len({(wish.kind, wish.field, wish.kind == "range") for wish in typed}) > 1 or (first.kind == "range" and len(typed) > 1):
        return Understood("word", _once(map(_spelled, typed)), negated=clause.negated, also=also)
    kind = "field" if first.kind == "facet" else first.kind
    words = () if first.kind == "range" else _once(word for wish in typed for word in _words(wish))
    return Understood(kind, words, first.field, first.bounds, clause.negated, also)


def _words(wish: Wish) -> tuple[str, ...]:
    """What was typed, or the codes it is known by."""
    return wish.values if wish.values and wish.text not in wish.values else (wish.text,)


def _spelled(wish: Wish) -> str:
    """A wish as it would be typed."""
    if wish.kind == "range":
        low, high = wish.bounds
        return f"{wish.field}:{low or ''}..{high or ''}" if low != high else f"{wish.field}:{low}"
    words = ",".join(_words(wish))
    quoted = f'"{words}"' if wish.kind == "phrase" or " " in words else words
    return f"{wish.field}:{quoted}" if wish.field else f"{words}*" if wish.kind == "prefix" else quoted


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
