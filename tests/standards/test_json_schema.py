"""The schema runner: short faults, nothing fetched, nothing raised."""

from typing import Any

import orjson
import pytest

from standards.json_schema import Fault, cleaned, compiled, faults, plain, pointer, shown, value_at

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["a", "b"],
    "properties": {"a": {"type": "string", "pattern": "^x"}, "list": {"items": {"required": ["c"]}}},
}


def test_tells_place_keyword_and_what_is_missing() -> None:
    validator = compiled(_SCHEMA)
    assert faults(validator, {"a": "x", "b": 1}) == []
    assert faults(validator, {"a": "y", "list": [{"c": 1}, {}]}) == [
        Fault((), "required", "b"),
        Fault(("a",), "pattern", None),
        Fault(("list", 1), "required", "c"),
    ]
    assert faults(validator, []) == [Fault((), "type", None)]


def test_at_most_a_hundred_faults() -> None:
    assert len(faults(compiled({"items": {"type": "string"}}), list(range(500)))) == 100


def test_no_json_is_judged_by_its_plain_copy() -> None:
    assert faults(compiled(_SCHEMA), {1: 2, "a": "x", "b": {3: 4}}) == []


def test_a_wrong_schema_is_told_when_compiled_and_nothing_is_fetched() -> None:
    with pytest.raises(ValueError, match="type"):
        compiled({"type": "nonsense"})
    with pytest.raises(Exception, match="192"):
        compiled({"$ref": "http://192.0.2.1/schema.json"})


def test_pointer_escapes() -> None:
    assert pointer(("a/b", 0, "c~d")) == "/a~1b/0/c~0d" and pointer(()) == ""
    assert value_at({"a": [1, {"b": 2}]}, ("a", 1, "b")) == 2
    assert value_at({"a": [1]}, ("a", 5, "b")) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [("x" * 300, "x" * 200), (None, "null"), (True, "true"), (1.5, "1.5"), ({"a": 1}, "{1 members}"),
     ([1, 2], "[2 items]"), ([], "[]")],
)  # fmt: skip
def test_shown(value: Any, words: str) -> None:
    assert shown(value) == words


def test_a_number_too_long_to_spell_out() -> None:
    assert shown(10**5000) == "number of more than 4300 digits"


def test_what_is_fine_is_not_copied() -> None:
    body = {"a": ["b", 1, 2**64 - 1, None, {"c": "中" * 1000}] * 50}
    assert cleaned(body) is body


@pytest.mark.parametrize(
    ("value", "copy"),
    [
        ("a\x00b", "ab"), ("\ud800x", "�x"), ("\ud83d\ude8c", "\U0001f68c"), (2**64, str(2**64)), (float("nan"), None),
        ((1, 2), [1, 2]), (b"x", "b'x'"),
    ],
    ids=["nul", "half", "pair", "long", "nan", "tuple", "bytes"],
)  # fmt: skip
def test_plain(value: Any, copy: Any) -> None:
    assert plain({"k": [value]}) == {"k": [copy]}
    assert cleaned({"k": [value]}) == {"k": [copy]} or isinstance(value, float | tuple)


@pytest.mark.parametrize("depth", [61, 300, 5_000])
def test_deep_nesting_is_cut(depth: int) -> None:
    body: Any = "bottom"
    for _ in range(depth):
        body = {"a": body}
    copy = cleaned(body)
    assert b"bottom" not in orjson.dumps(copy)
    assert cleaned(copy) is copy
    assert faults(compiled({"type": "object"}), body) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("x", [(("a",), "format", None)]), (5, [(("a",), "type", None)]),
        ({"type": "Polygon"}, [(("a",), "required", "coordinates")]),
        ({"type": "Point", "coordinates": ["x"]}, [(("a", "coordinates", 0), "type", None)]),
        ([1], [(("a", 0), "type", None)]), (None, []), ("2024-01-01", []), ({"type": "Point", "coordinates": [1, 2]}, []),
    ],
)  # fmt: skip
def test_of_alternatives_the_one_that_was_meant_is_told(value: Any, told: list[Any]) -> None:
    def shape(kind: str, least: int) -> dict[str, Any]:
        coordinates = {"type": "array", "items": {"type": "number"}, "minItems": least}
        properties = {"type": {"const": kind}, "coordinates": coordinates}
        return {"type": "object", "required": ["type", "coordinates"], "properties": properties}

    days = {
        "anyOf": [
            {"type": "string", "enum": ["now"]},
            {"type": "string", "format": "date"},
            {"type": "string", "pattern": "^R/"},
        ]
    }
    words = {"type": "array", "items": {"type": "string"}}
    branches = [{"type": "null"}, days, shape("Point", 1), shape("Polygon", 9), words]
    schema = compiled({"properties": {"a": {"anyOf": branches}}})
    assert [tuple(fault) for fault in faults(schema, {"a": value})] == told


def test_where_the_type_is_wrong_nothing_else_is_said() -> None:
    schema = compiled({"properties": {"a": {"type": "string", "const": "x"}}, "required": ["b"]})
    assert faults(schema, {"a": 5}) == [Fault((), "required", "b"), Fault(("a",), "type", None)]


def test_one_of_many_that_all_fit_is_one_fault() -> None:
    schema = compiled({"oneOf": [{"type": "string"}, {"minLength": 1}]})
    assert [fault.keyword for fault in faults(schema, "x")] == ["oneOf"]
