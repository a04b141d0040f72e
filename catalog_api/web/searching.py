"""The search page: results with facets, chips for what is chosen, pages; the same list as CSV."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from catalog_api.answering import answered
from catalog_api.deps import AskerDep, EngineDep, SessionDep, SettingsDep
from catalog_api.web import narrowing, tables, wording
from catalog_api.web.addresses import address
from catalog_api.web.asking import DEEPEST, ORDERS, PER_PAGE, Asking, asked
from catalog_api.web.chips import chips
from catalog_api.web.page import offered, render, speaking
from catalog_api.web.translation import N_, Tongue
from catalog_api.web.understanding import READ_AS, explained, understood
from metadata import store
from metadata.departments import organizations
from metadata.entry import Entry
from metadata.errors import Invalid
from metadata.text import best
from search import cursor
from search.base import Hit, Page, Query, SearchEngine

router = APIRouter(include_in_schema=False)
CSV_ROWS = 10_000
CSV_STEP = 500


@router.get("/search")
def search_page(request: Request, session: SessionDep, engine: EngineDep, asker: AskerDep) -> Response:
    """What was found."""
    spoken = speaking(request)
    asking = asked(request, asker.readers, spoken.languages)
    asking, page = _found(engine, asking)
    found = store.entries(session, [hit.id for hit in page.hits])
    label = narrowing.labelled({one.name: one.title for one in organizations(session)}, spoken, page)
    values = {
        **_shown(asking, page, spoken),
        "understood": understood(page, asking.query.words, spoken, label),
        "chosen": chips(asking, spoken, label),
        "facets": narrowing.facets(page, asking, spoken, label),
        "more_facets": narrowing.more_facets(asking, spoken),
        "years": narrowing.years(_whole_history(engine, asking, page), asking, datetime.now(UTC).year),
        "covered": narrowing.covered(asking),
        "area": narrowing.area(asking, spoken, offered(request)[0]),
        "hits": [_hit(hit, found[hit.id], spoken) for hit in page.hits if hit.id in found],
        **_paging(asking, page),
    }
    return render(request, "search.html", values)


@router.get("/search.csv")
def search_table(request: Request, session: SessionDep, engine: EngineDep, asker: AskerDep, settings: SettingsDep) -> Response:
    """The found datasets as a table, at most 10,000."""
    spoken = speaking(request)
    query = replace(asked(request, asker.readers, spoken.languages).query, limit=CSV_STEP, after=None, highlight=False)
    rows: list[list[object]] = []
    while len(rows) < CSV_ROWS:
        page = engine.search(query)
        found = store.entries(session, [hit.id for hit in page.hits])
        rows += [_row(found[hit.id], spoken, settings.site_url) for hit in page.hits if hit.id in found]
        if page.next is None:
            break
        query = replace(query, after=page.next)
    header = ["name", "title", "organization", "modified", "frequency", "licence", "formats", "errors", "warnings", "url"]
    return tables.csv_answer("datasets.csv", header, rows)


def _found(engine: SearchEngine, asking: Asking) -> tuple[Asking, Page]:
    """The page that is asked for, or the last one there is. A cursor that leads nowhere leads to the first page."""
    query = replace(asking.query, facets=narrowing.counted(asking), facet_size=narrowing.SIZE, histograms={"modified": "year"})
    try:
        page = answered(engine, query if query.after else replace(query, offset=(asking.number - 1) * PER_PAGE))
    except Invalid as fault:
        if fault.place != "after":
            raise
        note = (N_("The place to go on from is not known any more: this is the first page."), "")
        return _found(engine, replace(asking, query=replace(asking.query, after=None), number=1, notes=(*asking.notes, note)))
    if page.hits or query.after or asking.number <= _pages(page):
        return asking, page
    last = _pages(page)
    return replace(asking, number=last), engine.search(replace(query, offset=(last - 1) * PER_PAGE))


def _whole_history(engine: SearchEngine, asking: Asking, page: Page) -> Page:
    """Years count without their own bounds, as facets do without their own values."""
    if "modified" not in asking.query.ranges:
        return page
    query: Query = asking.without_range("modified")
    return engine.search(replace(query, histograms={"modified": "year"}, limit=0, after=None))


def _shown(asking: Asking, page: Page, spoken: Tongue) -> dict[str, Any]:
    """What was asked and how much was found, with the ways on from here."""
    query = asking.query
    return {
        "words": query.words,
        "kept": asking.kept("q", "sort"),
        "notes": [(spoken.say(note), about) for note, about in asking.notes],
        "read_as": spoken.say(READ_AS.get(page.read_as, "")),
        "literal_url": asking.changed(replace(query, literal=True)) if page.read_as else "",
        "did_you_mean": [{"words": one, "url": asking.changed(replace(query, words=one))} for one in page.did_you_mean],
        "clear_url": address("/search", {"q": query.words}),
        "total": page.total,
        "orders": _orders(asking),
        "by_relevance": bool(query.words) and query.order == "relevance",
        "explains": query.explain,
        "explain_url": asking.changed(replace(query, explain=not query.explain)),
        "json_url": address("/api/v1/datasets", asking.pairs),
        "csv_url": asking.url(path="/search.csv"),
        "feed_url": address("/feeds/datasets.atom", asking.kept("sort", "explain")),
        "save_url": address("/searches/new", asking.kept("sort", "explain")),
    }


def _paging(asking: Asking, page: Page) -> dict[str, Any]:
    """Numbers as far as they go, then cursors to the end."""
    pages, number, after = _pages(page), asking.number, asking.query.after
    if after:
        first = cursor.decode(asking.query, after).offset + 1
        back: str | None = asking.url()
        on = asking.after(page.next) if page.next else None
    else:
        first = (number - 1) * PER_PAGE + 1
        back = asking.url(number - 1) if number > 1 else None
        on = asking.url(number + 1) if number < pages else asking.after(page.next) if page.next and page.hits else None
    return {
        "first": first,
        "last": first + len(page.hits) - 1,
        "number": 0 if after else number,
        "pages": pages,
        "previous_url": back,
        "next_url": on,
    }


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


def _hit(hit: Hit, entry: Entry, spoken: Tongue) -> dict[str, Any]:
    return {
        "entry": entry,
        "title": _marked(hit.highlights, "title"),
        "snippet": _marked(hit.highlights, "description"),
        "distance": hit.distance,
        "score": hit.score,
        "explained": explained(dict(hit.explained), spoken),
    }


def _marked(highlights: Mapping[str, str], field: str) -> str:
    """A highlight as the engine made it: escaped text with `<mark>` (search.base.Hit)."""
    words = highlights.get(field, "")
    return Markup(words) if words else ""  # noqa: S704 (escaped by search.highlight, a test holds it to that)


def _orders(asking: Asking) -> list[dict[str, Any]]:
    query = asking.query
    fitting = [
        name for name in ORDERS if (name != "relevance" or query.words) and (name != "distance" or query.near is not None)
    ]
    here = query.order if query.order in fitting else ""
    return [{"url": asking.changed(replace(query, order=name)), "name": ORDERS[name], "here": name == here} for name in fitting]
