"""One batch ahead: the same batches in the same order, whatever happens on the way."""

import threading
from collections.abc import Iterator

import pytest

from harvesters.ahead import ahead
from harvesters.base import Batch, NotModified
from harvesters.patience import Cancelled


def batch(number: int) -> Batch:
    return Batch((), str(number))


def never() -> bool:
    return False


def test_the_same_batches_come() -> None:
    assert [one.resume for one in ahead(map(batch, range(50)), never)] == [str(n) for n in range(50)]
    assert list(ahead(iter(()), never)) == []


def test_the_next_one_is_fetched_while_this_one_is_worked_at() -> None:
    begun = [threading.Event() for _ in range(3)]

    def walk() -> Iterator[Batch]:
        for number, event in enumerate(begun):
            event.set()
            yield batch(number)

    taken = ahead(walk(), never)
    assert next(taken).resume == "0"
    assert begun[1].wait(10)
    assert [one.resume for one in taken] == ["1", "2"]


def test_what_the_walk_raises_is_raised_after_what_it_gave() -> None:
    def walk() -> Iterator[Batch]:
        yield batch(0)
        raise NotModified("x")

    taken = ahead(walk(), never)
    assert next(taken).resume == "0"
    with pytest.raises(NotModified):
        next(taken)


def test_a_silent_source_does_not_hold_up_cancelling() -> None:
    release = threading.Event()

    def walk() -> Iterator[Batch]:
        release.wait(60)
        yield batch(0)

    with pytest.raises(Cancelled):
        list(ahead(walk(), lambda: release.set() or True))  # type: ignore[func-returns-value]


def test_a_taker_that_goes_away_ends_the_walk() -> None:
    closed = threading.Event()

    def walk() -> Iterator[Batch]:
        try:
            for number in range(1_000_000):
                yield batch(number)
        finally:
            closed.set()

    taken = ahead(walk(), never)
    next(taken)
    taken.close()  # type: ignore[attr-defined]
    assert closed.wait(10)
