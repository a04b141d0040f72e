"""The rules about records that a mapping reads, and the table of their fields."""

from standards import cross_field
from standards.json_map_mapping import FIELDS as MAPPED
from standards.needs import Need, no_object, rules

_CLAUSE = "W3C DCAT 3,"
_LINK = "https://www.w3.org/TR/vocab-dcat-3/#Class:Dataset"
_ID, _GUIDE = "W3C DCAT 3, identifier", "《政务信息资源目录编制指南(试行)》 2017, 更新周期"

NEEDS: tuple[Need, ...] = (
    Need("title", "error", (("title",),), "标题", "title", f"{_CLAUSE} title", _LINK),
    Need("identifier", "warning", (("identifier",),), "标识符", "identifier", _ID, _LINK),
    Need("description", "warning", (("description",),), "摘要", "description", f"{_CLAUSE} description", _LINK),
    Need("publisher", "warning", (("publisher",),), "提供方", "publisher", f"{_CLAUSE} publisher", _LINK),
    Need("frequency", "info", (("frequency",),), "更新周期", "update frequency", _GUIDE, _LINK),
    Need("theme", "info", (("theme",),), "主题", "theme", f"{_CLAUSE} theme", _LINK),
)
OBJECT = no_object("json-map", " JSON 对象", "JSON object", "RFC 8259 §4", "https://www.rfc-editor.org/rfc/rfc8259#section-4")
RULES = {**rules("json-map", NEEDS), **cross_field.rules("json-map", {"dates", "future", "temporal"}), OBJECT.id: OBJECT}

_MODEL = {
    "publisher": "publisher.name",
    "contact.name": "contact_point.name",
    "contact.phone": "contact_point.phone",
    "contact.email": "contact_point.email",
    "frequency": "accrual_periodicity",
    "sharing.basis": "sharing.legal_basis",
    "publisher.code": "publisher.code",
}
FIELDS: tuple[tuple[str, str, str], ...] = (
    *((_MODEL.get(name, name), f"mapping.{name}", note) for name, note in MAPPED.items()),
    ("distribution", "mapping.distribution", "`each`, then title, access_url, download_url, format, byte_size …"),
    ("information_item", "mapping.information_item", "`each`, then name, code, data_type, length, description, required"),
)
