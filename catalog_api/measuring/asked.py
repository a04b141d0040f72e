"""What is asked when a search is measured: words that the documents have, chosen the same way every time."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog_api.measuring import EIGHT_FACETS
from catalog_api.measuring.documents import Store
from search.base import Document, Query

PAGE = 20
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+")
_LOOKED_AT = 4_000


@dataclass(frozen=True)
class Words:
    """`pairs`: two words at a time, which some document has both; `begun`: the first characters of words."""

    pairs: tuple[str, ...]
    begun: tuple[str, ...]


def words(documents: Store, count: int) -> Words:
    """At most so many of each, no two alike: what an engine has been asked it may remember."""
    chance = random.Random(40_770)  # noqa: S311
    step = max(1, documents.count // _LOOKED_AT)
    some = [document for number, document in enumerate(documents.read()) if number % step == 0]
    chance.shuffle(some)
    pairs = dict.fromkeys(pair for document in some if (pair := _pair(document, chance)))
    begun = dict.fromkeys(start for document in some for start in _begun(document, chance))
    return Words(tuple(pairs)[:count], tuple(begun)[:count])


def _pair(document: Document, chance: random.Random) -> str:
    """A word of the title, and another one of title or keywords."""
    title = " ".join(document.shown["title"].values())
    keywords = [word for word in document.facets.get("keyword", ()) if len(word) > 1]
    if runs := _HAN.findall(title):
        return f"{runs[0][:3]} {chance.choice(keywords)}" if keywords else f"{runs[0][:2]} {runs[-1][-2:]}"
    found = _WORD.findall(title)
    return " ".join(chance.sample(found, 2)) if len(found) > 1 else ""


def _begun(document: Document, chance: random.Random) -> Iterator[str]:
    for word in [*document.shown["title"].values(), *document.facets.get("keyword", ())][:3]:
        yield word[: chance.randint(1, 4)]


def faceted(typed: str) -> Query:
    """The question of a results page."""
    return Query(words=typed, facets=EIGHT_FACETS, limit=PAGE)
