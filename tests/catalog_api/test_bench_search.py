"""`mulu bench search` on a few documents: every figure is there, whatever it is."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalog_api.cli import main
from catalog_api.measuring.made_up import entry
from catalog_api.measuring.times import at_once, marks

FIGURES = {
    "index_documents_per_second",
    "write_documents_per_second",
    "bare_documents_per_second",
    "share_of_bare",
    "bytes_per_document",
    "everything",
    "everything_over_bare",
    "two_words",
    "two_words_over_bare",
    "suggest",
    "cursor_page",
    "at_once",
    "hostile",
}


def bench(folder: Path, *words: str) -> dict[str, object]:
    done = CliRunner().invoke(main, ["bench", "search", "--keep", str(folder), "--json", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_figure_is_measured(tmp_path: Path) -> None:
    records = tmp_path / "records.jsonl"
    rows = [{"identifier": f"r{n}", "title": f"Bus routes {n}", "publisher": {"name": "City Hall"}} for n in range(20)]
    records.write_text("".join(json.dumps(row) + "\n" for row in rows) + "[1]\n")
    found = bench(tmp_path, "--documents", "500", "--records", str(records))
    assert found["documents"] == 500
    (measured,) = found["engines"].values()  # type: ignore[attr-defined]
    assert set(measured) >= FIGURES
    assert measured["bytes_per_document"] > 100 and measured["share_of_bare"] > 0
    assert measured["at_once"]["errors"] == 0 and measured["at_once"]["clients"] == 50
    refused = {name: one["answer"] for name, one in measured["hostile"].items()}
    assert all(refused[name] != "answered" for name in ("10 MB of words", "5,000 words", "10,000 facets", "5,000 values"))
    kept = (tmp_path / "documents.bin").stat()
    bench(tmp_path, "--documents", "500", "--records", str(records))
    assert (tmp_path / "documents.bin").stat().st_mtime_ns == kept.st_mtime_ns, "what was kept is used again"


@pytest.mark.parametrize("engine", ["solr", "http://127.0.0.1:9200/mulu-live"])
def test_only_what_can_be_measured_is(tmp_path: Path, engine: str) -> None:
    done = CliRunner().invoke(main, ["bench", "search", "--keep", str(tmp_path), "--engine", engine])
    assert done.exit_code == 2 and engine in done.output and not list(tmp_path.iterdir())


def test_made_up_datasets_are_all_different() -> None:
    some = [entry(number) for number in range(3_000)]
    assert len({one.id for one in some}) == len({one.dataset.title["zh"] for one in some}) == 3_000
    assert entry(7) == entry(7)


def test_errors_of_clients_are_counted() -> None:
    def ask(number: int) -> None:
        if number == 2:
            raise ValueError(number)

    found = at_once(ask, [1, 2, 3, 4], clients=4, each=2)
    assert (found["errors"], found["kinds_of_errors"]) == (2, {"ValueError": 2})
    assert marks([1.0, 2.0, 3.0, 4.0]) == {"p50_ms": 2.0, "p95_ms": 4.0, "p99_ms": 4.0}
