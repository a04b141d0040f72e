"""What the embedded index looks like: its fields, and how a document becomes a row of it.

A tantivy index cannot change its fields, so `VERSION` goes up with every change here or in what `search.analysis` makes of a text;
an index of another version is rebuilt beside and swapped.
"""

import orjson
import tantivy

from metadata.text import best
from search.base import Document
from search.dates import instant
from search.facets import FACETS
from search.order import title_key

VERSION = 1

TOKENS = ("title", "keyword", "publisher", "description", "other")
"""Fields with positions, for words and phrases."""

SETS = ("title_characters", "characters")
"""Fields in which a token is there or not."""

DATES = ("modified", "issued", "created", "updated")
KEYS = ("by_modified", "by_modified_up", "by_created", "by_updated", "by_title", "by_name")
"""What the orders go by: the value, then the first 60 bits of the id, so that no two are equal. Order `id` goes by the id."""

POSITION = "\x00position"
"""The id of the row that holds the position in the log."""

_SHIFT = 1 << 60
_LAST = (1 << 62) - 1


def schema() -> tantivy.Schema:
    """The fields."""
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("id", tokenizer_name="raw", index_option="basic", fast=True)
    fields.add_bytes_field("stored", stored=True)
    for name in ("sequence", "tie"):
        fields.add_integer_field(name, fast=True)
    fields.add_integer_field("position", stored=True)
    for name in TOKENS:
        fields.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in SETS:
        fields.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("readers", "name", "identifier", "exact", "completion"):
        fields.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        fields.add_text_field(facet_field(name), tokenizer_name="raw", index_option="basic", fast=True)
    for name in DATES:
        fields.add_integer_field(name, fast=True)
    for name in KEYS:
        fields.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return fields.build()


def facet_field(name: str) -> str:
    """The field of a facet."""
    return f"facet_{name}"


def key_field(name: str, *, down: bool = True) -> str:
    """The field that an order goes by."""
    if name == "modified" and not down:
        return "by_modified_up"
    return "id" if name == "id" else f"by_{name}"


def row(document: Document) -> tantivy.Document:
    """A document as a row."""
    found = tantivy.Document()
    text = found.add_text
    text("id", document.id)
    found.add_bytes("stored", orjson.dumps([document.id, document.name, document.shown]))
    found.add_integer("sequence", document.sequence)
    found.add_integer("tie", tie(document.id))
    text("name", document.name)
    for label in document.readers:
        text("readers", label)
    _add_tokens(found, document)
    for name, values in document.facets.items():
        field = name if name == "identifier" else facet_field(name)
        for value in values:
            text(field, value)
    _add_order(found, document)
    return found


def position_row(position: int) -> tantivy.Document:
    """The row that holds the position in the log. It has no readers, so no question finds it."""
    found = tantivy.Document()
    found.add_text("id", POSITION)
    found.add_integer("position", position)
    return found


def tie(dataset_id: str) -> int:
    """A number that orders like the id: its first 60 bits, where it is a UUID."""
    head = dataset_id.replace("-", "")[:15]
    try:
        return int(head.ljust(15, "0"), 16)
    except ValueError:
        return int.from_bytes(dataset_id.encode()[:7].ljust(7, b"\0"), "big")


def _add_tokens(found: tantivy.Document, document: Document) -> None:
    for name in (*TOKENS, *SETS):
        if tokens := document.tokens.get(name):
            found.add_text(name, tokens)
    for name in ("exact", "completion"):
        if lines := document.tokens.get(name):
            for line in lines.split("\n"):
                found.add_text(name, line)


def _add_order(found: tantivy.Document, document: Document) -> None:
    """Dates as numbers, and the keys of the orders. A date that is not there comes last both ways: lowest going down, highest going
    up, so `modified` has two keys."""
    last = f"{tie(document.id):015x}"
    for name, value in document.dates.items():
        number = instant(value)
        if number is not None:
            found.add_integer(name, number)
            if name in ("created", "updated"):
                found.add_text(key_field(name), f"{number + _SHIFT:016x}{last}")
    modified = instant(document.dates.get("modified"))
    found.add_text(key_field("modified", down=True), f"{0 if modified is None else modified + _SHIFT:016x}{last}")
    found.add_text(key_field("modified", down=False), f"{_LAST if modified is None else modified + _SHIFT:016x}{last}")
    found.add_text(key_field("name"), document.name)
    found.add_text(key_field("title"), f"{title_key(best(document.shown.get('title', {})))}\x00{last}")
