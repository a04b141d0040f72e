"""The rules about items of ArcGIS Hub, and the table of their fields. Source: ArcGIS REST API, "Item"."""

from standards import cross_field
from standards.needs import Need, no_object, rules

_LINK = "https://developers.arcgis.com/rest/users-groups-and-items/item/"

_ITEM = "ArcGIS REST API, Item: "

INSIDE = ("attributes", "properties")


def _paths(*names: str) -> tuple[tuple[str, ...], ...]:
    return (*((inside, name) for inside in INSIDE for name in names), *((name,) for name in names))


NEEDS: tuple[Need, ...] = (
    Need("title", "error", _paths("name", "title"), "标题", "title", f"{_ITEM}title", _LINK),
    Need("id", "error", _paths("id"), "标识符", "identifier", f"{_ITEM}id", _LINK),
    Need(
        "description", "warning", _paths("description", "snippet"), "说明", "description", f"{_ITEM}description, snippet", _LINK
    ),
    Need(
        "license",
        "warning",
        _paths("licenseInfo", "license"),
        "许可协议或使用条件",
        "licence or terms of use",
        f"{_ITEM}licenseInfo",
        _LINK,
    ),
    Need("tags", "warning", _paths("tags"), "标签", "tag", f"{_ITEM}tags", _LINK),
    Need(
        "source",
        "info",
        _paths("source", "orgName", "accessInformation"),
        "来源机构",
        "source or organisation",
        f"{_ITEM}accessInformation",
        _LINK,
    ),
    Need(
        "contact",
        "info",
        _paths("orgContactEmail", "orgContactUrl"),
        "联系方式",
        "contact",
        "Hub API v3, orgContactEmail",
        "https://hub.arcgis.com/api/v3",
    ),
    Need("extent", "info", _paths("extent", "itemExtent", "boundary"), "空间范围", "extent", f"{_ITEM}extent", _LINK),
)

OBJECT = no_object("arcgis-hub", " ArcGIS Hub 条目", "item of ArcGIS Hub", "ArcGIS REST API, Item", _LINK)

RULES = {
    **rules("arcgis-hub", NEEDS),
    **cross_field.rules("arcgis-hub", {"dates", "future", "spatial"}),
    OBJECT.id: OBJECT,
}

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "attributes.id", "`itemId_layer` for a layer; else the id of the object"),
    ("other_identifier", "attributes.itemId, slug", ""),
    ("title", "attributes.name", "else title"),
    ("description", "attributes.description", "else snippet; HTML as it is"),
    ("publisher.name", "attributes.source", "else orgName, organization, accessInformation"),
    ("contact_point", "attributes.orgContactEmail, orgContactUrl", ""),
    ("keyword", "attributes.tags", ""),
    ("theme", "attributes.categories", "the last part of a path"),
    ("issued", "attributes.created", ""),
    ("modified", "attributes.modified", ""),
    ("language", "attributes.culture", ""),
    ("spatial", "attributes.extent", "degrees only; else itemExtent, boundary; a feature's geometry too"),
    ("license", "attributes.structuredLicense", "url, abbreviation, or an address of a known licence within licenseInfo"),
    ("rights", "attributes.licenseInfo", "the words themselves"),
    ("access_rights", "attributes.access", ""),
    ("landing_page", "links.itemPage", "else landingPage"),
    ("distribution", "attributes.url, additionalResources", "the service with its format, and what was added to it"),
    ("information_item", "attributes.fields", "alias, name, type, length, nullable, description"),
)
