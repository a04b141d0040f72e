"""A profile's own names for a base standard's fields: bodies translated there and back, without code.

    {"/标题": "/title", "/更新频率": {"to": "/accrualPeriodicity", "values": {"每月": "R/P1M"}}}      JSON: pointers
    {"资源名称": "信息资源名称"}                                                                     table rows: headers
    {"http://example.org/ns#title": "http://purl.org/dc/terms/title"}                              RDF: predicates

Pointers may have `*` for every element of a list, on both sides the same number of times. What is not mapped stays where it is,
so that the base standard keeps it as unknown. RFC 6901 (JSON Pointer).
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from standards.profile_schema import Unfit
from standards.tables import Body

MOST_LINES = 500


class Line(NamedTuple):
    """One field: own name, the base's, and words that are translated."""

    own: tuple[str, ...]
    base: tuple[str, ...]
    values: Mapping[str, str]


Mapping_ = tuple[Line, ...]
Turn = tuple[tuple[str, ...], tuple[str, ...], Mapping[str, str]]


def parsed(given: Any, form: str) -> Mapping_:
    """The lines of a mapping. Raises `Unfit`."""
    if not isinstance(given, dict) or len(given) > MOST_LINES:
        raise Unfit("the mapping is not an object with at most 500 members", "mapping")
    if form == "xml" and given:
        raise Unfit("records in XML have no mapping: use a JSON, table or RDF standard as the base", "mapping")
    return tuple(_line(str(own), said, form) for own, said in given.items())


def _line(own: str, said: Any, form: str) -> Line:
    base = said.get("to") if isinstance(said, dict) else said
    values = said.get("values", {}) if isinstance(said, dict) else {}
    if not isinstance(base, str) or not isinstance(values, dict):
        raise Unfit("a line of the mapping is neither a name nor {to, values}", f"mapping/{own}", said)
    made = Line(_steps(own, form), _steps(base, form), {str(key): str(value) for key, value in values.items()})
    if made.own.count("*") != made.base.count("*"):
        raise Unfit("both sides of a line need the same number of `*`", f"mapping/{own}", base)
    return made


def _steps(name: str, form: str) -> tuple[str, ...]:
    if form != "json":
        return (name,)
    if not name.startswith("/") or len(name) < 2:
        raise Unfit("a name in the mapping of a JSON standard is a pointer such as `/title`", "mapping", name)
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in name[1:].split("/"))


def to_base(body: Any, lines: Mapping_, form: str) -> Any:
    """A body with the base standard's names."""
    return _translated(body, [(line.own, line.base, line.values) for line in lines], form)


def from_base(body: Any, lines: Mapping_, form: str) -> Any:
    """The same the other way round."""
    back = [(line.base, line.own, {value: key for key, value in reversed(list(line.values.items()))}) for line in lines]
    return _translated(body, back, form)


def own_path(path: str, lines: Mapping_, form: str) -> str:
    """The place of a finding of the base standard in the profile's own names."""
    if form != "json":
        return path
    steps = path.split("/")[1:]
    for line in sorted(lines, key=lambda each: -len(each.base)):
        if len(steps) >= len(line.base) and all(want in ("*", step) for want, step in zip(line.base, steps, strict=False)):
            numbers = iter(step for want, step in zip(line.base, steps, strict=False) if want == "*")
            front = [next(numbers) if step == "*" else step.replace("~", "~0").replace("/", "~1") for step in line.own]
            return "/" + "/".join([*front, *steps[len(line.base) :]])
    return path


def _translated(body: Any, lines: Sequence[Turn], form: str) -> Any:
    if not lines:
        return body
    if form == "json":
        return _json(body, lines)
    if form == "table":
        return _row(body, {source[0]: (target[0], values) for source, target, values in lines})
    return _rdf(body, {source[0]: target[0] for source, target, _ in lines})


def _json(body: Any, lines: Sequence[Turn]) -> Any:
    made = copy.deepcopy(body)
    taken = []
    for source, target, values in sorted(lines, key=lambda line: -len(line[0])):  # what is inside, before what is around
        for numbers, value in list(_found(made, source, ())):
            _remove(made, _numbered(source, numbers))
            taken.append((_numbered(target, numbers), _valued(value, values)))
    for path, value in sorted(taken, key=lambda each: len(each[0])):
        _put(made, path, value)
    return made


def _found(body: Any, path: tuple[str, ...], numbers: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Any]]:
    """`(numbers that the `*` stand for, value)` of what is there."""
    if not path:
        yield numbers, body
    elif path[0] == "*":
        if isinstance(body, list):
            for number, inner in enumerate(body):
                yield from _found(inner, path[1:], (*numbers, number))
    elif isinstance(body, dict) and path[0] in body:
        yield from _found(body[path[0]], path[1:], numbers)


def _numbered(path: tuple[str, ...], numbers: tuple[int, ...]) -> tuple[str | int, ...]:
    rest = iter(numbers)
    return tuple(next(rest) if step == "*" else step for step in path)


def _remove(body: Any, path: tuple[str | int, ...]) -> None:
    """Takes a member out; elements of lists stay, since others are counted by them."""
    for step in path[:-1]:
        body = body[step]
    if isinstance(body, dict):
        body.pop(path[-1], None)


def _put(body: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Puts a value where it belongs; what is missing on the way is made, what is in the way stays."""
    for step, following in pairwise(path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(body, dict):
            body = body.setdefault(step, empty)
        elif isinstance(body, list) and isinstance(step, int):
            while len(body) <= step:
                body.append(None)
            body[step] = empty if body[step] is None else body[step]
            body = body[step]
        else:
            return
    last = path[-1]
    if isinstance(body, dict):
        body[last] = value
    elif isinstance(body, list) and isinstance(last, int):
        body.extend([None] * (last + 1 - len(body)))
        body[last] = value


def _valued(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_valued(each, values) for each in value]
    return values.get(value, value) if isinstance(value, str) else value


def _row(body: Body, names: Mapping[str, tuple[str, Mapping[str, str]]]) -> Body:
    made = {**body, "cells": [_cell(cell, names) for cell in body["cells"]]}
    if "more" in body:
        made["more"] = [[_cell(cell, names) for cell in cells] for cells in body["more"]]
    return made


def _cell(cell: list[str], names: Mapping[str, tuple[str, Mapping[str, str]]]) -> list[str]:
    address, header, value = cell
    target, values = names.get(header, (header, {}))
    return [address, target, values.get(value, value)]


def _rdf(body: bytes, names: Mapping[str, str]) -> bytes:
    """N-Triples with other predicates; lines sorted anew."""
    lines = []
    for line in body.decode("utf-8", "replace").splitlines():
        subject, _, rest = line.partition(" ")
        predicate, _, value = rest.partition(" ")
        lines.append(f"{subject} <{names.get(predicate[1:-1], predicate[1:-1])}> {value}")
    return ("\n".join(sorted(lines)) + "\n").encode()
