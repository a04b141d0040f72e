"""Answers from memory are those that would be made anew: after every kind of change, and for whoever asks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog_api import remembering, statistics
from catalog_api.opening import open_search, searched
from catalog_api.remembering import Following, Remembering
from catalog_api.rooms import Rooms
from metadata import database, departments, marks
from metadata.errors import Unavailable
from metadata.versions import Version, sign_of
from tests.catalog_api.conftest import Site
from tests.harvests import new_source, record, visit

SEARCH = "/api/3/action/package_search?q=road&facet.field=[%22organization%22]"


def fill(site: Site, count: int) -> None:
    """So many roads in the directory and in the index."""
    new_source(site.engine, "roads")
    visit(site.engine, "roads", [record(f"r{number}", f"Road {number}") for number in range(count)])
    site.follow()


def count(site: Site, url: str = SEARCH, **headers: str) -> int:
    found = site.client.get(url, headers=headers).json()
    return int(found["result"]["count"] if "result" in found else found["total"])


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were answered anew."""
    paths: list[str] = []
    anew = Remembering._answered

    async def told(self: Remembering, key: Any, state: Any, scope: Any, receive: Any, send: Any) -> None:
        paths.append(scope["path"])
        await anew(self, key, state, scope, receive, send)

    monkeypatch.setattr(Remembering, "_answered", told)
    return paths


def test_the_same_question_is_answered_once_until_something_changes(any_site: Site, made: list[str]) -> None:
    fill(any_site, 3)
    first = any_site.client.get(SEARCH)
    second = any_site.client.get(SEARCH)
    assert (first.content, first.headers) == (second.content, second.headers) and len(made) == 1
    visit(any_site.engine, "roads", [record(f"r{number}", f"Road {number}") for number in range(5)])
    any_site.follow()
    any_site.client.post("/api/v1/check", json={})  # on PostgreSQL, what others wrote is looked for a little later
    assert count(any_site) == 5 and len(made) == 2


def test_a_change_of_a_department_is_seen_at_once(site: Site) -> None:
    fill(site, 2)
    with database.writing(site.engine) as session:
        name = departments.organizations(session)[1].name
        departments.put_organization(session, name, {"en": "Before"})
        session.commit()
    before = site.client.get(SEARCH).text
    with database.writing(site.engine) as session:
        departments.put_organization(session, name, {"en": "Afterwards"})
        session.commit()
    after = site.client.get(SEARCH).text
    assert ("Before" in before, "Afterwards" in after, "Before" in after) == (True, True, False)


def test_an_answer_goes_with_the_words_that_mean_the_same(site: Site, tmp_path: Path) -> None:
    with_words = site.settings.model_copy(update={"synonyms": str(tmp_path / "words.txt")})
    rooms = Rooms(with_words, site.engine, open_search(with_words))
    (tmp_path / "words.txt").write_text("road = way\n", encoding="utf-8")
    before = searched(rooms)
    assert searched(rooms) == before
    other = site.settings.model_copy(update={"synonyms": str(tmp_path / "others.txt")})
    (tmp_path / "others.txt").write_text("road = street\n", encoding="utf-8")
    assert searched(Rooms(other, site.engine, rooms.search)) != before


def test_what_concerns_one_asker_is_never_remembered(site: Site, made: list[str]) -> None:
    fill(site, 2)
    count(site)
    for headers in ({"Authorization": "Bearer x"}, {"X-CKAN-API-Key": "x"}, {"If-None-Match": '"x"'}, {"Cookie": "a=b"}):
        site.client.get("/api/3/action/package_search?q=road", headers=headers)
    site.client.post("/api/3/action/package_search", json={"q": "road"})
    site.client.get("/api/v1/sources")
    assert len(made) == 1
    assert count(site, Host="other.example") == 2 and len(made) == 2


def test_errors_are_not_remembered(site: Site, made: list[str]) -> None:
    for _ in range(2):
        assert site.client.get("/api/v1/datasets?colour=red").status_code == 400
    assert len(made) == 2


def test_a_remembered_search_is_counted_each_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(site, 2)
    noted: list[tuple[str, int]] = []
    monkeypatch.setattr(statistics, "note", lambda words, total, _ms: noted.append((words, total)))
    for _ in range(3):
        site.client.get("/api/v1/datasets?q=road")
    assert noted == [("road", 2)] * 3


def test_memory_is_bounded(site: Site, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    fill(site, 1)
    size = len(site.client.get("/api/v1/datasets?q=road&limit=1").content)
    monkeypatch.setattr(remembering, "MOST_BYTES", 2 * size + size // 2)
    for number in (1, 2, 3, 3, 1):
        site.client.get(f"/api/v1/datasets?q=road&limit={number}")
    assert len(made) == 4
    monkeypatch.setattr(remembering, "LARGEST", 10)
    for _ in range(2):
        site.client.get("/api/v1/datasets?q=road&limit=9")
    assert len(made) == 6


def _fails() -> str:
    raise Unavailable("the index is away")


@pytest.mark.parametrize(("version", "index"), [(lambda: None, lambda: "1"), (lambda: 1, _fails)], ids=["database", "index"])
def test_without_a_known_state_nothing_is_remembered(version: Callable[[], object], index: Callable[[], str]) -> None:
    assert Following(version, index, 0.0).state() is None


def test_within_the_grace_one_asks_once_and_after_writing_again() -> None:
    asked: list[int] = []
    following = Following(lambda: asked.append(1) or len(asked), lambda: "1", 1e9)
    assert following.state() == following.state() == (1, "1")
    following.forget()
    assert following.state() == (2, "1")


def test_a_version_changes_with_what_answers_hold_and_only_then(database_engine: Any) -> None:
    version, sign = Version(database_engine), sign_of(database_engine)
    first, told = version(), sign()
    with database.reading(database_engine) as session:
        departments.organizations(session)
    assert (version(), sign()) == (first, told)
    with database.writing(database_engine) as session:
        marks.put_mark(session, "a fact", {"that": "no answer holds"})
        session.commit()
    assert version() == first is not None and sign() not in (told, None)
    with database.writing(database_engine) as session:
        departments.put_organization(session, "water", {"en": "Water"})
        session.commit()
    assert version() not in (first, None)
    version.close()
    sign.close()
