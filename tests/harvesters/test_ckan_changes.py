"""CKAN portals asked for what changed, and for what is gone."""

import json

import pytest

from tests.harvesters.ckan_walks import Marks, ids, names, silent, walk
from tests.harvesters.portal import API, Portal, packages, refuse
from tests.hostile.server import Behaviour, Handler


def test_only_what_changed_is_asked_for_after_a_good_run() -> None:
    with Portal(packages(25)) as portal:
        first, marks = walk(portal.url, page_size=10)
        assert not any(batch.partial for batch in first)
        (mark,) = marks.values()
        for number in (3, 20):
            portal.rows[number]["metadata_modified"] = "2999-01-01T00:00:00"
        second, marks = walk(portal.url, page_size=10, marks=marks)
        assert names(second) == ids(3, 20) and all(batch.partial for batch in second)
        assert portal.query()["fq"] == f"metadata_modified:[{mark['at']} TO *]"
        portal.rows[3]["metadata_modified"] = portal.rows[20]["metadata_modified"] = "2001-01-01T00:00:00"
        third, marks = walk(portal.url, page_size=10, marks=marks)
        assert names(third) == [] and [batch.partial for batch in third] == [True]


def dated(body: bytes) -> Behaviour:
    """An answer by the portal's own clock."""
    head = f"HTTP/1.1 200 OK\r\nDate: Tue, 05 Mar 2024 10:00:00 GMT\r\nContent-Length: {len(body)}\r\n\r\n"
    return lambda handler: handler.raw(head.encode(), body)


@pytest.mark.parametrize(("overlap", "start"), [(0, "2024-03-05T10:00:00Z"), (90, "2024-03-05T08:30:00Z")])
def test_the_overlap_and_the_portals_own_clock_decide_from_when(overlap: int, start: str) -> None:
    body = json.dumps({"success": True, "result": {"count": 0, "results": []}}).encode()
    with silent({"package_search": dated(body)}) as url:
        _, marks = walk(url, overlap=overlap)
    assert [mark["at"] for mark in marks.values()] == [start]


def test_every_so_many_runs_list_everything() -> None:
    with Portal(packages(5)) as portal:
        marks: Marks = {}
        partial = []
        for _ in range(7):
            batches, marks = walk(portal.url, marks=marks, full_every=3)
            partial.append(any(batch.partial for batch in batches))
    assert partial == [False, True, True, False, True, True, False]


def test_other_filters_are_another_listing() -> None:
    with Portal(packages(5)) as portal:
        _, marks = walk(portal.url)
        batches, _ = walk(portal.url, marks=marks, fq="type:dataset")
    assert not any(batch.partial for batch in batches)


def test_an_incremental_run_can_be_turned_off() -> None:
    with Portal(packages(5)) as portal:
        _, marks = walk(portal.url)
        batches, fresh = walk(portal.url, marks=marks, incremental=False)
    assert names(batches) == ids(*range(5)) and not any(batch.partial for batch in batches) and fresh == {}


def test_an_incremental_run_goes_on_from_any_batch() -> None:
    with Portal(packages(25)) as portal:
        _, marks = walk(portal.url)
        for row in portal.rows:
            row["metadata_modified"] = "2999-01-01T00:00:00"
        whole, _ = walk(portal.url, page_size=4, marks=marks)
        for point in range(len(whole)):
            rest, _ = walk(portal.url, whole[point].resume, marks=marks, page_size=4)
            assert names(whole[: point + 1]) + names(rest) == ids(*range(25))
            assert all(batch.partial for batch in rest)


def test_a_portal_that_cannot_tell_what_changed_is_asked_for_everything() -> None:
    with Portal(packages(5)) as portal:
        _, marks = walk(portal.url)
        search = portal.server.behaviours[f"{API}/package_search"]

        def refuses(handler: Handler) -> None:
            if "metadata_modified" in handler.path:
                refuse(handler, 400, "undefined field metadata_modified", "Search Query Error")
            else:
                search(handler)

        portal.server.behaviours[f"{API}/package_search"] = refuses
        batches, _ = walk(portal.url, marks=marks)
    assert names(batches) == ids(*range(5)) and not any(batch.partial for batch in batches)


def test_private_drafts_and_deleted_packages_are_left_out() -> None:
    rows = packages(6)
    rows[1]["private"], rows[2]["state"], rows[3]["state"], rows[4]["private"] = True, "draft", "deleted", "True"
    rows[5]["state"], rows[0]["private"] = "Active", False
    rows[5]["private"] = True  # DKAN says so of everything
    with Portal(rows) as portal:
        first, marks = walk(portal.url, page_size=2)
        assert names(first) == ids(0, 5)
        rows[3]["metadata_modified"] = "2999-01-01T00:00:00"
        second, _ = walk(portal.url, marks=marks)
    (record,) = (record for batch in second for record in batch.records)
    assert record.deleted and record.identifier == "id-0003" and record.body is None


def test_deletions_show_at_once_when_all_identifiers_are_asked_for() -> None:
    with Portal(packages(25), cap=10) as portal:
        _, marks = walk(portal.url, deletions=True)
        portal.rows[3]["metadata_modified"] = "2999-01-01T00:00:00"
        portal.rows[4] |= {"capacity": "private"}
        portal.rows[5] |= {"state": "draft"}
        del portal.rows[7]
        second, _ = walk(portal.url, marks=marks, deletions=True)
        assert not any(batch.partial for batch in second)
        given = [record.identifier for batch in second for record in batch.records if record.body]
        same = [record.identifier for batch in second for record in batch.records if record.same]
        assert given == ids(3) and same == ids(*range(4), 6, *range(8, 25))
        assert portal.query()["fl"] == "capacity,id,state" and "fq" not in portal.query()
        for point in range(len(second)):
            rest, _ = walk(portal.url, second[point].resume, marks=marks, deletions=True)
            assert names(second[: point + 1]) + names(rest) == names(second)


def test_a_portal_that_lists_no_identifiers_is_asked_for_changes_only() -> None:
    with Portal(packages(5)) as portal:
        _, marks = walk(portal.url, deletions=True)
        search = portal.server.behaviours[f"{API}/package_search"]

        def behave(handler: Handler) -> None:
            if "fl=" in handler.path:
                refuse(handler, 400, "Search Query is invalid: ['fl']", "Search Query Error")
            else:
                search(handler)

        portal.server.behaviours[f"{API}/package_search"] = behave
        batches, _ = walk(portal.url, marks=marks, deletions=True)
    assert names(batches) == [] and [batch.partial for batch in batches] == [True]


def test_a_portal_that_gives_whole_packages_for_identifiers_is_taken_at_its_word() -> None:
    with Portal(packages(5), solr=False) as portal:
        _, marks = walk(portal.url, deletions=True)
        batches, _ = walk(portal.url, marks=marks, deletions=True)
    assert [record.body for batch in batches for record in batch.records][-5:] == packages(5)
