"""Reading DCAT: a dataset with its distributions, services and series, from a graph in any of DCAT's dialects.

W3C DCAT 1 to 3, DCAT-AP 1.1 to 3.0.1, GeoDCAT-AP and what their national profiles share: https://www.w3.org/TR/vocab-dcat-3/,
https://semiceu.github.io/DCAT-AP/releases/3.0.1/. Where dialects differ the newest wins and the older spelling is taken when it
is alone (`owl:versionInfo` for `dcat:version`, `schema:startDate` for `dcat:startDate`). All that is not understood stays in
`extra["rdf"]`. What our writer fills in where a profile insists is not taken for the publisher's: see `_reach`, `_licence`.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from metadata.model import Dataset, Series
from standards import rdf_read_parts as parts
from standards import rdf_read_places as places
from standards import rdf_reading as reads
from standards import rdf_write_parts as writes
from standards.base import Unreadable
from standards.rdf import ADMS, DCAT, DCATAP, DCT, ELI, FOAF, OWL, SKOS, Node
from standards.rdf_graph import Graph, datasets, graph_of
from standards.rdf_left import KEY
from standards.rdf_read_distribution import described_by, distributions, nodes, number, services
from standards.rdf_reading import Reading
from standards.rdf_rules import RULES
from standards.rdf_write import series_node


def read(body: bytes | Iterable[Triple] | Graph) -> Dataset:
    """The dataset a body describes (the first, where it describes several). Raises `Unreadable`, nothing else."""
    graph = graph_of(body)
    node = first_dataset(graph)
    if node is None:
        raise Unreadable(RULES["rdf/dataset/absent"], "")
    dataset = dataset_at(Reading(graph), node)
    if not any(dataset.title.values()):
        raise Unreadable(RULES["rdf/title/absent"], f"{node} dct:title")
    return dataset


def read_any(body: object) -> Dataset:
    """As `read`, of whatever is given."""
    return read(graph_for(body))


def graph_for(body: object) -> Graph:
    """The graph of whatever is given. Raises `Unreadable`."""
    if isinstance(body, bytes | Graph):
        return graph_of(body)
    if isinstance(body, list | tuple) and body and all(isinstance(each, Triple) for each in body):
        return graph_of(body)
    raise Unreadable(RULES["rdf/syntax/unknown"], "", type(body).__name__)


def dataset_at(reading: Reading, node: Node) -> Dataset:
    """Everything about a dataset."""
    where = reads.address(node)
    title = reads.words(reading, node, DCT.title)
    made = Dataset(
        identifier=_identifier(reading, node, where, title),
        uri=where,
        title=title,
        description=reads.words(reading, node, DCT.description),
        keyword=reads.word_lists(reading, node, DCAT.keyword),
        issued=reads.date(reading, node, DCT.issued),
        modified=reads.date(reading, node, DCT.modified),
        version=reads.word(reading, node, DCAT.version, ADMS.version) or reads.word(reading, node, OWL.versionInfo),
        version_notes=reads.words(reading, node, ADMS.versionNotes),
        other_identifier=_other_identifiers(reading, node),
        **_codes(reading, node),
        **_circumstances(reading, node),
        **_relations(reading, node),
    )
    made = msgspec.structs.replace(
        made,
        distribution=distributions(reading, node, made),
        service=services(reading, node, made),
    )
    reading.typed(node, DCAT.Dataset)
    for catalogue, predicate in reading.graph.pointing(node):
        if predicate == DCAT.dataset:
            reading.use(catalogue, predicate, node)
    reading.names[node] = BlankNode("dataset")
    left = reading.left()
    return msgspec.structs.replace(made, extra={KEY: left}) if left else made


def _identifier(reading: Reading, node: Node, where: str | None, title: dict[str, str]) -> str:
    """dct:identifier, else the address, else (of a blank node that says nothing of itself) the title."""
    said = reads.word(reading, node, DCT.identifier)
    if said is None:
        links = [value for _, value in reading.values(node, DCT.identifier, DCAT.landingPage) if isinstance(value, NamedNode)]
        said = where or (links[0].value if links else None)
    return said or next(iter(title.values()), "")


def _codes(reading: Reading, node: Node) -> dict[str, Any]:
    return {
        "theme": reads.codes(reading, node, DCAT.theme, "theme", SKOS.Concept),
        "accrual_periodicity": reads.code(reading, node, DCT.accrualPeriodicity, "frequency", DCT.Frequency),
        "language": parts.languages(reading, node),
        "access_rights": reads.code(reading, node, DCT.accessRights, "access-right", DCT.RightsStatement),
        "license": reads.code(reading, node, DCT.license, "licence", DCT.LicenseDocument),
        "classification": reads.code(reading, node, DCT.type, "", SKOS.Concept),
        "status": reads.code(reading, node, ADMS.status, "", SKOS.Concept),
        "hvd_category": reads.codes(reading, node, DCATAP.hvdCategory, "", SKOS.Concept),
    }


def _circumstances(reading: Reading, node: Node) -> dict[str, Any]:
    return {
        "publisher": parts.part(reading, node, DCT.publisher, parts.agent),
        "creator": parts.parts(reading, node, DCT.creator, parts.agent),
        "contact_point": parts.parts(reading, node, DCAT.contactPoint, parts.contact)
        or parts.parts(reading, node, ADMS.contactPoint, parts.contact),
        "spatial": parts.parts(reading, node, DCT.spatial, places.place),
        "temporal": parts.parts(reading, node, DCT.temporal, places.period),
        "rights": parts.statement(reading, node, DCT.rights, DCT.RightsStatement),
        "provenance": parts.statement(reading, node, DCT.provenance, DCT.ProvenanceStatement),
        "spatial_resolution_in_meters": number(reading, node, DCAT.spatialResolutionInMeters),
        "temporal_resolution": reads.word(reading, node, DCAT.temporalResolution),
    }


def _relations(reading: Reading, node: Node) -> dict[str, Any]:
    dictionary, dictionary_type = described_by(reading, node)
    pages = reads.addresses(reading, node, FOAF.page, FOAF.Document)
    return {
        "landing_page": reads.one_address(reading, node, DCAT.landingPage, FOAF.Document),
        "page": tuple(page for page in pages if page != dictionary),
        "described_by": dictionary,
        "described_by_type": dictionary_type,
        "conforms_to": parts.standards_met(reading, node),
        "applicable_legislation": reads.addresses(reading, node, DCATAP.applicableLegislation, ELI.LegalResource),
        "relation": reads.addresses(reading, node, DCT.relation),
        "is_part_of": reads.one_address(reading, node, DCT.isPartOf),
        "in_series": tuple(made for value in nodes(reading, node, DCAT.inSeries) if (made := _series(reading, value))),
    }


def _other_identifiers(reading: Reading, node: Node) -> tuple[str, ...]:
    """adms:identifier, as nodes with skos:notation or as plain words."""
    found: dict[str, None] = {}
    for predicate, value in reading.values(node, ADMS.identifier):
        said = value.value.strip() if isinstance(value, Literal) else reads.word(reading, value, SKOS.notation)
        if said:
            found[said] = None
            reading.use(node, predicate, value)
            if not isinstance(value, Literal):
                reading.typed(value, ADMS.Identifier)
                reading.call(value, writes.named("identifier", said))
    return tuple(found)


def _series(reading: Reading, node: Node) -> Series | None:
    where = reads.address(node)
    title = reads.words(reading, node, DCT.title)
    description = reads.words(reading, node, DCT.description)
    title = {} if list(title.values()) == [where] else title
    made = Series(
        identifier=where,
        title=title,
        description={} if description in (title, {"und": where}) else description,
        accrual_periodicity=reads.code(reading, node, DCT.accrualPeriodicity, "frequency", DCT.Frequency),
        publisher=parts.part(reading, node, DCT.publisher, parts.agent),
    )
    if made == Series():
        return None
    reading.typed(node, DCAT.DatasetSeries)
    reading.call(node, series_node(made))
    return made


def first_dataset(graph: Graph) -> Node | None:
    """The node of the dataset that `read` reads."""
    return next(iter(datasets(graph) or graph.of_class(DCAT.Dataset)), None)
