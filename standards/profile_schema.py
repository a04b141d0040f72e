"""JSON Schemas that were uploaded: vetted before they run, then run as a standard's check.

What a stranger's schema may not do: fetch (only `#…` references and the document's own `$id`s), run long (regular expressions
run in linear time; schemas that apply themselves twice to the same value are refused or held to shallow records), or be huge.
Drafts 4, 6, 7, 2019-09 and 2020-12 (JSON Schema Core §8, Validation §6); keywords the engine does not know are passed over.
"""

import math
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

import jsonschema_rs
import orjson

from metadata.text import Text
from standards.base import Finding, Rule, finding
from standards.json_schema import Fault, Validator, faults, pointer, shown, value_at

MOST_BYTES = 1 << 20
DEEPEST = 60
MOST_NODES = 20_000
MOST_REFERENCES = 1_000
MOST_STEPS = 10_000  # of schemas applied to one value
MOST_BRANCHES = 4
_REGEX_BYTES = 2 << 20

_HERE = ("allOf", "anyOf", "oneOf")
_ONE_HERE = ("not", "if", "then", "else")
_MAPS_HERE = ("dependentSchemas", "dependencies")
_MAPS_BELOW = ("properties", "patternProperties")
_ONE_BELOW = (
    *("additionalProperties", "propertyNames", "items", "additionalItems", "contains"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_LISTS_BELOW = ("prefixItems", "items")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_KEYWORDS = {
    "required": {"zh": "缺少必填项", "en": "A required field is missing"},
    "type": {"zh": "值的类型不对", "en": "The value is of the wrong type"},
    "enum": {"zh": "值不在允许的列表中", "en": "The value is none of those allowed"},
    "const": {"zh": "值不是规定的值", "en": "The value is not the one that is asked for"},
    "pattern": {"zh": "值不符合规定的格式", "en": "The value does not have the form that is asked for"},
    "format": {"zh": "值不符合规定的格式", "en": "The value does not have the form that is asked for"},
    "minLength": {"zh": "文字太短", "en": "The text is too short"},
    "maxLength": {"zh": "文字太长", "en": "The text is too long"},
    "minItems": {"zh": "项数太少", "en": "There are too few items"},
    "maxItems": {"zh": "项数太多", "en": "There are too many items"},
    "uniqueItems": {"zh": "列表中有重复项", "en": "The list has repeats"},
    "minimum": {"zh": "数值太小", "en": "The number is too small"},
    "maximum": {"zh": "数值太大", "en": "The number is too large"},
    "additionalProperties": {"zh": "出现了不允许的字段", "en": "There is a field that is not allowed"},
}
_OTHER = {"zh": "不符合规定", "en": "This is not what the profile asks for"}


class Unfit(Exception):
    """An uploaded file that is not taken: why, where."""

    def __init__(self, why: str, place: str = "", value: object = "") -> None:
        super().__init__(why)
        self.why, self.place, self.value = why, place, str(value)[:200]


def vetted(body: bytes) -> Any:
    """The parsed schema. Raises `Unfit` for what may not run."""
    if len(body) > MOST_BYTES:
        raise Unfit(f"the schema has more than {MOST_BYTES >> 10} KiB", value=len(body))
    try:
        schema = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise Unfit("the schema is not JSON", value=problem) from None
    if not isinstance(schema, dict):
        raise Unfit("the schema is not an object", value=type(schema).__name__)
    nodes = _Nodes(schema)
    nodes.branches()
    return schema


class _Nodes:
    """The schemas inside a schema, by their JSON pointer; what each applies to the same value, and what to parts of it."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self.own_id = root.get("$id") or root.get("id") or ""
        self.anchors: dict[str, str] = {}
        self.here: dict[str, list[str]] = {}
        self.below: dict[str, list[str]] = {}
        self._references = 0
        self._walk(root, "", 0)
        for place, node in list(self._schemas.items()):
            self._edges(place, node)

    _schemas: dict[str, Any]

    def _walk(self, value: Any, place: str, depth: int) -> None:
        """Every object inside is looked at, whether it is a schema or not: references may lead anywhere."""
        if depth == 0:
            self._schemas = {}
        if depth > DEEPEST:
            raise Unfit(f"the schema is nested deeper than {DEEPEST}", place)
        if isinstance(value, dict):
            self._schemas[place] = value
            if len(self._schemas) > MOST_NODES:
                raise Unfit(f"the schema has more than {MOST_NODES} parts", place)
            for word in ("$anchor", "$dynamicAnchor"):
                if isinstance(value.get(word), str):
                    self.anchors[value[word]] = place
            for name, inner in value.items():
                self._walk(inner, f"{place}/{name.replace('~', '~0').replace('/', '~1')}", depth + 1)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                self._walk(inner, f"{place}/{number}", depth + 1)

    def _edges(self, place: str, node: dict[str, Any]) -> None:
        here, below = self.here.setdefault(place, []), self.below.setdefault(place, [])
        for word in _REFERENCES:
            if isinstance(node.get(word), str):
                here.append(self._target(node[word], f"{place}/{word}"))
        for word in _HERE:
            here.extend(f"{place}/{word}/{number}" for number, _ in enumerate(_list(node.get(word))))
        here.extend(f"{place}/{word}" for word in _ONE_HERE if isinstance(node.get(word), dict))
        for word in _MAPS_HERE:
            here.extend(
                f"{place}/{word}/{_escaped(name)}" for name, each in _map(node.get(word)).items() if isinstance(each, dict)
            )
        for word in _MAPS_BELOW:
            below.extend(f"{place}/{word}/{_escaped(name)}" for name in _map(node.get(word)))
        below.extend(f"{place}/{word}" for word in _ONE_BELOW if isinstance(node.get(word), dict))
        for word in _LISTS_BELOW:
            below.extend(f"{place}/{word}/{number}" for number, _ in enumerate(_list(node.get(word))))

    def _target(self, reference: str, place: str) -> str:
        """The pointer that a reference leads to. Raises `Unfit` for one out of the document."""
        self._references += 1
        if self._references > MOST_REFERENCES:
            raise Unfit(f"the schema has more than {MOST_REFERENCES} references", place)
        base, _, fragment = reference.partition("#")
        if base and base != self.own_id.partition("#")[0]:
            raise Unfit("the schema refers to another document, which is not fetched", place, reference)
        if fragment and not fragment.startswith("/"):
            if fragment not in self.anchors:
                raise Unfit("the schema refers to a part of itself that is not there", place, reference)
            return self.anchors[fragment]
        if fragment not in self._schemas:
            raise Unfit("the schema refers to a part of itself that is not there", place, reference)
        return fragment

    def steps(self) -> dict[str, int]:
        """How many schemas each applies to one value. Raises `Unfit` for endless and for exploding ones."""
        try:
            order = list(TopologicalSorter(self.here).static_order())
        except CycleError as problem:
            place = problem.args[1][0]
            raise Unfit("a part of the schema applies itself to the same value without end", place) from None
        known: dict[str, int] = {}
        for place in order:
            known[place] = 1 + sum(known[inner] for inner in self.here.get(place, ()))
            if known[place] > MOST_STEPS:
                raise Unfit(f"a part of the schema applies more than {MOST_STEPS} others to one value", place)
        return known

    def branches(self) -> int:
        """How many of what a recursive schema applies to one value lead back to it, at most; 1 for most. Raises `Unfit`."""
        self.steps()
        group = self._groups()
        returning = (
            sum(group.get(each) == group[place] for each in inner) for place, inner in self.here.items() if len(inner) > 1
        )
        most = max(returning, default=1)
        if most > MOST_BRANCHES:
            raise Unfit(f"the schema applies itself {most} times to the same value", value=most)
        return max(most, 1)

    def _groups(self) -> dict[str, int]:
        """The number of each part's group: parts that lead to each other have the same one (Kosaraju's algorithm)."""
        forward = {place: [*self.here[place], *self.below[place]] for place in self.here}
        backward: dict[str, list[str]] = {}
        for place, inner in forward.items():
            for each in inner:
                backward.setdefault(each, []).append(place)
        group: dict[str, int] = {}
        for number, start in enumerate(reversed(_finished(forward))):
            pending = [start] if start not in group else []
            while pending:
                place = pending.pop()
                if place not in group:
                    group[place] = number
                    pending.extend(backward.get(place, ()))
        return group


def _finished(edges: dict[str, list[str]]) -> list[str]:
    """All places, each after those it leads to."""
    done: list[str] = []
    seen: set[str] = set()
    for start in edges:
        pending = [(start, iter(edges[start]))] if start not in seen else []
        seen.add(start)
        while pending:
            place, rest = pending[-1]
            following = next((each for each in rest if each not in seen), None)
            if following is None:
                done.append(place)
                pending.pop()
            else:
                seen.add(following)
                pending.append((following, iter(edges.get(following, ()))))
    return done


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def engine(schema: dict[str, Any]) -> Validator:
    """A validator of a vetted schema. Raises `Unfit` when the engine refuses it (a wrong keyword, a look-ahead)."""
    options = jsonschema_rs.RegexOptions(size_limit=_REGEX_BYTES, dfa_size_limit=_REGEX_BYTES)
    try:
        made = jsonschema_rs.validator_for(schema, offline=True, validate_formats=True, pattern_options=options, mask="value")
    except (ValueError, TypeError) as problem:
        place = "".join(f"/{step}" for step in getattr(problem, "instance_path", ()))
        raise Unfit("the schema cannot be used (a look-ahead, for instance)", place, str(problem).split("\n", 1)[0]) from None
    return Validator(made, made, ())


def deepest(schema: dict[str, Any]) -> int:
    """How deep a record may nest so that checking it stays short."""
    branches = _Nodes(schema).branches()
    return DEEPEST if branches < 2 else int(math.log(100_000) / math.log(branches))


def rules(prefix: str, messages: dict[str, Any], clause: str, link: str) -> dict[str, Rule]:
    """A rule for each keyword, and those that `messages` words for a field: `contactPoint/hasEmail/pattern`."""
    made = {f"{prefix}/{word}": Rule(id=f"{prefix}/{word}", severity="error", message=text, clause=clause, fix={}, link=link)
            for word, text in {**_KEYWORDS, "other": _OTHER}.items()}  # fmt: skip
    for path, said in messages.items():
        keyword = path.rpartition("/")[2]
        made[f"{prefix}/{path}"] = Rule(
            id=f"{prefix}/{path}",
            severity=said.get("severity", "error"),
            message=_text(said.get("message")) or _KEYWORDS.get(keyword, _OTHER),
            clause=said.get("clause") or clause,
            fix=_text(said.get("fix")),
            link=said.get("link") or link,
        )
    return made


def _text(value: Any) -> Text:
    return {"und": value} if isinstance(value, str) else {str(tag): str(words) for tag, words in _map(value).items()}


def findings(prefix: str, validator: Validator, known: dict[str, Rule], body: Any) -> Iterator[Finding]:
    """What a schema says of a body, worded by the nearest rule."""
    for fault in faults(validator, body):
        path = (*fault.path, fault.missing) if fault.missing is not None else fault.path
        value = "" if fault.missing is not None else shown(value_at(body, path))
        yield finding(_rule(prefix, fault, path, known), pointer(path), value)


def _rule(prefix: str, fault: Fault, path: tuple[Any, ...], known: dict[str, Rule]) -> Rule:
    field = "/".join(step for step in path if isinstance(step, str))
    worded = known.get(f"{prefix}/{field}/{fault.keyword}" if field else f"{prefix}/{fault.keyword}")
    return worded or known.get(f"{prefix}/{fault.keyword}") or known[f"{prefix}/other"]


def depth(body: Any) -> int:
    """How deep objects and lists are nested, level by level."""
    level, found = [body], 0
    while level := [each for each in level if isinstance(each, dict | list)]:
        found += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return found
