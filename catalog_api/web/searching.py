"""The search page: results with facets, chips for what is chosen, pages; the same list as CSV."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from catalog_api.deps import AskerDep, EngineDep, SessionDep, SettingsDep
from catalog_api.web import labels, tables, wording
from catalog_api.web.addresses import address
from catalog_api.web.asking import DEEPEST, ORDERS, PER_PAGE, SHOWN, Asking, asked
from catalog_api.web.page import render, speaking
from catalog_api.web.translation import N_, Tongue
from metadata import store
from metadata.departments import organizations
from metadata.entry import Entry
from metadata.text import best
from search.base import FacetCount, Hit, Page, SearchEngine
from search.facets import FACETS, facet_label

router = APIRouter(include_in_schema=False)
CSV_ROWS = 10_000
CSV_STEP = 500


@router.get("/search")
def search_page(request: Request, session: SessionDep, engine: EngineDep, asker: AskerDep) -> Response:
    """What was found."""
    spoken, asking = speaking(request), asked(request)
    asking, page = _found(engine, asking, asker.readers, spoken)
    found = store.entries(session, [hit.id for hit in page.hits])
    titles = {one.name: one.title for one in organizations(session)}
    pages = _pages(page)
    data = [(name, value) for name, value in asking.pairs() if name != "sort"]
    values = {
        "words": asking.words,
        "kept": [(name, value) for name, values in asking.filters.items() for value in values],
        "notes": [spoken.say(note) for note in asking.notes],
        "understood": [_part(left_out, words, spoken) for left_out, words in asking.understood],
        "chosen": _chosen(asking, spoken, titles),
        "clear_url": address("/search", {"q": asking.words}),
        "total": page.total,
        "orders": _orders(asking),
        "facets": _facets(page, asking, spoken, titles),
        "hits": [_hit(hit, found[hit.id]) for hit in page.hits if hit.id in found],
        "first": (asking.number - 1) * PER_PAGE + 1,
        "number": asking.number,
        "pages": pages,
        "previous_url": asking.url(asking.number - 1) if asking.number > 1 else None,
        "next_url": asking.url(asking.number + 1) if asking.number < pages else None,
        "json_url": address("/api/v1/datasets", data),
        "csv_url": address("/search.csv", asking.pairs()),
    }
    return render(request, "search.html", values)


@router.get("/search.csv")
def search_table(request: Request, session: SessionDep, engine: EngineDep, asker: AskerDep, settings: SettingsDep) -> Response:
    """The found datasets as a table, at most 10,000."""
    spoken, asking = speaking(request), asked(request)
    rows: list[list[object]] = []
    number = 1
    while len(rows) < CSV_ROWS:
        turn = Asking(asking.words, asking.filters, asking.order, number)
        page = engine.search(turn.query(asker.readers, spoken, CSV_STEP, facets=()))
        found = store.entries(session, [hit.id for hit in page.hits])
        rows += [_row(found[hit.id], spoken, settings.site_url) for hit in page.hits if hit.id in found]
        if len(page.hits) < CSV_STEP:
            break
        number += 1
    header = ["name", "title", "organization", "modified", "frequency", "licence", "formats", "errors", "warnings", "url"]
    return tables.csv_answer("datasets.csv", header, rows)


def _found(engine: SearchEngine, asking: Asking, readers: frozenset[str], spoken: Tongue) -> tuple[Asking, Page]:
    """The page that is asked for, or the last one there is."""
    page = engine.search(asking.query(readers, spoken))
    if page.hits or asking.number <= _pages(page):
        return asking, page
    last = replace(asking, number=_pages(page))
    return last, engine.search(last.query(readers, spoken))


def _pages(page: Page) -> int:
    return max(1, min(DEEPEST, -(-page.total // PER_PAGE)))


def _row(entry: Entry, spoken: Tongue, site: str) -> list[object]:
    data = entry.dataset
    return [
        entry.name,
        wording.spoken(data.title, spoken)[1],
        best(entry.organization_title, spoken.languages) or entry.organization or "",
        data.modified or "",
        wording.coded(data.accrual_periodicity, spoken),
        wording.coded(data.license, spoken),
        " ".join(wording.formats_of(entry)),
        entry.errors,
        entry.warnings,
        f"{site}/dataset/{entry.name}",
    ]


def _hit(hit: Hit, entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "title": _marked(hit, "title"), "snippet": _marked(hit, "description")}


def _part(left_out: bool, words: str, spoken: Tongue) -> str:
    return spoken.say(N_("without %(words)s")) % {"words": words} if left_out else words


def _marked(hit: Hit, field: str) -> str:
    """A highlight as the engine made it: escaped text with `<mark>` (search.base.Hit)."""
    words = hit.highlights.get(field, "")
    return Markup(words) if words else ""  # noqa: S704 (escaped by search.highlight, a test holds it to that)


def _orders(asking: Asking) -> list[dict[str, Any]]:
    fitting = [name for name in ORDERS if name != "relevance" or asking.words]
    return [
        {"url": address("/search", asking.pairs(order=name)), "name": ORDERS[name], "here": name == asking.order}
        for name in fitting
    ]


def _chosen(asking: Asking, spoken: Tongue, titles: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    return [
        {
            "facet": wording.spoken(FACETS[name].title, spoken)[1],
            "name": _label(name, value, {}, spoken, titles),
            "url": address("/search", asking.pairs(without=(name, value))),
        }
        for name, values in asking.filters.items()
        for value in values
    ]


def _facets(page: Page, asking: Asking, spoken: Tongue, titles: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Those with a choice to make: more than one value, or a chosen one."""
    shown = []
    for name in SHOWN:
        values = [_value(name, one, asking, spoken, titles) for one in page.facets.get(name, ())]
        if len(values) > 1 or name in asking.filters:
            shown.append(
                {"name": wording.spoken(FACETS[name].title, spoken)[1], "values": values, "used": name in asking.filters}
            )
    return shown


def _value(
    name: str, one: FacetCount, asking: Asking, spoken: Tongue, titles: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    here = one.value in asking.filters.get(name, ())
    pairs = asking.pairs(without=(name, one.value)) if here else asking.pairs(adding=(name, one.value))
    return {
        "url": address("/search", pairs),
        "name": _label(name, one.value, one.label, spoken, titles),
        "count": one.count,
        "here": here,
    }


def _label(name: str, value: str, label: Mapping[str, str], spoken: Tongue, titles: Mapping[str, Mapping[str, str]]) -> str:
    known = titles.get(value, {}) if name == "organization" else label or facet_label(name, value)
    words = best(known, spoken.languages)
    return words or (spoken.say(labels.tongue(value)) if name == "language" else value)
