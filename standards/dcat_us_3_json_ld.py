"""DCAT-US 3.0 as JSON-LD whose triples are DCAT: the JSON that `write` gives, with a context inside and typed values.

GSA publishes classes and properties (https://resources.data.gov/resources/dcat-us3/) but no context for its JSON of 2026; this
one is ours. Values that JSON writes as text become what DCAT has: dates typed by their precision (W3C DCAT 3 §6.4), addresses
and mail addresses as IRIs, languages and media types as the addresses of ISO 639-1 (Library of Congress) and IANA, geometries
as GeoSPARQL literals, bare words for a theme as concepts. Nothing is fetched to read it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from standards.dcat_us_3_schema import Field, class_of, classes
from standards.dcat_us_3_values import Json, is_iri

_NAMESPACES = {
    "adms": "http://www.w3.org/ns/adms#", "cnt": "http://www.w3.org/2011/content#", "dcat": "http://www.w3.org/ns/dcat#",
    "dcat-us": "http://resources.data.gov/ontology/dcat-us#", "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#", "foaf": "http://xmlns.com/foaf/0.1/", "geo": "http://www.opengis.net/ont/geosparql#",
    "locn": "http://www.w3.org/ns/locn#", "org": "http://www.w3.org/ns/org#", "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "schema": "http://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#", "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#", "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
_CLASSES = {
    "adms": "Identifier", "dcat": "Catalog CatalogRecord Dataset DatasetSeries DataService Distribution Relationship",
    "dcat-us": "AccessRestriction CUIRestriction UseRestriction", "dcterms": "Location PeriodOfTime Standard",
    "dqv": "Metric QualityMeasurement", "foaf": "Agent Document", "org": "Organization", "prov": "Activity Attribution",
    "skos": "Concept ConceptScheme", "spdx": "Checksum", "vcard": "Address Kind",
}  # fmt: skip
_PROPERTIES = {
    "adms": "representationTechnique sample schemaAgency status versionNotes",
    "cnt": "characterEncoding",
    "dcat": "accessService accessURL bbox byteSize catalog centroid compressFormat contactPoint dataset distribution "
    "downloadURL endDate endpointDescription endpointURL first hadRole hasCurrentVersion hasVersion inSeries "
    "keyword landingPage last mediaType packageFormat previousVersion qualifiedRelation record seriesMember "
    "servesDataset service spatialResolutionInMeters startDate temporalResolution theme themeTaxonomy version",
    "dcat-us": "accessRestriction cuiBannerMarking cuiRestriction describedBy designationIndicator liabilityStatement "
    "metadataDistribution purpose requiredIndicatorPerAuthority restrictionNote restrictionStatus "
    "specificRestriction supportedSchema useRestriction",
    "dcterms": "abstract accessRights accrualPeriodicity bibliographicCitation conformsTo contributor created creator "
    "description format hasPart identifier isReferencedBy issued language license modified provenance "
    "publisher relation replaces rights rightsHolder source spatial subject temporal title",
    "dqv": "expectedDataType hasQualityMeasurement inDimension isMeasurementOf value",
    "foaf": "homepage name page primaryTopic",
    "locn": "geometry",
    "org": "subOrganizationOf",
    "prov": "agent qualifiedAttribution wasAttributedTo wasGeneratedBy wasUsedBy",
    "rdfs": "label",
    "schema": "image",
    "sdmx-attribute": "unitMeasure",
    "skos": "altLabel definition inScheme notation prefLabel scopeNote",
    "spdx": "algorithm checksum checksumValue",
    "vcard": "address country-name family-name fn given-name hasEmail locality organization-name postal-code region "
    "street-address tel",
}  # fmt: skip
CONTEXT: Json = {
    "@version": 1.1,
    **_NAMESPACES,
    **{
        name: f"{prefix}:{name}"
        for group in (_CLASSES, _PROPERTIES)
        for prefix, names in group.items()
        for name in names.split()
    },
    "availability": "http://data.europa.eu/r5r/availability",
    "category": "dcterms:type",
    "corporateCreator": "dcterms:creator",
    "otherIdentifier": "adms:identifier",
    "Kind": {"@id": "vcard:Kind", "@context": {"title": "vcard:title"}},
}
_WEB = {"mediaType": "https://www.iana.org/assignments/media-types/", "language": "http://id.loc.gov/vocabulary/iso639-1/"}
_WEB |= dict.fromkeys(("compressFormat", "packageFormat"), _WEB["mediaType"])
_TYPED = {
    "byteSize": "xsd:nonNegativeInteger",
    "spatialResolutionInMeters": "xsd:decimal",
    "temporalResolution": "xsd:duration",
}
_PRECISIONS = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
_NAMING = {
    "Dataset": ("@id", "identifier"),
    "Document": ("accessURL", "downloadURL", "@id"),  # in DCAT a page is what is at its address
    "Standard": ("@id", "identifier"),
}
_GEOMETRIES = ("bbox", "point", "shape")
_DEEPEST = 20


def document(bodies: Iterable[Json]) -> Iterator[bytes]:
    """A JSON-LD catalogue of objects that `write` gave, in pieces."""
    yield b'{"@context":' + orjson.dumps(CONTEXT) + b',"@type":"Catalog","dataset":['
    separator = b"\n"
    for body in bodies:
        yield separator + orjson.dumps(linked(body))
        separator = b",\n"
    yield b"\n]}\n"


def linked(body: Json) -> Json:
    """The object with typed values, for `CONTEXT`; what is not in the context says nothing in RDF."""
    return _object(body, class_of(body), 0)


def _object(body: Json, name: str, depth: int) -> Json:
    fields = classes()[name]
    found: Json = {"@type": body.get("@type") or name}
    address = next((body[each] for each in _NAMING.get(name, ("@id",)) if is_iri(body.get(each))), None)
    if address:
        found["@id"] = address
    for field, value in body.items():
        if not field.startswith("@") and value is not None:
            line = fields.get(field)
            found[field] = _values(field, value, line, depth) if line else value
    return found


def _values(field: str, value: Any, line: Field, depth: int) -> Any:
    if isinstance(value, list):
        return [_one(field, each, line, depth) for each in value]
    return _one(field, value, line, depth)


def _one(field: str, value: Any, line: Field, depth: int) -> Any:
    if isinstance(value, dict):
        if line.kind in _GEOMETRIES:
            return {"@value": orjson.dumps(value).decode(), "@type": "geo:geoJSONLiteral"}
        return _object(value, line.kind, depth + 1) if line.kind in classes() and depth < _DEEPEST else value
    if not isinstance(value, str):
        return value
    if line.kind in _GEOMETRIES:
        return {"@value": value, "@type": "geo:wktLiteral"}
    if line.kind == "date":
        return {"@value": value, "@type": _PRECISIONS.get(len(value), "xsd:dateTime")}
    if line.kind == "Concept":
        return {"@id": value} if is_iri(value) else {"@type": "Concept", "prefLabel": value}
    if field == "otherIdentifier":
        return {"@type": "Identifier", "notation": value}
    return _word(field, value, line)


def _word(field: str, value: str, line: Field) -> Any:
    """A word: an address where it is one (but for text about the data), else a literal of the property's type."""
    if field in _WEB and not is_iri(value):
        return {"@id": _WEB[field] + value}
    if line.kind in ("iri", "mail") or (
        field in ("license", "accessRights", "accrualPeriodicity", "relation", "primaryTopic") and is_iri(value)
    ):
        return {"@id": value} if is_iri(value) else value
    return {"@value": value, "@type": _TYPED[field]} if field in _TYPED else value
