"""One worker leads: it writes the index, sends alerts and does the daily chores, while any number of others only harvest.

The lease is renewed every few seconds, and is another's at most `SECONDS` after its holder died; at once where the holder was a
process of this machine, or gave it back.
"""

import secrets
import time

from sqlalchemy import Engine

from catalog_api.harvesting import ended, me
from metadata import clock, database, leases
from metadata.tables import Lease

LEADS = "index"
"""The lease of the worker that leads."""

SECONDS = 30.0
RENEWED_AFTER = 10.0


class Leadership:
    """This process's hold on a lease: `seek` is to be called again and again, `held` says how things stand."""

    def __init__(self, engine: Engine, name: str, seconds: float = SECONDS) -> None:
        self.holder = f"{me()}/{secrets.token_hex(4)}"
        self._engine, self._name, self._seconds = engine, name, seconds
        self._until = self._renew = 0.0

    @property
    def held(self) -> bool:
        """Whether the lease is this process's own now."""
        return time.monotonic() < self._until

    def seek(self) -> None:
        """Takes the lease when it can be had, and renews it in time."""
        if self.held and time.monotonic() < self._renew:
            return
        began = time.monotonic()
        with database.reading(self._engine) as session:
            there = leases.holder(session, self._name)
        if there is not None and self._is_kept(there):
            self._until = 0.0
            return
        self._until = began + self._seconds if self._take(there) else 0.0
        self._renew = began + RENEWED_AFTER

    def release(self) -> None:
        """Gives the lease back, so that another need not wait."""
        held, self._until = self.held, 0.0
        if held:
            with database.writing(self._engine) as session:
                leases.release(session, self._name, self.holder)
                session.commit()

    def _take(self, there: Lease | None) -> bool:
        with database.writing(self._engine) as session:
            if there is not None and there.holder != self.holder:
                leases.release(session, self._name, there.holder)  # it is over, or its process has ended
            taken = leases.take(session, self._name, self.holder, self._seconds)
            session.commit()
            return taken

    def _is_kept(self, there: Lease) -> bool:
        """Whether someone else has the lease and lives."""
        if there.holder == self.holder or there.until < clock.now():
            return False
        return not ended(there.holder.partition("/")[0])
