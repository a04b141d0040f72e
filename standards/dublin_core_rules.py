"""The rules about Dublin Core records. Sources: DCMI Metadata Terms (2020-01-20) and its recommended encoding schemes."""

from metadata.text import Text
from standards import cross_field
from standards.base import Rule, Severity
from standards.dublin_core_read import TITLE
from standards.dublin_core_terms import OBJECT
from standards.xml_characters import RULES as XML_RULES

_TERMS = "http://purl.org/dc/terms/"


def _rule(name: str, severity: Severity, term: str, message: Text, fix: Text) -> Rule:
    return Rule(
        id=f"dublin-core/{name}",
        severity=severity,
        message=message,
        clause=f"DCMI Metadata Terms, {term}" if term else "DCMI Metadata Terms",
        fix=fix,
        link=f"{_TERMS}{term}",
    )


def _absent(name: str, severity: Severity, term: str, zh: str, en: str) -> Rule:
    fix = {"zh": f"填写 {name}（{zh}）", "en": f"Give the {en} in {name}"}
    return _rule(f"{name}/absent", severity, term, {"zh": f"没有{zh}", "en": f"There is no {en}"}, fix)


NEEDS: tuple[tuple[Rule, tuple[str, ...]], ...] = (
    (_absent("identifier", "warning", "identifier", "标识符", "identifier"), ("identifier",)),
    (_absent("description", "warning", "description", "说明", "description"), ("description", "abstract")),
    (
        _absent("creator", "warning", "creator", "创建者或发布者", "creator or publisher"),
        ("creator", "publisher", "contributor"),
    ),
    (_absent("rights", "warning", "rights", "权利或许可说明", "rights or licence"), ("rights", "license", "accessRights")),
    (_absent("date", "warning", "date", "日期", "date"), ("date", "issued", "created", "modified", "available")),
    (_absent("subject", "info", "subject", "主题词", "subject"), ("subject",)),
    (_absent("type", "info", "type", "类型", "type"), ("type",)),
)
DATE = _rule(
    "date/form",
    "warning",
    "date",
    {
        "zh": "日期不是 W3CDTF 的形式（YYYY、YYYY-MM、YYYY-MM-DD……）",
        "en": "The date is not in the form of W3CDTF (YYYY, YYYY-MM, YYYY-MM-DD …)",
    },
    {"zh": "改写为 ISO 8601 日期，例如 2016-04-14", "en": "Write it as an ISO 8601 date, such as 2016-04-14"},
)
LANGUAGE = _rule(
    "language/form",
    "warning",
    "language",
    {"zh": "语种不是语言标签", "en": "The language is no language tag"},
    {"zh": "填写 BCP 47 标签，例如 zh、en、zh-Hant", "en": "Give a tag of BCP 47, such as zh, en, zh-Hant"},
)
FORMAT = _rule(
    "format/form",
    "info",
    "format",
    {"zh": "格式不是 IANA 媒体类型", "en": "The format is no IANA media type"},
    {
        "zh": "填写媒体类型，例如 text/csv；尺寸、页数写入 extent",
        "en": "Give a media type, such as text/csv; sizes belong in extent",
    },
)
TYPE = _rule(
    "type/list",
    "info",
    "type",
    {"zh": "类型不在 DCMI 类型词表中", "en": "The type is none of DCMI's types"},
    {"zh": "数据集填写 Dataset", "en": "Give Dataset for a dataset"},
)
UNKNOWN = _rule(
    "element/unknown",
    "error",
    "",
    {"zh": "都柏林核心的名称空间中没有这个元素", "en": "The namespaces of Dublin Core have no such element"},
    {"zh": "核对元素名称的拼写（区分大小写）", "en": "Check the element's name; capitals count"},
)
NAMESPACE = _rule(
    "element/namespace",
    "warning",
    "",
    {
        "zh": "元素不在都柏林核心的名称空间中，按同名元素读取",
        "en": "This element is in no namespace of Dublin Core; it is read as if it were",
    },
    {
        "zh": "使用前缀 dc: 或 dcterms: 并声明其名称空间",
        "en": "Write it with the prefix dc: or dcterms:, and declare its namespace",
    },
)
EMPTY = _rule(
    "element/empty",
    "info",
    "",
    {"zh": "元素没有内容", "en": "This element is empty"},
    {"zh": "填写内容，或者删除该元素", "en": "Give its content, or leave the element out"},
)
ADDRESS = _rule(
    "address/form",
    "warning",
    "references",
    {"zh": "应为网址", "en": "This should be a web address"},
    {"zh": "填写完整的网址", "en": "Give the whole address"},
)
RULES: dict[str, Rule] = {
    **XML_RULES,
    **cross_field.rules("dublin-core", {"dates", "future", "temporal", "spatial"}),
    **{
        rule.id: rule
        for rule in (
            OBJECT,
            TITLE,
            DATE,
            LANGUAGE,
            FORMAT,
            TYPE,
            UNKNOWN,
            NAMESPACE,
            EMPTY,
            ADDRESS,
            *(rule for rule, _ in NEEDS),
        )
    },
}
