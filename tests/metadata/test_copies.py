"""The same dataset from several sources: which rule links it, which one is canonical, and what a person decides."""

from typing import Any

import pytest
from sqlalchemy import Engine

from harvesters.base import Record
from metadata import copies, database, departments, marks, sameness
from metadata.errors import Conflict, Invalid, NotFound
from metadata.model import Agent, Dataset, Distribution
from metadata.tables import DatasetRow
from tests.harvests import entry, log, new_source, record, visit

UUID = "6f0a6a9e-1d8a-4b7a-9d3b-2f6f1c9b7a11"


def file(url: str) -> dict[str, Any]:
    return {"@type": "dcat:Distribution", "downloadURL": url, "mediaType": "text/csv"}


def source(engine: Engine, name: str, **given: Any) -> str:
    return new_source(engine, name, **{"url": f"https://{name}.example/data.json", "retire_limit": 1.0, **given})


def gathered(engine: Engine, name: str, records: list[Record]) -> None:
    """A visit of a source, and the step that follows it."""
    run = visit(engine, name, records)
    assert run.state == "done", run.message
    followed(engine)


def followed(engine: Engine) -> None:
    with database.writing(engine) as session:
        while copies.follow(session):
            session.commit()


def links(engine: Engine) -> dict[tuple[str, str], tuple[tuple[str, str] | None, str]]:
    """`(source, identifier)` → of what it is a copy and by which rule, for all that is no plain dataset. No circles."""
    with database.reading(engine) as session:
        names = {row.id: row for row in copies._rows(session, [one.dataset_id for one in log(engine)])}
        own = {key: _place(session, row) for key, row in names.items()}
        for row in names.values():
            assert copies.canonical(session, row).copy_of is None
        return {
            own[row.id]: (own[row.copy_of] if row.copy_of else None, row.copy_rule or "")
            for row in names.values()
            if row.copy_of or row.copy_rule
        }


def _place(session: Any, row: DatasetRow) -> tuple[str, str]:
    from metadata.tables import Source

    found = session.get(Source, row.source_id)
    return (found.name if found else "", row.identifier)


def by_hand(engine: Engine, one: tuple[str, str], other: tuple[str, str] | None) -> None:
    row = entry(engine, *one)
    target = entry(engine, *other) if other else None
    assert row
    with database.writing(engine) as session:
        if target:
            copies.link_by_hand(session, row.id, target.id, "token:ada")
        else:
            copies.unlink_by_hand(session, row.id, "token:ada")
        session.commit()


@pytest.mark.parametrize(
    ("city", "state"),
    [
        ({"identifier": UUID}, {"guid": UUID.upper()}),
        ({"identifier": f"urn:uuid:{UUID}"}, {"identifier": "x", "uri": f"https://city.example/dataset/{UUID}"}),
        ({"identifier": "https://city.example/id/9"}, {"uri": "http://City.example/id/9/"}),
        ({"identifier": "https://doi.org/10.5072/AB.9"}, {"doi": "doi:10.5072/ab.9"}),
        ({"identifier": "urn:nbn:de:9"}, {"guid": "URN:NBN:de:9"}),
        ({"identifier": "https://city.example/id/9"}, {"harvest_source_reference": "https://city.example/id/9"}),
        ({"identifier": "https://city.example/id/9"}, {"source": ["https://city.example/id/9"]}),
    ],
)
def test_one_global_identifier_links_two_sources(database_engine: Engine, city: dict[str, Any], state: dict[str, Any]) -> None:
    own, theirs = city["identifier"], state.get("identifier", "7")
    gathered(database_engine, source(database_engine, "city"), [record(own, "Bus"), record("other")])
    told = {name: value for name, value in state.items() if name != "identifier"}
    gathered(database_engine, source(database_engine, "state"), [record(theirs, "Buses", **told), record("third")])
    assert links(database_engine) == {("state", theirs): (("city", own), "same-identifier")}


def test_one_title_and_landing_page_links_two_sources(database_engine: Engine) -> None:
    page = "https://city.example/bus"
    gathered(database_engine, source(database_engine, "city"), [record("a", "Bus  lines", landingPage=page), record("b")])
    gathered(database_engine, source(database_engine, "state"), [record("1", "bus lines", landingPage=f"{page}/"), record("2")])
    assert links(database_engine) == {("state", "1"): (("city", "a"), "same-page")}


def test_one_title_publisher_and_links_links_two_sources(database_engine: Engine) -> None:
    files = [file("https://city.example/bus.csv"), file("https://city.example/bus.json")]
    gathered(database_engine, source(database_engine, "city"), [record("a", "Bus", distribution=files)])
    gathered(database_engine, source(database_engine, "state"), [record("1", "Bus", distribution=files[::-1])])
    assert links(database_engine) == {("state", "1"): (("city", "a"), "same-content")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Bus"}, {"title": "Bus"}),  # neither page nor data
        ({"title": "Bus", "landingPage": "https://city.example/"}, {"title": "Bus", "landingPage": "https://city.example"}),
        (
            {"title": "Bus", "landingPage": "https://city.example/a"},
            {"title": "Trams", "landingPage": "https://city.example/a"},
        ),
        ({"guid": "00000000-0000-0000-0000-000000000000"}, {"guid": "00000000-0000-0000-0000-000000000000"}),
        ({"guid": "9"}, {"guid": "9"}),
        ({"harvest_source_url": "https://city.example"}, {"harvest_source_url": "https://city.example/"}),
        (
            {"title": "Bus", "distribution": [file("https://city.example/a.csv")]},
            {"title": "Bus", "distribution": [file("https://city.example/a.csv"), file("https://city.example/b.csv")]},
        ),
        (
            {"title": "Bus", "distribution": [file("https://city.example/a.csv")]},
            {
                "title": "Bus",
                "distribution": [file("https://city.example/a.csv")],
                "publisher": {"@type": "org:Organization", "name": "State"},
            },
        ),
    ],
)
def test_what_is_only_alike_is_not_linked(database_engine: Engine, one: dict[str, Any], other: dict[str, Any]) -> None:
    gathered(database_engine, source(database_engine, "city"), [record("a", **one)])
    gathered(database_engine, source(database_engine, "state"), [record("1", **other)])
    assert links(database_engine) == {}


def test_never_within_one_source_and_not_by_what_several_have(database_engine: Engine) -> None:
    page = "https://city.example/bus"
    gathered(
        database_engine,
        source(database_engine, "city"),
        [record("a", "Bus", landingPage=page), record("b", "Bus", landingPage=page), record(UUID, "Unique")],
    )
    gathered(database_engine, source(database_engine, "state"), [record("1", "Bus", landingPage=page), record("2", guid=UUID)])
    assert links(database_engine) == {("state", "2"): (("city", UUID), "same-identifier")}


def test_the_one_that_the_others_name_is_canonical(database_engine: Engine) -> None:
    from_city = {"harvest_source_url": "https://city.example/data.json", "harvest_source_title": "City portal"}
    gathered(database_engine, source(database_engine, "country", organization=None), [record("9", guid=UUID, **from_city)])
    gathered(database_engine, source(database_engine, "state"), [record("1", guid=UUID)])
    gathered(database_engine, source(database_engine, "city", organization=None), [record(UUID)])
    assert links(database_engine) == {
        ("country", "9"): (("city", UUID), "same-identifier"),
        ("state", "1"): (("city", UUID), "same-identifier"),
    }
    found = entry(database_engine, "country", "9")
    assert found and sameness.origins(found.dataset) == (sameness.Origin("https://city.example/data.json", "City portal"),)


def test_else_the_one_whose_department_is_the_publisher(database_engine: Engine) -> None:
    with database.writing(database_engine) as session:
        departments.put_organization(session, "city-hall", {"en": "City"})
        session.commit()
    gathered(database_engine, source(database_engine, "older"), [record("1", guid=UUID)])
    gathered(database_engine, source(database_engine, "own", organization="city-hall"), [record("2", guid=UUID)])
    assert links(database_engine) == {("older", "1"): (("own", "2"), "same-identifier")}


def test_else_the_one_with_the_shorter_way_else_the_older(database_engine: Engine) -> None:
    far = {"harvest_source_url": "https://elsewhere.example/feed"}
    gathered(database_engine, source(database_engine, "far"), [record("1", guid=UUID, **far)])
    gathered(database_engine, source(database_engine, "near"), [record("2", guid=UUID)])
    gathered(database_engine, source(database_engine, "late"), [record("3", guid=UUID)])
    assert links(database_engine) == {
        ("far", "1"): (("near", "2"), "same-identifier"),
        ("late", "3"): (("near", "2"), "same-identifier"),
    }


def test_a_loop_of_harvesting_ends_with_one_canonical(database_engine: Engine) -> None:
    for name, other in (("aa", "bb"), ("bb", "aa"), ("cc", "bb")):
        came = {"harvest_source_url": f"https://{other}.example/data.json"}
        gathered(database_engine, source(database_engine, name), [record(f"{name}-1", guid=UUID, **came)])
    assert links(database_engine) == {
        ("aa", "aa-1"): (("bb", "bb-1"), "same-identifier"),  # bb is named by two
        ("cc", "cc-1"): (("bb", "bb-1"), "same-identifier"),
    }


def test_a_chain_of_different_rules_points_to_one(database_engine: Engine) -> None:
    page = "https://city.example/bus"
    gathered(database_engine, source(database_engine, "city"), [record(UUID, "Bus")])
    gathered(database_engine, source(database_engine, "state"), [record("1", "Buses", guid=UUID, landingPage=page)])
    gathered(database_engine, source(database_engine, "country"), [record("2", "Buses", landingPage=page)])
    assert links(database_engine) == {
        ("state", "1"): (("city", UUID), "same-identifier"),
        ("country", "2"): (("city", UUID), "same-page"),
    }


def test_links_follow_what_changes_and_leaves(database_engine: Engine) -> None:
    for name in ("one", "two", "three"):
        gathered(database_engine, source(database_engine, name), [record(name, guid=UUID), record(f"{name}-b")])
    assert set(links(database_engine).values()) == {(("one", "one"), "same-identifier")}
    gathered(database_engine, "one", [record("one-b")])  # the canonical one is retired
    assert links(database_engine) == {("three", "three"): (("two", "two"), "same-identifier")}
    gathered(database_engine, "two", [record("two"), record("two-b")])  # it has no mark any more
    assert links(database_engine) == {}
    gathered(database_engine, "one", [record("one", guid=UUID), record("one-b")])
    assert links(database_engine) == {("three", "three"): (("one", "one"), "same-identifier")}
    told = [(one.action, one.actor) for one in log(database_engine) if one.action.endswith("linked")]
    assert told.count(("linked", "rules")) == 4 and told.count(("unlinked", "rules")) == 2


def test_nothing_is_written_twice_and_nothing_for_unchanged(database_engine: Engine) -> None:
    for name in ("one", "two"):
        gathered(database_engine, source(database_engine, name), [record(name, guid=UUID)])
    lines = len(log(database_engine))
    gathered(database_engine, "two", [record("two", guid=UUID)])
    followed(database_engine)
    assert len(log(database_engine)) == lines == 3, [(one.action, one.name, one.actor) for one in log(database_engine)]
    with database.reading(database_engine) as session:
        mark = marks.mark(session, copies.MARK)
        assert mark and mark.value == {"position": 3}


def test_what_a_person_linked_stays(database_engine: Engine) -> None:
    for name in ("one", "two", "three"):
        gathered(database_engine, source(database_engine, name), [record(name, guid=UUID if name != "three" else "x")])
    by_hand(database_engine, ("three", "three"), ("two", "two"))  # which is a copy of the first
    assert links(database_engine)[("three", "three")] == (("one", "one"), "person")
    gathered(database_engine, "three", [record("three", "Another title")])
    assert links(database_engine)[("three", "three")] == (("one", "one"), "person")
    line = next(one for one in reversed(log(database_engine)) if one.action == "linked")
    assert line.actor == "token:ada"


def test_a_person_turns_it_round(database_engine: Engine) -> None:
    for name in ("one", "two", "three"):
        gathered(database_engine, source(database_engine, name), [record(name, guid=UUID)])
    by_hand(database_engine, ("one", "one"), ("two", "two"))
    wanted = {
        ("one", "one"): (("two", "two"), "person"),
        ("three", "three"): (("two", "two"), "same-identifier"),
    }
    assert links(database_engine) == wanted
    for name in ("one", "two", "three"):
        gathered(database_engine, name, [record(name, "New words", guid=UUID)])
    assert links(database_engine) == wanted


def test_what_a_person_let_go_is_not_linked_again(database_engine: Engine) -> None:
    for name in ("one", "two", "three"):
        gathered(database_engine, source(database_engine, name), [record(name, guid=UUID)])
    by_hand(database_engine, ("one", "one"), None)
    wanted = {("one", "one"): (None, "person"), ("three", "three"): (("two", "two"), "same-identifier")}
    assert links(database_engine) == wanted
    for name in ("one", "two", "three"):
        gathered(database_engine, name, [record(name, "New words", guid=UUID)])
    assert links(database_engine) == wanted
    with pytest.raises(Conflict):
        by_hand(database_engine, ("one", "one"), None)
    row = entry(database_engine, "one", "one")
    with database.writing(database_engine) as session:
        copies.release(session, row.id if row else "", "token:ada")
        session.commit()
    assert links(database_engine) == {
        ("two", "two"): (("one", "one"), "same-identifier"),
        ("three", "three"): (("one", "one"), "same-identifier"),
    }


def test_what_cannot_be_decided_is_refused(database_engine: Engine) -> None:
    gathered(database_engine, source(database_engine, "one"), [record("a")])
    row = entry(database_engine, "one", "a")
    assert row
    with pytest.raises(Invalid, match="no copy of itself"):
        by_hand(database_engine, ("one", "a"), ("one", "a"))
    with database.writing(database_engine) as session, pytest.raises(NotFound):
        copies.release(session, row.id, "token:ada")


def test_people_linking_in_a_circle_leaves_no_circle(database_engine: Engine) -> None:
    for name in ("one", "two", "three"):
        gathered(database_engine, source(database_engine, name), [record(name)])
    by_hand(database_engine, ("one", "one"), ("two", "two"))
    by_hand(database_engine, ("two", "two"), ("three", "three"))
    by_hand(database_engine, ("three", "three"), ("one", "one"))
    found = links(database_engine)  # which looks for circles
    assert found[("three", "three")] == (("one", "one"), "person")
    assert ("one", "one") not in found


def test_a_withheld_dataset_is_not_put_before_a_published_one(database_engine: Engine) -> None:
    gathered(database_engine, source(database_engine, "one", admits="valid"), [record("one", guid=UUID, modified="not a date")])
    gathered(database_engine, source(database_engine, "two"), [record("two", guid=UUID)])
    assert links(database_engine) == {("one", "one"): (("two", "two"), "same-identifier")}


@pytest.mark.parametrize(
    "dataset",
    [
        Dataset(identifier="", title={}),
        Dataset(identifier="http://[", title={"und": "x"}, landing_page="http://a:b/c", uri="://", extra={"source": [1, None]}),
        Dataset(identifier="x" * 9000, title={"und": "\ud800"}, other_identifier=("10.1/", "urn:", "{}"), extra={"rdf": 5}),
        Dataset(
            identifier="a",
            title={"und": "x"},
            publisher=Agent(name={}),
            distribution=(Distribution(access_url="//x"), Distribution(download_url="http://localhost/y")),
            extra={"harvest": {"domain": "a b", "remote_url": 7}, "guid": {"a": 1}, "source": {"@id": "http://x.example/[1"}},
        ),
    ],
)
def test_odd_descriptions_have_no_marks_and_break_nothing(dataset: Dataset) -> None:
    found = sameness.marks(dataset)
    assert len(found.keyed) == len(set(found.values))
    assert all(0 <= key < 2**63 for key in found.keyed)
    sameness.origins(dataset)
