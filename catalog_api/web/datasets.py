"""The page of one dataset, and of one that was retired. Their addresses belong to the exchange (content negotiation): its
router asks for these pages when a browser does."""

from typing import Any

import msgspec
from fastapi import Request, Response
from markupsafe import Markup
from sqlmodel import Session

from catalog_api.auth import Asker
from catalog_api.web import deciding, wording
from catalog_api.web.addresses import address, segment
from catalog_api.web.fields import dataset_rows, distribution_rows, glance, service_rows
from catalog_api.web.page import engine_of, found_by, render, settings_of, speaking
from catalog_api.web.rules import worded
from catalog_api.web.translation import N_, Tongue
from metadata import store
from metadata.entry import Entry
from metadata.errors import Unavailable
from metadata.model import DataService, Dataset, Distribution
from metadata.text import every
from search.base import Query
from standards import schema_org

EXPORTS = (
    ("Turtle", "ttl", "text/turtle"),
    ("RDF/XML", "rdf", "application/rdf+xml"),
    ("JSON-LD", "jsonld", "application/ld+json"),
    ("N-Triples", "nt", "application/n-triples"),
    ("JSON", "json", "application/json"),
)
KEYWORDS = 40
NEAR = 3
SIMILAR = 5
PUBLIC = frozenset({"public"})


def dataset_page(request: Request, session: Session, entry: Entry, asker: Asker) -> Response:
    """Everything the catalogue knows of a dataset."""
    spoken = speaking(request)
    data = entry.dataset
    record = store.record(session, entry.id)
    chosen = settings_of(request)
    own = f"{chosen.site_url if chosen else ''}/dataset/{segment(entry.name)}"
    values = {
        **deciding.of_dataset(session, entry, asker),
        "entry": entry,
        "address": own,
        "keywords": [{"name": word, "url": address("/search", {"keyword": word})} for word in every(data.keyword)[:KEYWORDS]],
        "distributions": [_distribution(one, spoken) for one in data.distribution],
        "services": [_service(one, spoken) for one in data.service],
        "rows": dataset_rows(data, spoken),
        "glance": glance(entry, spoken),
        "findings": worded(store.findings(session, entry.id)),
        "record_url": f"/record/{segment(record.id)}" if record else None,
        "changes": store.history(session, entry.id, 50),
        "exports": exports(entry.name),
        "json_ld": json_ld(data, own, spoken),
        "similar": _similar(request, session, entry),
        "json_url": f"/api/v1/datasets/{segment(entry.name)}",
    }
    return render(request, "dataset.html", values)


def _similar(request: Request, session: Session, entry: Entry) -> list[Entry]:
    """A few public datasets with much the same words; none while the search is away."""
    try:
        hits = engine_of(request).similar(entry.id, SIMILAR, PUBLIC)
    except Unavailable:
        return []
    found = store.entries(session, [hit.id for hit in hits])
    return [found[hit.id] for hit in hits if hit.id in found]


def retired_page(request: Request, session: Session, entry: Entry) -> Response:
    """What a retired dataset was, when it went, and what is near it (410)."""
    values = {
        "entry": entry,
        "near": _near(request, session, entry),
        "changes": store.history(session, entry.id, 50),
        "json_url": f"/api/v1/datasets/{segment(entry.name)}/changes",
    }
    return render(request, "retired.html", values, 410)


def _near(request: Request, session: Session, entry: Entry) -> list[Entry]:
    """A few public datasets of the same department, and of the same theme where there are any."""
    if not entry.organization:
        return []
    themes = tuple(code for one in entry.dataset.theme if (code := one.code or one.raw))
    place = {"organization": (entry.organization,)}
    for filters in ({**place, "theme": themes}, place) if themes else (place,):
        page = found_by(engine_of(request), Query(filters=filters, order="modified", limit=NEAR))
        found = store.entries(session, [hit.id for hit in page.hits])
        if near := [found[hit.id] for hit in page.hits if hit.id in found]:
            return near
    return []


def exports(name: str) -> list[dict[str, str]]:
    """The addresses at which a dataset can be taken in other forms."""
    own = segment(name)
    forms = [{"name": title, "url": f"/dataset/{own}.{ending}", "media_type": kind} for title, ending, kind in EXPORTS]
    action = {"name": "CKAN", "url": address("/api/3/action/package_show", {"id": name}), "media_type": "application/json"}
    return [*forms, action, {"name": N_("Native API"), "url": f"/api/v1/datasets/{own}", "media_type": "application/json"}]


def json_ld(data: Dataset, own: str, spoken: Tongue) -> Markup:
    """schema.org JSON-LD for a `script` element, written so that nothing in it ends the element (`schema_org.script`)."""
    addressed = msgspec.structs.replace(data, uri=own)
    return Markup(schema_org.script(schema_org.write(addressed, spoken.languages)))  # noqa: S704 (escaped there; a test holds it)


def _distribution(one: Distribution, spoken: Tongue) -> dict[str, Any]:
    lang, title = wording.spoken(one.title, spoken)
    description_lang, description = wording.spoken(one.description, spoken)
    kind = wording.shortened((one.format.code or one.format.raw or "") if one.format else "", 14)
    same = one.access_url == one.download_url
    return {
        "kind": kind or (one.media_type or "").rsplit("/", 1)[-1][:14].upper() or spoken.say(N_("Data")),
        "title": title or kind or spoken.say(N_("Data")),
        "lang": lang,
        "description": description if description != title else "",
        "description_lang": description_lang,
        "download_url": one.download_url,
        "access_url": None if same else one.access_url,
        "rows": distribution_rows(one, spoken),
    }


def _service(one: DataService, spoken: Tongue) -> dict[str, Any]:
    lang, title = wording.spoken(one.title, spoken)
    return {"title": title or one.identifier or spoken.say(N_("Service")), "lang": lang, "rows": service_rows(one, spoken)}
