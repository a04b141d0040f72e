"""CKAN portals that limit positions, have organizations and groups, refuse GET, or misbehave."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from harvesters.ckan import Ckan, CkanSettings
from harvesters.web import Web
from metadata.errors import Invalid, NotData
from tests.harvesters.ckan_walks import failure, ids, names, silent, walk
from tests.harvesters.portal import API, Portal, answer, packages, refuse
from tests.hostile.server import Behaviour, Handler, Hostile, in_turn, says


def nothing(count: int) -> Behaviour:
    """A page without rows that says how many there are all the same."""
    return lambda handler: answer(handler, {"count": count, "results": []})


EMPTY = nothing(60)
LAST_PAGE: Behaviour = lambda handler: answer(handler, {"count": 60, "results": packages(60)[20:30]})  # noqa: E731


@pytest.mark.parametrize(
    "deep",
    [
        EMPTY,
        LAST_PAGE,
        says(b"result window is too large", 500),
        says(b"slow", 504),
        lambda handler: refuse(handler, 409, "Search error: start", "Search Error"),
        says(json.dumps({"success": False, "error": "too deep"}).encode()),
    ],
    ids=["empty", "the same page", "500", "504", "refused", "error in 200"],
)
def test_positions_that_a_portal_does_not_answer_are_walked_by_identifier(deep: Behaviour) -> None:
    with Portal(packages(60), deepest=20, deep=deep) as portal:
        batches, _ = walk(portal.url, page_size=10)
        assert names(batches) == ids(*range(60))
        assert batches[-1].total == 60
        for point in range(len(batches)):
            rest, _ = walk(portal.url, batches[point].resume, page_size=10)
            assert names(rest) == ids(*range(10 * point + 10, 60))


def test_a_portal_that_does_not_heed_the_identifier_is_not_believed() -> None:
    with Portal(packages(60), deepest=20, deep=EMPTY, solr=False) as portal:
        error = failure(portal.url, page_size=10)
    assert isinstance(error, NotData) and "ended early: 30 of 60" in str(error)


def test_what_lies_behind_the_limit_must_make_up_the_count() -> None:
    with Portal(packages(60), deepest=20, deep=nothing(70), claims=70) as portal:
        error = failure(portal.url, page_size=10)
    assert "ended early: 30 of 70" in str(error)


def test_another_order_cannot_be_walked_by_identifier() -> None:
    with Portal(packages(60), deepest=20, deep=EMPTY) as portal:
        error = failure(portal.url, page_size=10, sort="metadata_created asc")
    assert "ended early" in str(error)


def test_a_count_that_is_a_limit_hides_nothing() -> None:
    with Portal(packages(1234), claims=1000, deepest=999, deep=nothing(1000)) as portal:
        assert names(walk(portal.url, page_size=500)[0]) == ids(*range(1234))
    with Portal(packages(1000)) as portal:
        assert names(walk(portal.url, page_size=500)[0]) == ids(*range(1000))


def test_a_walk_by_identifier_that_breaks_off_is_an_error() -> None:
    def shrink(portal: Portal) -> None:
        if portal.requests > 6:
            del portal.rows[45:]
            portal.claims = 60

    with Portal(packages(60), deepest=20, deep=EMPTY, before=shrink) as portal:
        met, _ = walk(portal.url, page_size=10)
    assert names(met) == ids(*range(45))  # deleted at the source: its own later counts agree

    with Portal(packages(60), deepest=20, deep=EMPTY) as portal:
        search = portal.server.behaviours[f"{API}/package_search"]
        portal.server.behaviours[f"{API}/package_search"] = in_turn(*[search] * 6, EMPTY)
        error = failure(portal.url, page_size=10)
    assert isinstance(error, NotData) and "ended early" in str(error)


def governed() -> list[dict[str, Any]]:
    rows = packages(12)
    for number, row in enumerate(rows):
        row["organization"] = {"id": f"uuid-of-org-{number % 3}", "name": f"org-{number % 3}"}
        row["groups"] = [{"id": f"uuid-of-group-{number % 4}", "name": f"group-{number % 4}"}]
    return rows


@pytest.mark.parametrize("searches", [True, False])
@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"organization": "org-1"}, (1, 4, 7, 10)),
        ({"organization": "uuid-of-org-1"}, (1, 4, 7, 10)),
        ({"organization": "org-1, org-2"}, (1, 2, 4, 5, 7, 8, 10, 11)),
        ({"group": "group-0"}, (0, 4, 8)),
        ({"group": "group-0,group-3", "organization": "org-0"}, (0, 3)),
    ],
)
def test_organizations_and_groups_are_filters(searches: bool, settings: dict[str, Any], wanted: tuple[int, ...]) -> None:
    with Portal(governed(), searches=searches) as portal:
        assert names(walk(portal.url, page_size=5, **settings)[0]) == ids(*wanted)


@pytest.mark.parametrize(("kind", "name", "near"), [("organization", "orgg-1", "org-1"), ("group", "zzz", "")])
def test_a_name_that_does_not_exist_is_told_with_those_near_it(kind: str, name: str, near: str) -> None:
    with Portal(governed()) as portal:
        error = failure(portal.url, **{kind: name})
        assert portal.requests == 0
    assert isinstance(error, Invalid) and f"no such {kind}" in str(error) and error.value == name
    assert near in error.remedy and ("near it" in error.remedy) == bool(near)


def test_a_portal_that_refuses_get_is_asked_by_post() -> None:
    with Portal(packages(25)) as portal:
        search = portal.server.behaviours[f"{API}/package_search"]

        def behave(handler: Handler) -> None:
            (search if handler.command == "POST" else says(b"", 405))(handler)

        portal.server.behaviours[f"{API}/package_search"] = behave
        assert names(walk(portal.url, page_size=10)[0]) == ids(*range(25))
        assert json.loads(portal.server.bodies[-1]) == {"rows": 10, "start": 20, "sort": "id asc"}


@pytest.mark.parametrize("make", [lambda n: {"id": f"{n}"}, lambda n: {"name": n}, lambda n: n], ids=["text", "number", "bare"])
def test_odd_rows_are_given_and_stop_nothing(make: Callable[[int], Any]) -> None:
    rows = [make(n) for n in range(5)]
    with silent({"package_search": lambda handler: answer(handler, {"count": 5, "results": rows})}) as url:
        batches, _ = walk(url)
    assert [record.body for batch in batches for record in batch.records] == rows


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (says(b"", 302, {"Location": "http://169.254.169.254/latest"}), "169.254"),
        (says(b"", 302, {"Location": f"{API}/package_search"}), "redirects more than"),
        (says(b'{"success": true, "result"', length=400), "connection failed"),
        (says(b"", 429, {"Retry-After": "1"}), "429"),
    ],
)
def test_a_portal_that_misbehaves_is_told_in_one_line(behaviour: Behaviour, words: str) -> None:
    with silent({"package_search": behaviour}) as url:
        assert words in str(failure(url))


def test_a_portal_that_asks_to_wait_is_waited_for_in_the_middle() -> None:
    with Portal(packages(25)) as portal:
        search = portal.server.behaviours[f"{API}/package_search"]
        busy = says(b"", 429, {"Retry-After": "2"})
        portal.server.behaviours[f"{API}/package_search"] = in_turn(search, busy, says(b"", 503), search)
        waits: list[float] = []
        with Web(internal=True, retries=3, sleep=waits.append) as web:
            batches = list(Ckan(portal.url, CkanSettings(page_size=10)).batches(web, None))
    assert names(batches) == ids(*range(25)) and sum(waits) >= 2


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("packed", [False, True])
def test_character_sets_and_compression_change_nothing(charset: str, packed: bool) -> None:
    rows = [row | {"title": "公共交通线路站点信息", "notes": "由交通运输局提供的公交线路"} for row in packages(20)]
    body = json.dumps({"success": True, "result": {"count": 20, "results": rows}}, ensure_ascii=False).encode(charset)
    headers = {"Content-Encoding": "gzip"} if packed else {}
    with silent({"package_search": says(gzip.compress(body) if packed else body, headers=headers)}) as url:
        batches, _ = walk(url)
    assert [record.body for batch in batches for record in batch.records] == rows


def test_the_token_stays_with_the_portal() -> None:
    with Hostile({f"{API}/package_search": says(b"{}")}) as other:
        away = says(b"", 302, {"Location": f"{other.url}{API}/package_search"})
        with silent({"package_search": away}) as url:
            failure(url, token="geheim")
        assert other.asked and all("geheim" not in str(headers) for _, headers in other.asked)
