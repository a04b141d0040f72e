"""The same work done by the engines alone: what Mulu adds is measured against it.

- tantivy: rows that were made before, added by one writer with the engine's own settings; the engine's query, its eight facets
  and the stored bytes of its hits, and nothing else.
- Elasticsearch: bundles that were made before, sent over as many connections as Mulu uses; the bytes of the request that Mulu
  sent, sent again over the same connection, the answer not even read as JSON.
"""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import tantivy

from metadata.errors import CatalogError
from search.base import Query, Ready, SearchEngine
from search.elastic import ElasticEngine
from search.elastic_bulk import BUNDLE, LANES, MOST, Operation
from search.fields import facet_field
from search.language import question
from search.planning import conditions
from search.ranking import Ranking
from search.synonyms import synonyms
from search.tantivy import TantivyEngine
from search.tantivy_folder import LARGE_HEAP
from search.tantivy_query import translated
from search.tantivy_schema import schema


class Bare(Protocol):
    """An engine without Mulu."""

    def load(self, rows: list[Ready]) -> float:
        """Seconds that these documents take to become an index."""
        ...

    def prepared(self, query: Query) -> Callable[[], object]:
        """What the engine itself has to do for a question, to be timed."""
        ...

    def bytes_on_disk(self) -> int:
        """Size of the live index."""
        ...

    def forget(self) -> None:
        """Takes away what was made."""
        ...


def bare(engine: SearchEngine) -> Bare:
    """The engine under one of ours."""
    if isinstance(engine, TantivyEngine):
        return BareTantivy(engine)
    if isinstance(engine, ElasticEngine):
        return BareElasticsearch(engine)
    raise CatalogError("this engine cannot be measured", value=type(engine).__name__)


class BareTantivy:
    """tantivy alone."""

    def __init__(self, engine: TantivyEngine) -> None:
        self.engine = engine

    def load(self, rows: list[Ready]) -> float:
        """See `Bare`."""
        texts = [row.body.decode() for row in rows]
        with tempfile.TemporaryDirectory(prefix="mulu-bare-") as folder:
            index = tantivy.Index(schema(), path=folder)
            started = perf_counter()
            writer = index.writer(LARGE_HEAP, 1)
            for one in texts:
                writer.add_json(one)
            writer.commit()
            writer.wait_merging_threads()
            return perf_counter() - started

    def prepared(self, query: Query) -> Callable[[], object]:
        """See `Bare`: one search, one aggregation of the facets, the stored bytes of the hits."""
        view = self.engine._look()
        assert view is not None
        asked = question(query.words, synonyms(None))
        built = translated(view, conditions(query, asked, Ranking(), "2026-11-24").whole)
        exactly = {"size": query.facet_size, "segment_size": 4_000_000_000}  # else what is rare in a segment is left out
        facets = {name: {"terms": {"field": facet_field(name), **exactly}} for name in query.facets}
        searcher = view.searcher

        def work() -> object:
            if asked.everything:
                hits = searcher.search(built, query.limit, count=True, order_by_field="updated").hits
            else:
                hits = searcher.search(built, query.limit, count=True).hits
            counts = searcher.aggregate(built, facets) if facets else {}
            return counts, [bytes(searcher.doc(address).get_first("stored") or b"") for _, address in hits]

        return work

    def bytes_on_disk(self) -> int:
        """See `Bare`."""
        return sum(path.stat().st_size for path in Path(self.engine.root).rglob("*") if path.is_file())

    def forget(self) -> None:
        """Nothing: the folder is the caller's."""


class BareElasticsearch:
    """Elasticsearch alone, through its own client."""

    def __init__(self, engine: ElasticEngine) -> None:
        self.engine = engine
        self.client: Any = engine._link._client

    def load(self, rows: list[Ready]) -> float:
        """See `Bare`."""
        bundles = _bundles(rows)
        beside = self.engine.fresh()
        try:
            started = perf_counter()
            with ThreadPoolExecutor(LANES) as pool:
                for done in pool.map(lambda body: self._bulk(beside.name, body), bundles):
                    assert done.meta.status == 200 and not done.body["errors"]
            self.client.indices.refresh(index=beside.name)
            return perf_counter() - started
        finally:
            beside.close()

    def _bulk(self, index: str, body: bytes) -> Any:
        headers = {"content-type": "application/x-ndjson", "accept": "application/json"}
        path = f"/{index}/_bulk?filter_path=errors"
        return self.client.options(request_timeout=120).perform_request("POST", path, headers=headers, body=body)

    def prepared(self, query: Query) -> Callable[[], object]:
        """See `Bare`: the search that Mulu sends, sent again."""
        node = self.client.transport.node_pool.get()
        sent: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        real = type(node).perform_request

        def recorded(*given: Any, **named: Any) -> Any:
            sent.append((given, named))
            return real(node, *given, **named)

        node.perform_request = recorded
        try:
            self.engine.search(query)
        finally:
            del node.perform_request
        (given, named), *_ = [one for one in sent if "_search" in str(one[0][1])]
        return lambda: real(node, *given, **named)

    def bytes_on_disk(self) -> int:
        """See `Bare`."""
        self.client.indices.flush(index=self.engine.alias)
        return int(
            self.client.indices.stats(index=self.engine.alias, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
        )

    def forget(self) -> None:
        """Deletes the indices."""
        names = [name for name in self.client.indices.get(index=f"{self.engine.alias}*", expand_wildcards="all")]
        if names:
            self.client.indices.delete(index=names)


def _bundles(rows: list[Ready]) -> list[bytes]:
    """Documents as the server takes them, in bundles as large as Mulu's."""
    found: list[bytes] = []
    bundle: list[bytes] = []
    size = 0
    for row in rows:
        lines = Operation(row.id, row.sequence, row.body).lines()
        bundle.append(lines)
        size += len(lines)
        if size >= BUNDLE or len(bundle) >= MOST:
            found.append(b"".join(bundle))
            bundle, size = [], 0
    return [*found, b"".join(bundle)] if bundle else found
