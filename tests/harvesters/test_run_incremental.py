"""Runs that are told only what changed, and what a source says without giving it: the same, deleted, not modified, volatile."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlmodel import select

from harvesters.base import Batch, NotModified, Record
from harvesters.run import Job, harvest
from harvesters.since import Since, earlier
from harvesters.volatile import steady
from harvesters.web import Web
from metadata import database, sources
from metadata.errors import NotData
from metadata.tables import FindingRow, RecordRow, Run, Source
from standards.base import Finding
from standards.table import STANDARDS
from tests.harvests import STANDARD, Nothing, agrees, ask, entry, log, new_source, published, record, unreadable, visit
from tests.hostile.server import Hostile, in_turn, says


@dataclass
class Telling:
    """A harvester that yields these batches, or raises what stands among them."""

    steps: Sequence[Batch | Exception]
    name: ClassVar[str] = "telling"
    title: ClassVar[dict[str, str]] = {"en": "Telling"}
    standard: ClassVar[str] = STANDARD
    Settings: ClassVar[type[BaseModel]] = Nothing

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            yield step


def tell(engine: Engine, name: str, *steps: Batch | Exception, default: str = STANDARD, accept: bool = False) -> Run:
    number = ask(engine, name, accept_retire=accept)
    with database.writing(engine) as session, Web(internal=True) as web:
        run = sources.run(session, number)
        job = Job(session.get_one(Source, run.source_id), Telling(steps), STANDARDS.get, default)
        for _ in harvest(session, web, job, run):
            session.commit()
        agrees(run)
        return run


def changed(*records: Record) -> Batch:
    return Batch(records, "x", partial=True)


def gone(identifier: str) -> Record:
    return Record(None, identifier, deleted=True)


def same(identifier: str) -> Record:
    return Record(None, identifier, same=True)


def test_what_an_incremental_run_does_not_list_stands(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a"), record("b"), record("c")])
    run = tell(database_engine, name, changed(record("b", "Other words"), record("d")))
    assert (run.state, run.partial, run.received, run.updated, run.added, run.retired) == ("done", True, 2, 1, 1, 0)
    assert published(database_engine) == {"a": "Title a", "b": "Other words", "c": "Title c", "d": "Title d"}


def test_nothing_changed_is_no_empty_source(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a")])
    run = tell(database_engine, name, changed())
    assert (run.state, run.received, run.retired) == ("done", 0, 0)
    assert list(published(database_engine)) == ["a"]


def test_what_a_source_tells_is_deleted_leaves_at_the_end_and_comes_back(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=0.5)
    visit(database_engine, name, [record("a"), record("b"), record("c")])
    before = entry(database_engine, name, "b")
    broken = tell(database_engine, name, changed(gone("b")), NotData("the listing broke off"))
    assert (broken.state, broken.retired) == ("failed", 0)
    run = tell(database_engine, name, changed(gone("b"), gone("never")))
    assert (run.state, run.received, run.retired) == ("done", 0, 1)
    assert sorted(published(database_engine)) == ["a", "c"]
    back = tell(database_engine, name, changed(record("b")))
    after = entry(database_engine, name, "b")
    assert back.updated == 1 and before and after and (after.id, after.name) == (before.id, before.name)
    assert sorted(published(database_engine)) == ["a", "b", "c"]
    log(database_engine)


def test_more_deletions_than_the_limit_are_held_and_told_again_next_time(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record(one) for one in "abcd"])
    held = tell(database_engine, name, changed(gone("a"), gone("b")))
    assert held.state == "held" and "2 of 4" in held.message
    assert sorted(published(database_engine)) == list("abcd")
    done = tell(database_engine, name, changed(gone("a"), gone("b")), accept=True)
    assert (done.state, done.retired) == ("done", 2)
    assert sorted(published(database_engine)) == ["c", "d"]


def test_a_deleted_record_in_a_whole_listing_is_simply_not_listed(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1)
    visit(database_engine, name, [record("a"), record("b")])
    run = tell(database_engine, name, Batch((record("a"), gone("b")), "1"))
    assert (run.state, run.received, run.unchanged, run.retired) == ("done", 1, 1, 1)


def test_records_that_are_as_they_were_stand_without_being_given(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a"), unreadable("b"), record("c")])
    run = tell(database_engine, name, Batch((same("a"), same("b"), record("c"), same("never")), "1"))
    assert (run.state, run.received, run.unchanged, run.failed, run.retired) == ("done", 3, 2, 1, 0)
    assert run.saved == {"http": 2, "record": 1}


def test_the_report_says_what_told_that_nothing_changed(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a"), record("b")])
    by_http = tell(database_engine, name, NotModified("x", "http"))
    assert (by_http.received, by_http.unchanged, by_http.saved) == (2, 2, {"http": 2}) and "304" in by_http.message
    by_bytes = tell(database_engine, name, NotModified("x", "document"))
    assert by_bytes.saved == {"document": 2} and "same bytes" in by_bytes.message


def test_a_change_of_volatile_fields_alone_is_no_change(database_engine: Engine) -> None:
    name = new_source(database_engine, volatile=["modified"])
    visit(database_engine, name, [record("a", modified="2024-05-01"), record("b")])
    lines = len(log(database_engine))
    run = visit(database_engine, name, [record("a", modified="2024-05-02"), record("b")])
    assert (run.unchanged, run.updated) == (2, 0)
    assert len(log(database_engine)) == lines
    other = visit(database_engine, name, [record("a", "Other words", modified="2024-05-03"), record("b")])
    assert other.updated == 1
    found = entry(database_engine, name, "a")
    assert found and found.dataset.modified and "2024-05-03" in str(found.dataset.modified)


def test_each_record_is_recognised_where_the_protocol_has_no_standard(database_engine: Engine) -> None:
    name = new_source(database_engine)
    package = {
        "id": "p",
        "name": "p",
        "title": "Package",
        "resources": [],
        "organization": None,
        "metadata_created": "2024-01-01",
    }
    run = tell(database_engine, name, Batch((record("a"), Record(package, "p"), Record("no data", "x")), "1"), default="")
    assert (run.added, run.failed) == (2, 1)
    with database.reading(database_engine) as session:
        rows = {row.identifier: row for row in session.exec(select(RecordRow))}
        assert (rows["a"].standard, rows["p"].standard, rows["x"].standard) == (STANDARD, "ckan", "")
        rules = [one.rule for one in session.exec(select(FindingRow).where(FindingRow.record_id == rows["x"].id))]
        assert rules == ["record/unrecognised"]


def test_what_the_owner_says_of_the_standard_goes_first(database_engine: Engine) -> None:
    name = new_source(database_engine, standard="ckan")
    tell(database_engine, name, Batch((Record(record("a").body, "a", standard=STANDARD),), "1"))
    with database.reading(database_engine) as session:
        assert session.exec(select(RecordRow)).one().standard == "ckan"


def test_faults_of_the_form_are_told_with_those_of_the_check(database_engine: Engine) -> None:
    name = new_source(database_engine)
    fault = Finding(rule="record/unreadable", severity="error", path="line 3", value="<x>")
    tell(database_engine, name, Batch((Record(record("a").body, "a", faults=(fault,)),), "1"))
    with database.reading(database_engine) as session:
        found = session.exec(select(FindingRow).order_by(FindingRow.position)).first()  # type: ignore[arg-type]
        assert found and (found.rule, found.path) == ("record/unreadable", "line 3")


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ({"a": 1, "modified": "x"}, {"a": 1, "modified": "y"}, ["modified"]),
        ({"a": [{"seen": 1, "b": 2}]}, {"a": [{"seen": 2, "b": 2}]}, ["a.seen"]),
        (
            {"sheet": "s", "row": 3, "cells": [["A3", "名称", "甲"], ["B3", "访问量", "1"]]},
            {"sheet": "s", "row": 3, "cells": [["A3", "名称", "甲"], ["B3", "访问量", "2"]]},
            ["访问量"],
        ),
        (
            b'<g:a xmlns:g="u"><g:stamp x="1">1</g:stamp><b/></g:a>',
            b'<g:a xmlns:g="u"><g:stamp>2</g:stamp><b/></g:a>',
            ["stamp"],
        ),
        (b'<a seen="1"><b/></a>', b'<a seen="2"><b/></a>', ["seen"]),
        (
            b'<urn:d> <http://purl.org/dc/terms/modified> "1" .\n<urn:d> <urn:t> "x" .\n',
            b'<urn:d> <http://purl.org/dc/terms/modified> "2" .\n<urn:d> <urn:t> "x" .\n',
            ["modified"],
        ),
    ],
)
def test_volatile_fields_of_every_form(one: Any, other: Any, names: list[str]) -> None:
    def raw(body: Any) -> bytes:
        return body if isinstance(body, bytes) else json.dumps(body).encode()

    assert steady(one, raw(one), names) == steady(other, raw(other), names)
    assert steady(one, raw(one), ["else"]) != steady(other, raw(other), ["else"])


def test_the_same_bytes_without_validators_are_not_read_again(tmp_path: Path) -> None:
    with Hostile({"/d": in_turn(says(b"[1]"), says(b"[1]"), says(b"[2]"))}) as server:
        url = f"{server.url}/d"
        with Web(internal=True) as web, web.spool(url) as spool:
            assert spool.size == 3
            known = dict(web.fresh_validators)
        with Web(internal=True, validators=known) as web, pytest.raises(NotModified) as told, web.spool(url):
            pass
        assert told.value.by == "document" and web.fresh_validators == known
        with Web(internal=True, validators=known) as web, web.spool(url) as spool:
            assert spool.whole() == b"[2]"


def test_incremental_runs_go_on_until_a_full_one_is_due() -> None:
    validators: dict[str, dict[str, str]] = {}
    starts = []
    for number in range(6):
        with Web(validators=validators) as web:
            since = Since.of(web, "k", 3)
            starts.append(since.start)
            since.remember(f"2026-01-0{number + 1}T00:00:00Z")
            validators = web.fresh_validators
    first, second, fourth, fifth = (f"2026-01-0{day}T00:00:00Z" for day in (1, 2, 4, 5))
    assert starts == [None, first, second, None, fourth, fifth]
    assert Since.of(Web(validators=validators), "k", 1).start is None
    assert earlier("2026-01-01T00:10:00Z", 20) == "2025-12-31T23:50:00Z"
    assert earlier("2026-01-01T08:00:00+08:00", 0) == "2026-01-01T00:00:00Z"
