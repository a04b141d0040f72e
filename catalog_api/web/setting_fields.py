"""Forms made from models: each field of a pydantic model as something to fill in, and what was filled in as its values.

What a field is comes from the model's JSON schema: its title, its default, what may be chosen, its bounds, and
`format: password` for what is secret. A secret is never put into a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import BaseModel

from catalog_api.web.translation import N_

NUMBERS = {"integer": int, "number": float}
TYPED = "1"
"""The value of the hidden field that tells that a form was on the page: a box that is not ticked sends nothing."""


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `kind`: `line`, `number`, `choice`, `tick`, `secret` or `json`; `default` is what stands for itself
    when nothing is given; `least` and `most` bound a number."""

    id: str
    title: str
    kind: str
    value: str
    default: str
    choices: tuple[str, ...] = ()
    least: Any = None
    most: Any = None

    @property
    def options(self) -> list[tuple[str, str]]:
        """What may be chosen, each with the word that is shown."""
        return [(one, one or "–") for one in self.choices]


@dataclass(frozen=True)
class Fault:
    """What is wrong with what was typed: the field it is shown beside (empty: the form), in the program's English or ours."""

    field: str
    message: str
    value: str = ""
    remedy: str = ""


def fields_of(model: type[BaseModel], prefix: str, words: Mapping[str, str]) -> list[Field]:
    """The form of a model. `words` is what was typed before, by id: `PREFIX.NAME`."""
    schema = model.model_json_schema()
    made = [_field(f"{prefix}.{name}", _plain(told, schema)) for name, told in schema.get("properties", {}).items()]
    kept = [one for one in made if one.kind != "constant"]
    return [_filled(one, prefix, words) for one in kept]


def values_of(model: type[BaseModel], prefix: str, words: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """What was typed into the form of a model, without what is as its default, and what is wrong with it."""
    given: dict[str, Any] = {}
    faults: list[Fault] = []
    for one in fields_of(model, prefix, words):
        text = words.get(one.id, "") if one.kind == "secret" else one.value.strip()
        if text == one.default or (one.kind == "json" and not text):
            continue
        try:
            given[one.id.removeprefix(f"{prefix}.")] = _value(one, text, model)
        except ValueError:
            message, remedy = _WRONG[one.kind]
            faults.append(Fault(one.id, message, text[:200], remedy))
    return given, faults


def typed(model: type[BaseModel], prefix: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Values as they would have been typed, for a form that is filled in before anyone typed; secrets are left out."""
    words = {prefix: TYPED}
    for one in fields_of(model, prefix, {}):
        name = one.id.removeprefix(f"{prefix}.")
        if one.kind != "secret":
            words[one.id] = _text(given[name]) if name in given else one.default
    return words


_WRONG = {
    "number": (N_("this is no number"), N_("Write a number, for example 10.")),
    "json": (N_("this is no JSON"), N_('Write it as JSON, for example {"name": "value"}.')),
}


def _field(id_: str, told: Mapping[str, Any]) -> Field:
    default = _text(told.get("default"))
    choices = tuple(str(one) for one in told.get("enum", ()))
    least, most = told.get("minimum"), told.get("maximum")
    return Field(id_, str(told.get("title") or id_), _kind(told), default, default, choices, least, most)


def _kind(told: Mapping[str, Any]) -> str:
    if "const" in told:
        return "constant"
    if told.get("format") == "password":
        return "secret"
    if "enum" in told:
        return "choice"
    kinds = {"boolean": "tick", "object": "json", "array": "json", "string": "line", **dict.fromkeys(NUMBERS, "number")}
    return kinds.get(str(told.get("type")), "json")


def _plain(told: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """A property without references, and without the null that stands for nothing given."""
    some = [one for one in told.get("anyOf", ()) if one.get("type") != "null"]
    found = {**told, **(some[0] if len(some) == 1 else {})}
    if reference := found.get("$ref"):
        found = {**schema["$defs"][reference.rpartition("/")[2]], **found}
    return found


def _filled(one: Field, prefix: str, words: Mapping[str, str]) -> Field:
    if words.get(prefix) != TYPED:
        value = one.default
    elif one.kind == "tick":
        value = "true" if words.get(one.id) == "true" else "false"
    else:
        value = words.get(one.id, one.default)
    value = "" if one.kind == "secret" else value
    return Field(one.id, one.title, one.kind, value, one.default, one.choices, one.least, one.most)


def _value(one: Field, text: str, model: type[BaseModel]) -> Any:
    if one.kind == "json":
        return orjson.loads(text)
    if one.kind == "tick":
        return text == "true"
    if one.kind != "number":
        return text
    annotation = model.model_fields[one.id.rpartition(".")[2]].annotation
    return int(text) if annotation is int else float(text)


def _text(value: Any) -> str:
    if value is None or value == {} or value == []:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return str(value)
