"""Where a value stands in JSON of any shape: paths and templates, written in settings, evaluated without code.

    data.list            dotted; a number is an element of a list; `*` every one; a name asked of a list is asked of all in it
    /data/list/0/a~1b    a JSON Pointer (RFC 6901), for names with dots or bars
    .                    the whole
    title | name         the first of these that says something
    https://x/{id}?t={type}   a template: text with paths in braces; without one of its values it gives nothing
    =市民政局             these words, whatever the record says

Text that holds JSON (JSON written into a JSON string) is opened when a path leads into it. Nothing here raises on a record.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

_HOLE = re.compile(r"\{([^{}]*)\}")
_NOTHING = frozenset(("", "暂无", "无数据", "null", "NULL", "None", "undefined", "--", "—"))
_MOST = 10_000  # values of one path


class WrongPath(ValueError):
    """A path that cannot be read; says why."""


Steps = tuple[str, ...]


class Way(NamedTuple):
    """One alternative: a path, a template (text, path, text, …, text), or constant words."""

    steps: Steps = ()
    template: tuple[Any, ...] = ()
    words: str = ""


def steps_of(path: str) -> Steps:
    """The steps of a path. Raises `WrongPath`."""
    path = path.strip()
    if path in ("", ".", "/"):
        return ()
    if path.startswith("/"):
        return tuple(step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/"))
    plain = path.replace("[*]", ".*").replace("[]", ".*").replace("[", ".").replace("]", "")
    steps = tuple(step.strip() for step in plain.strip(".").split("."))
    if not all(steps):
        raise WrongPath(f"a path has an empty step: {path!r}")
    return steps


def ways(said: str) -> tuple[Way, ...]:
    """The alternatives of a path or template. Raises `WrongPath`."""
    if not said.strip():
        raise WrongPath("a path is empty; `.` means the whole")
    if said.strip().startswith("="):
        return (Way(words=said.strip()[1:].strip()),)
    if "{" in said or "}" in said:
        return (_template(said),)
    return tuple(Way(steps_of(each)) for each in re.split(r"\s+\|\s+", said.strip()))


def _template(said: str) -> Way:
    parts: list[Any] = []
    end = 0
    for hole in _HOLE.finditer(said):
        parts += [said[end : hole.start()], steps_of(hole[1])]
        end = hole.end()
    parts.append(said[end:])
    if any("{" in part or "}" in part for part in parts if isinstance(part, str)) or len(parts) == 1:
        raise WrongPath(f"the braces of a template do not match: {said!r}")
    return Way(template=tuple(parts))


def opened(value: Any) -> Any:
    """What JSON text holds; anything else as it is."""
    if not isinstance(value, str) or value[:1].strip() not in ("", "{", "[") or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def found(body: Any, steps: Steps) -> Iterator[Any]:
    """Every value at a path."""
    if not steps:
        yield body
        return
    body, step = opened(body), steps[0]
    if isinstance(body, dict):
        if step in body:
            yield from found(body[step], steps[1:])
        elif step == "*":
            for inner in body.values():
                yield from found(inner, steps[1:])
    elif isinstance(body, list):
        if step == "*":
            some = body
        elif step.isdecimal():
            some = body[int(step) : int(step) + 1] if len(step) < 10 else []
        else:
            some, steps = body, ("", *steps)
        for inner in some[:_MOST]:
            yield from found(inner, steps[1:])


def first(body: Any, steps: Steps) -> Any:
    """The first value at a path; None when there is none."""
    return next(found(body, steps), None)


def plain(value: Any) -> str:
    """A value as words: text without blanks around it, a number or truth value as text; "" for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    said = value.replace("\0", "").strip() if isinstance(value, str) else ""
    return "" if said in _NOTHING else said


def words(body: Any, some: tuple[Way, ...]) -> tuple[str, ...]:
    """The words of the first alternative that has any."""
    return next(filter(None, (_words(body, way) for way in some)), ())


def _words(body: Any, way: Way) -> tuple[str, ...]:
    if way.words:
        return (way.words,)
    if way.template:
        made = _filled(body, way.template)
        return (made,) if made else ()
    return tuple(said for value in found(body, way.steps) for each in _leaves(value) if (said := plain(each)))


def _leaves(value: Any) -> list[Any]:
    value = opened(value)
    return [each for each in value if not isinstance(each, dict | list)] if isinstance(value, list) else [value]


def _filled(body: Any, template: tuple[Any, ...]) -> str:
    parts = []
    for part in template:
        said = part if isinstance(part, str) else next(filter(None, map(plain, found(body, part))), "")
        if not said and not isinstance(part, str):
            return ""
        parts.append(said)
    return "".join(parts).strip()
