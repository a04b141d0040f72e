"""Package dicts as JSON, kept for as long as their dataset and its department are as they were.

Making one costs more than anything else in an answer to `package_search`, and the same datasets are found again and again.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from catalog_api.ckan.asking import Asking
from catalog_api.ckan.packages import Organizations, organizations, package
from metadata import store

MOST_BYTES = 48 * 1024 * 1024

Key = tuple[str, int, str, tuple[str, ...]]


@dataclass
class _Kept:
    """Packages by dataset, its last change, the department's state and the languages; the latest used last."""

    packed: OrderedDict[Key, bytes] = field(default_factory=OrderedDict)
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key) -> bytes | None:
        with self.lock:
            found = self.packed.get(key)
            if found is not None:
                self.packed.move_to_end(key)
            return found

    def put(self, key: Key, body: bytes) -> None:
        with self.lock:
            if key not in self.packed:
                self.packed[key] = body
                self.size += len(body)
            while self.size > MOST_BYTES:
                self.size -= len(self.packed.popitem(last=False)[1])


_kept = _Kept()


def packed(asking: Asking, ids: Sequence[str]) -> list[orjson.Fragment]:
    """The package dicts of these datasets, in their order, as parts of a JSON document. Those that were retired are left
    out."""
    owners = organizations(asking.session)
    keys = {one: _key(one, row, owners, asking) for one, row in store.standing(asking.session, ids).items()}
    found = {one: body for one, key in keys.items() if (body := _kept.get(key))}
    missing = store.entries(asking.session, [one for one in keys if one not in found])
    for one, entry in missing.items():
        found[one] = orjson.dumps(package(entry, owners, asking.settings.languages))
        if entry.sequence == keys[one][1]:
            _kept.put(keys[one], found[one])
    return [orjson.Fragment(found[one]) for one in ids if one in found]


def _key(one: str, row: tuple[int, str | None], owners: Organizations, asking: Asking) -> Key:
    sequence, name = row
    owner = owners.get(name or "")
    told = orjson.dumps(owner.model_dump()) if owner else b""
    return one, sequence, hashlib.blake2b(told, digest_size=8).hexdigest(), tuple(asking.settings.languages)
