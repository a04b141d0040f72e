"""CKAN package dicts, as `package_show` and `package_search` of the Action API give them (CKAN 2.12).

Reading in `ckan_read`, writing in `ckan_write`, CKAN's own rules in `ckan_check`; resources, parties, places and the
taking apart of members beside them. Sources: docs.ckan.org ("Action API reference") and the mapping of ckanext-dcat.
"""

from typing import Any

from standards.base import Standard
from standards.ckan_check import RULES, check
from standards.ckan_fields import package_of
from standards.ckan_read import read
from standards.ckan_repair import repair
from standards.ckan_write import write
from standards.mapping import Field

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises", "repair", "write"]

FIELDS = (
    Field("identifier", "id, identifier", "the catalogue's `id`, else the extra, else the name"),
    Field("title", "title, title_translated", "one language without a tag: `und`, or `zh` by its script"),
    Field("description", "notes, notes_translated", "one language without a tag: `und`, or `zh` by its script"),
    Field("publisher.name", "publisher, publisher_name", "else the organization that owns the package"),
    Field("publisher.identifier", "publisher_identifier, publisher_uri"),
    Field("publisher.code", "publisher_identifier", "a 统一社会信用代码, where there is no other identifier"),
    Field("publisher.kind", "publisher_type", "its address or word"),
    Field("publisher.homepage", "publisher_url"),
    Field("publisher.email", "publisher_email"),
    Field("publisher.parent", "publisher_hierarchy", "names, the highest first"),
    Field("creator.name", "creator, author"),
    Field("creator.email", "creator_email, author_email"),
    Field("contact_point.name", "contact, contact_name, maintainer"),
    Field("contact_point.email", "contact_email, maintainer_email", "without `mailto:`"),
    Field("contact_point.phone", "contact/phone"),
    Field("contact_point.url", "contact/url"),
    Field("contact_point.organization", "contact/organization", "one language"),
    Field("keyword", "tags, tags_translated"),
    Field("theme", "groups, theme", "EU themes and own words as groups"),
    Field("classification", "classification", "our own JSON in an extra"),
    Field("issued", "issued, metadata_created"),
    Field("modified", "modified, metadata_modified"),
    Field("accrual_periodicity", "frequency", "the EU address where it is known, else the word"),
    Field("language", "language"),
    Field("spatial.name", "spatial_text, spatial_coverage/text"),
    Field("spatial.uri", "spatial_uri, spatial_coverage/uri"),
    Field("spatial.box", "spatial, spatial_bbox, spatial_coverage/bbox"),
    Field("spatial.geometry", "spatial, spatial_coverage/geom", "a box alone is written as a polygon, and read as both"),
    Field("temporal.start", "temporal_start, temporal_coverage/start"),
    Field("temporal.end", "temporal_end, temporal_coverage/end"),
    Field("access_rights", "access_rights, private", "the EU address where it is known, else the word"),
    Field("rights", "rights"),
    Field("license", "license_id, license_url, license_title"),
    Field("landing_page", "url"),
    Field("page", "documentation"),
    Field("provenance", "provenance"),
    Field("conforms_to", "conforms_to"),
    Field("described_by", "described_by"),
    Field("described_by_type", "described_by_type"),
    Field("version", "version"),
    Field("version_notes", "version_notes"),
    Field("other_identifier", "alternate_identifier, guid"),
    Field("is_part_of", "is_part_of"),
    Field("in_series", "in_series", "our own JSON in an extra"),
    Field("relation", "related_resource"),
    Field("status", "status", "our own JSON in an extra"),
    Field("spatial_resolution_in_meters", "spatial_resolution_in_meters"),
    Field("temporal_resolution", "temporal_resolution"),
    Field("applicable_legislation", "applicable_legislation"),
    Field("hvd_category", "hvd_category", "our own JSON in an extra"),
    Field("distribution.title", "resources/name, name_translated"),
    Field("distribution.description", "resources/description"),
    Field("distribution.access_url", "resources/access_url, url", "`url` where the format is a page or a service"),
    Field("distribution.download_url", "resources/download_url, url", "`url` where the format is a file"),
    Field("distribution.format", "resources/format"),
    Field("distribution.media_type", "resources/mimetype"),
    Field("distribution.compress_format", "resources/compress_format"),
    Field("distribution.package_format", "resources/package_format"),
    Field("distribution.byte_size", "resources/size"),
    Field("distribution.checksum", "resources/hash, hash_algorithm"),
    Field("distribution.license", "resources/license"),
    Field("distribution.rights", "resources/rights"),
    Field("distribution.issued", "resources/issued, created"),
    Field("distribution.modified", "resources/modified, last_modified"),
    Field("distribution.language", "resources/language"),
    Field("distribution.conforms_to", "resources/conforms_to"),
    Field("distribution.page", "resources/documentation"),
    Field("distribution.described_by", "resources/described_by"),
    Field("distribution.described_by_type", "resources/described_by_type"),
    Field("distribution.status", "resources/status", "its address or word"),
    Field("distribution.availability", "resources/availability", "its address or word"),
    Field("distribution.access_service", "resources/access_services"),
    Field("service", "service", "our own list in an extra"),
    Field("information_item", "information_item", "our own JSON in an extra"),
    Field("sharing", "sharing", "our own JSON in an extra"),
    Field("openness", "openness", "our own JSON in an extra, where access rights and licence do not tell it"),
    Field("extra", "any other member or extra"),
)
CARRIES = frozenset(
    (
        *(line.model for line in FIELDS if line.model != "openness"),
        *(f"{part}.extra" for part in ("contact_point", "distribution")),
    )
)

# One of these beside `name` or `title`: no other standard we read spells them so.
_TELLING = ("resources", "num_resources", "owner_org", "license_id", "metadata_modified", "notes", "extras")


def recognises(body: Any) -> bool:
    """Whether it looks like a package dict, also inside a DKAN list or an answer's envelope."""
    if isinstance(body, bytes) or (isinstance(body, list) and not (len(body) == 1 and isinstance(body[0], dict))):
        return False
    package = package_of(body)
    if not isinstance(package, dict) or "@context" in package or "@type" in package or "distribution" in package:
        return False
    named = any(name in package for name in ("name", "title", "title_translated"))
    return named and any(name in package for name in _TELLING) and "profile" not in package


STANDARD = Standard(
    name="ckan",
    title={"zh": "CKAN 数据集", "en": "CKAN package"},
    media_type="application/json",
    version="2.12",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    marks={
        "zh": "有 name 或 title，以及 resources、owner_org、license_id、metadata_modified、notes、extras 之一",
        "en": "A name or title, with resources, owner_org, license_id, metadata_modified, notes or extras",
    },
)
