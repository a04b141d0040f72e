"""Domain errors as HTTP: each kind has its status, and what is unforeseen is still a problem document."""

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError

from catalog_api.errors import STATUS, answer, refusal, status_of
from metadata import errors
from tests.catalog_api.conftest import Site

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CatalogError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_domain_error_has_a_status_of_its_own(kind: type[errors.CatalogError]) -> None:
    status = status_of(kind("what"))
    assert 400 <= status < 500 or kind in (errors.Unavailable, errors.CatalogError)
    assert kind is errors.CatalogError or any(issubclass(kind, one) for one, _ in STATUS)
    made = answer(kind("what is wrong", place="there", value="v" * 500, remedy="do this"))
    assert made.status_code == status and made.media_type == "application/problem+json"
    assert b'"place":"there"' in made.body and b"v" * 201 not in made.body


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (IntegrityError("INSERT", {}, Exception("unique")), 409),
        (DataError("SELECT", {}, Exception("NUL")), 400),
        (StatementError("x", "SELECT", {}, TypeError("surrogates")), 400),
        (OperationalError("SELECT", {}, Exception("away")), 503),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), 400),
    ],
)
def test_what_a_database_refuses_is_told_in_our_words(problem: Exception, status: int) -> None:
    told = refusal(problem)
    assert status_of(told) == status and "SELECT" not in str(told) and "INSERT" not in str(told)


def test_a_database_that_is_away_is_503_and_something_unforeseen_500(site: Site) -> None:
    def refuse(problem: Exception) -> int:
        def listener(*_: object) -> None:
            raise problem

        event.listen(Engine, "before_cursor_execute", listener)
        try:
            answer = site.client.get("/api/v1/organizations")
        finally:
            event.remove(Engine, "before_cursor_execute", listener)
        assert answer.headers["content-type"] == "application/problem+json" and "secret" not in answer.text
        return answer.status_code

    assert refuse(OperationalError("SELECT secret", {}, Exception("secret gone"))) == 503
    assert refuse(RuntimeError("secret")) == 500
    assert site.client.get("/api/v1/organizations").status_code == 200


def test_a_visitor_gets_a_page_and_a_machine_a_problem(site: Site) -> None:
    page = site.client.get("/dataset/nope", headers={"Accept": "text/html"})
    assert page.status_code == 404 and page.headers["content-type"].startswith("text/html")
    for path in ("/api/v1/datasets/nope", "/api/v1/nope", "/catalog.nope"):
        problem = site.client.get(path, headers={"Accept": "text/html"})
        assert problem.status_code == 404 and problem.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_speaks_in_one_line(kind: type[errors.CatalogError]) -> None:
    said = str(kind("this is wrong", place="there", value=5, remedy="Do this."))
    assert said == "there: this is wrong (found: 5). Do this."
    assert str(kind("this is wrong")) == "this is wrong."
