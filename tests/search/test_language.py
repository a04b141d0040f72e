"""What a visitor typed."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.errors import Invalid
from search import language
from search.language import LONGEST, MOST, Question, Wish, question
from search.rereading import as_pinyin, in_parts
from search.understood import understood


def shown(words: str) -> list[str]:
    """Each clause: its wishes with `|` between, atoms with `+`, `-` before what is left out."""
    return [("-" if clause.negated else "") + "|".join(map(one, clause.wishes)) for clause in question(words).clauses]


def one(wish: Wish) -> str:
    words = "+".join(atom.text + ("*" if atom.begun else "") for atom in wish.atoms)
    return f"{wish.field}:{words or wish.text}" if wish.field else words


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("bus routes", ["bus", "routes"]),
        ('"bus routes" now', ["bus routes", "now"]),
        ("“公共 交通”", ["公共交通"]),
        ("「公共交通」线路", ["公共交通", "线路"]),
        ("『公共交通』", ["公共交通"]),
        ("„bus routes“", ["bus routes"]),
        ("＂bus routes＂", ["bus routes"]),
        ("bus -school", ["bus", "-school"]),
        ("bus －学校", ["bus", "-学校"]),
        ('-"bus stop" x', ["-bus stop", "x"]),
        ("-title:bus -format:csv", ["-title:bus", "-format:csv"]),
        ("-modified:2024..", ["-modified:2024.."]),
        ("real-time", ["real-time"]),
        ('an "open quote', ["an", "open quote"]),
        ("5G基站", ["5g+基站"]),
        ('"A股"', ["a+股"]),
        ("- -- !", []),
        ('""', []),
    ],
)
def test_words_phrases_and_what_is_left_out(words: str, clauses: list[str]) -> None:
    assert shown(words) == clauses


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("a OR b c", ["a|b", "c"]),
        ("a ＯＲ b", ["a|b"]),
        ("a OR b OR c d OR e", ["a|b|c", "d|e"]),
        ("a | b", ["a|b"]),
        ("公交|地铁｜轻轨 图", ["公交|地铁|轻轨", "图"]),
        ("a || b", ["a|b"]),
        ("a or b", ["a", "or", "b"]),
        ("Portland OR", ["portland", "or"]),
        ("OR bus", ["or", "bus"]),
        ("OR", ["or"]),
        ("| bus |", ["bus"]),
        ("a OR !!! OR b", ["a|b"]),
        ("a OR !!!", ["a"]),
        ('title:bus OR "bus stop"', ["title:bus|bus stop"]),
        ("(a OR b) (c)", ["a|b", "c"]),
        ("（公交 OR 地铁）图", ["公交|地铁+图"]),
        ("(-a) b", ["-a", "b"]),
        ("-a OR b", ["-a|b"]),
        ("-a OR -b c", ["-a|b", "c"]),
        ("a OR -b", ["a", "-b"]),
        ("a AND b", ["a", "b"]),
        ("AND b", ["and", "b"]),
        ('"a OR b"', ["a or b"]),
    ],
)
def test_alternatives_bind_their_neighbours(words: str, clauses: list[str]) -> None:
    assert shown(words) == clauses


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("title:公交", ["title:公交"]),
        ("标题：公交", ["title:公交"]),
        ("ＴＩＴＬＥ：bus", ["title:bus"]),
        ('title:"bus stop" x', ["title:bus stop", "x"]),
        ("title:“公交 线路”", ["title:公交线路"]),
        ("keyword:交通", ["keyword:交通"]),
        ("标签:交通", ["keyword:交通"]),
        ("信息项:经度", ["column:经度"]),
        ("title:bus|tram", ["title:bus|title:tram"]),
        ("title:bus OR tram", ["title:bus|tram"]),
        ("title:bus*", ["title:bus*"]),
        ("title:水", ["title:水"]),
        ("title:", ["title"]),
        ("title:!", ["title"]),
        ("foo:bar", ["foo+bar"]),
        ('foo:"bar baz"', ["foo+bar baz"]),
        ('-foo:"bar baz"', ["-foo+bar baz"]),
        ("https://data.example.org/file?format=csv", ["https+data.example.org/file+format+csv"]),
        ("file:///title", ["file+title"]),
        ("12:30", ["12+30"]),
        ("a:b:c", ["a+b+c"]),
        (":", []),
        ("modified:soon", ["modified+soon"]),
        ("size:large", ["size+large"]),
        ("openness:green", ["openness+green"]),
        ("说明：title", ["description:title"]),
    ],
)
def test_fields_and_what_is_none(words: str, clauses: list[str]) -> None:
    assert shown(words) == clauses


@pytest.mark.parametrize(
    ("words", "field", "values"),
    [
        ("format:csv", "format", ("CSV",)),
        ("格式：csv", "format", ("CSV",)),
        ("format:csv,json", "format", ("CSV", "JSON")),
        ("res_format:CSV", "format", ("CSV",)),
        ("frequency:monthly", "frequency", ("MONTHLY",)),
        ("更新周期:每月", "frequency", ("MONTHLY",)),
        ("licence:cc-by-4.0", "licence", ("CC-BY-4.0",)),
        ("许可：CC-BY-4.0", "licence", ("CC-BY-4.0",)),
        ("language:中文", "language", ("zh",)),
        ("theme:transport", "theme", ("TRAN",)),
        ('theme:"night life"', "theme", ("night life", "NIGHT LIFE", "Night Life", "Night life")),
        ("开放属性:有条件开放", "openness", ("conditional",)),
        ("sharing:Conditional", "sharing", ("conditional",)),
        ("quality:clean", "quality", ("clean",)),
        ("接口:有接口", "api", ("yes",)),
        ("class:基础信息资源", "class", ("1",)),
        ("standard:dcat_us_1_1", "standard", ("dcat_us_1_1",)),
        ("来源:portal-a", "source", ("portal-a", "PORTAL-A", "Portal-A", "Portal-a")),
        ("name:Bus-001", "name", ("Bus-001", "bus-001", "BUS-001")),
        ("标识符:GB/T1", "identifier", ("GB/T1", "gb/t1")),
    ],
)
def test_values_of_facets_are_known_by_their_words(words: str, field: str, values: tuple[str, ...]) -> None:
    (clause,) = question(words).clauses
    (wish,) = clause.wishes
    assert (wish.kind, wish.field) == ("facet", field)
    assert wish.values[: len(values)] == values or set(values) <= set(wish.values)


def test_alternatives_with_a_bar_have_the_same_field() -> None:
    (clause,) = question("format:csv|json").clauses
    assert [(wish.field, wish.values) for wish in clause.wishes] == [("format", ("CSV",)), ("format", ("JSON",))]


def test_a_province_is_known_by_its_short_name_and_by_its_code() -> None:
    for typed in ("地区:北京", "region:beijing", "region:北京市"):
        (clause,) = question(typed).clauses
        assert {"110000", "北京市", "Beijing"} <= set(clause.wishes[0].values)


def test_a_department_is_also_known_by_words_of_its_name() -> None:
    (clause,) = question('部门:"Transport Bureau"').clauses
    (wish,) = clause.wishes
    assert wish.kind == "facet" and wish.field == "organization" and "transport bureau" in wish.values
    assert [(atom.forms, atom.fields) for atom in wish.atoms] == [((("transport", "bureau"),), ("publisher",))]


@pytest.mark.parametrize(
    ("words", "forms"),
    [
        ("bus*", [("bus",)]),
        ("transportat＊", [("transportat",)]),
        ("cities*", [("cities",), ("city",)]),
        ("gbt210*", [("gbt210",)]),
        ("GB/T210*", [("gbt210",)]),
        ("real-ti*", [("realti",)]),
    ],
)
def test_a_prefix_is_how_one_token_begins(words: str, forms: list[tuple[str, ...]]) -> None:
    (clause,) = question(words).clauses
    (wish,) = clause.wishes
    assert wish.kind == "prefix" and wish.atoms[0].begun
    assert list(wish.atoms[0].forms) == forms


@pytest.mark.parametrize(("words", "single"), [("公共交*", False), ("公*", True)])
def test_a_run_is_found_within_others_anyway(words: str, single: bool) -> None:
    (clause,) = question(words).clauses
    (wish,) = clause.wishes
    assert wish.kind == "word" and (wish.atoms[0].text, wish.atoms[0].single) == (words[:-1], single)
    assert not wish.atoms[0].begun


@pytest.mark.parametrize("words", ["", "  ", "*", "＊", "*:*", "\u3000"])
def test_nothing_asked_for_is_everything(words: str) -> None:
    assert question(words) == Question(everything=True)


def test_nothing_usable_is_not_everything() -> None:
    assert question("!!!") == Question(everything=False)


def test_a_phrase_is_one_atom_in_order() -> None:
    (clause,) = question('"Bus Routes"').clauses
    assert clause.wishes[0].atoms[0].forms == (("bus", "route"),)


def test_what_is_left_out_is_not_wanted() -> None:
    assert [atom.text for atom in question("a OR b -c format:csv").wanted] == ["a", "b"]


def _many(separator: str, count: int) -> str:
    return separator.join(f"w{number}" for number in range(count))


@pytest.mark.parametrize(
    "words",
    [
        "x" * (LONGEST + 1),
        _many(" ", MOST + 1),
        _many(" OR ", MOST + 1),
        _many("|", MOST + 1),
        "format:" + _many(",", 200),
        "organization:" + _many(",", 200),
        _many(":", MOST + 1),
        "title:a " * (MOST + 1),
        "modified:2024 " * (MOST + 1),
    ],
)
def test_more_than_anyone_types_is_refused(words: str) -> None:
    with pytest.raises(Invalid, match="Use at most"):
        question(words)


@pytest.mark.parametrize(
    "words", ["x" * 10_000_000, "a " * 5_000_000, "(" * 10_000_000, " " * 10_000_000, 'a OR "' * 2_000_000]
)
def test_a_flood_is_refused_before_it_is_looked_at(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Any:
        raise AssertionError("it was looked at")

    monkeypatch.setattr(language, "alternatives", never)
    with pytest.raises(Invalid, match="characters"):
        question(words)


@pytest.mark.parametrize("words", ["(" * LONGEST, "-" * LONGEST, '"' * LONGEST, "|" * LONGEST, "(" * 900 + "a" + ")" * 900])
def test_nesting_is_nothing_to_fall_over(words: str) -> None:
    assert len(understood(question(words))) == 1


PARTS = [*'a-－:：|｜*＊"“”「」()（） \u3000,.。', " OR ", " AND ", "title", "标题", "format", "csv", "modified", "2024", ".."]
PARTS += [
    "公交",
    "公",
    "gongjiao",
    "GB/T",
    "210",
    ">",
    "<=",
    "PM2.5",
    "ß",
    "\u0301",
    "\U0001f600",
    "ไทย",
    "size",
    "9" * 20,
    "MB",
]
typed = st.one_of(st.text(max_size=100), st.lists(st.sampled_from(PARTS), max_size=30).map("".join))


@given(typed)
def test_any_text_is_a_question_that_can_be_told(words: str) -> None:
    asked = question(words)
    told = understood(asked)
    assert len(told) == max(1, len(asked.clauses))
    assert all(part.kind in {"word", "phrase", "prefix", "field", "range", "everything", "nothing"} for part in told)


@given(typed)
def test_any_question_can_be_read_otherwise(words: str) -> None:
    asked = question(words)
    readers: list[Callable[[Question], Question | None]] = [
        as_pinyin,
        lambda one: in_parts(one, 2),
        lambda one: in_parts(one, 3),
    ]
    for read in readers:
        other = read(asked)
        if other is not None:
            assert len(other.clauses) == len(asked.clauses) and other != asked
            assert understood(other)
