"""One batch ahead: while a batch is stored, the next one is fetched already.

A thread walks the source, so that waiting for it and writing overlap. At most one batch waits; what the walk raises is raised
to whoever takes the batches. Cancelling does not wait for a source that keeps silent.
"""

import threading
from collections.abc import Callable, Iterator
from queue import Empty, Full, Queue
from typing import cast

from harvesters.base import Batch
from harvesters.patience import Cancelled

_LOOK = 0.2  # seconds between two looks at whether to stop
_LAST = 2.0  # seconds that an abandoned walk has to end


def ahead(batches: Iterator[Batch], cancelled: Callable[[], bool]) -> Iterator[Batch]:
    """The same batches. Raises what they raise, and `Cancelled` when asked to stop while none comes."""
    waiting: Queue[Batch | BaseException | None] = Queue(maxsize=1)
    over = threading.Event()
    thread = threading.Thread(target=_walk, args=(batches, waiting, over), name="walk", daemon=True)
    thread.start()
    try:
        while (found := _taken(waiting, cancelled)) is not None:
            yield found
    finally:
        over.set()
        thread.join(_LAST)


def _taken(waiting: "Queue[Batch | BaseException | None]", cancelled: Callable[[], bool]) -> Batch | None:
    while True:
        try:
            found = waiting.get(timeout=_LOOK)
        except Empty:
            if cancelled():
                raise Cancelled from None
            continue
        if isinstance(found, BaseException):
            raise found
        return found


def _walk(batches: Iterator[Batch], waiting: "Queue[Batch | BaseException | None]", over: threading.Event) -> None:
    try:
        for batch in batches:
            if not _put(batch, waiting, over):
                break
        else:
            _put(None, waiting, over)
    except BaseException as problem:  # whatever it is, it is the taker's
        _put(problem, waiting, over)
    finally:
        close = getattr(batches, "close", None)
        if close:
            cast(Callable[[], None], close)()


def _put(what: Batch | BaseException | None, waiting: "Queue[Batch | BaseException | None]", over: threading.Event) -> bool:
    """Whether it was taken up before the taker went away."""
    while not over.is_set():
        try:
            waiting.put(what, timeout=_LOOK)
        except Full:
            continue
        return True
    return False
