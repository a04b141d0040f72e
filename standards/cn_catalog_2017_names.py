"""What the fields of a catalogue after the guide of 2017 are called: as we write them, and as real workbooks and systems do.

Names are those of 《政务信息资源目录编制指南(试行)》 §5.3 (core metadata) and of the widely used form
政务信息资源目录填报模板; the last block holds extended metadata (扩展元数据), which the guide leaves to whoever makes a
catalogue.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize


class Name(NamedTuple):
    """A field: `key` in the code, its group (`共享属性`), its name in there, and other names it goes by."""

    key: str
    group: str
    name: str
    also: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """`共享属性/共享类型`."""
        return f"{self.group}/{self.name}" if self.group else self.name


def _name(key: str, path: str, also: str = "") -> Name:
    group, _, name = path.rpartition("/")
    return Name(key, group, name, tuple(also.split()))


CORE: tuple[Name, ...] = (
    _name("class_1", "信息资源分类/类", "信息资源类 类名称 一级分类 信息资源分类1 部门类信息资源分类 类分类"),
    _name("class_2", "信息资源分类/项", "信息资源项 项名称 二级分类 信息资源分类2 项分类"),
    _name("class_3", "信息资源分类/目", "信息资源目 目名称 三级分类 信息资源分类3 目分类"),
    _name("class_4", "信息资源分类/细目", "信息资源细目 细目名称 四级分类 信息资源分类4 细目分类 细目分类1 细目分类1.1"),
    _name("name", "信息资源名称", "资源名称 信息资源目录名称 目录名称 数据资源名称 数据目录名称 数据集名称 政务数据名称"),
    _name(
        "code",
        "信息资源代码",
        "资源代码 信息资源编码 资源编码 信息资源目录编码 目录代码 目录编码 数据资源代码 政务信息资源代码",
    ),
    _name(
        "provider",
        "信息资源提供方",
        "资源提供方 信息资源提供方名称 信息资源提供单位 资源提供单位 提供单位 提供方 提供方名称 数据提供方 提供部门",
    ),
    _name("provider_unit", "提供方内部部门", "内部部门 下设机构 提供方内部机构 信息资源内部提供方"),
    _name(
        "provider_code",
        "信息资源提供方代码",
        "资源提供方代码 提供方代码 统一社会信用代码 提供方统一社会信用代码 信息资源提供方机构代码",
    ),
    _name("abstract", "信息资源摘要", "资源摘要 摘要 信息资源描述 数据摘要 资源描述 摘要信息"),
    _name("format_class", "信息资源格式/信息资源格式分类", "资源格式分类 格式分类 格式大类"),
    _name("format_type", "信息资源格式/信息资源格式类型", "资源格式类型 格式类型 信息资源格式 资源格式 数据格式"),
    _name("format_other", "信息资源格式/其他类型资源格式描述", "格式补充说明 其他格式描述"),
    _name(
        "item_name",
        "信息项信息/信息项名称",
        "信息项 信息项中文名 中文信息项名 信息项中文名称 数据项名称 数据项中文名 字段中文名",
    ),
    _name(
        "item_code",
        "信息项信息/信息项代码",
        "信息项编码 英文信息项名 信息项英文名 信息项英文名称 数据项英文名 字段英文名 字段名",
    ),
    _name("item_type", "信息项信息/数据类型", "信息项数据类型 数据项类型 字段类型"),
    _name("item_length", "信息项信息/数据长度", "信息项长度 长度 字段长度 数据项长度 信息项数据长度"),
    _name("item_precision", "信息项信息/小数位数", "小数位 精度 数据精度"),
    _name("item_description", "信息项信息/信息项说明", "信息项描述 中文描述 数据项描述 字段描述 字段说明"),
    _name("item_required", "信息项信息/是否必填", "必填"),
    _name("item_key", "信息项信息/是否主键", "主键"),
    _name("share_type", "共享属性/共享类型", "信息资源共享类型 共享属性 共享等级"),
    _name(
        "share_condition", "共享属性/共享条件", "共享条件/不予共享依据 信息资源共享条件 共享条件和范围 共享条件或不予共享依据"
    ),
    _name("share_basis", "共享属性/不予共享依据", "不予共享理由 不共享理由 不予共享法律依据 不予共享原因"),
    _name("share_class", "共享属性/共享方式分类", "信息资源共享方式分类"),
    _name("share_method", "共享属性/共享方式类型", "共享方式 信息资源共享方式 信息资源共享方式类型"),
    _name(
        "open",
        "开放属性/是否向社会开放",
        "是否开放 是否社会开放 信息资源是否社会开放 开放属性 开放类型 是否向全社会开放 开放状态",
    ),
    _name("open_condition", "开放属性/开放条件", "信息资源开放条件"),
    _name("frequency", "更新周期", "更新频率 更新频度 信息资源更新周期 数据更新周期"),
    _name("issued", "发布日期", "发布时间 信息资源发布日期 资源发布日期"),
    _name(
        "relation",
        "关联资源代码",
        "关联及类目名称 关联类目名称 关联资源目录代码 关联信息资源代码 信息资源关联资源代码 关联资源",
    ),
)
EXTENDED: tuple[Name, ...] = (
    _name("class_code", "信息资源分类/信息资源分类码", "分类码 分类编码 信息资源分类编码"),
    _name("theme", "主题分类", "开放主题分类 所属主题 数据领域 所属领域 领域"),
    _name("keyword", "关键字", "关键词 标签 关键字说明"),
    _name("modified", "更新日期", "更新时间 数据更新时间 数据更新日期 最近更新日期"),
    _name("landing_page", "在线资源链接地址", "在线资源链接 链接地址 网址"),
    _name("contact_name", "联系方式/联系人", "联系人姓名 共享咨询联系人"),
    _name("contact_phone", "联系方式/联系电话", "电话 共享咨询电话 咨询电话"),
    _name("contact_email", "联系方式/联系邮箱", "邮箱 电子邮箱 电子邮件"),
    _name("file_name", "挂接资源/文件名称", "挂接资源名称"),
    _name("file_download", "挂接资源/下载地址", "资源下载地址"),
    _name("file_address", "挂接资源/访问地址", "资源访问地址 接口地址"),
    _name("file_format", "挂接资源/文件格式", "资源文件格式"),
    _name("file_media_type", "挂接资源/媒体类型"),
    _name("file_description", "挂接资源/文件说明"),
)
NAMES = {each.key: each for each in (*CORE, *EXTENDED)}
REPEATED = {"item": "信息项信息", "file": "挂接资源", "contact": "联系方式"}
"""Groups of which a resource has several, by the first part of their fields' keys."""

GROUPS: dict[str, tuple[str, ...]] = {
    "信息资源分类": ("政务信息资源分类", "资源分类", "目录分类", "所属分类", "分类"),
    "信息资源提供方": ("资源提供方", "提供方"),
    "信息资源格式": ("资源格式", "格式"),
    "信息项信息": ("信息项", "数据项信息", "信息项列表", "数据项"),
    "共享属性": ("共享", "共享信息"),
    "共享方式": (),
    "开放属性": ("开放", "开放信息"),
    "联系方式": ("共享咨询", "联系信息"),
    "挂接资源": ("资源挂接", "挂接资源信息"),
}
EXTENSION = "扩展元数据"
"""The member for what would be taken for a field of the guide otherwise."""

_SHORT: dict[tuple[str, str], str] = {
    ("信息资源格式", "分类"): "format_class", ("信息资源格式", "类型"): "format_type", ("信息项信息", "名称"): "item_name",
    ("信息项信息", "类型"): "item_type", ("信息项信息", "代码"): "item_code", ("信息项信息", "编码"): "item_code",
    ("信息项信息", "说明"): "item_description", ("信息项信息", "描述"): "item_description", ("共享属性", "类型"): "share_type",
    ("信息项信息", "中文名称"): "item_name", ("信息项信息", "英文名称"): "item_code", ("信息项信息", "信息项"): "item_name",
    ("共享属性", "条件"): "share_condition", ("共享属性", "方式"): "share_method", ("共享属性", "依据"): "share_basis",
    ("共享方式", "分类"): "share_class", ("共享方式", "类型"): "share_method", ("开放属性", "条件"): "open_condition",
    ("开放属性", "类型"): "open", ("信息资源提供方", "名称"): "provider", ("信息资源提供方", "代码"): "provider_code",
    ("信息资源分类", "代码"): "class_code", ("信息资源分类", "编码"): "class_code", ("挂接资源", "名称"): "file_name",
    ("挂接资源", "资源名称"): "file_name", ("挂接资源", "说明"): "file_description", ("挂接资源", "格式"): "file_format",
}  # fmt: skip
_SINGLE = {"信息资源分类": "class_path", "信息项信息": "item_name", "共享方式": "share_method", "联系方式": "contact_name",
           "信息资源提供方": "provider", "信息资源格式": "format_type", "共享属性": "share_type", "开放属性": "open",
           "挂接资源": "file_address"}  # fmt: skip
"""What a group's name alone stands for, where a plain value follows it."""

_NOTE = re.compile(r"[(（\[【][^()（）\[\]【】]{0,60}[)）\]】]")
_SLIGHT = re.compile(r"[\s*＊:：、，,.\-_\u200b]+")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A name for comparison: without notes in brackets (（必填）), blanks and marks, in plain width."""
    plain = normalize("NFKC", name[:200])
    return _SLIGHT.sub("", _NOTE.sub("", plain)) or plain


@lru_cache(maxsize=4096)
def group_of(name: str) -> str:
    """The group that goes by this name; "" for none."""
    return _GROUP_NAMES.get(fold(name), "")


@lru_cache(maxsize=8192)
def key_of(name: str, group: str = "") -> str:
    """The key of a field by its name, inside a group or not; "" for none."""
    folded = fold(name)
    if group and (short := _SHORT.get((group, folded))):
        return short
    found = _KEYS.get(folded, "")
    if group and (not found or (NAMES[found].group not in ("", group) and _far(group, found))):
        return _KEYS.get(f"{fold(group)}/{folded}", "")
    return found


def _far(group: str, key: str) -> bool:
    """`共享方式/共享方式类型` is a field of 共享属性 as well; an `名称` of another group is none."""
    return (group, NAMES[key].group) not in (("共享方式", "共享属性"), ("共享属性", "共享方式"))


def single(group: str) -> str:
    """The key that a group's name alone stands for."""
    return _SINGLE.get(group, "")


def _index() -> dict[str, str]:
    found: dict[str, str] = {}
    for each in NAMES.values():
        found.setdefault(fold(each.name), each.key)
        found.setdefault(f"{fold(each.group)}/{fold(each.name)}", each.key)
    for each in NAMES.values():
        for word in each.also:
            found.setdefault(fold(word), each.key)
    return found


_KEYS = _index()
_GROUP_NAMES = {fold(word): group for group, words in GROUPS.items() for word in (group, *words)}
TELLING = frozenset(
    ("code", "provider_code", "share_type", "open", "item_name", "class_1", "format_class", "share_condition", "open_condition")
)
"""Fields that other forms of catalogue do not have under such names."""
