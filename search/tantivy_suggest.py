"""Words begun → words that are there: keywords and publishers, and titles of datasets. Only what everyone may see."""

import tantivy

from search.analysis import Atom, fold
from search.base import Suggestion
from search.document import PARTED
from search.language import question
from search.order import Order
from search.tantivy_folder import View, count, stored
from search.tantivy_query import all_of, atom, in_title, silent, term
from search.tantivy_ranking import Ranking

LIMIT = 50
_LOOKED_AT = 500
_LONGEST = 100


def suggest(view: View, words: str, limit: int) -> list[Suggestion]:
    """At most `limit` completions: up to half of them keywords and publishers, the more frequent first, the rest titles."""
    words = words.strip()[:_LONGEST]
    limit = min(limit, LIMIT)
    if not words or limit < 1:
        return []
    terms = _terms(view, words, limit)
    titles = _titles(view, words, limit)
    room = max(limit - len(titles), (limit + 1) // 2)
    return (terms[:room] + titles)[:limit]


def _terms(view: View, words: str, limit: int) -> list[Suggestion]:
    """Keywords and publishers. The index keeps words of what was taken out for a while, so each is looked up among the
    public."""
    public = term(view.schema, "readers", "public")
    counts: dict[str, int] = {}
    for line, number in view.searcher.terms_with_prefix("completion", fold(words), None, _LOOKED_AT):
        word = line.partition(PARTED)[2]
        counts[word] = max(number, counts.get(word, 0))
    found: dict[str, Suggestion] = {}
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        if len(found) == limit:
            break
        if fold(word) not in found and _is_there(view, public, word):
            found[fold(word)] = Suggestion(word)
    return list(found.values())


def _is_there(view: View, public: tantivy.Query, word: str) -> bool:
    whole = term(view.schema, "completion", f"{fold(word)}{PARTED}{word}")
    return count(view, all_of([public, whole])) > 0


def _titles(view: View, words: str, limit: int) -> list[Suggestion]:
    """Datasets whose title has all the words, the last of them perhaps only begun."""
    wanted = question(words).wanted
    if not wanted:
        return []
    complete = [atom(view.schema, one, in_title(one)) for one in wanted[:-1]]
    public = silent(term(view.schema, "readers", "public"))
    built = all_of([public, *complete, _begun(view.schema, wanted[-1])])
    total = count(view, built)
    hits = Ranking(view, built, Order("relevance", down=True), total).hits(0, limit)
    found = [stored(view, address) for _, address in hits]
    return [Suggestion(next(iter(shown["title"].values()), name), name) for _, name, shown in found]


def _begun(schema: tantivy.Schema, last: Atom) -> tantivy.Query:
    """Titles with a word that begins like the last one typed; a dense script matches anywhere."""
    whole = atom(schema, last, in_title(last))
    tokens = last.forms[0]
    if last.single or not last.text.isascii():
        return whole
    if len(tokens) > 1:
        begun = tantivy.Query.phrase_prefix_query(schema, "title", list(tokens))
    else:
        begun = tantivy.Query.regex_query(schema, "title", f"{tokens[0]}.*")
    return tantivy.Query.disjunction_max_query([whole, begun])
