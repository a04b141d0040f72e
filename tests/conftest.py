"""Fixtures of the whole suite: real catalogue files and official schemas, where they are at hand."""

import os
from pathlib import Path

import pytest

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
