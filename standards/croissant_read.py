"""A Croissant description, read as a Dataset: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.

`FileObject`s and `FileSet`s are distributions, the fields of all record sets are information items. What Croissant alone
says of them (sources, joins, enumerations, rows) stays in `extra` and comes back when written as Croissant.
"""

import json
import re
from typing import Any

from metadata.model import Coded, Dataset, Distribution, InformationItem
from metadata.text import best
from standards import schema_terms
from standards.base import Rule, Unreadable
from standards.json_members import Members, listed, said, web, words
from standards.json_schema import cleaned, shown
from standards.schema_terms import identifiers, node, texts, types

SPECIFICATION = "https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html"
OBJECT = Rule(
    id="croissant/object",
    severity="error",
    message={"zh": "这不是 Croissant 数据集对象", "en": "This is no object that describes a Dataset with Croissant"},
    clause="Croissant 1.1, Dataset-level information: @type",
    fix={"zh": "给出 @type 为 sc:Dataset 的 JSON-LD 对象", "en": "Give a JSON-LD object whose @type is sc:Dataset"},
    link=SPECIFICATION,
)
UNNAMED = Rule(
    id="croissant/name/required",
    severity="error",
    message={"zh": "缺少名称（name）", "en": "The name is missing"},
    clause="Croissant 1.1, Dataset-level information: name",
    fix={"zh": "补充 name", "en": "Add `name`"},
    link=SPECIFICATION,
)
GENERATED = re.compile(r"file-\d+")
SET = "recordSet"
"""The member of an item's `extra` that names its record set."""

CARRIER = "fields"
"""The record set that Mulu makes where a dataset has items and none."""

TITLE = "mulu:name"
"""The member of a file for its name in languages other than its script shows."""

SOURCED = frozenset(("source", "value", "references", "subField"))

_OTHER_PREFIXES = (
    "cr:",
    "ml:",
    "http://mlcommons.org/croissant/",
    "http://mlcommons.org/schema/",
    "dct:",
    "http://purl.org/dc/terms/",
)
_CONFORMS = "conformsTo"


def bare(value: dict[str, Any]) -> dict[str, Any]:
    """Members under bare names, Croissant's own too."""
    return {_bare(str(name)): each for name, each in value.items()}


def _bare(name: str) -> str:
    return next((name[len(each) :] for each in _OTHER_PREFIXES if name.startswith(each)), schema_terms.bare(name))


def kinds(value: Any) -> tuple[str, ...]:
    """The bare names of an object's types."""
    return tuple(_bare(each) for each in listed(value.get("@type")) if isinstance(each, str)) if isinstance(value, dict) else ()


def dataset_of(body: Any) -> dict[str, Any]:
    """The members of a Dataset under bare names; {} for anything else."""
    own = bare(body) if isinstance(body, dict) else {}
    return own if "Dataset" in types(own) else {}


def version_of(own: dict[str, Any]) -> str:
    """`1.1`, `1.0` …: what `conformsTo` names; `0.8` where nothing does (then it was not asked for); "" for another
    standard."""
    named = [words(each) or words(node(each).get("@id")) for each in listed(own.get(_CONFORMS))]
    found = next((match[1] for each in named if (match := re.search(r"mlcommons\.org/croissant/(\d+\.\d+)", each))), "")
    return found or ("" if named else "0.8")


def recognises(body: Any) -> bool:
    """Whether it conforms to Croissant, or has record sets in a context with Croissant's terms."""
    own = dataset_of(body)
    if not own or "@context" not in own:
        return False
    if version_of(own) not in ("", "0.8"):
        return True
    return ("recordSet" in own or "distribution" in own) and "mlcommons.org/" in _context(own)


def _context(own: dict[str, Any]) -> str:
    try:
        return json.dumps(own["@context"], default=str)
    except (ValueError, RecursionError):
        return ""


def read(body: Any) -> Dataset:
    """The dataset that a description describes. Raises `Unreadable` when it is no Dataset, or has no name."""
    body = cleaned(body)
    own = dataset_of(body)
    if not own:
        raise Unreadable(OBJECT, "", shown(body))
    language = schema_terms.document_language(body)
    members = Members(own)
    title = members.take(lambda value: texts(value, language), "name") or {}
    if not title:
        raise Unreadable(UNNAMED, "/name")
    members.drop("@context", "@type", "@language", _CONFORMS)
    own_identifiers = members.take(identifiers, "identifier") or ()
    address = members.take(web, "@id")
    about = schema_terms.about(members, language)
    page = members.take(lambda value: web(next(iter(listed(value)), None)), "url", "sameAs")
    files = [words(each.get("@id")) for each in map(node, listed(members.peek("distribution")))]
    ways, items = _distributions(members, language), _items(members, language, files[0] if len(files) == 1 else "")
    return Dataset(
        identifier=next(iter(own_identifiers), None) or address or page or best(title),
        title=title,
        other_identifier=own_identifiers[1:],
        landing_page=page,
        distribution=ways,
        information_item=items,
        **about,
        extra=members.left(),
    )


def source_of(file: str, column: str) -> dict[str, Any]:
    """Where a field comes from: a column of a file."""
    return {"fileObject": {"@id": file}, "extract": {"column": column}}


def _distributions(members: Members, language: str) -> tuple[Distribution, ...]:
    given = listed(members.peek("distribution"))
    members.drop("distribution")
    members.put("distribution", [each for each in given if not isinstance(each, dict)])
    return tuple(_way(bare(each), language) for each in given if isinstance(each, dict))


def _way(given: dict[str, Any], language: str) -> Distribution:
    own = Members(given)
    identifier = own.take(words, "@id")
    if identifier and GENERATED.fullmatch(identifier):
        identifier = None
        if given.get("name") == given["@id"]:
            own.drop("name")
    if TITLE in given:
        own.drop("name")
        own.put("name", own.take(lambda value: value, TITLE))
    if kinds(given) == ("FileObject",):
        own.drop("@type")
    return Distribution(identifier=identifier, **schema_terms.download(own, language), extra=own.left())


def _items(members: Members, language: str, file: str) -> tuple[InformationItem, ...]:
    """The fields of all record sets; the sets without their fields stay."""
    found: list[InformationItem] = []
    rest: list[Any] = []
    for given in listed(members.peek("recordSet")):
        own = bare(given) if isinstance(given, dict) else {}
        name = words(own.get("@id")) or words(own.get("name"))
        keys = {words(each) or words(node(each).get("@id")) for each in listed(own.get("key"))}
        fields = [
            made
            for each in listed(own.get("field"))
            if isinstance(each, dict) and (made := _item(bare(each), name, keys, language, file))
        ]
        found += fields
        kept = {key: value for key, value in own.items() if key not in ("field", "key")} if fields else given
        if kept != {"@type": "cr:RecordSet", "@id": CARRIER, "name": CARRIER}:
            rest.append(kept)
    members.drop("recordSet")
    members.put("recordSet", rest)
    return tuple(found)


def _item(given: dict[str, Any], record_set: str, keys: set[str], language: str, file: str) -> InformationItem | None:
    own = Members(given)
    identifier = own.take(words, "@id") or ""
    name = own.take(lambda value: texts(value, language), "name") or {}
    short = identifier.removeprefix(f"{record_set}/") if identifier else ""
    if not name and not identifier:
        return None
    described = own.take(lambda value: texts(value, language), "description") or {}
    raw = next((word for each in listed(given.get("dataType")) if (word := words(each))), "")
    if raw and not isinstance(given.get("dataType"), list):
        own.drop("dataType")
    own.drop(*(("@type",) if kinds(given) == ("Field",) else ()))
    own.drop(*(("source",) if file and given.get("source") == source_of(file, short) else ()))
    if record_set != CARRIER:
        own.put(SET, record_set)
    plain = {tag: word.removeprefix(f"{record_set}/") for tag, word in name.items()}
    bare_names = set(name.values()) | {identifier, short, *plain.values()}
    return InformationItem(
        name=plain or said(short),
        code=None if own.take(words, "mulu:unnamed") else short or None,
        data_type=Coded(raw=raw, label=said(raw)) if raw else None,
        description=described,
        key=True if bare_names & keys else None,
        extra=own.left(),
    )
