"""A real pycsw for tests: CSW 2.0.2 and 3.0, OAI-PMH, OpenSearch and OGC API Records over the records that it is given.

    with catalogue(sorted(folder.rglob("*.xml")), page=100) as server:
        server.csw, server.oai, server.records       addresses; `server.url` is the site's

pycsw wants an SQLAlchemy older than ours, so it lives in an environment of its own under the cache folder, made once with
pip; where that cannot be, a loud skip. `MULU_TEST_PYCSW` names the Python of another environment that has it. A database
that was filled once is kept beside it, and every server works on a copy of its own (`server.database`, SQLite).
"""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGES = (
    "geonode-pycsw==3.0.0b2",
    "sqlalchemy==1.4.54",
    "pygeofilter==0.2.1",
    "flask==3.1.3",
    "waitress==3.0.2",
    "owslib==0.35.0",
)
"""pycsw 3 as GeoNode publishes it: the one on the registry that serves OGC API Records."""

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "mulu" / "pycsw"
_SERVER = Path(__file__).parent / "pycsw_server.py"


@dataclass(frozen=True)
class Pycsw:
    """A running server: its site, and the database it serves."""

    url: str
    database: Path

    @property
    def csw(self) -> str:
        """The address of CSW 2.0.2 and 3.0."""
        return f"{self.url}/csw"

    @property
    def oai(self) -> str:
        """The address of OAI-PMH."""
        return f"{self.url}/oaipmh"

    @property
    def records(self) -> str:
        """The record collection of OGC API Records."""
        return f"{self.url}/collections/metadata:main"

    def identifiers(self) -> list[str]:
        """What is in it, in order."""
        return [str(row[0]) for row in self._ask("SELECT identifier FROM records ORDER BY identifier")]

    def remove(self, identifier: str) -> None:
        """Takes one record out."""
        self._ask("DELETE FROM records WHERE identifier = ?", identifier)

    def touch(self, identifier: str, stamp: str) -> None:
        """Says of one record that it was changed at this time."""
        self._ask("UPDATE records SET date_modified = ?, insert_date = ? WHERE identifier = ?", stamp, stamp, identifier)

    def _ask(self, statement: str, *given: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(statement, given).fetchall()


@contextmanager
def catalogue(files: Iterable[Path], *, page: int = 100) -> Iterator[Pycsw]:
    """A server with these records (one XML document a file), which gives at most `page` of them at a time."""
    python = environment()
    filled = _filled(python, list(files))
    with tempfile.TemporaryDirectory(prefix="mulu-pycsw-") as folder:
        database = Path(folder) / "records.db"
        shutil.copy(filled, database)
        with _running(python, database, page) as url:
            yield Pycsw(url, database)


@contextmanager
def _running(python: Path, database: Path, page: int) -> Iterator[str]:
    task = json.dumps({"serve": True, "database": str(database), "page": page})
    with (
        (database.parent / "errors.txt").open("w") as errors,
        subprocess.Popen(
            [python, "-I", _SERVER, task], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdin and process.stdout
        try:
            url = process.stdout.readline().strip()
            assert url.startswith("http"), (database.parent / "errors.txt").read_text()
            yield url
        finally:
            process.stdin.close()
            process.terminate()
            process.wait()


def environment() -> Path:
    """The Python that has pycsw; made when it is not there. Safe to call from several processes."""
    if given := os.environ.get("MULU_TEST_PYCSW"):
        return Path(given)
    folder = CACHE / hashlib.sha256(f"{sys.version_info[:2]}{PACKAGES}".encode()).hexdigest()[:12]
    python = folder / "bin" / "python"
    with _alone():
        if not (folder / "whole").exists() and (problem := _made(folder, python)):
            pytest.skip(f"pycsw is not at hand: `pip install {' '.join(PACKAGES)}` did not work in {folder}: {problem}")
    return python


def _made(folder: Path, python: Path) -> str:
    """Makes the environment; what went wrong, or nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
    for command in ([sys.executable, "-m", "venv", folder], install):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            return done.stdout[-2000:]
    (folder / "whole").touch()
    return ""


@contextmanager
def _alone() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _filled(python: Path, files: list[Path]) -> Path:
    """A database with these files in it, from the cache when they were loaded before."""
    loader, _, _ = _SERVER.read_text().partition("def configuration")
    digest = hashlib.sha256(f"{python}{loader}".encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    database = CACHE / f"{digest.hexdigest()[:24]}.db"
    with _alone():
        if not database.exists():
            fresh = database.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            task = json.dumps({"load": [], "database": str(fresh)})
            subprocess.run(
                [python, "-I", _SERVER, task], input=json.dumps([str(file) for file in files]), text=True, check=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            fresh.rename(database)
    return database


@pytest.fixture(scope="session")
def virginia(corpora: Path) -> Iterator[Pycsw]:
    """A server with the 1,260 ISO 19139 records of a university's library. For all tests that do not change it."""
    with catalogue(sorted((corpora / "iso" / "ogm-virginia").rglob("*.xml")), page=200) as server:
        yield server
