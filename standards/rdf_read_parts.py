"""Reading what datasets, distributions and services share: agents, contacts, statements, standards, languages.

Each takes a node (or a literal that stands in its place) and gives a part of the model, or None when it says nothing; what it
understood is used up in the `Reading`. Sources: W3C DCAT 3 §6; DCAT-AP 3.0.1; vCard Ontology; the older DCAT-AP 1.x spellings
(schema:startDate, locn:geometry, adms:version) too.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from metadata.model import Agent, Contact, Period, Place
from metadata.text import UNDETERMINED, Text
from metadata.vocabulary import language_tag
from standards import rdf_reading as reads
from standards import rdf_write_parts as writes
from standards.rdf import DCT, FOAF, ORG, RDFS, SKOS, VCARD, Node, Term
from standards.rdf_reading import Reading, language_of

Part = TypeVar("Part", Agent, Contact, Place, Period)

_USCC = re.compile(r"[0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10}")
_ORGANIZATION_NAME = NamedNode(VCARD.fn.value.replace("#fn", "#organization-name"))


def parts(reading: Reading, node: Node, predicate: NamedNode, read: Callable[[Reading, Term], Part | None]) -> tuple[Part, ...]:
    """Every value of a property, read; a node that is said several times is read once. What is not understood is left."""
    found: list[Part] = []
    for _, value in reading.values(node, predicate):
        made = _once(reading, value, read)
        if made is not None:
            reading.use(node, predicate, value)
            found.append(made)
    return tuple(found)


def part(reading: Reading, node: Node, predicate: NamedNode, read: Callable[[Reading, Term], Part | None]) -> Part | None:
    """The first value of a property that can be read."""
    for _, value in reading.values(node, predicate):
        made = _once(reading, value, read)
        if made is not None:
            reading.use(node, predicate, value)
            return made
    return None


def _once(reading: Reading, value: Term, read: Callable[[Reading, Term], Part | None]) -> Part | None:
    if isinstance(value, Literal):
        return read(reading, value)
    known = (read.__name__, value)
    if known not in reading.parts:
        reading.parts[known] = None  # an organization within itself ends here
        reading.parts[known] = read(reading, value)
    return cast("Part | None", reading.parts[known])


def agent(reading: Reading, value: Term) -> Agent | None:
    """foaf:Agent, foaf:Organization, org:Organization, or a name that stands in its place."""
    if isinstance(value, Literal):
        return Agent(name={language_of(value): value.value.strip()}) if value.value.strip() else None
    where = reads.address(value)
    code, identifier = _identifiers(reading, value, where)
    made = Agent(
        name=reads.words(reading, value, FOAF.name, SKOS.prefLabel, _ORGANIZATION_NAME, VCARD.fn, RDFS.label),
        identifier=identifier,
        code=code,
        kind=reads.code(reading, value, DCT.type, "", SKOS.Concept),
        homepage=reads.one_address(reading, value, FOAF.homepage, FOAF.Document),
        email=_mail(reading, value, FOAF.mbox, VCARD.hasEmail),
        phone=_phone(reading, value, FOAF.phone, VCARD.hasTelephone),
        parent=part(reading, value, ORG.subOrganizationOf, agent),
    )
    if made == Agent():
        return None
    if set(made.name.values()) == {identifier or code or made.email or made.homepage}:
        made = Agent(
            identifier=identifier,
            code=code,
            kind=made.kind,
            homepage=made.homepage,
            email=made.email,
            phone=made.phone,
            parent=made.parent,
        )
    reading.typed(value, FOAF.Agent)
    reading.call(value, writes.agent_node(made))
    return made


def _identifiers(reading: Reading, node: Node, where: str | None) -> tuple[str | None, str | None]:
    """统一社会信用代码 and identifier: the node's address, else what dct:identifier says."""
    code, identifier = None, where
    for predicate, value in reading.values(node, DCT.identifier):
        said = value.value.strip() if isinstance(value, Literal) else ""
        if said and said == where:
            reading.use(node, predicate, value)
        elif _USCC.fullmatch(said) and code is None:
            code = said
            reading.use(node, predicate, value)
        elif said and identifier is None:
            identifier = said
            reading.use(node, predicate, value)
    return code, identifier


def contact(reading: Reading, value: Term) -> Contact | None:
    """vcard:Kind and its kinds, or words that stand in its place: an e-mail address, a name."""
    if isinstance(value, Literal):
        said = value.value.strip()
        if not said:
            return None
        bare = re.sub(r"^mailto:", "", said, flags=re.IGNORECASE)
        return Contact(email=bare) if "@" in bare and " " not in bare else Contact(name={language_of(value): said})
    if reads.address(value) and value not in reading.graph.said:
        return Contact(email=value.value[7:]) if value.value.startswith("mailto:") else None
    organization = reads.words(reading, value, _ORGANIZATION_NAME)
    name = reads.words(reading, value, VCARD.fn, VCARD.hasFN, FOAF.name)
    email = _mail(reading, value, VCARD.hasEmail, VCARD.email, FOAF.mbox)
    made = Contact(
        name={} if name == organization else name,
        email=email or reads.word(reading, value, VCARD.note),
        phone=_phone(reading, value, VCARD.hasTelephone, VCARD.tel, FOAF.phone),
        url=reads.one_address(reading, value, VCARD.hasURL),
        organization=organization,
        extra={"@id": value.value} if reads.address(value) else {},
    )
    if made == Contact(extra=made.extra):
        return None
    reading.typed(value, VCARD.Kind)
    reading.call(value, writes.contact_node(made))
    return made


def _mail(reading: Reading, node: Node, *predicates: NamedNode) -> str | None:
    """The first e-mail address, bare: of a mailto: address, of a literal, or of a node that has it as its value."""
    for predicate, value in reading.values(node, *predicates):
        if isinstance(value, NamedNode | Literal):
            bare = re.sub(r"^mailto:", "", value.value.strip(), flags=re.IGNORECASE)
            if re.fullmatch(r"[^@\s]+@[^@\s]+", bare):
                reading.use(node, predicate, value)
                return bare
    return None


def _phone(reading: Reading, node: Node, *predicates: NamedNode) -> str | None:
    """The first telephone number: of a tel: address (as its label spells it), of a literal, or in a node's vcard:hasValue."""
    for predicate, value in reading.values(node, *predicates):
        if not isinstance(value, Literal | NamedNode):
            inner = _phone(reading, value, VCARD.hasValue, VCARD.value)
            if inner:
                return inner
            continue
        number = re.sub(r"^tel:", "", value.value.strip(), flags=re.IGNORECASE)
        if isinstance(value, NamedNode) and number == value.value.strip():
            continue
        spelled = reads.word(reading, value, RDFS.label) if isinstance(value, NamedNode) else None
        if spelled or number:
            reading.use(node, predicate, value)
            return spelled or unquote(number)
    return None


def statement(reading: Reading, node: Node, predicate: NamedNode, kind: NamedNode) -> Text:
    """dct:rights, dct:provenance: the words of the statement, or the address that stands for it."""
    found: Text = {}
    for _, value in reading.values(node, predicate):
        if isinstance(value, Literal):
            said = {language_of(value): value.value.strip()} if value.value.strip() else {}
        else:
            said = reads.words(reading, value, RDFS.label, DCT.description, DCT.title, SKOS.prefLabel)
            where = reads.address(value)
            said = said or ({UNDETERMINED: where} if where else {})
        fresh = {language: words for language, words in said.items() if language not in found}
        if said and fresh == said:
            found |= said
            reading.use(node, predicate, value)
            if not isinstance(value, Literal):
                reading.typed(value, kind)
                reading.call(value, writes.named("words", [kind.value, said]))
    return found


def standards_met(reading: Reading, node: Node, predicate: NamedNode = DCT.conformsTo) -> tuple[str, ...]:
    """dct:conformsTo: addresses, or the titles of standards that have none."""
    found: dict[str, None] = {}
    for _, value in reading.values(node, predicate):
        where = reads.address(value)
        if where is None:
            where = value.value.strip() if isinstance(value, Literal) else reads.word(reading, value, DCT.title, RDFS.label)
        if where:
            found[where] = None
            reading.use(node, predicate, value)
            if not isinstance(value, Literal):
                reading.typed(value, DCT.Standard)
                reading.call(value, writes.named("standard", where))
    return tuple(found)


def languages(reading: Reading, node: Node) -> tuple[str, ...]:
    """dct:language as BCP 47 tags; what is no language is left."""
    found: dict[str, None] = {}
    for predicate, value in reading.values(node, DCT.language):
        said = value.value if isinstance(value, Literal | NamedNode) else None
        if said is None or reads.MINTED.match(said):
            said = _label(reading, value)
        known = _language(said) or (said if not isinstance(value, NamedNode) and said.isascii() and " " not in said else None)
        if known:
            found[known] = None
            reading.use(node, predicate, value)
            if not isinstance(value, Literal):
                reading.typed(value, DCT.LinguisticSystem)
                reads.coded(reading, value, "language", DCT.LinguisticSystem)
    return tuple(found)


def _label(reading: Reading, node: Term) -> str:
    """The first label of a node."""
    labels = reading.values(node, RDFS.label, SKOS.prefLabel) if not isinstance(node, Literal) else ()
    return next((each.value for _, each in labels if isinstance(each, Literal)), "")


@lru_cache(maxsize=1024)
def _language(said: str) -> str | None:
    return language_tag(said.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]) if "/" in said else language_tag(said)
