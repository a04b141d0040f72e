"""`distribution` of DCAT-US 1.1: ways to get the data, https://resources.data.gov/resources/dcat-us/#distribution.

An object with `downloadURL` (the file itself; `mediaType` belongs to it) or `accessURL` (a page or an API), `format`, `title`
and `description`. Met beside that: one object instead of a list, a bare address, addresses under `url` or `accessUrl`.
"""

from typing import Any

from metadata.model import Distribution
from metadata.text import UNDETERMINED, Text, guess, text
from metadata.vocabulary import format_of

Left = dict[str, Any]

_READ = frozenset(
    (
        "@type", "accessURL", "conformsTo", "describedBy", "describedByType", "description", "downloadURL", "format",
        "mediaType", "title",
    )
)  # fmt: skip
_ANY_BYTES = "application/octet-stream"
_OTHER_NAMES = {"downloadURL": ("downloadUrl", "download_url"), "accessURL": ("accessUrl", "access_url", "url", "URL")}


def read_distributions(value: Any, tag: str, left: Left) -> tuple[Distribution, ...]:
    """The distributions in their order; elements that are none are left, as a list, under `distribution`."""
    if not value:
        return ()
    values = value if isinstance(value, list) else [value]
    found, odd = [], []
    for each in values:
        if isinstance(each, dict):
            found.append(_distribution(each, tag))
        elif isinstance(each, str) and each.startswith(("http://", "https://")):
            found.append(_addressed(each.strip()))
        elif each is not None:
            odd.append(each)
    if odd:
        left["distribution"] = odd if isinstance(value, list) else value
    return tuple(found)


def written_distribution(distribution: Distribution, words: Any) -> dict[str, Any]:
    """`distribution` as the standard wants it; `words` picks from a Text.

    Beside `downloadURL` the standard insists on a media type; where nobody said one, it is what the address shows, else the
    one for any bytes (RFC 2046 §4.5.1)."""
    written: dict[str, Any] = {"@type": "dcat:Distribution"}
    values = {
        "title": words(distribution.title),
        "description": words(distribution.description),
        "downloadURL": distribution.download_url,
        "accessURL": distribution.access_url,
        "mediaType": distribution.media_type,
        "format": _format(distribution, words),
        "conformsTo": distribution.conforms_to[0] if distribution.conforms_to else None,
        "describedBy": distribution.described_by,
        "describedByType": distribution.described_by_type,
    }
    written.update({name: value for name, value in values.items() if value})
    if distribution.download_url and not distribution.media_type:
        likely = format_of(None, None, distribution.download_url)[1]
        written["mediaType"] = distribution.extra.get("mediaType") or likely or _ANY_BYTES
    return {**written, **{name: value for name, value in distribution.extra.items() if name not in written}}


def _format(distribution: Distribution, words: Any) -> str | None:
    """The word for the format, unless media type and address tell it anyway."""
    coded = distribution.format
    url = distribution.download_url or distribution.access_url
    if coded is None or coded == format_of(None, distribution.media_type, url)[0]:
        return None
    return coded.raw or words(coded.label) or coded.code or None


def _distribution(value: dict[str, Any], tag: str) -> Distribution:
    get = value.get
    rest = {name: each for name, each in value.items() if name not in _READ and each is not None}
    if get("@type") not in ("dcat:Distribution", "Distribution", None):
        rest["@type"] = get("@type")
    download, access = _address(value, "downloadURL", rest), _address(value, "accessURL", rest)
    said_format, said_type = _word(value, "format", rest), _word(value, "mediaType", rest)
    known, media_type = format_of(said_format, said_type, download or access)
    if said_type and media_type != said_type:
        rest["mediaType"] = said_type
    if said_format and (known is None or known.raw != said_format):
        rest["format"] = said_format
    standard = _word(value, "conformsTo", rest)
    return Distribution(
        title=_text(value, "title", tag, rest),
        description=_text(value, "description", tag, rest),
        download_url=download,
        access_url=access,
        format=known,
        media_type=media_type if said_type or said_format else None,
        conforms_to=(standard,) if standard else (),
        described_by=_word(value, "describedBy", rest),
        described_by_type=_word(value, "describedByType", rest),
        extra=rest,
    )


def _addressed(url: str) -> Distribution:
    return Distribution(access_url=url, format=format_of(None, None, url)[0])


def _address(value: Left, name: str, rest: Left) -> str | None:
    found = _word(value, name, rest)
    if found:
        return found
    for other in _OTHER_NAMES[name]:
        if isinstance(rest.get(other), str) and rest[other].strip():
            return str(rest.pop(other)).strip()
    return None


def _word(value: Left, name: str, rest: Left) -> str | None:
    """A string without blanks around it; a number as one; anything else goes to `rest`."""
    word = value.get(name)
    if word is None:
        return None
    if isinstance(word, str):
        return word.strip() or None
    if isinstance(word, int | float) and not isinstance(word, bool):
        return str(word)
    rest[name] = word
    return None


def _text(value: Left, name: str, tag: str, rest: Left) -> Text:
    words = _word(value, name, rest)
    return text(words, tag or (UNDETERMINED if words.isascii() else guess(words))) if words else {}
