"""Serves folders of real descriptions over HTTP and harvests them, and says what came of it, as a Markdown table.

    python docs/protocols/real_harvests.py [FOLDER] [--only KIND/NAME …]

FOLDER is by default `${MULU_CORPORA:-~/.cache/mulu/corpora}`, with folders `KIND/NAME`. Each of them is served as it is (a web
folder, with the listing that Python's server makes) and added by its address alone: the protocol is found out. Those of kind
`dcatus` are also harvested file by file, each as the data.json that it was. Every run is a real one, in a catalogue of its own.
"""

import argparse
import os
import re
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from catalog_api.commands.console import catalogue  # noqa: E402
from catalog_api.detecting import completed  # noqa: E402
from catalog_api.harvesting import Harvesting, start  # noqa: E402
from catalog_api.rooms import Rooms  # noqa: E402
from catalog_api.settings import Settings  # noqa: E402
from catalog_api.source_forms import SourceBody, put_checked  # noqa: E402
from metadata import database  # noqa: E402
from metadata.errors import CatalogError  # noqa: E402
from metadata.tables import Run  # noqa: E402

COUNTED = ("received", "added", "failed", "duplicates", "warned")


class Quiet(SimpleHTTPRequestHandler):
    """A web folder that keeps silent."""

    def log_message(self, *_: object) -> None: ...


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def harvested(rooms: Rooms, name: str, url: str) -> tuple[str, Run | None, str]:
    """The protocol that was found, the run, and what kept it from beginning."""
    body = SourceBody(url=url, internal=True)
    try:
        body, _ = completed(rooms.settings, body)
        with database.writing(rooms.database) as session:
            run_id = start(session, put_checked(session, rooms.settings, name, body)).id or 0
            session.commit()
    except CatalogError as problem:
        return body.protocol, None, problem.message
    return body.protocol, Harvesting(rooms.database, rooms.settings, run_id).perform(), ""


def whole_folders(rooms: Rooms, root: Path, only: list[str]) -> Iterator[str]:
    """One line for each folder, served as it is."""
    for folder in sorted(path for path in root.glob("*/*") if path.is_dir()):
        label = "/".join(folder.parts[-2:])
        if only and label not in only:
            continue
        with served(folder) as url:
            protocol, run, trouble = harvested(rooms, label.replace("/", "-").lower(), f"{url}/")
        yield _line(label, protocol, [run] if run else [], trouble)


def file_by_file(rooms: Rooms, root: Path, only: list[str]) -> Iterator[str]:
    """One line for each folder and protocol of kind `dcatus`, its files harvested one by one."""
    for folder in sorted(path for path in root.glob("dcatus/*") if path.is_dir()):
        label = "/".join(folder.parts[-2:])
        if only and label not in only:
            continue
        runs: dict[str, list[Run]] = defaultdict(list)
        refused: Counter[str] = Counter()
        with served(folder) as url:
            for number, path in enumerate(sorted(folder.rglob("*.json"))):
                address = f"{url}/{quote(str(path.relative_to(folder)))}"
                protocol, run, trouble = harvested(rooms, f"{folder.name.lower()}-{number}", address)
                if run is None:
                    refused[trouble] += 1
                else:
                    runs[protocol].append(run)
        for protocol, some in runs.items():
            yield _line(f"{label}, file by file", protocol, some, "")
        for trouble, count in refused.items():
            yield _line(f"{label}, file by file", "–", [], f"{count} files: {trouble}")


def _line(label: str, protocol: str, runs: list[Run], trouble: str) -> str:
    counts = [sum(getattr(run, name) for run in runs) for name in COUNTED]
    findings = sum(sum(run.findings_by_rule.values()) for run in runs)
    seconds = sum(run.seconds for run in runs)
    states = Counter(run.state for run in runs)
    told = ", ".join(f"{count} {state}" for state, count in states.items()) if len(runs) > 1 else "".join(states)
    reasons = Counter(run.message.partition(" (")[0] for run in runs if run.state != "done")
    why = trouble or "; ".join(f"{reason} ({count})" if count > 1 else reason for reason, count in reasons.most_common(2))
    cells = [label, f"`{protocol}`" if protocol else "–", *map("{:,}".format, counts), f"{findings:,}", f"{seconds:.1f}", told]
    return f"| {' | '.join(cells)} | {_masked(why)} |"


def _masked(words: str) -> str:
    """Without the port of the day, and without what would break the table."""
    return re.sub(r"http://127\.0\.0\.1:\d+", "", words).replace("|", "\\|")[:160]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    default = Path(os.environ.get("MULU_CORPORA", "~/.cache/mulu/corpora")).expanduser()
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--only", nargs="*", default=[], metavar="KIND/NAME")
    given = parser.parse_args()
    print(f"| source | protocol | {' | '.join(COUNTED)} | findings | seconds | ended | why not |")
    print("|---|---|" + "---:|" * (len(COUNTED) + 2) + "---|---|")
    with tempfile.TemporaryDirectory(prefix="mulu-real-") as name:
        settings = Settings(data_dir=Path(name), database_url="", search_url="")
        with catalogue(settings) as rooms:
            for line in chain(whole_folders(rooms, given.folder, given.only), file_by_file(rooms, given.folder, given.only)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
