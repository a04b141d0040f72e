"""Bring your own: a profile of a built-in standard, made of files, without code.

A profile is a folder (or a ZIP of one) with `manifest.toml` or `manifest.json`:

    name = "city_catalogue"                 lower case letters, digits, `_`; not the name of a built-in standard
    version = "1.0"
    base = "dcat_us_1_1_non_federal"        a built-in standard that is read
    title = { zh = "…", en = "…" }
    schema = "schema.json"                  a JSON Schema for the profile's own bodies (`standards.profile_schema`), or
    shapes = "shapes.ttl"                   SHACL Core shapes, where the base is RDF (`standards.profile_shapes`)
    messages = "messages.json"              {"contactPoint/hasEmail/pattern": {"message": {zh, en}, "fix": {…}, "severity": …}}
    mapping = "mapping.json"                own names of fields → the base's (`standards.profile_mapping`)
    extends = true                          whether the base standard's own check is made too
    clause = "…"   link = "https://…"       where the rules are written down
    [recognises]                            what tells a body of this profile; without it the profile has to be named
    "/conformsTo" = "https://…"             JSON: pointer and value; table: header and value ("" for any); RDF: conformsTo = IRI

Nothing of a profile is fetched or run; what could be slow is refused when it is brought, with the place.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from metadata.model import Dataset
from metadata.text import Text
from standards import profile_mapping, profile_schema, tables
from standards.base import Finding, Repair, Rule, Standard, finding
from standards.json_schema import Validator
from standards.profile_mapping import Mapping_
from standards.profile_schema import Unfit

MOST_FILES = 20
MOST_BYTES = 2 << 20  # of all files
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_VERSION = re.compile(r"[\w.+-]{1,30}")
_KNOWN = frozenset(
    ("name", "version", "base", "title", "schema", "shapes", "messages", "mapping", "extends", "clause", "link", "recognises")
)

Check = Callable[[Any], Iterator[Finding]]


def profile(files: Mapping[str, bytes], standard: Callable[[str], Standard]) -> Standard:
    """The standard that these files make; `standard` gives a built-in one by its name, or raises. Raises `Unfit`."""
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise Unfit(f"a profile has at most {MOST_FILES} files and {MOST_BYTES >> 20} MiB", "files", len(files))
    manifest = manifest_of(files)
    base = standard(_word(manifest, "base"))
    if base.read is None:
        raise Unfit("the base standard is only written", "base", base.name)
    lines = profile_mapping.parsed(_json(files, manifest, "mapping") or {}, base.form)
    check, rules = _check(files, manifest, base, lines)
    return Standard(
        name=manifest["name"],
        title=_title(manifest),
        media_type=base.media_type,
        version=manifest["version"],
        recognises=_recogniser(manifest.get("recognises", {}), base),
        read=_reader(base, lines),
        write=_writer(base, lines),
        check=check,
        rules=rules,
        repair=_repairer(base, lines),
        carries=base.carries,
        form=base.form,
        marks=_marks(manifest),
    )


def manifest_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest, its words checked. Raises `Unfit`."""
    try:
        if "manifest.toml" in files:
            manifest: Any = tomllib.loads(files["manifest.toml"].decode("utf-8-sig"))
        else:
            manifest = orjson.loads(files.get("manifest.json", b""))
    except (ValueError, RecursionError) as problem:
        raise Unfit("there is no manifest.toml or manifest.json that can be read", "manifest", problem) from None
    if not isinstance(manifest, dict):
        raise Unfit("the manifest is not an object", "manifest", type(manifest).__name__)
    if unknown := sorted(set(manifest) - _KNOWN):
        raise Unfit(
            f"the manifest has members that mean nothing; known are {', '.join(sorted(_KNOWN))}", "manifest", unknown[0]
        )
    if not _NAME.fullmatch(_word(manifest, "name")):
        raise Unfit("a name has 2 to 40 lower case letters, digits and `_`, a letter first", "name", manifest["name"])
    if not _VERSION.fullmatch(_word(manifest, "version")):
        raise Unfit("a version has up to 30 letters, digits, `.`, `-`, `+`", "version", manifest["version"])
    return manifest


def _word(manifest: Mapping[str, Any], name: str) -> str:
    value = manifest.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unfit(f"the manifest needs `{name}`, a text", name, value)
    return value


def _title(manifest: Mapping[str, Any]) -> Text:
    title = manifest.get("title")
    if isinstance(title, str) and title.strip():
        return {"und": title}
    if not isinstance(title, dict) or not title or not all(isinstance(words, str) for words in title.values()):
        raise Unfit("the manifest needs `title`, words by language", "title", title)
    return {str(tag): words for tag, words in title.items()}


def _file(files: Mapping[str, bytes], manifest: Mapping[str, Any], name: str) -> bytes | None:
    """The file that the manifest names under `name`."""
    if name not in manifest:
        return None
    path = _word(manifest, name)
    if path not in files:
        raise Unfit("the manifest names a file that is not there", name, path)
    return files[path]


def _json(files: Mapping[str, bytes], manifest: Mapping[str, Any], name: str) -> Any:
    body = _file(files, manifest, name)
    try:
        return orjson.loads(body) if body is not None else None
    except orjson.JSONDecodeError as problem:
        raise Unfit("this file is not JSON", name, problem) from None


def _marks(manifest: Mapping[str, Any]) -> Text:
    said = manifest.get("recognises", {})
    shown = "; ".join(f"{name} = {value}" for name, value in said.items()) if isinstance(said, dict) else ""
    return {"und": shown} if shown else {}


def _recogniser(said: Any, base: Standard) -> Callable[[Any], bool]:
    """Whether a body has all that the manifest names; never without a name."""
    if not isinstance(said, dict) or not all(isinstance(value, str | int | bool) for value in said.values()):
        raise Unfit("`recognises` maps names to values", "recognises", said)
    if not said:
        return lambda _: False
    if base.form == "json":
        asked = [(_pointer(name), value) for name, value in said.items()]
        return lambda body: isinstance(body, dict) and all(_holds(body, steps, value) for steps, value in asked)
    if base.form == "table":
        return lambda body: tables.is_row(body) and all(_has_column(body, name, str(value)) for name, value in said.items())
    words = [str(value).encode() for value in said.values()]
    return lambda body: isinstance(body, bytes) and base.recognises(body) and all(word in body for word in words)


def _pointer(name: str) -> list[str]:
    if not name.startswith("/"):
        raise Unfit("`recognises` of a JSON standard names pointers such as `/conformsTo`", "recognises", name)
    return [step.replace("~1", "/").replace("~0", "~") for step in name[1:].split("/")]


def _holds(body: Any, steps: list[str], value: Any) -> bool:
    """Whether this value stands there, or among what stands there."""
    for step in steps:
        if not isinstance(body, dict) or step not in body:
            return False
        body = body[step]
    return bool(value == "" or body == value or (isinstance(body, list) and value in body))


def _has_column(body: Any, header: str, value: str) -> bool:
    found = tables.cell(body, header)
    return found is not None and value in ("", found[1])


def _reader(base: Standard, lines: Mapping_) -> Callable[[Any], Dataset]:
    assert base.read is not None
    inner = base.read
    return lambda body: inner(profile_mapping.to_base(body, lines, base.form) if _fits(body, base) else body)


def _writer(base: Standard, lines: Mapping_) -> Callable[[Dataset], Any] | None:
    inner = base.write
    return None if inner is None else lambda dataset: profile_mapping.from_base(inner(dataset), lines, base.form)


def _repairer(base: Standard, lines: Mapping_) -> Callable[[Any], tuple[Any, list[Repair]]] | None:
    inner = base.repair
    if inner is None or lines:
        return None if inner is None else lambda body: _repaired(body, base, lines)
    return inner


def _repaired(body: Any, base: Standard, lines: Mapping_) -> tuple[Any, list[Repair]]:
    if base.repair is None or not _fits(body, base):
        return body, []
    mended, done = base.repair(profile_mapping.to_base(body, lines, base.form))
    told = [
        Repair(
            rule=one.rule,
            path=profile_mapping.own_path(one.path, lines, base.form),
            before=one.before,
            after=one.after,
            filled=one.filled,
        )
        for one in done
    ]
    return profile_mapping.from_base(mended, lines, base.form), told


def _fits(body: Any, base: Standard) -> bool:
    """Whether a body has the shape that names can be translated in."""
    if base.form == "table":
        return tables.is_row(body)
    return isinstance(body, dict) if base.form == "json" else isinstance(body, bytes)


def _check(
    files: Mapping[str, bytes], manifest: Mapping[str, Any], base: Standard, lines: Mapping_
) -> tuple[Check, dict[str, Rule]]:
    """The profile's own check, and the base's before it where it extends that."""
    prefix = manifest["name"].replace("_", "-")
    messages = _json(files, manifest, "messages") or {}
    if not isinstance(messages, dict) or not all(isinstance(said, dict) for said in messages.values()):
        raise Unfit("messages map a field and keyword to words", "messages", type(messages).__name__)
    rules = profile_schema.rules(prefix, messages, str(manifest.get("clause", "")), str(manifest.get("link", "")))
    own = _own_check(files, manifest, base, prefix, rules)
    extends = manifest.get("extends", True) is True and base.check is not None

    def check(body: Any) -> Iterator[Finding]:
        if extends and base.check is not None:
            yield from _base_findings(body, base, lines)
        if own is not None:
            yield from own(body)

    return check, rules


def _base_findings(body: Any, base: Standard, lines: Mapping_) -> Iterator[Finding]:
    assert base.check is not None
    if not lines or not _fits(body, base):
        yield from base.check(body)
        return
    for one in base.check(profile_mapping.to_base(body, lines, base.form)):
        yield _moved(one, profile_mapping.own_path(one.path, lines, base.form))


def _moved(one: Finding, path: str) -> Finding:
    words = {"value": one.value, "message": one.message, "clause": one.clause, "fix": one.fix, "link": one.link}
    return Finding(rule=one.rule, severity=one.severity, path=path, **words)  # type: ignore[arg-type]


def _own_check(
    files: Mapping[str, bytes], manifest: Mapping[str, Any], base: Standard, prefix: str, rules: dict[str, Rule]
) -> Check | None:
    schema, shapes = _file(files, manifest, "schema"), _file(files, manifest, "shapes")
    if schema is not None and base.form in ("json", "table"):
        parsed = profile_schema.vetted(schema)
        return _by_schema(prefix, profile_schema.engine(parsed), rules, profile_schema.deepest(parsed))
    if shapes is not None and base.form == "rdf":
        from standards import profile_shapes

        return profile_shapes.checker(prefix, shapes, rules)
    if schema is not None or shapes is not None:
        raise Unfit(f"a base in {base.form} is checked by {'shapes' if base.form == 'rdf' else 'a schema'}", "base", base.name)
    return None


def _by_schema(prefix: str, validator: Validator, rules: dict[str, Rule], deepest: int) -> Check:
    """Rows of a table are judged as `{header: value}`."""
    too_deep = Rule(
        id=f"{prefix}/too-deep",
        severity="warning",
        message={"zh": "记录嵌套过深，未按本规范核查", "en": "The record is nested too deep for this profile's schema"},
        clause="",
        fix={"zh": "减少嵌套层数", "en": "Nest it less"},
    )
    rules[too_deep.id] = too_deep

    def check(body: Any) -> Iterator[Finding]:
        if tables.is_row(body):
            for one in profile_schema.findings(prefix, validator, rules, tables.values(body)):
                place = tables.cell(body, one.path[1:].replace("~1", "/").replace("~0", "~"))
                yield _moved(one, place[0] if place else tables.place(body))
        elif profile_schema.depth(body) > deepest:
            yield finding(too_deep, "")
        else:
            yield from profile_schema.findings(prefix, validator, rules, body)

    return check
