"""The rules of DCAT-US 3.0, and the check that applies them: https://resources.data.gov/resources/dcat-us3/.

**The border.** An *error* is what GSA's JSON Schemas 3.0.0 (2020-12, formats asserted) refuse for the class that a description
is of, no more and no less. A *warning* is a recommended field that is not there (of the description itself and of its
distributions), or what the schemas let pass although it helps no reader (`dcat_us_3_warnings`); it never speaks of a value that
is an error already.

A rule is named after class, field and fault: `dcat-us-3/Kind/hasEmail/mailto`; its words are put together from the field's and
the fault's in `files/dcat_us_3/words.json`. An element of a list is `…/item`.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from standards.base import Finding, Rule, finding
from standards.dcat_us_3_graph import inlined
from standards.dcat_us_3_schema import FOLDER, Field, Spot, class_of, classes, spot, validator
from standards.dcat_us_3_warnings import RECOMMENDED, warnings
from standards.json_schema import MOST_ERRORS, Fault, Step, cleaned, faults, pointer, schema_file, shown, value_at

PREFIX = "dcat-us-3/"
_WORDS: dict[str, Any] = schema_file(FOLDER, "words.json")
_KEYWORDS = {
    "text": (), "keyword": ("minLength",), "code": ("maxLength",), "iri": ("iri",), "date": ("date",),
    "frequency": ("frequency",),
    "mail": ("mailto",),
}  # fmt: skip
_FAULTS = {"iri": "iri", "date": "date", "frequency": "frequency", "mail": "mailto"}
_INNER = {
    "bbox": (("coordinates", ("required", "type")), ("type", ("required", "type", "const"))),
    "point": (
        ("coordinates", ("required", "type", "item/type", "minItems", "maxItems")),
        ("type", ("required", "type", "const")),
    ),
    "shape": (("coordinates", ("required",)), ("type", ("required",))),
}


def _rules() -> dict[str, Rule]:
    made = {
        rule.id: rule
        for name, fields in classes().items()
        for field, line in fields.items()
        for rule in _of_field(name, field, line)
    }
    for name, about in _WORDS["further"].items():
        made[PREFIX + name] = Rule(
            id=PREFIX + name,
            severity=about["severity"],
            message=about["message"],
            clause=f"DCAT-US 3.0, {name.partition('/')[0]}",
            fix=about["fix"],
            link=_WORDS["page"],
        )
    return made


def _of_field(name: str, field: str, line: Field) -> Iterator[Rule]:
    if line.level == "M" or name == "PeriodOfTime":
        yield _rule(name, field, line, "required")
    if line.level == "R" and name in RECOMMENDED:
        yield _rule(name, field, line, "recommended", "warning")
    yield _rule(name, field, line, "type")
    one = "item/" if line.is_list else ""
    if one:
        yield _rule(name, field, line, "item/type")
    for keyword in _KEYWORDS.get(line.kind, ()):
        yield _rule(name, field, line, one + keyword)
        if line.many.startswith("|"):
            yield _rule(name, field, line, keyword)
    for inner, keywords in _INNER.get(line.kind, ()):
        for keyword in keywords:
            yield _rule(name, f"{field}/{inner}", line, keyword)


def _rule(name: str, field: str, line: Field, keyword: str, severity: Any = "error") -> Rule:
    zh, en = _WORDS["labels"][field.rpartition("/")[2]]
    names = {"field": f"{name}.{field}".replace("/", "."), "label": zh, "label_en": en}
    said = _WORDS["messages"][keyword.rpartition("/")[2]]
    return Rule(
        id=f"{PREFIX}{name}/{field}/{keyword}",
        severity=severity,
        message={language: words.format(**names) for language, words in said.items()},
        clause=f"DCAT-US 3.0.0, {name}, {field.partition('/')[0]}",
        fix=_fix(line, keyword),
        link=f"{_WORDS['schemas']}{name.lower()}",
    )


def _fix(line: Field, keyword: str) -> dict[str, str]:
    fixes = _WORDS["fixes"]
    if keyword == "type" and line.many in ("*", "*?"):
        return dict(fixes["list"])
    if line.kind in fixes:
        return dict(fixes[line.kind])
    return {
        language: words.format(**{"class": line.kind, "label_class": _WORDS["classes"][line.kind]})
        for language, words in fixes["object"].items()
    }


RULES = _rules()
UNREADABLE = RULES[f"{PREFIX}record/unreadable"]
NO_DATASET = RULES[f"{PREFIX}record/no-dataset"]
UNTITLED = RULES[f"{PREFIX}record/untitled"]


def check(body: Any) -> Iterator[Finding]:
    """Findings on a dataset, a service, a series, a catalogue record or a whole catalogue. Of a JSON-LD document with `@graph`
    the first of these is checked, put together with what it refers to; places are places in that. Never raises."""
    whole = inlined(cleaned(body)) if isinstance(body, dict) and "@graph" in body else body
    yield from check_class(class_of(whole), whole)


def check_class(name: str, body: Any) -> Iterator[Finding]:
    """Findings on an object of class `name`, whichever that is. Never raises."""
    found = faults(validator(name), body)
    bad: set[tuple[Step, ...]] = set()
    for fault in found:
        rule, path = told(name, fault)
        bad.add(path)
        yield finding(rule, pointer(path), "" if fault.missing is not None else shown(value_at(body, path)))
    if len(found) >= MOST_ERRORS:
        yield finding(RULES[f"{PREFIX}record/more"], "")
    if not isinstance(body, dict):
        return
    for rule_id, path, value in warnings(name, body):
        if not any(path[:length] in bad for length in range(1, len(path) + 1)):
            yield finding(RULES[PREFIX + rule_id], pointer(path), value)
    if cleaned(body) is not body:
        yield finding(RULES[f"{PREFIX}record/not-storable"], "")


def told(name: str, fault: Fault) -> tuple[Rule, tuple[Step, ...]]:
    """The rule that a schema fault breaks in a description of class `name`, and the place it speaks of."""
    path = (*fault.path, fault.missing) if fault.missing is not None else fault.path
    return _rule_at(spot(name, path), fault.keyword), path


@cache
def _rule_at(at: Spot, keyword: str) -> Rule:
    if not at.field:
        return RULES[f"{PREFIX}record/type"]
    line = classes()[at.kind][at.field]
    if not at.inner and keyword in ("format", "pattern", "enum"):
        keyword = _FAULTS[line.kind]
    item = "item/" if at.item else ""
    return RULES[PREFIX + "/".join((at.kind, at.field, *at.inner, item + keyword))]
