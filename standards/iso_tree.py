"""ISO 19139 and ISO 19115-3 documents walked by the names of the abstract model, whatever the namespaces and profiles.

Both spell ISO 19115 as property, class, property, class … (`citation/CI_Citation/title/CharacterString`). A path here names
the properties only (`citation.title`; `a|b` where the two editions differ), so that gmd, gmi, mdb 1.0 and 2.0 and national
profiles (`gco:isoType`) are read by the same code. Rules: ISO/TS 19139:2007 §8, ISO/TS 19115-3:2016 §7.
"""

import re
from collections.abc import Iterator

from metadata import vocabulary
from metadata.text import UNDETERMINED, Text, guess
from standards.iso_elements import held, kind, objects, properties, survey
from standards.xml_documents import LOCALS, PREFIXES, Element, href, local, words

__all__ = [
    "LANGUAGE", "Tongues", "code", "codes", "first_held", "first_object", "held", "kind", "language", "language_of", "link",
    "objects", "plain", "properties", "said", "spelled",
]  # fmt: skip

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*|x(?:-[A-Za-z0-9]{1,8})+")
_SPACES = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v\n]*")
_TITLE = f"{{{PREFIXES['xlink']}}}title"
LANGUAGE = "language|defaultLocale"


def first_object(owner: Element | None, path: str) -> Element | None:
    """The first class element at a path, or None."""
    return next(iter(objects(owner, path)), None)


def first_held(owner: Element | None, path: str) -> Element | None:
    """The first property element at a path that says something; else the first one; or None."""
    found = held(owner, path)
    for each in found:
        if code(each) or words(each):
            return each
    return found[0] if found else None


def said(owner: Element | None, path: str) -> str:
    """The words of the first property at a path that has any."""
    for each in held(owner, path):
        if spoken := plain(each):
            return spoken
    return ""


def plain(value: Element | None) -> str:
    """The words of a property in its document's language, blanks joined."""
    if value is None:
        return ""
    try:
        found: str | None = value.spoken
    except AttributeError:
        return _plain(value)
    if found is None:
        found = value.spoken = _plain(value)
    return found


def _plain(value: Element) -> str:
    for each in value:
        if LOCALS[each.tag] != "PT_FreeText" and (spoken := _line(each)):
            return spoken
    return _own(value)


def _line(element: Element) -> str:
    """The words on one line; blanks within a line stay."""
    told = "".join(element.itertext()) if len(element) else element.text
    if not told:
        return ""
    spoken = str(told).strip()
    return " ".join(spoken.split()) if "\n" in spoken or "\t" in spoken or "\r" in spoken else spoken


def _own(value: Element) -> str:
    """What stands in the property itself, where the class element was forgotten; else the `xlink:title` of a reference."""
    told = value.text
    if told and (spoken := " ".join(told.split())):
        return spoken
    for each in value.iter():
        title = each.get(_TITLE)
        if title and (stripped := title.strip()):
            return str(stripped)
    return ""


def code(value: Element | None) -> str:
    """The code of a code-list property: the attribute `codeListValue`, else the words."""
    if value is None:
        return ""
    try:
        found: str | None = value.coded
    except AttributeError:
        return _code(value)
    if found is None:
        found = value.coded = _code(value)
    return found


def _code(value: Element) -> str:
    given = ""
    for each in value:
        if given := each.get("codeListValue"):
            break
    return str(given or plain(value)).strip().rpartition("#")[2].rpartition("/")[2]


def spelled(told: str, listed: frozenset[str]) -> str:
    """The code of a list that is spelled so but for its case; else as told."""
    return told if told in listed else next((each for each in listed if each.lower() == told.lower()), told)


def codes(owner: Element | None, path: str) -> list[str]:
    """The codes at a path, without empty ones."""
    return [found for each in held(owner, path) if (found := code(each))]


def link(value: Element | None) -> str | None:
    """The web address of a `gmx:Anchor`, of an `xlink:href`, or that the words are."""
    found = href(value)
    spoken = plain(value)
    return found or (spoken if spoken.startswith(("http://", "https://")) and " " not in spoken else None)


class Tongues:
    """The languages of a record: of words that name none, and of each `PT_Locale` by its id."""

    def __init__(self, root: Element) -> None:
        self._several = bool(survey(root).of("localised"))
        self.own = next((tag for each in properties(root, LANGUAGE) if (tag := language(each))), "")
        self.locales: dict[str, str] = {}
        for each in objects(root, "locale|otherLocale|defaultLocale"):
            name = next((str(value) for key, value in each.attrib.items() if str(key).rpartition("}")[2] == "id"), "")
            tag = next((found for one in properties(each, "languageCode|language") if (found := language(one))), "")
            if name and tag:
                self.locales.setdefault(name, tag)

    def text(self, value: Element | None, prose: bool = False) -> Text:
        """The words of a property in all its languages; `prose` keeps line breaks."""
        found: Text = {}
        if value is None:
            return found
        own = _prose(value) if prose else plain(value)
        if not self._several:
            return {self.own or guess(own): own} if own else found
        localised = dict(self._localised(value, prose))
        if own and not (self.own in ("", UNDETERMINED) and own in localised.values()):
            found[self.own or guess(own)] = own
        for tag, spoken in localised.items():
            found.setdefault(tag, spoken)
        return found

    def term(self, value: Element) -> tuple[str, str]:
        """The language and the word of a keyword: its own, or the only other language when both words agree."""
        own = plain(value)
        if not self._several:
            return (self.own or guess(own) if own else UNDETERMINED), own
        localised = dict(self._localised(value, False))
        same = [tag for tag, spoken in localised.items() if spoken == own]
        if own and not (len(localised) == 1 and same):
            return self.own or guess(own), own
        return next(iter(localised.items()), (UNDETERMINED, own))

    def terms(self, value: Element) -> list[tuple[str, str]]:
        """All words of a keyword with their languages."""
        first = self.term(value)
        if not self._several:
            return [first]
        return [first, *(pair for pair in self._localised(value, False) if pair[0] != first[0])]

    def _localised(self, value: Element, prose: bool) -> Iterator[tuple[str, str]]:
        for each in value.iter():
            if local(each) == "LocalisedCharacterString":
                spoken = _kept_lines(each) if prose else _line(each)
                name = (each.get("locale") or "").lstrip("#")
                tag = self.locales.get(name) or language_of(name) or UNDETERMINED
                if spoken:
                    yield tag, spoken


def _prose(value: Element) -> str:
    """The words with their line breaks."""
    for each in value:
        if LOCALS[each.tag] != "PT_FreeText" and (spoken := _kept_lines(each)):
            return spoken
    return _own(value)


def _kept_lines(element: Element) -> str:
    """Line breaks stay; indentation of pretty-printed documents goes."""
    spoken = ("".join(element.itertext()) if len(element) else element.text or "").strip()
    return _SPACES.sub(_breaks, spoken) if "\n" in spoken and re.search(r"\n[ \t]{2,}", spoken) else spoken


def _breaks(blank: re.Match[str]) -> str:
    return "\n\n" if blank.group().count("\n") > 1 else "\n"


def language(value: Element) -> str:
    """The BCP 47 tag of a language property: code and words agree, or the code; "" when it is none that is known."""
    owner = value
    if local(value) in ("defaultLocale", "otherLocale"):
        owner = next(iter(held(next(iter(value), None), "language|languageCode")), value)
    inner = next(iter(owner), None)
    listed = (inner.get("codeListValue") or "").strip() if inner is not None else ""
    spoken = words(inner) if inner is not None else plain(value)
    listed = listed.rpartition("#")[2].rpartition("/")[2]
    tag = language_of(listed)
    if spoken != listed and _TAG.fullmatch(spoken) and (tag or listed) in (language_of(spoken.partition("-")[0]), UNDETERMINED):
        return spoken
    return tag or language_of(spoken)


def language_of(word: str) -> str:
    """The tag of a language's code or name (`ger`, `fre; CAN`, `locale-de`), or ""."""
    bare = word.partition(";")[0].partition(",")[0].partition("(")[0].strip()
    return vocabulary.language_tag(bare) or "" if bare else ""
