"""Other readings of a question."""

from itertools import pairwise

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import fold
from search.language import Question, question
from search.pinyin import readings
from search.rereading import WAYS, as_pinyin, in_parts
from search.syllables import MOST, SYLLABLES, cuts, initials
from search.synonym_groups import read


def added(asked: Question | None) -> list[list[tuple[str, ...]]]:
    """For each clause what was added to it: of each reading its words and where they are looked for."""
    assert asked is not None
    return [
        [(wish.text, *(atom.fields[0] for atom in wish.atoms if atom.fields)) for wish in one.wishes if wish.added]
        for one in asked.clauses
    ]


@pytest.mark.parametrize(
    ("words", "readings"),
    [
        ("gonggong jiaotong", [[("gong gong", "pinyin")], [("jiao tong", "pinyin")]]),
        ("GongGong", [[("gong gong", "pinyin")]]),
        ("gōnggòng", [[("gong gong", "pinyin")]]),
        ("ｇｏｎｇ", [[("gong", "pinyin")]]),
        ("ggjt", [[("g g j t", "initials")]]),
        ("lüse", [[("lv se", "pinyin")]]),
        ("lvse", [[("lv se", "pinyin")]]),
        ("xi'an", [[("xi an", "pinyin")]]),
        ("gonggong交通", [[("gong gong 交通", "pinyin")]]),
        ("bus gonggong", [[], [("gong gong", "pinyin")]]),
        ('"gonggong jiaotong"', [[("gong gong jiao tong", "pinyin")]]),
        ("gonggong OR bus", [[("gong gong", "pinyin")]]),
        ("gonggong -jiaotong", [[("gong gong", "pinyin")], []]),
        ("gonggong title:jiaotong", [[("gong gong", "pinyin")], []]),
    ],
)
def test_letters_are_read_as_mandarin(words: str, readings: list[list[tuple[str, ...]]]) -> None:
    assert added(as_pinyin(question(words))) == readings


@pytest.mark.parametrize(
    "words",
    ["", "!!!", "公交", "bus", "x", "routes", "-gonggong", "title:gonggong", '"gonggong bus"', "2024", "gong*", "format:csv"],
)
def test_what_cannot_be_read_so(words: str) -> None:
    assert as_pinyin(question(words)) is None


def test_what_was_typed_stays_an_alternative() -> None:
    asked = question("gonggong")
    other = as_pinyin(asked)
    assert other and other.clauses[0].wishes[0] == asked.clauses[0].wishes[0]


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("xian", [("xian",), ("xi", "an")]),
        ("fangan", [("fan", "gan"), ("fang", "an")]),
        ("lvse", [("lv", "se"), ("lu", "se")]),
        ("nve", [("nve",), ("nue",), ("nv", "e"), ("nu", "e")]),
        ("xi’an", [("xi", "an")]),
        ("chongqing", [("chong", "qing")]),
        ("shanghai", [("shang", "hai")]),
        ("bus", []),
        ("", []),
        ("'", []),
        ("a" * 49, []),
        ("公", []),
    ],
)
def test_cuts(word: str, ways: list[tuple[str, ...]]) -> None:
    assert sorted(cuts(word)) == sorted(ways) and cuts(word)[:1] == tuple(ways[:1])


def test_the_likeliest_reading_comes_first_and_they_are_bounded() -> None:
    found = cuts("gonggongjiaotongxianlufangan")
    assert found[0] == ("gong", "gong", "jiao", "tong", "xian", "lu", "fan", "gan")
    assert ("gong", "gong", "jiao", "tong", "xian", "lu", "fang", "an") in found
    assert len(found) == MOST and len(cuts("jiao" * 12)) == MOST


def test_initials() -> None:
    assert initials("ggjt") == ("g", "g", "j", "t")
    assert initials("bus") == () and initials("g") == () and initials("visa") == ()


@given(st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=1, max_size=8))
def test_every_row_of_syllables_reads_so(row: list[str]) -> None:
    assert tuple(row) in cuts("'".join(row))
    found = cuts("".join(row))
    assert found and all("".join(way).replace("v", "u") == "".join(row).replace("v", "u") for way in found)


def test_the_table_has_every_syllable_of_common_characters() -> None:
    """All characters of GB 2312, the ones in use, by the readings that the index has."""
    common = [
        bytes((row, cell)).decode("gb2312")
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
        if (row, cell) < (0xD7, 0xFA)
    ]
    assert len(common) == 3755
    unknown = {one: reading for one in common for (reading,) in readings(one)[:1] if reading not in SYLLABLES}
    assert not unknown
    assert anyascii("公共交通") == "GongGongJiaoTong"


# In parts


@pytest.mark.parametrize(
    ("words", "parts", "cut"),
    [
        ("公交站点", 2, [["公交 站点"]]),
        ("公共交通图", 2, [["公共 交通图", "公共交 通图"]]),
        ("公共交通站点", 3, [["公共 交通 站点"]]),
        ("公交站点 csv", 2, [["公交 站点"], []]),
        ("5G公交站点", 2, [["5g 公交 站点"]]),
        ("title:公交站点", 2, [["公交 站点"]]),
        ("公交站点 OR bus", 2, [["公交 站点"]]),
        ("公交站点 -公共交通", 2, [["公交 站点"], []]),
    ],
)
def test_long_runs_are_cut(words: str, parts: int, cut: list[list[str]]) -> None:
    other = in_parts(question(words), parts)
    assert other
    assert [sorted(wish.text for wish in one.wishes if wish.added) for one in other.clauses] == [sorted(one) for one in cut]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("公交站", 2),
        ("公共交通站", 3),
        ("“公交站点”", 2),
        ("bus stops", 2),
        ("-公交站点", 2),
        ("部门:公交站点", 2),
        ("公" * 61, 2),
    ],
)
def test_what_is_not_cut(words: str, parts: int) -> None:
    assert in_parts(question(words), parts) is None


def test_a_field_stays_where_it_was_said() -> None:
    other = in_parts(question("title:公交站点"), 2)
    assert other and {wish.field for wish in other.clauses[0].wishes} == {"title"}


@given(st.integers(4, 60), st.sampled_from([2, 3]))
def test_every_cut_is_whole_and_there_are_not_many(length: int, parts: int) -> None:
    run = fold("".join(chr(0x4E00 + place) for place in range(length)))
    other = in_parts(question(run), parts)
    if length < 2 * parts:
        assert other is None
        return
    assert other
    cuts = [[atom.text for atom in wish.atoms] for wish in other.clauses[0].wishes if wish.added]
    assert 0 < len(cuts) <= WAYS and len({tuple(cut) for cut in cuts}) == len(cuts)
    assert all("".join(cut) == run and len(cut) == parts and min(map(len, cut)) >= 2 for cut in cuts)
    longest = [max(map(len, cut)) for cut in cuts]
    assert all(left <= right for left, right in pairwise(longest)), "the most even cuts come first"


def test_parts_have_synonyms_too() -> None:
    known, _ = read("公交=公共交通")
    other = in_parts(question("公交站点", known), 2, known)
    assert other
    assert [atom.forms for atom in other.clauses[0].wishes[1].atoms] == [(("公交",), ("公共", "共交", "交通")), (("站点",),)]
