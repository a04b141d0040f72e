"""DCAT-US 3.0 as JSON-LD: a document with `@graph` put together into one object, and values unwrapped, without any network.

The draft's JSON-LD (context dcat-us-3.0.jsonld) refers from one node to another by address, writes dates as `{"@value",
"@type"}`, gives one value where the schemas have a list, and may put a prefix before a name. GSA's JSON is the same objects
nested. Only references inside the document are followed, each node at most once on a path, and to a depth of 12.
"""

from collections.abc import Iterator
from typing import Any

from standards.dcat_us_3_schema import class_of, classes

Json = dict[str, Any]

_PREFIXES = (
    "dcat:", "dct:", "dcterms:", "dcat-us:", "foaf:", "vcard:", "skos:", "adms:", "prov:", "dqv:", "spdx:", "schema:",
    "org:", "cnt:",
)  # fmt: skip
_WANTED = ("Dataset", "DataService", "DatasetSeries")
_DEEPEST = 12


def inlined(body: Json) -> Json:
    """The object itself when it is plain JSON; else the first dataset (service, series) of the document, with what it refers
    to."""
    graph = body.get("@graph")
    nodes = [node for node in graph if isinstance(node, dict)] if isinstance(graph, list) else []
    if not nodes and "@context" not in body:
        return body
    by_address = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    main = next((node for node in (*filter(_is_wanted, nodes), *filter(_is_record, nodes))), None)
    root = main or (nodes[0] if nodes else body)
    return _plain(root, class_of(root), by_address, (root.get("@id"),))


def split(body: Json) -> list[Json]:
    """One document for each dataset, service and series of a `@graph`, with the nodes that it leads to, and each catalogue
    record as an object put together; the body itself where there is but one of these."""
    graph = body.get("@graph")
    nodes = [node for node in graph if isinstance(node, dict)] if isinstance(graph, list) else []
    by_address = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    main = [node for node in nodes if _is_wanted(node)]
    records = [node for node in nodes if _is_record(node)]
    if len(main) + len(records) < 2:
        return [body]
    rest = {key: value for key, value in body.items() if key != "@graph"}
    return [
        *({**rest, "@graph": [node, *_led_to(node, by_address)]} for node in main),
        *(_plain(node, "CatalogRecord", by_address, (node.get("@id"),)) for node in records),
    ]


def _is_wanted(node: Json) -> bool:
    return bool(node.get("@type")) and class_of(node, "") in _WANTED


def _is_record(node: Json) -> bool:
    return bool(node.get("@type")) and class_of(node, "") == "CatalogRecord"


def _led_to(node: Json, nodes: dict[str, Json]) -> list[Json]:
    """The nodes that a node refers to, and those in turn; not what another dataset, service or series refers to, so that the
    members of a series do not carry each other."""
    found: dict[str, Json] = {}
    waiting = list(_addresses(node))
    while waiting:
        address = waiting.pop(0)
        if address in nodes and address not in found and nodes[address] is not node:
            found[address] = nodes[address]
            waiting += [] if _is_wanted(nodes[address]) else _addresses(nodes[address])
    return list(found.values())


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _addresses(each)


def _plain(node: Json, name: str, nodes: dict[str, Json], above: tuple[Any, ...]) -> Json:
    """A node of class `name` with its values unwrapped and its references replaced by what they refer to."""
    fields = classes().get(name, {})
    found: Json = {}
    for key, value in node.items():
        if key == "@context":
            continue
        bare = next((key[len(prefix) :] for prefix in _PREFIXES if key.startswith(prefix)), key)
        field = bare if bare in fields else key
        target = fields[field].kind if field in fields else ""
        found[field] = _value(value, target, nodes, above)
    return found


def _value(value: Any, target: str, nodes: dict[str, Json], above: tuple[Any, ...]) -> Any:
    if isinstance(value, list):
        return [_value(each, target, nodes, above) for each in value]
    if isinstance(value, dict):
        if "@value" in value:
            return value["@value"]
        address = value.get("@id")
        if value.keys() == {"@id"}:
            return _value(address, target, nodes, above) if address in nodes else address if target not in classes() else value
        return _plain(value, target, nodes, above) if target in classes() and len(above) < _DEEPEST else value
    if target in classes() and isinstance(value, str) and value in nodes and value not in above and len(above) < _DEEPEST:
        return _plain(nodes[value], target, nodes, (*above, value))
    return value
