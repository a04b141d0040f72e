"""What makes a dataset the same one: digests, words for URLs, and its links.

Identity is (source, identifier). `name` is the word in its URL, unique in the catalogue and in CKAN's form
(`[a-z0-9_-]`, 2 to 100 characters). A dataset whose identifier its publisher changed: `metadata/renaming.py`.
"""

import hashlib
import json
import random
import re
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson
from anyascii import anyascii

from metadata.digits import has_long_integer
from metadata.errors import NotData
from metadata.model import Dataset
from metadata.text import Text, best

_LONGEST_IDENTIFIER = 2000  # bytes; PostgreSQL's index rows end at 2,700
_SURELY_SHORT = 500
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def new_id() -> str:
    """A new UUID for a row, version 7 (RFC 9562 §5.7): its first bits are the time, so that new rows lie side by side."""
    bits = (time.time_ns() // 1_000_000) << 80 | random.getrandbits(80)
    bits = bits & ~(0xF << 76) | (0x7 << 76)
    bits = bits & ~(0x3 << 62) | (0x2 << 62)
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def digest(body: bytes) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(body).hexdigest()


def raw(body: Any) -> bytes:
    """The bytes under which a record is kept: text and bytes as they came, parsed JSON with its members in their order. Raises
    `NotData` for JSON that nests hundreds of levels deep."""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    try:
        return orjson.dumps(body)
    except TypeError:  # integers over 64 bits, lone surrogates and deep nesting, which orjson refuses
        return _spelled(body)


def _spelled(body: Any) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    except RecursionError:
        raise NotData("a record nests too many levels deep", remedy="Ask the source to mend it.") from None


def parsed(body: bytes) -> Any:
    """The record that `raw` kept: JSON parsed, anything else as text."""
    if not has_long_integer(body):  # orjson makes floats of integers over 64 bits
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            pass
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def clean(identifier: str) -> str:
    """An identifier fit for a database: no NUL, no lone surrogates, at most 2,000 bytes (a digest closes a longer one)."""
    if (
        len(identifier) <= _SURELY_SHORT
        and identifier.isascii()
        and identifier.isprintable()
        and identifier == identifier.strip()
    ):
        return identifier  # as nearly all are
    body = identifier.replace("\x00", "").encode("utf-8", "replace").strip()
    if len(body) <= _LONGEST_IDENTIFIER:
        return body.decode()
    return f"{body[:1900].decode('utf-8', 'ignore')}#{digest(body)}"


def slug(title: Text) -> str:
    """A word for a URL made from a title: `公共交通线路` → `gong-gong-jiao-tong-xian-lu`. May be empty."""
    return _slug(best(title, ("en", "und", "zh"))[:200])


@lru_cache(4096)
def _slug(title: str) -> str:
    words = _CAMEL.sub("-", anyascii(title))
    return _NOT_IN_A_NAME.sub("-", words.lower()).strip("-")[:80].strip("-")


def name_for(title: Text, place: str, taken: set[str]) -> str:
    """The first of a dataset's possible names that is not in `taken`, and adds it there. `place` (source and identifier)
    tells namesakes apart, always alike (but for a source that was removed and added again many times)."""
    return free_name(names_for(slug(title), place), taken)


def free_name(names: Iterable[str], taken: set[str]) -> str:
    """The first of these names that is not in `taken`, and adds it there; a new one when all are."""
    name = next((one for one in names if one not in taken), f"dataset-{new_id()}")
    taken.add(name)
    return name


@lru_cache(4096)  # a batch asks for each twice: which names are taken, and which one it gets
def names_for(plain: str, place: str) -> tuple[str, ...]:
    """All names that a dataset whose title's word is `plain` (`slug`) might get, the best first."""
    mark = digest(place.encode("utf-8", "surrogatepass"))
    marked = (f"{plain}-{mark[:8]}".strip("-"), f"dataset-{mark[:24]}", f"dataset-{mark}")
    return (plain, *marked) if len(plain) >= 2 else (f"dataset-{mark[:8]}", *marked[1:])


def links(dataset: Dataset) -> Iterable[str]:
    """Links to data, without those that hold the identifier itself (ArcGIS Hub builds both from one id)."""
    for one in dataset.distribution:
        for link in (one.access_url, one.download_url):
            if link and dataset.identifier not in link and not _same_page(link, dataset.identifier):
                yield link


def _same_page(link: str, identifier: str) -> bool:
    return identifier.rsplit("/", 1)[-1] in link if "/" in identifier else False
