"""Which new record is a vanished one under another identifier.

Only records that vanished and records that are new in the same run are compared, and only where exactly one of each is alike.
They are, in this order: of the same identifier but for its spelling (`http` or `https`, a slash at the end, the case of host
and UUID); of the same title, publisher and links to data; of the same title and links, where one of them names no publisher;
of the same title, publisher and description, when that says something and they share a link, or neither has any.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from metadata import bodies, identity, model
from metadata.model import Dataset
from metadata.tables import DatasetRow, RecordRow, Run
from metadata.text import best

_TELLING = 60  # characters of a description that tells one dataset from another
_UUID = re.compile(r"\{?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}?", re.IGNORECASE)
_SOME = 500


@dataclass(frozen=True)
class Known:
    """What a record is compared by, one key for each way; empty where it has nothing to compare. `publisher` and `addresses`
    are digests, for what two records must not differ in besides."""

    record: str
    spelling: str
    whole: str
    links: str
    words: str
    publisher: str
    addresses: frozenset[str]


def _always(one: Known, other: Known) -> bool:  # noqa: ARG001  # one of a kind of questions
    return True


def _not_of_two_publishers(one: Known, other: Known) -> bool:
    return not (one.publisher and other.publisher)


def _share_links(one: Known, other: Known) -> bool:
    return bool(one.addresses & other.addresses) or not (one.addresses or other.addresses)


_Key = Callable[[Known], str]
_WAYS: tuple[tuple[_Key, Callable[[Known, Known], bool]], ...] = (
    (lambda one: one.spelling, _always),
    (lambda one: one.whole, _always),
    (lambda one: one.links, _not_of_two_publishers),
    (lambda one: one.words, _share_links),
)


def pairs(session: Session, run: Run, gone: Sequence[str]) -> dict[str, str]:
    """Record ids, vanished → new, of those that are the same dataset. `gone` are the vanished ones that had a dataset."""
    if not gone:
        return {}
    new = select(RecordRow.id).where(
        RecordRow.source_id == run.source_id, RecordRow.first_run == run.id, col(RecordRow.dataset_id).is_not(None)
    )
    fresh = list(session.exec(new))
    return matched(list(_known(session, gone)), list(_known(session, fresh))) if fresh else {}


def matched(gone: Iterable[Known], fresh: Iterable[Known]) -> dict[str, str]:
    """The pairs that are alike in one of the ways and alone in that, the surest way first."""
    left, right = {one.record: one for one in gone}, {one.record: one for one in fresh}
    found: dict[str, str] = {}
    for way, fits in _WAYS:
        old, new = _by(left.values(), way), _by(right.values(), way)
        for key in old.keys() & new.keys():
            if key and len(old[key]) == len(new[key]) == 1 and fits(left[old[key][0]], right[new[key][0]]):
                found[old[key][0]] = new[key][0]
        for record, twin in found.items():
            left.pop(record, None)
            right.pop(twin, None)
    return found


def known(record: str, identifier: str, dataset: Dataset) -> Known:
    """What a record is compared by."""
    title, publisher = best(dataset.title).strip(), best(dataset.publisher.name).strip() if dataset.publisher else ""
    links = sorted({spelling(link) for link in identity.links(dataset)})
    words = best(dataset.description).strip()
    return Known(
        record,
        spelling(identifier),
        _key(title, publisher, *links) if links and publisher else "",
        _key(title, *links) if links else "",
        _key(title, publisher, words) if len(words) >= _TELLING else "",
        _key(publisher) if publisher else "",
        frozenset(_key(link)[:12] for link in links),
    )


def spelling(identifier: str) -> str:
    """An identifier or link without what spelling alone changes."""
    text = identifier.strip()
    if found := _UUID.fullmatch(text.removeprefix("urn:uuid:")):
        return found[1].lower()
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    if parts.scheme.lower() not in ("http", "https"):
        return text
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"//{parts.netloc.lower()}{parts.path.rstrip('/')}{query}{fragment}"


def _key(*words: str) -> str:
    return identity.digest("\n".join(words).encode("utf-8", "replace"))[:32]


def _by(known_ones: Iterable[Known], way: _Key) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in known_ones:
        found[way(one)].append(one.record)
    return found


def _known(session: Session, records: Sequence[str]) -> Iterator[Known]:
    """What these records are compared by, read from their descriptions some at a time."""
    for start in range(0, len(records), _SOME):
        some = records[start : start + _SOME]
        rows: Any = session.execute(
            select(RecordRow.id, RecordRow.identifier, DatasetRow.digest)
            .join(DatasetRow, col(DatasetRow.id) == col(RecordRow.dataset_id))
            .where(col(RecordRow.id).in_(some))
        ).all()
        found = bodies.fetch_all(session, [row.digest for row in rows])
        for row in rows:
            if row.digest in found:  # a preview holds no bodies of what was there before
                yield known(row.id, row.identifier, model.decode(found[row.digest]))
