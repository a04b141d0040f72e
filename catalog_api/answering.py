"""A visitor's question answered, and noted for the operator (`catalog_api.statistics`): the same for every door."""

from time import perf_counter

from catalog_api.remembering import note
from search.base import Page, Query, SearchEngine


def answered(engine: SearchEngine, query: Query) -> Page:
    """The answer. A question is noted once, not for its further pages."""
    start = perf_counter()
    page = engine.search(query)
    if not query.offset and query.after is None:
        note(query.words, page.total, (perf_counter() - start) * 1000)
    return page
