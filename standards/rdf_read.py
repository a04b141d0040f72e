"""Reading DCAT: a dataset with its distributions, services and series, from a graph in any of DCAT's dialects.

W3C DCAT 1 to 3, DCAT-AP 1.1 to 3.0.1, GeoDCAT-AP and what their national profiles share: https://www.w3.org/TR/vocab-dcat-3/,
https://semiceu.github.io/DCAT-AP/releases/3.0.1/. Where dialects differ the newest wins and the older spelling is taken when it
is alone (`owl:versionInfo` for `dcat:version`, `schema:startDate` for `dcat:startDate`). All that is not understood stays in
`extra["rdf"]`. What our writer fills in where a profile insists is not taken for the publisher's: see `_reach`, `_licence`.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from metadata import vocabulary
from metadata.model import Checksum, Coded, DataService, Dataset, Distribution, Series
from standards import rdf_read_parts as parts
from standards import rdf_reading as reads
from standards import rdf_write_parts as writes
from standards.base import Unreadable
from standards.rdf import ADMS, DCAT, DCATAP, DCT, ELI, FOAF, OWL, SKOS, SPDX, WDRS, Node, Term
from standards.rdf_graph import Graph, datasets, graph_of
from standards.rdf_left import KEY
from standards.rdf_reading import Reading
from standards.rdf_rules import RULES
from standards.rdf_write import part_node, series_node

_MOST_PARTS = 100_000


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
        distribution=_distributions(reading, node, made),
        service=_services(reading, node, made),
    )
    reading.typed(node, DCAT.Dataset)
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


def _codes(reading: Reading, node: Node) -> dict[str, object]:
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


def _circumstances(reading: Reading, node: Node) -> dict[str, object]:
    return {
        "publisher": parts.part(reading, node, DCT.publisher, parts.agent),
        "creator": parts.parts(reading, node, DCT.creator, parts.agent),
        "contact_point": parts.parts(reading, node, DCAT.contactPoint, parts.contact)
        or parts.parts(reading, node, ADMS.contactPoint, parts.contact),
        "spatial": parts.parts(reading, node, DCT.spatial, parts.place),
        "temporal": parts.parts(reading, node, DCT.temporal, parts.period),
        "rights": parts.statement(reading, node, DCT.rights, DCT.RightsStatement),
        "provenance": parts.statement(reading, node, DCT.provenance, DCT.ProvenanceStatement),
        "spatial_resolution_in_meters": _number(reading, node, DCAT.spatialResolutionInMeters),
        "temporal_resolution": reads.word(reading, node, DCAT.temporalResolution),
    }


def _relations(reading: Reading, node: Node) -> dict[str, object]:
    described_by, described_by_type = _described_by(reading, node)
    pages = reads.addresses(reading, node, FOAF.page, FOAF.Document)
    return {
        "landing_page": reads.one_address(reading, node, DCAT.landingPage, FOAF.Document),
        "page": tuple(page for page in pages if page != described_by),
        "described_by": described_by,
        "described_by_type": described_by_type,
        "conforms_to": parts.standards_met(reading, node),
        "applicable_legislation": reads.addresses(reading, node, DCATAP.applicableLegislation, ELI.LegalResource),
        "relation": reads.addresses(reading, node, DCT.relation),
        "is_part_of": reads.one_address(reading, node, DCT.isPartOf),
        "in_series": tuple(made for value in _nodes(reading, node, DCAT.inSeries) if (made := _series(reading, value))),
    }


def _nodes(reading: Reading, node: Node, predicate: NamedNode) -> list[Node]:
    """The nodes a property leads to, used up."""
    found = [value for _, value in reading.values(node, predicate) if not isinstance(value, Literal)][:_MOST_PARTS]
    for value in found:
        reading.use(node, predicate, value)
    return found


def _described_by(reading: Reading, node: Node) -> tuple[str | None, str | None]:
    """The data dictionary and its media type."""
    where = reads.one_address(reading, node, WDRS.describedby, FOAF.Document)
    return where, _media_type(reading, NamedNode(where), DCT.format) if where else None


def _number(reading: Reading, node: Node, predicate: NamedNode) -> float | None:
    for _, value in reading.values(node, predicate):
        try:
            number = float(Decimal(value.value.strip())) if isinstance(value, Literal) else None
        except (InvalidOperation, ValueError, OverflowError):
            number = None
        if number is not None and abs(number) < 1e30:
            reading.use(node, predicate, value)
            return number
    return None


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


def _distributions(reading: Reading, node: Node, dataset: Dataset) -> tuple[Distribution, ...]:
    found = _nodes(reading, node, DCAT.distribution) or _nodes(reading, node, DCAT.distributions)
    return tuple(_distribution(reading, value, dataset, node) for value in dict.fromkeys(found))


def _distribution(reading: Reading, node: Node, dataset: Dataset, whole: Node) -> Distribution:
    download, access = _reach(reading, node, whole)
    media_type = _media_type(reading, node, DCAT.mediaType)
    described_by, described_by_type = _described_by(reading, node)
    pages = reads.addresses(reading, node, FOAF.page, FOAF.Document)
    made = Distribution(
        identifier=_own_identifier(reading, node),
        title=reads.words(reading, node, DCT.title),
        description=reads.words(reading, node, DCT.description),
        access_url=access,
        download_url=download,
        format=_format(reading, node, media_type),
        media_type=media_type,
        compress_format=_media_type(reading, node, DCAT.compressFormat),
        package_format=_media_type(reading, node, DCAT.packageFormat),
        byte_size=_size(reading, node),
        checksum=_checksum(reading, node),
        license=_licence(reading, node, dataset),
        rights=parts.statement(reading, node, DCT.rights, DCT.RightsStatement),
        issued=reads.date(reading, node, DCT.issued),
        modified=reads.date(reading, node, DCT.modified),
        language=parts.languages(reading, node),
        conforms_to=parts.standards_met(reading, node),
        page=tuple(page for page in pages if page != described_by),
        described_by=described_by,
        described_by_type=described_by_type,
        status=reads.code(reading, node, ADMS.status, "", SKOS.Concept),
        availability=reads.code(reading, node, DCATAP.availability, "", SKOS.Concept),
        access_service=tuple(_service(reading, each, dataset) for each in _nodes(reading, node, DCAT.accessService)),
    )
    _use_inherited(reading, node, dataset)
    reading.typed(node, DCAT.Distribution)
    reading.call(node, part_node("distribution", made.identifier, made.download_url or made.access_url))
    return made


def _reach(reading: Reading, node: Node, whole: Node) -> tuple[str | None, str | None]:
    """downloadURL and accessURL. An accessURL that is the downloadURL, or the dataset, stands there because a profile wants
    one: it says nothing more."""
    download = reads.one_address(reading, node, DCAT.downloadURL)
    access = None
    for predicate, value in reading.values(node, DCAT.accessURL):
        found = value.value if value == whole else reads.address(value)
        if found is None:
            continue
        reading.use(node, predicate, value)
        if found != download and value != whole:
            access = found
            break
    return download, access


def _own_identifier(reading: Reading, node: Node) -> str | None:
    """The address of a distribution or service, else what dct:identifier says."""
    where = reads.address(node)
    for predicate, value in reading.values(node, DCT.identifier):
        said = value.value.strip() if isinstance(value, Literal) else value.value
        if where in (None, said) and said:
            reading.use(node, predicate, value)
            return said
    return where


def _format(reading: Reading, node: Node, media_type: str | None) -> Coded | None:
    """dct:format (also said as a media type), else what the media type means."""
    for predicate, value in reading.values(node, DCT.format):
        made = reads.coded(reading, value, "format", DCT.MediaTypeOrExtent)
        if made:
            reading.use(node, predicate, value)
            return made
    found = vocabulary.format_of(None, media_type)[0] if media_type else None
    return vocabulary.coded("format", found.code) if found and found.scheme else None


def _media_type(reading: Reading, node: Node, predicate: NamedNode) -> str | None:
    """An IANA name, from its address, from a word, or from the label of a node."""
    for _, value in reading.values(node, predicate):
        said = value.value if isinstance(value, Literal | NamedNode) else None
        if not isinstance(value, Literal | NamedNode):
            said = reads.word(reading, value, *reads.LABELS)
        found = vocabulary.media_type_of(said)
        if found:
            reading.use(node, predicate, value)
            if not isinstance(value, Literal):
                reading.typed(value, DCT.MediaType)
            return found
    return None


def _size(reading: Reading, node: Node) -> int | None:
    number = _number(reading, node, DCAT.byteSize)
    return int(number) if number is not None and 0 <= number < 2**63 else None


def _checksum(reading: Reading, node: Node) -> Checksum | None:
    for predicate, value in reading.values(node, SPDX.checksum):
        if isinstance(value, Literal):
            continue
        said = reads.word(reading, value, SPDX.checksumValue)
        algorithms = [each for _, each in reading.values(value, SPDX.algorithm)]
        if not said or not algorithms:
            continue
        name = re.sub(r"[^a-z0-9]", "", re.split(r"[/#_]", algorithms[0].value)[-1].lower().removeprefix("checksumalgorithm"))
        made = Checksum(algorithm=name, value=said.lower())
        reading.use(node, predicate, value)
        reading.use(value, SPDX.algorithm, algorithms[0])
        reading.typed(value, SPDX.Checksum)
        if not isinstance(algorithms[0], Literal):
            reading.typed(algorithms[0], SPDX.ChecksumAlgorithm)
        reading.call(value, writes.named("checksum", made))
        return made
    return None


def _licence(reading: Reading, node: Node, dataset: Dataset) -> Coded | None:
    """A licence of its own; the dataset's holds where nothing else is said."""
    found = reads.code(reading, node, DCT.license, "licence", DCT.LicenseDocument)
    return None if found and dataset.license and _bare(found) == _bare(dataset.license) else found


def _bare(code: Coded) -> Coded:
    """The code without the word that the source used for it."""
    return msgspec.structs.replace(code, raw=None)


def _use_inherited(reading: Reading, node: Node, dataset: Dataset) -> None:
    """What holds for the dataset and is repeated for its parts (high-value datasets) is no news."""
    for value in reads.address_nodes(reading, node, DCATAP.applicableLegislation):
        if value.value in dataset.applicable_legislation:
            reading.use(node, DCATAP.applicableLegislation, value)
    for predicate, each in reading.values(node, DCATAP.hvdCategory):
        if isinstance(each, NamedNode) and any(category.uri == each.value for category in dataset.hvd_category):
            reading.use(node, predicate, each)


def _services(reading: Reading, node: Node, dataset: Dataset) -> tuple[DataService, ...]:
    """Services that say they serve this dataset."""
    found = []
    for each, predicate in reading.graph.pointing(node):
        if predicate == DCAT.servesDataset:
            reading.use(each, predicate, node)
            found.append(_service(reading, each, dataset))
    return tuple(found)


def _service(reading: Reading, node: Node, dataset: Dataset) -> DataService:
    known = reading.parts.get(("service", node))
    if isinstance(known, DataService):
        return known
    endpoints = reads.addresses(reading, node, DCAT.endpointURL)
    title = reads.words(reading, node, DCT.title)
    contacts = parts.parts(reading, node, DCAT.contactPoint, parts.contact)
    made = DataService(
        identifier=_own_identifier(reading, node),
        title={} if title == dataset.title or list(title.values()) == list(endpoints[:1]) else title,
        description=reads.words(reading, node, DCT.description),
        endpoint_url=endpoints,
        endpoint_description=reads.addresses(reading, node, DCAT.endpointDescription),
        conforms_to=parts.standards_met(reading, node),
        license=_licence(reading, node, dataset),
        access_rights=reads.code(reading, node, DCT.accessRights, "access-right", DCT.RightsStatement),
        contact_point=() if dataset.hvd_category and contacts == dataset.contact_point else contacts,
        publisher=parts.part(reading, node, DCT.publisher, parts.agent),
    )
    _use_inherited(reading, node, dataset)
    if dataset.hvd_category:
        shared = {*made.endpoint_description, *dataset.page, dataset.landing_page}
        for page in reads.address_nodes(reading, node, FOAF.page):
            if page.value in shared:
                reading.use(node, FOAF.page, page)
                reading.typed(page, FOAF.Document)
    reading.typed(node, DCAT.DataService)
    reading.call(node, part_node("service", made.identifier, next(iter(made.endpoint_url), None)))
    reading.parts["service", node] = made
    return made


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
