"""`mulu` given what it cannot use: status 2 and one clear line, never a traceback."""

import json
import sqlite3
from collections.abc import Sequence

import pytest
from click.testing import CliRunner

from catalog_api.cli import main
from tests.catalog_api.test_cli import Shell, shell
from tests.harvests import body

__all__ = ["shell"]  # the fixture


WRONG: Sequence[tuple[str, tuple[str, ...]]] = (
    ("nope", ("nope",)),
    ("--nope", ("search", "--nope")),
    ("Missing", ("harvest",)),
    ("no source of this name", ("harvest", "nope")),
    ("no source of this name", ("source", "show", "nope")),
    ("no source of this name", ("source", "remove", "nope")),
    ("no source of this name", ("source", "reread", "nope")),
    ("no source of this name", ("harvest", "nope", "--dry-run")),
    ("no run to go on with", ("harvest", "fine", "--resume")),
    ("protocol", ("source", "add", "s1", "https://x", "--protocol", "nope")),
    ("standard", ("source", "add", "s1", "https://x", "--protocol", "dcat_us", "--standard", "nope")),
    ("KEY=VALUE", ("source", "add", "s1", "https://x", "--protocol", "dcat_us", "--set", "nope")),
    ("no such setting", ("source", "add", "s1", "https://x", "--protocol", "dcat_us", "--set", "nope=1")),
    ("batch_size", ("source", "add", "s1", "https://x", "--protocol", "dcat_us", "--set", "batch_size=many")),
    ("retire_limit", ("source", "add", "s1", "https://x", "--protocol", "dcat_us", "--set", "retire_limit=2")),
    ("admits", ("source", "add", "s1", "https://x", "--protocol", "dcat_us", "--set", "admits=all")),
    ("cron", ("source", "add", "s1", "https://x", "--protocol", "dcat_us", "--set", "schedule=daily")),
    ("name", ("source", "add", "S 1", "https://x", "--protocol", "dcat_us")),
    ("address", ("source", "add", "s1", "not a url", "--protocol", "dcat_us")),
    ("source of this name", ("source", "add", "fine", "https://x", "--protocol", "dcat_us")),
    ("nope.json", ("check", "nope.json")),
    (".", ("check", ".")),
    ("standard", ("check", "fine.json", "--standard", "nope")),
    ("empty", ("check", "empty.json")),
    ("HTML", ("check", "page.html")),
    ("127.0.0.1", ("check", "http://127.0.0.1:9/x.json")),
    ("standard", ("convert", "fine.json", "--to", "nope")),
    ("standard", ("convert", "fine.json", "--from", "nope", "--to", "ckan")),
    ("nope.json", ("convert", "nope.json", "--to", "ckan")),
    ("nodir", ("convert", "fine.json", "--to", "ckan", "-o", "nodir/out.json")),
    ("facet", ("search", "--facet", "nope")),
    ("NAME=VALUE", ("search", "--filter", "nope")),
    ("filter", ("search", "--filter", "nope=1")),
    ("order", ("search", "--sort", "nope")),
    ("limit", ("search", "--limit", "-1")),
    ("scope", ("token", "create", "t", "--scope", "root")),
    ("organization", ("token", "create", "t", "--scope", "department")),
    ("no token of this name", ("token", "revoke", "nope")),
    ("no organization of this name", ("organization", "remove", "nope")),
    ("name", ("organization", "add", "公交")),
    ("standard", ("export", "--to", "nope")),
    ("nodir", ("export", "--to", "ckan", "-o", "nodir/out.json")),
    ("after", ("ledger", "export", "--after", "x")),
    ("port", ("serve", "--port", "0")),
)


def test_what_is_wrong_is_told_in_one_line(shell: Shell) -> None:
    (shell.folder / "fine.json").write_text(json.dumps(body("a")), "utf-8")
    (shell.folder / "empty.json").write_text("", "utf-8")
    (shell.folder / "page.html").write_text("<!DOCTYPE html><html></html>", "utf-8")
    shell("source", "add", "fine", "https://x.example", "--protocol", "dcat_us")
    shell("index", "rebuild")
    for says, words in WRONG:
        line = shell.refused(*words) if words[0] != "check" else _complaint(shell, words)
        assert says.lower() in line.lower(), (words, line)


def _complaint(shell: Shell, words: tuple[str, ...]) -> str:
    """`check` prints its summary too, since other files may have been checked."""
    done = CliRunner().invoke(main, list(words), env=shell.environment)
    assert done.exit_code == 2 and len(done.stderr.strip().splitlines()) == 1, (words, done.output, done.exception)
    return done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MULU_DATABASE_URL", "mysql://x/y", "MULU_DATABASE_URL"),
        ("MULU_DATABASE_URL", "nonsense", "MULU_DATABASE_URL"),
        ("MULU_DATABASE_URL", "sqlite:////proc/nope/x.db", "proc"),
        ("MULU_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none?connect_timeout=2", "cannot be opened"),
        ("MULU_SEARCH_URL", "nonsense", "MULU_SEARCH_URL"),
        ("MULU_SITE_URL", "ftp://x", "MULU_SITE_URL"),
        ("MULU_WORKERS", "many", "MULU_WORKERS"),
        ("MULU_UPLOAD_LIMIT_MIB", "-1", "MULU_UPLOAD_LIMIT_MIB"),
        ("MULU_LOG_JSON", "perhaps", "MULU_LOG_JSON"),
        ("MULU_DATA_DIR", "/proc/nope", "/proc/nope"),
        ("MULU_DATA_DIR", "a-file", "a-file"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(shell: Shell, name: str, value: str, says: str) -> None:
    (shell.folder / "a-file").write_text("", "utf-8")
    shell.environment[name] = value
    line = shell.refused("source", "list")
    assert says in line and "secret" not in line


def test_a_database_that_is_none_or_is_harmed_is_told_in_one_line(shell: Shell) -> None:
    path = shell.folder / "data" / "mulu.db"
    path.write_bytes(b"this is no database" * 1000)
    for words in (("source", "list"), ("db", "upgrade"), ("search",), ("ledger", "verify")):
        assert "database" in shell.refused(*words)
    path.write_bytes(b"")
    assert shell.json("source", "list")["total"] == 0  # an empty file is an empty database


def test_a_database_of_a_later_version_is_told(shell: Shell) -> None:
    with sqlite3.connect(shell.folder / "data" / "mulu.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    line = shell.refused("source", "list")
    assert "9999" in line and "version" in line
