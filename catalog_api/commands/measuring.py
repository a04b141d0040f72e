"""`mulu bench`: how fast, on this machine, with these records, each figure beside a floor that was run beside it."""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
import ijson
import orjson

from catalog_api.commands.console import as_json, catalogue, screen, show
from catalog_api.commands.measuring_search import search
from catalog_api.commands.measuring_standards import standards
from catalog_api.measuring import EIGHT_FACETS
from catalog_api.rooms import Rooms
from catalog_api.sample_departments.bulk import sample_records
from catalog_api.settings import Settings
from metadata import database, store
from metadata.errors import CatalogError, Invalid
from metadata.text import best
from search.base import Query, SearchEngine


@click.group()
def bench() -> None:
    """Measures this installation."""


@bench.command()
@click.option(
    "--records",
    type=click.Path(path_type=Path),
    help="A file of DCAT-US records, one JSON object a line; default: generated ones.",
)
@click.option(
    "--times",
    default=1,
    show_default=True,
    type=click.IntRange(1, 100),
    help="How often the records are repeated, each time under other identifiers.",
)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the catalogue in this folder.")
@as_json
def harvest(records: Path | None, times: int, keep: Path | None, json_: bool) -> None:
    """Harvests one large data.json over local HTTP: at first, with all records as before, with the same bytes, and not
    modified; rebuilds the index, and searches."""
    with tempfile.TemporaryDirectory(prefix="mulu-bench-") as name:
        folder = Path(name)
        count = write_catalogue(folder / "data.json", records, times)
        told = threading.Event()
        with served(folder, told) as url:
            figures = {
                "records": count,
                "mib": round((folder / "data.json").stat().st_size / 1048576, 1),
                **_measure(keep or folder / "data", url, folder, told),
            }
    if json_:
        show(figures)
        return
    for label, value in figures.items():
        screen.print(
            f"{label.replace('_', ' ')}: {value:,}" if isinstance(value, int | float) else f"{label}: {value}", highlight=False
        )


def write_catalogue(path: Path, records: Path | None, times: int) -> int:
    """One data.json of all records; returns how many."""
    count = 0
    with path.open("wb") as file:
        file.write(b'{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[')
        for turn in range(times):
            for record in _lines(records) if records else sample_records(40_000):
                if turn:
                    record["identifier"] = f"{record.get('identifier')}#{turn}"
                file.write((b"," if count else b"") + orjson.dumps(record))
                count += 1
        file.write(b"]}")
    return count


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    record = orjson.loads(line)
                except orjson.JSONDecodeError as problem:
                    raise Invalid("this line is not JSON", place=f"{path}:{number}", value=str(problem)) from None
                yield {key: value for key, value in record.items() if not key.startswith("_")}
    except OSError as problem:
        raise Invalid(f"this file cannot be read: {problem.strerror}", place=str(path)) from problem


@contextmanager
def served(folder: Path, told: threading.Event | None = None) -> Iterator[str]:
    """The address of `data.json` in a folder, over HTTP; without a Last-Modified date unless `told` is set."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def send_header(self, keyword: str, value: str) -> None:
            if keyword != "Last-Modified" or (told and told.is_set()):
                super().send_header(keyword, value)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/data.json"
    finally:
        server.shutdown()
        server.server_close()


def _measure(data: Path, url: str, folder: Path, told: threading.Event) -> dict[str, Any]:
    """Each step in a process of its own, so that each has its own peak of memory."""
    environment = {**os.environ, "MULU_DATA_DIR": str(data), "MULU_DATABASE_URL": "", "MULU_SEARCH_URL": ""}
    _mulu(
        environment,
        "source",
        "add",
        "bench",
        url,
        "--protocol",
        "dcat_us",
        "--standard",
        "dcat_us_1_1_non_federal",
        "--set",
        "internal=true",
        "--organization",
        "bench",
    )
    first = _mulu(environment, "harvest", "bench")
    with (folder / "data.json").open("ab") as file:
        file.write(b"\n")  # another document with the same records: each of them has to be compared
    again = _mulu(environment, "harvest", "bench")
    told.set()
    same = _mulu(environment, "harvest", "bench")  # the same bytes; this time the server tells their date
    not_modified = _mulu(environment, "harvest", "bench")
    started = time.perf_counter()
    built = _mulu(environment, "index", "rebuild")
    seconds = time.perf_counter() - started - _start_up(environment)
    floor = _parse(folder / "data.json")
    rates = {"first": first["received"] / first["seconds"], "again": again["received"] / again["seconds"]}
    return {
        "floor_parsing_only_records_per_second": round(floor),
        "first_harvest_records_per_second": round(rates["first"]),
        "first_harvest_share_of_floor": round(rates["first"] / floor, 3),
        "first_harvest_peak_memory_mib": first["peak_memory_mib"],
        "first_harvest_added": first["added"],
        "unchanged_harvest_records_per_second": round(rates["again"]),
        "unchanged_harvest_share_of_floor": round(rates["again"] / floor, 3),
        "unchanged_harvest_peak_memory_mib": again["peak_memory_mib"],
        "unchanged": again["unchanged"],
        "same_document_seconds": same["seconds"],
        "not_modified_seconds": not_modified["seconds"],
        "indexing_documents_per_second": round(built["documents"] / seconds),
        "largest_process_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
        **_search(data),
    }


def _mulu(environment: dict[str, str], *words: str) -> dict[str, Any]:
    """Runs `mulu … --json` in a process of its own and returns what it printed."""
    command = [sys.executable, "-m", "catalog_api.cli", *words, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603
    try:
        printed: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise CatalogError(
            "a step of the measurement failed", place=" ".join(words[:2]), value=done.stderr.decode("utf-8", "replace")[-200:]
        ) from None
    return printed


def _start_up(environment: dict[str, str]) -> float:
    """Seconds that a command takes before it begins to work."""
    started = time.perf_counter()
    _mulu(environment, "source", "list")
    return time.perf_counter() - started


def _parse(path: Path) -> float:
    """Records per second when the file is only parsed: nothing that reads it can be faster."""
    started, count = time.perf_counter(), 0
    with path.open("rb") as file:
        for _ in ijson.items(file, "dataset.item", use_float=True):
            count += 1
    return count / (time.perf_counter() - started)


def _search(data: Path) -> dict[str, Any]:
    with catalogue(Settings(data_dir=data, database_url="", search_url="")) as rooms:
        return search_times(rooms.search, _queries(rooms, 300))


def _queries(rooms: Rooms, count: int) -> list[str]:
    """Words of titles that are there, one or two at a time, chosen the same way every time."""
    chance = random.Random(40_770)  # noqa: S311
    with database.reading(rooms.database) as session:
        titles = [best(entry.dataset.title) for entry in store.listing(session, limit=1000)]
    words = [title.split() for title in titles if title.split()]
    return [
        " ".join(chance.sample(some, min(len(some), chance.randint(1, 2))))
        for some in (chance.choice(words) for _ in range(count))
    ]


def search_times(engine: SearchEngine, queries: list[str]) -> dict[str, Any]:
    """Milliseconds that searches with eight facets take in this process, after a warm-up."""
    taken: list[float] = []
    for turn in range(2):
        for words in queries if turn else queries[:30]:
            started = time.perf_counter()
            engine.search(Query(words=words, facets=EIGHT_FACETS, limit=20, highlight=True))
            if turn:
                taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    marks = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {f"search_{name}_ms": round(taken[min(len(taken) - 1, int(len(taken) * share))], 2) for name, share in marks.items()}


bench.add_command(search)
bench.add_command(standards)
