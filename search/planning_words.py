"""The words of a question → conditions with a score. Pure.

Each atom is scored by its best field (`Ranking`), and by a little of the others.
"""

from collections.abc import Iterable

from search.analysis import Atom, main, stream
from search.facets import FACETS
from search.fields import TEXTS, facet_field
from search.language import Clause, Question, Wish
from search.plan import AnyTerm, Begun, Constant, Either, Everything, Node, Nothing, Phrase, Term, Together, Weighted
from search.planning_bounds import within
from search.ranking import Ranking
from search.stemming import FIELDS as STEMMED
from search.stemming import MARK

TIE = 0.1
"""How much the fields that are not the best one add."""

STEM = 0.5
"""Share of the weight that a word has when only its stem is the same."""

_SET_OF = {"title": "title_characters"}
_READ = ("pinyin", "initials")


def words(question: Question, ranking: Ranking) -> Node:
    """What a question's words ask for, scored."""
    if question.everything:
        return Constant(Everything())
    must = tuple(clause_node(clause, ranking) for clause in question.clauses if not clause.negated)
    never = tuple(clause_node(clause, ranking) for clause in question.clauses if clause.negated)
    if not must and not never:
        return Nothing()
    return must[0] if len(must) == 1 and not never else Together(must or (Constant(Everything()),), never=never)


def atom(wanted: Atom, ranking: Ranking, fields: Iterable[str] = TEXTS) -> Node:
    """Documents that have an atom in one of the fields."""
    found: list[Node] = []
    for field in wanted.fields or fields:
        weight = getattr(ranking, field, ranking.title if field in _READ else 1.0)
        found += [_weighted(_form(field, form, wanted), weight * _share(form)) for form in wanted.forms if _fits(form, field)]
    if wanted.single and not wanted.fields and tuple(fields) == TEXTS:
        found = [
            _weighted(Term("title_characters", wanted.text), ranking.title),
            Term("characters", wanted.text),
            *(_weighted(_form(field, form, wanted), 1.0) for form in wanted.forms[1:] for field in TEXTS),
        ]
    return found[0] if len(found) == 1 else Either(tuple(found), TIE)


def _fits(form: tuple[str, ...], field: str) -> bool:
    """Whether a form can be in a field: stems are in some only."""
    return field in STEMMED or not form[0].startswith(MARK)


def _share(form: tuple[str, ...]) -> float:
    """How much of a field's weight a form has: another form of a word counts for less than the word."""
    return STEM if form[0].startswith(MARK) else 1.0


def _form(field: str, form: tuple[str, ...], wanted: Atom) -> Node:
    if wanted.single and len(form) == 1 and form[0] == wanted.text:
        if field in _SET_OF:
            return Term(_SET_OF[field], form[0])
        return Begun(field, form[0], inside=True)
    if len(form) > 1:
        return Phrase(field, form)
    return Begun(field, form[0]) if wanted.begun else Term(field, form[0])


def clause_node(clause: Clause, ranking: Ranking) -> Node:
    """Documents that have what one clause asks for, whether it is negated or not."""
    found = tuple(_wish(wish, ranking) for wish in clause.wishes)
    return found[0] if len(found) == 1 else Either(found, TIE)


def _wish(wish: Wish, ranking: Ranking, fields: Iterable[str] = TEXTS) -> Node:
    if wish.kind == "range" and wish.field:
        return Constant(Together(tuple(within(wish.field, wish.bounds))))
    if wish.kind == "facet" and wish.field:
        value = Constant(AnyTerm(filter_field(wish.field), wish.values))
        return Either((value, _all(wish.atoms, ranking, fields))) if wish.atoms else value
    return _all(wish.atoms, ranking, (wish.field,) if wish.field else fields)


def _all(atoms: tuple[Atom, ...], ranking: Ranking, fields: Iterable[str]) -> Node:
    found = tuple(atom(one, ranking, fields) for one in atoms)
    return found[0] if len(found) == 1 else Together(found) if found else Nothing()


def title_steps(typed: str, question: Question, ranking: Ranking) -> Iterable[tuple[str, Node]]:
    """The whole title, and all words in the title: only for words that may be anywhere."""
    plain = [
        clause
        for clause in question.clauses
        if not clause.negated and any(wish.atoms and not wish.field for wish in clause.wishes)
    ]
    if plain and ranking.all_in_title:
        yield "all_in_title", Constant(Together(tuple(_in_title(clause, ranking) for clause in plain)), ranking.all_in_title)
    if plain and ranking.exact_title and (tokens := main(stream(typed))):
        yield "exact_title", Constant(Term("exact", tokens), ranking.exact_title)


def _in_title(clause: Clause, ranking: Ranking) -> Node:
    found = tuple(_wish(wish, ranking, ("title",)) for wish in clause.wishes if wish.atoms and not wish.field)
    return found[0] if len(found) == 1 else Either(found)


def _weighted(node: Node, weight: float) -> Node:
    return node if weight == 1.0 else Weighted(node, weight)


def filter_field(name: str) -> str:
    """The field that a filter compares."""
    return facet_field(name) if name in FACETS else name
