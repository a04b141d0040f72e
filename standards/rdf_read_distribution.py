"""Reading dcat:Distribution and dcat:DataService.

W3C DCAT 3 §6.8, §6.9; DCAT-AP 3.0.1, Distribution and Data Service. What our writer fills in where a profile insists is not
taken for the publisher's: an access URL that is the download or the dataset, a licence that is the dataset's, a service
called by its address.
"""

import re
from decimal import Decimal, InvalidOperation

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode

from metadata import vocabulary
from metadata.model import Checksum, Coded, DataService, Dataset, Distribution
from standards import rdf
from standards import rdf_read_parts as parts
from standards import rdf_reading as reads
from standards import rdf_write_parts as writes
from standards.rdf import ADMS, DCAT, DCATAP, DCT, FOAF, SKOS, SPDX, WDRS, Node
from standards.rdf_reading import Reading
from standards.rdf_write import distribution_names, part_node

_MOST_PARTS = 100_000


def nodes(reading: Reading, node: Node, predicate: NamedNode) -> list[Node]:
    """The nodes a property leads to, used up."""
    found = [value for _, value in reading.values(node, predicate) if not isinstance(value, Literal)][:_MOST_PARTS]
    for value in found:
        reading.use(node, predicate, value)
    return found


def described_by(reading: Reading, node: Node) -> tuple[str | None, str | None]:
    """The data dictionary and its media type."""
    where = reads.one_address(reading, node, WDRS.describedby, FOAF.Document)
    return where, _media_type(reading, NamedNode(where), DCT.format) if where else None


def number(reading: Reading, node: Node, predicate: NamedNode) -> float | None:
    """The first value that is a finite number."""
    for _, value in reading.values(node, predicate):
        try:
            found = float(Decimal(value.value.strip())) if isinstance(value, Literal) else None
        except (InvalidOperation, ValueError, OverflowError):
            found = None
        if found is not None and abs(found) < 1e30:
            reading.use(node, predicate, value)
            return found
    return None


def distributions(reading: Reading, node: Node, dataset: Dataset) -> tuple[Distribution, ...]:
    """The distributions of a dataset, of which the rest is known."""
    found = nodes(reading, node, DCAT.distribution) or nodes(reading, node, DCAT.distributions)
    ways = {value: _distribution(reading, value, dataset, node) for value in found}
    for (value, way), name in zip(ways.items(), distribution_names(ways.values()), strict=True):
        reading.call(value, rdf.iri(way.identifier) or BlankNode(name))
    return tuple(ways.values())


def _distribution(reading: Reading, node: Node, dataset: Dataset, whole: Node) -> Distribution:
    download, access = _reach(reading, node, whole)
    media_type = _media_type(reading, node, DCAT.mediaType)
    dictionary, dictionary_type = described_by(reading, node)
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
        page=tuple(page for page in pages if page != dictionary),
        described_by=dictionary,
        described_by_type=dictionary_type,
        status=reads.code(reading, node, ADMS.status, "", SKOS.Concept),
        availability=reads.code(reading, node, DCATAP.availability, "", SKOS.Concept),
        access_service=tuple(_service(reading, each, dataset) for each in nodes(reading, node, DCAT.accessService)),
    )
    _use_inherited(reading, node, dataset)
    reading.typed(node, DCAT.Distribution)
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
    size = number(reading, node, DCAT.byteSize)
    return int(size) if size is not None and 0 <= size < 2**63 else None


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


def services(reading: Reading, node: Node, dataset: Dataset) -> tuple[DataService, ...]:
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
        title={} if list(title.values()) == list(endpoints[:1]) else title,
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
