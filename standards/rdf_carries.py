"""Which fields of the model RDF carries, and as which properties of DCAT.

`CARRIES` are the fields that come back when what was written is read again (property tests hold it).

Not among them: the columns and sharing between departments, for which DCAT has no property; the openness, which is written as
access rights; the word a source used for a code (`raw`); regions of language tags, which the EU table does not know.
"""

_AGENT = ("name", "identifier", "code", "kind", "homepage", "email", "phone", "parent")
_CONTACT = ("name", "email", "phone", "url", "organization")
_SERVICE = (
    "identifier", "title", "description", "endpoint_url", "endpoint_description", "conforms_to", "license", "access_rights",
    "contact_point", "publisher",
)  # fmt: skip
_DISTRIBUTION = (
    "identifier", "title", "description", "access_url", "download_url", "format", "media_type", "compress_format",
    "package_format", "byte_size", "checksum", "license", "rights", "issued", "modified", "language", "conforms_to", "page",
    "described_by", "described_by_type", "status", "availability", "access_service",
)  # fmt: skip
_DATASET = (
    "identifier", "title", "uri", "description", "keyword", "theme", "classification", "issued", "modified",
    "accrual_periodicity", "language", "access_rights", "rights", "license", "landing_page", "page", "provenance",
    "conforms_to", "described_by", "described_by_type", "version", "version_notes", "other_identifier", "is_part_of",
    "relation", "status", "spatial_resolution_in_meters", "temporal_resolution", "applicable_legislation", "hvd_category",
)  # fmt: skip

CARRIES = frozenset(
    (
        *_DATASET,
        *(f"publisher.{name}" for name in _AGENT),
        *(f"creator.{name}" for name in _AGENT),
        *(f"contact_point.{name}" for name in _CONTACT),
        *(f"spatial.{name}" for name in ("name", "uri", "box", "geometry")),
        *(f"temporal.{name}" for name in ("start", "end", "raw")),
        *(f"in_series.{name}" for name in ("identifier", "title", "description", "accrual_periodicity", "publisher")),
        *(f"distribution.{name}" for name in _DISTRIBUTION),
        *(f"service.{name}" for name in _SERVICE),
        "extra.rdf",
    )
)
"""What DCAT-AP carries; `extra.rdf` are the statements that reading found no field for."""
OF_DCAT_AP = frozenset(("applicable_legislation", "hvd_category", "distribution.availability"))
"""Fields whose properties are DCAT-AP's own, which plain DCAT has not."""

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "dct:identifier", "else the address of the dataset, else its title"),
    ("title", "dct:title", "the first in each language; further ones come back with what is kept"),
    ("description", "dct:description", ""),
    ("publisher", "dct:publisher", "foaf:Agent, also as words; `identifier` is its address"),
    ("creator", "dct:creator", ""),
    ("contact_point", "dcat:contactPoint", "vcard:Kind; also adms:contactPoint of 1.x, foaf:mbox, words"),
    ("keyword", "dcat:keyword", ""),
    ("theme", "dcat:theme", "looked up in the EU data themes"),
    ("classification", "dct:type", "with skos:notation and skos:inScheme where the code is of another list"),
    ("issued", "dct:issued", "with the precision it has: gYear, gYearMonth, date, dateTime"),
    ("modified", "dct:modified", ""),
    ("accrual_periodicity", "dct:accrualPeriodicity", "EU table, also Dublin Core frequencies and words"),
    ("language", "dct:language", "EU table as BCP 47 tags; regions are lost"),
    ("spatial.name", "dct:spatial/skos:prefLabel", "also rdfs:label, locn:geographicName"),
    ("spatial.uri", "dct:spatial", "the address of the place"),
    ("spatial.box", "dct:spatial/dcat:bbox", "WKT, GML, GeoJSON; beyond 180° east it crosses the date line"),
    ("spatial.geometry", "dct:spatial/locn:geometry", "as a literal, or in gsp:asGeoJSON, gsp:asWKT, gsp:asGML"),
    ("temporal.start", "dct:temporal/dcat:startDate", "also schema:startDate, time:hasBeginning"),
    ("temporal.end", "dct:temporal/dcat:endDate", "also schema:endDate, time:hasEnd"),
    ("access_rights", "dct:accessRights", "where it is empty, written from the openness"),
    ("rights", "dct:rights", "the words of the statement, or its address"),
    ("license", "dct:license", "of the dataset; it holds for distributions without one of their own"),
    ("landing_page", "dcat:landingPage", "the first"),
    ("page", "foaf:page", ""),
    ("provenance", "dct:provenance", ""),
    ("conforms_to", "dct:conformsTo", "addresses, else titles"),
    ("described_by", "wdrs:describedby", "and foaf:page, for who does not know POWDER"),
    ("described_by_type", "wdrs:describedby/dct:format", ""),
    ("version", "dcat:version", "also adms:version, owl:versionInfo"),
    ("version_notes", "adms:versionNotes", ""),
    ("other_identifier", "adms:identifier/skos:notation", ""),
    ("is_part_of", "dct:isPartOf", ""),
    ("in_series", "dcat:inSeries", "title, description, frequency and publisher of the series"),
    ("relation", "dct:relation", ""),
    ("status", "adms:status", ""),
    ("spatial_resolution_in_meters", "dcat:spatialResolutionInMeters", "the first"),
    ("temporal_resolution", "dcat:temporalResolution", ""),
    ("applicable_legislation", "dcatap:applicableLegislation", "repeated for the distributions of a high-value dataset"),
    ("hvd_category", "dcatap:hvdCategory", ""),
    ("distribution.identifier", "dcat:distribution", "its address, else dct:identifier"),
    ("distribution.access_url", "dcat:accessURL", "one that is the downloadURL says nothing more and is left out"),
    ("distribution.download_url", "dcat:downloadURL", ""),
    ("distribution.format", "dct:format", "else what the media type means"),
    ("distribution.media_type", "dcat:mediaType", "IANA address, or its name as words"),
    ("distribution.byte_size", "dcat:byteSize", "also as another number"),
    ("distribution.checksum", "spdx:checksum", ""),
    ("distribution.availability", "dcatap:availability", ""),
    ("distribution.access_service", "dcat:accessService", ""),
    ("service", "dcat:servesDataset (inverse)", "a dcat:DataService that says it serves the dataset"),
    ("service.endpoint_url", "dcat:endpointURL", ""),
    ("service.endpoint_description", "dcat:endpointDescription", ""),
    ("extra", "all other triples", "as N-Triples under `rdf`; written again in every RDF standard"),
)
"""Our field, the property, a note."""
