"""Leases on both databases: one holder at a time, renewed, given back, lost when time is over."""

import threading

from sqlalchemy import Engine
from sqlmodel import Session

from metadata import clock, database, leases
from metadata.tables import Lease


def take(engine: Engine, who: str, seconds: float = 30) -> bool:
    with database.writing(engine) as session:
        taken = leases.take(session, "index", who, seconds)
        session.commit()
        return taken


def held(engine: Engine) -> Lease | None:
    with Session(engine) as session:
        return leases.holder(session, "index")


def test_a_lease_has_one_holder_who_can_renew_it(database_engine: Engine) -> None:
    assert held(database_engine) is None
    assert take(database_engine, "a") and not take(database_engine, "b")
    first = held(database_engine)
    assert first is not None and first.holder == "a" and clock.now() < first.until <= clock.later(30)
    assert take(database_engine, "a", 60)
    renewed = held(database_engine)
    assert renewed is not None and renewed.until > first.until


def test_a_lease_that_is_over_is_anybodys(database_engine: Engine) -> None:
    assert take(database_engine, "a", -1)
    assert take(database_engine, "b") and not take(database_engine, "a")


def test_a_lease_is_given_back_by_its_holder_only(database_engine: Engine) -> None:
    assert take(database_engine, "a")
    with database.writing(database_engine) as session:
        leases.release(session, "index", "b")
        session.commit()
    assert not take(database_engine, "b")
    with database.writing(database_engine) as session:
        leases.release(session, "index", "a")
        session.commit()
    assert held(database_engine) is None and take(database_engine, "b")


def test_leases_of_other_names_do_not_matter(database_engine: Engine) -> None:
    with database.writing(database_engine) as session:
        assert leases.take(session, "one", "a", 30) and leases.take(session, "other", "b", 30)
        session.commit()


def test_of_many_who_ask_at_once_one_gets_it(database_engine: Engine) -> None:
    for over in (False, True):
        taken: list[str] = []
        barrier = threading.Barrier(6)

        def ask(who: str, taken: list[str] = taken, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            if take(database_engine, who):
                taken.append(who)

        threads = [threading.Thread(target=ask, args=(f"{over}-{number}",)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == 1
        one = held(database_engine)
        assert one is not None and one.holder == taken[0]
        with database.writing(database_engine) as session:  # it runs out: now all of them ask for a lease that is over
            one = session.get_one(Lease, "index")
            one.until = clock.later(-1)
            session.add(one)
            session.commit()
