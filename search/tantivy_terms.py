"""The words of an embedded index: how some begin, and which are spelt nearly like another."""

from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from search.tantivy_folder import View
from search.tantivy_query import term


def completions(view: View, start: str, limit: int) -> list[tuple[str, int]]:
    """What `search.plan.Index.completions` gives."""
    public = term(view.schema, "readers", "public")
    return view.searcher.terms_with_prefix("completion", start, public, limit)


def terms_like(view: View, field: str, word: str, edits: int, limit: int) -> list[tuple[str, int]]:
    """What `search.plan.Index.terms_like` gives: an edit is counted as in optimal string alignment."""
    counts = _beginning(view, field, word[:1])
    found = [other for other, _, _ in extract(word, counts.keys(), scorer=OSA.distance, score_cutoff=edits, limit=None)]
    return sorted(((other, counts[other]) for other in found), key=lambda one: (-one[1], one[0]))[:limit]


def _beginning(view: View, field: str, character: str) -> dict[str, int]:
    """The tokens that begin with a character, with the number of documents; kept while the index is as it is."""
    memory = _vocabularies(view.key)
    if (field, character) not in memory:
        memory[field, character] = dict(view.searcher.terms_with_prefix(field, character, None, None))
    return memory[field, character]


@lru_cache(maxsize=2)
def _vocabularies(_key: object) -> dict[tuple[str, str], dict[str, int]]:
    """What is known of the words of one state of an index."""
    return {}
