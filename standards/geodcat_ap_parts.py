"""GeoDCAT-AP: what it says otherwise than DCAT-AP: topic categories, responsible parties, reference systems, GML boxes.

Sections 4 and 8 and the mappings of ISO 19115 in annex II of https://semiceu.github.io/GeoDCAT-AP/releases/2.0.0/.
A topic category is a theme here as there; written, it is dct:subject. Who is named only by a role becomes contact, creator or
publisher where the dataset names none; the statement itself is kept, so that roles the model has no field for come back.
"""

from typing import Any

import msgspec
from pyoxigraph import Literal, NamedNode

from metadata.model import Agent, Coded, Contact, Dataset
from standards import rdf_read
from standards import rdf_reading as reads
from standards import rdf_write_parts as writes
from standards.base import Unreadable
from standards.rdf import DCAT, DCT, GEODCAT, PROV, SKOS, Node, Statements, Term, Triples
from standards.rdf_graph import Graph
from standards.rdf_read_parts import agent
from standards.rdf_reading import Reading
from standards.rdf_rules import RULES
from standards.rdf_write import address, describe

TOPICS = "http://inspire.ec.europa.eu/metadata-codelist/TopicCategory/"
ROLES = "http://inspire.ec.europa.eu/metadata-codelist/ResponsiblePartyRole/"
REFERENCE_SYSTEM = NamedNode("http://inspire.ec.europa.eu/glossary/SpatialReferenceSystem")
_CRS = ("http://www.opengis.net/def/crs/", "https://www.opengis.net/def/crs/")


def read(body: Any) -> Dataset:
    """The dataset a body describes: bytes in any syntax of RDF, or triples. Raises `Unreadable`, nothing else."""
    graph = rdf_read.graph_for(body)
    node = rdf_read.first_dataset(graph)
    if node is None:
        raise Unreadable(RULES["rdf/dataset/absent"], "")
    reading = Reading(graph)
    topics = _topics(reading, node)
    _reference_systems(reading, node)
    dataset = rdf_read.dataset_at(reading, node)
    if not any(dataset.title.values()):
        raise Unreadable(RULES["rdf/title/absent"], f"{node} dct:title")
    return _with_parties(graph, node, msgspec.structs.replace(dataset, theme=(*dataset.theme, *topics)))


def _topics(reading: Reading, node: Node) -> tuple[Coded, ...]:
    """dct:subject from INSPIRE's list of topic categories; other subjects are left."""
    found = []
    for predicate, value in reading.values(node, DCT.subject):
        if isinstance(value, NamedNode) and value.value.startswith(TOPICS):
            made = reads.coded(reading, value, "", SKOS.Concept)
            if made:
                reading.use(node, predicate, value)
                found.append(made)
    return tuple(found)


def _reference_systems(reading: Reading, node: Node) -> None:
    """That a standard with an address of a reference system is one, the writer says again."""
    for value in reads.address_nodes(reading, node, DCT.conformsTo):
        if value.value.startswith(_CRS):
            reading.use(value, DCT.type, REFERENCE_SYSTEM)


def _with_parties(graph: Graph, node: Node, dataset: Dataset) -> Dataset:
    """Contact, creator and publisher from the responsible parties, where nothing else names them."""
    by_role: dict[str, list[Agent]] = {}
    for role, who in _parties(graph, node):
        found = agent(Reading(graph), who)
        if found:
            by_role.setdefault(role, []).append(found)
    contacts = tuple(
        Contact(name=each.name, email=each.email, phone=each.phone, url=each.homepage)
        for each in by_role.get("pointOfContact", ())
    )
    makers = (*by_role.get("author", ()), *by_role.get("originator", ()))
    publishers = by_role.get("publisher", [])
    return msgspec.structs.replace(
        dataset,
        contact_point=dataset.contact_point or contacts,
        creator=dataset.creator or makers,
        publisher=dataset.publisher or next(iter(publishers), None),
    )


def _parties(graph: Graph, node: Node) -> list[tuple[str, Term]]:
    """(role, agent) of every responsible party: by qualified attribution, or by GeoDCAT-AP's properties."""
    found: list[tuple[str, Term]] = []
    for each in graph.objects(node, PROV.qualifiedAttribution):
        if isinstance(each, Literal):
            continue
        roles = [role.value.rsplit("/", 1)[-1] for role in graph.objects(each, DCAT.hadRole) if isinstance(role, NamedNode)]
        found += [(role, who) for role in roles for who in graph.objects(each, PROV.agent)]
    for role in ("custodian", "distributor", "originator", "owner", "principalInvestigator", "processor", "user"):
        found += [(role, who) for who in graph.objects(node, NamedNode(GEODCAT.custodian.value.replace("custodian", role)))]
    return found


def write(dataset: Dataset) -> Triples:
    """The dataset as GeoDCAT-AP triples. Never raises."""
    topics = tuple(theme for theme in dataset.theme if (theme.uri or "").startswith(TOPICS))
    plain = msgspec.structs.replace(dataset, theme=tuple(theme for theme in dataset.theme if theme not in topics))
    out = Statements()
    describe(out, plain)
    node = address(dataset)
    for topic in topics:
        out.say(node, DCT.subject, writes.coded(out, topic, SKOS.Concept))
    for standard in dataset.conforms_to:
        if standard.startswith(_CRS):
            out.say(NamedNode(standard), DCT.type, REFERENCE_SYSTEM)
    return out.triples()
