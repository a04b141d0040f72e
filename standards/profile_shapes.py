"""SHACL shapes of a profile as a standard's check: results become findings, worded by the shapes' own messages."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, Triple

from metadata.text import Text
from standards.base import Finding, Rule, Severity, Unreadable, finding
from standards.profile_schema import Unfit
from standards.rdf import PREFIXES, Term
from standards.rdf_document import parse
from standards.rdf_graph import graph_of
from standards.shacl_core import Checker, OutOfSteps, Result
from standards.shacl_shapes import Path, Shape, parsed

_SEVERITIES: dict[str, Severity] = {"Violation": "error", "Warning": "warning", "Info": "info"}
_WORDS: dict[str, Text] = {
    "minCount": {"zh": "缺少必填项", "en": "A value that is asked for is missing"},
    "maxCount": {"zh": "值的个数过多", "en": "There are more values than allowed"},
    "class": {"zh": "值不属于规定的类", "en": "The value is not of the class that is asked for"},
    "datatype": {
        "zh": "值的数据类型不对，或者写法不合该类型",
        "en": "The value is not of the datatype, or not written as it wants",
    },
    "nodeKind": {"zh": "值的种类不对（应为网址或文字）", "en": "The value is of the wrong kind (an address, or words)"},
    "in": {"zh": "值不在允许的列表中", "en": "The value is none of those allowed"},
    "pattern": {"zh": "值不符合规定的格式", "en": "The value does not have the form that is asked for"},
    "uniqueLang": {"zh": "同一语言有多个值", "en": "There are several values in one language"},
    "languageIn": {"zh": "语言不在允许之列", "en": "The language is none of those allowed"},
    "closed": {"zh": "出现了不允许的属性", "en": "There is a property that is not allowed"},
}
_OTHER: Text = {"zh": "不符合规定", "en": "This is not what the profile asks for"}


def checker(prefix: str, shapes: bytes, rules: dict[str, Rule]) -> Callable[[Any], Iterator[Finding]]:
    """The check of these shapes; puts its rules into `rules`. Raises `Unfit`."""
    try:
        chosen = parsed(parse(shapes).triples)
    except Unreadable as problem:
        raise Unfit("the shapes cannot be read", problem.finding.path, problem.finding.value) from None
    worded = {(shape, name): _rule(prefix, shape, name, rules) for shape in chosen.all for name, _ in shape.components}
    too_long = Rule(
        id=f"{prefix}/too-long",
        severity="warning",
        message={"zh": "这条记录的核查耗时过长，已中止", "en": "Checking this record took too long, and was stopped"},
        clause="",
        fix={"zh": "简化规范中的形状，或者拆分记录", "en": "Simplify the profile's shapes, or split the record"},
    )
    rules[too_long.id] = too_long

    def check(body: Any) -> Iterator[Finding]:
        if not isinstance(body, bytes) and not (isinstance(body, list) and all(isinstance(each, Triple) for each in body)):
            return
        try:
            for result in Checker(chosen, graph_of(body)).results():
                yield _told(result, worded)
        except OutOfSteps:
            yield finding(too_long, "")
        except Unreadable as problem:
            yield problem.finding

    return check


def _rule(prefix: str, shape: Shape, name: str, rules: dict[str, Rule]) -> Rule:
    """The rule of a shape's component: `city/title/minCount`; its words from the profile's messages, the shape, or ours."""
    rule_id = f"{prefix}/{_local(shape)}/{name}"
    if rule_id in rules:
        return rules[rule_id]
    general = rules.get(f"{prefix}/other")
    made = Rule(
        id=rule_id,
        severity=_SEVERITIES.get(shape.severity, "error"),
        message=shape.message or _WORDS.get(name, _OTHER),
        clause=general.clause if general else "",
        fix={},
        link=general.link if general else "",
    )
    rules[rule_id] = made
    return made


def _local(shape: Shape) -> str:
    named = next((step for step in _predicates(shape.path) if step), "") if shape.path else ""
    if named:
        return named.rstrip("/#").replace("#", "/").rpartition("/")[2] or "path"
    node = shape.node.value if isinstance(shape.node, NamedNode) else "shape"
    return node.rstrip("/#").replace("#", "/").rpartition("/")[2]


def _predicates(path: Path | None) -> Iterator[str]:
    if path is None:
        return
    for part in path[1]:
        if isinstance(part, NamedNode):
            yield part.value
        else:
            yield from _predicates(cast(Path, part))


def _told(result: Result, worded: dict[tuple[Shape, str], Rule]) -> Finding:
    name = result.component.removesuffix("ConstraintComponent")
    rule = worded[result.shape, name[0].lower() + name[1:]]
    steps = " / ".join(_short(step) for step in _predicates(result.path))
    return finding(rule, f"{result.focus} {steps}".strip(), _value(result.value))


def _short(iri: str) -> str:
    prefix = next((name for name, start in PREFIXES.items() if iri.startswith(start)), None)
    return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}" if prefix else f"<{iri}>"


def _value(value: Term | None) -> str:
    if value is None:
        return ""
    return value.value if isinstance(value, Literal | NamedNode) else str(value)
