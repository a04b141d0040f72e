"""Mechanical repairs of DCAT-US 1.1: what the official schemas refuse and can be put right without knowing more than the record
says.

`mailto:` before an address, dates in ISO 8601 (`2016/04/14`), intervals for words (`monthly`), addresses of known licences,
media types for names and extensions, one value where a list is due, numbers where text is due, empty text taken out. A media
type from the extension is ours, and marked as filled in.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from metadata.vocabulary import look_up
from standards import json_repairs, repairs
from standards.base import Finding, Repair
from standards.json_repairs import (
    DROP,
    Mend,
    as_list,
    as_text,
    drop_blank,
    first_of,
    of,
    of_parent,
    split_words,
    without_repeats,
)

_PREFIX = "dcat-us-1.1/"
_BLANKS = (
    "rights/minLength", "spatial/minLength", "systemOfRecords/minLength", "isPartOf/minLength", "isPartOf/type",
    "distribution/format/minLength", "distribution/title/minLength", "distribution/description/minLength",
    "describedByType/pattern", "temporal/pattern", "issued/pattern", "accrualPeriodicity/pattern", "keyword/item/minLength",
    "theme/item/minLength", "distribution/describedByType/pattern", "distribution/@type/enum", "@type/enum",
    "contactPoint/@type/enum",
    "publisher/@type/enum", "keyword/item/type", "theme/item/type", "references/item/type", "publisher/subOrganizationOf/type",
)  # fmt: skip
_ADDRESSES = (
    "landingPage/format", "conformsTo/format", "describedBy/format", "references/item/format",
    "distribution/downloadURL/format",
    "distribution/accessURL/format", "distribution/conformsTo/format", "distribution/describedBy/format",
)  # fmt: skip
_TEXTS = (
    "title/type", "description/type", "identifier/type", "rights/type", "license/type", "landingPage/type",
    "publisher/name/type",
    "contactPoint/fn/type", "distribution/format/type", "distribution/title/type", "distribution/description/type",
    "modified/type",
    "issued/type", "spatial/type",
)  # fmt: skip
_TYPES = {
    "@type/enum": "dcat:Dataset",
    "publisher/@type/enum": "org:Organization",
    "publisher/subOrganizationOf/@type/enum": "org:Organization",
    "contactPoint/@type/enum": "vcard:Contact",
    "distribution/@type/enum": "dcat:Distribution",
}
_NOTHING = ("", "none", "null", "n/a", "na", "-", "无", "暂无")
_HREF = re.compile(r"""href\s*=\s*["']?(https?://[^"'\s>]+)""", re.IGNORECASE)
_WORDED = {"bureauCode/type", "programCode/type", "theme/type", "references/type", "language/type"}


def _same_word(right: str) -> Mend:
    """The one right word, where it is written without its prefix or in other case (`vcard:contact`, `Distribution`)."""
    bare = right.partition(":")[2].lower()

    def mend(value: Any, _: Any) -> Any:
        return right if isinstance(value, str) and value.rpartition(":")[2].strip().lower() == bare else None

    return mend


def _media_type_with_download(_: Any, parent: Any) -> Any:
    return repairs.from_extension("downloadURL")(parent)


def _licence(value: Any, _: Any) -> Any:
    """The address of a licence that is named, or is the only address in a text with HTML."""
    if not isinstance(value, str) or value.strip().lower() in _NOTHING:
        return DROP
    links = set(_HREF.findall(value)) if "<" in value else set()
    linked = look_up("licence", links.pop()) if len(links) == 1 else None
    return linked.uri if linked and linked.scheme else repairs.licence_uri(value) or json_repairs.escaped(value, None)


def _mail(value: Any, _: Any) -> Any:
    """`mailto:` and the address, without a subject behind it."""
    if isinstance(value, str) and value.strip().lower() in ("mailto:", "mailto:null", "mailto:none", ""):
        return DROP
    bare = repairs.bare_mail(value.partition("?")[0]) if isinstance(value, str) else None
    return f"mailto:{bare}" if bare else None


def _code(value: Any, _: Any) -> Any:
    """`015:11` written with wide characters or blanks."""
    plain = (repairs.half_width(value) or value).replace(" ", "") if isinstance(value, str) else None
    return plain if plain != value else None


def _mends() -> dict[str, Mend]:
    named: dict[str, Mend] = dict.fromkeys(_BLANKS, drop_blank)
    named |= {name: first_of(drop_blank, json_repairs.escaped) for name in _ADDRESSES}
    named |= dict.fromkeys(_TEXTS, as_text)
    named |= {name: first_of(drop_blank, _same_word(right)) for name, right in _TYPES.items()}
    named |= {name: first_of(drop_blank, split_words) for name in _WORDED}
    named |= {f"{name}/uniqueItems": without_repeats for name in ("bureauCode", "programCode", "references", "theme")}
    named |= {f"{name}/minItems": _empty_list for name in ("references", "theme", "keyword")}
    named |= {
        "contactPoint/hasEmail/mailto": _mail,
        "contactPoint/type": first_of(_single, _card),
        "publisher/type": first_of(_single, _organization),
        "publisher/subOrganizationOf/type": first_of(drop_blank, _single, _organization),
        "modified/pattern": of(repairs.date),
        "issued/pattern": first_of(drop_blank, of(repairs.date)),
        "temporal/pattern": first_of(drop_blank, of(repairs.period)),
        "accrualPeriodicity/pattern": first_of(drop_blank, of(repairs.frequency("dcat-us-1.1"))),
        "accessLevel/enum": of(repairs.term("access-right", "dcat-us-1.1")),
        "license/format": first_of(drop_blank, _licence),
        "keyword/type": split_words,
        "language/item/pattern": first_of(drop_blank, of(repairs.language)),
        "bureauCode/item/pattern": _code,
        "programCode/item/pattern": _code,
        "describedByType/pattern": first_of(drop_blank, of(repairs.media_type)),
        "distribution/type": as_list,
        "distribution/mediaType/pattern": first_of(
            of(repairs.media_type), of_parent(repairs.from_extension("downloadURL", "accessURL"))
        ),
        "distribution/mediaType/required": _media_type_with_download,
        "distribution/mediaType/null": _media_type_with_download,
        "distribution/describedByType/pattern": first_of(drop_blank, of(repairs.media_type)),
        "keyword/repeated": json_repairs.drop,
    }
    return {_PREFIX + name: mend for name, mend in named.items()}


def _single(value: Any, _: Any) -> Any:
    """The object out of a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict) else None


def _organization(value: Any, _: Any) -> Any:
    return {"@type": "org:Organization", "name": value.strip()} if isinstance(value, str) and value.strip() else None


def _card(value: Any, _: Any) -> Any:
    """A bare mail address as a contact; its name is the address, for nobody said another."""
    bare = repairs.bare_mail(value)
    return {"@type": "vcard:Contact", "fn": bare, "hasEmail": f"mailto:{bare}"} if bare else None


def _empty_list(value: Any, _: Any) -> Any:
    return DROP if value == [] else None


MENDS = _mends()


def repairer(check: Callable[[Any], Iterable[Finding]]) -> Callable[[Any], tuple[Any, list[Repair]]]:
    """The `repair` that goes with the `check` of a profile."""

    def repair(body: Any) -> tuple[Any, list[Repair]]:
        return json_repairs.mended(body, check, MENDS)

    return repair
