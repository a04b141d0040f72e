"""Elements of ISO 19115 in the namespaces of either edition, for writing.

    made = Builder(OLD, "en", ("en", "fr"))
    made.of("CI_Citation", ("title", {"en": "Roads", "fr": "Routes"}), ("date", MISSING))

A class stands in the namespace of its package, its properties in that of the class. Values: words (`gco:CharacterString`),
words by language (with `PT_FreeText`), an element, a list of these, or a reason why nothing is there (`gco:nilReason`). Empty
values are left out. ISO/TS 19139:2007 §7 to §9, ISO/TS 19115-3:2016 §7.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lxml import etree

from metadata.text import UNDETERMINED, Text
from metadata.vocabulary import term
from standards.xml_documents import PREFIXES, Element

MDQ = "http://standards.iso.org/iso/19157/-2/mdq/1.0"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ID = re.compile(r"[^A-Za-z0-9.-]+")
_XSI_TYPE = f"{{{PREFIXES['xsi']}}}type"
_HREF = f"{{{PREFIXES['xlink']}}}href"


class Missing(NamedTuple):
    """Why a value that must be there is not (`gco:nilReason`)."""

    reason: str


MISSING, UNKNOWN = Missing("missing"), Missing("unknown")


class Anchor(NamedTuple):
    """Words with an address (`gmx:Anchor`)."""

    words: Text
    url: str | None


class Mime(NamedTuple):
    """Words with a media type (`gmx:MimeFileType`)."""

    words: Text
    media_type: str


class Edition(NamedTuple):
    """How an edition spells ISO 19115: prefixes to namespaces, classes to prefixes, where the code lists are."""

    namespaces: Mapping[str, str]
    classes: tuple[tuple[str, str], ...]
    anchor: str
    text: str
    lists: str
    new: bool

    def prefix(self, name: str) -> str:
        """The prefix of a class: the first whose beginning fits."""
        return next(prefix for start, prefix in self.classes if name.startswith(start))


def _spaces(names: str) -> dict[str, str]:
    return {name.rstrip("3"): PREFIXES[name] for name in names.split()}


OLD = Edition(
    namespaces=_spaces("gmd gco gmx srv gml xlink xsi"),
    classes=(("SV_", "srv"), ("DCP", "srv"), ("Time", "gml"), ("", "gmd")),
    anchor="gmx",
    text="gmd",
    lists="http://standards.iso.org/iso/19139/resources/gmxCodelists.xml",
    new=False,
)
"""ISO/TS 19139:2007."""
NEW = Edition(
    namespaces={**_spaces("mdb cit gcx gco3 gex lan mcc mco mmi mrd mri mrl mrs srv3 gml xlink xsi"), "mdq": MDQ},
    classes=(
        ("SV_", "srv"), ("DCP", "srv"), ("EX_", "gex"), ("CI_", "cit"), ("DQ_", "mdq"), ("LI_", "mrl"), ("PT_", "lan"),
        ("LanguageCode", "lan"), ("MD_CharacterSetCode", "lan"), ("MD_MetadataScope", "mdb"), ("MD_Metadata", "mdb"),
        ("MD_Identifier", "mcc"), ("MD_Scope", "mcc"), ("MD_ProgressCode", "mcc"), ("MD_SpatialRepresentationType", "mcc"),
        ("MD_BrowseGraphic", "mcc"), ("MD_Maintenance", "mmi"), ("MD_Constraints", "mco"), ("MD_Legal", "mco"),
        ("MD_Security", "mco"), ("MD_Restriction", "mco"), ("MD_Classification", "mco"), ("MD_Distribut", "mrd"),
        ("MD_Digital", "mrd"), ("MD_Format", "mrd"), ("MD_ReferenceSystem", "mrs"), ("Time", "gml"), ("", "mri"),
    ),
    anchor="gcx",
    text="lan",
    lists="http://standards.iso.org/iso/19115/resources/Codelists/cat/codelists.xml",
    new=True,
)  # fmt: skip
"""ISO/TS 19115-3:2016 with the metadata base of version 2.0."""


def clean(words: str) -> str:
    """Without characters that no XML may hold."""
    return _FORBIDDEN.sub("\ufffd", words)


def locale_id(tag: str) -> str:
    """The `id` of a language's `PT_Locale`."""
    return f"locale-{_ID.sub('-', tag)}"


class Builder:
    """Makes elements of one edition for one record, whose words are in `language` unless they say otherwise."""

    def __init__(self, edition: Edition, language: str) -> None:
        self.edition, self.language, self.new = edition, language, edition.new

    def tag(self, prefix: str, name: str) -> str:
        """`{namespace}name`."""
        return f"{{{self.edition.namespaces[prefix]}}}{name}"

    def of(self, name: str, *parts: tuple[str, Any], within: str = "") -> Element:
        """A class element with its properties; `within` is the prefix of inherited ones that stand in another namespace."""
        prefix = self.edition.prefix(name)
        element = etree.Element(self.tag(prefix, name), nsmap=dict(self.edition.namespaces))
        for part, value in parts:
            self.put(element, within or prefix, part, value)
        return element

    def put(self, owner: Element, prefix: str, name: str, value: Any) -> None:
        """Adds a property; nothing for an empty value, one element for each of a list."""
        if isinstance(value, list):
            for each in value:
                self.put(owner, prefix, name, each)
        elif isinstance(value, Missing):
            element = etree.SubElement(owner, self.tag(prefix, name))
            element.set(self.tag("gco", "nilReason"), value.reason)
        elif value is not None and (etree.iselement(value) or value):
            self._fill(etree.SubElement(owner, self.tag(prefix, name)), value)

    def _fill(self, element: Element, value: Any) -> None:
        if isinstance(value, str):
            self._words(element, {self.language: value}, self.tag("gco", "CharacterString"), {})
        elif isinstance(value, dict):
            self._words(element, value, self.tag("gco", "CharacterString"), {})
        elif isinstance(value, Anchor):
            told = value.words or {self.language: value.url or ""}
            name = self.tag(self.edition.anchor, "Anchor") if value.url else self.tag("gco", "CharacterString")
            self._words(element, told, name, {_HREF: value.url} if value.url else {})
        elif isinstance(value, Mime):
            name = self.tag(self.edition.anchor, "MimeFileType")
            self._words(element, value.words, name, {"type": value.media_type}, always=True)
        else:
            element.append(value)

    def _words(self, element: Element, text: Text, name: str, attributes: dict[str, str], always: bool = False) -> None:
        """The record's own language in `name`, the others in `PT_FreeText`."""
        others = {tag: words for tag, words in text.items() if tag != self.language and words}
        own = text.get(self.language, "")
        if own or attributes or always:
            inner = etree.SubElement(element, name)
            inner.text = clean(own)
            for key, value in attributes.items():
                inner.set(key, clean(value))
        if others:
            self._localised(element, others)

    def _localised(self, element: Element, text: Text) -> None:
        element.set(_XSI_TYPE, f"{self.edition.text}:PT_FreeText_PropertyType")
        free = etree.SubElement(element, self.tag(self.edition.text, "PT_FreeText"))
        for tag, words in text.items():
            group = etree.SubElement(free, self.tag(self.edition.text, "textGroup"))
            inner = etree.SubElement(group, self.tag(self.edition.text, "LocalisedCharacterString"))
            inner.set("locale", f"#{locale_id(tag)}")
            inner.text = clean(words)

    def keyword(self, owner: Element, prefix: str, word: str, tag: str) -> None:
        """A word of another language than the record's is told in both places, so that readers of one language see it too."""
        element = etree.SubElement(owner, self.tag(prefix, "keyword"))
        self._fill(element, word)
        if tag != self.language:
            self._localised(element, {tag: word})

    def code(self, name: str, value: str | None, words: str = "") -> Element | None:
        """An element of a code list."""
        if not value:
            return None
        prefix = self.edition.prefix(name)
        if name == "MD_TopicCategoryCode":
            element = etree.Element(self.tag(prefix, name))
            element.text = clean(value)
            return element
        element = etree.Element(self.tag(prefix, name))
        element.set("codeList", f"{self.edition.lists}#{name}")
        element.set("codeListValue", clean(value))
        element.text = clean(words or value)
        return element

    def value(self, name: str, words: str) -> Element:
        """A basic value: `gco:Decimal`, `gco:Boolean`, `gco:Date` …"""
        element = etree.Element(self.tag("gco", name))
        element.text = clean(words)
        return element

    def date(self, day: str) -> Element:
        """`gco:Date` or `gco:DateTime`."""
        return self.value("DateTime" if "T" in day else "Date", day)

    def url(self, address: str) -> Any:
        """`gmd:URL` of 2003; words of 2014."""
        if self.new:
            return address
        element = etree.Element(self.tag("gmd", "URL"))
        element.text = clean(address)
        return element

    def language_code(self, tag: str) -> Element | None:
        """`LanguageCode`; a tag that says more than the code stands in its words."""
        known = term("language", tag.split("-", 1)[0].lower())
        code = (known.names.get("iso-639-2b") or known.names.get("iso-639-3") if known else None) or UNDETERMINED
        plain = known is not None and known.code == tag
        return self.code("LanguageCode", code, code if plain else tag)

    def locales(self, tags: Sequence[str]) -> list[Element]:
        """A `PT_Locale` for each language."""
        return [self.locale(tag) for tag in tags]

    def locale(self, tag: str) -> Element:
        """One language with its character set."""
        name = "language" if self.new else "languageCode"
        encoding = self.code("MD_CharacterSetCode", "utf8")
        element = self.of("PT_Locale", (name, self.language_code(tag)), ("characterEncoding", encoding))
        element.set("id", locale_id(tag))
        return element
