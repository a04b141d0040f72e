"""CKAN's names of fields, and what they are called here: one table for `q`, `fq`, `facet.field` and `sort`."""

from search.facets import FACETS

FIELDS = {
    "owner_org": "organization",
    "tags": "keyword",
    "groups": "theme",
    "res_format": "format",
    "license_id": "licence",
    "license": "licence",
    "name": "name",
    "id": "id",
    "identifier": "identifier",
    "harvest_source_id": "source",
    "harvest_source_title": "source",
    "harvest_source_name": "source",
    "publisher_name": "publisher",
    **{name: name for name in FACETS},
}
"""CKAN's field (also as `extras_<field>`) → our filter. Our own names can be used as well."""

COUNTED = tuple(name for name, ours in FIELDS.items() if ours in FACETS)
"""Fields that `facet.field` may name."""

DATES = {"metadata_modified": "updated", "metadata_created": "created", "issued": "issued", "modified": "modified"}
ALWAYS = frozenset({"*", "name", "id", "state", "title", "type", "dataset_type", "metadata_modified", "metadata_created"})
"""Fields that every dataset has, so that `field:*` asks for nothing."""

SORTS = {
    "score": "relevance",
    "rank": "relevance",
    "relevance": "relevance",
    "metadata_modified": "updated",
    "metadata_created": "created",
    "title_string": "title",
    "title": "title",
    "name": "name",
    "id": "id",
    "modified": "modified",
    "issued": "issued",
    "size": "size",
    "quality": "quality",
    "views_recent": "use",
    "views_total": "use",
    "popularity": "use",
}
"""Fields to sort by → our orders."""

SINGLE = frozenset({"publisher", "frequency", "openness", "sharing", "source", "standard", "state", "name", "id", "identifier"})
"""Filters of which a dataset has one value at most."""

TEXTS = {"text": "", "title": "title", "notes": "description", "description": "description", "author": "publisher",
         "res_name": "resource", "res_description": "resource"}  # fmt: skip
"""Fields that are looked into by words → ours; empty is any."""

UNASKED = frozenset({"maintainer", "url", "res_url"})
STATES = {"active": "published", "draft": "withheld", "deleted": "retired"}
FIXED = {"type": "dataset", "dataset_type": "dataset", "entity_type": "package"}
VISIBLE = {"private": ("false", "true"), "capacity": ("public", "private")}
