"""A first guess at an unknown JSON API, from one answer: where the list is, how it pages, which field is which.

It is a guess and called one (`sure` 20): a person sees what it gives in the preview, and mends the settings.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harvesters.base import Found, Seen
from standards.json_map_names import fold, guessed, looks_like_record
from standards.json_map_paths import opened, plain

SURE = 20
_DEEPEST, _WIDEST = 5, 200
_TOTALS = ("total", "totalcount", "recordstotal", "totalelements", "totalnum", "totalsize", "recordcount", "numfound", "count")
_PAGES = ("totalpages", "totalpage", "pages", "pagecount", "countpage", "totalpagecount", "totalpagenum", "allpage")
_NEXT = ("next", "nextpage", "nexturl", "nextlink", "nextpageurl")
_LISTINGS = frozenset(("dataset", "datasets", "list", "items", "results", "result", "data", "rows", "records", "datalist"))
_PAGE = ("page", "pageno", "pagenum", "pagenumber", "pageindex", "curpage", "currentpage", "current")
_OFFSET = ("offset", "start", "skip", "startindex")
_SIZE = ("pagesize", "limit", "size", "perpage", "pagelength", "limitnum", "rows", "length", "count")


class _List(NamedTuple):
    path: tuple[str, ...]
    rows: list[Any]
    around: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...]  # the objects it stands in, the innermost first


def guess(seen: Seen) -> Found | None:
    """What could be read of an answer; None when no list in it looks like descriptions."""
    if not 200 <= seen.status < 300:
        return None
    best = max(_lists(seen.json, (), ()), key=lambda each: (_likeness(each.rows), len(each.rows)), default=None)
    if best is None or _likeness(best.rows) < 0.5:
        return None
    url, settings = _paging(seen.asked, best)
    if best.path:
        settings["list_at"] = _path(best.path)
    settings["mapping"] = _mapping(best.rows)
    where = settings.get("list_at", "the answer itself")
    return Found(url, f"it holds a list of objects with titles ({where}); the mapping is a guess", SURE, settings)


def _lists(value: Any, path: tuple[str, ...], around: tuple[Any, ...]) -> Iterator[_List]:
    """Every list of objects in an answer, not inside another one."""
    value = opened(value)
    if isinstance(value, list):
        if value and sum(isinstance(each, dict) for each in value) > len(value) / 2:
            yield _List(path, value, around)
    elif isinstance(value, dict) and len(path) < _DEEPEST:
        record = looks_like_record(value)  # its lists are its own (resources, columns), unless they are called a listing
        for name, inner in list(value.items())[:_WIDEST]:
            if isinstance(name, str) and (not record or fold(name) in _LISTINGS):
                yield from _lists(inner, (*path, name), ((path, value), *around))


def _likeness(rows: list[Any]) -> float:
    some = rows[:10]
    return sum(map(looks_like_record, some)) / len(some)


def _mapping(rows: list[Any]) -> dict[str, Any]:
    """By the names of all members that any of the first rows has."""
    whole: dict[str, Any] = {}
    for row in rows[:20]:
        if isinstance(row, dict):
            whole |= {name: value for name, value in row.items() if value not in (None, "", [], {}) or name not in whole}
    return guessed(whole)


def _paging(asked: str, found: _List) -> tuple[str, dict[str, Any]]:
    """The URL without its paging, and how it pages: by what the answer names as next, else by its parameters."""
    settings: dict[str, Any] = _counts(found)
    parts = urlsplit(asked)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if (link := _member(found, _NEXT)) and plain(link[1]).startswith(("http://", "https://", "/", "?")):
        return asked, {**settings, "paging": "link", "next_at": _path(link[0])}
    settings["paging"] = "none"
    for name, value in list(query.items()):
        if fold(name) in (*_PAGE, *_OFFSET) and value.isdecimal() and settings["paging"] == "none":
            by_page = fold(name) in _PAGE
            settings |= {"paging": "page" if by_page else "offset", "page_param": name}
            settings |= {"first_page": 0} if by_page and value == "0" else {}
            del query[name]
        elif fold(name) in _SIZE and value.isdecimal() and int(value) > 0:
            settings |= {"size_param": name, "page_size": min(int(value), 10_000)}
            del query[name]
    if settings["paging"] == "none":
        plain_ = {name: value for name, value in settings.items() if name not in ("size_param", "page_size")}
        return asked, {**plain_, **_echoed(found, settings)}
    return urlunsplit(parts._replace(query=urlencode(query))), settings


def _echoed(found: _List, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Paging parameters that an answer repeats beside a total that is larger than the list (`pageNum`, `pageSize`)."""
    total, page, size = (_member(found, names) for names in (_TOTALS, _PAGE, _SIZE[:-3]))
    more = "total_at" in settings and total is not None and int(plain(total[1])) > len(found.rows)
    if not more or page is None or size is None or plain(page[1]) not in ("0", "1") or plain(size[1]) != str(len(found.rows)):
        return {}
    echoed = {"paging": "page", "page_param": page[0][-1], "first_page": int(plain(page[1]))}
    return {**echoed, "size_param": size[0][-1], "page_size": len(found.rows)}


def _counts(found: _List) -> dict[str, Any]:
    total = _member(found, _TOTALS)
    if total and plain(total[1]).isdecimal() and int(plain(total[1])) >= len(found.rows):
        return {"total_at": _path(total[0])}
    pages = _member(found, _PAGES)
    return {"pages_at": _path(pages[0])} if pages and plain(pages[1]).isdecimal() else {}


def _member(found: _List, names: tuple[str, ...]) -> tuple[tuple[str, ...], Any] | None:
    """The first member of these names in the objects around the list, or in one beside it (`meta`, `page`, `links`)."""
    for path, around in found.around:
        objects = [(path, around), *(((*path, name), inner) for name, inner in around.items() if isinstance(inner, dict))]
        for place, members in objects:
            for name in names:
                said = next((key for key in members if isinstance(key, str) and fold(key) == name), None)
                if said is not None and plain(members[said]):
                    return (*place, said), members[said]
    return None


def _path(steps: tuple[str, ...]) -> str:
    """A path as people write it; a pointer where names hold dots."""
    if any("." in step or "/" in step or step != step.strip() or step.isdecimal() or step == "*" for step in steps):
        return "/" + "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    return ".".join(steps)
