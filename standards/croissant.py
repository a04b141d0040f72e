"""Croissant, the description of datasets for machine learning: JSON-LD of schema.org with files, record sets and fields.

Versions 0.8, 1.0 and 1.1 are read, 1.1 is written: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.
Reading in `croissant_read`, writing in `croissant_write`, rules in `croissant_check`, repairs in `croissant_repair`;
schema.org's own terms in `schema_terms`.
"""

from standards.base import Standard
from standards.croissant_check import RULES, check
from standards.croissant_read import read, recognises
from standards.croissant_repair import repair
from standards.croissant_write import write

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises", "repair", "write"]

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "identifier", "without one `@id`, `url`, the name"),
    ("title", "name", "other languages as `@language` values"),
    ("description", "description", ""),
    ("landing_page", "url", "also `sameAs`"),
    ("license", "license", ""),
    ("publisher", "publisher", ""),
    ("creator", "creator", ""),
    ("contact_point", "maintainer", ""),
    ("keyword", "keywords", ""),
    ("theme", "about", ""),
    ("issued", "datePublished", ""),
    ("modified", "dateModified", ""),
    ("language", "inLanguage", ""),
    ("version", "version", ""),
    ("access_rights", "conditionsOfAccess", ""),
    ("rights", "usageInfo", ""),
    ("spatial", "spatialCoverage", ""),
    ("temporal", "temporalCoverage", ""),
    ("distribution.identifier", "distribution/@id", ""),
    ("distribution.download_url", "distribution/contentUrl", "a path inside another file stays in `extra`"),
    ("distribution.access_url", "distribution/url", ""),
    ("distribution.media_type", "distribution/encodingFormat", ""),
    ("distribution.byte_size", "distribution/contentSize", "where it is a number of bytes"),
    ("distribution.checksum", "distribution/sha256", "SHA-256 and MD5 only"),
    ("information_item.name", "recordSet/field/name", ""),
    ("information_item.code", "recordSet/field/@id", "without what stands before the last `/`, where that is its record set"),
    ("information_item.data_type", "recordSet/field/dataType", "written as a type of schema.org"),
    ("information_item.description", "recordSet/field/description", ""),
    ("information_item.key", "recordSet/key", ""),
    ("information_item.extra", "recordSet/field/*", "source, references, repeated …; `recordSet` names the set"),
    ("extra", "*", "record sets without their fields, `citeAs`, `rai:…` and other members"),
)
CARRIES = frozenset(
    (
        "identifier",
        "title",
        "description",
        "publisher.name",
        "publisher.code",
        "publisher.email",
        "publisher.homepage",
        "publisher.phone",
        "creator.name",
        "creator.email",
        "creator.homepage",
        "creator.phone",
        "contact_point.name",
        "contact_point.email",
        "contact_point.phone",
        "contact_point.url",
        "keyword",
        "theme",
        "issued",
        "modified",
        "language",
        "version",
        "license",
        "access_rights",
        "rights",
        "landing_page",
        "temporal",
        "other_identifier",
        "information_item.name",
        "information_item.code",
        "information_item.description",
        "information_item.key",
        "distribution.identifier",
        "distribution.title",
        "distribution.description",
        "distribution.download_url",
        "distribution.access_url",
        "distribution.format",
        "distribution.media_type",
        "distribution.byte_size",
        "distribution.license",
        "distribution.issued",
        "distribution.modified",
        "distribution.language",
        "extra",
    )
)

STANDARD = Standard(
    name="croissant",
    title={"zh": "Croissant 机器学习数据集", "en": "Croissant (datasets for machine learning)"},
    media_type="application/ld+json",
    version="1.1",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    marks={
        "zh": "@type 是 Dataset，conformsTo 指向 mlcommons.org/croissant，或者有 cr:、ml: 的 recordSet",
        "en": "its `@type` is Dataset and `conformsTo` names mlcommons.org/croissant, or its context has Croissant's terms",
    },
)
