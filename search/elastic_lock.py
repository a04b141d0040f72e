"""The right to build an index, held by one process of all machines at a time.

It is a document that names its holder and until when. Who holds it says again that it is there while it works; when it
stopped doing so for `LEASE` seconds, another may take the lock over. Every step compares before it writes (`op_type=create`,
`if_seq_no`), so two can never have it. Clocks of the machines may differ by less than half of `LEASE`.
"""

import time
import uuid
from typing import Any

from elasticsearch import BadRequestError, ConflictError, NotFoundError

from metadata.errors import Conflict
from search.elastic_link import Link

LEASE = 120.0
_ID = "rebuild"
_FIELDS = {"holder": {"type": "keyword"}, "until": {"type": "double", "index": False}}


class Lock:
    """The lock of a catalogue, as one holder has it."""

    def __init__(self, link: Link, alias: str, lease: float = LEASE) -> None:
        self.link, self.index, self.lease = link, f"{alias}-locks", lease
        self.holder = uuid.uuid4().hex
        self._place: dict[str, int] | None = None
        self._until = 0.0

    def take(self) -> None:
        """Takes the lock. Raises `Conflict` when another has it."""
        self._make_index()
        try:
            self._write({"op_type": "create"})
        except ConflictError:
            self._take_over()

    def keep(self) -> None:
        """Says again that its holder is there, when it is time to. Raises `Conflict` when another took it over."""
        if self._place is None or time.time() < self._until - self.lease * 2 / 3:
            return
        try:
            self._write(self._place)
        except (ConflictError, NotFoundError) as problem:
            self._place = None
            raise self._taken() from problem

    def release(self) -> None:
        """Gives it back; nothing happens when it is not held any more."""
        place, self._place = self._place, None
        if place is not None:
            try:
                self.link.ask(lambda client: client.delete(index=self.index, id=_ID, refresh=True, **place))
            except (ConflictError, NotFoundError):
                return

    def _take_over(self) -> None:
        """Takes a lock whose holder has not been heard of for too long."""
        try:
            found = self.link.ask(lambda client: client.get(index=self.index, id=_ID).body)
            if float(found["_source"]["until"]) > time.time():
                raise self._taken()
            self._write({"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]})
        except (ConflictError, NotFoundError) as problem:
            raise self._taken() from problem

    def _write(self, condition: dict[str, Any]) -> None:
        until = time.time() + self.lease
        body = {"holder": self.holder, "until": until}
        done = self.link.ask(lambda client: client.index(index=self.index, id=_ID, document=body, **condition))
        self._place = {"if_seq_no": done["_seq_no"], "if_primary_term": done["_primary_term"]}
        self._until = until

    def _make_index(self) -> None:
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": True}
        fields = {"dynamic": "strict", "properties": _FIELDS}

        def made(client: Any) -> None:
            if not client.indices.exists(index=self.index):
                try:
                    client.indices.create(index=self.index, settings=settings, mappings=fields)
                except BadRequestError as problem:
                    if problem.error != "resource_already_exists_exception":
                        raise

        self.link.ask(made)

    def _taken(self) -> Conflict:
        remedy = f"Wait until it has ended, then try again; after a crash it is free {self.lease:.0f} seconds later."
        return Conflict("the search index is being rebuilt by another process", place=self.index, remedy=remedy)
