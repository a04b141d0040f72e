"""What the official JSON Schemas say of a record, as a set of (place, keyword), after the collapses that our pages write down.

An official schema says "text in this form, or null, or redacted" as alternatives, and its validator complains of each.
Collapsed here, on the errors of either engine, by code of its own:

1. `anyOf`: the alternative for a redacted value is not meant unless the value begins with `[[`; of the others, those that
   refuse the value's JSON type are not meant (a list of words too, when it has none of that type). None left: the place has a
   `type` fault. Several left: the one with a fault in the fewest tags (`const`, `enum` one step below), then with the fewest
   faults; of equal ones a form (`format`, then `pattern`) before a list of words (`enum`), and the first in the schema.
2. A `required` fault is told at the place of the member that is missing.
3. Where the JSON type is wrong, nothing else is said of that place.
4. `const` is an `enum` of one; `dependencies` and `allOf` are not told themselves, only what they ask for.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import jsonschema
import jsonschema_rs

Path = tuple[str | int, ...]
Faults = frozenset[tuple[Path, str]]
_RANK = {"format": 0, "pattern": 1}


class Error(NamedTuple):
    """An error of either engine; `branches` has the errors of each alternative of an `anyOf`, in order."""

    path: Path
    keyword: str
    missing: str
    branches: list[list["Error"]]
    redaction: bool = False
    words: tuple[Any, ...] = ()


def of_fast(error: Any) -> Error:
    """An error of jsonschema-rs."""
    kind = error.kind
    branches = getattr(kind, "context", None) or []
    return Error(
        tuple(error.instance_path),
        kind.name,
        kind.property if kind.name == "required" else "",
        [[of_fast(inner) for inner in branch] for branch in branches],
        kind.name == "pattern" and "REDACTED" in kind.pattern,
        tuple(kind.options) if kind.name == "enum" else (),
    )


def of_reference(error: Any) -> list[Error]:
    """The errors of one error of `jsonschema`; a `required` with its property."""
    branches: dict[int, list[Error]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).extend(of_reference(inner))
    missing = error.message.split("'")[1] if error.validator == "required" else ""
    redaction = error.validator == "pattern" and "REDACTED" in error.validator_value
    words = tuple(error.validator_value) if error.validator == "enum" else ()
    return [Error(tuple(error.absolute_path), error.validator, missing, list(branches.values()), redaction, words)]


def collapsed(errors: Iterable[Error], body: Any) -> Faults:
    """(place, keyword) of what is meant."""
    found = {fault for error in errors for fault in _meant(error, body)}
    wrong = {path for path, keyword in found if keyword == "type"}
    return frozenset((path, keyword) for path, keyword in found if keyword == "type" or path not in wrong)


def _meant(error: Error, body: Any) -> list[tuple[Path, str]]:
    if not error.branches:
        path = (*error.path, error.missing) if error.missing else error.path
        return [(path, "enum" if error.keyword == "const" else error.keyword)]
    value = _at(body, error.path)
    hidden = isinstance(value, str) and value.startswith("[[")
    alternatives = [
        branch
        for branch in error.branches
        if hidden or not any(inner.redaction and inner.path == error.path for inner in branch)
    ]
    alternatives = [branch for branch in alternatives if not any(_foreign(inner, error.path, value) for inner in branch)]
    told = [[fault for inner in branch for fault in _meant(inner, body)] for branch in alternatives]
    near = [branch for branch in told if (error.path, "type") not in branch]
    if not near:
        return [(error.path, "type")]
    return min(near, key=lambda branch: (_tags(error.path, branch), len(branch), _RANK.get(branch[0][1], 2)))


def _foreign(error: Error, path: Path, value: Any) -> bool:
    """Whether it is a list of words, none of which has the value's type."""
    return error.path == path and bool(error.words) and not any(type(word) is type(value) for word in error.words)


def _tags(path: Path, branch: list[tuple[Path, str]]) -> int:
    return sum(keyword == "enum" and len(place) == len(path) + 1 for place, keyword in branch)


def _at(body: Any, path: Path) -> Any:
    for step in path:
        body = body[step]
    return body


def steps(pointer: str, body: Any) -> Path:
    """The steps of a pointer: numbers where there is a list."""
    steps: list[str | int] = []
    for word in pointer.split("/")[1:]:
        step = int(word) if isinstance(body, list) else word.replace("~1", "/").replace("~0", "~")
        steps.append(step)
        body = body[step] if isinstance(body, list) else body.get(step) if isinstance(body, dict) else None
    return tuple(steps)


def formats() -> jsonschema.FormatChecker:
    """A checker that judges every format: where the optional package for it is missing, by the other engine."""
    checker = jsonschema.FormatChecker()
    for name in ("uri", "iri", "date-time"):
        if name not in checker.checkers:
            checker.checks(name)(_judge(name))
    return checker


def _judge(name: str) -> Callable[[Any], bool]:
    judge = jsonschema_rs.validator_for({"format": name}, validate_formats=True).is_valid
    return lambda value: bool(judge(value))


def mutants(value: Any, odd: Iterable[Any]) -> Iterator[Any]:
    """Copies of a JSON value in which one place is something odd, or is missing."""
    yield from odd
    if isinstance(value, dict):
        for name, inner in value.items():
            rest = {key: each for key, each in value.items() if key != name}
            yield rest
            yield from ({**rest, name: mutant} for mutant in mutants(inner, odd))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield [*value[:at], *value[at + 1 :]]
            yield from ([*value[:at], mutant, *value[at + 1 :]] for mutant in mutants(inner, odd))
