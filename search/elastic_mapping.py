"""What an Elasticsearch index looks like, and how a document becomes what is sent. Pure.

Only core types and the analyzer `whitespace`: the tokens are ours (`search.analysis`). The mapping is strict, so a field that
is not declared here is refused instead of guessed. Of a document nothing is kept but what a hit shows; the rest is in the
index alone. `VERSION` goes up with every change here or in what `search.document` makes of a dataset; an index of another
version is rebuilt beside and swapped.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from metadata.text import best
from search.base import Document, Ready
from search.dates import instant
from search.elastic_access import Access
from search.facets import FACETS
from search.fields import COORDINATES, DATES, FACET_FIELDS, FURTHEST, NUMBERS, READINGS, SETS, TEXTS, facet_field
from search.geometry import coordinates
from search.order import title_key

VERSION = 1

WINDOW = 50_000
"""Hits that an offset reaches in one step; further ones are walked to (`search.elastic_paging`)."""

LINES = ("exact", "completion", "rank")
"""Tokens that are one value a line."""

TOMBSTONES = "1h"
"""For how long it is remembered that a document was deleted, and at which line of the log: writes later than that are no
longer told from new ones."""

_FACET_FIELDS = {name: facet_field(name) for name in FACETS} | {"identifier": "identifier"}
_COMPARED = {"type": "keyword", "doc_values": False}
_COUNTED = {"type": "keyword"}
_WORDS = {"type": "text", "analyzer": "whitespace"}
_THERE = {"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": False}
_BOUNDED = {"type": "double", "doc_values": False}
_NUMBER = {"type": "long"}
_MOMENT = {"type": "date", "format": "epoch_millis", "index": False}


def moment_field(name: str) -> str:
    """The field of a date that is counted by intervals: in milliseconds, which is what Elasticsearch's calendar takes."""
    return f"{name}_moment"


def mapping() -> dict[str, Any]:
    """The fields."""
    fields: dict[str, Any] = {
        "id": _COUNTED,
        "name": _COUNTED,
        "title_key": _COUNTED,
        "identifier": _COMPARED,
        "readers": _COMPARED,
        "exact": _COMPARED | {"ignore_above": 8_000},
        "rank": _COMPARED,
        "completion": _COUNTED | {"ignore_above": 8_000},
        "sequence": {"type": "long", "index": False},
        "centre": {"type": "geo_point"},
        "placed": {"type": "byte", "index": False},
        "shown": {"type": "object", "enabled": False},
    }
    fields |= dict.fromkeys((*TEXTS, *READINGS), _WORDS) | dict.fromkeys(SETS, _THERE)
    fields |= dict.fromkeys(FACET_FIELDS, _COUNTED)
    fields |= dict.fromkeys(NUMBERS, _NUMBER) | dict.fromkeys(COORDINATES, _BOUNDED)
    fields |= {moment_field(name): _MOMENT for name in DATES}
    return {"dynamic": "strict", "_source": {"includes": ["name", "shown"]}, "properties": fields}


def settings_to_build(access: Access) -> dict[str, Any]:
    """Settings of an index while it is built: nobody searches it yet."""
    return {
        "number_of_shards": access.shards,
        "number_of_replicas": 0,
        "refresh_interval": "-1",  # what was written becomes visible when a write is whole: `search.elastic_bulk` says when
        "max_result_window": WINDOW,
        "gc_deletes": TOMBSTONES,
        "translog.durability": "async",
    }


def settings_to_serve(access: Access) -> dict[str, Any]:
    """Settings of an index that is searched: every write is on the disk before it is answered, and there are replicas."""
    return {
        "auto_expand_replicas": f"0-{access.replicas}" if access.replicas else "false",
        "translog.durability": "request",
    }


def ready(document: Document) -> Ready:
    """A document as JSON. Raises `TypeError` for text that is no Unicode (half a surrogate pair)."""
    found: dict[str, Any] = {
        "id": document.id,
        "name": document.name,
        "sequence": document.sequence,
        "readers": document.readers,
        "title_key": title_key(best(document.shown["title"])),
        "shown": document.shown,
    }
    for name, tokens in document.tokens.items():
        if tokens:
            found[name] = tokens.split("\n") if name in LINES else tokens
    for name, values in document.facets.items():
        if values:
            found[_FACET_FIELDS[name]] = values
    found.update(_dates(document.dates))
    found.update((name, max(-FURTHEST, min(number, FURTHEST))) for name, number in document.numbers.items())
    if document.box is not None:
        found |= zip(COORDINATES, degrees := coordinates(document.box), strict=True)
        found |= {"centre": degrees[-2:], "placed": 1}
    return Ready(document.id, document.sequence, orjson.dumps(found))


def _dates(dates: Mapping[str, str]) -> dict[str, int]:
    found = {}
    for name, value in dates.items():
        if (number := instant(value)) is not None:
            found[name], found[moment_field(name)] = number, number // 1_000
    return found
