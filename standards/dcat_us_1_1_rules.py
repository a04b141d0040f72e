"""The rules of DCAT-US 1.1, and the check that applies them.

**The border.** An *error* is what the official JSON Schemas refuse (Project Open Data Metadata Schema v1.1, federal and
non-federal, draft 4, `format: uri` asserted as the official harvester's own installation does), no more and no less, so that
the verdict "has no error" is the official one. A *warning* is what they let pass although it is no use to a reader: dates the
wrong way round, HTML in a description, a distribution without any URL. A warning never tells of a value that is an error
already. A record without a title that is still an object is refused by the schemas, and by `read`.

A rule is named after its field and the schema keyword that fails, `dcat-us-1.1/contactPoint/hasEmail/mailto`; its words are
put together from the field's and the keyword's in `files/dcat_us_1_1/rules.json`. List positions are left out of names; an
element of a list of words is `…/item`.
"""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

from standards import cross_field
from standards.base import Finding, Rule
from standards.dcat_us_1_1_patterns import PATTERNS
from standards.dcat_us_1_1_warnings import warnings
from standards.json_schema import Fault, Step, Validator, compiled, faults, pointer, schema_file, shown, value_at

_FOLDER = "dcat_us_1_1"
_PREFIX = "dcat-us-1.1/"
_WORDS: dict[str, Any] = schema_file(_FOLDER, "rules.json")


def _clause(anchor: str) -> str:
    return f"{_WORDS['page']}#{anchor}" if anchor else str(_WORDS["page"])


def _schema_rule(field: str, keyword: str) -> Rule:
    said, about = _WORDS["messages"][keyword], _WORDS["fields"][field]
    names = {"field": field or "dataset", "label": about["label"]}
    return Rule(
        id=f"{_PREFIX}{field or 'record'}/{keyword}",
        severity="error",
        message={language: words.format(**names) for language, words in said.items()},
        clause=_clause(about["anchor"]),
        fix=about["fix"],
        link=_clause(about["anchor"]),
    )


def _further_rule(name: str) -> Rule:
    about = _WORDS["further"][name]
    clause = _clause(about["anchor"])
    return Rule(
        id=_PREFIX + name, severity=about["severity"], message=about["message"], clause=clause, fix=about["fix"], link=clause
    )


_BY_FAULT = {
    (field, keyword): _schema_rule(field, keyword) for field, about in _WORDS["fields"].items() for keyword in about["keywords"]
}
RULES: dict[str, Rule] = {rule.id: rule for rule in _BY_FAULT.values()}
RULES |= {_PREFIX + name: _further_rule(name) for name in _WORDS["further"]}
RULES |= cross_field.rules("dcat-us-1.1", ("future", "https", "media-type"))

UNREADABLE = RULES[_PREFIX + "record/unreadable"]
UNTITLED = RULES[_PREFIX + "record/untitled"]

_RENAMED = {("contactPoint/hasEmail", "pattern"): "mailto", ("distribution/mediaType", "not"): "null"}


def checker(profile: str) -> Callable[[Any], Iterator[Finding]]:
    """The `check` of a profile (`federal` or `non_federal`): findings in the order of the schema, errors before warnings."""

    def check(body: Any) -> Iterator[Finding]:
        bad: set[Step] = set()
        for fault in faults(validator(profile), body):
            rule, path = _told(fault)
            bad.add(path[0] if path else "")
            yield _worded(rule, pointer(path), "" if fault.missing is not None else shown(value_at(body, path)))
        for name, path, value in warnings(body, bad):
            yield _worded(RULES[_PREFIX + name], pointer(path), value)

    return check


@cache
def validator(profile: str) -> Validator:
    """The compiled schema of a profile (`federal` or `non_federal`)."""
    schema, asked = schema_file(_FOLDER, "record.json"), schema_file(_FOLDER, f"{profile}.json")
    patterns = {name: {"pattern": pattern} for name, pattern in PATTERNS.items()}
    schema["required"] = asked["required"]
    schema["$defs"] |= {**asked["$defs"], **patterns}
    return compiled(schema)


@lru_cache(maxsize=4096)
def _told(fault: Fault) -> tuple[Rule, tuple[Step, ...]]:
    """The rule that a schema error breaks, and the place it speaks of."""
    path = (*fault.path, fault.missing) if fault.missing is not None else fault.path
    field = _field(path)
    return _BY_FAULT[field, _RENAMED.get((field, fault.keyword), fault.keyword)], path


def _worded(rule: Rule, path: str, value: str) -> Finding:
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        path=path,
        value=value.replace("\x00", ""),
        message=rule.message,
        clause=rule.clause,
        fix=rule.fix,
        link=rule.link,
    )


def _field(path: tuple[Step, ...]) -> str:
    """`("distribution", 3, "accessURL")` → `distribution/accessURL`; `("keyword", 0)` → `keyword/item`."""
    names = [step for step in path if isinstance(step, str)]
    while names.count("subOrganizationOf") > 1:
        names.remove("subOrganizationOf")
    if path and isinstance(path[-1], int):
        names.append("item")
    return "/".join(names)
