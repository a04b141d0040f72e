"""The rules about datasets of udata, and the table of their fields. Source: the API's reference at doc.data.gouv.fr."""

from standards import cross_field
from standards.needs import Need, no_object, rules

_LINK = "https://doc.data.gouv.fr/api/reference/"

_MODEL = "udata API, Dataset."

NEEDS: tuple[Need, ...] = (
    Need("title", "error", (("title",),), "标题", "title", f"{_MODEL}title (required)", _LINK),
    Need("description", "error", (("description",),), "说明", "description", f"{_MODEL}description (required)", _LINK),
    Need("frequency", "error", (("frequency",),), "更新频率", "frequency", f"{_MODEL}frequency (required)", _LINK),
    Need(
        "publisher",
        "warning",
        (("organization", "name"), ("owner", "last_name")),
        "发布机构",
        "organization or owner",
        f"{_MODEL}organization",
        _LINK,
    ),
    Need("license", "warning", (("license",),), "许可协议", "licence", f"{_MODEL}license", _LINK),
    Need(
        "resources",
        "warning",
        (("resources", "url"), ("resources", "href")),
        "数据文件",
        "resource",
        f"{_MODEL}resources",
        _LINK,
    ),
    Need("tags", "info", (("tags",),), "标签", "tag", f"{_MODEL}tags", _LINK),
    Need(
        "temporal",
        "info",
        (("temporal_coverage", "start"),),
        "时间范围",
        "temporal coverage",
        f"{_MODEL}temporal_coverage",
        _LINK,
    ),
    Need(
        "spatial",
        "info",
        (("spatial", "zones"), ("spatial", "geom"), ("spatial", "granularity")),
        "空间范围",
        "spatial coverage",
        f"{_MODEL}spatial",
        _LINK,
    ),
)

OBJECT = no_object("udata", " udata 数据集", "dataset of udata", "udata API, Dataset", _LINK)

RULES = {
    **rules("udata", NEEDS),
    **cross_field.rules("udata", {"dates", "future", "temporal", "media-type"}),
    OBJECT.id: OBJECT,
}

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "id", "else the slug, the title"),
    ("other_identifier", "slug, harvest.remote_id", "`extras.harvest:remote_id` in older answers"),
    ("title", "title", ""),
    ("description", "description", "Markdown, as it is"),
    ("publisher", "organization", "name, page, business number; without one the owner"),
    ("contact_point", "contact_points", ""),
    ("keyword", "tags", ""),
    ("issued", "created_at", "of the catalogue's record where nothing else is told"),
    ("modified", "last_update", "the latest change of a file; else last_modified"),
    ("accrual_periodicity", "frequency", ""),
    ("spatial", "spatial", "zones as names with their code as raw, geom as geometry with its box"),
    ("temporal", "temporal_coverage", ""),
    ("license", "license", "`notspecified` is none"),
    ("landing_page", "page", ""),
    ("access_rights", "access_type", ""),
    ("conforms_to", "schema.url", "else the schema's name"),
    ("distribution", "resources", "size, type, checksum, dates; what is of type documentation stays one, told in its `extra`"),
)
