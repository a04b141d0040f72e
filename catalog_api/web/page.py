"""Pages: a template, its values, and what every page has: language, title, security headers, its address as data.

Templates are Jinja2 with autoescape. The content security policy allows nothing from elsewhere and no inline code
(JSON-LD is data, not code: HTML Standard, "prepare the script element").
"""

import hashlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from catalog_api.settings import Settings
from catalog_api.web import labels, wording
from catalog_api.web.addresses import segment
from catalog_api.web.translation import COOKIE, NAMES, Tongue, tongue, tongue_of
from metadata.errors import Unavailable
from search.base import Page, Query, SearchEngine

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_YEAR = 365 * 86400


def mount_static(app: FastAPI) -> None:
    """Serves the stylesheet, the script and the icon under `/static`."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def render(request: Request, template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """The page of a template in the visitor's language. `values` may hold `json_url` and `csv_url`, the page as data."""
    spoken = tongue_of(request, offered(request))
    body = environment(spoken.tag).get_template(template).render({**frame(request, spoken), **values})
    answer = HTMLResponse(body, status_code=status)
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Content-Language"] = spoken.html
    answer.headers["Vary"] = "Accept, Accept-Language, Cookie"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    if request.query_params.get("lang") in NAMES:
        answer.set_cookie(COOKIE, spoken.tag, max_age=_YEAR, httponly=True, samesite="lax")
    return answer


def offered(request: Request) -> tuple[str, ...]:
    """The languages the catalogue is set to speak, first is the default."""
    chosen = settings_of(request)
    return tuple(chosen.languages) if chosen else ("zh", "en")


def settings_of(request: Request) -> Settings | None:
    """The settings, when the application has started."""
    rooms = getattr(request.app.state, "rooms", None)
    return rooms.settings if rooms else None


def engine_of(request: Request) -> SearchEngine:
    """The search engine of the running application."""
    return request.app.state.rooms.search  # type: ignore[no-any-return]


def found_by(engine: SearchEngine, query: Query) -> Page:
    """What a page shows beside its own matter: nothing while the search is away, for the page is there without it."""
    try:
        return engine.search(query)
    except Unavailable:
        return Page(total=0, hits=())


def speaking(request: Request) -> Tongue:
    """The tongue of this request, for what is worded outside templates."""
    return tongue_of(request, offered(request))


def frame(request: Request, spoken: Tongue) -> dict[str, Any]:
    """What the layout needs of every page."""
    chosen = settings_of(request)
    return {
        "path": request.url.path,
        "site": chosen.site_title if chosen else "Mulu",
        "site_url": chosen.site_url if chosen else str(request.base_url).rstrip("/"),
        "switches": [
            {"tag": tag, "name": NAMES[tag], "url": with_language(request, tag)}
            for tag in offered(request)
            if tag != spoken.tag and tag in NAMES
        ],
        "tongue": spoken,
        "json_url": None,
        "csv_url": None,
    }


def with_language(request: Request, tag: str) -> str:
    """The address of this page in another language."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return f"{quote(request.url.path)}?{urlencode([*kept, ('lang', tag)], errors='replace')}"


@cache
def environment(tag: str) -> Environment:
    """Jinja2 for one language: its messages, and the filters that write values in it."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    spoken = tongue(tag)
    made.install_gettext_translations(spoken.catalogue, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(_filters(spoken))
    made.globals.update({"static": static, "is_link": wording.is_link, "labels": labels, "formats_of": wording.formats_of})
    return made


def _filters(spoken: Tongue) -> dict[str, Any]:
    in_tongue = ("spoken", "marked", "coded", "day", "moment", "ago", "number", "percent", "size", "duration")
    bound: dict[str, Any] = {name: partial(getattr(wording, name), tongue=spoken) for name in in_tongue}
    plain = {"linked": wording.linked, "shortened": wording.shortened, "paragraphs": wording.paragraphs, "segment": segment}
    return {**bound, **plain, "say": spoken.say, "text_of": lambda words: wording.spoken(words, spoken)[1]}


@cache
def static(name: str) -> str:
    """The address of a static file, with its digest so that a new version is fetched at once."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"
