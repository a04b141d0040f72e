"""What the embedded index looks like: its fields, and how a document becomes a row of it.

A tantivy index cannot change its fields, so `VERSION` goes up with every change here or in what `search.analysis` and
`search.document` make of a dataset; an index of another version is rebuilt beside and swapped.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
import tantivy

from metadata.text import best
from search.base import Document, Ready
from search.dates import instant
from search.facets import FACETS
from search.fields import COORDINATES, EXACT, NUMBERS, READINGS, SETS, TEXTS, facet_field
from search.geometry import coordinates
from search.order import title_key

VERSION = 2

POSITION = "\x00position"
"""The id of the row that holds the position in the log."""

UNSIGNED = ("id_high", "id_low", "title_1", "title_2", "name_1", "name_2")
"""Numbers of 64 bits that words are ordered by."""

_FACET_FIELDS = {name: facet_field(name) for name in FACETS} | {"identifier": "identifier"}
_LINES = ("exact", "completion", "rank")
_DIGITS = 12
_LOW = (1 << 64) - 1


class _Ranks(dict[int, str]):
    """Code point → the digit in base 36 that comes nearest before it."""

    def __missing__(self, code: int) -> str:
        self[code] = rank = next((digit for digit in "zyxwvutsrqponmlkjihgfedcba9876543210" if ord(digit) <= code), "0")
        return rank


_RANKS = _Ranks()


def schema() -> tantivy.Schema:
    """The fields."""
    fields = tantivy.SchemaBuilder()
    fields.add_bytes_field("stored", stored=True)
    fields.add_integer_field("sequence", fast=True)
    for name in UNSIGNED:
        fields.add_unsigned_field(name, fast=True)
    fields.add_integer_field("position", stored=True)
    for name in (*TEXTS, *READINGS):
        fields.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in SETS:
        fields.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in EXACT:
        fields.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        fields.add_text_field(facet_field(name), tokenizer_name="raw", index_option="basic", fast=True)
    for name in NUMBERS:
        fields.add_integer_field(name, fast=True)
    for name in COORDINATES:
        fields.add_float_field(name, fast=True)
    return fields.build()


def full_key(name: str, stored: Sequence[Any]) -> str:
    """The words behind the numbers of an order, from what is stored of a row; empty where the numbers are all there is."""
    if name == "title":
        return title_key(best(stored[2]["title"]))
    return str(stored[1]) if name == "name" else ""


def dataset_id(high: int, low: int) -> str:
    """The id behind its two numbers."""
    return str(UUID(int=high << 64 | low))


def ready(document: Document) -> Ready:
    """A document as a row in JSON. Raises `ValueError` when its id is no UUID."""
    number = int(document.id.replace("-", ""), 16)
    found: dict[str, Any] = {
        "id": document.id,
        "name": document.name,
        "readers": document.readers,
        "sequence": document.sequence,
        "id_high": number >> 64,
        "id_low": number & _LOW,
        "stored": b64encode(orjson.dumps([document.id, document.name, document.shown])).decode("ascii"),
    }
    for name, tokens in document.tokens.items():
        if tokens:
            found[name] = tokens.split("\n") if name in _LINES else tokens
    for name, values in document.facets.items():
        if values:
            found[_FACET_FIELDS[name]] = values
    _add_numbers(found, document)
    return Ready(document.id, document.sequence, orjson.dumps(found))


def position_row(position: int) -> tantivy.Document:
    """The row that holds the position in the log. It has no readers, so no question finds it."""
    found = tantivy.Document()
    found.add_text("id", POSITION)
    found.add_integer("position", position)
    return found


def _add_numbers(found: dict[str, Any], document: Document) -> None:
    """Numbers to order by and to bound. What a document lacks it has no number for, and comes last."""
    for name, value in document.dates.items():
        if (number := instant(value)) is not None:
            found[name] = number
    found.update(document.numbers)
    if document.box is not None:
        found.update(zip(COORDINATES, coordinates(document.box), strict=True))
    for name, key in (("title", title_key(best(document.shown["title"]))), ("name", document.name)):
        found[f"{name}_1"] = _number(key[:_DIGITS])
        found[f"{name}_2"] = _number(key[_DIGITS : 2 * _DIGITS])


def _number(key: str) -> int:
    """Twelve characters of a key as a number that orders like them, as far as letters and digits tell them apart."""
    return int(key.translate(_RANKS).ljust(_DIGITS, "0"), 36)
