"""How a question is told."""

import pytest

from search.base import Understood
from search.language import question
from search.rereading import as_pinyin
from search.synonym_groups import read
from search.understood import understood

KNOWN, _ = read("公交=公共交通\ngis=geographic information system")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", [Understood("everything")]),
        ("*", [Understood("everything")]),
        ("!!!", [Understood("nothing")]),
        ("bus", [Understood("word", ("bus",))]),
        ("5G基站", [Understood("word", ("5G基站",))]),
        ('"bus stop" -school', [Understood("phrase", ("bus stop",)), Understood("word", ("school",), negated=True)]),
        ("公交", [Understood("word", ("公交",), also=("公共交通",))]),
        ("GIS data", [Understood("word", ("GIS",), also=("geographic information system",)), Understood("word", ("data",))]),
        ("geographic information system", [Understood("word", ("geographic information system",), also=("gis",))]),
        ("gbt210*", [Understood("prefix", ("gbt210",))]),
        ("a OR b", [Understood("word", ("a", "b"))]),
        ("标题:bus", [Understood("word", ("bus",), "title")]),
        ('title:"bus stop"', [Understood("phrase", ("bus stop",), "title")]),
        ("-format:csv,json", [Understood("field", ("CSV", "JSON"), "format", negated=True)]),
        ("format:csv|json", [Understood("field", ("CSV", "JSON"), "format")]),
        ("source:Portal-A", [Understood("field", ("Portal-A",), "source")]),
        ("更新周期:每月", [Understood("field", ("MONTHLY",), "frequency")]),
        ("部门:交通局", [Understood("field", ("交通局",), "organization")]),
        ("modified:>2020", [Understood("range", field="modified", bounds=("2021", None))]),
        ("size:..10MB", [Understood("range", field="size", bounds=(None, "10000000"))]),
        ("foo:bar", [Understood("word", ("foo:bar",))]),
        (
            'title:a OR "b c" OR d* OR modified:2024.. OR issued:2024 OR format:csv OR 部门:"x y"',
            [
                Understood(
                    "word",
                    ("title:a", '"b c"', "d*", "modified:2024..", "issued:2024", "format:CSV", 'organization:"x y"'),
                )
            ],
        ),
        ("modified:2024 OR modified:2020..2021", [Understood("word", ("modified:2024", "modified:2020..2021"))]),
    ],
)
def test_each_clause_is_told(words: str, parts: list[Understood]) -> None:
    assert list(understood(question(words, KNOWN))) == parts


def test_another_reading_is_told_beside_what_was_typed() -> None:
    other = as_pinyin(question("gonggong bus"))
    assert other and understood(other) == (Understood("word", ("gonggong",), also=("gong gong",)), Understood("word", ("bus",)))


@pytest.mark.parametrize("words", ['title:a OR "b c"', "modified:2024 OR modified:2020..2021", "a OR title:b", "d* OR e"])
def test_alternatives_of_several_kinds_can_be_typed_again(words: str) -> None:
    (told,) = understood(question(words))
    assert understood(question(" OR ".join(told.words))) == (told,)
