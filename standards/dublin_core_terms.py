"""Dublin Core statements, whatever form they came in: which term, what words, in which language, by which encoding scheme.

    statements(body) -> Statements(said, others)       raises Unreadable
    XML     oai_dc:dc, csw:Record, and any element around dc: and dcterms: elements (xml:lang, xsi:type="dcterms:Box")
    JSON    {"dcterms:title": {"zh": "…", "en": "…"}, "dcterms:spatial": {"@type": "dcterms:Box", "@value": "…"},
             "dcterms:references": {"@id": "https://…"}}; names with dc:, dct:, dcterms:, their addresses, or bare

Sources: DCMI Metadata Terms (2020-01-20); Guidelines for implementing Dublin Core in XML; OAI-PMH 2.0 §4.1 oai_dc.
"""

import re
from typing import Any, NamedTuple

from metadata.text import UNDETERMINED, Text, guess, text
from metadata.vocabulary import language_tag
from standards.base import Rule, Unreadable
from standards.json_schema import cleaned, pointer
from standards.xml_documents import PREFIXES, Element, local, parse, where
from standards.xml_values import value

ELEMENTS = (
    "title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format", "identifier", "source",
    "language", "relation", "coverage", "rights",
)  # fmt: skip
REFINED: dict[str, str] = {
    "alternative": "title", "abstract": "description", "tableOfContents": "description",
    "available": "date", "created": "date", "dateAccepted": "date", "dateCopyrighted": "date", "dateSubmitted": "date",
    "issued": "date", "modified": "date", "valid": "date",
    "extent": "format", "medium": "format", "bibliographicCitation": "identifier",
    "conformsTo": "relation", "hasFormat": "relation", "hasPart": "relation", "hasVersion": "relation",
    "isFormatOf": "relation",
    "isPartOf": "relation", "isReferencedBy": "relation", "isReplacedBy": "relation", "isRequiredBy": "relation",
    "isVersionOf": "relation", "references": "relation", "replaces": "relation", "requires": "relation",
    "spatial": "coverage", "temporal": "coverage", "accessRights": "rights", "license": "rights",
}  # fmt: skip
"""Properties of DCMI that refine one of the fifteen elements."""
ALONE = (
    "accrualMethod", "accrualPeriodicity", "accrualPolicy", "audience", "educationLevel", "instructionalMethod", "mediator",
    "provenance", "rightsHolder",
)  # fmt: skip
TERMS = frozenset((*ELEMENTS, *REFINED, *ALONE))
SPACES = {PREFIXES["dc"]: "dc", PREFIXES["dct"]: "dcterms"}
MEANT = ("", PREFIXES["oai"], PREFIXES["oai_dc"])
"""Namespaces in which elements stand by mistake."""
_PREFIXED = ("dc:", "dct:", "dcterms:", "dc.", "dcterms.", PREFIXES["dc"], PREFIXES["dct"])
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\r?\n[ \t]*)+")
_LANG, _TYPE = "{http://www.w3.org/XML/1998/namespace}lang", f"{{{PREFIXES['xsi']}}}type"
_ADDRESS_OF = f"{{{PREFIXES['rdf']}}}resource"

OBJECT = Rule(
    id="dublin-core/object",
    severity="error",
    message={
        "zh": "这不是都柏林核心元数据（XML 元素或 JSON 对象）",
        "en": "This is no Dublin Core record (an XML element or a JSON object)",
    },
    clause="OAI-PMH 2.0, oai_dc; DCMI Metadata Terms",
    fix={
        "zh": "提供一个 oai_dc:dc 元素，或以 dcterms: 为前缀的 JSON 对象",
        "en": "Give one oai_dc:dc element, or one object with names in dcterms:",
    },
    link="https://www.dublincore.org/specifications/dublin-core/dcmi-terms/",
)


class Said(NamedTuple):
    """One statement. `name` is how it was written (`dc:title`), `kind` the local name of its encoding scheme (`Box`, `URI`)."""

    term: str
    name: str
    text: Text
    kind: str
    place: str
    raw: Any
    element: Any = None

    @property
    def is_plain(self) -> bool:
        """Whether it is in the fifteen elements of old, where an address stands untyped among words."""
        return self.name.startswith("dc:")

    @property
    def words(self) -> str:
        """The words in the first language there is."""
        return next(iter(self.text.values()), "")


class Statements(NamedTuple):
    """What a record says in DCMI's terms, what else it says, and the XML root where it is XML."""

    said: tuple[Said, ...]
    others: dict[str, Any]
    root: Any = None
    empty: tuple[str, ...] = ()


def statements(body: Any) -> Statements:
    """All that a record says. Raises `Unreadable`."""
    if isinstance(body, bytes):
        return _of_xml(parse(body))
    if not isinstance(body, dict):
        raise Unreadable(OBJECT, "", type(body).__name__)
    found = cleaned(body)
    return _of_json(found if isinstance(found, dict) else {})


def term_of(name: Any, bare: bool = False) -> str:
    """The term of a JSON member's name; "" for none of DCMI's."""
    if not isinstance(name, str):
        return ""
    prefix = next((each for each in _PREFIXED if name.lower().startswith(each)), None)
    if prefix is None:
        return name if bare and name in TERMS else ""
    rest = name[len(prefix) :]
    return rest if rest in TERMS else rest.lower() if rest.lower() in TERMS else ""


def _of_json(body: dict[str, Any]) -> Statements:
    bare = not any(term_of(name) for name in body)
    said: list[Said] = []
    others: dict[str, Any] = {}
    empty: list[str] = []
    for name, value_ in body.items():
        term = term_of(name, bare)
        if not term:
            if value_ not in (None, "", [], {}):
                others[name] = value_
            continue
        listed = value_ if isinstance(value_, list) else [value_]
        for number, each in enumerate(listed):
            place = pointer((name, number) if isinstance(value_, list) else (name,))
            if each in (None, "", {}, []):
                empty.append(place)
                continue
            given, kind = _literal(each)
            said.append(Said(term, _prefixed(term) if bare else name, given, kind, place, each))
    return Statements(tuple(said), others, None, tuple(empty))


def _prefixed(term: str) -> str:
    return f"dc:{term}" if term in ELEMENTS else f"dcterms:{term}"


def _literal(value_: Any) -> tuple[Text, str]:
    """Words by language and encoding scheme of a JSON value; no words for what is none."""
    if isinstance(value_, dict):
        if isinstance(value_.get("@id"), str):
            return text(value_["@id"]), "URI"
        said = value_.get("@value")
        if isinstance(said, str | int | float) and not isinstance(said, bool):
            tag = value_.get("@language")
            return text(str(said), _tag(tag, str(said))), _local(value_.get("@type"))
        if value_ and all(
            isinstance(tag, str) and _is_tag(tag) and isinstance(each, str) and each.strip() for tag, each in value_.items()
        ):
            return {tag: each.strip() for tag, each in value_.items()}, ""
        return {}, ""
    if isinstance(value_, bool) or not isinstance(value_, str | int | float):
        return {}, ""
    plain = str(value_)
    return text(plain, guess(plain)), ""


def _tag(raw: Any, said: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        return guess(said)
    return language_tag(raw) or raw.strip()


def _is_tag(tag: str) -> bool:
    return tag == UNDETERMINED or not tag.startswith("@")


def _local(name: Any) -> str:
    """`dcterms:Box` → Box."""
    said = str(name) if isinstance(name, str) else ""
    return said.rpartition(":")[2].rpartition("/")[2]


def _of_xml(root: Element) -> Statements:
    said: list[Said] = []
    others: list[Element] = []
    empty: list[str] = []
    for each in _statements_in(root):
        space = str(each.tag)[1:].partition("}")[0] if str(each.tag).startswith("{") else ""
        term = local(each)
        if space not in (*SPACES, *MEANT) or term not in TERMS:
            others.append(each)
            continue
        given = _words(each) or (each.get(_ADDRESS_OF) or "").strip()
        if not given:
            empty.append(where(each))
            continue
        kind = "URI" if each.get(_ADDRESS_OF) else _local(each.get(_TYPE))
        tag = _tag(each.get(_LANG), given)
        said.append(
            Said(term, f"{SPACES.get(space, 'dc')}:{term}", {tag: given}, kind, where(each), _as_json(given, tag, kind), each)
        )
    return Statements(tuple(said), _gathered(others), root, tuple(empty))


def _words(element: Element) -> str:
    """The words of one line as they are; of several, paragraph by paragraph, because lines are broken to look well."""
    said = "".join(element.itertext()).strip()
    if "\n" not in said:
        return said
    return "\n\n".join(" ".join(each.split()) for each in _PARAGRAPHS.split(said))


def _statements_in(root: Element) -> list[Element]:
    """The children; those of a `dc` or `metadata` element where that is all the root holds."""
    children = list(root)
    while (
        len(children) == 1 and len(children[0]) and local(children[0]) in ("dc", "qualifieddc", "metadata", "record", "dcterms")
    ):
        children = list(children[0])
    return children


def _as_json(given: str, tag: str, kind: str) -> Any:
    """A statement of XML as the JSON form has it."""
    if kind == "URI":
        return {"@id": given}
    if kind:
        return {"@type": f"dcterms:{kind}", "@value": given}
    return given if tag == guess(given) else {tag: given}


def _gathered(elements: list[Element]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for each in elements:
        said = value(each)
        if said is not None:
            found.setdefault(local(each), []).append(said)
    return {name: some[0] if len(some) == 1 else some for name, some in found.items()}
