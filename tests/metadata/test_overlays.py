"""Overlays: what a person changes of a harvested dataset survives the harvests, and shows where the source says otherwise."""

from typing import Any

import pytest
from sqlalchemy import Engine

from metadata import bodies, database, model, overlays, store
from metadata.entry import Entry
from metadata.errors import Invalid, NotFound
from metadata.tables import Overlay
from search.document import document
from tests.harvests import entry, log, new_source, record, visit


def curated(engine: Engine, fields: dict[str, Any], identifier: str = "a", note: str = "") -> list[str]:
    """Sets fields of a dataset; the names of those that changed."""
    one = entry(engine, "roads", identifier)
    assert one is not None
    with database.writing(engine) as session:
        changed = overlays.put(session, one.id, fields, "token:ada", note)
        session.commit()
    return changed


def harvested(engine: Engine, **more: Any) -> Entry:
    """The dataset `a` of the source `roads`, as the directory has it after a visit."""
    visit(engine, new_source(engine), [record("a", **more), record("b")])
    found = entry(engine, "roads", "a")
    assert found is not None
    return found


def layer(engine: Engine, one: Entry, field: str) -> overlays.Layer:
    with database.reading(engine) as session:
        return next(layer for layer in overlays.layers(session, one.id) if layer.overlay.field == field)


def test_a_change_is_laid_over_wherever_a_dataset_is_read(database_engine: Engine) -> None:
    before = harvested(database_engine)
    assert curated(database_engine, {"title": {"zh": "公交线路"}, "keyword": {"zh": ["公交"]}}, note="clearer") == [
        "title",
        "keyword",
    ]
    now = entry(database_engine, "roads", "a")
    assert now is not None
    assert (now.dataset.title, now.dataset.keyword, now.curated) == (
        {"zh": "公交线路"},
        {"zh": ("公交",)},
        ("keyword", "title"),
    )
    assert now.dataset.description == before.dataset.description and now.digest == before.digest
    with database.reading(database_engine) as session:
        assert store.get(session, now.name) == now == store.find_identifier(session, "transport", "a")
        assert next(one for one in store.listing(session) if one.id == now.id) == now
        untouched = entry(database_engine, "roads", "b")
        assert untouched and untouched.curated == ()
        made = document(now)
        assert made.sequence == now.sequence > before.sequence


def test_the_log_tells_who_and_keeps_both_descriptions(database_engine: Engine) -> None:
    before = harvested(database_engine)
    curated(database_engine, {"title": {"en": "Bus lines"}})
    line = log(database_engine)[-1]
    assert (line.actor, line.action, line.dataset_id, line.before) == ("token:ada", "curated", before.id, before.digest)
    with database.reading(database_engine) as session:
        shown = model.decode(bodies.fetch(session, line.after or ""))
    assert shown.title == {"en": "Bus lines"}
    now = entry(database_engine, "roads", "a")
    assert now and now.dataset == shown and now.sequence == line.sequence and now.updated > before.updated


def test_the_next_harvest_changes_what_lies_beneath_and_shows_the_conflict(database_engine: Engine) -> None:
    first = harvested(database_engine)
    curated(database_engine, {"title": {"en": "Mine"}, "description": {"en": "Mine too"}})
    run = visit(database_engine, "roads", [record("a", "Theirs", keyword=["new word"]), record("b")])
    assert run.updated == 1
    now = entry(database_engine, "roads", "a")
    assert now and now.dataset.title == {"en": "Mine"} and now.dataset.keyword == {"und": ("new word",)}
    title, description = layer(database_engine, first, "title"), layer(database_engine, first, "description")
    assert (title.conflict, description.conflict) == (True, False)
    assert (title.beneath, title.overlay.base) == ({"und": "Theirs"}, {"und": "Title a"})
    with database.reading(database_engine) as session:
        found = overlays.conflicts(session, run.id or 0)
    assert [(one.overlay.dataset_id, one.overlay.field) for one in found] == [(first.id, "title")]


def test_a_conflict_is_decided_for_the_person_or_for_the_source(database_engine: Engine) -> None:
    first = harvested(database_engine)
    curated(database_engine, {"title": {"en": "Mine"}}, note="why")
    visit(database_engine, "roads", [record("a", "Theirs"), record("b")])
    with database.writing(database_engine) as session:
        overlays.keep(session, first.id, "title", "token:bob")
        session.commit()
    kept = layer(database_engine, first, "title")
    assert (kept.conflict, kept.overlay.value, kept.overlay.base) == (False, {"en": "Mine"}, {"und": "Theirs"})
    assert (kept.overlay.author, kept.overlay.note) == ("token:bob", "why")
    visit(database_engine, "roads", [record("a", "Theirs again"), record("b")])
    assert layer(database_engine, first, "title").conflict
    with database.writing(database_engine) as session:
        overlays.remove(session, first.id, "title", "token:bob")
        session.commit()
    now = entry(database_engine, "roads", "a")
    assert now and now.dataset.title == {"und": "Theirs again"} and now.curated == ()
    actions = [one.action for one in log(database_engine) if one.dataset_id == first.id]
    assert actions == ["added", "curated", "updated", "curated", "updated", "curated"]


def test_a_field_is_emptied_and_given_back(database_engine: Engine) -> None:
    first = harvested(database_engine, landingPage="https://roads.example/a")
    assert first.dataset.landing_page
    curated(database_engine, {"landing_page": None})
    now = entry(database_engine, "roads", "a")
    assert now and now.dataset.landing_page is None and now.curated == ("landing_page",)
    assert layer(database_engine, first, "landing_page").beneath == "https://roads.example/a"
    with database.writing(database_engine) as session:
        overlays.remove(session, first.id, "landing_page", "token:ada")
        session.commit()
    back = entry(database_engine, "roads", "a")
    assert back and back.dataset == first.dataset


def test_the_same_change_again_is_no_change(database_engine: Engine) -> None:
    harvested(database_engine)
    curated(database_engine, {"title": {"en": "Mine"}})
    before = len(log(database_engine))
    assert curated(database_engine, {"title": {"en": "Mine"}}) == []
    assert len(log(database_engine)) == before


def test_overlays_stay_through_retiring_and_coming_back(database_engine: Engine) -> None:
    first = harvested(database_engine)
    curated(database_engine, {"title": {"en": "Mine"}})
    visit(database_engine, "roads", [record("b")], accept_retire=True)
    gone = entry(database_engine, "roads", "a")
    assert gone and gone.state == "retired"
    visit(database_engine, "roads", [record("a"), record("b")])
    back = entry(database_engine, "roads", "a")
    assert back and (back.id, back.dataset.title, back.state) == (first.id, {"en": "Mine"}, "published")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"identifier": "b"}, "identifier"),
        ({"uri": "https://x.example"}, "uri"),
        ({"nope": 1}, "no such field"),
        ({"title": {}}, "needs a title"),
        ({"title": None}, "needs a title"),
        ({"title": {"zh": "  "}}, "needs a title"),
        ({"title": "plain"}, "does not fit"),
        ({"keyword": ["a"]}, "does not fit"),
        ({"distribution": [{"access_url": "https://x.example", "foo": 1}]}, "distribution"),
        ({"distribution": [{"byte_size": "big"}]}, "byte_size"),
        ({"sharing": {"kind": "sometimes"}}, "sharing"),
        ({"modified": "yesterday"}, "no date"),
        ({"issued": "2024-13"}, "no date"),
        ({"description": {"zh": "a\x00b"}}, "NUL"),
        ({"description": {"zh": "\ud800"}}, "description"),
    ],
)
def test_what_the_model_does_not_take_is_refused_whole(database_engine: Engine, fields: dict[str, Any], says: str) -> None:
    harvested(database_engine)
    before = len(log(database_engine))
    with pytest.raises(Invalid, match=says):
        curated(database_engine, {"description": {"en": "fine"}, **fields})
    now = entry(database_engine, "roads", "a")
    assert now and now.curated == () and len(log(database_engine)) == before


def test_what_nobody_changed_is_not_given_back(database_engine: Engine) -> None:
    first = harvested(database_engine)
    with database.writing(database_engine) as session, pytest.raises(NotFound):
        overlays.remove(session, first.id, "title", "token:ada")
    with database.writing(database_engine) as session, pytest.raises(NotFound):
        overlays.keep(session, first.id, "title", "token:ada")


def test_an_overlay_that_the_model_no_longer_takes_does_not_stand_in_the_way(database_engine: Engine) -> None:
    first = harvested(database_engine)
    with database.writing(database_engine) as session:
        session.add(Overlay(dataset_id=first.id, field="keyword", value="an older form", base=None, author="x", at="2026"))
        session.commit()
    now = entry(database_engine, "roads", "a")
    assert now and now.dataset == first.dataset and now.curated == ()
