"""What another standard cannot carry of a dataset: the page beside `/dataset/{name}/loss` in JSON."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from catalog_api.web.addresses import address
from catalog_api.web.page import render
from metadata.entry import Entry
from standards.table import STANDARDS


def loss_page(request: Request, entry: Entry, report: Mapping[str, Any]) -> Response:
    """The fields that are lost, with their values, and those that are carried; other standards to choose from."""
    written = [one for one in STANDARDS.values() if one.write is not None]
    values = {
        "entry": entry,
        "target": STANDARDS.get(report["to"]),
        "lost": report["lost"],
        "carried": report["carried"],
        "standards": written,
        "json_url": address(f"/dataset/{entry.name}/loss", {"to": report["to"]}),
    }
    return render(request, "loss.html", values)
