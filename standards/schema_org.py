"""Datasets described with schema.org, as JSON-LD or as the microdata of pages (`standards.html_pages`): https://schema.org/Dataset.

Two ways to write: `write` is for the head of a dataset's page, in the page's language, for search engines (`schema_org_page`);
the standard itself writes all languages and only what the dataset says (`schema_org_read.whole`).
"""

from standards.base import Standard
from standards.schema_org_check import RULES, check, repair
from standards.schema_org_page import LANGUAGES, LONGEST, SHORTEST, description, script, write
from standards.schema_org_read import read, recognises, whole

__all__ = [
    "FIELDS",
    "LANGUAGES",
    "LONGEST",
    "SHORTEST",
    "STANDARD",
    "check",
    "description",
    "read",
    "recognises",
    "repair",
    "script",
    "whole",
    "write",
]

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "identifier", "the first; without one `@id`, `url`, the name; further ones are `other_identifier`"),
    ("title", "name", "other languages as `@language` values"),
    ("description", "description", ""),
    ("publisher", "publisher", "also `provider`"),
    ("creator", "creator", "also `author`; of a `Role`, whom it is about"),
    ("contact_point", "maintainer", "also `contactPoint`"),
    ("keyword", "keywords", "one text is parted at commas"),
    ("theme", "about", ""),
    ("issued", "datePublished", ""),
    ("modified", "dateModified", ""),
    ("language", "inLanguage", ""),
    ("version", "version", ""),
    ("license", "license", ""),
    ("access_rights", "conditionsOfAccess", ""),
    ("rights", "usageInfo", ""),
    ("landing_page", "sameAs", "also `url`"),
    ("spatial.box", "spatialCoverage/geo/box", "a point is a box without extent"),
    ("spatial.name", "spatialCoverage/name", ""),
    ("temporal", "temporalCoverage", "ISO 8601 interval"),
    ("is_part_of", "isPartOf", "where it is an address"),
    ("information_item", "variableMeasured", "name, code (`identifier`), description, `valueType`"),
    ("distribution.download_url", "distribution/contentUrl", ""),
    ("distribution.access_url", "distribution/url", ""),
    ("distribution.media_type", "distribution/encodingFormat", "a word that is no media type is the format"),
    ("distribution.byte_size", "distribution/contentSize", "where it is a number of bytes"),
    ("distribution.checksum", "distribution/sha256", "SHA-256 and MD5 only"),
    ("extra", "*", "members without a name above"),
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
    name="schema_org",
    title={"en": "schema.org Dataset", "zh": "schema.org 数据集"},
    media_type="application/ld+json",
    version="30.0",
    recognises=recognises,
    read=read,
    write=whole,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    marks={
        "zh": "@context 指向 schema.org，@type 是 Dataset（或 DataFeed）",
        "en": "its `@context` is schema.org and its `@type` is Dataset (or DataFeed)",
    },
)
