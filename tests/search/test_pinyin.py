"""How Han characters are read, with the extra `pinyin` and without it."""

import subprocess
import sys

import pytest
from pypinyin import lazy_pinyin

from search.pinyin import keys, readings, streams


@pytest.mark.parametrize(
    ("text", "pinyin", "initials"),
    [
        ("公共交通", "gong gong jiao tong", "g g j t"),
        ("食物環境衞生", "shi wu huan jing wei sheng", "s w h j w s"),
        ("公交2024年客流", "gong jiao | nian ke liu", "g j | n k l"),
        ("地图", "di tu", "d t"),
        ("绿化", "lv hua", "l h"),
        ("重庆", "zhong qing | chong qing", "z q | c q"),
        ("银行网点", "yin xing wang dian | yin hang wang dian", "y x w d | y h w d"),
        ("Bus stops", "", ""),
        ("バス停", "ting", "t"),
        ("한국", "", ""),
        ("", "", ""),
    ],
)
def test_streams(text: str, pinyin: str, initials: str) -> None:
    assert streams([text]) == (pinyin, initials)


def test_texts_are_parted() -> None:
    assert streams(["水", "plain", "城市", "水"]) == ("shui | cheng shi | shui", "s | c s | s")


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("公共交通", ["gonggongjiaotong", "ggjt"]),
        ("2024年 公交 data", ["2024niangongjiaodata", "2024ngjdata"]),
        ("重庆", ["zhongqing", "chongqing", "zq", "cq"]),
        ("plain", []),
        ("데이터", []),
    ],
)
def test_keys_are_what_one_types(folded: str, expected: list[str]) -> None:
    assert keys(folded) == expected


TITLES = [
    "北京市海淀区公共交通站点名称及客流量数据",
    "重庆市银行网点分布信息",
    "行政区划代码",
    "长江流域水质自动监测",
    "中小学校长名册",
    "音乐会场馆信息",
    "重点排污单位名录",
    "医疗机构执业许可",
    "女性就业情况调查",
    "旅行社名录",
    "道路交通违法行为",
    "大厦地下停车场",
    "会计师事务所",
    "参差多态",
    "长春市朝阳区",
    "土地调查结果",
    "都江堰景区",
    "数据传输规范",
    "降水量与降雨",
    "校对记录",
]


def test_words_are_read_as_the_library_reads_them() -> None:
    wanted = {title: tuple(lazy_pinyin(title)) for title in TITLES}
    found = {title: readings(title)[-1] for title in TITLES}
    assert found == wanted


def test_without_the_extra_every_character_has_one_reading() -> None:
    code = (
        "import sys; sys.modules['pypinyin'] = sys.modules['pypinyin.constants'] = None\n"
        "from search.pinyin import keys, streams\n"
        "assert streams(['重庆银行']) == ('zhong qing yin xing', 'z q y x'), streams(['重庆银行'])\n"
        "assert streams(['绿地']) == ('lv di', 'l d') and keys('公交') == ['gongjiao', 'gj']\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_character_nobody_reads_is_left_out() -> None:
    assert streams(["\U00032398水"])[0].split()[-1] == "shui"
    assert all(syllable.isascii() and syllable.islower() for one in readings("𠀀水〇\U000323af") for syllable in one)
    assert readings("\U000323af") == []
