"""What shows that a site is CKAN (or DKAN 1): its API's envelope, its way of refusing, or the pages it makes.

An address may be that of the front page, of one organization's page, or of an API call with a filter: what it was about becomes
the source's settings. Sources: `ckan/views/api.py`, `ckan/templates/base.html` (the generator; the site's root, which stands on
`body`, and since 2.12 in a `meta`).
"""

import re
from html import unescape
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

from harvesters.base import Found, Seen

_ACTION = re.compile(r"^(?P<root>.*?)(?P<api>/api(?:/3)?/action|/[\w./-]*?action)/(?P<action>\w+)/?$")
_VERSION = re.compile(r"^(?P<root>.*?)/api(?:/[123])?/?$")
_HELP = re.compile(r"\"help\"\s*:\s*\"(?P<url>[^\"]*?)(?:/api(?:/3)?/action/|\s)", re.DOTALL)
_ENVELOPE = re.compile(r"^\{(?=.*?\"success\"\s*:\s*(?:true|false))(?=.*?\"(?:result|error)\"\s*:)", re.DOTALL)
_GENERATOR = re.compile(r"<meta\b(?=[^>]*\bname=[\"']generator[\"'])(?=[^>]*\bcontent=[\"'](ckan[^\"']*)[\"'])", re.IGNORECASE)
_ROOT = re.compile(
    r"<(?:body\b[^>]*\bdata-site-root|meta\b[^>]*\bname=[\"']site-root[\"']\s+content)=[\"']([^\"']+)[\"']", re.IGNORECASE
)
_PAGE = re.compile(
    r"^(?P<root>.*?)/(?:[a-z]{2}(?:_[A-Za-z]{2,4})?/)?(?P<kind>dataset|organization|group)(?:/(?P<name>[\w-]+))?(?:/.*)?$"
)
_ABOUT = ("about", "edit", "activity", "followers", "new", "bulk_process", "members")


def probes(url: str) -> list[str]:
    """The API's cheapest answers, under the address given and at the site's front."""
    parts = urlsplit(url)
    path = _VERSION.sub(r"\g<root>", _root_of(parts.path)).rstrip("/")
    paths = dict.fromkeys((path, ""))
    actions = [f"{root}/api/3/action/{action}" for root in paths for action in ("status_show", "package_search?rows=0")]
    return [f"{parts.scheme}://{parts.netloc}{action}" for action in [*actions, "/api/3/action/package_list?limit=1"]][:5]


def recognises(seen: Seen) -> Found | None:
    """The site and how sure that is; None when nothing shows CKAN."""
    if seen.text.startswith("<"):
        return _page(seen)
    if seen.text.startswith("{"):
        return _envelope(seen) or _version(seen)
    if seen.status >= 400 and seen.text.startswith('"') and "ction name not known" in seen.text[:200]:
        return _found(seen, "CKAN's answer to an action it does not know", 70)
    return None


def _envelope(seen: Seen) -> Found | None:
    """An answer of an action, also one cut off, and one that is a refusal."""
    head = seen.text[:200_000]
    if not _ENVELOPE.search(head):
        return None
    by_path = _ACTION.match(urlsplit(seen.url).path)
    told = _HELP.search(head[:5000]) or '"__type"' in head
    if not by_path and not told:
        return None
    if seen.status >= 400 and '"__type"' not in head:
        return None
    return _found(seen, "an answer of CKAN's Action API", 100 if by_path and seen.status < 400 else 80)


def _version(seen: Seen) -> Found | None:
    if seen.json == {"version": 3} and _VERSION.match(urlsplit(seen.url).path):
        return _found(seen, "the version of CKAN's API", 90)
    return None


def _page(seen: Seen) -> Found | None:
    """A page that CKAN made."""
    named = _GENERATOR.search(seen.text)
    if not named:
        return None
    parts = urlsplit(seen.url)
    said = _ROOT.search(seen.text)
    root = urlsplit(unescape(said[1])) if said else None
    path = root.path if root and root.netloc in ("", parts.netloc) else _root_of(parts.path)
    return Found(_address(parts, path), f"a page made by {named[1]}", 95, _page_settings(seen.url))


def _page_settings(url: str) -> dict[str, str]:
    """The filter of the page that was pasted: an organization, a group, or a search."""
    parts = urlsplit(url)
    query = {name: ",".join(values) for name, values in parse_qs(parts.query).items()}
    found = {"q": query.get("q"), "organization": query.get("organization"), "group": query.get("groups")}
    page = _PAGE.match(parts.path)
    if page and page["name"] and page["kind"] != "dataset" and page["name"] not in _ABOUT:
        found[page["kind"]] = page["name"]
    return {name: value for name, value in found.items() if value}


def _found(seen: Seen, why: str, sure: int) -> Found:
    parts = urlsplit(seen.url)
    settings: dict[str, Any] = {}
    action = _ACTION.match(parts.path)
    path = action["root"] if action else _VERSION.sub(r"\g<root>", parts.path)
    if action and action["api"] not in ("/api/3/action", "/api/action"):
        settings["api_path"] = action["api"]
    if action and action["action"] == "package_search":
        query = {name: " AND ".join(values) for name, values in parse_qs(parts.query).items()}
        settings |= {name: query[name] for name in ("q", "fq") if query.get(name, "*:*") != "*:*"}
    return Found(_address(parts, path), why, sure, settings)


def _root_of(path: str) -> str:
    """The path of the site that a page of it belongs to."""
    action, page = _ACTION.match(path), _PAGE.match(path)
    return action["root"] if action else page["root"] if page else path


def _address(parts: SplitResult, path: str) -> str:
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", ""))
