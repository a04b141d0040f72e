"""How long things take, in milliseconds, one at a time or many at once."""

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

T = TypeVar("T")
_MARKS = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}


def timed(ask: Callable[[T], object], asked: Iterable[T]) -> list[float]:
    """What each question takes."""
    taken = []
    for one in asked:
        started = perf_counter()
        ask(one)
        taken.append((perf_counter() - started) * 1000)
    return taken


def marks(taken: Sequence[float]) -> dict[str, float]:
    """The times that half, 95 and 99 of a hundred questions do not exceed."""
    ordered = sorted(taken)
    return {name: round(ordered[min(len(ordered), math.ceil(len(ordered) * share)) - 1], 3) for name, share in _MARKS.items()}


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """How many times as long the one usually takes."""
    return round(median(one) / median(other), 3)


def side_by_side(
    one: Callable[[T], object], other: Callable[[T], object], asked: Sequence[T]
) -> tuple[list[float], list[float]]:
    """What each question takes both ways, one right after the other, so that a busy moment hits both; which goes first
    alternates."""
    ways: tuple[list[float], list[float]] = ([], [])
    for turn, question in enumerate(asked):
        order = ((one, ways[0]), (other, ways[1]))
        for ask, taken in order if turn % 2 else order[::-1]:
            taken += timed(ask, [question])
    return ways


def at_once(ask: Callable[[T], object], asked: Sequence[T], clients: int, each: int) -> dict[str, Any]:
    """What `clients` threads wait for their answers, each asking `each` questions one after another, all at the same time; and
    what went wrong, by kind of error."""
    begin = threading.Barrier(clients)
    waited: list[float] = []
    wrong: Counter[str] = Counter()

    def work(number: int) -> None:
        begin.wait()
        for turn in range(each):
            started = perf_counter()
            try:
                ask(asked[(number * each + turn) % len(asked)])
            except Exception as error:  # whatever it is, it is counted
                wrong[type(error).__name__] += 1
            waited.append((perf_counter() - started) * 1000)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - started
    found = {"clients": clients, "errors": sum(wrong.values()), **marks(waited), "per_second": round(len(waited) / seconds)}
    return {**found, "kinds_of_errors": dict(wrong)} if wrong else found
