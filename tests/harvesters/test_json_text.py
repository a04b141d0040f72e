"""JSON as sources give it, and what is said about text that is none."""

import json

import orjson
import pytest

from harvesters.json_text import failure_in, loads, name_of, tamed
from metadata.errors import NotData


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, "公交", null, true]}', {"a": [1, 2.5, "公交", None, True]}),
        ("[18446744073709551615, -9223372036854775808]", [2**64 - 1, -(2**63)]),
        ("[123456789012345678901234567890]", ["123456789012345678901234567890"]),
        ('["123456789012345678901234567890"]', ["123456789012345678901234567890"]),
        ("[" + "9" * 5000 + "]", ["9" * 5000]),
        ("[1e400, -1e400, NaN, Infinity]", ["1e400", "-1e400", "NaN", "Infinity"]),
        (r'["\ud800 lone", "\ud83d\ude00"]', ["\ufffd lone", "😀"]),
        (r'{"\udfff": 1}', {"\ufffd": 1}),
    ],
)
def test_what_is_read_can_be_written_again(text: str, value: object) -> None:
    assert loads(text, "") == value
    assert orjson.loads(orjson.dumps(loads(text, ""))) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \r\n\t", "empty"),
        ("<!DOCTYPE html><title>Technical\n  Difficulties</title>", "(found: Technical Difficulties)"),
        ("<!-- build 7 --><HTML><body>", "HTML"),
        ("<br /><b>Warning</b>: mysql", "HTML"),
        ("<?xml version='1.0'?><rdf/>", "XML"),
        ("---\nlayout: null\n---\n{", "template"),
        ('{% for d in site.datasets %}{"title"', "template"),
        ("{{ catalog | json }}", "template"),
        ("Service Unavailable", "not JSON"),
        ('{"a": ', "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_json_is_told_in_one_line(text: str, words: str) -> None:
    with pytest.raises(NotData) as caught:
        loads(text, "http://example.org/data.json")
    said = str(caught.value)
    assert words in said and "\n" not in said and said.startswith("http://example.org/data.json")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"identifier": " x-1 "}, "x-1"),
        ({"identifier": 12}, "12"),
        ({"identifier": 300.21}, "300.21"),
        ({"identifier": True, "id": "b"}, "b"),
        ({"identifier": "", "id": "b"}, "b"),
        ({"identifier": "a\0b"}, "ab"),
        ({"identifier": "a\ud800"}, "a\ufffd"),
        ({"identifier": ["x"]}, None),
        ({}, None),
        ("text", None),
        (None, None),
    ],
)
def test_the_identifier_is_a_word_or_a_number(body: object, name: str | None) -> None:
    assert name_of(body, "identifier", "id") == name


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"success": False, "error": {"message": "boom", "__type": "X"}}, "boom"),
        ({"success": False}, "success is false"),
        ({"error": "down"}, "down"),
        ({"errors": [{"code": 1}]}, "[{'code': 1}]"),
        ({"error": {"__type": "Authorization Error"}}, "Authorization Error"),
        ({"success": True, "result": []}, None),
        ({"error": None}, None),
        ([], None),
    ],
)
def test_an_error_inside_an_answer_is_found(body: object, said: str | None) -> None:
    assert failure_in(body) == said


def test_numbers_of_the_exact_reader_are_tamed() -> None:
    from decimal import Decimal

    value = tamed({"a": [Decimal("1.5"), Decimal("1E+400"), 2**64, 7, True, None, "x"]})
    assert value == {"a": [1.5, "1E+400", str(2**64), 7, True, None, "x"]} and json.dumps(value)
