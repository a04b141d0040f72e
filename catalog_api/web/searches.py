"""Saving a search: the form, the page that confirms an address, and the one that ends the mails. Links in mails lead here.

A link changes nothing by being opened: programs that look at mails open links too. A button does, and the one click that mail
programs offer (RFC 8058).
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from catalog_api import searches as saving
from catalog_api.asking import question_of_page
from catalog_api.deps import EngineDep, SessionDep, SettingsDep, WritingDep
from catalog_api.settings import Settings
from catalog_api.web import wording
from catalog_api.web.addresses import address, segment, tidy, word
from catalog_api.web.page import render, speaking
from catalog_api.web.translation import N_, Tongue
from metadata import searches
from metadata.errors import CatalogError, Conflict
from metadata.tables import SavedSearch
from search.base import Query
from search.facets import FACETS

router = APIRouter(include_in_schema=False)
NAME = 100
"""Characters of a search's name."""


@dataclass(frozen=True)
class Posted:
    """What came with the form."""

    query: str
    mail: str


async def posted(request: Request) -> Posted:
    """The form as it was sent; empty fields when it could not be read."""
    try:
        async with request.form(max_files=0, max_fields=10, max_part_size=16_384) as form:
            return Posted(_field(form, "query", saving.LONGEST), _field(form, "mail", 300))
    except (MultiPartException, HTTPException):
        return Posted("", "")


def _field(form: FormData, name: str, limit: int) -> str:
    value = form.get(name)
    return tidy(value, limit) if isinstance(value, str) else ""


@router.get("/searches/new")
def new_search(request: Request, settings: SettingsDep) -> Response:
    """How to be told of new datasets: by feed, by mail, by a program. The parameters are those of `/search`."""
    asked, _ = question_of_page(request.query_params, saving.PUBLIC, settings.languages)
    return _form(request, settings, asked)


@router.post("/searches/new")
def save_search(
    request: Request, session: WritingDep, engine: EngineDep, settings: SettingsDep, given: Annotated[Posted, Depends(posted)]
) -> Response:
    """Keeps a search for a visitor; a mail asks whether its address wants that."""
    spoken = speaking(request)
    asked, _ = question_of_page(QueryParams(given.query), saving.PUBLIC, settings.languages)
    try:
        query = saving.vetted(engine, given.query, settings.languages)
        name = tidy(summary(asked, spoken), NAME)
        saving.save(
            session, settings, name, query, owner=None, channel="mail", target=given.mail, language=spoken.tag
        )  # fmt: skip
    except CatalogError as problem:
        session.rollback()
        return _form(request, settings, asked, mail=given.mail, problem=problem)
    return RedirectResponse("/searches/sent", 303)


@router.get("/searches/sent")
def sent_page(request: Request) -> Response:
    """The mail is on its way."""
    return _notice(request, N_("Look into your mail"), N_("A mail with a link is on its way. News begins when you open it."))


@router.get("/searches/{search_id}/confirm")
def confirm_page(search_id: str, request: Request, session: SessionDep, settings: SettingsDep) -> Response:
    """Asks for the click that confirms."""
    row = _known(request, session, settings, "confirm", search_id)
    if row.state != "pending":
        return _notice(request, N_("Your search is saved"), N_("Mails for this search come as soon as there is news."), row)
    return _button(request, row, N_("Confirm your saved search"), N_("Send me mails for this search"), "confirm")


@router.post("/searches/{search_id}/confirm")
def confirm_search(search_id: str, request: Request, session: WritingDep, settings: SettingsDep) -> Response:
    """Begins to send news to an address that was confirmed."""
    row = _known(request, session, settings, "confirm", search_id)
    if row.state == "pending":
        searches.confirm(session, row)
    return _notice(request, N_("Your search is saved"), N_("Mails for this search come as soon as there is news."), row)


@router.get("/searches/{search_id}/unsubscribe")
def unsubscribe_page(search_id: str, request: Request, session: SessionDep, settings: SettingsDep) -> Response:
    """Asks for the click that ends the mails."""
    row = _known(request, session, settings, "unsubscribe", search_id)
    return _button(
        request, row, N_("End the mails for this search"), N_("Send me no more mails for this search"), "unsubscribe"
    )


@router.post("/searches/{search_id}/unsubscribe")
def unsubscribe(search_id: str, request: Request, session: WritingDep, settings: SettingsDep) -> Response:
    """Ends a saved search and forgets its address."""
    session.delete(_known(request, session, settings, "unsubscribe", search_id))
    return _notice(request, N_("The mails are ended"), N_("This search and the address of mail are no longer kept."))


def summary(asked: Query, spoken: Tongue) -> str:
    """A question in a few words."""
    parts = [asked.words] if asked.words else []
    for name, values in asked.filters.items():
        title = wording.spoken(FACETS[name].title, spoken)[1] if name in FACETS else name
        parts.append(f"{title}: {', '.join(values)}")
    return " · ".join(parts) or spoken.say(N_("All datasets"))


def _known(request: Request, session: SessionDep, settings: Settings, purpose: str, search_id: str) -> SavedSearch:
    """The search that a link leads to. Raises `NotAllowed` for a wrong key, `NotFound` when the search was ended."""
    saving.require_key(settings, purpose, search_id, word(request, "key"))
    return searches.saved(session, search_id)


def _form(request: Request, settings: Settings, asked: Query, mail: str = "", problem: CatalogError | None = None) -> Response:
    query = saving.kept(asked)
    values: dict[str, Any] = {
        "summary": summary(asked, speaking(request)),
        "query": query,
        "search_url": f"/search?{query}" if query else "/search",
        "feed_url": f"{settings.site_url}/feeds/datasets.atom" + (f"?{query}" if query else ""),
        "by_mail": saving.mail_is_sent(settings),
        "mail": mail,
        "problem": _worded(problem, speaking(request)) if problem else "",
        "in_mail": problem is not None and problem.place == "target",
    }
    return render(request, "saving.html", values, 422 if problem else 200)


def _worded(problem: CatalogError, spoken: Tongue) -> str:
    """What is wrong, in the visitor's words where it is the visitor's to mend."""
    if problem.place != "target":
        return str(problem)
    if isinstance(problem, Conflict):
        return spoken.say(N_("Searches for this address wait to be confirmed already: open the link in one of the mails."))
    return spoken.say(N_("This is no address of mail. Write it like name@example.org."))


def _button(request: Request, row: SavedSearch, title: str, button: str, purpose: str) -> Response:
    own = address(f"/searches/{segment(row.id)}/{purpose}", {"key": word(request, "key")})
    return _page(request, title, "", row, {"button": speaking(request).say(button), "action": own})


def _notice(request: Request, title: str, text: str, row: SavedSearch | None = None) -> Response:
    return _page(request, title, text, row, {"button": "", "action": ""})


def _page(request: Request, title: str, text: str, row: SavedSearch | None, more: dict[str, str]) -> Response:
    spoken = speaking(request)
    values = {
        "title": spoken.say(title),
        "text": spoken.say(text),
        "name": row.name if row else "",
        "search_url": f"/search?{row.query}" if row else "/search",
        **more,
    }
    return render(request, "saved.html", values)
