"""Sites and feeds through the real run, twice and more: what stands, what is retired, what a failing page must not retire."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from catalog_api.harvesting import Harvesting, start
from catalog_api.settings import Settings
from metadata import database, sources
from metadata.tables import Run
from tests.contract.stages.atom import ATOM, entry, feed, link
from tests.contract.stages.schema_org import dataset, page, sitemap
from tests.harvests import agrees, new_source, published
from tests.hostile.server import Hostile, says

HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", _env_file=None)


def harvest(engine: Engine, settings: Settings, name: str) -> Run:
    with database.writing(engine) as session:
        run = start(session, sources.source(session, name))
        session.commit()
    done = Harvesting(engine, settings, run.id or 0).perform()
    agrees(done)
    return done


def site(server: Hostile, titles: dict[int, str]) -> None:
    """A site of these pages."""
    pages: dict[str, Any] = {f"/d/{n}": says(page(dataset("#it", title)), headers=HTML) for n, title in titles.items()}
    listed = sitemap(*(f"{server.url}/d/{n}" for n in titles))
    server.server.behaviours = {"/sitemap.xml": says(listed, headers={"Content-Type": "application/xml"}), **pages}


def test_a_site_is_harvested_again_and_again(database_engine: Engine, settings: Settings) -> None:
    titles = {n: f"数据 {n}" for n in range(20)}
    with Hostile({}) as server:
        site(server, titles)
        given = {"protocol": "schema_org", "settings": {"pause": 0, "batch_size": 3}, "internal": True}
        new_source(database_engine, "pages", url=f"{server.url}/sitemap.xml", **given)
        first = harvest(database_engine, settings, "pages")
        assert (first.state, first.added) == ("done", 20), first.message
        second = harvest(database_engine, settings, "pages")
        assert (second.state, second.unchanged, second.received) == ("done", 20, 20) and second.saved

        site(server, {n: title for n, title in titles.items() if n != 7} | {3: "改", 20: "新"})
        third = harvest(database_engine, settings, "pages")
        assert (third.state, third.added, third.updated, third.unchanged, third.retired) == ("done", 1, 1, 18, 1)

        server.server.behaviours["/d/4"] = says(b"oops", 500)
        site_after = dict(server.server.behaviours)
        fourth = harvest(database_engine, settings, "pages")
        assert fourth.state == "failed" and "1 pages" in fourth.message and fourth.retired == 0
        assert len(published(database_engine, "pages")) == 20
        server.server.behaviours = {**site_after, "/d/4": says(page(dataset("#it", "数据 4")), headers=HTML)}
        assert harvest(database_engine, settings, "pages").state == "done"
        server.server.behaviours = {"/sitemap.xml": says(page(None), headers=HTML)}
        assert harvest(database_engine, settings, "pages").state == "failed"
        assert len(published(database_engine, "pages")) == 20


def test_a_feed_of_the_latest_retires_by_tombstone_only(database_engine: Engine, settings: Settings) -> None:
    def stone(name: str) -> str:
        space = 'xmlns:at="http://purl.org/atompub/tombstones/1.0"'
        return f'<at:deleted-entry {space} ref="{name}" when="2025-01-01T00:00:00Z"/>'

    with Hostile({}) as server:
        server.server.behaviours["/feed"] = says(
            feed("".join(entry(each, f"数据 {each}") for each in "abcdefghijkl")), headers=ATOM
        )
        new_source(database_engine, "news", url=f"{server.url}/feed", protocol="atom", internal=True)
        assert harvest(database_engine, settings, "news").added == 12
        for _ in range(2):
            again = harvest(database_engine, settings, "news")
            assert (again.state, again.unchanged) == ("done", 12) and "not modified" in again.message
        server.server.behaviours["/feed"] = says(
            feed(entry("m", "新", updated="2024-06-01T00:00:00Z") + stone("a")), headers=ATOM
        )
        third = harvest(database_engine, settings, "news")
        assert (third.state, third.added, third.retired) == ("done", 1, 1), third.message
        assert sorted(published(database_engine, "news")) == list("bcdefghijklm")


def test_a_paged_feed_is_asked_for_what_is_new_and_in_full_now_and_then(database_engine: Engine, settings: Settings) -> None:
    def pages(names: str) -> None:
        first, second = names[: len(names) // 2], names[len(names) // 2 :]
        server.server.behaviours = {
            "/feed": says(feed("".join(entry(each, f"数据 {each}") for each in first), link("next", "/feed/2")), headers=ATOM),
            "/feed/2": says(
                feed("".join(entry(each, f"数据 {each}") for each in second), link("first", "/feed")), headers=ATOM
            ),
        }

    with Hostile({}) as server:
        pages("abcdefghijklmnopqrst")
        given = {"protocol": "atom", "settings": {"full_every": 3}, "internal": True, "retire_limit": 0.2}
        new_source(database_engine, "news", url=f"{server.url}/feed", **given)
        assert harvest(database_engine, settings, "news").added == 20
        pages("abcdefghijklmnopqrs")
        retired = [harvest(database_engine, settings, "news").retired for _ in range(3)]
        assert retired == [0, 0, 1]
