"""The fields of the model that come back when what was written as RDF is read again (property tests hold it).

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
    "identifier", "title", "uri", "description", "publisher", "creator", "contact_point", "keyword", "theme", "classification",
    "issued", "modified", "accrual_periodicity", "language", "spatial", "temporal", "access_rights", "rights", "license",
    "landing_page", "page", "provenance", "conforms_to", "described_by", "described_by_type", "version", "version_notes",
    "other_identifier", "is_part_of", "in_series", "relation", "status", "spatial_resolution_in_meters", "temporal_resolution",
    "applicable_legislation", "hvd_category", "distribution", "service",
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
    )
)
"""What DCAT-AP carries."""
OF_DCAT_AP = frozenset(("applicable_legislation", "hvd_category", "distribution.availability"))
"""Fields whose properties are DCAT-AP's own, which plain DCAT has not."""
