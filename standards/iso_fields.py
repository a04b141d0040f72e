"""What is read from where in ISO 19115 records, and what comes back: shared by both editions."""

Line = tuple[str, str, str]

_BOTH: tuple[Line, ...] = (
    ("title", "identificationInfo/*/citation/CI_Citation/title", "all languages of PT_FreeText"),
    ("description", "identificationInfo/*/abstract", ""),
    (
        "publisher",
        "identificationInfo/*/pointOfContact",
        "role publisher, else owner, resourceProvider, custodian, distributor",
    ),
    ("creator", "identificationInfo/*/pointOfContact", "roles author, originator, principalInvestigator, coAuthor"),
    (
        "contact_point",
        "identificationInfo/*/pointOfContact",
        "all other roles (kept in `extra`); else the contact of the record",
    ),
    ("keyword", "descriptiveKeywords/MD_Keywords/keyword", "thesaurus names stay in `extra.thesaurusName`"),
    ("theme", "topicCategory; keywords of the EU's data themes", "a topic category becomes the EU theme it lies in"),
    ("issued", "citation/CI_Citation/date", "of type publication or released; other types in `extra.dates`"),
    ("modified", "citation/CI_Citation/date", "of type revision, lastRevision or lastUpdate"),
    ("accrual_periodicity", "resourceMaintenance/*/maintenanceAndUpdateFrequency", ""),
    ("spatial.box", "extent/*/geographicElement/EX_GeographicBoundingBox", "west may lie east of east (180th meridian)"),
    ("spatial.geometry", "extent/*/geographicElement/EX_BoundingPolygon", "polygons and points; the box around them"),
    ("spatial.name", "extent/*/description; EX_GeographicDescription", ""),
    ("spatial.uri", "EX_GeographicDescription/geographicIdentifier (Anchor)", ""),
    ("temporal", "extent/*/temporalElement/*/extent/TimePeriod", "an indeterminate end is open"),
    ("access_rights", "resourceConstraints", "lists of INSPIRE and the EU, restriction and classification codes"),
    (
        "license",
        "resourceConstraints/*/otherConstraints, useLimitation",
        "by address or name; unknown ones beside the code license",
    ),
    ("rights", "resourceConstraints/*/useLimitation, otherConstraints", "what is neither licence nor access rights"),
    ("conforms_to", "referenceSystemInfo; DQ_ConformanceResult with pass", "reference systems first"),
    ("version", "citation/CI_Citation/edition", ""),
    ("other_identifier", "citation/CI_Citation/identifier", "with its code space"),
    ("status", "status/MD_ProgressCode", ""),
    ("spatial_resolution_in_meters", "spatialResolution/*/distance", "scales stay in `extra.equivalentScale`"),
    ("page", "distributionInfo//onLine", "function information"),
    ("distribution", "distributionInfo//onLine", "function download is a file; else its protocol and extension tell"),
    ("distribution.byte_size", "transferOptions/*/transferSize", "in megabytes, where the option has one link"),
    ("service", "identificationInfo/SV_ServiceIdentification", "operations and links of services"),
    ("information_item", "contentInfo", "attributes of an embedded feature catalogue, dimensions of coverages; not written"),
    ("extra", "all else", "by its name; elements that are not understood as XML, up to 64 kB"),
)
_OLD: tuple[Line, ...] = (
    ("identifier", "fileIdentifier", "else that of the citation, else the title"),
    ("language", "identificationInfo/*/language", ""),
    ("landing_page", "dataSetURI", ""),
    ("provenance", "dataQualityInfo/*/lineage/*/statement", ""),
    ("is_part_of", "parentIdentifier", ""),
    ("in_series", "aggregationInfo", "larger works and seamless databases"),
    ("relation", "aggregationInfo", "other associations"),
    ("distribution.format", "distributor/*/distributorFormat, distributionFormat", "the shared one only where it is one"),
)
_NEW: tuple[Line, ...] = (
    ("identifier", "metadataIdentifier/*/code", "else that of the citation, else the title"),
    ("language", "identificationInfo/*/defaultLocale, otherLocale", ""),
    ("landing_page", "citation/CI_Citation/onlineResource", ""),
    ("provenance", "resourceLineage/*/statement", ""),
    ("is_part_of", "parentMetadata/*/identifier", ""),
    ("in_series", "associatedResource", "larger works, series and seamless databases"),
    ("relation", "associatedResource", "other associations"),
    ("temporal_resolution", "temporalResolution/TM_PeriodDuration", ""),
    ("distribution.format", "MD_DigitalTransferOptions/distributionFormat", "the shared one only where it is one"),
)
OLD, NEW = _OLD + _BOTH, _NEW + _BOTH
_AGENT = ("name", "identifier", "homepage", "email", "phone")
CARRIES = frozenset(
    (
        "identifier", "title", "description", "keyword", "theme", "issued", "modified", "accrual_periodicity", "language",
        "spatial.name", "spatial.uri", "spatial.box", "spatial.geometry", "temporal.start", "temporal.end", "temporal.raw",
        "access_rights", "rights", "license", "landing_page", "page", "provenance", "conforms_to", "version",
        "other_identifier",
        "is_part_of", "relation", "in_series.identifier", "in_series.title", "status", "spatial_resolution_in_meters",
        "distribution.title", "distribution.description", "distribution.access_url", "distribution.download_url",
        "distribution.format", "distribution.media_type", "distribution.byte_size", "service.identifier", "service.title",
        "service.description", "service.endpoint_url", "service.endpoint_description",
        *(f"publisher.{name}" for name in _AGENT),
        *(f"creator.{name}" for name in _AGENT),
        *(f"contact_point.{name}" for name in ("name", "organization", "email", "phone", "url")),
    )
)  # fmt: skip
"""Fields that come back (ISO 19115-3 also the temporal resolution)."""
