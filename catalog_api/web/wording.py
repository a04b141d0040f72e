"""How values are written for people: dates, numbers, sizes, texts in the language they have, links that are safe.

What sources send is shown as text: markup is taken out of descriptions, and only web, FTP and mail addresses become links.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from catalog_api.web.translation import N_, Tongue
from metadata import text
from metadata.entry import Entry
from metadata.model import Coded

_LINKED = frozenset({"http", "https", "ftp", "ftps"})
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
_LOOKS_MARKED = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|&(?:[a-zA-Z]{2,8}|#\d{1,6});")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?")
_UNITS = ("B", "kB", "MB", "GB", "TB")


class _Stripper(HTMLParser):
    """Keeps the text of markup, a line for each block; nothing of scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the parser's own signature)
        self.hidden += tag in ("script", "style")
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in ("script", "style")))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def without_markup(words: str) -> str:
    """The text of a description that may hold HTML: tags out, entities resolved, blocks on lines of their own."""
    if not _LOOKS_MARKED.search(words):
        return words
    stripper = _Stripper()
    stripper.feed(words)
    stripper.close()
    return re.sub(r"\n\s*\n+", "\n\n", "".join(stripper.parts)).strip()


def paragraphs(words: str) -> list[str]:
    """A description as paragraphs of plain text."""
    return [part for part in (line.strip() for line in without_markup(words).splitlines()) if part]


def shortened(words: str, length: int = 240) -> str:
    """One line of at most about `length` characters, cut at a word, with an ellipsis."""
    line = " ".join(without_markup(words).split())
    if len(line) <= length:
        return line
    cut = line[:length]
    space = cut.rfind(" ", length - 24)
    return f"{cut[:space] if space > 0 else cut}…"


def spoken(words: Mapping[str, str], tongue: Tongue) -> tuple[str, str]:
    """`(language tag or "", words)` to show: the tag only where it differs from the page's language, for `lang=`."""
    tag, chosen = text.chosen(words, tongue.languages)
    if tag == text.UNDETERMINED:
        tag = text.guess(chosen)
    known = "" if tag == text.UNDETERMINED else tag
    return ("" if text.primary(known) == tongue.tag else known), without_markup(chosen)


def marked(words: Mapping[str, str], tongue: Tongue) -> Markup:
    """The words to show, in a `span` that tells their language where it is not the page's."""
    tag, chosen = spoken(words, tongue)
    return Markup('<span lang="{}">{}</span>').format(tag, chosen) if tag else Markup("{}").format(chosen)


def coded(value: Coded | None, tongue: Tongue) -> str:
    """A controlled value for people: its label in the page's language, else its raw word or code."""
    if value is None:
        return ""
    return text.best(value.label, tongue.languages) or value.raw or value.code


def formats_of(entry: Entry) -> list[str]:
    """The formats of a dataset's distributions, once each, at most five, as short words for a list."""
    codes = (one.format.code or one.format.raw or "" for one in entry.dataset.distribution if one.format)
    return list(dict.fromkeys(shortened(code, 16) for code in codes if code))[:5]


def is_link(address: str) -> bool:
    """May this address be followed from a page? Only web and FTP: `javascript:` and its kin stay text."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in _LINKED and bool(parts.netloc)


def linked(address: str) -> Markup:
    """A link when it is one that may be followed, else the address as text."""
    if not is_link(address):
        return Markup("{}").format(address)
    return Markup('<a href="{0}" rel="nofollow noopener noreferrer">{0}</a>').format(address.strip())


def day(value: str | None, tongue: Tongue) -> str:
    """An ISO date with the precision it has: `2026年5月3日`, `3 May 2026`, `May 2026`, `2026`. Anything else as it is."""
    found = _DATE.fullmatch(value or "")
    if not found:
        return value or ""
    year, month, the_day = found.groups()
    try:
        moment = date(int(year), int(month or 1), int(the_day or 1))
    except ValueError:
        return value or ""
    if the_day:
        return format_date(moment, "long", locale=tongue.locale)
    return format_skeleton("yMMMM", moment, locale=tongue.locale) if month else str(int(year))


def moment(value: str | None, tongue: Tongue) -> str:
    """A moment of the catalogue (UTC) to the minute, with its zone."""
    try:
        when = datetime.fromisoformat((value or "").replace("Z", "+00:00"))
    except ValueError:
        return value or ""
    return f"{format_date(when, 'long', locale=tongue.locale)} {format_datetime(when, 'HH:mm', locale=tongue.locale)} UTC"


def ago(value: str | None, tongue: Tongue) -> str:
    """How long ago, roughly: `3天前`, `3 days ago`."""
    try:
        when = datetime.fromisoformat((value or "").replace("Z", "+00:00"))
    except ValueError:
        return ""
    return format_timedelta(when - datetime.now(UTC), add_direction=True, locale=tongue.locale)


def number(value: int | float | None, tongue: Tongue) -> str:
    """A number with the language's grouping."""
    return "" if value is None else format_decimal(value, locale=tongue.locale)


def percent(share: float | None, tongue: Tongue) -> str:
    """A share from 0 to 1 as whole percent, never rounded up to 100; a dash when there is none."""
    if share is None:
        return "–"
    return format_percent(min(share, 0.99) if share < 1 else share, locale=tongue.locale)


def size(octets: int | None, tongue: Tongue) -> str:
    """A number of bytes in a unit people read, by thousands."""
    if octets is None or octets < 0:
        return ""
    value, unit = float(octets), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{format_decimal(round(value, 1 if unit else 0), locale=tongue.locale)} {_UNITS[unit]}"


def duration(seconds: float | None, tongue: Tongue) -> str:
    """Seconds as people say them: `0.4 s`, `12 s`, `3 min 5 s`."""
    if seconds is None:
        return ""
    if seconds < 10:
        return tongue.say(N_("%(seconds)s s")) % {"seconds": format_decimal(round(seconds, 1), locale=tongue.locale)}
    minutes, rest = divmod(round(seconds), 60)
    form = tongue.say(N_("%(minutes)s min %(seconds)s s")) if minutes else tongue.say(N_("%(seconds)s s"))
    return form % {"minutes": minutes, "seconds": rest}
