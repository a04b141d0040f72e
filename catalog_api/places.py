"""The places of a worker: how many harvests it works at, at the same time.

A harvest that waits for its source (hung, slow, asked to come back later) costs next to nothing, and gives its place to another
until something comes again; so a few slow sources never hold up the rest.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from typing import Protocol

QUIET_SECONDS = 2.0
"""So long without a committed step or a fair amount of bytes, and a harvest counts as waiting."""

FAIR_BYTES = 64 * 1024
MOST_WAITING = 32
"""Harvests that may wait beside those at work, so that hung sources do not fill the memory."""


class Pulsing(Protocol):
    """What a harvest shows of its progress."""

    @property
    def steps(self) -> int: ...

    @property
    def received(self) -> int: ...


@dataclass
class _Taken:
    thread: Thread
    harvest: Pulsing
    at: float
    steps: int = 0
    received: int = 0

    def is_at_work(self, now: float) -> bool:
        """Whether something happened lately."""
        if self.harvest.steps != self.steps or self.harvest.received - self.received >= FAIR_BYTES:
            self.at, self.steps, self.received = now, self.harvest.steps, self.harvest.received
        return now - self.at < QUIET_SECONDS


@dataclass
class Places:
    """`most` places for harvests at work."""

    most: int
    now: Callable[[], float] = time.monotonic
    _taken: list[_Taken] = field(default_factory=list)

    def take(self, thread: Thread, harvest: Pulsing) -> None:
        """A harvest begins in this thread."""
        self._taken.append(_Taken(thread, harvest, self.now()))

    @property
    def is_free(self) -> bool:
        """Whether another harvest may begin."""
        self._taken = [one for one in self._taken if one.thread.is_alive()]
        now = self.now()
        at_work = sum(one.is_at_work(now) for one in self._taken)
        return at_work < self.most and len(self._taken) < self.most + MOST_WAITING

    @property
    def threads(self) -> list[Thread]:
        """The threads of all harvests that have not ended."""
        return [one.thread for one in self._taken]
