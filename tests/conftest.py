"""Fixtures of the whole suite: real catalogue files and official schemas, where they are at hand."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from catalog_api.upgrade import upgrade
from metadata import database
from tests.elasticsearch import elasticsearch, elasticsearch_index  # noqa: F401  # fixtures
from tests.live import Live, served
from tests.postgres import Server, server

_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "mulu"


def _unpacked(variable: str, folder: str, command: str) -> Path:
    path = Path(os.environ.get(variable, _CACHE / folder))
    if not path.is_dir():
        pytest.skip(f"real files are not at hand: run `../shared/unpack {command}`, or set {variable}")
    return path


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real catalogue files, or a loud skip."""
    return _unpacked("MULU_CORPORA", "corpora", "corpora")


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder of official schemas and shapes, or a loud skip."""
    return _unpacked("MULU_STANDARDS", "standards", "standards")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI everything is at hand: a skipped test is a failure there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("MULU_NO_SKIP") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("a test was skipped, and MULU_NO_SKIP is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of our own, with a database `mulu_template` at this version's tables; a loud skip without one."""
    with server() as running:
        running.tell("DROP DATABASE IF EXISTS mulu_template")
        running.tell("CREATE DATABASE mulu_template")
        engine = database.connect(running.url("mulu_template"))
        upgrade(engine)
        engine.dispose()
        yield running
        running.tell("DROP DATABASE mulu_template")


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """The URL of a PostgreSQL database of the test's own, its tables made."""
    name = f"mulu_{os.urandom(6).hex()}"
    postgres.tell(f"CREATE DATABASE {name} TEMPLATE mulu_template")
    yield postgres.url(name)
    postgres.tell(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at this version's tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "mulu.db"
    engine = database.connect(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a SQLite database of the test's own, its tables made."""
    shutil.copy(sqlite_template, tmp_path / "mulu.db")
    return f"sqlite:///{tmp_path / 'mulu.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of the test's own, its tables made: once on SQLite, once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database_engine(database_url: str) -> Iterator[Engine]:
    """An engine on `database_url`."""
    engine = database.connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A real `mulu serve` with its worker, shared by the tests of a module (`tests/live.py`)."""
    with served(tmp_path_factory.mktemp("live")) as live:
        yield live
