"""The rules about entries of Socrata's catalogues, and the table of their fields. Source: dev.socrata.com, "Discovery API"."""

from standards import cross_field
from standards.base import Rule
from standards.needs import Need, no_object, rules

_LINK = "https://dev.socrata.com/docs/other/discovery"

_DISCOVERY = "Socrata Discovery API, results: "

NEEDS: tuple[Need, ...] = (
    Need("title", "error", (("resource", "name"), ("name",)), "名称", "name", f"{_DISCOVERY}resource.name", _LINK),
    Need("id", "error", (("resource", "id"), ("id",)), "标识符", "identifier", f"{_DISCOVERY}resource.id", _LINK),
    Need(
        "description",
        "warning",
        (("resource", "description"), ("description",)),
        "说明",
        "description",
        f"{_DISCOVERY}resource.description",
        _LINK,
    ),
    Need(
        "attribution",
        "warning",
        (("resource", "attribution"), ("attribution",)),
        "数据提供方",
        "attribution (who provides the data)",
        f"{_DISCOVERY}resource.attribution",
        _LINK,
    ),
    Need(
        "license",
        "warning",
        (("metadata", "license"), ("license",), ("licenseId",)),
        "许可协议",
        "licence",
        f"{_DISCOVERY}metadata.license",
        _LINK,
    ),
    Need(
        "contact",
        "info",
        (("resource", "contact_email"), ("privateMetadata", "contactEmail")),
        "联系邮箱",
        "contact address",
        f"{_DISCOVERY}resource.contact_email",
        _LINK,
    ),
    Need(
        "category",
        "info",
        (("classification", "domain_category"), ("category",)),
        "分类",
        "category",
        f"{_DISCOVERY}classification.domain_category",
        _LINK,
    ),
)

OBJECT = no_object("socrata", " Socrata 目录条目", "entry of a Socrata catalogue", "Socrata Discovery API, results", _LINK)

COLUMNS = Rule(
    id="socrata/columns/length",
    severity="error",
    message={"zh": "各列的名称、字段名、类型数量不一致", "en": "There are not as many names, field names and types of columns"},
    clause=f"{_DISCOVERY}resource.columns_*",
    fix={"zh": "请来源门户重新生成该条目的列信息", "en": "Ask the portal to index the columns of this entry again"},
    link=_LINK,
)

RULES: dict[str, Rule] = {
    **rules("socrata", NEEDS),
    **cross_field.rules("socrata", {"dates", "future"}),
    OBJECT.id: OBJECT,
    COLUMNS.id: COLUMNS,
}

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "permalink", "the address with the domain, because ids repeat between domains; else the id"),
    ("other_identifier", "resource.id", ""),
    ("title", "resource.name", ""),
    ("description", "resource.description", ""),
    ("publisher.name", "resource.attribution", "else a metadata field named publisher, agency or department"),
    ("publisher.homepage", "resource.attribution_link", ""),
    ("contact_point.email", "resource.contact_email", "else a metadata field named contact email"),
    ("keyword", "classification.domain_tags", "`tags` are guessed by Socrata and stay in `extra`"),
    ("theme", "classification.domain_category", "`categories` are guessed by Socrata and stay in `extra`"),
    ("issued", "resource.publication_date", "else createdAt"),
    ("modified", "resource.data_updated_at", "else updatedAt"),
    ("accrual_periodicity", "classification.domain_metadata", "a field named frequency"),
    ("language", "classification.domain_metadata", "a field named language"),
    ("temporal", "classification.domain_metadata", "a field named time period"),
    ("license", "metadata.license", ""),
    ("landing_page", "link", "else the permalink"),
    ("information_item", "resource.columns_name, columns_field_name, columns_datatype, columns_description", ""),
    ("distribution.download_url", "permalink", "of tables: CSV by the rule of the export API"),
    ("service.endpoint_url", "permalink", "of tables: the SODA endpoint by rule"),
)
