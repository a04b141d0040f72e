"""A web folder served by Python's own server: JSON and folders in folders, and what is not to be harvested."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Quiet(SimpleHTTPRequestHandler):
    """Python's folder server, which says nothing; `asked` counts what it was asked for."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        asked: list[str] = getattr(self.server, "asked")  # noqa: B009
        asked.append(self.path)
        super().do_GET()


@contextmanager
def served(folder: Path, asked: list[str] | None = None) -> Iterator[str]:
    """The folder over HTTP, at its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    server.daemon_threads = True
    setattr(server, "asked", [] if asked is None else asked)  # noqa: B010
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """23 records in three files and folders."""
    records = [{"identifier": f"id-{number:04}", "title": f"数据 {number}"} for number in range(23)]
    (folder / "a.json").write_text(json.dumps(records[:9]), encoding="utf-8")
    (folder / "b").mkdir()
    (folder / "b" / "数据.json").write_text(json.dumps(records[9]), encoding="utf-8")
    (folder / "b" / "deep").mkdir()
    (folder / "b" / "deep" / "c.json").write_text(json.dumps({"dataset": records[10:]}), encoding="utf-8")
    (folder / "README.txt").write_text("not data")
    with served(folder) as url:
        yield url, {"batch_size": 4}
