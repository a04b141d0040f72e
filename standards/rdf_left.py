"""Giving back what reading left: the triples that a dataset keeps under `extra["rdf"]` (`standards/rdf_reading.py`).

A blank node named by a part of the model becomes the node that was written for that part; a triple comes back only when what it
is about is written, or leads to it, so that what an editor took away does not linger as a stray.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from standards.rdf import DCAT, FOAF, Node, Statements

Said = tuple[NamedNode, Any]

KEY = "rdf"
_MOST_BYTES = 4 << 20
_BEHIND = (FOAF.primaryTopic, DCAT.servesDataset)


def give_back(out: Statements, extra: Mapping[str, Any]) -> None:
    """Says again what `extra["rdf"]` holds. Never raises: what is no N-Triples is passed over."""
    kept = extra.get(KEY)
    if not isinstance(kept, str) or not kept or len(kept) > _MOST_BYTES:
        return
    waiting: dict[Node, list[Said]] = {}
    for triple in _triples(kept):
        waiting.setdefault(_node(triple.subject, out), []).append((triple.predicate, _node(triple.object, out)))
    known: set[Any] = set(out.nodes())
    while waiting:
        reached = [subject for subject, said in waiting.items() if subject in known or _leads(said, known)]
        if not reached:
            return
        for subject in reached:
            for predicate, value in waiting.pop(subject):
                out.say(subject, predicate, value)
                known.add(value)
            known.add(subject)


def _leads(said: Iterable[Said], known: set[Any]) -> bool:
    return any(predicate in _BEHIND and value in known for predicate, value in said)


@lru_cache(maxsize=256)
def _triples(kept: str) -> tuple[Triple, ...]:
    found: list[Triple] = []
    steps = iter(parse(kept, format=RdfFormat.N_TRIPLES))
    while True:
        try:
            triple = next(steps).triple
        except StopIteration:
            return tuple(found)
        except (SyntaxError, ValueError):
            continue
        if not isinstance(triple.subject, Triple) and not isinstance(triple.object, Triple):
            found.append(triple)


def _node(node: Any, out: Statements) -> Any:
    if isinstance(node, Literal) or not isinstance(node, BlankNode):
        return node
    return out.names.get(node.value, node)
