"""CKAN's names of fields, and what they are called here: for `q`, `fq` and `sort`."""

FIELDS = {
    "organization": "organization",
    "owner_org": "organization",
    "tags": "keyword",
    "keyword": "keyword",
    "groups": "theme",
    "theme": "theme",
    "res_format": "format",
    "format": "format",
    "license_id": "licence",
    "license": "licence",
    "licence": "licence",
    "name": "name",
    "id": "id",
    "identifier": "identifier",
    "harvest_source_id": "source",
    "harvest_source_title": "source",
    "harvest_source_name": "source",
    "source": "source",
    "publisher": "publisher",
    "publisher_name": "publisher",
    "frequency": "frequency",
    "language": "language",
    "openness": "openness",
    "sharing": "sharing",
    "standard": "standard",
    "state": "state",
}
"""CKAN's field (also as `extras_<field>`) → our filter."""

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
}
DESCENDING = frozenset({"relevance", "updated", "created"})  # the natural direction of an order (search.order)
EVEN = frozenset({"views_recent", "views_total", "popularity"})  # not counted here, so equal for all
SINGLE = frozenset(
    {"organization", "publisher", "frequency", "openness", "sharing", "source", "standard", "state", "name", "id", "identifier"}
)
FACETS = frozenset(
    {"organization", "publisher", "theme", "keyword", "format", "licence", "frequency", "language", "source", "standard"}
)
TEXTS = frozenset({"title", "notes", "author", "maintainer", "url", "res_name", "res_description", "res_url", "description"})
STATES = {"active": "published", "draft": "withheld", "deleted": "retired"}
FIXED = {"type": "dataset", "dataset_type": "dataset", "entity_type": "package"}
VISIBLE = {"private": ("false", "true"), "capacity": ("public", "private")}
