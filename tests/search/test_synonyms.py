"""Words that mean the same."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

import search
from metadata.errors import Invalid
from search.analysis import fold, runs
from search.language import question
from search.synonym_groups import FORMS, NONE, Synonyms, phrase, read
from search.synonyms import LARGEST, SynonymFile, synonyms

KNOWN = """
# a remark
公交=公共交通          # another
衛健委, 卫生健康委员会
gis\tgeographic information systems
coronavirus => covid-19
ＰＭ２．５＝細顆粒物
5G基站=第五代基站
甲甲=乙乙=丙丙
"""


@pytest.fixture(scope="module")
def known() -> Synonyms:
    found, problems = read(KNOWN)
    assert not problems
    return found


def forms(words: str, known: Synonyms) -> list[list[tuple[str, ...]]]:
    """For each clause the forms of all its atoms, alternatives one after the other."""
    return [
        [form for wish in clause.wishes for atom in wish.atoms for form in atom.forms]
        for clause in question(words, known).clauses
    ]


def also(words: str, known: Synonyms) -> list[str]:
    found = []
    for clause in question(words, known).clauses:
        for wish in clause.wishes:
            found += [*wish.also, *([wish.text] if wish.added else [])]
    return found


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("公交", ["公共交通"]),
        ("公共交通", ["公交"]),
        ("公交线路图", ["公共交通线路图"]),
        ("城市公共交通", ["城市公交"]),
        ("卫健委", ["卫生健康委员会"]),
        ("衛生健康委員會", ["卫健委"]),
        ("公交 卫健委", ["公共交通", "卫生健康委员会"]),
        ("GIS", ["geographic information systems"]),
        ("geographic information system", ["gis"]),
        ("Geographic Information Systems map", ["gis"]),
        ("information geographic system", []),
        ("coronavirus", ["covid-19"]),
        ("covid-19", []),
        ("PM2.5浓度", ["细颗粒物"]),
        ("细颗粒物浓度", ["pm2.5浓度"]),
        ("5G基站", ["第五代基站"]),
        ("title:公交", ["公共交通"]),
        ("部门:卫健委", ["卫生健康委员会"]),
        ("公交 OR 地铁", ["公共交通"]),
        ("“公交”", []),
        ("公交*", ["公共交通"]),
        ("公 交", []),
        ("bus", []),
    ],
)
def test_what_is_looked_for_too(words: str, others: list[str], known: Synonyms) -> None:
    assert also(words, known) == others


def test_a_synonym_is_one_more_form(known: Synonyms) -> None:
    assert forms("公交线路", known) == [[("公交", "交线", "线路"), ("公共", "共交", "交通", "通线", "线路")]]
    assert forms("细颗粒物", known)[0][1:] == [("pm", "2", "5")]


def test_a_name_of_several_words_is_an_alternative_to_all_of_them(known: Synonyms) -> None:
    (clause,) = question("geographic information system", known).clauses
    typed, added = clause.wishes
    assert [atom.forms[0] for atom in typed.atoms] == [("geographic",), ("information",), ("system",)]
    assert [atom.forms[0] for atom in added.atoms] == [("gis",)] and added.added and not typed.added


def test_what_is_left_out_is_left_out_by_all_its_names(known: Synonyms) -> None:
    (clause,) = question("-公交", known).clauses
    assert clause.negated and clause.wishes[0].also == ("公共交通",)


def test_the_longest_name_wins_and_forms_are_bounded() -> None:
    known, _ = read("公交=公共交通\n公交车=公共汽车")
    assert also("公交车站", known) == ["公共汽车站"]
    many, _ = read("甲甲=乙乙=丙丙=丁丁=戊戊")
    (clause,) = question("甲甲甲甲甲甲甲甲", many).clauses
    assert len(clause.wishes[0].atoms[0].forms) == FORMS
    assert question("甲甲" * 500, many).clauses[0].wishes[0].also == ()


def test_a_form_of_one_character_among_others_is_dropped() -> None:
    known, _ = read("细颗粒物=PM2.5")
    assert also("含细颗粒物", known) == []
    assert also("细颗粒物量", known) == []


@pytest.mark.parametrize(
    ("line", "value", "remedy"),
    [
        ("公交", "公交", "Write a=b"),
        ("公交=", "公交=", "Write a=b"),
        ("=> b", "=> b", "Write a=b"),
        ("a => b => c", "a => b => c", "Write a=b"),
        ("水=河流", "水", "at least two characters"),
        ("bus=!!!", "!!!", "at least two characters"),
        ("x" * 61 + "=y", "x" * 61, "at most 60"),
        ("=".join(f"word{number}" for number in range(30)), "word0=word1", "at most 20"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_and_the_others_are_used(line: str, value: str, remedy: str) -> None:
    known, problems = read(f"公交=公共交通\n{line}\nbus=coach", "words.txt")
    (problem,) = problems
    assert problem.place == "words.txt, line 2" and (problem.value or "").startswith(value) and remedy in problem.remedy
    assert also("公交", known) == ["公共交通"] and also("coach", known) == ["bus"]


@given(st.text(alphabet="公交共通=,\t#>ab \n", max_size=80), st.text(alphabet="公交共通ab ", max_size=30))
def test_any_file_can_be_read_and_typed_words_stay(text: str, words: str) -> None:
    known, _ = read(text)
    plain, wide = question(words), question(words, known)
    typed = [atom.forms[0] for atom in plain.wanted]
    kept = [atom.forms for atom in wide.wanted]
    assert all(any(form in forms for forms in kept) for form in typed)
    assert all(len(forms) <= FORMS and all(forms) for forms in kept)


# The file


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def later(path: Path, text: str | bytes) -> None:
    """Writes a file whose time is another than before."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path, clock = tmp_path / "words.txt", Clock()
    later(path, "轻轨=轻型轨道")
    file = SynonymFile(path, clock)
    assert also("轻轨", file.now()) == ["轻型轨道"] and also("公交", file.now()) == ["公共交通"]
    later(path, "轻轨=有轨电车")
    assert also("轻轨", file.now()) == ["轻型轨道"], "it looks once a second"
    clock.now += 1.0
    assert also("轻轨", file.now()) == ["有轨电车"]
    same = file.now()
    clock.now += 1.0
    assert file.now() is same, "what did not change is not read again"


def test_what_was_read_stays_when_the_file_cannot_be(tmp_path: Path) -> None:
    path, clock = tmp_path / "words.txt", Clock()
    later(path, "轻轨=有轨电车")
    file = SynonymFile(path, clock)
    assert also("轻轨", file.now()) == ["有轨电车"] and not file.problems
    for text, message in ((b"\xff\xfe\x00", "no UTF-8"), (b"a" * (LARGEST + 1), "bytes")):
        later(path, text)
        clock.now += 1.0
        assert also("轻轨", file.now()) == ["有轨电车"]
        assert message in str(file.problems[0]) and str(path) in str(file.problems[0])
    path.unlink()
    clock.now += 1.0
    assert also("轻轨", file.now()) == ["有轨电车"] and "cannot be read" in str(file.problems[0])
    later(path, "轻轨=轻型轨道\n轻轨")
    clock.now += 1.0
    with capture_logs() as told:
        assert also("轻轨", file.now()) == ["轻型轨道"]
    assert file.problems[0].place == f"{path}, line 2"
    assert [line["problem"] for line in told] == [str(file.problems[0])]


def test_a_file_that_is_not_there_takes_nothing_away(tmp_path: Path) -> None:
    file = SynonymFile(tmp_path / "none.txt", Clock())
    assert also("公交", file.now()) == ["公共交通"] and isinstance(file.problems[0], Invalid)


def test_without_a_file_there_are_those_that_come_with_mulu() -> None:
    assert also("公交", synonyms(None)) == ["公共交通"]
    assert synonyms(None) is synonyms(None)
    assert also("公交", NONE) == []


def shipped() -> str:
    return (Path(search.__file__).parent / "synonyms.txt").read_text("utf-8")


def test_what_comes_with_mulu_is_clean() -> None:
    known, problems = read(shipped())
    assert not problems
    assert len(known.within) >= 100
    for name, others in known.within.items():
        assert name == fold(name) and all(phrase(other) for other in others)
        assert len(others) < FORMS


def test_short_names_that_arise_by_chance_are_never_looked_for() -> None:
    """Two characters that meet where two words do (中医保健, 农民企业, 创新冠军) must not be what is given for a long name."""
    known, _ = read(shipped())
    given = {other for others in known.within.values() for other in others if runs(other) == [other] and len(other) == 2}
    assert given == {"公交", "农委", "残联", "妇联", "疾控", "驾照"}
