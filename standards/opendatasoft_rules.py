"""The rules about entries of Opendatasoft's catalogues, and the table of their fields. Source: Explore API reference 2.1."""

from standards import cross_field
from standards.needs import Need, no_object, rules

_LINK = "https://help.opendatasoft.com/apis/ods-explore-v2/"

_META = "Explore API 2.1, metas.default."


def _paths(name: str) -> tuple[tuple[str, ...], ...]:
    return (("metas", "default", name), ("metas", name), ("dataset", "metas", "default", name))


NEEDS: tuple[Need, ...] = (
    Need("title", "error", _paths("title"), "标题", "title", f"{_META}title", _LINK),
    Need("description", "warning", _paths("description"), "说明", "description", f"{_META}description", _LINK),
    Need("publisher", "warning", _paths("publisher"), "发布机构", "publisher", f"{_META}publisher", _LINK),
    Need("license", "warning", (*_paths("license"), *_paths("license_url")), "许可协议", "licence", f"{_META}license", _LINK),
    Need("theme", "info", _paths("theme"), "主题", "theme", f"{_META}theme", _LINK),
    Need("keyword", "info", _paths("keyword"), "关键词", "keyword", f"{_META}keyword", _LINK),
)

OBJECT = no_object(
    "opendatasoft", " Opendatasoft 目录条目", "entry of an Opendatasoft catalogue", "Explore API 2.1, Dataset", _LINK
)

RULES = {
    **rules("opendatasoft", NEEDS),
    **cross_field.rules("opendatasoft", {"dates", "future", "temporal", "spatial"}),
    OBJECT.id: OBJECT,
}

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "dataset_id", "datasetid in version 1"),
    ("other_identifier", "dataset_uid", ""),
    ("title", "metas.default.title", ""),
    ("description", "metas.default.description", ""),
    ("publisher.name", "metas.default.publisher", ""),
    ("creator.name", "metas.dcat.creator", ""),
    ("contact_point", "metas.dcat.contact_name, contact_email", ""),
    ("keyword", "metas.default.keyword", ""),
    ("theme", "metas.default.theme", ""),
    ("issued", "metas.dcat.issued", "else metas.dcat.created"),
    ("modified", "metas.default.modified", "else data_processed, metadata_processed"),
    ("accrual_periodicity", "metas.dcat.accrualperiodicity", "else metas.default.update_frequency"),
    ("language", "metas.default.language", ""),
    ("spatial", "metas.default.territory, metas.dcat.spatial, metas.default.bbox", "the box comes from GeoJSON"),
    ("temporal", "metas.dcat.temporal_coverage_start, temporal_coverage_end", "or the words of metas.dcat.temporal"),
    ("license", "metas.default.license, license_url", ""),
    ("page", "metas.default.references", "those that are addresses"),
    (
        "distribution",
        "links[self], attachments, alternative_exports",
        "exports by the API's rule when the entry tells its address",
    ),
    ("information_item", "fields", "annotations stay in the item's `extra`"),
)
