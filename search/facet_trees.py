"""Trees whose values tell by themselves what is above them: classes, regions, words with levels. Pure.

- Classes (信息资源分类) after 《政务信息资源目录编制指南(试行)》 2017: 类 has one digit, 项 two, 目 three, 细目 any
  number; what follows a `/` is the number of a resource (顺序码) and no class. `111112001/2001` lies in `111112001`,
  `111112`, `111`, `1`.
- Regions after GB/T 2260 (six digits: province, city, county) and its continuation by the statistics office (nine digits:
  towns, twelve: villages). `440305` lies in `440300` and `440000`; a county of a municipality, or one right under its province
  (third and fourth digit 90), has no city above it.
- Words with levels, parted by ` > `: `Water > Rivers` lies in `Water`.
"""

import re
from functools import lru_cache

from metadata.text import Text

BETWEEN = " > "
_CODE = re.compile(r"\d{6}(?:\d{3}(?:\d{3})?)?", re.ASCII)
_SHORT_CODE = re.compile(r"\d{2}|\d{4}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_MUNICIPALITIES = ("11", "12", "31", "50")

CLASSES: dict[str, Text] = {
    "1": {"zh": "基础信息资源", "en": "Basic information"},
    "2": {"zh": "主题信息资源", "en": "Information by theme"},
    "3": {"zh": "部门信息资源", "en": "Information of departments"},
}
"""The first level of classes (类)."""

_NAMES = """
11 北京市 Beijing | 12 天津市 Tianjin | 13 河北省 Hebei | 14 山西省 Shanxi | 15 内蒙古自治区 Inner Mongolia | 21 辽宁省 Liaoning
22 吉林省 Jilin | 23 黑龙江省 Heilongjiang | 31 上海市 Shanghai | 32 江苏省 Jiangsu | 33 浙江省 Zhejiang | 34 安徽省 Anhui
35 福建省 Fujian | 36 江西省 Jiangxi | 37 山东省 Shandong | 41 河南省 Henan | 42 湖北省 Hubei | 43 湖南省 Hunan
44 广东省 Guangdong | 45 广西壮族自治区 Guangxi | 46 海南省 Hainan | 50 重庆市 Chongqing | 51 四川省 Sichuan | 52 贵州省 Guizhou
53 云南省 Yunnan | 54 西藏自治区 Tibet | 61 陕西省 Shaanxi | 62 甘肃省 Gansu | 63 青海省 Qinghai | 64 宁夏回族自治区 Ningxia
65 新疆维吾尔自治区 Xinjiang | 71 台湾省 Taiwan | 81 香港特别行政区 Hong Kong | 82 澳门特别行政区 Macao
"""


def _province(line: str) -> tuple[str, Text]:
    number, chinese, english = line.split(None, 2)
    return f"{number}0000", {"zh": chinese, "en": english}


PROVINCES: dict[str, Text] = dict(map(_province, _NAMES.strip().replace("\n", " | ").split(" | ")))
"""Province → its names."""


def class_of(code: str) -> str:
    """The class in a code: what stands before the `/`, when those are digits; any other code as it is."""
    front = code.split("/", 1)[0].strip()
    return front if _DIGITS.fullmatch(front) else code


def above_class(value: str) -> str | None:
    """The class right above one."""
    if not _DIGITS.fullmatch(value):
        return above_path(value)
    return next((value[:length] for length in (6, 3, 1) if length < len(value)), None)


@lru_cache(maxsize=10_000)
def region_code(code: str, scheme: str = "") -> str | None:
    """The code of a region of China as six, nine or twelve digits; None when it is none. Two and four digits are taken for
    such a code only when the scheme says so (`GB/T 2260`): elsewhere they mean other things."""
    code = code.strip()
    if "2260" in scheme and _SHORT_CODE.fullmatch(code):
        code = code.ljust(6, "0")
    if not _CODE.fullmatch(code) or f"{code[:2]}0000" not in PROVINCES:
        return None
    for length in (6, 9):
        if code[length:] and not code[length:].strip("0"):
            return code[:length]
    return code


def above_region(value: str) -> str | None:
    """The region right above one."""
    if region_code(value) != value:
        return above_path(value)
    if len(value) > 6:
        return value[:9] if len(value) == 12 else value[:6]
    if value.endswith("0000"):
        return None
    right_below = value.endswith("00") or value[2:4] == "90" or value.startswith(_MUNICIPALITIES)
    return f"{value[:2]}0000" if right_below else f"{value[:4]}00"


def above_path(value: str) -> str | None:
    """`A > B` above `A > B > C`; None for words without levels."""
    return value.rpartition(BETWEEN)[0].strip() or None
