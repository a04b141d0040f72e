"""What pages show of people's decisions: on runs, on the fields of a dataset, and of what it is a copy."""

from typing import Any

import orjson
from sqlmodel import Session

from catalog_api.auth import Asker
from catalog_api.lineage import lineage
from catalog_api.routers.curation import layer_json
from catalog_api.routers.decisions import leaving_json
from metadata import deciding, overlays, sources
from metadata.entry import Entry
from metadata.tables import Run

LISTED = 50
MADE = ("added", "updated", "retired", "renamed")


def of_run(session: Session, run: Run, asker: Asker) -> dict[str, Any]:
    """What a run's page shows: what it would retire, conflicts it brought, whether it can be undone."""
    decided = (run.decision or {}).get("decided")
    newer = deciding.newer(session, run) if run.state == "held" else None
    waits = run.state == "held" and decided is None and newer is None
    ended = run.state not in sources.OPEN_STATES
    return {
        "newer": newer.id if newer else None,
        "vanished": [leaving_json(one, asker, "") for one in deciding.vanished(session, run, limit=LISTED)] if waits else [],
        "vanished_count": deciding.count_vanished(session, run) if waits else 0,
        "conflicts": len(overlays.conflicts(session, run.id or 0)) if ended else 0,
        "undoable": ended and decided != "undone" and any(getattr(run, name) for name in MADE),
    }


def of_dataset(session: Session, entry: Entry, asker: Asker) -> dict[str, Any]:
    """What a dataset's page shows: of what it is a copy, where it comes from, what people changed of it."""
    layers = [layer_json(one) for one in overlays.layers(session, entry.id)] if entry.curated else []
    return {
        "lineage": lineage(session, entry, asker.readers),
        "layers": [{**one, "said": _said(one["source"])} for one in layers],
    }


def _said(value: Any) -> str:
    return "–" if value is None else orjson.dumps(value).decode()
