"""The demo: every sample department is harvested to an honest report, and what it brought is found and counted right."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog_api.catching_up import follow_once
from catalog_api.commands.console import catalogue
from catalog_api.commands.demonstrating import harvest_all
from catalog_api.rooms import Rooms
from catalog_api.sample_departments import serve
from catalog_api.settings import Settings
from metadata import database, ledger, store
from metadata.entry import Entry
from search.analysis import fold
from search.base import Query


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rooms, list[dict[str, Any]], list[Entry]]]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with catalogue(Settings(data_dir=folder / "data", database_url="", search_url="")) as rooms, serve(folder) as running:
        reports = harvest_all(rooms, running, quiet=True)
        follow_once(rooms.database, rooms.search)
        with database.reading(rooms.database) as session:
            yield rooms, reports, store.listing(session, limit=1000)


def test_every_department_gets_an_honest_report(shown: tuple[Rooms, list[dict[str, Any]], list[Entry]]) -> None:
    rooms, reports, entries = shown
    parts = ("added", "updated", "unchanged", "renamed", "failed", "duplicates")
    assert all(report["received"] == sum(report[part] for part in parts) for report in reports)
    assert len({report["source"] for report in reports}) == 19 and len(reports) == 20 and len(entries) >= 530
    states = Counter(report["state"] for report in reports)
    assert states == {"done": len(reports) - 2, "failed": 1, "held": 1}
    away = next(report for report in reports if report["state"] == "failed")
    assert "HTML" in away["message"] and away["added"] == 0
    assert sum(report["added"] for report in reports) == len(entries)  # nothing was lost by the visit that found nothing
    with database.reading(rooms.database) as session:
        assert ledger.verify(session).ok


def _words(entry: Entry) -> str:
    said = (entry.dataset.title, entry.dataset.description)
    keywords = [word for group in entry.dataset.keyword.values() for word in group]
    return fold(" ".join([*(words for text in said for words in text.values()), *keywords]))


@pytest.mark.parametrize("words", ["公共交通", "air quality", "環境衛生", "水"])
def test_words_find_what_a_plain_reading_finds(shown: tuple[Rooms, list[dict[str, Any]], list[Entry]], words: str) -> None:
    rooms, _, entries = shown
    wanted = {entry.name for entry in entries if fold(words) in _words(entry)}
    page = rooms.search.search(Query(words=f'"{words}"' if words == "公共交通" else words, limit=1000))  # without synonyms
    found = {hit.name for hit in page.hits}
    assert wanted and wanted <= found and page.total == len(found)
    extra = [entry for entry in entries if entry.name in found - wanted]
    # what else is found says the words elsewhere: in the names of publishers and themes, or apart from one another
    assert all(all(part in fold(str(entry)) for part in fold(words).split()) for entry in extra)


@pytest.mark.parametrize("words", ["", "公共交通", "air quality"])
def test_facets_count_what_a_plain_reading_counts(shown: tuple[Rooms, list[dict[str, Any]], list[Entry]], words: str) -> None:
    rooms, _, entries = shown
    page = rooms.search.search(Query(words=words, limit=1000, facets=("organization", "format"), facet_size=1000))
    names = {hit.name for hit in page.hits}
    among = [entry for entry in entries if entry.name in names]
    departments = Counter(entry.organization for entry in among)
    assert {one.value: one.count for one in page.facets["organization"]} == departments
    formats = Counter(
        value
        for entry in among
        for value in {part.format.code or part.format.raw for part in entry.dataset.distribution if part.format}
    )
    assert {one.value: one.count for one in page.facets["format"]} == formats
