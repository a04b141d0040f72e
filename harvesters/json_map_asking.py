"""The requests of `json_map`: a page of the list, an item's details, and what an answer says."""

import copy
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import orjson

from harvesters.address import mask
from harvesters.json_map_settings import JsonMapSettings, Success
from harvesters.json_text import failure_in, loads
from harvesters.listing import At
from harvesters.web import Answer, Web
from metadata.errors import NotData, Refused, Unreachable
from standards.json_map_paths import Steps, first, opened, plain, steps_of, ways, words

_FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_NEXT = re.compile(r"<([^<>]*)>\s*;[^,<]*\brel\s*=\s*\"?[^\",;]*\bnext\b", re.IGNORECASE)
_SAYING = ("msg", "message", "errmsg", "errorMsg", "error", "info", "resultMsg", "desc")
_GONE = frozenset({404, 410})


def page_of(web: Web, url: str, settings: JsonMapSettings, at: At) -> Answer:
    """The answer with the page that begins at `at` (a number, a token, a link)."""
    if settings.paging == "link" and isinstance(at, str):
        return web.get(at, headers=settings.headers)
    query, body = copy.deepcopy(settings.query), copy.deepcopy(settings.body)
    into = settings.paging_in if settings.paging_in != "auto" else "body" if settings.method == "POST" else "query"
    for target in {"query": (query,), "body": (body,)}.get(into, (query, body)):
        if settings.paging in ("page", "offset", "token") and at is not None:
            put(target, steps_of(settings.page_param), at)
        if settings.size_param:
            put(target, steps_of(settings.size_param), settings.page_size)
    return asked(web, url, settings.method, query, body, settings.body_as, settings.headers)


def asked(
    web: Web,
    url: str,
    method: str,
    query: Mapping[str, Any],
    body: Any,
    form: str,
    headers: Mapping[str, str],
    gone: bool = False,
) -> Answer:
    """One request. Objects inside a form or a query are sent as JSON text. With `gone`, 404 and 410 are answers too."""
    tolerate = _GONE if gone else frozenset[int]()
    params = {name: _text(value) for name, value in query.items()}
    if method == "GET":
        return web.get(url, params or None, headers, tolerate=tolerate)
    if form == "form":
        fields = {name: _text(value) for name, value in body.items()}
        return web.post(url, form=fields, params=params or None, headers=headers, tolerate=tolerate)
    if form == "json":
        return web.post(url, json=body, params=params or None, headers=headers, tolerate=tolerate)
    content = orjson.dumps(body)
    content = quote(content.decode(), safe=":,").encode() if form == "json_quoted" else content
    whole = {"content-type": _FORM, **headers}
    return web.post(url, content=content, params=params or None, headers=whole, tolerate=tolerate)


def put(target: dict[str, Any], steps: Steps, value: Any) -> None:
    """Sets a parameter, inside objects too; text where text stood before."""
    for step in steps[:-1]:
        inner = target.setdefault(step, {})
        if not isinstance(inner, dict):
            inner = target[step] = {}
        target = inner
    target[steps[-1]] = str(value) if isinstance(target.get(steps[-1]), str) else value


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return "" if value is None else plain(value) if not isinstance(value, str) else value


def parsed(answer: Answer, success: Success | None) -> Any:
    """The answer's JSON, opened when it is JSON inside a string. Raises `NotData` when it says that it failed."""
    place = mask(answer.url)
    body = opened(loads(answer.text, place))
    failed = not success.holds(body) if success else failure_in(body) is not None
    if failed:
        said = first(body, success.path) if success else None
        words_ = next((plain(body[name]) for name in _SAYING if isinstance(body, dict) and plain(body.get(name))), "")
        raise NotData(
            "an error came instead of the list",
            place=place,
            value=" ".join(filter(None, (plain(said), words_))) or failure_in(body) or "no sign of success",
            remedy="Check the settings, or try again later.",
        )
    return body


def rows_of(body: Any, path: str, place: str) -> list[Any]:
    """The list at a path. Raises `NotData` that says what is there instead."""
    steps = steps_of(path)
    found = opened(first(body, steps))
    if isinstance(found, list):
        return found
    parent = opened(first(body, steps[:-1])) if steps else None
    if found is None and isinstance(parent, dict) and steps[-1] in parent:
        return []  # many portals give null for no rows
    there = parent if isinstance(parent, dict) else body
    shown = ", ".join(map(str, there)) if isinstance(there, dict) else type(there).__name__
    raise NotData(
        f"there is no list at `{path or '.'}`",
        place=place,
        value=shown or "{}",
        remedy="Check the setting list_at, and the URL.",
    )


def number_at(body: Any, path: str, place: str) -> int | None:
    """The number at a path, also written as text; None when no path was given. Raises `NotData` for what is no number."""
    if not path:
        return None
    value = first(body, steps_of(path))
    said = plain(value).replace(",", "")
    if said.isdecimal():
        return int(said[:18])
    raise NotData(
        f"there is no number at `{path}`", place=place, value=value, remedy="Check the settings total_at and pages_at."
    )


def following(answer: Answer, body: Any, settings: JsonMapSettings) -> str | None:
    """The token or link of the next page; None at the end."""
    if settings.next_at:
        said = plain(first(body, steps_of(settings.next_at)))
    else:
        found = _NEXT.search(answer.headers.get("link", ""))
        said = found[1].strip() if found else ""
    if not said or settings.paging == "token":
        return said or None
    there = urljoin(answer.url, said)
    if urlsplit(there).netloc != urlsplit(answer.url).netloc:
        raise Refused("the next page is at another host", place=mask(answer.url), value=mask(there), remedy="Ask the source.")
    return there


def details_of(web: Web, item: Any, settings: JsonMapSettings, success: Success | None, base: str) -> Any:
    """What the source says about one item; None when it is gone, when the item lacks what the question needs, or when the item
    itself would lead to another host (headers that were set are the source's secrets)."""
    asked_for = settings.detail_url
    url = urljoin(base, next(iter(words(item, ways(asked_for))), "") if "{" in asked_for else asked_for)
    own = {urlsplit(base).netloc, urlsplit(asked_for.partition("{")[0]).netloc}
    if url == base or urlsplit(url).netloc not in own:
        return None
    body = _filled(settings.detail_body, item)
    form, method = settings.detail_body_as, settings.detail_method
    answer = asked(web, url, method, {}, body, form, settings.headers, gone=True)
    if answer.status in _GONE:
        return None
    try:
        found = parsed(answer, success)
    except NotData as problem:
        raise Unreachable(f"an item's details: {problem.message}", place=problem.place, value=problem.value) from None
    return opened(first(found, steps_of(settings.detail_at)))


def _filled(value: Any, item: Any) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, item) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, item) for inner in value]
    if isinstance(value, str) and "{" in value:
        return next(iter(words(item, ways(value))), "")
    return value
