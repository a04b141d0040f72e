"""Text → tokens: folding, bigrams, words, codes."""

from itertools import product

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import traditional
from search.analysis import BAR, atoms, characters, fold, fold_with_offsets, main, stream, words


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("公共交通", "公共 共交 交通"),
        ("食物環境衞生署", "食物 物环 环境 境卫 卫生 生署"),
        ("水", "水"),
        ("教育、交通", "教育 交通"),
        ("Ａｂｃ　１２", "abc 12"),
        ("Café Zürich, ΑΘΉΝΑ", "cafe zurich αθηνα"),
        ("Straße", "strasse"),
        ("the people's parks", "the people park"),
        ("cities, boxes & buses", "city box bus"),
        ("news species gas class", "news species gas class"),
        ("5G基站", "5g 基站"),
        ("GB/T 21063-2007", f"gb t 21063 2007 {BAR} gbt 210632007 gbt21063"),
        ("GBT21063", f"gbt 21063 {BAR} gbt21063"),
        ("COVID-19", f"covid 19 {BAR} covid19"),
        ("snake_case_name", f"snake case name {BAR} snakecasename"),
        ("h1n1", "h1n1"),
        ("a _ b", "a b"),
        ("ﬁne", "fine"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("데이터", "데이 이터"),
        ("गाँव", "गाँव"),
        ("ﾊﾞｽ停", "ハ\u3099 \u3099ス ス停"),
        ("バス停", "ハ\u3099 \u3099ス ス停"),
        ("مَدِينَة آب", "مدينة اب"),
        ("שָׁלוֹם", "שלום"),
        ("བོད་ཡིག", "བོད ཡིག"),
        ("गाँव। कहाँ", "गाँव कहाँ"),
        ("half \ud800 of one", "half of one"),
        ("", ""),
        ("!? — …", ""),
    ],
)
def test_streams(text: str, tokens: str) -> None:
    assert stream(text) == tokens


def test_a_question_asks_in_every_spelling_of_a_code() -> None:
    (atom,) = atoms("GB/T21063")
    assert atom.forms == (("gb", "t", "21063"), ("gbt21063",))
    assert [(atom.text, atom.single) for atom in atoms("水 公交")] == [("水", True), ("公交", False)]


@pytest.mark.parametrize(
    ("text", "language", "tokens"),
    [
        ("Surveying the cities", "en", f"surveying the city {BAR} ~survey ~citi"),
        ("Surveying, surveying!", "en-GB", f"surveying surveying {BAR} ~survey"),
        ("Real-time mapping", "en", f"real time mapping {BAR} realtime ~map"),
        ("GB/T 21063 mapping", "en", f"gb t 21063 mapping {BAR} gbt ~map gbt21063"),
        ("Straßenbahnen", "de", f"strassenbahnen {BAR} ~strassenbahn"),
        ("données ouvertes", "fr", f"donnee ouverte {BAR} ~donne ~ouvert"),
        ("качества воздуха", "ru", f"качества воздуха {BAR} ~качеств ~воздух"),
        ("公交 mapping", "en", f"公交 mapping {BAR} ~map"),
        ("mapping", "zh", "mapping"),
        ("mapping", "", "mapping"),
        ("bus", "en", "bus"),
        ("公交", "en", "公交"),
    ],
)
def test_stems_follow_after_the_bar(text: str, language: str, tokens: str) -> None:
    assert stream(text, language) == tokens
    assert main(stream(text, language)) == main(stream(text))


@pytest.mark.parametrize(
    "words", [("survey", "surveys", "surveying", "surveyed"), ("city", "cities"), ("map", "maps", "mapping")]
)
def test_forms_of_a_word_find_each_other(words: tuple[str, ...]) -> None:
    for asked, there in product(words, words):
        (atom,) = atoms(asked)
        assert atom.forms[0] == (main(stream(asked)),)
        assert any(form[0] in stream(there, "en").split(" ") for form in atom.forms)


def test_a_word_looks_for_the_stems_of_the_languages_it_may_be_in() -> None:
    (atom,) = atoms("Haltestelle", ("en", "de", "zh"))
    assert {("haltestelle",), ("haltestell",), ("~haltestell",)} <= set(atom.forms)
    assert [one.forms for one in atoms("公交 gbt21063 水 2024")] == [
        (("公交",),), (("gbt", "21063"), ("gbt21063",)), (("水",),), (("2024",),),
    ]  # fmt: skip
    assert [one.forms for one in atoms("mapping", ())] == [(("mapping",),)]


def test_characters_are_those_of_dense_scripts_once() -> None:
    assert characters([stream("水水环 abc"), stream("環境")]) == "境 水 环"
    assert characters([stream("plain")]) == ""


def test_a_whole_title_is_compared_without_joined_forms() -> None:
    assert main(stream("Real-time: Traffic!")) == "real time traffic"


def test_offsets_lead_back_to_the_text() -> None:
    folded, offsets = fold_with_offsets("Straße №１")
    assert folded == "strasse no1"
    assert [offsets[folded.index(letter)] for letter in "e1"] == [5, 8]


def test_words_tell_where_they_are_and_leave_dense_runs_out() -> None:
    folded = fold("公交Bus-12路 now")
    found = {folded[start:end]: tokens for start, end, tokens in words(folded)}
    assert found == {"bus-12": {"bus", "12", "bus12"}, "now": {"now", "~now"}}


@given(st.text(max_size=60))
def test_any_text_folds_to_a_fixed_point_and_to_clean_tokens(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_with_offsets(text)[0] == fold(text)
    assert all(token == BAR or BAR not in token for token in stream(text).split(" "))
    assert stream(text) == stream(text).strip()


@given(st.text(alphabet="abcz019-/._' 公共水環", max_size=40))
@settings(max_examples=300)
def test_a_text_has_what_its_own_words_ask_for(text: str) -> None:
    tokens = f" {stream(text)} "
    known = characters([tokens])
    for atom in atoms(text):
        assert any(f" {' '.join(form)} " in tokens for form in atom.forms) or atom.text in known


def test_the_table_is_what_opencc_says() -> None:
    table = traditional.simplified()
    convert = opencc.OpenCC("t2s").convert
    sample = "環境衛生圖書館臺灣機場車輛統計數據資料區劃學校醫療"
    assert "".join(table.get(ord(character), character) for character in sample) == convert(sample)
    assert dict(traditional.pairs()) == {chr(old): new for old, new in table.items()}
    assert all(ord(new) not in table for new in table.values())
