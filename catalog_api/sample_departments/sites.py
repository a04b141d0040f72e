"""What each kind of department answers: a data.json, a page that says it is closed, files in a folder, or what the module of
its protocol makes of it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from catalog_api.sample_departments import (
    action_api,
    dcat_pages,
    form_lists,
    packages,
    records,
    repositories,
    web_folders,
    workbooks,
)
from catalog_api.sample_departments.pages import home, maintenance, newest
from catalog_api.sample_departments.seeds import Seed
from catalog_api.sample_departments.web import Answer, Asked, Site


def site(seed: Seed) -> Site:
    """The site of a department that is on the web, by its quality and protocol."""
    if seed.quality == "away":
        page = maintenance(seed)
        return lambda _asked: page
    if seed.quality == "shrinking":
        return shrinking(seed)
    return SITES[seed.protocol][0](seed)


def data_json(seed: Seed) -> Site:
    """`/data.json`, always the same. `site.charset` and `site.bom` of the seed say how it is written."""
    answer = _catalog(seed, records.catalog(seed), newest(seed))
    return lambda asked: answer if asked.path == "/data.json" else home(seed, asked)


def shrinking(seed: Seed) -> Site:
    """`/data.json` with every dataset the first time it is got, and a valid catalogue of none ever after."""
    full = _catalog(seed, records.catalog(seed), newest(seed))
    empty = _catalog(seed, records.catalog(seed, empty=True), newest(seed) + timedelta(days=1))
    visits = count()

    def answer(asked: Asked) -> Answer:
        if asked.path != "/data.json":
            return home(seed, asked)
        if asked.method == "HEAD":
            return full
        return full if next(visits) == 0 else empty

    return answer


def write_files(seed: Seed, folder: Path) -> Path:
    """One JSON file per dataset under `folder/NAME/UNIT/`, as a department hands them in. Returns `folder/NAME`."""
    root = folder / seed.name
    bodies = packages.held(seed) if seed.standard == "ckan" else records.dataset_records(seed)
    for row, body in zip(seed.rows, bodies, strict=True):
        path = root / row.unit.name / f"{row.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return root


def _catalog(seed: Seed, catalog: dict[str, Any], modified: datetime) -> Answer:
    charset = seed.site.get("charset", "utf-8")
    body = json.dumps(catalog, ensure_ascii=False, indent=1).encode(charset)
    mark = b"\xef\xbb\xbf" if seed.site.get("bom") else b""
    return Answer(mark + body, f"application/json; charset={charset}", modified=modified)


SITES: dict[str, tuple[Callable[[Seed], Site], str]] = {
    "dcat_us": (data_json, "/data.json"),
    "ckan": (action_api.portal, ""),
    "waf": (web_folders.folder, web_folders.ROOT),
    "oai_pmh": (repositories.repository, repositories.DOOR),
    "dcat_rdf": (dcat_pages.catalogue, dcat_pages.DOOR),
    "spreadsheet": (workbooks.workbook, workbooks.DOOR),
    "json_map": (form_lists.form_list, ""),
}
"""Protocol → what makes its site, and the path of the address that a person would give of it."""
