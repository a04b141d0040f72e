"""ISO records over CSW from a local pycsw: `python benchmarks/csw.py [--records FOLDER] [--page 200] [--rounds 3]`.

Three clients ask the same pages of the same server, one after another: one that throws everything away, the harvester alone,
and a whole first harvest (checks, raw records, ledger, commits) into a database of its own. Prints one line of JSON with
records per second and ratios (the best of the rounds); ends with status 1 when the harvest has neither 500 records/s nor 90 %
of what the server delivers.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))

from catalog_api.upgrade import upgrade
from harvesters.csw import Csw, CswSettings
from harvesters.csw_service import GMD, Question, connect
from harvesters.web import Web
from metadata import database
from tests.harvests import ask, go_on, new_source
from tests.pycsw import catalogue

CORPORA = Path(os.environ.get("MULU_CORPORA", Path.home() / ".cache" / "mulu" / "corpora"))


def main() -> int:
    """Measures; 0 when the target is met."""
    options = _options()
    files = sorted(options.records.rglob("*.xml"))
    with catalogue(files, page=options.page) as server:
        count = len(server.identifiers())
        clients: dict[str, Callable[[str, int], int]] = {"discarded": _discard, "batches": _batches, "harvest": _harvest}
        rates = {
            name: max(_rate(client, server.csw, options.page, count) for _ in range(options.rounds))
            for name, client in clients.items()
        }
    ratios = {f"{name}_ratio": round(rates[name] / rates["discarded"], 3) for name in ("batches", "harvest")}
    met = rates["harvest"] >= 500 or ratios["harvest_ratio"] >= 0.9
    told = {"records": count, "page": options.page, **{f"{name}_per_second": round(rate) for name, rate in rates.items()}}
    sys.stdout.write(orjson.dumps({**told, **ratios, "met": met}).decode() + "\n")
    return 0 if met else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=Path, default=CORPORA / "iso" / "ogm-virginia", help="folder of ISO records in XML")
    parser.add_argument("--page", type=int, default=200, help="records asked for at a time")
    parser.add_argument("--rounds", type=int, default=3, help="times each is measured; the best counts")
    return parser.parse_args()


def _rate(client: Callable[[str, int], int], url: str, page: int, count: int) -> float:
    """Records per second. Raises `AssertionError` when a client did not get them all."""
    begun = time.perf_counter()
    got = client(url, page)
    taken = time.perf_counter() - begun
    assert got == count, (client.__name__, got, count)
    return count / taken


def _discard(url: str, page: int) -> int:
    """Asks for every page, and throws it away unread but for the number of records."""
    with Web(internal=True) as web:
        service = connect(web, url, "2.0.2")
    got = 0
    with httpx.Client(trust_env=False, timeout=60) as client:
        while True:
            asked = service.params(Question(got + 1, page, GMD, "csw:Record", "dc:identifier"))
            here = client.get(url, params=asked).content.count(b"<gmd:MD_Metadata")
            got += here
            if here < page:
                return got


def _batches(url: str, page: int) -> int:
    with Web(internal=True) as web:
        harvester = Csw(url, CswSettings(page_size=page))
        return sum(len(batch.records) for batch in harvester.batches(web, None))


def _harvest(url: str, page: int) -> int:
    with tempfile.TemporaryDirectory(prefix="mulu-csw-") as folder:
        engine = database.connect(f"sqlite:///{folder}/mulu.db")
        upgrade(engine)
        asked = ask(engine, new_source(engine, "geo", url=url, protocol="csw"))
        run = go_on(engine, asked, Csw(url, CswSettings(page_size=page)))  # type: ignore[arg-type]  # a harvester like any
        engine.dispose()
    assert run.state == "done", run.message
    return run.received


if __name__ == "__main__":
    sys.exit(main())
