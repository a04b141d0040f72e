"""Two values of one facet at once, ids of resources, and times without a zone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from catalog_api.auth import Asker
from catalog_api.ckan.asking import Asking
from catalog_api.ckan.packages import dataset_range, naive, package, resource_ids
from catalog_api.ckan.questions import Asked
from catalog_api.ckan.searching import found, group_of
from catalog_api.ckan.solr import NotExpressible
from catalog_api.settings import Settings
from metadata.entry import Entry
from metadata.model import Dataset, Distribution
from search.base import Hit, Page, Query

IDS = {
    "common": {f"{number:05}" for number in range(2000)},
    "frequent": {f"{number:05}" for number in range(500, 2500)},
    "rare": {"00001", "00700", "09999"},
    "rarer": {"00700", "08888"},
    "lonely": {"07777"},
}


class Tagged:
    """An engine that knows ids and tags only, and answers by counting."""

    def search(self, query: Query) -> Page:
        ids = set.union(*IDS.values())
        if tags := query.filters.get("keyword", ()):
            ids = ids & set.union(*(IDS[value] for value in tags))
        for value in query.required.get("keyword", ()):
            ids = ids & IDS[value]
        if "id" in query.filters:
            ids = ids & set(query.filters["id"])
        assert len(query.filters.get("id", ())) <= 1000 and query.limit <= 1000
        hits = tuple(Hit(one, one, one, "", 0.0) for one in sorted(ids)[query.offset : query.offset + query.limit])
        return Page(len(ids), hits)

    def write(self, documents: Iterable[Any], gone: Iterable[str], position: int, since: int | None = None) -> None: ...
    def suggest(self, words: str, limit: int) -> list[Any]:
        return []

    def position(self) -> int:
        return 0

    def fresh(self) -> "Tagged":
        return self

    def replace(self, other: Any) -> None: ...


def ask(*tags: tuple[str, ...]) -> Page:
    asking = Asking({}, None, Tagged(), Settings(_env_file=None), Asker(), "")  # type: ignore[arg-type, call-arg]
    return found(asking, Asked(filters=[("keyword", some) for some in tags]), order="id", limit=1000)


@pytest.mark.parametrize(
    "tags",
    [
        (("common",), ("rare",)),
        (("rare",), ("common",), ("rarer",)),
        (("common",), ("frequent",)),
        (("common", "lonely"), ("frequent",)),
        (("frequent",), ("rare", "lonely"), ("common",)),
        (("rare", "rarer"), ("common", "lonely")),
        (("common", "frequent"), ("rare", "rarer"), ("rarer", "lonely")),
    ],
)
def test_tags_that_must_all_be_there(tags: tuple[tuple[str, ...], ...]) -> None:
    page = ask(*tags)
    both = set.intersection(*(set.union(*(IDS[tag] for tag in some)) for some in tags))
    assert {hit.id for hit in page.hits} == set(sorted(both)[:1000]) and page.total == len(both) > 0


def test_nothing_has_both() -> None:
    assert ask(("lonely",), ("rare",)) == Page(0, ()) == ask(("rare", "rarer"), ("lonely", "lonely"))


def test_alternatives_twice_on_too_many_datasets_are_refused_not_guessed() -> None:
    with pytest.raises(NotExpressible, match="more than 1000 datasets"):
        ask(("common", "rare"), ("frequent", "rarer"))


def _entry(*addresses: str) -> Entry:
    parts = tuple(Distribution(download_url=address) for address in addresses)
    dataset = Dataset(identifier="i", title={"zh": "水"}, distribution=parts)
    return Entry(
        id="01a20ca2-40d7-71b8-a06f-345e343749d2",
        name="shui",
        identifier="i",
        state="published",
        source=None,
        standard="ckan",
        organization=None,
        organization_title={},
        created="2026-05-03T08:00:00.000000Z",
        updated="2026-05-04T08:00:00.000000Z",
        sequence=1,
        errors=0,
        warnings=0,
        digest="",
        dataset=dataset,
    )


def test_ids_of_resources_outlive_a_new_order_and_lead_to_the_dataset() -> None:
    one, two, same = resource_ids(_entry("https://x.example/1", "https://x.example/2", "https://x.example/1"))
    assert len({one, two, same}) == 3
    assert resource_ids(_entry("https://x.example/2", "https://x.example/1")) == [two, one]
    low, high = dataset_range(one) or ("", "")
    assert low <= _entry().id <= high and dataset_range("no id") is None


def test_a_package_without_an_organization_or_a_source() -> None:
    entry = _entry()
    made = package(entry, {})
    assert (made["organization"], made["owner_org"], made["num_resources"], made["title"]) == (None, None, 0, "水")
    assert made["metadata_modified"] == "2026-05-04T08:00:00.000000"
    assert "harvest_source_title" not in {one["key"] for one in made["extras"]}
    assert package(replace(entry, state="retired"), {})["state"] == "deleted"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-05-03T08:00:00.123456Z", "2026-05-03T08:00:00.123456"),
        ("2026-05-03T08:00:00+08:00", "2026-05-03T00:00:00.000000"),
        ("2026-05-03T08:00:00", "2026-05-03T08:00:00.000000"),
        ("2026-05-03", "2026-05-03T00:00:00.000000"),
        ("2026", "2026-01-01T00:00:00.000000"),
        ("2026-05", "2026-05-01T00:00:00.000000"),
        ("R/P1Y", None),
        (None, None),
    ],
)
def test_times_are_written_in_utc_without_a_zone(text: str | None, written: str | None) -> None:
    assert naive(text) == written


def test_groups_have_names_for_a_url() -> None:
    assert [group_of(value) for value in ("TRAN", "my-group", "Own Theme", "交通", "https://x.example/t")] == [
        "tran",
        "my-group",
        "own-theme",
        "jiao-tong",
        "",
    ]
