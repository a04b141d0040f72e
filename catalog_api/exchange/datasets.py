"""`/dataset/{name}`: a page for people, any standard for machines."""

from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from catalog_api import visits
from catalog_api.addresses import addressed
from catalog_api.converting import loss_report, writer
from catalog_api.deps import AskerDep, SessionDep, SettingsDep
from catalog_api.negotiate import HTML, Form, accepted, form_of
from catalog_api.routers.reply import encoded, entry_json, finding_json, tagged
from catalog_api.seeing import seen
from catalog_api.settings import Settings
from catalog_api.web import dataset_page, retired_page
from catalog_api.web.losses import loss_page
from metadata import store
from metadata.entry import Entry
from metadata.errors import Gone, Invalid, NotFound
from standards import dcat_ap_3, rdf
from standards.forms import joined, rdf_document
from standards.table import STANDARDS

router = APIRouter(tags=["exchange"])


@router.get("/dataset/{word}", responses={410: {"description": "It was retired"}})
def show(
    word: str, request: Request, session: SessionDep, settings: SettingsDep, asker: AskerDep, standard: str | None = None
) -> Response:
    """A dataset in the form that is asked for: `.ttl`, `.rdf`, `.jsonld`, `.nt`, `.json`, `.xml`, `?standard=NAME`, or by the
    `Accept` header. An earlier name redirects; a retired dataset is 410 and says what it was."""
    name, dot, extension = word.partition(".")
    form = form_of(extension) if dot else accepted(request.headers.get("accept"))
    entry = store.find(session, name)
    if entry is None:
        raise NotFound(
            "there is no dataset of this name", value=name, remedy="Search for it, or list them at /api/v1/datasets."
        )
    seen(entry, asker)
    if entry.name != name:
        return RedirectResponse(f"/dataset/{quote(entry.name)}{dot}{extension}", 308)
    if entry.state == "retired":
        if form.media_type == HTML:
            return retired_page(request, session, entry)
        raise Gone("this dataset was retired", value=entry.name, remedy=f"What it was: /api/v1/datasets/{entry.name}/changes.")
    visits.note(entry.id, request.headers.get("user-agent"))
    if form.media_type == HTML and not standard:
        return dataset_page(request, session, entry, asker)
    return _written(request, session, entry, form, standard, settings)


@router.get("/dataset/{word}/loss", responses={410: {"description": "It was retired"}})
def show_loss(word: str, to: str, request: Request, session: SessionDep, settings: SettingsDep, asker: AskerDep) -> Response:
    """Which fields of a dataset another standard cannot carry: `?to=NAME`. A page for people, JSON for machines."""
    entry = store.find(session, word)
    if entry is None:
        raise NotFound(
            "there is no dataset of this name", value=word, remedy="Search for it, or list them at /api/v1/datasets."
        )
    seen(entry, asker)
    if entry.name != word:
        return RedirectResponse(f"/dataset/{quote(entry.name)}/loss?{urlencode({'to': to})}", 308)
    if entry.state == "retired":
        raise Gone("this dataset was retired", value=entry.name, remedy=f"What it was: /api/v1/datasets/{entry.name}/changes.")
    report = {"dataset": entry.name, **loss_report(addressed(entry, settings.site_url), writer(to))}
    if accepted(request.headers.get("accept")).media_type == HTML:
        return loss_page(request, entry, report)
    return tagged(request, encoded(report), "application/json")


def _written(
    request: Request, session: Session, entry: Entry, form: Form, standard: str | None, settings: Settings
) -> Response:
    dataset = addressed(entry, settings.site_url)
    if form.rdf and not standard:
        return tagged(request, rdf.serialise(dcat_ap_3.write(dataset), form.rdf), form.media_type)
    if not standard:
        findings = [finding_json(row) for row in store.findings(session, entry.id)]
        return tagged(request, encoded({**entry_json(entry, settings.site_url), "findings": findings}), form.media_type)
    chosen = STANDARDS.get(standard)
    if chosen.write is None:
        raise Invalid("this standard is only read, not written", place="standard", value=standard)
    if chosen.form == "rdf":
        named = form if form.rdf else Form("text/turtle", "turtle")
        return tagged(request, b"".join(rdf_document(iter([chosen.write(dataset)]), named.rdf or "turtle")), named.media_type)
    if chosen.form != "json":
        return tagged(request, b"".join(joined([chosen.write(dataset)], chosen)), chosen.media_type)
    return tagged(request, encoded(chosen.write(dataset)), chosen.media_type)
