"""A catalogue behind the API, in this process: real database, real index, real application."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from catalog_api.app import create
from catalog_api.auth import create_token
from catalog_api.settings import Settings
from metadata import database, departments
from search.engines import open_engine
from search.sync import sync
from tests.asking import Client, asking

SITE = "http://catalogue.example"
TOKENS = {
    "admin": (["admin"], None),
    "write": (["write"], None),
    "harvest": (["harvest"], None),
    "department": (["department"], "transport"),
    "other": (["department"], "health"),
}


@dataclass(frozen=True)
class Site:
    """The application's client, its database and settings, and a token for each scope."""

    client: Client
    engine: Engine
    settings: Settings
    tokens: dict[str, str]

    def headers(self, who: str = "admin") -> dict[str, str]:
        """What a request of this token's holder carries; nothing for `nobody`."""
        return {} if who == "nobody" else {"Authorization": f"Bearer {self.tokens[who]}"}

    def follow(self) -> None:
        """Lets the index take in what happened, as a worker would."""
        with database.reading(self.engine) as session:
            sync(session, open_engine(self.settings.search))


def settings_for(folder: Path, url: str = "") -> Settings:
    """Settings over a folder, whatever this machine's environment says."""
    given = {"data_dir": folder, "database_url": url, "site_url": SITE, "upload_limit_mib": 1}
    return Settings(**given, _env_file=None)  # type: ignore[arg-type, call-arg]


def opened(folder: Path, url: str) -> Iterator[Site]:
    """The application over this database, with two departments and a token for each scope."""
    settings = settings_for(folder, url)
    engine = database.connect(url)
    tokens = {}
    with database.writing(engine) as session:
        departments.put_organization(session, "transport", {"zh": "交通局", "en": "Transport"})
        departments.put_organization(session, "health", {"zh": "卫生局"})
        for name, (scopes, organization) in TOKENS.items():
            tokens[name] = create_token(session, name, scopes, organization)
        session.commit()
    with asking(create(settings), SITE) as client:
        yield Site(client, engine, settings, tokens)
    engine.dispose()


@pytest.fixture
def site(tmp_path: Path, sqlite_url: str) -> Iterator[Site]:
    """A catalogue on SQLite."""
    yield from opened(tmp_path / "data", sqlite_url)


@pytest.fixture
def any_site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """A catalogue on SQLite, and one on PostgreSQL."""
    yield from opened(tmp_path / "data", database_url)
