"""A real Mulu as an operator starts it: `mulu serve` in its own processes, on a free port, over a folder of its own.

with served(tmp_path) as live:
    httpx.get(f"{live.url}/health/ready")
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from catalog_api.auth import create_token
from catalog_api.ports import free_port
from catalog_api.settings import Settings
from catalog_api.upgrade import upgrade
from metadata import database

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0  # seconds before a test gives up on a condition; never a measure


@dataclass(frozen=True)
class Live:
    """A Mulu that serves. `token` may do everything; `environment` lets `mulu` commands work on the same catalogue."""

    url: str
    data_dir: Path
    environment: dict[str, str]
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a request must carry to write."""
        return {"Authorization": f"Bearer {self.token}"}


def environment_of(data_dir: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a `mulu` process over this folder: nothing of the tester's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MULU_")}
    return {**kept, "MULU_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "", **(more or {})}


def mulu(*words: str, environment: Mapping[str, str], cwd: Path) -> "subprocess.Popen[str]":
    """Starts a real `mulu` command, in a process group of its own; the caller waits for it."""
    return subprocess.Popen(
        [sys.executable, "-m", "catalog_api.cli", *words],
        env=dict(environment),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def until(what: str, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Waits until a condition is true; fails loudly, naming it, when it does not become so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


@contextmanager
def served(folder: Path, *words: str, more: Mapping[str, str] | None = None) -> Iterator[Live]:
    """`mulu serve` (with these further words) over `folder/data`, ready to answer; ended when the block ends."""
    address = f"http://127.0.0.1:{free_port()}"
    data = folder / "data"
    environment = environment_of(data, {"MULU_SITE_URL": address, **(more or {})})
    token = _prepare(data, environment)
    process = mulu("serve", "--port", address.rpartition(":")[2], *words, environment=environment, cwd=folder)
    try:
        until("the server is ready", lambda: _ready(address, process))
        yield Live(address, data, environment, token)
    finally:
        _end(process)


def _prepare(data: Path, environment: Mapping[str, str]) -> str:
    data.mkdir(parents=True, exist_ok=True)
    settings = Settings(data_dir=data, database_url=environment.get("MULU_DATABASE_URL", ""), _env_file=None)
    engine = database.connect(settings.database)
    upgrade(engine)
    with database.writing(engine) as session:
        token = create_token(session, f"tester-{os.urandom(4).hex()}", ["admin"])
        session.commit()
    engine.dispose()
    return token


def _ready(address: str, process: "subprocess.Popen[str]") -> bool:
    assert process.poll() is None, f"mulu serve ended: {process.communicate()[1]}"
    try:
        return httpx.get(f"{address}/health/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
