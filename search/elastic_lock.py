"""The right to build an index, held by one process of all machines at a time.

It is a document that names its holder and until when. While it is held, a thread says every few seconds that the holder is
still there; when nothing was said for `LEASE` seconds, or its process was one of this machine and has ended, another may take
it over. Every step compares before it writes
(`op_type=create`, `if_seq_no`), so it never has two holders. If clocks of machines differ by more than that, one rebuild may
end another, which then says so; nothing else comes of it.
"""

import os
import socket
import threading
import time
import uuid
from contextlib import suppress
from typing import Any

from elasticsearch import ConflictError, NotFoundError

from metadata.errors import CatalogError, Conflict, Invalid
from search.elastic_link import Link

LEASE = 20.0
_ID = "rebuild"
_SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": True}
_FIELDS = {"holder": {"type": "keyword"}, "until": {"type": "double", "index": False}}


class Lock:
    """The lock of a catalogue. `lease`: seconds."""

    def __init__(self, link: Link, alias: str, lease: float = LEASE) -> None:
        self.link, self.index, self.lease = link, f"{alias}-locks", lease
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        self._place: dict[str, Any] | None = None
        self._released = threading.Event()
        self._mutex = threading.Lock()

    def take(self) -> None:
        """Takes the lock and keeps it until `release`. Raises `Conflict` when another has it."""
        self._make_index()
        try:
            self._write({"op_type": "create"})
        except ConflictError:
            self._take_over()
        self._released.clear()
        threading.Thread(target=self._keep, name=f"keeps {self.index}", daemon=True).start()

    def check(self) -> None:
        """Says that the holder is there. Raises `Conflict` when another took the lock over."""
        with self._mutex:
            try:
                if self._place is not None:
                    self._write(self._place)
                    return
            except (ConflictError, NotFoundError):
                self._place = None
        raise self._taken()

    def release(self) -> None:
        """Gives it back; nothing happens when it is not held any more."""
        self._released.set()
        with self._mutex:
            place, self._place = self._place, None
            if place is not None:
                with suppress(ConflictError, NotFoundError, CatalogError):
                    self.link.ask(lambda client: client.delete(index=self.index, id=_ID, **place))

    def _keep(self) -> None:
        """Says again and again that the holder is there. While the server is away there is nobody to tell, nor to ask."""
        while not self._released.wait(self.lease / 4):
            with self._mutex, suppress(CatalogError):
                try:
                    if self._place is not None:
                        self._write(self._place)
                except (ConflictError, NotFoundError):
                    self._place = None
                    return

    def _take_over(self) -> None:
        """Takes a lock whose holder has not been heard of for too long."""
        try:
            found = self.link.ask(lambda client: client.get(index=self.index, id=_ID).body)
            if float(found["_source"]["until"]) > time.time() and not _has_ended(found["_source"]["holder"]):
                raise self._taken()
            self._write({"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]})
        except (ConflictError, NotFoundError) as problem:
            raise self._taken() from problem

    def _write(self, condition: dict[str, Any]) -> None:
        body = {"holder": self.holder, "until": time.time() + self.lease}
        done = self.link.ask(lambda client: client.index(index=self.index, id=_ID, document=body, **condition))
        self._place = {"if_seq_no": done["_seq_no"], "if_primary_term": done["_primary_term"]}

    def _make_index(self) -> None:
        if not self.link.ask(lambda client: client.indices.exists(index=self.index)):
            fields = {"dynamic": "strict", "properties": _FIELDS}
            with suppress(Invalid):  # another process made it at the same moment
                self.link.ask(lambda client: client.indices.create(index=self.index, settings=_SETTINGS, mappings=fields))

    def _taken(self) -> Conflict:
        remedy = f"Wait until it has ended, then try again. Who was killed while building gives way {self.lease:.0f} s later."
        return Conflict("the search index is being rebuilt by another process", place=self.index, remedy=remedy)


def _has_ended(holder: str) -> bool:
    """Whether a holder (`host:pid:…`) was a process of this machine and is gone; of other machines nothing is known."""
    host, pid, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except OSError as problem:  # it lives when it is only not ours to signal
        return isinstance(problem, ProcessLookupError)
    return False
