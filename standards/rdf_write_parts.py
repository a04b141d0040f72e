"""Writing what datasets, distributions and services share: coded values, agents, contacts, places, periods, texts.

Every object is typed, so that the official shapes pass without the EU tables in the graph; a `skos:Concept` also gets its
`skos:prefLabel`. What has no address of its own is a blank node named by its content, so that the same department said twice
is one node. Clauses: https://semiceu.github.io/DCAT-AP/releases/3.0.1/ (the class in question).
"""

import math
import re
from collections.abc import Iterable
from decimal import Decimal

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode

from metadata import vocabulary
from metadata.model import Agent, Box, Coded, Contact, Period, Place
from metadata.text import Text
from standards import rdf
from standards.rdf import DCAT, DCT, ELI, FOAF, GEOSPARQL, LOCN, ORG, RDFS, SKOS, VCARD, Node, Statements

SCHEME = "urn:mulu:scheme:"
"""What names the list of a code that is of none of ours, such as the Chinese guide's classification."""
IANA = "https://www.iana.org/assignments/media-types/"
_json = msgspec.json.Encoder(order="deterministic")


def named(kind: str, said: object) -> BlankNode:
    """A blank node whose label follows from what it says."""
    try:
        words = _json.encode(said).decode()
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 cannot hold
        words = repr(said)
    return BlankNode(f"{kind}{rdf.digest(words)}")


def coded(out: Statements, value: Coded | None, kind: NamedNode) -> Node | None:
    """A coded value as a node of this class: its own address, else a node with its words. None when it says nothing.
    A concept always has an address: many harvesters take nothing else for a theme."""
    if value is None:
        return None
    node = rdf.iri(value.uri) or rdf.single(value.raw)
    words = rdf.literals(value.label) or [made for made in [rdf.literal(value.raw or value.code)] if made]
    if node is None and not words:
        return None
    found = out.typed(coded_node(kind, value), kind)
    if kind == SKOS.Concept:
        out.say(found, SKOS.prefLabel, words or Literal(found.value))
    elif node is None or not value.scheme:
        out.say(found, RDFS.label, words if node is None else rdf.literals(value.label))
    if value.code and value.scheme and value.scheme not in vocabulary.SCHEMES:
        out.say(found, SKOS.notation, rdf.literal(value.code))
        out.say(found, SKOS.inScheme, rdf.iri(SCHEME + value.scheme))
    return found


def coded_node(kind: NamedNode, value: Coded) -> Node:
    """The node of a coded value."""
    name = named("coded", [kind.value, value.label, value.code, value.raw])
    lone = NamedNode(f"urn:mulu:{name.value}") if kind == SKOS.Concept else name
    return rdf.iri(value.uri) or rdf.single(value.raw) or lone


def statement(out: Statements, words: Text, kind: NamedNode) -> Node | None:
    """Words as a node: dct:RightsStatement, dct:ProvenanceStatement. A single address stands for itself."""
    said = rdf.literals(words)
    if not said:
        return None
    address = rdf.single(said[0].value) if len(said) == 1 else None
    node = out.typed(address or named("words", [kind.value, words]), kind)
    if address is None:
        out.say(node, RDFS.label, said)
    return node


def documents(out: Statements, addresses: Iterable[str | None], kind: NamedNode = FOAF.Document) -> list[Node]:
    """Addresses as typed nodes; what is no address is left out."""
    return [out.typed(node, kind) for address in addresses if (node := rdf.iri(address))]


def standards_met(out: Statements, names: Iterable[str]) -> list[Node]:
    """dct:conformsTo: addresses as they are, other names as dct:Standard with a label."""
    nodes: list[Node] = []
    for name in names:
        address, label = rdf.single(name), rdf.literal(name)
        if address or label:
            nodes.append(out.typed(address or named("standard", name), DCT.Standard))
            out.say(nodes[-1], DCT.title, None if address else label)
    return nodes


def legislation(out: Statements, addresses: Iterable[str]) -> list[Node]:
    """dcatap:applicableLegislation."""
    return documents(out, addresses, ELI.LegalResource)


def languages(out: Statements, tags: Iterable[str]) -> list[Node]:
    """BCP 47 tags as members of the EU language table; a tag it has not, as a node with a label."""
    found = (coded(out, vocabulary.look_up("language", tag), DCT.LinguisticSystem) for tag in tags)
    return [node for node in found if node]


def media_type(out: Statements, name: str | None) -> Node | None:
    """An IANA media type, from its name or from a format's (`zip`)."""
    known = vocabulary.media_type_of(name)
    if known is None and name:
        known = vocabulary.format_of(name)[1]
    address = rdf.iri(IANA + known) if known else None
    return out.typed(address, DCT.MediaType) if address else None


def agent(out: Statements, who: Agent | None) -> Node | None:
    """foaf:Agent, under its own address when its identifier is one."""
    if who is None:
        return None
    label = rdf.literal(who.identifier or who.code or who.email or who.homepage)
    names = rdf.literals(who.name) or ([label] if label else [])
    if not names:
        return None
    node = out.typed(agent_node(who), FOAF.Agent)
    phone = telephone(out, who.phone)
    out.say(node, FOAF.name, names)
    out.say(node, DCT.identifier, [made for known in (who.code, who.identifier) if (made := rdf.literal(known))])
    out.say(node, DCT.type, coded(out, who.kind, SKOS.Concept))
    out.say(node, FOAF.homepage, documents(out, [who.homepage]))
    out.say(node, FOAF.mbox, rdf.mail(who.email))
    out.say(node, FOAF.phone, phone)
    out.say(node, ORG.subOrganizationOf, agent(out, who.parent))
    return node


def agent_node(who: Agent) -> Node:
    """The node of an agent."""
    return rdf.single(who.identifier) or named("agent", who)


def contact(out: Statements, whom: Contact) -> Node | None:
    """vcard:Kind with its e-mail as a mailto address; an e-mail that is none stays as a note."""
    if whom == Contact(extra=whom.extra):
        return None
    node = out.typed(contact_node(whom), VCARD.Kind)
    email = rdf.mail(whom.email)
    out.say(node, VCARD.fn, rdf.literals(whom.name or whom.organization))
    out.say(node, getattr(VCARD, "organization-name"), rdf.literals(whom.organization))
    out.say(node, VCARD.hasEmail, email)
    out.say(node, VCARD.note, None if email else rdf.literal(whom.email))
    out.say(node, VCARD.hasTelephone, telephone(out, whom.phone))
    out.say(node, VCARD.hasURL, rdf.iri(whom.url))
    return node


def contact_node(whom: Contact) -> Node:
    """The node of a contact: the address that its source gave it, kept in `extra`, else a blank one."""
    address = whom.extra.get("@id")
    return rdf.exact(address if isinstance(address, str) else None) or named("contact", whom)


def telephone(out: Statements, number: str | None) -> Node | None:
    """A tel: address (RFC 3966); a number that was spelled otherwise is its label."""
    node = rdf.telephone(number)
    if node and number and node.value != f"tel:{number.strip()}":
        out.say(node, RDFS.label, rdf.literal(number.strip()))
    return node


def place(out: Statements, where: Place) -> Node | None:
    """dct:Location: names, bounding box as WKT, geometry as GeoJSON."""
    if where == Place():
        return None
    node = out.typed(place_node(where), DCT.Location)
    raw = None if where.name or where.box or where.geometry else rdf.literal(where.raw)
    out.say(node, SKOS.prefLabel, rdf.literals(where.name) or raw)
    out.say(node, SKOS.notation, rdf.literal(where.code.code) if where.code else None)
    out.say(node, DCAT.bbox, Literal(polygon(where.box), datatype=GEOSPARQL.wktLiteral) if sound(where.box) else None)
    if where.geometry:
        shape = out.typed(named("geometry", where.geometry), LOCN.Geometry)
        out.say(node, LOCN.geometry, shape)
        words = _json.encode(where.geometry).decode()
        out.say(shape, GEOSPARQL.asGeoJSON, Literal(words, datatype=GEOSPARQL.geoJSONLiteral))
    return node


def place_node(where: Place) -> Node:
    """The node of a place."""
    return rdf.iri(where.uri) or rdf.iri(where.code.uri if where.code else None) or named("place", where)


def sound(box: Box | None) -> bool:
    """Whether there is a box, of four finite numbers."""
    return box is not None and all(math.isfinite(edge) for edge in box)


def polygon(box: Box | None) -> str:
    """The box as a WKT polygon, anticlockwise from its south-west corner (OGC 06-103r4). One that crosses the date line
    reaches beyond 180° east."""
    west, south, east, north = (Decimal(repr(float(edge))) for edge in box or (0.0, 0.0, 0.0, 0.0))
    corners = (
        (west, south),
        (beyond := east + 360 if east < west else east, south),
        (beyond, north),
        (west, north),
        (west, south),
    )
    return f"POLYGON(({', '.join(f'{_degrees(across)} {_degrees(up)}' for across, up in corners)}))"


def _degrees(number: Decimal) -> str:
    """Without an exponent, and without a fraction of nothing."""
    return re.sub(r"\.0+$", "", format(number, "f"))


def period(out: Statements, when: Period) -> Node | None:
    """dct:PeriodOfTime; what is neither start nor end stays as a label."""
    start, end = rdf.moment(when.start), rdf.moment(when.end)
    raw = None if start or end else rdf.literal(when.raw)
    if not (start or end or raw):
        return None
    node = out.typed(named("period", when), DCT.PeriodOfTime)
    out.say(node, DCAT.startDate, start)
    out.say(node, DCAT.endDate, end)
    out.say(node, RDFS.label, raw)
    return node
