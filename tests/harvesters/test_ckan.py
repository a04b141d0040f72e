"""CKAN portals that cap, lie, change, loop and break off."""

import json
from typing import Any

import pytest

from harvesters import listing
from harvesters.ckan import Ckan, CkanSettings
from harvesters.web import Web
from metadata.errors import CatalogError, Invalid, NotData, Unreachable
from tests.harvesters.portal import Portal, answer, packages
from tests.hostile.server import Behaviour, Handler, Hostile, says

SEARCH = "/api/3/action/package_search"


def names(url: str, resume: str | None = None, **settings: Any) -> list[str | None]:
    """The identifiers that a walk gives."""
    with Web(internal=True, retries=0) as web:
        batches = list(Ckan(url, CkanSettings(**settings)).batches(web, resume))
    return [record.identifier for batch in batches for record in batch.records]


def failure(url: str, **settings: Any) -> tuple[list[str | None], CatalogError]:
    """The identifiers given before the error, and the error."""
    given: list[str | None] = []
    with Web(internal=True, retries=0) as web, pytest.raises(CatalogError) as caught:
        given.extend(
            record.identifier for batch in Ckan(url, CkanSettings(**settings)).batches(web, None) for record in batch.records
        )
    assert "\n" not in str(caught.value)
    return given, caught.value


def ids(*numbers: int) -> list[str]:
    return [f"id-{number:04}" for number in numbers]


@pytest.mark.parametrize(
    "tail", ["", "/", "/api", "/api/3", "/api/3/", "/api/3/action", "/api/3/action/package_search", "/api/action"]
)
def test_the_address_may_be_the_site_or_its_api(tail: str) -> None:
    with Portal(packages(3)) as portal:
        assert names(portal.url + tail) == ids(0, 1, 2)
        assert portal.asked[0][0].startswith(SEARCH)


def test_an_address_with_a_query_is_refused() -> None:
    with pytest.raises(Invalid, match="without a query"):
        Ckan("https://data.example.org/api/3/action/package_search?q=x", CkanSettings())


@pytest.mark.parametrize(("size", "cap", "requests"), [(10, 1000, 3), (5, 1000, 6), (1000, 7, 4), (1000, 1000, 1), (25, 25, 2)])
def test_every_package_is_met_once_whatever_the_page_size(size: int, cap: int, requests: int) -> None:
    with Portal(packages(25), cap=cap) as portal:
        assert names(portal.url, page_size=size) == ids(*range(25))
        assert portal.requests == requests
        assert portal.query()["sort"] == "id asc"


def test_batches_carry_the_total_and_the_time_of_change() -> None:
    with Portal(packages(3)) as portal, Web(internal=True) as web:
        (batch,) = Ckan(portal.url, CkanSettings()).batches(web, None)
    assert (
        batch.total == 3 and batch.records[0].modified == "2024-05-03T10:00:00" and batch.records[0].body["title"] == "Title 0"
    )


def test_an_empty_portal_gives_nothing() -> None:
    with Portal([]) as portal:
        assert names(portal.url) == []


def test_a_count_that_is_too_low_hides_nothing() -> None:
    with Portal(packages(25), claims=3) as portal:
        assert names(portal.url, page_size=10) == ids(*range(25))


def test_a_listing_that_ends_early_is_an_error() -> None:
    with Portal(packages(25), claims=40) as portal:
        given, error = failure(portal.url, page_size=10)
    assert given == ids(*range(25)) and isinstance(error, NotData) and "ended early: 25 of 40" in str(error)


def test_rows_that_move_forward_when_others_are_deleted_are_met() -> None:
    def lose(portal: Portal) -> None:
        if portal.requests == 2:
            del portal.rows[2:5]

    with Portal(packages(25), before=lose) as portal:
        met = names(portal.url, page_size=10)
    assert met == ids(*range(10), *range(13, 23), 10, 11, 12, 23, 24)


def test_no_standing_row_is_missed_and_none_is_doubled_when_rows_go_and_come() -> None:
    def change(portal: Portal) -> None:
        if portal.requests == 2:
            del portal.rows[2:5]
        if portal.requests == 4:
            portal.rows[0:0] = [{"id": "id-", "name": "new", "title": "Title new"}]

    with Portal(packages(60), before=change) as portal:
        met = names(portal.url, page_size=10)
        standing = [row["id"] for row in portal.rows if row["id"] != "id-"]
    assert len(met) == len(set(met)) and set(standing) <= set(met)


def test_a_portal_that_changes_without_end_is_given_up() -> None:
    def shrink(portal: Portal) -> None:
        portal.claims = 100_000 if portal.requests % 2 else 60_000

    with Portal(packages(25), before=shrink) as portal:
        _, error = failure(portal.url, page_size=10)
    assert "changes faster" in str(error)


def test_pages_that_go_round_in_a_circle_are_an_error() -> None:
    def circle(handler: Handler) -> None:
        answer(handler, {"count": 1000, "results": packages(10)})

    with Hostile({SEARCH: circle}) as server:
        given, error = failure(server.url, page_size=10)
    assert given == ids(*range(10)) and isinstance(error, NotData) and "circle" in str(error)


def test_a_portal_that_makes_up_rows_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 100)

    def invent(portal: Portal) -> None:
        portal.rows = packages(10 * portal.requests + 10)

    with Portal([], before=invent, solr=False) as portal:
        given, error = failure(portal.url, page_size=10)
    assert isinstance(error, NotData) and "more than 100 rows" in str(error) and len(given) <= 120


@pytest.mark.parametrize("wrap", [lambda rows: [rows], lambda rows: rows], ids=["a list in a list", "a list"])
@pytest.mark.parametrize("size", [3, 10])
def test_rows_in_a_bare_list_are_read(wrap: Any, size: int) -> None:
    with Hostile({SEARCH: lambda handler: answer(handler, wrap(packages(5)))}) as server:
        assert names(server.url, page_size=size) == ids(*range(5))


def test_rows_that_are_no_objects_are_given_as_they_are() -> None:
    with Hostile({SEARCH: lambda handler: answer(handler, {"count": 3, "results": ["x", None, {"name": "n"}]})}) as server:
        assert names(server.url) == [None, None, "n"]


def envelope(body: Any, status: int = 200) -> Behaviour:
    return says(json.dumps(body).encode(), status)


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (envelope({"success": False, "error": {"message": "solr is down"}}), NotData, "solr is down"),
        (
            envelope({"success": False, "error": {"message": "bad fq", "__type": "Search Query Error"}}, 409),
            Unreachable,
            "bad fq",
        ),
        (
            envelope({"success": False, "error": {"__type": "Authorization Error", "message": "Access denied"}}, 403),
            Unreachable,
            "token",
        ),
        (envelope({"results": []}), NotData, "envelope"),
        (envelope({"success": True, "result": {"count": 3}}), NotData, "no list of results"),
        (envelope({"success": True, "result": "text"}), NotData, "no list of results"),
        (envelope([1]), NotData, "envelope"),
        (says(b"<!doctype html><title>Log in</title>"), NotData, "Log in"),
        (says(b""), NotData, "empty"),
        (says(b'{"success": true, "result": {"count"'), NotData, "not JSON"),
        (says(b"<html>no</html>", 404), Unreachable, "HTTP 404"),
        (says(b"oops", 500), Unreachable, "HTTP 500"),
    ],
)
def test_an_answer_that_is_no_page_says_why(behaviour: Behaviour, kind: type[CatalogError], words: str) -> None:
    with Hostile({SEARCH: behaviour}) as server:
        given, error = failure(server.url)
    assert given == [] and isinstance(error, kind) and words in str(error)


def test_a_portal_without_search_is_listed_name_by_name() -> None:
    rows = packages(7)
    rows[3]["gone"] = True  # listed, and deleted before it is shown
    with Portal(rows, searches=False) as portal:
        assert names(portal.url, page_size=3) == ids(0, 1, 2, 4, 5, 6)
        assert names(portal.url, json.dumps({"way": "names", "last": "name-0002"}), page_size=3) == ids(4, 5, 6)


def test_a_filter_is_never_dropped_for_want_of_search() -> None:
    with Portal(packages(3), searches=False) as portal:
        _, error = failure(portal.url, q="water")
    assert isinstance(error, Unreachable) and "Action name not known" in str(error)


def transported(count: int) -> list[dict[str, Any]]:
    of = {"id": "uuid-of-transport", "name": "transport"}
    return [row | {"type": "dataset", "organization": of} for row in packages(count)]


def test_settings_reach_the_portal() -> None:
    with Portal(transported(30)) as portal:
        assert names(
            portal.url, q="Title 2", organization="transport", fq="type:dataset", token="abc", token_header="X-CKAN-API-Key"
        ) == ids(2, *range(20, 30))
        assert portal.query()["fq"] == '(type:dataset) AND (organization:"transport")'
        assert all(headers["x-ckan-api-key"] == "abc" for _, headers in portal.asked)
    with Portal(transported(1)) as portal:
        names(portal.url, organization="transport")
        assert portal.query()["fq"] == 'organization:"transport"'


def test_a_token_is_not_shown_with_the_settings() -> None:
    assert "abc" not in repr(CkanSettings(token="abc"))


def test_a_walk_that_goes_on_steps_back_over_rows_deleted_meanwhile() -> None:
    with Portal(packages(25)) as portal, Web(internal=True) as web:
        first = next(Ckan(portal.url, CkanSettings(page_size=10)).batches(web, None))
        del portal.rows[2:5]
        rest = names(portal.url, first.resume, page_size=10)
    assert set(ids(*range(10, 25))) <= set(rest)
