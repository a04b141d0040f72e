"""Real Elasticsearch servers for tests.

`MULU_TEST_ELASTICSEARCH` names those to use (several parted by blanks, each is tested). Else, where a starter stands beside
the project (`../shared/tools/elasticsearch`) and a JDK and Maven are at hand, one is started and left running. Each test works
under an index name of its own and deletes it.
"""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx
import pytest

_STARTER = Path(__file__).parents[2] / "shared" / "tools" / "elasticsearch" / "start-elasticsearch"
_MISSING = (
    "Elasticsearch is not at hand: start a server of version 8 or 9 and set MULU_TEST_ELASTICSEARCH=http://127.0.0.1:9200"
    " (on Debian `apt-get install openjdk-17-jdk-headless maven` brings what the starter beside the project needs)"
)

NAMED = tuple(os.environ.get("MULU_TEST_ELASTICSEARCH", "").split())
"""The servers that were named."""


@cache
def elasticsearch_url() -> str | None:
    """The address of a server, the first of those that were named; None when there is none."""
    return NAMED[0] if NAMED else _started()


def server_url(which: str = "") -> str:
    """The address of the server `which`, by default the first; a loud skip without one."""
    found = which or elasticsearch_url()
    if found is None:
        pytest.skip(_MISSING)
    return found


@contextmanager
def index_url(server: str) -> Iterator[str]:
    """The address of an index name of one's own (`http://…/mulu-test-…`), for `open_engine`; what was made there is deleted."""
    name = f"mulu-test-{uuid.uuid4().hex[:12]}"
    with httpx.Client(base_url=server, trust_env=False, timeout=60) as client:
        yield f"{server}/{name}"
        client.delete(f"/{','.join(indices(client, name)) or name}", params={"ignore_unavailable": "true"})


def indices(client: httpx.Client, name: str) -> list[str]:
    """The indices under a name, hidden ones too."""
    found = client.get(f"/{name}*/_settings", params={"expand_wildcards": "all", "filter_path": "*.settings.index.uuid"})
    return sorted(found.json()) if found.is_success else []


@pytest.fixture(scope="session", params=NAMED or ("",), ids=lambda server: server.rpartition(":")[2] or "local")
def elasticsearch(request: pytest.FixtureRequest) -> str:
    """The address of a real server, each of them in turn; a loud skip without one."""
    return server_url(request.param)


@pytest.fixture
def elasticsearch_index(elasticsearch: str) -> Iterator[str]:
    """The address of an index name of the test's own on a real server."""
    with index_url(elasticsearch) as url:
        yield url


def _started() -> str | None:
    """Starts a server with what stands beside the project; quick when it runs already. Safe to call from several processes."""
    if not (_STARTER.exists() and shutil.which("javac") and shutil.which("mvn")):
        return None
    done = subprocess.run([_STARTER], env={"ES_HEAP": "512m", **os.environ}, stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.strip() or None if done.returncode == 0 else None
