"""Giving back what reading left: the triples that a dataset keeps under `extra["rdf"]` (`standards/rdf_reading.py`).

A blank node named by a part of the model becomes the node that was written for that part; a triple comes back only when what it
is about is written, or leads to it, so that what an editor took away does not linger as a stray.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, Literal, RdfFormat, Triple, parse

from standards.rdf import DCAT, FOAF, Node, Statements, Term

KEY = "rdf"
_MOST_BYTES = 4 << 20
_BEHIND = (FOAF.primaryTopic, DCAT.servesDataset)


def give_back(out: Statements, extra: Mapping[str, Any]) -> None:
    """Says again what `extra["rdf"]` holds. Never raises: what is no N-Triples is passed over."""
    kept = extra.get(KEY)
    if not isinstance(kept, str) or not kept or len(kept) > _MOST_BYTES:
        return
    waiting: dict[Node, list[Triple]] = {}
    for triple in _triples(kept):
        subject = _node(triple.subject, out)
        waiting.setdefault(subject, []).append(Triple(subject, triple.predicate, _node(triple.object, out)))
    known = out.nodes()
    reached = True
    while waiting and reached:
        reached = [subject for subject, said in waiting.items() if subject in known or _leads(said, known)]
        for subject in reached:
            for triple in waiting.pop(subject):
                out.say(subject, triple.predicate, triple.object)
                known.add(triple.object)
            known.add(subject)


def _leads(said: Iterable[Triple], known: set[Term]) -> bool:
    return any(triple.predicate in _BEHIND and triple.object in known for triple in said)


@lru_cache(maxsize=256)
def _triples(kept: str) -> tuple[Triple, ...]:
    found = []
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
