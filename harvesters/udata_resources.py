"""The resources of a udata dataset, where a listing gives only a link to them (`{rel, href, type, total}`, API version 2)."""

from typing import Any
from urllib.parse import urljoin

import httpx

from harvesters.address import mask, same_site, vet
from harvesters.json_text import loads
from harvesters.web import Web
from metadata.errors import NotData

MOST_PAGES = 10_000
_GONE = frozenset({404, 410})


def completed(web: Web, row: Any) -> Any:
    """The dataset with its resources in it; as it is when it has them, or is gone by now. Pages that lead nowhere cost this
    dataset what lies behind them, and not the run."""
    link = row.get("resources") if isinstance(row, dict) else None
    if not isinstance(link, dict) or not isinstance(link.get("href"), str):
        return row
    if link.get("total") == 0:
        return row | {"resources": []}
    found: list[Any] = []
    address: str | None = link["href"]
    asked: set[str] = set()
    while address and address not in asked and len(asked) < MOST_PAGES:
        asked.add(address)
        answer = web.get(address, tolerate=_GONE)
        if answer.status in _GONE and not found:
            return row
        if answer.status in _GONE:
            break
        page = _page(loads(answer.text, mask(answer.url)), mask(answer.url))
        found += page["data"]
        address = _following(page, answer.url)
    return row | {"resources": found}


def _page(body: Any, place: str) -> dict[str, Any]:
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        raise NotData("this is no page of resources", place=place, value=type(body).__name__, remedy="Ask the source.")
    return body


def _following(page: dict[str, Any], here: str) -> str | None:
    """The next page's address. Behind a proxy, sites give it with the scheme of the inside: the outer one is kept."""
    given = page.get("next_page")
    if not isinstance(given, str) or not given:
        return None
    current, there = httpx.URL(here), vet(urljoin(here, given), internal=True)
    inside = current.host == there.host and not same_site(current, there)
    return str(there.copy_with(scheme=current.scheme, port=current.port)) if inside else str(there)
