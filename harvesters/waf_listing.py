"""The listing of a web folder: which files and folders are in it, and what it says of each.

Read are the listings of Apache (plain, fancy, table), nginx (HTML and JSON), IIS, lighttpd, Caddy (HTML and JSON), Python's
http.server, Jetty and Tomcat, and hand-made pages that are a list of files. Only links to what lies below the folder count;
links that sort, lead up or lead away do not. What stands beside a link (date, size) is kept as it is spelled: a file beside
which nothing changed is unchanged, if its date is old enough to be sure.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import orjson
from lxml import etree

_HEADING = re.compile(r"index of|director(y|ies) listing|listing of|directory:|folder listing|目录列表|文件列表", re.IGNORECASE)
_UP = re.compile(r"\[?(to )?parent directory\]?|\.\./?|go up|上级目录|父目录", re.IGNORECASE)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_TIME = r"[\sT,]+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*([AP]M)?"
_MONTH = r"([A-Za-z]{3})[a-z]*"
_DATES = (
    (re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME, re.IGNORECASE), ("ymd",)),
    (re.compile(r"\b(\d{4})[- ]" + _MONTH + r"[- ](\d{1,2})" + _TIME, re.IGNORECASE), ("ymd",)),
    (re.compile(r"\b(\d{1,2})[- ]" + _MONTH + r"[- ](\d{4})" + _TIME, re.IGNORECASE), ("dmy",)),
    (re.compile(_MONTH + r" (\d{1,2}),? (\d{4})" + _TIME, re.IGNORECASE), ("mdy",)),
    (re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})" + _TIME, re.IGNORECASE), ("mdy", "dmy")),
)
SETTLED = timedelta(hours=26)
"""A file whose date is that much before now, in whatever time zone, has not been changed twice within its listing's minute."""


class Item(NamedTuple):
    """A file or folder: its address, its name under the folder, what the listing says beside it, its date if it has one."""

    url: str
    name: str
    folder: bool
    said: str
    date: datetime | None


def read(url: str, media_type: str, text: str) -> list[Item] | None:
    """What a listing names, in its order; None when this is no listing."""
    if media_type.endswith("json") or text.lstrip()[:1] == "[":
        return _json(url, text)
    return _html(url, text)


def folder_of(url: str) -> str:
    """The folder that a page lists: its address without a query, up to the last slash."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rpartition("/")[0] + "/", "", ""))


def settled(date: datetime | None, now: str | None) -> bool:
    """Whether a file's date is certain to be past; `now` is the Date header of the listing."""
    try:
        present = parsedate_to_datetime(now) if now else datetime.now(UTC)
    except ValueError:
        present = datetime.now(UTC)
    return date is not None and present.astimezone(UTC) - date > SETTLED


def _json(url: str, text: str) -> list[Item] | None:
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and isinstance(row.get("name"), str) for row in rows):
        return None
    if not all(_is_row(row) for row in rows):
        return None
    return [item for row in rows if (item := _row(url, row)) is not None]


def _is_row(row: dict[str, Any]) -> bool:
    """Whether this is a line of nginx's or of Caddy's listing."""
    nginx = row.get("type") in ("file", "directory", "other") and "mtime" in row
    return nginx or (isinstance(row.get("is_dir"), bool) and "mod_time" in row)


def _row(url: str, row: dict[str, Any]) -> Item | None:
    folder = row.get("type") == "directory" or row.get("is_dir") is True
    href = quote(row["name"].rstrip("/")) + ("/" if folder else "")
    stamp = str(row.get("mtime") or row.get("mod_time") or "")
    return _item(folder_of(url), href, folder, f"{stamp} {row.get('size', '')}".strip())


def _html(url: str, text: str) -> list[Item] | None:
    root = _tree(text)
    if root is None:
        return None
    here = folder_of(url)
    items, strangers = [], 0
    for anchor in root.iter("a"):
        said = _beside(anchor)
        item = _item(here, anchor.get("href") or "", "<dir>" in said.lower(), said, url)
        if item is not None:
            items.append(item)
        elif not _is_way(here, url, anchor.get("href") or ""):
            strangers += 1
    if _is_headed(root, here) or (items and len(items) >= 2 * strangers):
        return list({item.url: item for item in items}.values())
    return None


def is_headed(url: str, text: str) -> bool:
    """Whether a listing says of itself that it is one, rather than being little else than a list of files."""
    root = None if text.lstrip()[:1] == "[" else _tree(text)
    return root is None or _is_headed(root, folder_of(url))


def _tree(text: str) -> Any:
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.XMLSyntaxError:
        return None


def _is_headed(root: Any, here: str) -> bool:
    """Whether a title, a heading or a link says that this is a listing; IIS heads it with host and path."""
    path = unquote(urlsplit(here).path)
    for each in root.iter("title", "h1", "h2", "a"):
        words = " ".join("".join(each.itertext()).split())
        if each.tag == "a":
            told = _UP.fullmatch(words) is not None
        else:
            told = _HEADING.search(words) is not None or (len(path) > 1 and words in (path, path.rstrip("/")))
            told = told or words.endswith(f"- {path}")
        if told:
            return True
    return False


def _is_way(here: str, url: str, href: str) -> bool:
    """Whether a link sorts the listing or leads up."""
    if not href or href.startswith(("?", "#", "..")):
        return True
    try:
        whole = urlsplit(urljoin(url, href))
    except ValueError:
        return False
    target = urlunsplit((whole.scheme, whole.netloc, whole.path, "", ""))
    return here.startswith(target) or target.rstrip("/") == here.rstrip("/")


def _item(here: str, href: str, folder: bool, said: str, url: str = "") -> Item | None:
    """The file or folder of a link, when it lies below this folder."""
    try:
        parts = urlsplit(urljoin(url or here, href.strip()))
    except ValueError:
        return None
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    base = urlsplit(here)
    start = quote(base.path, safe="/%:@!$&'()*+,;=~-._")
    if (parts.scheme, parts.netloc) != (base.scheme, base.netloc) or parts.query or not path.startswith(start):
        return None
    name = unquote(path[len(start) :])
    steps = name.rstrip("/").split("/")
    if not name.strip("/") or any(step in ("", ".", "..") or "\\" in step or step.startswith(".") for step in steps):
        return None
    if folder and not path.endswith("/"):
        path, name = f"{path}/", f"{name}/"
    address = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return Item(address, name, path.endswith("/"), said, date_in(said))


def _beside(anchor: Any) -> str:
    """What stands beside a link: the rest of its row, its list item, or its line."""
    around = next((each for each in anchor.iterancestors("tr", "li")), None)
    if around is not None:
        stamps = [each.get("datetime") or "" for each in around.iter("time")]
        return " ".join(" ".join((*stamps, *(text for text in around.itertext()))).split())
    before, after = anchor.getprevious(), (anchor.tail or "").split("\n", 1)[0]
    lead = (before.tail if before is not None else anchor.getparent().text) or ""
    return " ".join(f"{lead.rpartition(chr(10))[2]} {after}".split())


def date_in(said: str) -> datetime | None:
    """The date and time in what a listing says, the later one where day and month may be either; taken as UTC."""
    for pattern, orders in _DATES:
        if found := pattern.search(said):
            moments = [moment for order in orders for moment in _moments(found.groups(), order)]
            return max(moments, default=None)
    return None


def _moments(groups: tuple[str | None, ...], order: str) -> Iterator[datetime]:
    values = dict(zip(order, groups[:3], strict=True))
    month = values["m"] or ""
    hour = int(groups[3] or 0)
    if groups[6]:
        hour = hour % 12 + (12 if groups[6].upper() == "PM" else 0)
    try:
        number = int(month) if month.isdecimal() else _MONTHS[month[:3].lower()]
        yield datetime(
            int(values["y"] or 0), number, int(values["d"] or 0), hour, int(groups[4] or 0), int(groups[5] or 0), tzinfo=UTC
        )
    except (ValueError, KeyError):
        return
