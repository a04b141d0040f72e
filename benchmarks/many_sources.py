"""Fifty sources at once, four of them bad: `python benchmarks/many_sources.py [--sources 46] [--records 300] [--at-once 8]`.

A worker harvests so many good sources, each a server of its own on the local machine, first alone; then again in a fresh
catalogue with four more that were asked for before them: one never answers, one stops in the middle of its answer, one drips
a byte now and then, one sends a few kilobytes that unpack to gigabytes. The good ones must all end well, with the same
counters, in about the same time (a fifth more at most). Prints one line of JSON; ends with status 1 when they do not.
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson
from sqlalchemy import Engine
from sqlmodel import select

sys.path.insert(0, str(Path(__file__).parents[1]))

from catalog_api.sample_departments.bulk import sample_records
from catalog_api.upgrade import upgrade
from metadata import database, departments, sources
from metadata.tables import Run
from tests.hostile.server import OK, Hostile, drips, says, stalls

ALLOWED = 1.2
LONGEST = 600.0


def main() -> int:
    """Tries it; 0 when the good sources do not feel the bad ones."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="mulu-many-") as name, ExitStack() as stack:
        good = [stack.enter_context(_good(number, options.records)) for number in range(options.sources)]
        bad = [stack.enter_context(Hostile({"/data.json": behaviour})).url for behaviour in _BAD]
        alone = _harvest(Path(name) / "alone", good, [], options.at_once)
        beside = _harvest(Path(name) / "beside", good, bad, options.at_once)
    same = alone[1] == beside[1] and len(beside[1]) == len(good)
    ratio = beside[0] / alone[0]
    found = {
        "sources": len(good),
        "records": options.records,
        "at_once": options.at_once,
        "seconds_alone": round(alone[0], 2),
        "seconds_beside_four_bad_ones": round(beside[0], 2),
        "ratio": round(ratio, 2),
        "all_done_with_the_same_counters": same,
        "bad_ones": beside[2],
    }
    sys.stdout.write(orjson.dumps(found).decode() + "\n")
    return 0 if same and ratio <= ALLOWED else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sources", type=int, default=46, help="good sources")
    parser.add_argument("--records", type=int, default=300, help="records that each of them has")
    parser.add_argument("--at-once", type=int, default=8, help="runs at the same time")
    return parser.parse_args()


@contextmanager
def _good(number: int, count: int) -> Iterator[str]:
    records = [{**record, "identifier": f"{number}-{record['identifier']}"} for record in sample_records(count)]
    with Hostile({"/data.json": says(orjson.dumps({"dataset": records}))}) as server:
        yield server.url


def _bomb() -> bytes:
    return gzip.compress(b'{"dataset":[' + b" " * (256 << 20), 9)


_BAD = (
    stalls(b""),
    stalls(OK + b"\r\n" + b'{"dataset":[{"identifier":"a"'),
    drips(OK + b"\r\n" + b'{"dataset":[', b" ", 0.5),
    says(_bomb(), headers={"Content-Encoding": "gzip"}),
)


def _harvest(data: Path, good: list[str], bad: list[str], at_once: int) -> tuple[float, dict[str, tuple[int, int]], list[str]]:
    """Seconds until the good sources are done, their counters, and how the bad ones stand then."""
    engine = database.connect(f"sqlite:///{data / 'mulu.db'}")
    upgrade(engine)
    with database.writing(engine) as session:
        departments.put_organization(session, "bench")
        for kind, urls in (("bad", bad), ("good", good)):
            for number, url in enumerate(urls):
                given = {"url": f"{url}/data.json", "protocol": "dcat_us", "internal": True, "organization": "bench"}
                sources.ask(session, sources.put_source(session, f"{kind}-{number:02}", **given))
        session.commit()
    environment = {
        **os.environ,
        "MULU_DATA_DIR": str(data),
        "MULU_DATABASE_URL": "",
        "MULU_SEARCH_URL": "",
        "MULU_RUNS_AT_ONCE": str(at_once),
        "MULU_DOWNLOAD_LIMIT_MIB": "64",
    }
    started = time.monotonic()
    worker = subprocess.Popen(
        [sys.executable, "-m", "catalog_api.cli", "work"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while (runs := _runs(engine)) and not all(run.finished for run in runs if run.source.startswith("good")):
            if time.monotonic() - started > LONGEST:
                break
            time.sleep(0.05)
        seconds = time.monotonic() - started
    finally:
        worker.kill()
        worker.wait()
    runs = _runs(engine)
    engine.dispose()
    counters = {run.source: (run.received, run.added) for run in runs if run.source.startswith("good") and run.state == "done"}
    return seconds, counters, [f"{run.state} {run.message}".strip() for run in runs if run.source.startswith("bad")]


def _runs(engine: Engine) -> list[Run]:
    with database.reading(engine) as session:
        return list(session.exec(select(Run)))


if __name__ == "__main__":
    sys.exit(main())
