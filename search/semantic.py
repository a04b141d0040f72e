"""Meaning beside words: an engine around another one that also finds what shares no word with the question.

Datasets have vectors (`search.semantic_embedder`), kept beside the index (`search.semantic_vectors`) and written with it. A
question by relevance is looked up by its words and by its vector, and both rankings are merged (`search.semantic_merge`).
Everything else, and every question that is more than plain words, is the inner engine's alone.

Vectors follow the log as the index does: the position of this engine is the lower of the index's and the vectors', so that
`search.sync` writes again what either lacks, and builds anew when one of them was lost. A text that has a vector already is
not embedded again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from metadata.errors import Conflict, Invalid
from search.base import Document, Hit, Page, Query, Ready, SearchEngine, Suggestion
from search.language import question
from search.semantic_merge import Nearby, merged, reciprocal

if TYPE_CHECKING:
    from search.semantic_embedder import Embedder
    from search.semantic_vectors import Vectors

BATCH = 128
"""Texts that are embedded, and kept, at a time."""

NEAREST = 200
"""Datasets that a question's vector may add."""

_SIZE = 4

LEAST = 0.2
"""A dataset with a lower cosine is not near, however little there is that is nearer."""


def with_semantics(engine: SearchEngine, folder: Path, model: Path) -> SearchEngine:
    """`engine` with the model in the folder `model` beside it; its vectors are kept under `folder`. Raises `Invalid` when the
    extra is not installed, or the model cannot be used."""
    try:
        from search.semantic_embedder import OnnxEmbedder
        from search.semantic_vectors import Vectors

        embedder = OnnxEmbedder(model)
    except ImportError as error:
        remedy = "Run `pip install 'mulu[semantic]'`, or leave the setting out."
        raise Invalid(
            f"semantic search needs {error.name}, which is not installed", place="MULU_SEMANTIC_MODEL", remedy=remedy
        ) from error
    return SemanticEngine(engine, embedder, Vectors(folder / embedder.name, embedder.size))


class SemanticEngine:
    """See the module."""

    def __init__(self, engine: SearchEngine, embedder: "Embedder", vectors: "Vectors") -> None:
        self.engine = engine
        self.embedder = embedder
        self.vectors = vectors

    def maker(self) -> Callable[[Document], Ready]:
        """What makes a document ready: as the inner engine does, with its text before it."""
        return partial(_ready, self.engine.maker())

    def write(
        self, documents: Iterable[Document | Ready], gone: Iterable[str], position: int, since: int | None = None
    ) -> None:
        """As the inner engine writes; vectors before the documents they belong to, what is gone after. `since` is held against
        the lower of both positions, so it is looked at here."""
        if since is not None and self.position() != since:
            raise Conflict("the index was swapped meanwhile", remedy="Nothing is lost: sync again.")
        taken: list[str] = []
        self.engine.write(self._embedded(documents), _kept(gone, taken), position)
        self.vectors.commit(taken, position)

    def search(self, query: Query) -> Page:
        """The answer: by words and by meaning where plain words are asked for by relevance."""
        if query.order != "relevance" or query.literal or not _is_plain(query.words):
            return self.engine.search(query)
        found = self.vectors.nearest(self.embedder.question(query.words), NEAREST, LEAST)
        return merged(self.engine, query, found)

    def suggest(self, words: str, limit: int) -> list[Suggestion]:
        """As the inner engine does."""
        return self.engine.suggest(words, limit)

    def similar(self, dataset_id: str, limit: int, readers: frozenset[str]) -> tuple[Hit, ...]:
        """Datasets that share words, and those that are near, merged."""
        vector = self.vectors.vector(dataset_id)
        if vector is None or limit < 1:
            return self.engine.similar(dataset_id, limit, readers)
        found = self.vectors.nearest(vector, NEAREST, LEAST)
        nearby = Nearby(self.engine, Query(readers=readers), {dataset_id: 1.0, **dict(found)})
        if dataset_id not in nearby.hits:
            return ()
        near = [one for one in nearby.order if one != dataset_id]
        alike = self.engine.similar(dataset_id, NEAREST, readers)
        hits = {**nearby.hits, **{hit.id: hit for hit in alike}}
        scores = reciprocal([hit.id for hit in alike], near)
        return tuple(replace(hits[one], score=round(score, 6)) for one, score in list(scores.items())[:limit])

    def state(self) -> str:
        """A word that is another after every commit of the index or the vectors."""
        return f"{self.engine.state()}-{self.vectors.state()}"

    def position(self) -> int:
        """The last line of the log that both the index and the vectors have seen."""
        return min(self.engine.position(), self.vectors.position())

    def fresh(self) -> "SemanticEngine":
        """An empty index beside the live one. The vectors are shared: what they have is not made again."""
        return SemanticEngine(self.engine.fresh(), self.embedder, self.vectors)

    def replace(self, other: SearchEngine) -> None:
        """As the inner engine does; vectors of what is no longer there are left out."""
        if not isinstance(other, SemanticEngine):
            raise Invalid("only an index that was built beside this one can take its place", remedy="Use `fresh()`.")
        self.engine.replace(other.engine)
        here = {dataset_id for dataset_id, _ in self.engine.contents()}
        self.vectors.compact(here.__contains__)

    def contents(self) -> Iterator[tuple[str, int]]:
        """What the index holds."""
        return self.engine.contents()

    def close(self) -> None:
        """As the inner engine does."""
        self.engine.close()

    def _embedded(self, documents: Iterable[Document | Ready]) -> Iterator[Document | Ready]:
        """The documents as the inner engine takes them, each after its vector is kept."""
        waiting = map(_taken_apart, documents)
        while batch := list(islice(waiting, BATCH)):
            self._embed([(document.id, text) for document, text in batch])
            yield from (document for document, _ in batch)

    def _embed(self, batch: list[tuple[str, str]]) -> None:
        """Keep the vectors of texts, by id, that have none yet."""
        new = [(one, text, _digest(text)) for one, text in batch]
        new = [(one, text, digest) for one, text, digest in new if digest != self.vectors.digest(one)]
        if new:
            ids, texts, digests = zip(*new, strict=True)
            self.vectors.append(ids, digests, self.embedder.texts(texts))


def _ready(make: Callable[[Document], Ready], document: Document) -> Ready:
    """A document in the inner engine's form, behind its text and how many bytes that has."""
    made, text = make(document), _text(document).encode("utf-8", "replace")
    return Ready(made.id, made.sequence, b"".join((len(text).to_bytes(_SIZE), text, made.body)))


def _taken_apart(document: Document | Ready) -> tuple[Document | Ready, str]:
    """What the inner engine takes, and the text."""
    if isinstance(document, Document):
        return document, _text(document)
    end = _SIZE + int.from_bytes(document.body[:_SIZE])
    return replace(document, body=document.body[end:]), document.body[_SIZE:end].decode()


def _text(document: Document) -> str:
    """What a vector is made of: titles, then descriptions, as far as hits show them."""
    shown = document.shown
    return "\n".join((*shown["title"].values(), *shown["description"].values()))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _kept(gone: Iterable[str], taken: list[str]) -> Iterator[str]:
    for one in gone:
        taken.append(one)
        yield one


def _is_plain(words: str) -> bool:
    """Whether words are asked for, each of them, anywhere: a vector knows nothing of fields, phrases and what is left out."""
    asked = question(words)
    wishes = [wish for clause in asked.clauses for wish in clause.wishes]
    negated = any(clause.negated or len(clause.wishes) > 1 for clause in asked.clauses)
    return bool(wishes) and not negated and all(wish.kind == "word" and not wish.field for wish in wishes)
