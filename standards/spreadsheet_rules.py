"""The rules of catalogues kept in tables: what a row must and should say, after W3C DCAT 3 and the guide of 2017."""

from metadata.text import Text
from standards import cross_field
from standards.base import Rule, Severity

_DCAT = "https://www.w3.org/TR/vocab-dcat-3/"
_GUIDE = "《政务信息资源目录编制指南(试行)》 2017"


def _rule(name: str, severity: Severity, clause: tuple[str, str], message: Text, fix: Text) -> Rule:
    words, place = clause
    link = f"{_DCAT}#Property:{place}" if place and not place.startswith("http") else place
    return Rule(id=f"spreadsheet/{name}", severity=severity, message=message, clause=words, fix=fix, link=link)


def _dcat(words: str, place: str) -> tuple[str, str]:
    return f"W3C DCAT 3, {words}", place


_RULES = (
    _rule(
        "row",
        "error",
        ("RFC 4180; ISO/IEC 29500-1", "https://www.rfc-editor.org/rfc/rfc4180"),
        {"zh": "这不是表格中的一行", "en": "This is no row of a table"},
        {"zh": "提交 XLSX、XLS、ODS、CSV 或 TSV 文件", "en": "Give an XLSX, XLS, ODS, CSV or TSV file"},
    ),
    _rule(
        "title/column",
        "error",
        _dcat("title", "resource_title"),
        {"zh": "没有找到标题列", "en": "No column has the titles"},
        {"zh": "在表头写上“标题”，或者在映射中指定标题列", "en": "Head a column `title`, or name it in the mapping"},
    ),
    _rule(
        "title/absent",
        "error",
        _dcat("title", "resource_title"),
        {"zh": "这一行没有标题", "en": "This row has no title"},
        {"zh": "填写数据集的标题", "en": "Give the dataset a title"},
    ),
    _rule(
        "identifier/absent",
        "info",
        _dcat("identifier", "resource_identifier"),
        {
            "zh": "没有标识符，以标题代替；标题一改就成了另一个数据集",
            "en": "There is no identifier; the title stands for it, and changing it makes another dataset",
        },
        {"zh": "增加“标识符”列，填写唯一且不变的编号", "en": "Add a column `identifier` with a code that is unique and stays"},
    ),
    _rule(
        "description/absent",
        "warning",
        _dcat("description", "resource_description"),
        {"zh": "没有描述", "en": "There is no description"},
        {"zh": "填写内容、范围和用途", "en": "Say what it holds, of what area and time, and what for"},
    ),
    _rule(
        "publisher/absent",
        "warning",
        _dcat("publisher", "resource_publisher"),
        {"zh": "没有发布机构", "en": "There is no publisher"},
        {"zh": "填写发布机构的全称", "en": "Give the publisher's full name"},
    ),
    _rule(
        "date/form",
        "warning",
        ("ISO 8601-1, date", "https://www.w3.org/TR/NOTE-datetime"),
        {"zh": "日期无法识别", "en": "This date cannot be understood"},
        {"zh": "写成 2024-05-03 的样子", "en": "Write it as 2024-05-03"},
    ),
    _rule(
        "date/spelling",
        "info",
        ("ISO 8601-1, date", "https://www.w3.org/TR/NOTE-datetime"),
        {"zh": "日期不是 2024-05-03 的写法", "en": "This date is not written as 2024-05-03"},
        {"zh": "改为 ISO 8601 的写法", "en": "Write it after ISO 8601"},
    ),
    _rule(
        "frequency/unknown",
        "warning",
        _dcat("frequency", "dataset_frequency"),
        {"zh": "更新周期不是已知的说法", "en": "This update frequency is not known"},
        {
            "zh": "填写每日、每周、每月、每季度、每年、实时或不定期",
            "en": "Give daily, weekly, monthly, quarterly, annual, continuous or irregular",
        },
    ),
    _rule(
        "frequency/word",
        "info",
        (f"{_GUIDE}, 更新周期", ""),
        {"zh": "更新周期不是通行的说法", "en": "This update frequency is not in the usual words"},
        {"zh": "改为通行的说法，例如每月", "en": "Write it in the usual words, such as monthly"},
    ),
    _rule(
        "url/form",
        "warning",
        ("RFC 3986", "https://www.rfc-editor.org/rfc/rfc3986"),
        {"zh": "网址不是以 http:// 或 https:// 开头的地址", "en": "This is no address that begins with http:// or https://"},
        {"zh": "填写完整的网址", "en": "Give the whole address"},
    ),
    _rule(
        "email/form",
        "warning",
        ("RFC 5322 §3.4.1 addr-spec", "https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1"),
        {"zh": "邮箱地址的写法不对", "en": "This is no mail address"},
        {"zh": "只填一个地址，例如 data@example.org", "en": "Give one address, such as data@example.org"},
    ),
    _rule(
        "wide",
        "info",
        ("Unicode UAX #11 East Asian Width", "https://www.unicode.org/reports/tr11/"),
        {"zh": "代码、日期、数字或网址中有全角字符", "en": "A code, date, number or address has full-width characters"},
        {"zh": "改为半角字符", "en": "Write them half-width"},
    ),
    _rule(
        "box/form",
        "warning",
        _dcat("bounding box", "location_bbox"),
        {"zh": "外接矩形不是“西,南,东,北”四个数值", "en": "The bounding box is not the four numbers west,south,east,north"},
        {"zh": "以度为单位按西、南、东、北填写", "en": "Give west, south, east, north in degrees"},
    ),
    _rule(
        "size/form",
        "warning",
        _dcat("byte size", "distribution_size"),
        {"zh": "文件大小不是字节数", "en": "The file size is not a number of bytes"},
        {"zh": "填写字节数，只用数字", "en": "Give the bytes, in digits only"},
    ),
    _rule(
        "code/check",
        "warning",
        ("GB 32100-2015, 校验码", ""),
        {"zh": "统一社会信用代码的长度或校验位不对", "en": "The unified social credit code has a wrong length or check digit"},
        {"zh": "核对 18 位代码", "en": "Check the 18 characters of the code"},
    ),
    _rule(
        "sharing/unknown",
        "warning",
        (f"{_GUIDE}, 共享类型", ""),
        {"zh": "共享类型不是无条件共享、有条件共享或不予共享", "en": "Sharing is not one of unconditional, conditional, none"},
        {"zh": "从三种类型中选择", "en": "Choose one of the three"},
    ),
    _rule(
        "sharing/condition",
        "warning",
        (f"{_GUIDE}, 共享条件", ""),
        {"zh": "有条件共享没有写明条件", "en": "Shared on a condition, and the condition is not said"},
        {"zh": "在“共享条件”列填写条件", "en": "Say it in the column `sharing condition`"},
    ),
    _rule(
        "sharing/basis",
        "warning",
        (f"{_GUIDE}, 共享条件", ""),
        {"zh": "不予共享没有写明依据", "en": "Not shared, and the legal basis is not said"},
        {"zh": "在“不予共享依据”列填写法律、法规或政策依据", "en": "Name the law or policy in the column `legal basis`"},
    ),
    _rule(
        "openness/unknown",
        "warning",
        (f"{_GUIDE}, 开放属性", ""),
        {"zh": "开放类型无法识别", "en": "This kind of openness is not known"},
        {"zh": "填写无条件开放、有条件开放或不予开放", "en": "Give open, conditional or none"},
    ),
    _rule(
        "column/near",
        "info",
        ("W3C CSV on the Web, tabular data model", "https://www.w3.org/TR/tabular-data-model/"),
        {"zh": "这一列是按相近的表头认出的", "en": "This column was recognised by a header that is nearly one we know"},
        {"zh": "如果不对，请在映射中指定", "en": "Name the column in the mapping where this is wrong"},
    ),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in _RULES} | cross_field.rules("spreadsheet")
