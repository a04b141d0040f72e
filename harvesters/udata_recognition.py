"""What shows that a site is built on udata: a page of its datasets, what it says of itself, or its API's description."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from harvesters.base import Found, Seen
from standards.udata import recognises as is_dataset

_DATASETS = re.compile(r"^(?P<root>.*?)/api/[12]/(?:datasets(?:/search)?|site|swagger\.json)/?$")
_API = re.compile(r"^(?P<root>.*?)/(?:api/[12]\b|(?:[a-z]{2}/)?(?:datasets|organizations|reuses)\b).*$")
_PAGE_KEYS = frozenset({"data", "next_page", "page", "page_size", "total"})
_CUT = re.compile(r"^\{\s*\"data\"\s*:\s*\[\s*\{.*\"(?:frequency_date|temporal_coverage|last_modified)\"\s*:", re.DOTALL)


def probes(url: str) -> list[str]:
    """What a udata site answers about itself and its datasets, at the site's front."""
    parts = urlsplit(url)
    path = _root(parts.path)
    roots = dict.fromkeys((path, ""))
    return [
        f"{parts.scheme}://{parts.netloc}{root}{answer}"
        for root in roots
        for answer in ("/api/1/site/", "/api/1/datasets/?page_size=1")
    ]


def recognises(seen: Seen) -> Found | None:
    """The site and how sure that is; None when nothing shows udata."""
    if seen.status >= 400 or not seen.text.startswith("{"):
        return None
    body = seen.json
    if not isinstance(body, dict):
        cut = _DATASETS.match(urlsplit(seen.url).path) and _CUT.match(seen.text)
        return _found(seen, "the beginning of udata's list of datasets", 90) if cut else None
    if body.keys() >= _PAGE_KEYS and isinstance(body["data"], list):
        return _listed(seen, body["data"])
    if isinstance(body.get("metrics"), dict) and "datasets" in body["metrics"] and {"id", "title"} <= body.keys():
        return _found(seen, "what a udata site says of itself", 90) if _is_site(body) else None
    if isinstance(body.get("info"), dict) and body["info"].get("title") == "uData API":
        return _found(seen, "the description of udata's API", 95)
    return _found(seen, "one dataset of a udata site", 60) if is_dataset(body) and "/api/" in seen.url else None


def _listed(seen: Seen, rows: list[Any]) -> Found | None:
    if rows and all(is_dataset(row) for row in rows[:3]):
        return _found(seen, "udata's list of datasets", 100)
    path = urlsplit(seen.url).path
    return _found(seen, "a page in the form of udata's API", 70) if not rows and _DATASETS.match(path) else None


def _is_site(body: dict[str, Any]) -> bool:
    """Organizations have such metrics too, and what a site has not: `slug` and `page`."""
    return "slug" not in body and "page" not in body


def _found(seen: Seen, why: str, sure: int) -> Found:
    parts = urlsplit(seen.url)
    query = {name: ",".join(values) for name, values in parse_qs(parts.query).items()}
    settings = {name: query[name] for name in ("q", "organization", "tag") if query.get(name)}
    return Found(f"{parts.scheme}://{parts.netloc}{_root(parts.path)}", why, sure, settings)


def _root(path: str) -> str:
    api = _API.match(path)
    return (api["root"] if api else path).rstrip("/")
