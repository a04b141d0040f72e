"""A harvest by Mulu beside the same harvest by a real CKAN: `python benchmarks/beside_ckan.py --records FILE --ckan-command …`.

One data.json, served from this machine, is harvested by both, one after the other: at first, again with nothing changed, and
when the source has become empty. CKAN has to be installed and running, with ckanext-harvest and ckanext-dcat (plugins
`harvest dcat dcat_json_harvester`), and free of other work: see the installation guides of these three. The consumers are
started here, one for gathering and one for fetching as ckanext-harvest's guide has them, and started again when they end as
its supervisor does; `harvester run` is called when a job has come to rest. Prints a table, or one line of JSON.

What is timed: in CKAN from the job's creation to its last import, the consumers being up before and each dataset indexed as
it comes; in Mulu the whole command `mulu harvest`, its start and the index after the harvest with it (`per_second`), and
beside that the run alone, as its report has it (`run_per_second`: without start and index).
"""

import argparse
import os
import random
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))

from catalog_api.commands.console import screen, show, table
from catalog_api.commands.measuring import served, write_catalogue
from metadata import database, store

NAME = "mulu-beside-ckan"
EMPTY = b'{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[]}'
AT_REST = 20.0  # seconds without a record after which `harvester run` is called, as a cron job would sooner or later
TURNS = 5  # calls of it that change nothing, after which a job is given up


def main() -> int:
    """Measures both; 0 when both came to an end."""
    options = _options()
    load = round(os.getloadavg()[0], 2)
    with tempfile.TemporaryDirectory(prefix="mulu-ckan-") as name, ExitStack() as stack:
        folder = Path(name)
        records, left_out = _choose(options.records, folder / "chosen.jsonl", options.count, options.seed)
        url = stack.enter_context(served(folder))
        runs = [_mulu_steps(folder, folder / f"data-{turn}", url) for turn in range(options.rounds)]
        found: dict[str, Any] = {"records": records, "left_out": left_out, "mulu": _median(runs)}
        if options.all:
            found["mulu_all"] = _mulu_whole(folder, options.records, url)
        write_catalogue(folder / "data.json", folder / "chosen.jsonl", 1)
        with Ckan(options.ckan_command, options.ckan_url, options.ckan_token_file.read_text().strip()) as ckan:
            found["ckan"] = _ckan_steps(ckan, folder, url, options.fetch_consumers)
    found["ratios"] = _ratios(found)
    found["load_before"] = load
    if options.json:
        show(found)
    else:
        _print(found)
    return 0 if found["ckan"]["finished"] and found["mulu"]["first"]["state"] == "done" else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--records", type=Path, required=True, help="a file of DCAT-US records, one JSON object a line")
    add("--ckan-command", type=shlex.split, required=True, help='how CKAN\'s command is called: "…/ckan -c …/ckan.ini"')
    add("--ckan-url", default="http://127.0.0.1:5000", help="where CKAN answers")
    add("--ckan-token-file", type=Path, required=True, help="file with an API token of a sysadmin of CKAN")
    add("--count", type=int, default=1000, help="records that both harvest, chosen by chance")
    add("--seed", type=int, default=7, help="of that chance")
    add("--rounds", type=int, default=3, help="times that Mulu is measured, each in a new catalogue; the median counts")
    add("--fetch-consumers", type=int, default=1, help="CKAN's fetch consumers")
    add("--all", action="store_true", help="let Mulu harvest the whole file as well")
    add("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def _choose(path: Path, chosen: Path, count: int, seed: int) -> tuple[int, int]:
    """So many records, and how many of the file could not be among them: a title that is a number ends CKAN's consumer."""
    with path.open("rb") as file:
        rows = [orjson.loads(line) for line in file]
    fit = [row for row in rows if isinstance(row.get("title"), str)]
    random.Random(seed).shuffle(fit)
    chosen.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in fit[-count:]))
    return len(fit[-count:]), len(rows) - len(fit)


# Mulu


def _mulu_steps(folder: Path, data: Path, url: str) -> dict[str, Any]:
    """The four harvests into a new catalogue on SQLite."""
    write_catalogue(folder / "data.json", folder / "chosen.jsonl", 1)
    _add(data, url)
    first = _harvest(data)
    with (folder / "data.json").open("ab") as file:
        file.write(b"\n")  # another document with the same records: each of them has to be compared
    again = _harvest(data)
    same = _harvest(data)
    (folder / "data.json").write_bytes(EMPTY)
    return {"first": first, "again": again, "same_bytes": same, "empty": _harvest(data)}


def _mulu_whole(folder: Path, records: Path, url: str) -> dict[str, Any]:
    """The first harvest of the whole file, nothing left out."""
    write_catalogue(folder / "data.json", records, 1)
    data = folder / "data-all"
    _add(data, url)
    return _harvest(data)


def _add(data: Path, url: str) -> None:
    words = "--protocol dcat_us --standard dcat_us_1_1_non_federal --set internal=true --organization bench"
    _mulu(data, "source", "add", "bench", url, *words.split())


def _harvest(data: Path) -> dict[str, Any]:
    """One harvest and the index after it: what it came to, and how fast."""
    seconds, report = _mulu(data, "harvest", "bench")
    return {
        **{name: report[name] for name in ("state", "received", "added", "updated", "unchanged", "retired", "message")},
        "refused": report["failed"],
        "datasets": _published(data),
        "seconds": round(seconds, 2),
        "run_seconds": report["seconds"],
        "per_second": round(report["received"] / seconds, 1),
        "run_per_second": round(report["received"] / report["seconds"], 1),
        "load_average": round(os.getloadavg()[0], 2),
    }


def _published(data: Path) -> int:
    engine = database.connect(f"sqlite:///{data / 'mulu.db'}")
    with database.reading(engine) as session:
        found = store.count(session)
    engine.dispose()
    return found


def _mulu(data: Path, *words: str) -> tuple[float, Any]:
    """Seconds that `mulu … --json` took in a process of its own, and what it printed."""
    environment = {**os.environ, "MULU_DATA_DIR": str(data), "MULU_DATABASE_URL": "", "MULU_SEARCH_URL": ""}
    command = [sys.executable, "-m", "catalog_api.cli", *words, "--json"]
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    taken = time.perf_counter() - begun
    if not done.stdout.strip():
        raise SystemExit(f"mulu {' '.join(words)} failed: {done.stderr.decode('utf-8', 'replace')[-500:]}")
    return taken, orjson.loads(done.stdout.splitlines()[-1])


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The round whose first harvest was in the middle, and how fast each of them was."""
    middle = statistics.median_low([run["first"]["per_second"] for run in runs])
    chosen = next(run for run in runs if run["first"]["per_second"] == middle)
    return {**chosen, "rounds": [run["first"]["per_second"] for run in runs]}


# CKAN


class Ckan:
    """A running CKAN: its API, its command. What was made in it is taken away again at the end."""

    def __init__(self, command: list[str], url: str, token: str) -> None:
        self._command = command
        headers = {
            "Authorization": token,
            "Connection": "close",
        }  # some servers of CKAN hang up after each answer and do not say so
        self._web = httpx.Client(base_url=f"{url.rstrip('/')}/api/3/action/", headers=headers, timeout=300, trust_env=False)
        self.organization = ""
        self._sources: list[str] = []

    def __enter__(self) -> Self:
        missing = {"harvest", "dcat_json_harvester"} - set(self.ask("status_show", {})["extensions"])
        if missing:
            raise SystemExit(f"this CKAN lacks plugins: {' '.join(sorted(missing))}")
        self.organization = self.ask("organization_create", {"name": f"{NAME}-{int(time.time())}"})["id"]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            for source in self._sources:
                self.ask("harvest_source_clear", {"id": source})
                self.ask("dataset_purge", {"id": source})
            self.ask("organization_purge", {"id": self.organization})
        finally:
            self._web.close()

    def ask(self, action: str, given: Mapping[str, Any]) -> Any:
        """What an action of CKAN's API gives back. Ends the program when CKAN refuses it."""
        try:
            answer = self._web.post(action, json=given)
        except httpx.HTTPError as problem:
            raise SystemExit(f"CKAN does not answer {action}: {problem!r}") from None
        if answer.status_code != 200:
            raise SystemExit(f"CKAN refused {action} ({answer.status_code}): {answer.text[:300]}")
        return answer.json()["result"]

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Starts one of the commands of `ckan harvester`."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen([*self._command, "harvester", *words], stdin=quiet, stdout=quiet, stderr=quiet)

    def add_source(self, url: str) -> str:
        """A new source in the organization of this benchmark; returns its identifier."""
        named = {"name": f"{NAME}-{int(time.time())}", "title": NAME, "url": url, "source_type": "dcat_json"}
        source: str = self.ask("harvest_source_create", {**named, "owner_org": self.organization})["id"]
        self._sources.append(source)
        return source

    def datasets(self) -> int:
        """How many datasets of this benchmark can be searched."""
        asked = {"q": "*:*", "fq": f"+dataset_type:dataset +owner_org:{self.organization}", "rows": 0}
        found: int = self.ask("package_search", asked)["count"]
        return found


class Consumers:
    """The gather and fetch consumers, started anew when they end."""

    def __init__(self, ckan: Ckan, fetch: int) -> None:
        self._ckan = ckan
        self._running = {word: ckan.start(word.partition(" ")[0]) for word in self._words(fetch)}
        self.ended = 0

    @staticmethod
    def _words(fetch: int) -> Iterator[str]:
        yield "gather-consumer"
        yield from (f"fetch-consumer {number}" for number in range(fetch))

    def tend(self) -> None:
        for word, process in self._running.items():
            if process.poll() is not None:
                self.ended += 1
                self._running[word] = self._ckan.start(word.partition(" ")[0])

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait()


@contextmanager
def _consuming(ckan: Ckan, fetch: int) -> Iterator[Consumers]:
    consumers = Consumers(ckan, fetch)
    try:
        time.sleep(10)  # they say nothing when they are up: their start must not count as CKAN's harvest
        yield consumers
    finally:
        consumers.stop()


def _ckan_steps(ckan: Ckan, folder: Path, url: str, fetch: int) -> dict[str, Any]:
    """The three harvests, by a source of its own."""
    source = ckan.add_source(url)
    with _consuming(ckan, fetch) as consumers:
        first = _job(ckan, source, consumers)
        again = _job(ckan, source, consumers)
        (folder / "data.json").write_bytes(EMPTY)
        empty = _job(ckan, source, consumers)
    version = ckan.ask("status_show", {})["ckan_version"]
    steps = {"first": first, "again": again, "empty": empty}
    finished = all(step["state"] == "Finished" for step in steps.values())
    return {"version": version, "finished": finished, "consumers_ended": consumers.ended, **steps}


def _job(ckan: Ckan, source: str, consumers: Consumers) -> dict[str, Any]:
    """One harvest job, followed until CKAN calls it finished."""
    job = ckan.ask("harvest_job_create", {"source_id": source})["id"]
    shown, calls = _follow(ckan, job, consumers)
    stats = {word: count for word, count in shown["stats"].items() if word != "null"}
    seconds = _seconds(shown["created"], shown["finished"])
    return {
        "state": shown["status"],
        "received": sum(shown["stats"].values()),
        **{word: stats[word] for word in ("added", "updated", "deleted")},
        "unchanged": stats["not modified"],
        "refused": stats["errored"],
        "datasets": ckan.datasets(),
        "gather_seconds": _seconds(shown["gather_started"], shown["gather_finished"]),
        "seconds": seconds,
        "per_second": round(sum(stats.values()) / seconds, 1) if seconds else 0.0,
        "load_average": round(os.getloadavg()[0], 2),
        "calls_of_harvester_run": calls,
        "errors": [error["message"].strip().rpartition("\n")[2][:200] for error in shown.get("object_error_summary", [])[:3]],
    }


def _follow(ckan: Ckan, job: str, consumers: Consumers) -> tuple[dict[str, Any], int]:
    """The job as CKAN shows it in the end, and how often `harvester run` was called.

    It is not called while a job gathers: it would send what is not yet in the queue a second time.
    """
    done, moved, calls, idle = -1, time.monotonic(), 0, 0
    while True:
        time.sleep(2)
        consumers.tend()
        shown: dict[str, Any] = ckan.ask("harvest_job_show", {"id": job})
        if shown["status"] == "Finished" or idle > TURNS:
            return shown, calls
        waiting = shown["stats"].get("null", 0)
        if (now := sum(shown["stats"].values()) - waiting) != done:
            done, moved, idle = now, time.monotonic(), 0
        if shown["gather_finished"] and (not waiting or time.monotonic() - moved > AT_REST):
            ckan.start("run").wait()
            calls, idle, moved = calls + 1, idle + 1, time.monotonic()


def _seconds(begun: str | None, ended: str | None) -> float:
    if not begun or not ended:
        return 0.0
    return round((datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds(), 1)


# Both


def _ratios(found: dict[str, Any]) -> dict[str, float]:
    """How many times as many records a second Mulu takes in; the whole file against CKAN's first harvest of some of it."""
    mulu, ckan = found["mulu"], found["ckan"]
    pairs = {"first": (mulu["first"], ckan["first"]), "again": (mulu["again"], ckan["again"])}
    if "mulu_all" in found:
        pairs["all"] = (found["mulu_all"], ckan["first"])
    return {
        f"{name}{run}": round(ours[f"{run[1:]}{'_' if run else ''}per_second"] / theirs["per_second"], 1)
        for name, (ours, theirs) in pairs.items()
        for run in ("", "_run")
        if theirs["per_second"]
    }


def _print(found: dict[str, Any]) -> None:
    mulu, ckan, whole = found["mulu"], found["ckan"], found.get("mulu_all")
    first, again, empty = ((mulu[step], ckan[step]) for step in ("first", "again", "empty"))
    rows = [*_speeds(found, "first harvest", first[0], "first")]
    if whole:
        rows += _speeds(found, f"first harvest of {whole['received']:,} in Mulu", whole, "all")
    rows += [
        _row("  datasets afterwards", first[0]["datasets"], first[1]["datasets"]),
        _row("  refused", first[0]["refused"], first[1]["refused"]),
        _row("  load average at its end", first[0]["load_average"], first[1]["load_average"]),
        *_speeds(found, "the same again", again[0], "again"),
        _row("  written again", again[0]["updated"], again[1]["updated"]),
        _row("  the very same bytes, seconds", mulu["same_bytes"]["seconds"], again[1]["seconds"]),
        _row("  load average at its end", again[0]["load_average"], again[1]["load_average"]),
        _row("source turned empty: datasets left", empty[0]["datasets"], empty[1]["datasets"]),
        _row("  state of the run", empty[0]["state"], empty[1]["state"]),
        _row("consumers that ended by themselves", "", ckan["consumers_ended"]),
    ]
    table(f"{found['records']:,} records, beside CKAN {ckan['version']}", rows, "")
    screen.print(f"load average before: {found['load_before']}", highlight=False)


def _speeds(found: dict[str, Any], what: str, ours: dict[str, Any], step: str) -> Iterator[dict[str, Any]]:
    theirs = found["ckan"]["again" if step == "again" else "first"]["per_second"]
    yield _row(f"{what}, records/s", ours["per_second"], theirs, found["ratios"].get(step))
    yield _row("  the run alone, not start and index", ours["run_per_second"], theirs, found["ratios"].get(f"{step}_run"))


def _row(what: str, mulu: object, ckan: object, ratio: float | None = None) -> dict[str, Any]:
    return {"what": what, "Mulu": mulu, "CKAN": ckan, "times": ratio}


if __name__ == "__main__":
    sys.exit(main())
