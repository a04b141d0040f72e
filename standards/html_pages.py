"""What an HTML page says of datasets in a form for machines: JSON-LD and microdata. The page is data; nothing of it runs.

    objects(page) -> list of JSON objects         all of them, JSON-LD first; references by @id inside the page resolved
    descriptions(page) -> Iterator of objects     only datasets, those inside catalogues too, each once
    described(json_ld) -> list of objects         the same for parsed JSON-LD (`@graph`, lists, catalogues)

Microdata becomes JSON-LD objects: `itemtype` gives `@context` and `@type`, properties that repeat become lists. Rules: W3C
JSON-LD 1.1 §7 (JSON-LD in HTML), WHATWG HTML §5 (microdata), schema.org. Never raises on any bytes.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

MOST_BYTES = 32 << 20
MOST_OBJECTS = 20_000
_DEEPEST = 40
_DATASETS = frozenset(("dataset", "datafeed"))
_CATALOGUES = ("dataset", "hasPart", "itemListElement", "item", "mainEntity", "@graph")
_WRAPPED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?://\s*)?(?:-->|\]\]>|/\*\s*\]\]>\s*\*/)\s*$"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
_LINKS = {"a": "href", "area": "href", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}

Object = dict[str, Any]


def objects(page: bytes | str) -> list[Object]:
    """All objects of a page."""
    root = _root(page)
    if root is None:
        return []
    found: list[Object] = []
    for script in root.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            found.extend(_listed(_loads(script.text or "")))
    resolved = _resolved(found)
    return resolved + [_item(element, root, 0) for element in root.iter() if _is_top(element)][:MOST_OBJECTS]


def descriptions(page: bytes | str) -> Iterator[Object]:
    """The datasets that a page describes."""
    seen: set[str] = set()
    for each in _datasets(objects(page), 0, None):
        key = json.dumps(each, sort_keys=True, default=str)
        if key not in seen:
            seen.add(key)
            yield each


def described(json_ld: Any) -> list[Object]:
    """The datasets in parsed JSON-LD; none when there is no schema.org in it."""
    return list(_datasets(_resolved(_listed(json_ld)), 0, None)) if is_schema_org(json_ld) else []


def is_schema_org(json_ld: Any) -> bool:
    """Whether a context names schema.org, be it as the vocabulary or by a prefix."""
    some = json_ld if isinstance(json_ld, list) else [json_ld]
    return any(
        isinstance(each, dict) and "schema.org" in json.dumps(each.get("@context", ""), default=str) for each in some[:5]
    )


def _root(page: bytes | str) -> Any:
    from lxml import etree, html  # here: it is large, and few sources are pages

    words = page if isinstance(page, str) else _decoded(page[:MOST_BYTES])
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(_CONTROLS.sub(" ", words[:MOST_BYTES]).encode("utf-8", "replace") or b" ", parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _decoded(page: bytes) -> str:
    """UTF-8 where it is that, else what the page says of itself."""
    try:
        return page.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _CHARSET.search(page[:4096])
    try:
        return page.decode(named.group(1).decode() if named else "gb18030")
    except (LookupError, UnicodeDecodeError):
        return page.decode("utf-8", "replace")


def _loads(words: str) -> Any:
    """Parsed JSON; None for what is none. Line breaks inside strings and a comment around it are let pass."""
    bare = _WRAPPED.sub("", _WRAPPED.sub("", words)).strip().rstrip(";")
    try:
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return None


def _listed(body: Any) -> list[Object]:
    """The objects of a script: one, a list, or a `@graph` whose members get the context around them."""
    found: list[Object] = []
    for each in body if isinstance(body, list) else [body]:
        if not isinstance(each, dict):
            continue
        graph = each.get("@graph")
        if isinstance(graph, list):
            around = {"@context": each["@context"]} if "@context" in each else {}
            found.extend({**around, **inner} for inner in graph[:MOST_OBJECTS] if isinstance(inner, dict))
        else:
            found.append(each)
    return found[:MOST_OBJECTS]


def _resolved(found: list[Object]) -> list[Object]:
    """The same with `{"@id": …}` replaced by what the page says under that id."""
    known = {each["@id"]: each for each in found if isinstance(each.get("@id"), str) and len(each) > 1}
    return [_filled(each, known, frozenset(), 0) for each in found] if known else found


def _filled(value: Any, known: dict[str, Object], inside: frozenset[str], depth: int) -> Any:
    if depth > 8:
        return value
    if isinstance(value, list):
        return [_filled(each, known, inside, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    own = value.get("@id")
    if depth and len(value) == 1 and isinstance(own, str) and own in known and own not in inside:
        value = {name: each for name, each in known[own].items() if name != "@context"}
    inside = inside | {own} if isinstance(own, str) else inside
    return {name: each if name == "@context" else _filled(each, known, inside, depth + 1) for name, each in value.items()}


def _datasets(found: Iterable[Any], depth: int, around: Any) -> Iterator[Object]:
    """Datasets among these objects and inside their catalogues and lists; one inside gets the context around it."""
    if depth > 6:
        return
    for each in found:
        if not isinstance(each, dict):
            continue
        outer = each.get("@context", around)
        if _is_dataset(each):
            yield each if "@context" in each or outer is None else {"@context": outer, **each}
            continue
        for name in _CATALOGUES:
            inner = each.get(name)
            if isinstance(inner, dict | list):
                yield from _datasets(inner if isinstance(inner, list) else [inner], depth + 1, outer)


def _is_dataset(each: Object) -> bool:
    types = each.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and re.split(r"[/#:]", name)[-1].lower() in _DATASETS for name in names)


def _is_top(element: Any) -> bool:
    return isinstance(element.tag, str) and "itemscope" in element.attrib and "itemprop" not in element.attrib


def _item(element: Any, root: Any, depth: int) -> Object:
    """A microdata item as an object."""
    kind = next(iter((element.get("itemtype") or "").split()), "")
    vocabulary, _, name = kind.rpartition("/")
    made: Object = {"@context": vocabulary, "@type": name} if vocabulary else {}
    if element.get("itemid"):
        made["@id"] = element.get("itemid").strip()
    if depth > _DEEPEST:
        return made
    for names, value in _properties(element, root, depth):
        for own in names.split():
            held = made.get(own)
            made[own] = value if held is None else [*held, value] if isinstance(held, list) else [held, value]
    return made


def _properties(element: Any, root: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """`(names, value)` of an item's properties, those it refers to (`itemref`) too; not those of items inside it."""
    referred = [
        root.find(f".//*[@id={json.dumps(word)}]") for word in (element.get("itemref") or "").split() if '"' not in word
    ]
    pending = [each for each in (*referred, *element) if each is not None and each is not element]
    while pending:
        each = pending.pop(0)
        if not isinstance(each.tag, str):
            continue
        if each.get("itemprop"):
            yield each.get("itemprop"), _value(each, root, depth)
        if "itemscope" not in each.attrib:
            pending[:0] = list(each)


def _value(element: Any, root: Any, depth: int) -> Any:
    """WHATWG HTML §5.2.4 "Values"."""
    if "itemscope" in element.attrib:
        inner = _item(element, root, depth + 1)
        inner.pop("@context", None)
        return inner
    attribute = _LINKS.get(element.tag, "content" if "content" in element.attrib else "")
    if not attribute and element.tag in ("data", "meter"):
        attribute = "value"
    if element.tag == "time" and element.get("datetime"):
        attribute = "datetime"
    if attribute:
        return (element.get(attribute) or "").strip()
    return " ".join("".join(element.itertext()).split())
