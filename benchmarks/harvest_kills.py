"""One harvest, killed a hundred times: `python benchmarks/harvest_kills.py [--records FILE] [--kills 100]`.

The same data.json is harvested twice, each time into a catalogue of its own: once undisturbed, and once by processes that are
killed (SIGKILL) at moments of chance and gone on with (`mulu harvest NAME --resume`), spread over the whole run. Afterwards
both catalogues must hold the same: counters, every identifier with the digest of its description, a ledger that verifies, an
index that is what the store says. Prints one line of JSON; ends with status 1 when they differ.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
from sqlmodel import select

sys.path.insert(0, str(Path(__file__).parents[1]))

from catalog_api.commands.measuring import served, write_catalogue
from catalog_api.settings import Settings
from metadata import database, ledger
from metadata.tables import DatasetRow, RecordRow, Run
from search.engines import open_engine
from search.sync import verify

COUNTERS = ("state", "received", "added", "updated", "unchanged", "retired", "renamed", "failed", "warned", "duplicates")


def main() -> int:
    """Tries it; 0 when both catalogues are the same."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="mulu-kills-") as name:
        folder = Path(name)
        count = write_catalogue(folder / "data.json", options.records, 1)
        with served(folder) as url:
            calm, torn = folder / "calm", folder / "torn"
            _add(calm, url)
            first = _mulu(calm, "harvest", "kills")
            _add(torn, url)
            kills, seconds = _kill(torn, options.kills, count, random.Random(options.seed))
            last = _mulu(torn, "harvest", "kills", "--resume") if _state(torn)[0] == "running" else _report(torn)
        same = {
            "counters": _counters(first) == _counters(last),
            "contents": _contents(calm) == _contents(torn),
            "ledger": _ledger(torn),
            "index": _index(torn),
        }
    found = {
        "records": count,
        "kills": kills,
        "seconds": round(seconds, 1),
        "resumed": last["resumed"],
        "report": _counters(last),
    }
    sys.stdout.write(orjson.dumps({**found, **same, "undisturbed": _counters(first)}).decode() + "\n")
    return 0 if all(same.values()) and kills == options.kills else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--records", type=Path, help="a file of DCAT-US records, one JSON object a line; default: generated ones"
    )
    parser.add_argument("--kills", type=int, default=100, help="how often the process is killed")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the moments of chance")
    return parser.parse_args()


def _kill(data: Path, kills: int, count: int, chance: random.Random) -> tuple[int, float]:
    """Kills the harvest until it has been killed so often; returns how often it was, and how long that took."""
    started, killed = time.monotonic(), 0
    while killed < kills:
        process = subprocess.Popen(
            _command("harvest", "kills", *(["--resume"] if killed else [])), env=_environment(data), **_QUIET
        )
        target = count * (killed + 1) / (kills + 1)
        _wait(data, process, target, chance)
        if process.poll() is not None:
            break  # it came to its end before the last kill
        process.kill()
        process.wait()
        killed += 1
    return killed, time.monotonic() - started


def _wait(data: Path, process: "subprocess.Popen[bytes]", target: float, chance: random.Random) -> None:
    """Waits a random while; when the run lags behind the kills, until it has come far enough and a little longer."""
    patience = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < patience and _state(data)[1] < target - 1:
        time.sleep(0.02)
    time.sleep(chance.uniform(0.0, 0.4))


def _state(data: Path) -> tuple[str, int]:
    engine = database.connect(f"sqlite:///{data / 'mulu.db'}")
    try:
        with database.reading(engine) as session:
            run = session.exec(select(Run)).first()
            return (run.state, run.received) if run else ("", 0)
    finally:
        engine.dispose()


def _report(data: Path) -> dict[str, Any]:
    engine = database.connect(f"sqlite:///{data / 'mulu.db'}")
    with database.reading(engine) as session:
        found = session.exec(select(Run)).one().model_dump()
    engine.dispose()
    return found


def _contents(data: Path) -> dict[str, tuple[str, str, str]]:
    engine = database.connect(f"sqlite:///{data / 'mulu.db'}")
    with database.reading(engine) as session:
        records = {row[0]: row[1] for row in session.exec(select(RecordRow.identifier, RecordRow.digest))}
        rows = session.exec(select(DatasetRow.identifier, DatasetRow.digest, DatasetRow.state))
        found = {row[0]: (row[1], row[2], records.get(row[0], "")) for row in rows}
    engine.dispose()
    return found


def _ledger(data: Path) -> bool:
    engine = database.connect(f"sqlite:///{data / 'mulu.db'}")
    with database.reading(engine) as session:
        fine = ledger.verify(session).ok
    engine.dispose()
    return fine


def _index(data: Path) -> bool:
    _mulu(data, "index", "sync")
    settings = Settings(data_dir=data, database_url="", search_url="")
    engine = database.connect(settings.database)
    search = open_engine(settings.search)
    try:
        with database.reading(engine) as session:
            return verify(session, search).clean
    finally:
        search.close()
        engine.dispose()


def _counters(report: dict[str, Any]) -> dict[str, Any]:
    return {name: report[name] for name in COUNTERS}


def _add(data: Path, url: str) -> None:
    _mulu(data, "source", "add", "kills", url, "--protocol", "dcat_us", "--set", "internal=true", "--organization", "bench")


def _environment(data: Path) -> dict[str, str]:
    return {**os.environ, "MULU_DATA_DIR": str(data), "MULU_DATABASE_URL": "", "MULU_SEARCH_URL": ""}


_QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "catalog_api.cli", *words, "--json"]


def _mulu(data: Path, *words: str) -> dict[str, Any]:
    done = subprocess.run(_command(*words), env=_environment(data), capture_output=True, check=False)
    if not done.stdout.strip():
        raise SystemExit(f"mulu {' '.join(words)} failed: {done.stderr.decode('utf-8', 'replace')[-500:]}")
    found: dict[str, Any] = orjson.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
