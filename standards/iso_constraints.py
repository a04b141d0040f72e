"""Constraints of ISO 19115 as licence, access rights and words: `MD_Constraints` and its legal and security kinds.

A licence is what the shared list of licences knows, by address (`gmx:Anchor`, `xlink:href`) or by name, else the words beside
`useConstraints` = `license`. Access rights come from INSPIRE's and the EU's lists, and from the restriction and classification
codes. What remains is told as rights. ISO 19115:2003 B.2.3, ISO 19115-1:2014 §6.5.4; Regulation (EC) 1205/2008 B.8.
"""

import re
from typing import Any, NamedTuple

from metadata.model import Coded
from metadata.text import Text
from metadata.vocabulary import coded, look_up
from standards.iso_tree import Tongues, code, codes, held, kind, objects, plain
from standards.xml_documents import Element, href

WORDS = "useLimitation|otherConstraints"
PLAIN = ("otherRestrictions", "license", "licence")
SECRET = ("confidential", "secret", "topSecret", "sensitiveButUnclassified", "forOfficialUseOnly", "protected")
LIMITS = re.compile(r"inspire\S*/limitationsonpublicaccess/(\w+)", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;)]")
_LICENCE = re.compile(r"licen[cs]e|licenz|licenc|lizenz|/licen|creativecommons\.org", re.IGNORECASE)


class Terms(NamedTuple):
    """What the constraints come to."""

    license: Coded | None = None
    access_rights: Coded | None = None
    rights: Text = {}
    extra: dict[str, Any] = {}


def terms(owner: Element, tongues: Tongues) -> Terms:
    """Licence, access rights, words and codes of a resource's constraints."""
    licence: Coded | None = None
    linked: Coded | None = None
    access: Coded | None = None
    spoken: list[Text] = []
    unknown: list[tuple[Coded, Text]] = []
    limits = objects(owner, "resourceConstraints")
    for each in limits:
        licensed = any(one.lower() in PLAIN[1:] for one in codes(each, "useConstraints"))
        for value in [*held(each, WORDS), *held(each, "reference.title")]:
            words, address = plain(value), href(value)
            known, within = _known(words, address), licence_within(words)
            right = _access(words, address)
            if known:
                licence = licence or known
            elif right:
                access = access or right
            elif licensed or (address and _LICENCE.search(address)):
                unknown.append((_unknown(words, address), tongues.text(value, prose=True)))
            elif words:
                linked = linked or within
                spoken.append(tongues.text(value, prose=True))
    licence = licence or linked
    if licence is None and unknown:
        licence = unknown.pop(0)[0]
    spoken += [words for _, words in unknown]
    return Terms(licence, access or _restricted(limits), _joined(spoken), _extra(limits))


def _known(words: str, address: str | None) -> Coded | None:
    """The licence that the list knows, by the words or the address."""
    found = [look_up("licence", each) for each in (words, address) if each]
    return next((each for each in found if each.scheme and each.code != "notspecified"), None)


def licence_within(words: str) -> Coded | None:
    """The licence of a link that stands in prose, which says more and stays."""
    links = [look_up("licence", each) for each in _LINK.findall(words)[:5]]
    return next((each for each in links if each.scheme and each.code != "notspecified"), None)


def _unknown(words: str, address: str | None) -> Coded:
    raw = words or address or ""
    made = look_up("licence", raw)
    return Coded(uri=address if address and address.startswith("http") else None, label=made.label, raw=raw)


def _access(words: str, address: str | None) -> Coded | None:
    """Access rights by INSPIRE's list of limitations or the EU's list."""
    for each in (address or "", words):
        limit = LIMITS.search(each)
        if limit:
            return coded("access-right", "PUBLIC" if limit[1].lower() == "nolimitations" else "RESTRICTED", each)
        known = look_up("access-right", each) if each.startswith("http") else None
        if known and known.scheme:
            named = look_up("access-right", words)
            return named if named.code == known.code else known
    return None


def _restricted(limits: list[Element]) -> Coded | None:
    """Access rights by the codes: classified is not public, a restriction restricts."""
    secret = next((each for one in limits for each in codes(one, "classification") if each in SECRET), None)
    if secret:
        return coded("access-right", "NON_PUBLIC", secret)
    limited = next(
        (each for one in limits for each in codes(one, "accessConstraints") if each in ("restricted", "private")), None
    )
    return coded("access-right", "RESTRICTED", limited) if limited else None


def _joined(spoken: list[Text]) -> Text:
    """All words of each language, each once, in lines."""
    found: dict[str, list[str]] = {}
    for words in spoken:
        for tag, said in words.items():
            if said not in found.setdefault(tag, []):
                found[tag].append(said)
    return {tag: "\n".join(lines) for tag, lines in found.items()}


def _extra(limits: list[Element]) -> dict[str, Any]:
    """Codes beyond `otherRestrictions`."""
    told: dict[str, Any] = {}
    for name in ("accessConstraints", "useConstraints"):
        found = [each for one in limits for each in codes(one, name) if each not in PLAIN]
        if found:
            told[name] = list(dict.fromkeys(found))
    secret = next(
        (code(each) for one in limits if kind(one) == "MD_SecurityConstraints" for each in held(one, "classification")), ""
    )
    return told | ({"classification": secret} if secret else {})
