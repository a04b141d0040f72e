"""Entries of the directory as package dicts, with every member that `package_show` has (CKAN 2.12).

What the description says comes from `standards.ckan.write`; here is added what only the catalogue knows. CKAN writes times
in UTC without saying so, with microseconds.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from metadata import departments
from metadata.entry import Entry
from metadata.model import Distribution
from metadata.tables import Organization
from metadata.text import best
from standards.ckan import write

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:mulu:ckan")
_PREFIX = 24  # hexadecimal digits of a dataset's id that its resources' ids begin with

Organizations = Mapping[str, Organization]


def organizations(session: Session) -> Organizations:
    """Departments by name."""
    return {row.name: row for row in departments.organizations(session)}


def package(entry: Entry, owners: Organizations, languages: Sequence[str] = ("zh", "en")) -> dict[str, Any]:
    """The package dict of an entry, its title and description in the first of these languages that it has."""
    said = write(entry.dataset)
    owner = owners.get(entry.organization or "")
    tags = sorted((_tag(one["name"]) for one in said["tags"]), key=lambda tag: str(tag["name"]))
    resources = [_resource(entry, said["resources"][at], one_id, at) for at, one_id in enumerate(resource_ids(entry))]
    return {
        **said,
        "id": entry.id,
        "name": entry.name,
        "title": best(entry.dataset.title, languages) or entry.name,
        "notes": best(entry.dataset.description, languages),
        "owner_org": owner.id if owner else None,
        "organization": brief_organization(owner, languages) if owner else None,
        "private": entry.state == "withheld",
        "state": "deleted" if entry.state == "retired" else "active",
        "creator_user_id": None,
        "metadata_created": naive(entry.created),
        "metadata_modified": naive(entry.updated),
        "num_resources": len(resources),
        "num_tags": len(tags),
        "resources": resources,
        "tags": tags,
        "groups": [{"id": stable_id("group", one["name"]), **one} for one in said["groups"]],
        "extras": _extras(said["extras"], entry),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def naive(text: str | None) -> str | None:
    """`2026-05-03T08:00:00Z` as CKAN writes it: UTC, with microseconds, without a zone. None for what is no date."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text)
    except ValueError:
        return None
    return (moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment).isoformat(timespec="microseconds")


@lru_cache(maxsize=20_000)
def stable_id(kind: str, name: str) -> str:
    """A UUID for what has only a name here: the same for ever."""
    return str(uuid.uuid5(_SPACE, f"{kind}:{name}"))


def resource_ids(entry: Entry) -> list[str]:
    """An id for each distribution. It begins with the dataset's id, so that the dataset is found from it, and ends with a
    digest of the distribution's own identifier or address (and of how many times that came before): it outlives changes of
    order."""
    head = entry.id.replace("-", "")[:_PREFIX].ljust(_PREFIX, "0")
    seen: Counter[str] = Counter()
    found = []
    for one in entry.dataset.distribution:
        word = _word(one)
        tail = hashlib.blake2b(f"{seen[word]}:{word}".encode("utf-8", "replace"), digest_size=(32 - _PREFIX) // 2).hexdigest()
        seen[word] += 1
        found.append(str(uuid.UUID(head + tail)))
    return found


def dataset_range(resource_id: str) -> tuple[str, str] | None:
    """The lowest and highest dataset id that a resource's id can belong to; None when it is no such id."""
    try:
        digits = uuid.UUID(resource_id).hex[:_PREFIX]
    except ValueError:
        return None
    width = 32 - _PREFIX
    return str(uuid.UUID(digits + "0" * width)), str(uuid.UUID(digits + "f" * width))


def _word(one: Distribution) -> str:
    return one.identifier or one.download_url or one.access_url or best(one.title)


def _resource(entry: Entry, said: dict[str, Any], resource_id: str, position: int) -> dict[str, Any]:
    return {
        "cache_last_updated": None,
        "cache_url": None,
        "datastore_active": False,
        "mimetype_inner": None,
        "resource_type": None,
        "url_type": None,
        **said,
        "id": resource_id,
        "package_id": entry.id,
        "position": position,
        "state": "active",
        "created": naive(said["created"]) or naive(entry.created),
        "last_modified": naive(said["last_modified"]),
        "metadata_modified": naive(entry.updated),
    }


def _tag(name: str) -> dict[str, Any]:
    return {"id": stable_id("tag", name), "name": name, "display_name": name, "state": "active", "vocabulary_id": None}


def _extras(said: Iterable[dict[str, str]], entry: Entry) -> list[dict[str, str]]:
    """Sorted by key, as CKAN has them, with the source that the description came from."""
    found = {one["key"]: one["value"] for one in said}
    if entry.source:
        found["harvest_source_title"] = entry.source
    return [{"key": key, "value": found[key]} for key in sorted(found)]


def brief_organization(row: Organization, languages: Sequence[str]) -> dict[str, Any]:
    """A department as a package holds it, in the first of these languages that it has."""
    return {
        "id": row.id,
        "name": row.name,
        "title": best(row.title, languages) or row.name,
        "type": "organization",
        "description": best(row.description, languages),
        "image_url": "",
        "created": naive(row.created),
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }
