"""The orders an answer can have, and the keys behind them. Pure.

Every order has its natural direction: relevance best first, dates newest first, words from A to Z. A leading `-` turns it
round. Datasets without the value come last either way; equal ones follow by id.

Titles are ordered by a key of plain letters: Han characters by their Mandarin reading (anyascii's table after Unihan,
https://github.com/anyascii/anyascii, ISC), other scripts transliterated, upper and lower case alike.
"""

import re
from dataclasses import dataclass

from anyascii import anyascii

from metadata.errors import Invalid

ORDERS = {
    "relevance": True,
    "modified": True,
    "issued": True,
    "created": True,
    "updated": True,
    "title": False,
    "size": True,
    "use": True,
    "quality": True,
    "distance": False,
    "name": False,
    "id": False,
}
"""Order → whether its natural direction is descending."""

Point = tuple[float, float]
_KEY = 80
_BETWEEN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Order:
    """An order that was asked for: its key, whether values go down, and (longitude, latitude) for `distance`."""

    key: str
    down: bool
    point: Point | None = None


def order(word: str, *, has_words: bool, near: Point | None = None) -> Order:
    """What `word` asks for. Without words every dataset is as relevant as the next, so `relevance` is by `updated` then.
    Raises `Invalid` for an order there is not, and for `distance` without a point to measure from."""
    key = word.removeprefix("-")
    if key not in ORDERS:
        known = ", ".join(ORDERS)
        raise Invalid("there is no such order", place="order", value=word, remedy=f"Use one of {known}; `-` turns it round.")
    if key == "distance" and near is None:
        remedy = "Say the point with near=longitude,latitude,kilometres."
        raise Invalid("there is no point to measure from", place="order", value=word, remedy=remedy)
    down = ORDERS[key] != word.startswith("-")
    return Order("updated" if key == "relevance" and not has_words else key, down, near if key == "distance" else None)


def title_key(title: str) -> str:
    """What titles are compared by: plain letters and digits in lower case, at most 80 characters."""
    plain = title if title.isascii() else anyascii(title[:_KEY])
    return _BETWEEN.sub(" ", plain[: 2 * _KEY].lower()).strip()[:_KEY]
