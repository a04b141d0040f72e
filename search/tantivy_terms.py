"""The words of an embedded index: how some begin, and which are spelt nearly like another."""

from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from search.tantivy_folder import View, count
from search.tantivy_query import term as having

_COUNTED = 4


def completions(view: View, start: str, limit: int) -> list[tuple[str, int]]:
    """What `search.plan.Index.completions` gives."""
    public = having(view.schema, "readers", "public")
    return view.searcher.terms_with_prefix("completion", start, public, limit)


def terms_like(view: View, field: str, term: str, edits: int, limit: int) -> list[tuple[str, int]]:
    """What `search.plan.Index.terms_like` gives. What the index itself knows of a token's frequency holds documents that were
    replaced, too: so it only says which are looked up."""
    known = _beginning(view, field, term[:1])
    alike = (other for other, _, _ in extract(term, known.keys(), scorer=OSA.distance, score_cutoff=edits, limit=None))
    frequent = sorted((other for other in alike if other != term), key=lambda other: (-known[other], other))
    counted = ((other, count(view, having(view.schema, field, other))) for other in frequent[: _COUNTED * limit])
    return sorted((one for one in counted if one[1]), key=lambda one: (-one[1], one[0]))[:limit]


def _beginning(view: View, field: str, character: str) -> dict[str, int]:
    """The tokens that begin with a character, and about how many documents have each; kept while the index is as it is."""
    memory = _vocabularies(view.key)
    if (field, character) not in memory:
        memory[field, character] = dict(view.searcher.terms_with_prefix(field, character, None, None))
    return memory[field, character]


@lru_cache(maxsize=2)
def _vocabularies(_key: object) -> dict[tuple[str, str], dict[str, int]]:
    """What is known of the words of one state of an index."""
    return {}
