"""Departments: made, changed, counted, removed."""

import pytest
from sqlalchemy import Engine

from metadata import database, departments
from metadata.errors import Conflict, Invalid, NotFound
from tests.harvests import new_source, record, visit


def test_a_department_is_made_and_changed_in_what_is_given(database_engine: Engine) -> None:
    with database.writing(database_engine) as session:
        made = departments.put_organization(session, "health", {"zh": "卫生局"}, homepage="https://h.example")
        number = made.id
        changed = departments.put_organization(session, "health", description={"en": "About"}, code="12345")
        assert (changed.id, changed.title, changed.homepage, changed.description, changed.code) == (
            number,
            {"zh": "卫生局"},
            "https://h.example",
            {"en": "About"},
            "12345",
        )
        assert departments.put_organization(session, "plain").title == {"und": "plain"}
        assert departments.put_organization(session, "office", parent="health").parent == "health"
        assert departments.put_organization(session, "office2", parent=number).parent == "health"  # by its id too
        session.commit()
    with database.reading(database_engine) as session:
        assert [row.name for row in departments.organizations(session)] == ["health", "office", "office2", "plain"]
        assert departments.organization(session, "health").id == departments.organization(session, number).id == number


@pytest.mark.parametrize("name", ["", "x", "X", "公交", "a b", "-a", "a" * 101, "a/b", "a\n", "_a", "a.b"])
def test_a_name_that_is_no_word_for_a_url_is_refused_with_a_suggestion(database_engine: Engine, name: str) -> None:
    with database.writing(database_engine) as session, pytest.raises(Invalid) as told:
        departments.put_organization(session, name)
    assert told.value.place == "name" and "2 to 100" in told.value.remedy
    if name == "公交":
        assert "gong-jiao" in told.value.remedy


def test_only_published_datasets_are_counted(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0, admits="valid")
    faulty = record("f", "Faulty", modified="-")
    visit(database_engine, name, [record("a"), record("b"), record("c"), faulty])
    visit(database_engine, name, [record("a"), record("b"), faulty])
    with database.writing(database_engine) as session:
        assert departments.dataset_counts(session) == {"transport": 2}
        with pytest.raises(Conflict):
            departments.remove_organization(session, "transport")
        with pytest.raises(NotFound):
            departments.remove_organization(session, "nope")
        with pytest.raises(Invalid, match="own parent"):
            departments.put_organization(session, "transport", parent="transport")
        departments.put_organization(session, "empty")
        departments.remove_organization(session, "empty")
        with pytest.raises(NotFound):
            departments.organization(session, "empty")


def test_a_department_with_others_under_it_is_not_removed(database_engine: Engine) -> None:
    with database.writing(database_engine) as session:
        departments.put_organization(session, "above")
        departments.put_organization(session, "below", parent="above")
        with pytest.raises(Conflict):
            departments.remove_organization(session, "above")


def test_departments_form_no_circle(database_engine: Engine) -> None:
    with database.writing(database_engine) as session:
        departments.put_organization(session, "one")
        departments.put_organization(session, "two", parent="one")
        departments.put_organization(session, "three", parent="two")
        with pytest.raises(Invalid):
            departments.put_organization(session, "one", parent="three")
