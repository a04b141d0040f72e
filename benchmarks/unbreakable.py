"""What must not happen, tried many times: `python benchmarks/unbreakable.py [--engine URL] [--times 50] [--away 60]`.

- The index is rebuilt again and again while 20 clients search and a harvest writes: no failed and no empty answer.
- The process that follows the log is killed (SIGKILL) at moments of chance, also in the middle of rebuilds: the index is
  what the store says, once another one has caught up.
- Elasticsearch is cut off for a minute while clients search and a harvest writes: they are told so, nothing is lost, and the
  index catches up.

Prints one line of JSON for each; ends with status 1 when something happened that must not.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.elasticsearch import index_url
from tests.search.breaking import Cable, Clients, Directory, cable, cut_off, directory, killed, rebuilt_under_load
from tests.search.catalogue import make

ENTRIES = make(1_000)


def main() -> int:
    """Tries everything; 0 when nothing broke."""
    options = _options()
    fine = True
    with _catalogue(options.engine) as (catalogue, way):
        clients, batches = rebuilt_under_load(catalogue, options.times // 5 + 1, ENTRIES)
        fine &= _tell("rebuilt under load", catalogue, clients, not clients.wrong, batches=batches)
        for rebuilding in (False, True):
            changed = killed(catalogue, options.times, ENTRIES, rebuilding=rebuilding, seed=int(time.time()))
            what = f"killed {options.times} times while {'rebuilding' if rebuilding else 'following'}"
            fine &= _tell(what, catalogue, None, True, changes=changed)
        if way is not None:
            clients = cut_off(catalogue, way, ENTRIES, options.away)
            told = {problem.partition(":")[0] for problem in clients.wrong}
            fine &= _tell(f"cut off for {options.away:g} s", catalogue, clients, told <= {"Unavailable"})
    return 0 if fine else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--engine", default="tantivy", help="tantivy, or the address of an Elasticsearch (http://host:9200)")
    parser.add_argument("--times", type=int, default=50, help="how often a process is killed")
    parser.add_argument("--away", type=float, default=60.0, help="seconds for which Elasticsearch is cut off")
    return parser.parse_args()


@contextmanager
def _catalogue(engine: str) -> Iterator[tuple[Directory, Cable | None]]:
    with tempfile.TemporaryDirectory(prefix="mulu-unbreakable-") as name:
        folder = Path(name)
        if engine == "tantivy":
            with directory(folder, f"tantivy://{folder / 'index'}", ENTRIES) as found:
                yield found, None
            return
        with index_url(engine.rstrip("/")) as url, cable(url) as way, directory(folder, way.url, ENTRIES) as found:
            yield found, way


def _tell(what: str, catalogue: Directory, clients: Clients | None, fine: bool, **more: Any) -> bool:
    """Catches up, verifies, prints what was found; whether all is as it must be."""
    indexed, stored, drift = catalogue.follow(), catalogue.count(), catalogue.verified()
    fine = fine and drift.clean and indexed == stored
    found: dict[str, Any] = {"what": what, "fine": fine, "indexed": indexed, "stored": stored, "clean": drift.clean, **more}
    if clients is not None:
        found |= {"good_answers": clients.answers, "others": dict(clients.wrong.most_common(5))}
    sys.stdout.write(orjson.dumps(found).decode() + "\n")
    sys.stdout.flush()
    return fine


if __name__ == "__main__":
    sys.exit(main())
