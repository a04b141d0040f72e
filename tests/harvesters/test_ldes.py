"""Event streams: activities and versions, pages that change and pages that cannot, what is new, and what went."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from harvesters.base import Batch, Record, Seen
from harvesters.ldes import Ldes, LdesSettings
from harvesters.web import Web
from metadata.errors import NotData, TooLarge, Unreachable
from tests.hostile.server import Behaviour, Handler, Hostile, says

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix as: <https://www.w3.org/ns/activitystreams#> . @prefix tree: <https://w3id.org/tree#> .
@prefix ldes: <https://w3id.org/ldes#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix prov: <http://www.w3.org/ns/prov#> . @prefix x: <http://x.example/> .
"""


def activity(number: int, kind: str, thing: str, said: str = "", at: int | None = None) -> str:
    """An activity as DCAT-AP Feeds have it; what it says stands in its own graph."""
    stamp = f"2026-01-01T{(at if at is not None else number) // 60:02}:{(at if at is not None else number) % 60:02}:00Z"
    head = f"x:feed tree:member x:e{number} .\nx:e{number} a as:{kind} ; as:object x:{thing} ; "
    return head + f'as:published "{stamp}"^^xsd:dateTime .\n' + (f"x:e{number} {{ {said} }}\n" if said else "")


def dataset(name: str, title: str = "t", more: str = "") -> str:
    return f'x:{name} a dcat:Dataset ; dct:title "{title}" {more} .'


@dataclass
class Feed:
    """A growing feed: pages of three events; all but the last page can change no more."""

    events: list[str] = field(default_factory=list)
    fixed: bool = True
    size: int = 3
    asked: list[str] = field(default_factory=list)
    head: str = ""

    def __call__(self, handler: Handler) -> None:
        self.asked.append(handler.path)
        number = int(handler.path.rpartition("/")[2]) if handler.path.count("/") > 1 else 0
        last = max(0, (len(self.events) - 1) // self.size)
        shown = self.events[number * self.size : (number + 1) * self.size]
        here = f"http://{handler.headers['Host']}/feed"
        said = f"x:feed a ldes:EventStream ; ldes:timestampPath as:published ; tree:view <{here}> . {self.head}\n"
        if number < last:
            said += f"<{here}/{number}> tree:relation [ a tree:Relation ; tree:node <{here}/{number + 1}> ] .\n"
        headers = {"Content-Type": "application/trig"}
        if self.fixed and number < last:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        says((PREFIXES + said + "".join(shown)).encode(), headers=headers)(handler)


def served(feed: Behaviour, pages: int = 20) -> Hostile:
    return Hostile({"/feed": feed} | {f"/feed/{number}": feed for number in range(pages)})


Kept = Mapping[str, Mapping[str, str]]


def run(server: Hostile, kept: Kept | None = None, resume: str | None = None, **settings: Any) -> tuple[list[Batch], Kept]:
    """One run, and what it leaves for the next."""
    with Web(internal=True, retries=0, sleep=lambda _: None, validators=kept) as web:
        batches = list(Ldes(f"{server.url}/feed", LdesSettings(**settings)).batches(web, resume))
        return batches, web.fresh_validators


def records(batches: list[Batch]) -> list[Record]:
    return [record for batch in batches for record in batch.records]


def told(batches: list[Batch]) -> list[str]:
    """The datasets' names; those that went with a minus."""
    return ["-" * record.deleted + (record.identifier or "").rpartition("/")[2] for record in records(batches)]


def page(*said: str) -> Behaviour:
    """A stream of one page."""
    return says(
        (PREFIXES + "x:feed a ldes:EventStream .\n" + "\n".join(said)).encode(), headers={"Content-Type": "application/trig"}
    )


# ── What members say


def test_the_last_event_of_each_thing_counts() -> None:
    events = [
        activity(1, "Create", "a", dataset("a", "old")),
        activity(2, "Create", "b", dataset("b")),
        activity(3, "Create", "c", dataset("c")),
        activity(4, "Update", "a", dataset("a", "new")),
        activity(5, "Delete", "b"),
        activity(6, "Delete", "c"),
        activity(7, "Create", "c", dataset("c", "back")),
    ]
    with served(Feed(events)) as server:
        batches, _ = run(server)
    assert told(batches) == ["a", "c"] and not batches[0].partial
    assert b'"new"' in records(batches)[0].body and b'"old"' not in records(batches)[0].body
    assert b'"back"' in records(batches)[1].body


def test_events_are_put_in_order_by_their_moment_not_by_their_page() -> None:
    events = [activity(2, "Update", "a", dataset("a", "new")), activity(1, "Create", "a", dataset("a", "old"))]
    with served(Feed(events)) as server:
        assert b'"new"' in records(run(server)[0])[0].body


@pytest.mark.parametrize("form", [RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD], ids=str)
def test_every_form_with_graphs_is_read(form: RdfFormat) -> None:
    text = PREFIXES + "x:feed a ldes:EventStream .\n" + activity(1, "Create", "a", dataset("a", "one"))
    text += activity(2, "Create", "b", dataset("b", "two", "; dcat:distribution [ dct:title 'file' ]"))
    body = serialize(parse(text, format=RdfFormat.TRIG), format=form) or b""
    with served(says(body, headers={"Content-Type": "application/octet-stream"})) as server:
        found = records(run(server)[0])
    assert [record.body.count(b"\n") for record in found] == [2, 4]


def test_activities_without_graphs_are_read_from_the_page_itself() -> None:
    one = activity(1, "Create", "a") + dataset("a", "t", "; dct:publisher x:p") + "x:p a foaf:Agent ; foaf:name 'P' ."
    with served(page(one)) as server:
        assert b"'P'" not in (body := records(run(server)[0])[0].body) and b'"P"' in body


def test_versions_of_a_thing_are_one_dataset() -> None:
    versions = """x:feed ldes:versionOfPath dct:isVersionOf ; ldes:timestampPath prov:generatedAtTime .
x:feed tree:member x:a1, x:a2, x:b1 .
x:a2 dct:isVersionOf x:a ; prov:generatedAtTime "2026-02-01T00:00:00Z"^^xsd:dateTime ; a dcat:Dataset ; dct:title "new" .
x:a1 dct:isVersionOf x:a ; prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime ; a dcat:Dataset ; dct:title "old" .
x:b1 dct:isVersionOf x:b ; prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime ; a dcat:Dataset ; dct:title "b" ;
  dcat:distribution [ dct:title "file" ] ."""
    with served(page(versions)) as server:
        found = records(run(server)[0])
    assert [record.identifier for record in found] == ["http://x.example/a", "http://x.example/b"]
    assert b'<http://x.example/a> <http://purl.org/dc/terms/title> "new"' in found[0].body
    assert b"isVersionOf" not in found[0].body and b"generatedAtTime" not in found[0].body and b'"file"' in found[1].body


def test_a_version_that_says_it_is_the_end_deletes() -> None:
    versions = """x:feed ldes:versionDeleteObject x:Gone ; tree:member x:a1, x:a2, x:b1 .
x:a1 dct:isVersionOf x:a ; dct:modified "2026-01-01"^^xsd:date ; a dcat:Dataset ; dct:title "a" .
x:a2 dct:isVersionOf x:a ; dct:modified "2026-01-02"^^xsd:date ; a x:Gone .
x:b1 dct:isVersionOf x:b ; dct:modified "2026-01-01"^^xsd:date ; a dcat:Dataset ; dct:title "b" ."""
    with served(page(versions)) as server:
        assert told(run(server)[0]) == ["b"]


def test_parts_with_events_of_their_own_are_put_together() -> None:
    events = [
        activity(1, "Create", "p", 'x:p a foaf:Agent ; foaf:name "old" .'),
        activity(2, "Create", "d", 'x:d a dcat:Distribution ; dct:title "file" ; dcat:accessService x:s .'),
        activity(3, "Create", "s", 'x:s a dcat:DataService ; dct:title "service" .'),
        activity(4, "Create", "a", dataset("a", "t", "; dct:publisher x:p ; dcat:distribution x:d, x:gone")),
        activity(5, "Create", "gone", 'x:gone a dcat:Distribution ; dct:title "former" .'),
        activity(6, "Delete", "gone"),
        activity(7, "Create", "cat", "x:cat a dcat:Catalog ; dcat:dataset x:a ."),
        activity(8, "Update", "p", 'x:p a foaf:Agent ; foaf:name "new" .'),
    ]
    with served(Feed(events)) as server:
        batches, _ = run(server)
    body = records(batches)[0].body
    assert told(batches) == ["a"]
    assert (
        all(words in body for words in (b'"file"', b'"service"', b'"new"')) and b'"old"' not in body and b"former" not in body
    )


def test_blank_nodes_of_two_pages_are_kept_apart() -> None:
    events = [
        activity(n, "Create", f"d{n}", dataset(f"d{n}", "t", f"; dcat:distribution _:x . _:x dct:title 'file {n}'"))
        for n in (1, 2)
    ]
    with served(Feed(events, size=1)) as server:
        bodies = [record.body for record in records(run(server)[0])]
    assert [body.count(b'"file ') for body in bodies] == [1, 1]


def test_nothing_is_left_on_disk(tmp_path: Path) -> None:
    feed = Feed([activity(1, "Create", "a", dataset("a"))])
    with served(feed) as server, Web(internal=True, retries=0, spool_dir=tmp_path) as web:
        assert told(list(Ldes(f"{server.url}/feed", LdesSettings()).batches(web, None))) == ["a"]
    assert list(tmp_path.iterdir()) == []


def test_an_event_that_says_nothing_is_a_record_that_fails() -> None:
    with served(Feed([activity(1, "Create", "a"), activity(2, "Create", "b", dataset("b"))])) as server:
        found = records(run(server)[0])
    assert len(found) == 2 and b"says nothing" in found[0].body


# ── Pages


def test_from_the_stream_the_first_view_is_walked() -> None:
    feed = Feed([activity(n, "Create", f"d{n}", dataset(f"d{n}")) for n in range(5)])

    def stream(handler: Handler) -> None:
        here = f"http://{handler.headers['Host']}"
        page(f"x:feed tree:view <{here}/feed/0>, <{here}/other> .")(handler)

    with Hostile({"/feed": stream} | {f"/feed/{n}": feed for n in range(3)}) as server:
        assert len(records(run(server)[0])) == 5


def test_pages_in_a_circle_and_in_a_tree_are_read_once_each() -> None:
    asked: list[str] = []

    def tree(handler: Handler) -> None:
        asked.append(handler.path)
        here = f"http://{handler.headers['Host']}/feed"
        number = handler.path.rpartition("/")[2]
        links = " ".join(f"<{here}> tree:relation [ tree:node <{here}/{to}#x> ] ." for to in range(4))
        page(links, activity(1, "Create", f"d{number}", dataset(f"d{number}")))(handler)

    with served(tree) as server:
        assert told(run(server)[0]) == ["d0", "d1", "d2", "d3", "dfeed"]
    assert sorted(asked) == ["/feed", *(f"/feed/{n}" for n in range(4))]


def test_pages_without_end_meet_a_limit() -> None:
    def endless(handler: Handler) -> None:
        number = int(handler.path.rpartition("/")[2].replace("feed", "0"))
        page(f"x:n tree:relation [ tree:node <http://{handler.headers['Host']}/feed/{number + 1}> ] .")(handler)

    with served(endless) as server, pytest.raises(TooLarge, match="max_pages"):
        run(server, max_pages=9)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says(b"no", 500), Unreachable),
        (says(b"<html><title>Sorry</title></html>"), NotData),
        (says(b""), NotData),
        (says((PREFIXES + 'x:a dct:title "no stream" .').encode()), NotData),
        (says((PREFIXES + "x:feed tree:member x:e1 . x:e1 a as:Cre").encode()), NotData),
    ],
    ids=["500", "html", "empty", "other", "cut"],
)
def test_a_page_that_cannot_be_had_ends_the_run_before_anything_is_given(answer: Behaviour, error: type[Exception]) -> None:
    feed = Feed([activity(n, "Create", f"d{n}", dataset(f"d{n}")) for n in range(9)])
    with served(feed) as server:
        server.server.behaviours["/feed/2"] = answer
        with pytest.raises(error, match="/feed/2"):
            run(server)


def test_a_run_goes_on_from_any_batch() -> None:
    with served(Feed([activity(n, "Create", f"d{n:02}", dataset(f"d{n:02}")) for n in range(11)])) as server:
        whole, _ = run(server, batch_size=2)
        for point, batch in enumerate(whole):
            assert told(whole[: point + 1] + run(server, resume=batch.resume, batch_size=2)[0]) == told(whole)


# ── The next run


def test_the_next_run_asks_for_what_is_new_only() -> None:
    feed = Feed([activity(n, "Create", f"d{n}", dataset(f"d{n}")) for n in range(10)])
    with served(feed) as server:
        _, kept = run(server)
        feed.events += [activity(10, "Update", "d1", dataset("d1", "new")), activity(11, "Delete", "d2")]
        feed.asked.clear()
        batches, kept = run(server, kept)
        assert set(told(batches)) == {"d1", "-d2", "d9"} and all(batch.partial for batch in batches)  # d9: of the last moment
        assert feed.asked == ["/feed/3"]
        feed.asked.clear()
        batches, kept = run(server, kept)
        assert [batch.partial for batch in batches] == [True] and records(batches) == [] and feed.asked == ["/feed/3"]
        feed.events.append(activity(12, "Create", "d12", dataset("d12")))
        assert "d12" in told(run(server, kept)[0])


def test_every_so_many_runs_all_is_read() -> None:
    feed = Feed([activity(n, "Create", f"d{n}", dataset(f"d{n}")) for n in range(4)])
    with served(feed) as server:
        partial, kept = [], None
        for _ in range(6):
            batches, kept = run(server, kept, full_every=3)
            partial.append(batches[0].partial)
    assert partial == [False, True, True, False, True, True]


def test_a_page_that_is_not_said_to_be_fixed_is_asked_again() -> None:
    feed = Feed([activity(n, "Create", f"d{n}", dataset(f"d{n}")) for n in range(7)], fixed=False)
    with served(feed) as server:
        _, kept = run(server)
        feed.asked.clear()
        feed.events[1] = activity(99, "Update", "d1", dataset("d1", "late"))
        batches, _ = run(server, kept)
        assert "d1" in told(batches) and len(feed.asked) == 3


def test_relations_that_lead_before_the_last_event_are_passed_over() -> None:
    asked: list[str] = []

    def newest_first(handler: Handler) -> None:
        asked.append(handler.path)
        here = f"http://{handler.headers['Host']}/feed"
        old = 'tree:path as:published ; tree:value "2026-01-01T00:05:00Z"^^xsd:dateTime'
        if handler.path == "/feed":
            relation = f"<{here}> tree:relation [ a tree:LessThanRelation ; tree:node <{here}/1> ; {old} ] ."
            page("x:feed ldes:timestampPath as:published .", relation, activity(len(asked) + 9, "Create", "n", dataset("n")))(
                handler
            )
        else:
            page(activity(1, "Create", "o", dataset("o")))(handler)

    with served(newest_first) as server:
        batches, kept = run(server)
        assert told(batches) == ["n", "o"]
        asked[:] = ["", "", ""]
        assert told(run(server, kept)[0]) == ["n"] and asked[3:] == ["/feed"]


def test_news_of_a_part_make_the_next_run_read_all() -> None:
    feed = Feed(
        [
            activity(1, "Create", "p", 'x:p a foaf:Agent ; foaf:name "old" .'),
            activity(2, "Create", "a", dataset("a", "t", "; dct:publisher x:p")),
            activity(3, "Create", "b", dataset("b")),
        ]
    )
    with served(feed) as server:
        _, kept = run(server)
        batches, kept = run(server, kept)
        assert records(batches) == [] and batches[0].partial
        feed.events.append(activity(4, "Update", "p", 'x:p a foaf:Agent ; foaf:name "new" .'))
        batches, _ = run(server, kept)
    assert told(batches) == ["a", "b"] and not batches[0].partial and b'"new"' in records(batches)[0].body


def test_an_event_from_the_future_does_not_hide_those_after_it() -> None:
    feed = Feed([activity(1, "Create", "a", dataset("a")).replace("2026-01", "2999-01")])
    with served(feed) as server:
        _, kept = run(server)
        feed.events.append(activity(2, "Create", "b", dataset("b")).replace("2026-01", "2998-01"))
        assert "b" in told(run(server, kept)[0])


@pytest.mark.parametrize(
    "policy", ['a ldes:DurationAgoPolicy ; tree:value "P30D"', 'a ldes:RetentionPolicy ; ldes:fullLogDuration "P30D"']
)
def test_a_stream_that_forgets_is_never_taken_for_everything(policy: str) -> None:
    events = [activity(1, "Delete", "gone"), activity(2, "Create", "a", dataset("a"))]
    with served(Feed(events, head=f"x:view ldes:retentionPolicy [ {policy} ] .")) as server:
        batches, _ = run(server)
    assert told(batches) == ["a", "-gone"] and batches[0].partial


# ── Recognition


def test_a_stream_is_recognised_by_its_words() -> None:
    def seen(body: str) -> Seen:
        return Seen("http://x.example/feed", "http://x.example/feed", 200, "", {}, body.encode(), True)

    found = Ldes.recognises(seen(PREFIXES + "x:feed a ldes:EventStream ."))
    assert found is not None and found.sure == 100
    context = json.dumps({"@context": {"tree": "https://w3id.org/tree#"}, "@id": "x", "tree:relation": []})
    assert Ldes.recognises(seen(context)) is not None
    assert Ldes.recognises(seen("<html>https://w3id.org/ldes# EventStream</html>")) is None
    assert Ldes.recognises(seen("@prefix dcat: <http://www.w3.org/ns/dcat#> . <http://x/> a dcat:Catalog .")) is None
