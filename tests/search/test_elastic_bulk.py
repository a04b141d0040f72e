"""Bundles of documents against a server that is too busy, says so in every way there is, and then takes them."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from metadata.errors import Conflict, Unavailable
from search import elastic_bulk
from search.base import Document
from search.elastic_access import Access, address
from search.elastic_bulk import Load, refusal
from search.elastic_link import Link

Answer = Callable[[list[str], int], tuple[int, object]]


class Busy:
    """Answers each bundle as `answer(ids, turn)` says: a status, and the body."""

    def __init__(self, answer: Answer) -> None:
        self.bundles: list[list[str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                lines = self.rfile.read(int(self.headers["Content-Length"])).splitlines()
                actions = [orjson.loads(line) for line in lines if b'"version_type"' in line]
                ids = [next(iter(action.values()))["_id"] for action in actions]
                outer.bundles.append(ids)
                status, told = answer(ids, len(outer.bundles))
                body = orjson.dumps(told)
                self.send_response(status)
                for name, value in (("Content-Type", "application/json"), ("X-Elastic-Product", "Elasticsearch")):
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answer], Busy]]:
    monkeypatch.setattr(elastic_bulk, "_FIRST_PAUSE", 0.0)
    made: list[tuple[Busy, threading.Thread]] = []

    def start(answer: Answer) -> Busy:
        server = Busy(answer)
        thread = threading.Thread(target=server.server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        made.append((server, thread))
        return server

    yield start
    for server, thread in made:
        server.server.shutdown()
        server.server.server_close()
        thread.join()


def load(server: Busy) -> Load:
    return Load(Link(address(server.url), Access()), "index")


def item(status: int, kind: str = "") -> dict[str, object]:
    return {"index": {"status": status} | ({"error": {"type": kind, "reason": "of it"}} if kind else {})}


def test_what_a_server_was_too_busy_for_is_sent_again_and_nothing_else(
    busy: Callable[[Answer], Busy], documents: list[Document]
) -> None:
    def answer(ids: list[str], turn: int) -> tuple[int, object]:
        if turn <= 2:
            return (429, 503)[turn - 1], {"error": {"type": "es_rejected_execution_exception"}}
        full = [place % 2 == 0 and turn == 3 for place, _ in enumerate(ids)]
        items = [item(429, "es_rejected_execution_exception") if one else item(201) for one in full]
        return 200, {"errors": any(full), "items": items}

    server = busy(answer)
    writing = load(server)
    ids = [one.id for one in documents[:6]]
    for one in documents[:6]:
        writing.put(one, 0)
    outcome = writing.finish()
    assert server.bundles == [ids, ids, ids, ids[::2]] and outcome == elastic_bulk.Outcome()


def test_a_server_that_stays_busy_is_given_up_on(busy: Callable[[Answer], Busy], documents: list[Document]) -> None:
    server = busy(lambda ids, turn: (429, {}))
    writing = load(server)
    writing.put(documents[0], 0)
    with pytest.raises(Unavailable, match="too much to do"):
        writing.finish()
    assert len(server.bundles) == elastic_bulk.TRIES


def test_what_is_late_and_what_is_refused_is_told_apart(busy: Callable[[Answer], Busy], documents: list[Document]) -> None:
    kinds = [item(201), item(409, "version_conflict_engine_exception"), item(400, "strict_dynamic_mapping_exception")]
    server = busy(lambda ids, turn: (200, {"errors": True, "items": kinds}))
    writing = load(server)
    for one in documents[:3]:
        writing.put(one, 0)
    outcome = writing.finish()
    assert [one.id for one in outcome.late] == [documents[1].id]
    assert outcome.refused == [(documents[2].id, "strict_dynamic_mapping_exception: of it")]


def test_a_bundle_for_an_index_that_is_gone_ends_the_write(busy: Callable[[Answer], Busy], documents: list[Document]) -> None:
    server = busy(lambda ids, turn: (200, {"errors": True, "items": [item(404, "index_not_found_exception")]}))
    writing = load(server)
    writing.put(documents[0], 0)
    with pytest.raises(Conflict, match="swapped"):
        writing.finish()


def test_few_bundles_are_in_memory_at_once(
    busy: Callable[[Answer], Busy], documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_bulk, "MOST", 10)
    may_go_on = threading.Event()

    def answer(ids: list[str], turn: int) -> tuple[int, object]:
        assert may_go_on.wait(30)
        return 200, {"errors": False}

    server = busy(answer)
    writing = load(server)
    taken: list[int] = []

    def give() -> None:
        for number, one in enumerate(documents[:200]):
            writing.put(one, 0)
            taken.append(number)
            if number == 28:
                blocked.set()

    blocked = threading.Event()
    giver = threading.Thread(target=give)
    giver.start()
    assert blocked.wait(30)
    giver.join(0.3)
    assert giver.is_alive() and len(taken) <= (elastic_bulk.LANES + 1) * 10
    may_go_on.set()
    giver.join()
    writing.finish()
    assert sorted(one for bundle in server.bundles for one in bundle) == sorted(one.id for one in documents[:200])


def test_an_error_names_a_few_of_many() -> None:
    problem = refusal([(f"id-{number}", "why") for number in range(9)])
    assert "refused 9" in problem.message and "id-4" in problem.place and "id-5" not in str(problem)
    assert "and 4 more" in problem.message and problem.remedy
