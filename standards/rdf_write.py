"""Writing DCAT: dcat:Dataset, dcat:Distribution, dcat:DataService, dcat:DatasetSeries, property by property.

Clauses: https://semiceu.github.io/DCAT-AP/releases/3.0.1/ (each class has its section) and, for high-value datasets,
https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/. A licence, and the legislation of a high-value dataset, hold for the
distributions that do not say otherwise; a distribution always has an accessURL (its download, the landing page, the dataset).
"""

import re
from collections import Counter
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode

from metadata import vocabulary
from metadata.model import Checksum, Coded, DataService, Dataset, Distribution, Series
from standards import rdf
from standards import rdf_write_parts as parts
from standards.rdf import ADMS, DCAT, DCATAP, DCT, FOAF, SKOS, SPDX, WDRS, XSD, Node, Statements
from standards.rdf_left import give_back

_OPEN = {"open": "PUBLIC", "conditional": "RESTRICTED", "none": "NON_PUBLIC"}


def address(dataset: Dataset) -> NamedNode:
    """The dataset's IRI: the one the catalogue gave it, else one that follows from its identifier."""
    return rdf.exact(dataset.uri) or NamedNode(f"urn:mulu:{rdf.digest(dataset.identifier)}")


def describe(out: Statements, dataset: Dataset) -> tuple[Node, ...]:
    """Says everything about a dataset; gives its IRI, then those of the services that serve it."""
    node = address(dataset)
    out.typed(node, DCAT.Dataset)
    _words(out, node, dataset)
    _codes(out, node, dataset)
    _circumstances(out, node, dataset)
    _relations(out, node, dataset)
    names = distribution_names(dataset.distribution)
    ways = zip(dataset.distribution, names, strict=True)
    out.say(node, DCAT.distribution, [distribution(out, dataset, way, name) for way, name in ways])
    services = [service(out, offered, dataset) for offered in dataset.service if offered != DataService()]
    for each in services:
        out.say(each, DCAT.servesDataset, node)
    out.names["dataset"] = node
    give_back(out, dataset.extra)
    return node, *services


def _words(out: Statements, node: Node, dataset: Dataset) -> None:
    out.say(node, DCT.title, rdf.literals(dataset.title))
    out.say(node, DCT.description, rdf.literals(dataset.description))
    out.say(node, DCT.identifier, rdf.literal(dataset.identifier))
    out.say(node, DCAT.keyword, rdf.literals(dataset.keyword))
    out.say(node, DCT.issued, rdf.moment(dataset.issued))
    out.say(node, DCT.modified, rdf.moment(dataset.modified))
    out.say(node, DCAT.version, rdf.literal(dataset.version))
    out.say(node, ADMS.versionNotes, rdf.literals(dataset.version_notes))
    for other in dataset.other_identifier:
        words = rdf.literal(other)
        if words:
            known = out.typed(parts.named("identifier", other), ADMS.Identifier)
            out.say(known, SKOS.notation, words)
            out.say(node, ADMS.identifier, known)


def _codes(out: Statements, node: Node, dataset: Dataset) -> None:
    out.say(node, DCAT.theme, _concepts(out, dataset.theme))
    out.say(node, DCT.accrualPeriodicity, parts.coded(out, dataset.accrual_periodicity, DCT.Frequency))
    out.say(node, DCT.language, parts.languages(out, dataset.language))
    out.say(node, DCT.accessRights, parts.coded(out, access(dataset), DCT.RightsStatement))
    out.say(node, DCT.license, parts.coded(out, dataset.license, DCT.LicenseDocument))
    out.say(node, DCT.type, parts.coded(out, dataset.classification, SKOS.Concept))
    out.say(node, ADMS.status, parts.coded(out, dataset.status, SKOS.Concept))
    out.say(node, DCATAP.hvdCategory, _concepts(out, dataset.hvd_category))


def _circumstances(out: Statements, node: Node, dataset: Dataset) -> None:
    out.say(node, DCT.publisher, parts.agent(out, dataset.publisher))
    for who in dataset.creator:
        out.say(node, DCT.creator, parts.agent(out, who))
    for whom in dataset.contact_point:
        out.say(node, DCAT.contactPoint, parts.contact(out, whom))
    for where in dataset.spatial:
        out.say(node, DCT.spatial, parts.place(out, where))
    for when in dataset.temporal:
        out.say(node, DCT.temporal, parts.period(out, when))
    out.say(node, DCT.rights, parts.statement(out, dataset.rights, DCT.RightsStatement))
    out.say(node, DCT.provenance, parts.statement(out, dataset.provenance, DCT.ProvenanceStatement))
    out.say(node, DCAT.spatialResolutionInMeters, rdf.decimal(dataset.spatial_resolution_in_meters))
    out.say(node, DCAT.temporalResolution, rdf.duration(dataset.temporal_resolution))


def _relations(out: Statements, node: Node, dataset: Dataset) -> None:
    out.say(node, DCAT.landingPage, parts.documents(out, [dataset.landing_page]))
    out.say(node, FOAF.page, parts.documents(out, [*dataset.page, dataset.described_by]))
    _described_by(out, node, dataset)
    out.say(node, DCT.conformsTo, parts.standards_met(out, dataset.conforms_to))
    out.say(node, DCATAP.applicableLegislation, parts.legislation(out, dataset.applicable_legislation))
    out.say(node, DCT.relation, [found for each in dataset.relation if (found := rdf.iri(each))])
    out.say(node, DCT.isPartOf, rdf.iri(dataset.is_part_of))
    for each in dataset.in_series:
        out.say(node, DCAT.inSeries, series(out, each))


def _described_by(out: Statements, node: Node, what: Dataset | Distribution) -> None:
    """The data dictionary is a page too; that it is the one that describes the data, POWDER's property says."""
    address = rdf.iri(what.described_by)
    out.say(node, WDRS.describedby, address)
    if address:
        out.say(address, DCT.format, parts.media_type(out, what.described_by_type))


def access(dataset: Dataset) -> Coded | None:
    """Access rights as said, else as the openness (开放属性) means them."""
    if dataset.access_rights or not dataset.openness:
        return dataset.access_rights
    return vocabulary.coded("access-right", _OPEN[dataset.openness.kind])


def distribution_names(ways: Iterable[Distribution]) -> list[str]:
    """What each distribution is called that has no address: by its identifier and address; where several are called the same,
    by all they say too; where several say the same, by their number."""
    all_ways = list(ways)
    plain = [part_name("distribution", way.identifier, way.download_url or way.access_url) for way in all_ways]
    shared = {name for name, count in Counter(plain).items() if count > 1}
    names: dict[str, None] = {}
    for way, name in zip(all_ways, plain, strict=True):
        whole = f"{name}-{parts.named('', way).value}" if name in shared else name
        free, number = whole, 1
        while free in names:
            number += 1
            free = f"{whole}-{number}"
        names[free] = None
    return list(names)


def distribution(out: Statements, dataset: Dataset, way: Distribution, name: str) -> Node:
    """dcat:Distribution, called so where it has no address of its own."""
    own = rdf.iri(way.identifier) or NamedNode(f"{_base(dataset)}#{name}")
    node = out.typed(own if own not in out.names.values() else NamedNode(f"{_base(dataset)}#{name}"), DCAT.Distribution)
    out.names[name] = node
    download = rdf.iri(way.download_url)
    reach = rdf.iri(way.access_url)
    if out.filling:
        reach = reach or download or rdf.iri(dataset.landing_page) or address(dataset)
    out.say(node, DCAT.accessURL, reach)
    out.say(node, DCAT.downloadURL, download)
    out.say(node, DCT.title, rdf.literals(way.title))
    out.say(node, DCT.description, rdf.literals(way.description))
    out.say(node, DCT.identifier, rdf.literal(way.identifier))
    out.say(node, DCT.issued, rdf.moment(way.issued))
    out.say(node, DCT.modified, rdf.moment(way.modified))
    out.say(node, DCT.language, parts.languages(out, way.language))
    _file(out, node, way)
    _terms(out, node, dataset, way)
    for offered in way.access_service:
        out.say(node, DCAT.accessService, service(out, offered, dataset))
    return node


def _file(out: Statements, node: Node, way: Distribution) -> None:
    out.say(node, DCT.format, parts.coded(out, way.format, DCT.MediaTypeOrExtent))
    out.say(node, DCAT.mediaType, parts.media_type(out, way.media_type))
    out.say(node, DCAT.compressFormat, parts.media_type(out, way.compress_format))
    out.say(node, DCAT.packageFormat, parts.media_type(out, way.package_format))
    if way.byte_size is not None and way.byte_size >= 0:
        out.say(node, DCAT.byteSize, Literal(str(way.byte_size), datatype=XSD.nonNegativeInteger))
    out.say(node, SPDX.checksum, checksum(out, way.checksum))
    out.say(node, DCT.conformsTo, parts.standards_met(out, way.conforms_to))
    out.say(node, FOAF.page, parts.documents(out, [*way.page, way.described_by]))
    _described_by(out, node, way)


def _terms(out: Statements, node: Node, dataset: Dataset, way: Distribution) -> None:
    out.say(node, DCT.license, parts.coded(out, way.license or dataset.license, DCT.LicenseDocument))
    out.say(node, DCT.rights, parts.statement(out, way.rights, DCT.RightsStatement))
    out.say(node, ADMS.status, parts.coded(out, way.status, SKOS.Concept))
    out.say(node, DCATAP.availability, parts.coded(out, way.availability, SKOS.Concept))
    if dataset.hvd_category:
        out.say(node, DCATAP.applicableLegislation, parts.legislation(out, dataset.applicable_legislation))


def checksum(out: Statements, sum_of: Checksum | None) -> Node | None:
    """spdx:Checksum; its value is xsd:hexBinary, so a value that is not hexadecimal is left out."""
    if sum_of is None or not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", sum_of.value):
        return None
    name = re.sub(r"[^a-z0-9]", "", sum_of.algorithm.lower())
    node = out.typed(parts.named("checksum", sum_of), SPDX.Checksum)
    out.say(node, SPDX.algorithm, out.typed(getattr(SPDX, f"checksumAlgorithm_{name}"), SPDX.ChecksumAlgorithm))
    out.say(node, SPDX.checksumValue, Literal(sum_of.value.lower(), datatype=XSD.hexBinary))
    return node


def service(out: Statements, offered: DataService, dataset: Dataset) -> Node:
    """dcat:DataService; without a title of its own it is called by its address. The same service said twice is one node."""
    first = next(iter(offered.endpoint_url), None)
    node = out.typed(_own(dataset, offered.identifier, first, "service"), DCAT.DataService)
    out.names[part_name("service", offered.identifier, first)] = node
    titles = rdf.literals(offered.title)
    out.say(node, DCT.title, titles or ((rdf.literal(first) or rdf.literals(dataset.title)) if out.filling else None))
    out.say(node, DCT.description, rdf.literals(offered.description))
    out.say(node, DCT.identifier, rdf.literal(offered.identifier))
    out.say(node, DCAT.endpointURL, [found for each in offered.endpoint_url if (found := rdf.iri(each))])
    out.say(node, DCAT.endpointDescription, [found for each in offered.endpoint_description if (found := rdf.iri(each))])
    out.say(node, DCT.conformsTo, parts.standards_met(out, offered.conforms_to))
    out.say(node, DCT.license, parts.coded(out, offered.license or dataset.license, DCT.LicenseDocument))
    out.say(node, DCT.accessRights, parts.coded(out, offered.access_rights, DCT.RightsStatement))
    out.say(node, DCT.publisher, parts.agent(out, offered.publisher))
    for whom in offered.contact_point or (dataset.contact_point if dataset.hvd_category and out.filling else ()):
        out.say(node, DCAT.contactPoint, parts.contact(out, whom))
    if dataset.hvd_category and out.filling:
        _high_value(out, node, offered, dataset)
    return node


def _high_value(out: Statements, node: Node, offered: DataService, dataset: Dataset) -> None:
    """What the annex for high-value datasets makes mandatory for a service: all of it is the dataset's."""
    out.say(node, DCATAP.hvdCategory, _concepts(out, dataset.hvd_category))
    out.say(node, DCATAP.applicableLegislation, parts.legislation(out, dataset.applicable_legislation))
    out.say(node, FOAF.page, parts.documents(out, offered.endpoint_description or dataset.page or [dataset.landing_page]))


def series(out: Statements, whole: Series) -> Node:
    """dcat:DatasetSeries; its title stands in for a description that is missing, which is mandatory."""
    node = out.typed(series_node(whole), DCAT.DatasetSeries)
    titles = rdf.literals(whole.title) or rdf.literal(whole.identifier)
    out.say(node, DCT.title, titles)
    out.say(node, DCT.description, rdf.literals(whole.description) or (titles if out.filling else None))
    out.say(node, DCT.accrualPeriodicity, parts.coded(out, whole.accrual_periodicity, DCT.Frequency))
    out.say(node, DCT.publisher, parts.agent(out, whole.publisher))
    return node


def series_node(whole: Series) -> Node:
    """The node of a series."""
    word = whole.identifier if whole.identifier and len(whole.identifier.split()) == 1 else None
    return rdf.exact(word) or parts.named("series", whole)


def _concepts(out: Statements, values: Iterable[Coded]) -> list[Node]:
    return [node for value in values if (node := parts.coded(out, value, SKOS.Concept))]


def _base(dataset: Dataset) -> str:
    return address(dataset).value.split("#")[0]


def _own(dataset: Dataset, identifier: str | None, url: str | None, kind: str) -> NamedNode:
    """The address of a part: its own, else a fragment of the dataset's that follows from what it points to."""
    return rdf.iri(identifier) or NamedNode(f"{_base(dataset)}#{part_name(kind, identifier, url)}")


def part_name(kind: str, identifier: str | None, url: str | None) -> str:
    """What a distribution or service is called that has no address."""
    return f"{kind}-{rdf.digest(identifier or '', url or '')}"


def part_node(kind: str, identifier: str | None, url: str | None) -> Node:
    """The node of a distribution or service: its own address, else a blank one that stands for what the writer will mint."""
    return rdf.iri(identifier) or BlankNode(part_name(kind, identifier, url))
