"""JSON Schemas, run: compiled once, errors as short places and kinds. Shared by the standards whose records are JSON.

The engine is jsonschema-rs, with `offline=True` because it otherwise fetches remote references, with its linear-time regular
expressions because values come from strangers, and with values masked because its messages would hold whole records. A record
that is fine costs one call; only a bad one is walked for its errors (measured: 3 µs against 30 µs).

**Alternatives.** `anyOf` and `oneOf` complain of every branch, of which the author meant one. That one is told, and the others
not (`meant`): of the branches that take the value's JSON type, the one whose tag fits, with the fewest faults. Where the JSON
type is wrong, nothing else is said of the place.
"""

from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import msgspec
import orjson

MOST_ERRORS = 100
"""Errors told of one record; whatever else is wrong shows when these are mended."""

_ALTERNATIVES = ("anyOf", "oneOf")
_FORMS = {"format": 0, "pattern": 1}
_DEEPEST = 60
_CUT = 200
_WHOLE_NUMBERS = range(-(2**63), 2**64)
_FILES = Path(__file__).with_name("files")

Step = str | int


class Fault(NamedTuple):
    """One schema error: where, the keyword that failed (`required`, `type`, …), and the property that a `required` misses."""

    path: tuple[Step, ...]
    keyword: str
    missing: str | None


class Validator(NamedTuple):
    """A compiled schema. `walk` is the schema without what the record itself must have, `required`, which its keys tell:
    an error of a missing key would carry a copy of the whole record, which costs more than all the rest."""

    gate: Any
    walk: Any
    required: tuple[str, ...]
    schema: Any = None


def schema_file(standard: str, name: str) -> Any:
    """The parsed JSON of `files/<standard>/<name>`."""
    return msgspec.json.decode(_FILES.joinpath(standard, name).read_bytes())


def compiled(schema: dict[str, Any]) -> Validator:
    """A validator of `schema`, formats asserted. Raises `ValueError` when the schema itself is wrong."""
    rest = {keyword: value for keyword, value in schema.items() if keyword != "required"}
    return Validator(_engine(schema), _engine(rest), tuple(schema.get("required", ())), schema)


def _engine(schema: dict[str, Any]) -> Any:
    options = jsonschema_rs.RegexOptions(size_limit=50_000_000, dfa_size_limit=50_000_000)
    return jsonschema_rs.validator_for(schema, offline=True, validate_formats=True, pattern_options=options, mask="value")


def faults(validator: Validator, body: Any) -> list[Fault]:
    """What is wrong with `body`, at most `MOST_ERRORS`. Never raises: what is no JSON is judged by its `plain` copy."""
    try:
        return _faults(validator, body)
    except ValueError:
        return _faults(validator, plain(body))


def _faults(validator: Validator, body: Any) -> list[Fault]:
    if validator.gate.is_valid(body):
        return []
    found = [Fault((), "required", name) for name in validator.required if name not in body] if isinstance(body, dict) else []
    errors = islice(validator.walk.iter_errors(body), MOST_ERRORS)
    found += [fault for error in errors for fault in _faults_of(error)]
    wrong = {fault.path for fault in found if fault.keyword == "type"}
    return [fault for fault in found if fault.keyword == "type" or fault.missing is not None or fault.path not in wrong][
        :MOST_ERRORS
    ]


def _faults_of(error: Any) -> list[Fault]:
    """The faults that one error of the engine tells of: itself, or what is wrong with the branch that was meant."""
    kind = error.kind
    keyword = kind.name
    path = tuple(error.instance_path)
    branches = getattr(kind, "context", None) if keyword in _ALTERNATIVES else None
    if branches and all(branches):  # a branch without errors: too many of them fit
        return meant(path, [[fault for inner in branch for fault in _faults_of(inner)] for branch in branches])
    return [Fault(path, keyword, kind.property if keyword == "required" else None)]


def meant(path: tuple[Step, ...], branches: list[list[Fault]]) -> list[Fault]:
    """The faults of the alternative at `path` that the author of a value meant; a single `type` fault where none takes the
    value's JSON type. Where several are as near, a form that is described (`format`, `pattern`) stands before a list of
    words."""
    near = [
        branch for branch in branches if branch and not any(fault.keyword == "type" and fault.path == path for fault in branch)
    ]
    if not near:
        return [Fault(path, "type", None)]
    return min(near, key=lambda branch: (_tags(path, branch), len(branch), _FORMS.get(branch[0].keyword, len(_FORMS))))


def _tags(path: tuple[Step, ...], branch: list[Fault]) -> int:
    """How many members right below `path` are not the one word that a branch is known by (`"type": "Polygon"`)."""
    return sum(fault.keyword in ("const", "enum") and len(fault.path) == len(path) + 1 for fault in branch)


def pointer(path: tuple[Step, ...]) -> str:
    """A JSON pointer (RFC 6901): `("keyword", 0)` → `/keyword/0`."""
    return "".join(f"/{step if type(step) is int else str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def value_at(body: Any, path: tuple[Step, ...]) -> Any:
    """What stands at `path`; None where there is nothing."""
    for step in path:
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            return None
    return body


def shown(value: Any) -> str:
    """A value for a finding: strings as they are, the rest as JSON, both cut; objects and long lists by their size."""
    if isinstance(value, str):
        return value[:_CUT]
    if isinstance(value, dict):
        return f"{{{len(value)} members}}"
    if isinstance(value, list | tuple):
        return f"[{len(value)} items]" if value else "[]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    try:
        return str(value)[:_CUT]
    except ValueError:  # Python refuses to spell out integers of more than 4,300 digits
        return "number of more than 4300 digits"


def cleaned(body: Any) -> Any:
    """`body` itself when it can be stored as JSON and reads back the same, else its `plain` copy.

    What cannot: NUL characters, lone surrogates, integers beyond 64 bits, nesting deeper than 60, keys that are no strings.
    """
    try:
        encoded = orjson.dumps(body, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except (TypeError, ValueError, RecursionError):
        return plain(body)
    brackets = encoded.count(b"[") + encoded.count(b"{")
    if b"\\u0000" in encoded or (brackets > _DEEPEST and _depth(body) > _DEEPEST):
        return plain(body)
    return body


def _depth(body: Any) -> int:
    """How deep objects and lists are nested, found level by level so that no depth is too much."""
    depth, level = 0, [body]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth


def plain(value: Any, depth: int = 0) -> Any:
    """A copy that is JSON: text without NUL and lone surrogates, other things as text, what is nested too deep as null."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, dict):
        return None if depth >= _DEEPEST else {plain_text(str(key)): plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return None if depth >= _DEEPEST else [plain(each, depth + 1) for each in value]
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and value in _WHOLE_NUMBERS):
        return None if value != value else value  # NaN is no JSON
    return plain_text(_scalar(value))


def plain_text(words: str) -> str:
    """Without NUL characters; surrogate pairs joined, lone surrogates replaced by U+FFFD."""
    return words.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
