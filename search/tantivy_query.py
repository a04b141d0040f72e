"""A `Query` → tantivy queries, built by hand: nothing that a visitor types is ever parsed by the engine. Pure.

Score: for each atom the best field counts (BM25 × weight), a little of the others too; a title that has all of it counts
more, a title that is exactly it most. Filters, readers and dates do not score.
"""

from collections.abc import Iterable, Mapping

import tantivy
from tantivy import FieldType, Occur

from metadata.errors import Invalid
from search.analysis import Atom, main, stream
from search.base import Query, Range
from search.dates import span
from search.facets import FACETS
from search.language import Clause, Question
from search.tantivy_schema import DATES, POSITION, facet_field

WEIGHTS = {"title": 8.0, "keyword": 4.0, "publisher": 2.0, "description": 1.0, "other": 1.0}
SET_WEIGHTS = {"title_characters": 8.0, "characters": 1.0}
ALL_IN_TITLE = 50.0
EXACT_TITLE = 500.0
_OTHERS = 0.1

FILTERS = (*FACETS, "name", "id", "identifier", *DATES)
"""Names that `Query.filters` and `Query.excluded` may use."""

MOST = 1_000
"""Values of one filter."""

Clauses = list[tuple[Occur, tantivy.Query]]


def build(schema: tantivy.Schema, query: Query, question: Question) -> tantivy.Query:
    """The whole of a question. Raises `Invalid` for a filter or a date there is not."""
    clauses = _readers(schema, query.readers)
    if not question.everything:
        if not question.clauses:
            return tantivy.Query.empty_query()
        clauses += _words(schema, query.words, question)
    clauses += [(Occur.Must, silent(_filter(schema, name, values))) for name, values in query.filters.items() if values]
    clauses += [(Occur.MustNot, _filter(schema, name, values)) for name, values in query.excluded.items() if values]
    clauses += [(Occur.Must, silent(_range(schema, name, bounds))) for name, bounds in query.ranges.items()]
    return tantivy.Query.boolean_query(clauses)


def everything(schema: tantivy.Schema) -> Clauses:
    """All documents: every row but the one that holds the position."""
    return [(Occur.Must, silent(tantivy.Query.all_query())), (Occur.MustNot, term(schema, "id", POSITION))]


def _readers(schema: tantivy.Schema, readers: frozenset[str]) -> Clauses:
    """What the asker may see; `*` may see everything."""
    if "*" in readers:
        return everything(schema)
    return [(Occur.Must, silent(_any_term(schema, "readers", sorted(readers))))]


def atom(schema: tantivy.Schema, wanted: Atom, weights: Mapping[str, float] | None = None) -> tantivy.Query:
    """Documents that have an atom in any of the weighted fields."""
    fields = weights or (SET_WEIGHTS if wanted.single else WEIGHTS)
    found = [_weighted(_form(schema, field, form), weight) for field, weight in fields.items() for form in wanted.forms]
    return found[0] if len(found) == 1 else tantivy.Query.disjunction_max_query(found, _OTHERS)


def all_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    """Documents that all of the queries find."""
    return tantivy.Query.boolean_query([(Occur.Must, query) for query in queries])


def term(schema: tantivy.Schema, field: str, value: str) -> tantivy.Query:
    """Documents with a value in a field that is not analysed."""
    return tantivy.Query.term_query(schema, field, value, "basic")


def in_title(wanted: Atom) -> dict[str, float]:
    """Where to look for an atom when only titles count."""
    return {"title_characters" if wanted.single else "title": 1.0}


def known(name: str, names: Iterable[str], what: str) -> str:
    """`name` when it is one of `names`. Raises `Invalid` that lists them."""
    names = tuple(names)
    if name not in names:
        raise Invalid(f"there is no such {what}", place=what, value=name, remedy=f"Use one of {', '.join(names)}.")
    return name


def _words(schema: tantivy.Schema, words: str, question: Question) -> Clauses:
    wanted = question.wanted
    found: Clauses = [(Occur.Must, atom(schema, one)) for one in wanted]
    if wanted:
        titles = all_of(atom(schema, one, in_title(one)) for one in wanted)
        found.append((Occur.Should, tantivy.Query.const_score_query(titles, ALL_IN_TITLE)))
        whole = term(schema, "exact", main(stream(words)))
        found.append((Occur.Should, tantivy.Query.const_score_query(whole, EXACT_TITLE)))
    return found + [(Occur.MustNot, _clause(schema, clause)) for clause in question.unwanted]


def _clause(schema: tantivy.Schema, clause: Clause) -> tantivy.Query:
    return all_of(atom(schema, one) for one in clause.atoms)


def _form(schema: tantivy.Schema, field: str, form: tuple[str, ...]) -> tantivy.Query:
    if len(form) > 1:
        return tantivy.Query.phrase_query(schema, field, list(form))
    return tantivy.Query.term_query(schema, field, form[0], "basic" if field in SET_WEIGHTS else "freq")


def _weighted(query: tantivy.Query, weight: float) -> tantivy.Query:
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)


def silent(query: tantivy.Query) -> tantivy.Query:
    """The same documents without a say in the score."""
    return tantivy.Query.const_score_query(query, 0.0)


def _any_term(schema: tantivy.Schema, field: str, values: Iterable[str]) -> tantivy.Query:
    values = list(values)
    if len(values) == 1:
        return term(schema, field, values[0])
    return tantivy.Query.term_set_query(schema, field, values) if values else tantivy.Query.empty_query()


def _filter(schema: tantivy.Schema, name: str, values: tuple[str, ...]) -> tantivy.Query:
    known(name, FILTERS, "filter")
    if len(values) > MOST:
        raise Invalid(f"these are {len(values)} values", place=f"filter {name}", remedy=f"Use at most {MOST}.")
    if name in DATES:
        return tantivy.Query.boolean_query([(Occur.Should, _range(schema, name, (value, value))) for value in values])
    return _any_term(schema, facet_field(name) if name in FACETS else name, values)


def _range(schema: tantivy.Schema, name: str, bounds: Range) -> tantivy.Query:
    """Dates from the first moment of the lower bound to the last of the upper one."""
    known(name, DATES, "range")
    low, high = (_bound(name, bound) for bound in bounds)
    return tantivy.Query.range_query(
        schema,
        name,
        FieldType.Integer,
        low[0] if low else -(1 << 62),
        high[1] if high else 1 << 62,
    )


def _bound(name: str, bound: str | None) -> tuple[int, int] | None:
    if not bound:
        return None
    found = span(bound)
    if found is None:
        remedy = "Write 2024, 2024-05, 2024-05-03 or a time in ISO 8601."
        raise Invalid("this is no date", place=name, value=bound, remedy=remedy)
    return found
