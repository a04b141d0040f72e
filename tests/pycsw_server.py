"""Runs inside pycsw's own environment (see `tests/pycsw.py`): `python -I pycsw_server.py TASK`, the task being JSON.

`{"load": [files], "database": path}` fills a database and ends. `{"serve": true, "database": path, "page": 100}` binds a free
port, tells its address on standard output, and serves until standard input ends.
"""

import json
import os
import socket
import sys
import threading
from pathlib import Path

TABLE = "records"


def load(database: str, files: list[str]) -> None:
    """Puts every file into a new database; one that pycsw does not take is told on standard output. A record that names no
    identifier gets one in the database, and stays without in its XML."""
    from lxml import etree
    from pycsw.core import config, metadata, repository, util

    where = f"sqlite:///{database}"
    context = config.StaticContext()
    repository.setup(where, table=TABLE)
    catalogue = repository.Repository(where, context, table=TABLE)
    for number, name in enumerate(files):
        try:
            for record in metadata.parse_record(context, etree.parse(name, context.parser), catalogue):
                record.identifier = record.identifier or f"nameless-{number:06}"
                catalogue.insert(record, "local", util.get_today_and_now())
        except Exception as problem:
            print(name, type(problem).__name__, problem)


def configuration(url: str, database: str, page: int) -> dict[str, object]:
    """What pycsw asks to be told."""
    contact = {
        "name": "Open data desk", "position": "Desk", "address": "Street 1", "city": "City", "stateorprovince": "",
        "postalcode": "1", "country": "XX", "phone": "1", "fax": "1", "email": "desk@city.example", "url": url,
        "hours": "", "instructions": "", "role": "pointOfContact",
    }  # fmt: skip
    identification = {
        "title": "Catalogue", "description": "A catalogue for tests", "keywords": ["catalogue"], "keywords_type": "theme",
        "fees": "None", "accessconstraints": "None",
    }  # fmt: skip
    return {
        "server": {
            "home": ".", "url": url, "mimetype": "application/xml; charset=UTF-8", "encoding": "UTF-8", "language": "en-US",
            "maxrecords": page, "pretty_print": False, "timeout": 30,
        },
        "logging": {"level": "ERROR"},
        "profiles": ["apiso", "iso19115p3"],
        "manager": {"transactions": False, "allowed_ips": ["127.0.0.1"]},
        "metadata": {"identification": identification, "provider": {"name": "City", "url": url}, "contact": contact,
                     "inspire": {"enabled": False}},
        "repository": {"database": f"sqlite:///{database}", "table": TABLE, "facets": ["type"]},
    }  # fmt: skip


def serve(database: str, page: int) -> None:
    """Serves CSW, OAI-PMH, OpenSearch and OGC API Records, one request at a time."""
    import yaml
    from waitress.server import create_server

    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = Path(database).with_suffix(".yml")
    settings.write_text(yaml.safe_dump(configuration(url, database, page)))
    os.environ["PYCSW_CONFIG"] = str(settings)
    from pycsw.wsgi_flask import APP

    def answer(environ: dict[str, object], start: object) -> object:
        # pycsw gives a request's headers back with its answer; this one is the server's own affair (PEP 3333).
        environ.pop("HTTP_CONNECTION", None)
        return APP(environ, start)

    server = create_server(answer, sockets=[listener], threads=1, clear_untrusted_proxy_headers=True)
    threading.Thread(target=server.run, daemon=True).start()
    print(url, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    task = json.loads(sys.argv[1])
    if "load" in task:
        load(task["database"], task["load"] or json.load(sys.stdin))
    else:
        serve(task["database"], task["page"])
