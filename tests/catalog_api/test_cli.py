"""`mulu`: every command, its `--json`, its exit status, and one clear line when something is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from click.testing import CliRunner

from catalog_api.cli import main
from metadata import ledger
from metadata.tables import Change
from tests.harvests import body
from tests.live import environment_of
from tests.serving import Folder

REPORT = {
    "source",
    "run",
    "state",
    "received",
    "added",
    "updated",
    "unchanged",
    "retired",
    "renamed",
    "failed",
    "warned",
    "duplicates",
    "bytes",
    "seconds",
    "peak_memory_mib",
    "resumed",
    "partial",
    "saved",
    "message",
    "findings_by_rule",
}
FINDING = {"rule", "severity", "path", "value", "message", "clause", "fix", "link"}


@dataclass
class Shell:
    """Runs `mulu` in this process over a folder of its own."""

    folder: Path
    environment: dict[str, str | None]

    def __call__(self, *words: str, status: int = 0) -> str:
        """The standard output of a command that must end with this status, without a traceback."""
        done = CliRunner().invoke(main, list(words), env=self.environment)
        assert done.exit_code == status, (words, done.exit_code, done.output, done.exception)
        assert "Traceback" not in done.output
        return done.stdout

    def json(self, *words: str, status: int = 0) -> Any:
        """What a command prints as JSON."""
        return json.loads(self(*words, "--json", status=status))

    def refused(self, *words: str, status: int = 2) -> str:
        """The one line that a command says when it cannot even try."""
        done = CliRunner().invoke(main, list(words), env=self.environment)
        assert done.exit_code == status, (words, done.exit_code, done.output, done.exception)
        lines = done.stderr.strip().splitlines()
        assert len(lines) == 1 and lines[0].startswith("mulu: ") and done.stdout == "", (words, done.output)
        return lines[0]


@pytest.fixture
def shell(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    copy(sqlite_template, tmp_path / "data" / "mulu.db")
    unset: dict[str, str | None] = {name: None for name in os.environ if name.startswith("MULU_")}
    return Shell(tmp_path, {**unset, "MULU_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"})


@pytest.fixture
def department() -> Iterator[Folder]:
    described = [body(f"d{n}", f"Bus line {n}") for n in range(3)] + [{"identifier": "bad", "description": "no title"}]
    with Folder({"/data.json": json.dumps({"dataset": described})}) as made:
        yield made


def add(shell: Shell, department: Folder, name: str = "roads", *more: str) -> Any:
    return shell.json(
        "source", "add", name, f"{department.url}/data.json", "--protocol", "dcat_us", "--set", "internal=true", *more
    )


def test_from_source_to_search(shell: Shell, department: Folder) -> None:
    added = add(
        shell, department, "roads", "--organization", "transport", "--set", "batch_size=2", "--set", "schedule=0 3 * * *"
    )
    assert (added["name"], added["internal"], added["settings"], added["organization"]) == (
        "roads",
        True,
        {"batch_size": 2},
        "transport",
    )
    assert added["next_run"].endswith("T03:00:00.000000Z")
    dry = shell.json("harvest", "roads", "--dry-run", status=1)
    assert (dry["added"], dry["failed"], dry["run"]) == (3, 1, None)
    assert shell.json("search")["total"] == 0
    report = shell.json("harvest", "roads", status=1)  # one record failed
    assert set(report) == REPORT and (report["state"], report["received"], report["added"], report["failed"]) == (
        "done",
        4,
        3,
        1,
    )
    found = shell.json("search", "bus", "--facet", "organization", "--filter", "source=roads")
    assert set(found) == {"total", "items", "facets"} and found["total"] == 3
    assert {frozenset(item) for item in found["items"]} == {frozenset({"name", "title", "organization", "score"})}
    assert [(one["value"], one["count"]) for one in found["facets"]["organization"]] == [("transport", 3)]
    assert (
        shell.json("search")["total"] == 3
        and shell.json("search", "--limit", "1", "--sort", "title")["items"][0]["name"] == "bus-line-0"
    )
    department.answers["/data.json"] = json.dumps({"dataset": [body(f"d{n}", f"Bus line {n}") for n in range(3)]})
    assert shell.json("harvest", "roads")["unchanged"] == 3
    listed = shell.json("source", "list")
    assert set(listed) == {"items", "total", "next"} and [one["name"] for one in listed["items"]] == ["roads"]
    assert shell.json("source", "show", "roads")["protocol"] == "dcat_us"
    assert shell.json("source", "reread", "roads") == {"source": "roads", "read": 3, "updated": 0, "unchanged": 3, "failed": 0}
    assert shell.json("source", "remove", "roads") == {"removed": "roads", "retired": 3}
    assert shell.json("search")["total"] == 0


def test_a_held_run_ends_with_1_until_it_is_accepted(shell: Shell, department: Folder) -> None:
    add(shell, department)
    shell("harvest", "roads", status=1)
    department.answers["/data.json"] = '{"dataset": []}'
    held = shell.json("harvest", "roads", status=1)
    assert held["state"] == "held" and "--accept-retire" in held["message"]
    assert "--accept-retire" in shell("harvest", "roads", status=1)
    assert shell.json("harvest", "roads", "--accept-retire")["retired"] == 3
    department.answers["/data.json"] = "<html>down</html>"
    failed = shell.json("harvest", "roads", status=1)
    assert failed["state"] == "failed" and "HTML" in failed["message"]
    assert "no run to go on with" not in shell("harvest", "roads", "--resume", status=1)  # a failed run may be gone on with


def test_the_index_is_told_of_rebuilt_and_verified(shell: Shell, department: Folder) -> None:
    add(shell, department)
    shell("harvest", "roads", status=1)
    status = shell.json("index", "status")
    assert status == {"position": 3, "last": 3, "behind": 0, "documents": 3}
    assert shell.json("index", "verify") == {"checked": 3, "missing": 0, "stale": 0, "extra": 0, "repaired": False}
    assert shell.json("index", "rebuild") == {"documents": 3}
    for path in sorted((shell.folder / "data" / "index").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert shell.json("index", "status", status=1)["behind"] == 3
    assert shell.json("index", "verify", status=1)["missing"] == 3
    assert shell.json("index", "verify", "--repair")["repaired"] is True
    assert shell.json("index", "rebuild") == {"documents": 3} and shell.json("index", "status")["behind"] == 0


def test_the_ledger_is_verified_and_exported(shell: Shell, department: Folder) -> None:
    add(shell, department)
    shell("harvest", "roads", status=1)
    told = shell.json("ledger", "verify")
    assert set(told) == {"ok", "lines", "head", "first_bad", "message"} and (told["ok"], told["lines"]) == (True, 3)
    lines = [Change.model_validate_json(line) for line in shell("ledger", "export").splitlines()]
    sequence, _, line_hash = told["head"].partition(":")
    assert (
        ledger.check(lines, (int(sequence), line_hash)).ok and len(shell("ledger", "export", "--after", "2").splitlines()) == 1
    )
    assert shell.json("ledger", "verify", "--since", told["head"])["ok"]
    wrong = shell.json("ledger", "verify", "--since", f"2:{'0' * 64}", status=1)
    assert (wrong["ok"], wrong["first_bad"]) == (False, 2)
    assert "SEQUENCE:HASH" in shell.refused("ledger", "verify", "--since", "²:x")


def test_tokens_and_departments(shell: Shell) -> None:
    made = shell.json("organization", "add", "health", "--title-zh", "卫生局", "--code", "12345")
    assert (made["name"], made["title"], made["code"]) == ("health", {"zh": "卫生局"}, "12345")
    listed = shell.json("organization", "list")
    assert [(one["name"], one["datasets"]) for one in listed["items"]] == [("health", 0)] and "卫生局" in shell(
        "organization", "list"
    )
    token = shell.json("token", "create", "t1", "--scope", "department", "--organization", "health")
    assert token["token"].startswith("mulu_") and token["scopes"] == ["department"]
    shown = shell("token", "list", "--json") + shell("token", "list")
    assert token["token"] not in shown and "t1" in shown
    assert shell("token", "create", "t2", "--scope", "admin").strip().startswith("mulu_")
    shell("token", "revoke", "t1")
    assert [one["name"] for one in shell.json("token", "list")["items"]] == ["t2"]
    shell("organization", "remove", "health")
    assert shell.json("organization", "list")["total"] == 0


def test_export_and_report(shell: Shell, department: Folder) -> None:
    add(shell, department, "roads", "--organization", "transport")
    shell("harvest", "roads", status=1)
    exported = json.loads(shell("export", "--to", "dcat_us_1_1"))
    assert [one["identifier"] for one in exported["dataset"]] == ["d0", "d1", "d2"]
    for standard in ("ckan", "dcat_ap_3", "schema_org"):
        shell("export", "--to", standard, "-o", "out.txt", "--organization", "transport")
        assert "Bus line 1" in (shell.folder / "out.txt").read_text("utf-8")
    (row,) = shell.json("report")["items"]
    assert (row["organization"], row["records"], row["failed"], row["datasets"], row["last_run"]) == (
        "transport",
        4,
        1,
        3,
        "done",
    )
    assert "transport" in shell("report")


def test_check_prints_a_line_for_each_record_and_a_summary(shell: Shell) -> None:
    good = body("g", language=["en"])
    (shell.folder / "good.json").write_text(json.dumps({"dataset": [good]}), "utf-8")
    (shell.folder / "bad.json").write_text(
        json.dumps({"dataset": [{"title": 300.21, "keyword": [""]}, {**good, "modified": "-"}]}), "utf-8"
    )
    *records, last = map(json.loads, shell("check", "bad.json", "good.json", "--json", status=1).splitlines())
    assert [(one["file"], one["record"]) for one in records] == [("bad.json", 0), ("bad.json", 1), ("good.json", 0)]
    for one in records:
        assert {"file", "record", "identifier", "valid", "findings"} <= one.keys()
        assert one["valid"] == (not any(finding["severity"] == "error" for finding in one["findings"]))
        assert all(set(finding) == FINDING for finding in one["findings"])
    summary = last["summary"]
    assert set(summary) == {"records", "valid", "errors", "warnings", "by_rule"} and summary["records"] == 3
    assert summary["errors"] == sum(finding["severity"] == "error" for one in records for finding in one["findings"])
    assert sum(summary["by_rule"].values()) == sum(len(one["findings"]) for one in records)
    assert "300.21" in shell("check", "bad.json", status=1)
    with Folder({"/x.json": json.dumps(good)}) as web:
        *_, last = shell("check", f"{web.url}/x.json", "--internal", "--json", status=_status(good, shell)).splitlines()
        assert json.loads(last)["summary"]["records"] == 1


def _status(good: dict[str, Any], shell: Shell) -> int:
    """0 when nothing at all is found in the good record."""
    (shell.folder / "one.json").write_text(json.dumps(good), "utf-8")
    return CliRunner().invoke(main, ["check", "one.json"], env=shell.environment).exit_code


def test_convert_says_what_was_lost(shell: Shell) -> None:
    (shell.folder / "in.json").write_text(json.dumps({"dataset": [body("a", "Bus"), {"identifier": "bad"}]}), "utf-8")
    done = CliRunner().invoke(main, ["convert", "in.json", "--from", "dcat_us_1_1", "--to", "ckan"], env=shell.environment)
    assert (
        done.exit_code == 1 and json.loads(done.stdout)["title"] == "Bus" and "1 of 2 records could not be read" in done.stderr
    )
    shell("convert", "in.json", "--to", "dcat_ap_3", "-o", "out.ttl", status=1)
    assert "Bus" in (shell.folder / "out.ttl").read_text("utf-8")


def test_what_is_built_in_is_listed(shell: Shell) -> None:
    names = {one["name"] for one in shell.json("standards")["items"]}
    assert {"dcat_us_1_1", "dcat_us_1_1_non_federal", "ckan", "dcat_ap_3"} <= names and "ckan" in shell("standards")
    protocols = {one["name"]: one for one in shell.json("protocols")["items"]}
    assert {"dcat_us", "ckan", "folder"} <= protocols.keys() and "batch_size" in protocols["dcat_us"]["settings"]
    assert shell.json("db", "upgrade")["revision"]
    for words in ((), ("--help",), ("source", "--help"), ("harvest", "--help")):
        assert "Usage" in CliRunner().invoke(main, list(words), env=shell.environment).output
    assert "mulu" in shell("--version")


def run(tmp_path: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "catalog_api.cli", *words]
    return subprocess.run(
        command,
        env=environment_of(tmp_path / "data", environment),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_real_process_speaks_as_the_runner_does(tmp_path: Path) -> None:
    listed = run(tmp_path, "source", "list", "--json")
    assert (listed.returncode, json.loads(listed.stdout), listed.stderr) == (0, {"items": [], "total": 0, "next": None}, "")
    wrong = run(tmp_path, "harvest", "nope")
    assert (wrong.returncode, wrong.stdout) == (2, "") and len(wrong.stderr.strip().splitlines()) == 1


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m catalog_api.cli standards --json | head -c 1"
    done = subprocess.run(
        ["bash", "-c", command],
        env=environment_of(tmp_path / "data"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "{") and "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_told(shell: Shell, department: Folder) -> None:
    port = department.url.rpartition(":")[2]
    assert "port" in shell.refused("serve", "--port", port, "--no-worker")
