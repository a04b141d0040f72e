"""CKAN portals without search, and DKAN 1."""

from typing import Any

import pytest

from metadata.errors import NotData, Unreachable
from tests.harvesters.ckan_walks import failure, ids, names, silent, walk
from tests.harvesters.portal import API, UNKNOWN, Portal, answer, packages
from tests.hostile.server import Behaviour, Handler, in_turn, says


def test_names_that_come_in_parts_are_all_asked_for() -> None:
    with Portal(packages(25), searches=False) as portal:
        portal.names_at_once = 10
        assert names(walk(portal.url)[0]) == ids(*range(25))


def test_too_many_names_for_one_answer_are_asked_for_in_parts() -> None:
    with Portal(packages(25), searches=False) as portal:
        portal.names_at_once = 10
        listed = portal.server.behaviours[f"{API}/package_list"]
        portal.server.behaviours[f"{API}/package_list"] = in_turn(says(b"slow", 504), listed)
        assert names(walk(portal.url)[0]) == ids(*range(25))


def test_single_packages_that_may_not_be_seen_are_passed_over() -> None:
    rows = packages(12)
    rows[2]["closed"] = rows[5]["gone"] = True
    with Portal(rows, searches=False) as portal:
        assert names(walk(portal.url, page_size=4)[0]) == ids(0, 1, 3, 4, *range(6, 12))


@pytest.mark.parametrize("count", [3, 30])
def test_packages_none_of_which_may_be_seen_are_no_answer(count: int) -> None:
    rows = [row | {"closed": True} for row in packages(count)]
    with Portal(rows, searches=False) as portal:
        error = failure(portal.url, page_size=10)
    assert isinstance(error, NotData) and "can be shown" in str(error)


def test_a_wall_that_stands_up_on_the_way_is_an_error() -> None:
    with Portal(packages(12), searches=False) as portal:
        show = portal.server.behaviours[f"{API}/package_show"]
        wall = says(b"<html><title>Forbidden</title></html>", 403, {"Content-Type": "text/html"})
        portal.server.behaviours[f"{API}/package_show"] = in_turn(*[show] * 5, wall)
        error = failure(portal.url)
    assert isinstance(error, Unreachable) and "403" in str(error)


class Dkan(Portal):
    """DKAN 1: no search; whole packages in a list in a list, paged or not; package_show gives a list of one."""

    def __init__(self, rows: list[dict[str, Any]], paged: bool) -> None:
        super().__init__(rows, searches=False)
        self.paged = paged
        lacking = ("package_search", "status_show", "organization_show", "organization_list")
        for action in lacking:
            self.server.behaviours.pop(f"{API}/{action}")
        self.server.behaviours[f"{API}/current_package_list_with_resources"] = self._whole

    def _whole(self, handler: Handler) -> None:
        query = self.query()
        limit, offset = int(query["limit"]), int(query["offset"])
        answer(handler, [self.rows[offset : offset + limit] if self.paged else self.rows])

    def _show(self, handler: Handler) -> None:
        name = self.query()["id"]
        answer(handler, [next(row for row in self.rows if row["name"] == name)])


@pytest.mark.parametrize("paged", [True, False])
def test_dkan_gives_whole_packages_in_lists_in_lists(paged: bool) -> None:
    with Dkan(packages(23), paged) as portal:
        batches, _ = walk(portal.url, page_size=5)
        assert names(batches) == ids(*range(23)) and batches[0].total == 23
        assert not any("package_show" in path for path, _ in portal.asked)
        again, _ = walk(portal.url, batches[0].resume, page_size=5)
        assert names(again) == ids(*range(23)) and all(batch.again for batch in again)


def test_what_dkans_pages_leave_out_is_shown_by_name() -> None:
    with Dkan(packages(23), True) as portal:
        portal.server.behaviours[f"{API}/current_package_list_with_resources"] = in_turn(
            lambda handler: answer(handler, [packages(23)[:5]]), says(b"oops", 500)
        )
        batches, _ = walk(portal.url, page_size=5)
        assert names(batches) == ids(*range(23))
        assert batches[0].records[0].body["title"] == "Title 0"
        rest, _ = walk(portal.url, batches[1].resume, page_size=5)
        assert names(rest) == ids(*range(10, 23))


def test_the_way_of_listing_can_be_chosen() -> None:
    with Portal(packages(5)) as portal:
        assert names(walk(portal.url, listing="lists")[0]) == ids(*range(5))
        assert portal.requests == 0
    with Portal(packages(5), searches=False) as portal:
        assert "Action name not known" in str(failure(portal.url, listing="search"))


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (says(b"<html><title>Down</title></html>"), "Down"),
        (lambda handler: answer(handler, {"names": []}), "no list"),
        (UNKNOWN, "HTTP 400"),
    ],
)
def test_without_search_and_list_there_is_nothing_to_walk(listed: Behaviour, words: str) -> None:
    with silent({"package_search": UNKNOWN, "package_list": listed}) as url:
        assert words in str(failure(url))
