"""Controlled lists and look-up: frequency, format, licence, language, theme, access-right.

The lists are data, in `vocabulary/*.json`: codes and addresses of the EU authority tables (frequency, file-type, language,
data-theme, access-right, licence), SPDX licence ids, IANA media types, BCP 47 tags, the crosswalks to DCAT-US 1.1, DCAT-US 3
and the Chinese guide of 2017, and the many spellings met in real catalogues. Here is only how a word finds its term.

A word is folded before it is looked up (width, case, blanks, hyphens and underscores do not count; nor do `http`/`https`,
`www.` and a last slash of an address), so that `R/P1Y`, `Ｒ/ｐ１ｙ`, `semi-annual` and `Semi annual` find what they mean.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from metadata.model import Coded
from metadata.text import text

SCHEMES = ("frequency", "format", "licence", "language", "theme", "access-right")
LONGEST = 300
"""Words longer than this (a whole licence text in a code's place) name no term."""

_FOLDER = Path(__file__).with_name("vocabulary")
_SLIGHT = re.compile(r"[\s\-_\u2010-\u2015\u200b\ufeff]+")
_ADDRESS = re.compile(r"https?:/*(?:www\.)?")
_PARTS = re.compile(r"[,;:|()\[\]+&、，；/\\\s]+")
_FILE_WORDS = re.compile(r"(?:files?|format|data|文件|格式|數據|数据|檔案?)$")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9!#$&^_.+-]*")
_IANA = re.compile(r"https?://(?:www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)
_OGC_SERVICE = re.compile(r"(?:^|[&;])service=(wms|wfs|wcs|wmts|csw)\b")
_ESRI_SERVICE = re.compile(r"/rest/services/.*/(?:map|feature|image)server(?:/\d+)?$")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One term of a list. `names` maps a crosswalk to its spelling there, `also` holds further spellings. `days` is the update
    interval of a frequency, `open` whether a licence is open (opendefinition.org), `service` whether a format is an API."""

    code: str
    uri: str | None = None
    label: dict[str, str]
    names: dict[str, str] = {}
    also: tuple[str, ...] = ()
    days: float | None = None
    open: bool | None = None
    service: bool = False
    media_types: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()


def look_up(scheme: str, raw: str) -> Coded:
    """The term that `raw` names, with `raw` kept as given; without one, a Coded with an empty scheme. Takes any string."""
    return _known(scheme, raw) if len(raw) <= LONGEST else _unknown(raw)


def term(scheme: str, code: str) -> Term | None:
    """The term with this exact code (`MONTHLY`, `CC-BY-4.0`, `zh`), or None."""
    return _by_code(scheme).get(code)


@cache
def terms(scheme: str) -> tuple[Term, ...]:
    """All terms of a list, in its order. Raises `ValueError` for a list there is not."""
    if scheme not in SCHEMES:
        raise ValueError(f"there is no list {scheme!r}; the lists are {', '.join(SCHEMES)}")
    return msgspec.json.decode(_FOLDER.joinpath(f"{scheme}.json").read_bytes(), type=tuple[Term, ...])


def coded(scheme: str, code: str, raw: str | None = None) -> Coded:
    """The term with this exact code as a value for a dataset. Raises `KeyError` when there is none."""
    return _coded(scheme, _by_code(scheme)[code], raw)


def interval_days(frequency_code: str) -> float | None:
    """How many days lie between updates at this frequency (`MONTHLY` → 30.4); None where it promises none."""
    found = term("frequency", frequency_code)
    return found.days if found else None


def is_open(licence: Coded | None) -> bool | None:
    """Whether the licence is an open one; None when there is none or it is not known."""
    found = term("licence", licence.code) if licence and licence.scheme == "licence" else None
    return found.open if found else None


def language_tag(raw: str) -> str | None:
    """BCP 47 tag of a language's name, code or locale: `zho` → `zh`, `en_us` → `en-US`, `繁體中文` → `zh-Hant`, or None."""
    return _tag(raw) if len(raw) <= LONGEST else None


def format_of(raw: str | None, media_type: str | None = None, url: str | None = None) -> tuple[Coded | None, str | None]:
    """Format and media type of a file, from the word for its format, its media type and its address, in this order of trust.

    The format is unknown (empty scheme) when there is a word and nothing at all is known by it; None when nothing was said.
    The media type is the given one (IANA name, lower case, without parameters), else the one that belongs to the format.
    """
    given = media_type_of(media_type)
    found = _format_named(raw) or _format_named(given or media_type)
    if found is None or found.code == "OCTET":
        found = _format_at(url) or found
    if found is None:
        said = next((word for word in (raw, media_type) if word and word.strip()), None)
        return (_unknown(said) if said else None), given
    return found, given or _by_code("format")[found.code].names.get("iana")


def media_type_of(raw: str | None) -> str | None:
    """`text/csv` from `text/CSV; charset=utf-8` or from its IANA address; None when it is no media type."""
    if not raw or len(raw) > LONGEST:
        return None
    bare = _IANA.sub("", raw.strip()).split(";", 1)[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) and not bare.endswith("/unknown") else None


@lru_cache(maxsize=8192)
def _known(scheme: str, raw: str) -> Coded:
    found = _found(scheme, raw)
    return _coded(scheme, found, raw) if found else _unknown(raw)


def _found(scheme: str, raw: str) -> Term | None:
    index = _index(scheme)
    found = index.get(fold(raw))
    if found or not raw.strip():
        return found
    if scheme == "format":
        return _format_within(index, raw)
    if scheme == "language":
        tag = _tag(raw)
        return next((index[part] for part in _shorter(tag) if part in index), None) if tag else None
    return None


def _shorter(tag: str) -> list[str]:
    """`zh-Hant-TW` → `zhhanttw`, `zhhant`, `zh`: the tag, folded, and what it lies within."""
    subtags = tag.split("-")
    return [fold("-".join(subtags[:count])) for count in range(len(subtags), 0, -1)]


def _format_within(index: dict[str, Term], raw: str) -> Term | None:
    """`CSV文件`, `Excel (.xlsx)`, `xls, xlsx`: the first part that is a format by itself."""
    media_type = media_type_of(raw)
    if media_type:
        return index.get(fold(media_type))
    parts = _PARTS.split(raw)
    for part in (raw, *(sorted(parts, key=_no_extension) if len(parts) <= 5 else ())):
        folded = fold(part)
        found = index.get(folded) or index.get(_FILE_WORDS.sub("", folded))
        if found and folded:
            return found
    return None


def _no_extension(part: str) -> bool:
    """Extensions come first: `Excel (.xlsx)` is XLSX."""
    return not part.startswith(".")


def _format_named(raw: str | None) -> Coded | None:
    found = look_up("format", raw) if raw and raw.strip() else None
    return found if found and found.scheme else None


def _format_at(url: str | None) -> Coded | None:
    """What an address shows: a query for an OGC service, the path of an Esri service, or a file's extension."""
    if not url or len(url) > 2000:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    query, path = parts.query.lower(), parts.path.lower().rstrip("/")
    service = _OGC_SERVICE.search(query)
    if service:
        return _known("format", service[1])
    if _ESRI_SERVICE.search(path):
        return _known("format", "Esri REST")
    ending = path.rsplit("/", 1)[-1].split(".")[1:]
    found = _by_extension().get(ending[-1]) if ending else None
    return _coded("format", found, None) if found else None


@lru_cache(maxsize=4096)
def _tag(raw: str) -> str | None:
    exact = _index("language").get(fold(raw))
    if exact:
        return exact.code
    stripped = raw.strip().replace("_", "-").split(".", 1)[0]
    if not _TAG.fullmatch(stripped):
        return None
    head, *rest = stripped.split("-")
    known = _index("language").get(fold(head))
    return "-".join([known.code, *map(_subtag, rest)]) if known else None


def _subtag(part: str) -> str:
    """Scripts in title case, regions in capitals, the rest in lower case (RFC 5646 §2.1.1)."""
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()


def fold(raw: str) -> str:
    """The form in which words are compared."""
    bare = unicodedata.normalize("NFKC", raw).replace("\x00", "").strip().casefold()
    return _SLIGHT.sub("", _ADDRESS.sub("", bare, count=1).rstrip("/")).lstrip(".")


def _unknown(raw: str) -> Coded:
    return Coded(raw=raw, label=text(raw))


def _coded(scheme: str, found: Term, raw: str | None) -> Coded:
    return Coded(scheme=scheme, code=found.code, uri=found.uri, label=found.label, raw=raw)


@cache
def _by_code(scheme: str) -> dict[str, Term]:
    return {each.code: each for each in terms(scheme)}


@cache
def _by_extension() -> dict[str, Term]:
    return {extension: each for each in reversed(terms("format")) for extension in each.extensions}


@cache
def _index(scheme: str) -> dict[str, Term]:
    """Every spelling, folded. An earlier kind of spelling wins over a later one: codes, labels, crosswalks, then the rest."""
    index: dict[str, Term] = {}
    for kind in (_codes, _labels, _names, _spellings):
        for each in terms(scheme):
            for word in kind(each):
                index.setdefault(fold(word), each)
    index.pop("", None)
    return index


def _codes(each: Term) -> list[str]:
    return [each.code, *([each.uri] if each.uri else [])]


def _labels(each: Term) -> list[str]:
    return list(each.label.values())


def _names(each: Term) -> list[str]:
    return list(each.names.values())


def _spellings(each: Term) -> list[str]:
    return [*each.also, *each.media_types, *each.extensions]
