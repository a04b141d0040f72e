"""The words of the portal, and the language a page speaks.

Messages are written in English where they are used and looked up in `messages/<language>.po` (GNU gettext, read by Babel
when the program starts: nothing to compile). English needs no file: the message is the text. A test holds both sides
together: no message without a translation, no translation without a use.
"""

import gettext
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import Request

FOLDER = Path(__file__).parent / "messages"
COOKIE = "lang"
NAMES = {"zh": "中文", "en": "English"}
HTML_TAGS = {"zh": "zh-Hans", "en": "en"}
LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for "translate later")
    """Marks a message that is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Tongue:
    """A language the portal speaks: `tag` is `zh` or `en`; `languages` are the asker's languages, this one first."""

    tag: str
    languages: tuple[str, ...]
    catalogue: gettext.NullTranslations

    @property
    def html(self) -> str:
        """The tag for `<html lang>`."""
        return HTML_TAGS[self.tag]

    @property
    def locale(self) -> str:
        """The CLDR locale for dates and numbers."""
        return LOCALES[self.tag]

    def say(self, message: str) -> str:
        """The message in this language."""
        return self.catalogue.gettext(message) if message else ""


@cache
def catalogue(tag: str) -> gettext.NullTranslations:
    """The messages of one language; those of English are empty, for its messages are the texts."""
    path = FOLDER / f"{tag}.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=LOCALES[tag])
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def tongue(tag: str, offered: Sequence[str] = ("zh", "en")) -> Tongue:
    """The tongue of one language, with the other offered ones behind it."""
    return Tongue(tag, (tag, *(one for one in offered if one != tag)), catalogue(tag))


def tongue_of(request: Request, offered: Sequence[str] = ("zh", "en")) -> Tongue:
    """The language to answer in: `?lang=`, else the cookie, else `Accept-Language`, else the catalogue's first."""
    spoken = [one for one in offered if one in NAMES] or ["en"]
    for wish in (request.query_params.get("lang", ""), request.cookies.get(COOKIE, "")):
        if wish in spoken:
            return tongue(wish, spoken)
    return tongue(accepted(request.headers.get("accept-language", ""), spoken), spoken)


def accepted(header: str, offered: Sequence[str]) -> str:
    """The offered language that `Accept-Language` (RFC 9110 §12.5.4) likes best; the first offered when it likes none."""
    wishes = sorted(filter(None, map(_wish, header.split(",")[:50])), key=lambda wish: -wish[1])
    for tag, weight in wishes:
        if weight > 0 and tag in offered:
            return tag
    return offered[0]


def _wish(part: str) -> tuple[str, float] | None:
    tag, _, rest = part.strip().partition(";")
    weight = rest.strip().removeprefix("q=")
    try:
        return (tag.split("-")[0].lower(), float(weight) if weight else 1.0) if tag else None
    except ValueError:
        return None
