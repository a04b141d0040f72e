"""Documents for a whole directory, made in a second process while this one writes them to the index.

Making a document (reading, decoding, analysing) costs about as much as writing it, and Python does one thing at a time:
two processes nearly halve the time of a rebuild. Small directories, and machines with one core, are served in this process.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context

from sqlalchemy import Engine
from sqlmodel import Session

from metadata import database, store
from search.base import Document, Ready
from search.document import document

CHUNK = 250
"""Datasets that are made at a time: few, so that little is held in memory."""

WORTH_A_PROCESS = 5_000
"""Datasets from which on a second process saves more than its start costs."""

_AHEAD = 4  # chunks that may wait for the writer


Maker = Callable[[Document], Ready]


def documents(session: Session, make: Maker, worth_a_process: int = WORTH_A_PROCESS) -> Iterator[Ready]:
    """The documents of all datasets that belong in the index, made ready by `make`. From `worth_a_process` datasets on, two
    processes make them."""
    chunks = _chunks(session)
    if store.count(session, state=None) < worth_a_process or _cores() < 2:
        yield from (one for ids in chunks for one in _made(session, make, ids))
        return
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    with _second_process() as pool:
        waiting: deque[Future[list[Ready]]] = deque()
        for ids in chunks:
            while waiting and waiting[0].done():
                yield from waiting.popleft().result()
            if len(waiting) < _AHEAD:
                waiting.append(pool.submit(_made_there, url, make, ids))
            else:
                yield from _made(session, make, ids)  # the other process is behind: rather than wait for it, help
        for made in waiting:
            yield from made.result()


@contextmanager
def _second_process() -> Iterator[ProcessPoolExecutor]:
    """A process that begins afresh: a fork of one with threads and open databases may hang."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_settle)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _settle() -> None:
    gc.set_threshold(100_000, 20, 100)  # documents have no cycles: looking for them would take as long as making them


def _made_there(url: str, make: Maker, ids: list[str]) -> list[Ready]:
    with database.reading(_connected(url)) as session:
        return _made(session, make, ids)


@cache
def _connected(url: str) -> Engine:
    return database.connect(url)


def _made(session: Session, make: Maker, ids: list[str]) -> list[Ready]:
    return [make(document(entry)) for entry in store.entries(session, ids).values()]


def _chunks(session: Session) -> Iterator[list[str]]:
    chunk: list[str] = []
    for dataset_id, _ in store.ids(session):
        chunk.append(dataset_id)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
