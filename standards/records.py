"""Rules about a record whatever its standard: what a run notices, not what a format says."""

from standards.base import Rule

REPEATED = Rule(
    id="record/identifier/repeated",
    severity="warning",
    message={
        "zh": "同一来源中有多条记录使用了这个标识符，只采用第一条",
        "en": "Several records of this source have this identifier; only the first one counts",
    },
    clause="W3C DCAT 3, dcterms:identifier",
    fix={"zh": "为每个数据集指定唯一且不变的标识符", "en": "Give each dataset an identifier of its own, and keep it"},
)
OTHER_FAULT = Rule(
    id="record/unreadable",
    severity="error",
    message={"zh": "这条记录无法作为数据集读取", "en": "This record cannot be read as a dataset"},
    clause="",
    fix={
        "zh": "对照所选标准检查记录的结构，并把原始记录报告给本目录的运维人员",
        "en": "Compare the record's structure with its standard, and report the raw record to the catalogue's operator",
    },
)
UNRECOGNISED = Rule(
    id="record/unrecognised",
    severity="error",
    message={"zh": "没有任何标准认得这条记录", "en": "No standard recognises this record"},
    clause="",
    fix={
        "zh": "请指明它所用的标准；可用的标准见“标准”一页或 mulu standards 命令",
        "en": "Name the standard it is in; `mulu standards` lists them",
    },
)
RULES = {rule.id: rule for rule in (REPEATED, OTHER_FAULT, UNRECOGNISED)}
