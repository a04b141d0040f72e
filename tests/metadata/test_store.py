"""Looking things up: names, ids, states, cursors; and datasets that turn out to be the same under another identifier."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from harvesters.base import Record
from metadata import database, store
from metadata.errors import Gone, NotFound
from metadata.tables import Alias, RecordRow
from tests.harvests import entry, log, new_source, published, record, visit


def linked(identifier: str, title: str, link: str, **more: object) -> Record:
    """A record that can be recognised by its link under another identifier."""
    one = {"@type": "dcat:Distribution", "downloadURL": link, "mediaType": "text/csv"}
    return record(identifier, title, description="The same words.", distribution=[one], **more)


def test_a_dataset_is_found_by_name_and_by_id(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a", "Bus lines"), record("b")])
    visit(database_engine, name, [record("b")])
    kept, gone = entry(database_engine, name, "b"), entry(database_engine, name, "a")
    assert kept and gone
    with database.reading(database_engine) as session:
        assert store.get(session, kept.name) == store.get(session, kept.id) == store.find(session, kept.id) == kept
        assert store.get(session, kept.name + "\x00").id == kept.id
        for word in (gone.name, gone.id):
            with pytest.raises(Gone):
                store.get(session, word)
            assert store.find(session, word) == gone
        for word in ("nope", "", "\x00", "号", "a" * 5000, "%", "_"):
            assert store.find(session, word) is None
            with pytest.raises(NotFound):
                store.get(session, word)
        assert store.entries(session, [kept.id, "nope", gone.id]) == {kept.id: kept, gone.id: gone}
        assert store.find_identifier(session, "transport", "b") == kept
        assert store.find_identifier(session, "transport", "nope") is store.find_identifier(session, "nope", "b") is None


def test_listings_page_to_the_end_in_every_state(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    other = new_source(database_engine, "other", organization=None)
    visit(database_engine, name, [record(f"r{n}") for n in range(23)])
    visit(database_engine, other, [record(f"o{n}") for n in range(4)])
    visit(database_engine, name, [record(f"r{n}") for n in range(20)])
    with database.reading(database_engine) as session:
        for given, count in (
            ({}, 24),
            ({"state": None}, 27),
            ({"state": "retired"}, 3),
            ({"source": name}, 20),
            ({"organization": "transport"}, 20),
            ({"source": "nope"}, 0),
            ({"source": other, "organization": "transport"}, 0),
        ):
            whole = [one.name for one in store.listing(session, limit=1000, **given)]  # type: ignore[arg-type]
            assert len(whole) == len(set(whole)) == count == store.count(session, **given), given  # type: ignore[arg-type]
            walked: list[str] = []
            while page := store.listing(session, after=walked[-1] if walked else None, limit=7, **given):  # type: ignore[arg-type]
                walked += [one.name for one in page]
            assert walked == whole
            assert [
                one.name for start in range(0, 30, 9) for one in store.listing(session, offset=start, limit=9, **given)
            ] == whole  # type: ignore[arg-type]
        assert store.names(session) == [one.name for one in store.listing(session, limit=1000)]
        assert store.names(session, limit=5, offset=20) == store.names(session)[20:]
        ids = list(store.ids(session))
        assert len(ids) == 24 and ids == sorted(ids)


def test_changes_are_read_in_order_from_any_line(database_engine: Engine) -> None:
    visit(database_engine, new_source(database_engine), [record(str(n)) for n in range(9)])
    with database.reading(database_engine) as session:
        assert store.last_sequence(session) == 9
        walked: list[int] = []
        while page := store.changes(session, walked[-1] if walked else 0, 4):
            walked += [line.sequence for line in page]
        assert walked == list(range(1, 10))


def test_namesakes_get_names_of_their_own_always_alike(database_engine: Engine) -> None:
    titles = ["Bus lines", "Bus lines", "bus LINES!", "公共交通", "公共交通", "!!!", "???", "x", "W" * 300, "W" * 299]
    records = [record(f"id-{n}", title) for n, title in enumerate(titles)]
    name = new_source(database_engine)
    run = visit(database_engine, name, records, batch=3)
    assert (run.state, run.added) == ("done", len(titles))
    names = [found.name for n in range(len(titles)) if (found := entry(database_engine, name, f"id-{n}"))]
    assert len(set(names)) == len(titles) and names[0] == "bus-lines" and names[3] == "gong-gong-jiao-tong"
    assert all(2 <= len(one) <= 100 and one.isascii() for one in names)
    other = new_source(database_engine, "other")
    assert visit(
        database_engine, other, [record(f"id-{n}", title, description="Other") for n, title in enumerate(titles)], batch=20
    ).added == len(titles)


@pytest.mark.parametrize(
    "identifier",
    [
        "a\x00b",
        "x" * 5000,
        "号" * 1000,
        "\ud800half",
        "a/b",
        "..",
        "../../etc/passwd",
        " spaced ",
        "a\nb",
        "%s",
        "'; DROP TABLE record; --",
        "🚌" * 700,
        "-",
        "0",
    ],
)
def test_any_identifier_can_be_stored_and_met_again(database_engine: Engine, identifier: str) -> None:
    name = new_source(database_engine)
    one = Record(record("x", "Words").body, identifier)
    assert visit(database_engine, name, [one, record("other")]).added == 2
    again = visit(database_engine, name, [one, record("other")])
    assert (again.state, again.unchanged, again.duplicates) == ("done", 2, 0)


@pytest.mark.parametrize(
    "field",
    [
        {"x": 10**30},
        {"x": "\ud800"},
        {"x\x00y": "\x00"},
        {"title": "a\x00b"},
        {"title": "\ud83d half"},
        {"keyword": ["\ud800"]},
        {"keyword": [10**25]},
        {"modified": "\x00"},
        {"modified": -(2**70)},
        {"contactPoint": {"fn": "\udfff", "hasEmail": "\x00"}},
        {"publisher": {"name": 1e308 * 10}},
        {"\ud800": 1},
        {"spatial": float("nan")},
        {"distribution": [{"downloadURL": "\x00\ud800"}] * 3},
        {"description": "x" * 65_280},
        {"accrualPeriodicity": "R/P1Y"},
        {"theme": [[[[["deep"]]]]]},
    ],
)
def test_any_value_can_be_stored_or_fails_its_record_alone(database_engine: Engine, field: dict[str, object]) -> None:
    name = new_source(database_engine)
    odd = Record({**record("odd", "Odd").body, **field}, "odd")
    run = visit(database_engine, name, [record("a"), odd, record("b")], batch=3)
    assert (run.state, run.received, run.added + run.failed) == ("done", 3, 3), run.message
    again = visit(database_engine, name, [record("a"), odd, record("b")], batch=3)
    assert (again.state, again.unchanged + again.failed) == ("done", 3), again.message
    with database.reading(database_engine) as session:
        row = session.exec(select(RecordRow).where(RecordRow.identifier == "odd")).one()
        assert store.body(session, row.digest) and store.findings_of(session, row.id) is not None


def test_a_changed_identifier_is_a_rename(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=0.0)
    visit(database_engine, name, [linked("old", "Bus lines", "https://x/bus.csv"), record("b")])
    before = entry(database_engine, name, "old")
    run = visit(database_engine, name, [linked("new", "Bus lines", "https://x/bus.csv", keyword=["other"]), record("b")])
    assert (run.state, run.received, run.renamed, run.added, run.unchanged, run.retired) == ("done", 2, 1, 0, 1, 0)
    after = entry(database_engine, name, "new")
    assert before and after and (after.id, after.name, after.created) == (before.id, before.name, before.created)
    assert (after.identifier, after.dataset.identifier, after.state) == ("new", "new", "published")
    assert entry(database_engine, name, "old") is None and sorted(published(database_engine)) == ["b", "new"]
    with database.reading(database_engine) as session:
        history = store.history(session, after.id)
        assert [line.action for line in history] == ["renamed", "added"] and history[0].before == before.digest
        aliases = {(row.kind, row.value): row.dataset_id for row in session.exec(select(Alias))}
        assert aliases[("identifier", "old")] == after.id
        (other_name,) = [value for kind, value in aliases if kind == "name"]
        assert store.get(session, other_name).id == after.id  # the name it had for a moment leads to it
    again = visit(database_engine, name, [linked("new", "Bus lines", "https://x/bus.csv", keyword=["other"]), record("b")])
    assert (again.renamed, again.unchanged, again.retired) == (0, 2, 0)
    back = visit(database_engine, name, [linked("old", "Bus lines", "https://x/bus.csv"), record("b")])
    returned = entry(database_engine, name, "old")
    assert (back.renamed, back.added, back.retired) == (1, 0, 0) and returned and returned.id == before.id
    assert log(database_engine)


def test_what_is_alike_more_than_once_is_no_rename(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [linked("old-1", "Bus", "https://x/1"), linked("old-2", "Bus", "https://x/1"), record("b")])
    two_old = visit(database_engine, name, [linked("new", "Bus", "https://x/1"), record("b")])
    assert (two_old.renamed, two_old.added, two_old.retired) == (0, 1, 2)
    two_new = visit(
        database_engine, name, [linked("n-1", "Bus", "https://x/1"), linked("n-2", "Bus", "https://x/1"), record("b")]
    )
    assert (two_new.renamed, two_new.added, two_new.retired) == (0, 2, 1)


def test_another_title_publisher_or_link_is_no_rename(database_engine: Engine) -> None:
    for number, other in enumerate(
        (
            linked("new", "Tram", "https://x/1"),
            linked("new", "Bus", "https://x/2"),
            linked("new", "Bus", "https://x/1", publisher={"name": "County"}),
        )
    ):
        name = new_source(database_engine, f"s{number}", retire_limit=1.0)
        visit(database_engine, name, [linked("old", "Bus", "https://x/1"), record("b")])
        run = visit(database_engine, name, [other, record("b")])
        assert (run.renamed, run.added, run.retired) == (0, 1, 1), number


def test_another_source_with_the_same_dataset_is_no_rename(database_engine: Engine) -> None:
    one, two = new_source(database_engine, "one", retire_limit=1.0), new_source(database_engine, "two")
    visit(database_engine, one, [linked("old", "Bus", "https://x/1"), record("b")])
    run = visit(database_engine, two, [linked("new", "Bus", "https://x/1")])
    assert (run.renamed, run.added) == (0, 1)
    assert visit(database_engine, one, [record("b")]).retired == 1


def test_renames_do_not_count_against_the_limit_but_the_rest_does(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=0.0)
    visit(database_engine, name, [linked(f"old-{n}", f"Bus {n}", f"https://x/{n}") for n in range(10)], batch=5)
    moved = [linked(f"new-{n}", f"Bus {n}", f"https://x/{n}") for n in range(10)]
    held = visit(database_engine, name, moved[:9], batch=5)
    assert (held.state, held.renamed, held.retired, held.added) == ("held", 9, 0, 0)
    done = visit(database_engine, name, moved, batch=5)
    assert (done.state, done.renamed, done.unchanged, done.retired) == ("done", 1, 9, 0)
    assert len(published(database_engine)) == 10
