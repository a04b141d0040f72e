"""Where a dataset comes from, for pages and the API: of what it is a copy and why, its own copies, and the way it took."""

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select

from harvesters.address import mask
from metadata import copies, store
from metadata.entry import Entry
from metadata.sameness import RULES, host_of, origins
from metadata.tables import DatasetRow, Source
from metadata.text import Text


def lineage(session: Session, entry: Entry, readers: Collection[str]) -> dict[str, Any]:
    """`copy_of` (`null` for one that stands for itself), `decided_by_person`, `copies` and `provenance` of a dataset. Datasets
    that the asker may not see are left out."""
    row = session.get_one(DatasetRow, entry.id)
    root = copies.canonical(session, row)
    ids = [one.id for one in copies.copies(session, entry.id)]
    found = store.entries(session, [*([root.id] if root.id != entry.id else []), *ids])
    seen = {key: one for key, one in found.items() if one.state == "retired" or {*one.readers, "*"} & set(readers)}
    shown = seen.get(root.id) if root.id != entry.id else None
    way = [entry, found[root.id]] if shown else [entry]
    return {
        "copy_of": {**_dataset(shown), "rule": row.copy_rule, "why": _words(row.copy_rule or "")} if shown else None,
        "decided_by_person": row.copy_rule == "person",
        "copies": [
            {**_dataset(one), "rule": one.copy_rule, "why": _words(one.copy_rule)} for key in ids if (one := seen.get(key))
        ],
        "provenance": provenance(session, way),
    }


def provenance(session: Session, way: Collection[Entry]) -> list[dict[str, Any]]:
    """The places that a dataset came through, the nearest first: its source, the portals that its description names, and those
    of the dataset it is a copy of; each host once. `source` is the name of one of the catalogue's own sources."""
    known = session.execute(select(Source.name, Source.url).order_by(col(Source.name).desc())).all()
    urls = {name: url for name, url in known}
    hosts = {host: name for name, url in known if (host := host_of(url))}
    steps: list[dict[str, Any]] = []
    met: set[str] = set()
    for entry in way:
        own = entry.source or ""
        if own in urls and own not in met:
            met |= {own, host_of(urls[own]) or own}
            steps.append({"source": own, "title": "", "url": mask(urls[own]).partition("?")[0]})
        for one in origins(entry.dataset):
            host = host_of(one.url)
            if host not in met:
                met |= {host, hosts.get(host, host)}
                steps.append({"source": hosts.get(host), "title": one.title, "url": mask(one.url)})
    return steps


def _words(rule: str) -> Text:
    return RULES.get(rule, {})


def _dataset(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.dataset.title,
        "state": entry.state,
        "source": entry.source,
        "organization": entry.organization,
    }
