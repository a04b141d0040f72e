"""Copies follow the log: in steps, not while harvests go on, by several processes at once."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import select

from catalog_api import linking
from catalog_api.chores import Chores
from catalog_api.news import _actions
from metadata import copies, database, ledger
from metadata.tables import DatasetRow
from search.engines import open_engine
from tests.catalog_api.conftest import Site
from tests.harvests import ask, log, new_source, record, visit

MANY = 700  # lines of the log: more than two steps


def filled(engine: Engine) -> None:
    """Two sources of which the second repeats the first."""
    for name in ("city", "state"):
        source = new_source(engine, name, url=f"https://{name}.example/data.json")
        ids = [f"https://city.example/id/{n}" for n in range(MANY // 2)]
        visit(engine, source, [record(f"{name}-{n}", f"Title {n}", guid=one) for n, one in enumerate(ids)], batch=500)


def linked(engine: Engine) -> int:
    with database.reading(engine) as session:
        return len(session.exec(select(DatasetRow.id).where(DatasetRow.copy_rule == "same-identifier")).all())


def test_all_is_read_in_steps_and_once(database_engine: Engine) -> None:
    filled(database_engine)
    assert linking.follow(database_engine) == MANY + MANY // 2  # and the lines that it wrote itself
    assert linked(database_engine) == MANY // 2
    assert linking.follow(database_engine) == 0
    with database.reading(database_engine) as session:
        assert copies.behind(session) == 0 and ledger.verify(session).ok


def test_several_at_once_do_it_once(database_engine: Engine) -> None:
    filled(database_engine)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(linking.follow, [database_engine] * 3))
    lines = [one.dataset_id for one in log(database_engine) if one.action == "linked"]
    assert len(lines) == len(set(lines)) == MANY // 2 == linked(database_engine)


def test_a_harvest_does_not_wait_for_it(database_engine: Engine) -> None:
    filled(database_engine)
    ask(database_engine, "city")  # which goes on
    assert 0 < linking.follow_a_little(database_engine, lambda: True) < MANY
    assert linking.follow_a_little(database_engine, lambda: False) == 0


def test_the_leading_worker_does_it_and_tells_nobody_of_news(site: Site) -> None:
    filled(site.engine)
    with database.reading(site.engine) as session:
        position = ledger.head(session)[0]
    Chores(site.engine, site.settings, open_engine(site.settings.search), lambda: True).perform()
    assert linked(site.engine) == MANY // 2
    with database.reading(site.engine) as session:
        head = ledger.head(session)[0]
        ids = list(session.exec(select(DatasetRow.id)))
        assert head > position and _actions(session, ids, position, head) == {}
