"""Where the indices of a catalogue are, and how one takes the place of another.

    mulu                    the alias that is searched: it stands for the live index
    mulu-v1-4f0c…           an index; the number is the version of `search.elastic_mapping`
    mulu-v1-4f0c….writing   its own alias, through which it is written to: Elasticsearch would make a new index, with fields
                            it guessed, for a name that is gone; for an alias that is gone it refuses
    mulu-locks              who builds an index at the moment (`search.elastic_lock`)

The position in the log and a word for the state of the content (another after every write) are in the index's own `_meta`.
"""

import re
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from elasticsearch import NotFoundError

from metadata.errors import CatalogError, Conflict, Unavailable
from search.elastic_link import Link
from search.elastic_mapping import VERSION, mapping, settings_to_build, settings_to_serve

WAIT = 120
"""Seconds that changes to indices may take."""


@dataclass(frozen=True)
class Live:
    """An index as it is: its name, the version of its fields, its position in the log, the word for its content, into how many
    shards it is parted."""

    name: str
    version: int
    position: int
    state: str
    shards: int

    @property
    def outdated(self) -> bool:
        """Whether another version of the program made it."""
        return self.version != VERSION


def writing(name: str) -> str:
    """The alias through which an index is written to."""
    return f"{name}.writing"


def find(link: Link, name: str) -> Live | None:
    """The index of a name, or behind an alias; None when there is none. Raises `Unavailable` when there are several."""
    try:
        found = link.ask(lambda client: client.indices.get_mapping(index=name, filter_path="*.mappings._meta").body)
    except NotFoundError:
        return None
    if len(found) != 1:
        remedy = f"Only one may be behind the alias `{name}`: take the others out, or delete it and rebuild the index."
        raise Unavailable("there are several search indices", place=name, value=", ".join(sorted(found)), remedy=remedy)
    ((index, meta),) = ((index, one.get("mappings", {}).get("_meta", {})) for index, one in found.items())
    version, position, shards = (int(meta.get(key, 0)) for key in ("version", "position", "shards"))
    return Live(index, version, position, str(meta.get("state", "")), shards)


def create(link: Link, alias: str, *, live: bool = False) -> str:
    """Makes an empty index, behind the alias at once when `live`, and returns its name."""
    name = f"{alias}-v{VERSION}-{uuid.uuid4().hex}"
    fields = mapping() | {"_meta": _meta(0, link.access.shards)}
    settings = settings_to_build(link.access) | (settings_to_serve(link.access) if live else {})
    link.ask(
        lambda client: client.options(request_timeout=WAIT).indices.create(
            index=name, mappings=fields, settings=settings, aliases={writing(name): {}}
        )
    )
    if live:
        point(link, alias, name)
    return name


def set_position(link: Link, live: Live, position: int) -> None:
    """Notes how far an index has read the log. Raises `Conflict` when the index is gone."""
    try:
        link.ask(lambda client: client.indices.put_mapping(index=live.name, meta=_meta(position, live.shards)))
    except NotFoundError as problem:
        raise swapped(live.name) from problem


def refresh(link: Link, name: str) -> None:
    """Makes all that was written visible to searches. Raises `Conflict` when the index is gone."""
    try:
        link.ask(lambda client: client.options(request_timeout=WAIT).indices.refresh(index=name))
    except NotFoundError as problem:
        raise swapped(name) from problem


def settle(link: Link, name: str) -> None:
    """Gives an index that was built its settings for service, and waits for the copies that can be made now. Raises `Conflict`
    when the index is gone."""

    def settled(client: Any) -> None:
        patient = client.options(request_timeout=WAIT)
        patient.indices.flush(index=name)
        patient.indices.put_settings(index=name, settings=settings_to_serve(link.access))
        patient.options(ignore_status=408).cluster.health(index=name, wait_for_no_initializing_shards=True, timeout="60s")

    try:
        link.ask(settled)
    except NotFoundError as problem:
        raise swapped(name) from problem


def point(link: Link, alias: str, name: str) -> None:
    """Makes an index the one behind the alias, and none but it, in one step."""
    actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": alias}}]
    actions += [{"remove": {"index": other, "alias": alias}} for other in behind(link, alias) if other != name]
    link.ask(lambda client: client.options(request_timeout=WAIT).indices.update_aliases(actions=actions))


def behind(link: Link, alias: str) -> list[str]:
    """The indices behind an alias."""
    try:
        return sorted(link.ask(lambda client: client.indices.get_alias(name=alias).body))
    except NotFoundError:
        return []


def sweep(link: Link, alias: str, keep: Sequence[str]) -> None:
    """Deletes every index of the catalogue but some: those that were replaced, and those whose building was broken off."""
    ours = re.compile(re.escape(alias) + r"-v\d+-[0-9a-f]{32}")
    found = link.ask(lambda client: client.indices.get_alias(index=f"{alias}-v*").body)
    delete(link, [name for name in found if ours.fullmatch(name) and name not in keep])


def delete(link: Link, names: Sequence[str]) -> None:
    """Deletes indices. What cannot be deleted now is deleted by the next `sweep`."""
    for name in names:
        with suppress(NotFoundError, CatalogError):
            link.ask(lambda client, one=name: client.options(request_timeout=WAIT).indices.delete(index=one))  # type: ignore[misc]


def swapped(name: str) -> Conflict:
    """The error for an index that went away while it was written to."""
    return Conflict("the index was swapped while it was written to", place=name, remedy="Nothing is lost: sync again.")


def _meta(position: int, shards: int) -> dict[str, Any]:
    return {"version": VERSION, "position": position, "state": uuid.uuid4().hex[:12], "shards": shards}
