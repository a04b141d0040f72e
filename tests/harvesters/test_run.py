"""The main job: what a run makes of what a source lists, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from harvesters.base import NotModified, Record
from harvesters.examining import examine
from harvesters.patience import Cancelled
from harvesters.run import Job, harvest
from harvesters.web import Web
from metadata import database, identity, sources, store
from metadata.reading import Taken
from metadata.tables import FindingRow, RecordRow, Run, Source
from standards.base import Standard
from standards.table import STANDARDS
from tests.harvests import STANDARD, Listing, agrees, ask, entry, go_on, log, new_source, published, record, unreadable, visit

Counts = dict[str, int]


def counts(run: Run) -> Counts:
    names = ("received", "added", "updated", "unchanged", "renamed", "retired", "failed", "duplicates")
    return {name: getattr(run, name) for name in names if getattr(run, name)}


def test_a_first_visit_adds_and_a_second_finds_all_unchanged(database_engine: Engine) -> None:
    name = new_source(database_engine)
    records = [record("a"), record("b"), record("c")]
    first = visit(database_engine, name, records)
    assert (first.state, counts(first)) == ("done", {"received": 3, "added": 3})
    lines = len(log(database_engine))
    second = visit(database_engine, name, records)
    assert (second.state, counts(second)) == ("done", {"received": 3, "unchanged": 3})
    assert len(log(database_engine)) == lines == 3  # nothing happened, so nothing is told


def test_other_bytes_of_the_same_description_are_no_change(database_engine: Engine) -> None:
    name = new_source(database_engine)
    one = record("a")
    visit(database_engine, name, [one])
    turned = Record(dict(reversed(list(one.body.items()))), "a")
    assert counts(visit(database_engine, name, [turned])) == {"received": 1, "unchanged": 1}
    with database.reading(database_engine) as session:
        row = session.exec(select(RecordRow)).one()
        raw = identity.raw(turned.body)
        assert row.digest == identity.digest(raw)  # the record is kept as it came last
        assert store.body(session, row.digest) == raw


def test_a_changed_record_keeps_id_and_name_and_history(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a", "First words"), record("b")])
    before = entry(database_engine, name, "a")
    run = visit(database_engine, name, [record("a", "Other words"), record("b")])
    after = entry(database_engine, name, "a")
    assert counts(run) == {"received": 2, "updated": 1, "unchanged": 1}
    assert before and after and (before.id, before.name, before.created) == (after.id, after.name, after.created)
    assert after.dataset.title == {"und": "Other words"}
    with database.reading(database_engine) as session:
        newest, oldest = store.history(session, after.id)
        assert (newest.action, oldest.action, newest.before, newest.after) == ("updated", "added", before.digest, after.digest)
        assert newest.run_id == run.id and newest.actor == f"harvest:{name}"
        assert b"First words" in store.body(session, newest.before or "")


def test_nothing_vanishes_before_a_run_that_listed_everything(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a"), record("b"), record("c")])
    broken = visit(database_engine, name, [record("a"), record("x"), record("y")], breaks_at=2)
    assert (broken.state, counts(broken)) == ("failed", {"received": 2, "added": 1, "unchanged": 1})
    assert "ends in the middle" in broken.message
    assert sorted(published(database_engine)) == ["a", "b", "c", "x"]


def test_a_vanished_dataset_is_retired_and_comes_back_as_it_was(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=0.5)
    visit(database_engine, name, [record("a"), record("b")])
    before = entry(database_engine, name, "a")
    gone = visit(database_engine, name, [record("b")])
    assert (gone.state, counts(gone)) == ("done", {"received": 1, "unchanged": 1, "retired": 1})
    assert list(published(database_engine)) == ["b"]
    again = visit(database_engine, name, [record("b")])
    assert counts(again) == {"received": 1, "unchanged": 1}  # retired once, not once more
    back = visit(database_engine, name, [record("a"), record("b")])
    after = entry(database_engine, name, "a")
    assert counts(back) == {"received": 2, "updated": 1, "unchanged": 1}
    assert before and after and (before.id, before.name, after.state) == (after.id, after.name, "published")
    assert [line.action for line in log(database_engine) if line.dataset_id == after.id] == ["added", "retired", "restored"]


def test_a_run_that_would_retire_more_than_the_limit_is_held(database_engine: Engine) -> None:
    name = new_source(database_engine)  # 10 %
    records = [record(f"r{n}") for n in range(20)]
    visit(database_engine, name, records, batch=7)
    allowed = visit(database_engine, name, records[:18], batch=7)
    assert (allowed.state, allowed.retired) == ("done", 2)
    held = visit(database_engine, name, records[:15], batch=7)
    assert (held.state, held.retired) == ("held", 0)
    assert "3 of 18" in held.message and "--accept-retire" in held.message and "10%" in held.message
    assert len(published(database_engine)) == 18
    accepted = visit(database_engine, name, records[:15], batch=7, accept_retire=True)
    assert (accepted.state, accepted.retired) == ("done", 3)
    assert len(published(database_engine)) == 15


@pytest.mark.parametrize("limit", [0.0, 0.1, 1.0])
def test_a_source_that_lists_nothing_any_more_stops_and_asks(database_engine: Engine, limit: float) -> None:
    name = new_source(database_engine, retire_limit=limit)
    visit(database_engine, name, [record("a"), record("b")])
    empty = visit(database_engine, name, [])
    assert (empty.state, empty.received, empty.retired) == ("held", 0, 0)
    assert sorted(published(database_engine)) == ["a", "b"]
    accepted = visit(database_engine, name, [], accept_retire=True)
    assert (accepted.state, accepted.retired) == ("done", 2)
    assert published(database_engine) == {}


def test_a_source_that_never_listed_anything_fails(database_engine: Engine) -> None:
    run = visit(database_engine, new_source(database_engine), [])
    assert (run.state, run.message.startswith("https://roads.example/data.json: the source lists no datasets")) == (
        "failed",
        True,
    )


def test_nothing_is_retired_while_a_new_record_cannot_be_read(database_engine: Engine) -> None:
    """It may be the vanished one, under another identifier."""
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a"), record("b"), unreadable("c")])
    held = visit(database_engine, name, [record("a"), unreadable("c"), unreadable("d")])
    assert (held.state, held.retired) == ("held", 0) and "1 new records could not be read" in held.message
    known = visit(database_engine, name, [record("a"), unreadable("c"), unreadable("d")])
    assert (known.state, known.retired) == ("done", 1)


def test_a_record_that_cannot_be_read_fails_alone_and_keeps_its_dataset(database_engine: Engine) -> None:
    name = new_source(database_engine)
    first = visit(database_engine, name, [record("a"), unreadable("b"), Record("<html>", "c"), Record(None), Record([1])])
    assert (first.state, counts(first)) == ("done", {"received": 5, "added": 1, "failed": 4})
    assert first.warned >= 4 and sum(first.findings_by_rule.values()) >= 4
    broke = visit(database_engine, name, [unreadable("a"), unreadable("b"), Record("<html>", "c"), Record(None), Record([1])])
    assert (broke.state, counts(broke)) == ("done", {"received": 5, "failed": 5})  # the other four are as before, and failed
    kept = entry(database_engine, name, "a")
    assert kept and (kept.state, kept.dataset.title) == ("published", {"und": "Title a"})
    with database.reading(database_engine) as session:
        row = session.exec(select(RecordRow).where(RecordRow.identifier == "a")).one()
        assert (row.state, row.dataset_id) == ("failed", kept.id)
        assert store.findings_of(session, row.id)
    mended = visit(
        database_engine, name, [record("a", "Better"), unreadable("b"), Record("<html>", "c"), Record(None), Record([1])]
    )
    assert counts(mended) == {"received": 5, "updated": 1, "failed": 4}


def test_identifiers_used_twice_count_once_and_are_told(database_engine: Engine) -> None:
    name = new_source(database_engine)
    twice = [record("a", "One"), record("a", "Two"), record("b"), record("b"), record("a", "Three"), record("c")]
    for attempt in ("first", "second"):
        run = visit(database_engine, name, twice, batch=3)
        new = {"added": 3} if attempt == "first" else {"unchanged": 3}
        assert counts(run) == {"received": 6, "duplicates": 3, **new}
        assert run.findings_by_rule["record/identifier/repeated"] == 2
        assert published(database_engine)["a"] == "One"
    single = visit(database_engine, name, [record("a", "One"), record("b"), record("c")])
    assert "record/identifier/repeated" not in single.findings_by_rule  # each run says anew what it met


def test_records_without_an_identifier_are_known_by_their_bytes(database_engine: Engine) -> None:
    name = new_source(database_engine)
    bodies = [
        Record({"title": "Same"}),
        Record({"title": "Same"}),
        Record({"title": "Other"}, "  "),
        Record({"title": "NUL"}, "\x00"),
    ]
    assert counts(visit(database_engine, name, bodies, batch=10)) == {"received": 4, "added": 3, "duplicates": 1}
    assert counts(visit(database_engine, name, bodies, batch=1)) == {"received": 4, "unchanged": 3, "duplicates": 1}
    assert all(one.startswith("urn:sha256:") for one in published(database_engine))


def flawed(identifier: str) -> Record:
    """A record with an error finding that still reads: the title is a number (300.21)."""
    return Record({**record(identifier).body, "title": 300.21}, identifier)


def test_a_source_that_admits_valid_withholds_what_has_errors(database_engine: Engine) -> None:
    name = new_source(database_engine, admits="valid")
    first = visit(database_engine, name, [record("a"), flawed("b")])
    assert (first.state, counts(first)) == ("done", {"received": 2, "added": 2})
    withheld = entry(database_engine, name, "b")
    assert withheld and withheld.state == "withheld" and withheld.errors > 0
    assert withheld.readers == ("organization:transport",)
    assert list(published(database_engine)) == ["a"]
    mended = visit(database_engine, name, [flawed("a"), record("b")])
    assert counts(mended) == {"received": 2, "updated": 2}
    assert list(published(database_engine)) == ["b"]
    again = entry(database_engine, name, "b")
    assert again and (again.id, again.name) == (withheld.id, withheld.name)
    actions = [(line.action, line.dataset_id == withheld.id) for line in log(database_engine)]
    assert actions == [("added", False), ("withheld", True), ("withheld", False), ("published", True)]


def test_what_a_source_admits_holds_for_records_that_do_not_change(database_engine: Engine) -> None:
    name = new_source(database_engine)
    records = [record("a"), flawed("b")]
    visit(database_engine, name, records)
    assert len(published(database_engine)) == 2
    new_source(database_engine, admits="valid")
    run = visit(database_engine, name, records)
    assert counts(run) == {"received": 2, "updated": 1, "unchanged": 1}
    assert list(published(database_engine)) == ["a"]
    new_source(database_engine, organization=None)
    assert counts(visit(database_engine, name, records)) == {"received": 2, "updated": 2}
    moved = entry(database_engine, name, "a")
    assert moved and moved.organization is None


def test_a_killed_run_goes_on_and_doubles_nothing(database_engine: Engine) -> None:
    records = [record("a"), record("b"), record("a", "Two"), record("c"), unreadable("d"), record("e"), record("a")]
    for stop in range(1, 5):
        name = new_source(database_engine, f"source-{stop}")
        run_id = ask(database_engine, name)
        left = go_on(database_engine, run_id, Listing(records), stop_after=stop)
        assert left.state == "running"
        listing = Listing(records)
        run = go_on(database_engine, run_id, listing, again=True)
        assert (run.state, run.resumed, counts(run)) == ("done", 1, {"received": 7, "added": 4, "failed": 1, "duplicates": 2})
        assert listing.given == [2, 4, 6, 7][stop:]  # what was committed is not asked for again
        assert len({line.dataset_id for line in log(database_engine) if line.run_id == run_id}) == 4


def test_a_run_that_starts_over_counts_nothing_twice_and_the_next_one_asks_in_full(database_engine: Engine) -> None:
    """A source that cannot go on (its document is another one now) starts over. What is other now comes with the next visit,
    which must not be told "not modified": the validators of such a run are forgotten."""

    class Tagged(Listing):
        def batches(self, web: Web, resume: str | None) -> Any:
            web.fresh_validators["https://roads.example/data.json"] = {"etag": '"1"'}
            yield from (replace(batch, again=True) for batch in super().batches(web, None if resume == "0" else resume))

    name = new_source(database_engine)
    run_id = ask(database_engine, name)
    go_on(database_engine, run_id, Tagged([record("a"), record("b"), record("c")], batch=1), stop_after=2)
    with database.writing(database_engine) as session:
        row = sources.run(session, run_id)
        row.resume = "0"
        session.add(row)
        session.commit()
    newer = Tagged([record("a"), record("b"), record("c", "Newer")], batch=1)
    run = go_on(database_engine, run_id, newer, again=True)
    assert counts(run) == {"received": 3, "added": 3}
    assert _validators(database_engine, name) == {}
    changed = Tagged([record("a"), record("b", "Newer"), record("c", "Newer")], batch=1)
    assert counts(go_on(database_engine, ask(database_engine, name), changed)) == {"received": 3, "updated": 1, "unchanged": 2}
    assert _validators(database_engine, name) != {}


def _validators(engine: Engine, name: str) -> dict[str, Any]:
    with database.reading(engine) as session:
        return sources.source(session, name).validators


def test_a_run_killed_between_listing_and_deciding_decides_once(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a"), record("b")])
    run_id = ask(database_engine, name)
    left = go_on(database_engine, run_id, Listing([record("a")]), stop_after=2)
    assert (left.complete, left.state, left.retired) == (True, "running", 0)
    listing = Listing([record("a")])
    run = go_on(database_engine, run_id, listing, again=True)
    assert (run.state, run.retired, listing.given) == ("done", 1, [])


def test_cancelling_keeps_what_was_taken_in_and_retires_nothing(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a"), record("z")])
    run = _stopped(database_engine, name, lambda: True, Listing([record("a"), record("b"), record("c")]))
    assert (run.state, counts(run)) == ("cancelled", {"received": 2, "added": 1, "unchanged": 1})
    assert sorted(published(database_engine)) == ["a", "b", "z"]


@pytest.mark.parametrize(("raised", "state"), [(Cancelled(), "cancelled"), (NotModified(), "done")])
def test_what_a_client_raises_ends_the_run_as_it_should(database_engine: Engine, raised: Exception, state: str) -> None:
    class Raising(Listing):
        def batches(self, web: Web, resume: str | None) -> Any:
            raise raised
            yield

    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a"), record("a"), unreadable("b")])
    run = _stopped(database_engine, name, lambda: False, Raising([]))
    assert run.state == state and list(published(database_engine)) == ["a"]
    if state == "done":
        assert counts(run) == {"received": 3, "unchanged": 1, "failed": 1, "duplicates": 1}


def _stopped(engine: Engine, name: str, cancelled: Callable[[], bool], listing: Listing) -> Run:
    run_id = ask(engine, name)
    with database.writing(engine) as session, Web(internal=True, spool_dir=Path()) as web:
        run = sources.run(session, run_id)
        job = Job(session.get_one(Source, run.source_id), listing, STANDARDS.get, STANDARD, cancelled)
        for _ in harvest(session, web, job, run):
            session.commit()
        agrees(run)
        return run


def test_findings_are_kept_with_the_record_up_to_a_limit(database_engine: Engine) -> None:
    name = new_source(database_engine)
    many = record("a", distribution=[{"@type": "dcat:Distribution", "downloadURL": n} for n in range(500)])
    run = visit(database_engine, name, [many])
    assert run.state == "done" and sum(run.findings_by_rule.values()) == 100
    with database.reading(database_engine) as session:
        assert len(session.exec(select(FindingRow)).all()) == 100


@pytest.mark.parametrize("problem", [TypeError("x"), KeyError("x"), RecursionError("x"), ValueError("x")])
def test_a_reader_that_breaks_its_promise_costs_one_record(problem: Exception) -> None:
    def read(body: Any) -> Any:
        raise problem

    broken = Standard("broken", {}, "application/json", "1", lambda body: True, read=read)
    reading = examine(Taken("a", "broken", b"{}", "", {"title": "t"}), broken)
    assert reading.dataset is None and [one.rule for one in reading.findings] == ["record/unreadable"]
