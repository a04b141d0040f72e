"""A private PostgreSQL for tests: a cluster in a temporary folder, reached by a socket there, gone at the end.

`MULU_TEST_POSTGRES` names a server to use instead (`postgresql://user@host/`); databases are made in it and dropped again.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB -c max_connections=60"
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_PATH = os.pathsep.join([os.environ.get("PATH", ""), *map(str, _PLACES)])


class Server:
    """A PostgreSQL that may make databases. `url(name)` is the address of one of them."""

    def __init__(self, address: str) -> None:
        self.address = address

    def url(self, name: str) -> str:
        """`postgresql://…/name`, with what follows a `?` kept."""
        before, mark, after = self.address.partition("?")
        return f"{before.rstrip('/')}/{name}{mark}{after}"

    def tell(self, statement: str) -> None:
        """Runs one statement in the database `postgres`, outside a transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def server() -> Iterator[Server]:
    """The server that `MULU_TEST_POSTGRES` names, else one of our own; a loud skip when neither is at hand."""
    if given := os.environ.get("MULU_TEST_POSTGRES"):
        yield Server(given)
        return
    initdb, pg_ctl = (shutil.which(name, path=_PATH) for name in ("initdb", "pg_ctl"))
    if not initdb or not pg_ctl:
        pytest.skip("PostgreSQL is not at hand: run `apt-get install postgresql`, or set MULU_TEST_POSTGRES to a server's URL")
    with tempfile.TemporaryDirectory(prefix="mulu-pg-") as name, _running(Path(name), initdb, pg_ctl) as made:
        yield made


@contextmanager
def _running(folder: Path, initdb: str, pg_ctl: str) -> Iterator[Server]:
    owner = _owner(folder)
    data = str(folder / "data")
    _run([initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], owner)
    options = f"-k {folder} -c listen_addresses='' {_FAST}"
    _run([pg_ctl, "start", "-w", "-D", data, "-l", str(folder / "log"), "-o", options], owner)
    try:
        yield Server(f"postgresql://postgres@/?host={folder}")
    finally:
        _run([pg_ctl, "stop", "-m", "immediate", "-D", data], owner)


def _owner(folder: Path) -> str | None:
    """Whom the server runs as: PostgreSQL refuses root, so there its folder is given to another user."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    owner = next(name for name in ("postgres", "nobody") if name in known)
    shutil.chown(folder, owner)
    return owner


def _run(command: list[str], owner: str | None) -> None:
    done = subprocess.run(command, user=owner, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}{done.stderr}"
