"""A commit that fails is an error to the client, never a 200 (FastAPI ends a plain `yield` dependency after the answer)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from metadata import database, departments
from tests.catalog_api.conftest import Site
from tests.harvests import body, new_source


@pytest.fixture
def failing(any_site: Site) -> Iterator[Site]:
    """A site whose database refuses each commit of something new."""
    with database.writing(any_site.engine) as session:
        session.commit()
    new_source(any_site.engine, "roads")

    def refuse(connection: object) -> None:
        if connection.get_execution_options().get("writes"):  # type: ignore[attr-defined]
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    event.listen(Engine, "commit", refuse)
    yield any_site
    event.remove(Engine, "commit", refuse)


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("PUT", "/api/v1/organizations/new", {}),
        ("DELETE", "/api/v1/organizations/health", None),
        ("PUT", "/api/v1/sources/new", {"url": "https://x.example", "protocol": "dcat_us"}),
        ("DELETE", "/api/v1/sources/roads", None),
        ("POST", "/api/v1/sources/roads/runs", None),
        ("PUT", "/api/v1/organizations/transport/datasets/a", body("a")),
    ],
)
def test_a_failed_commit_is_told(failing: Site, method: str, path: str, sent: object) -> None:
    answer = failing.client.request(method, path, json=sent, headers=failing.headers())
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json"), answer.text
    assert answer.headers["retry-after"]
    with database.reading(failing.engine) as session:
        assert {row.name for row in departments.organizations(session)} == {"transport", "health"}
        for table, count in (("source", 1), ("run", 0), ("dataset", 0), ("change", 0)):
            assert session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar() == count


def test_what_fails_half_way_leaves_nothing(any_site: Site) -> None:
    """The dataset is placed, then the answer cannot be made: neither is there."""
    wrong = any_site.client.put(
        "/api/v1/organizations/transport/datasets/a?standard=nope", json=body("a"), headers=any_site.headers()
    )
    assert wrong.status_code == 404
    with database.reading(any_site.engine) as session:
        assert session.connection().execute(text("SELECT count(*) FROM source")).scalar() == 0
