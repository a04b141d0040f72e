"""One page of a Linked Data Event Stream: its members, what they do to which thing, and where the other pages are.

A member is an activity (DCAT-AP Feeds: `as:Create`, `as:Update`, `as:Delete` with `as:object`; what it says stands in the graph
named after it), or a version of a thing (`ldes:versionOfPath`, mostly `dct:isVersionOf`), or the thing itself. Sources: LDES
1.0 §2–4, TREE hypermedia §4 (tree:view, tree:relation, tree:node), DCAT-AP Feeds, Activity Streams 2.0 vocabulary.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from harvesters import forms
from harvesters.rdf_pages import paging
from harvesters.spool import Document
from metadata.errors import NotData
from standards import rdf_contexts, rdf_document, rdf_graph
from standards.base import Unreadable
from standards.rdf import DCT, PROV, RDF, Term
from standards.rdf_graph import Graph

AS, LDES, TREE = "https://www.w3.org/ns/activitystreams#", "https://w3id.org/ldes#", "https://w3id.org/tree#"
MEMBER, VIEW, RELATION, NODE = (NamedNode(TREE + name) for name in ("member", "view", "relation", "node"))
ACCEPT = (
    "application/trig, application/n-quads;q=0.9, text/turtle;q=0.8, application/ld+json;q=0.7,"
    " application/rdf+xml;q=0.5, */*;q=0.1"
)

_OBJECT, _PUBLISHED, _DELETE, _REMOVE = (NamedNode(AS + name) for name in ("object", "published", "Delete", "Remove"))
_VALUE, _PATH = NamedNode(TREE + "value"), NamedNode(TREE + "path")
_BEFORE = frozenset(NamedNode(f"{TREE}{name}Relation") for name in ("LessThan", "LessThanOrEqualTo"))
_TIMESTAMP, _VERSION_OF = NamedNode(LDES + "timestampPath"), NamedNode(LDES + "versionOfPath")
_DELETED = NamedNode(LDES + "versionDeleteObject")
_POLICY = NamedNode(LDES + "retentionPolicy")
_IMMUTABLE = NamedNode(LDES + "immutable")
_AGO = frozenset(NamedNode(LDES + name) for name in ("DurationAgoPolicy", "PointInTimePolicy"))
_LOG, _AMOUNT, _FROM = (NamedNode(LDES + name) for name in ("fullLogDuration", "versionAmount", "startingFrom"))
_FORMATS = {"turtle": RdfFormat.TRIG, "nt": RdfFormat.N_QUADS, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}
_CONTROL = re.compile(r"\bimmutable\b", re.IGNORECASE)


@dataclass(frozen=True)
class Relation:
    """Another page; `before`: its members are all from before this moment, when it says so."""

    url: str
    before: datetime | None = None


@dataclass(frozen=True)
class Member:
    """What a member says of a thing; nothing when the thing is `deleted`."""

    thing: str
    stamp: datetime | None
    deleted: bool
    said: tuple[Triple, ...] = ()


@dataclass
class Page:
    """A page. `views`: the roots of the stream's views; `loses`: members go from the stream with time."""

    url: str
    place: str
    members: list[Member]
    relations: list[Relation]
    views: list[str] = field(default_factory=list)
    immutable: bool = False
    loses: bool = False


def read(document: Document, url: str) -> Page:
    """The page in a document. Raises `NotData`, `TooLarge`."""
    quads = _quads(document, document.place if document.place.startswith("http") else url)
    named: dict[Term, list[Triple]] = {}
    plain = Graph()
    for quad in quads:
        if isinstance(quad.graph_name, DefaultGraph):
            plain.add(quad.triple)
        else:
            named.setdefault(quad.graph_name, []).append(quad.triple)
    stream = _Stream(plain, named)
    if not stream.is_one:
        raise NotData("this is no page of an event stream", place=document.place, remedy="Check the URL.")
    relations = [Relation(each, before) for each, before in stream.relations()]
    following = paging(plain, url, document.headers).following
    relations += [Relation(following)] if following else []
    immutable = bool(_CONTROL.search(document.headers.get("cache-control", ""))) or stream.says(_IMMUTABLE)
    return Page(url, document.place, list(stream.members()), relations, stream.views(), immutable, stream.loses())


def _quads(document: Document, base: str) -> list[Quad]:
    """All quads; blank nodes get names that no other page has. Raises `NotData`."""
    body = forms.whole(document)
    try:
        parsed = rdf_document.parse(body, None, base)  # which bounds depth, entities and size
        if parsed.syntax == "rdf":
            return [Quad(each.subject, each.predicate, each.object) for each in parsed.triples]
        if parsed.syntax == "jsonld":
            tree = orjson.loads(body)
            body = orjson.dumps(tree) if rdf_contexts.inlined(tree) else body
        return list(parse(body, format=_FORMATS[parsed.syntax], base_iri=base, rename_blank_nodes=True))
    except Unreadable as problem:
        why, value = str(problem), f"{problem.finding.path} {problem.finding.value}".strip()
    except (SyntaxError, ValueError) as problem:
        why, value = "the page is broken", str(problem)
    raise NotData(f"this is not RDF that can be read: {why}", place=document.place, value=value, remedy="Ask the source.")


class _Stream:
    """What a page says, by graphs."""

    def __init__(self, plain: Graph, named: dict[Term, list[Triple]]) -> None:
        self._plain, self._named = plain, named
        self._members = [value for said in plain.said.values() for value in said.get(MEMBER, ())]
        self._of = self._terms(_VERSION_OF) or [DCT.isVersionOf]
        self._at = [*self._terms(_TIMESTAMP), _PUBLISHED, PROV.generatedAtTime, DCT.modified, DCT.issued]
        self._deletes = {_DELETE, _REMOVE, *self._terms(_DELETED)}

    @property
    def is_one(self) -> bool:
        """Whether this is a page of a stream at all."""
        kinds = {f"{TREE}Node", f"{TREE}Collection", f"{LDES}EventStream"}
        return any(
            not {MEMBER, VIEW, RELATION}.isdisjoint(said)
            or any(getattr(kind, "value", "") in kinds for kind in said.get(RDF.type, ()))
            for said in self._plain.said.values()
        )

    def says(self, predicate: NamedNode) -> bool:
        """Whether any node says `true` by this predicate."""
        return any(getattr(value, "value", "") in ("true", "1") for value in self._terms(predicate))

    def _terms(self, predicate: NamedNode) -> list[Term]:
        return [value for said in self._plain.said.values() for value in said.get(predicate, ())]

    def views(self) -> list[str]:
        """The roots of views, in the order they came."""
        return [value.value for value in self._terms(VIEW) if isinstance(value, NamedNode)]

    def relations(self) -> Iterator[tuple[str, datetime | None]]:
        """The pages that are named, each with the moment before which its members are."""
        for relation in self._terms(RELATION):
            if isinstance(relation, Literal):
                continue
            value = self._plain.first(relation, _VALUE)
            timed = self._plain.first(relation, _PATH) in self._at
            before = not self._plain.classes(relation).isdisjoint(_BEFORE)
            limit = moment(value) if timed and before else None
            for node in self._plain.objects(relation, NODE):
                if not isinstance(node, BlankNode):
                    yield node.value, limit

    def loses(self) -> bool:
        """Whether members go with time, so that the stream alone does not tell all that there is."""
        for policy in self._terms(_POLICY):
            said = self._plain.said.get(policy, {}) if not isinstance(policy, Literal) else {}
            if not self._plain.classes(policy).isdisjoint(_AGO) or _FROM in said or (_LOG in said and _AMOUNT not in said):
                return True
        return False

    def members(self) -> Iterator[Member]:
        """The members, in the order they came."""
        for member in dict.fromkeys(self._members):
            if not isinstance(member, NamedNode):
                continue
            thing = self._thing(member)
            if thing is not None:
                deleted = not self._deletes.isdisjoint(self._plain.classes(member))
                said = () if deleted else tuple(self._said(member, thing))
                yield Member(thing.value, self._stamp(member), deleted, said)

    def _thing(self, member: NamedNode) -> NamedNode | None:
        """What the member is about; None for an activity on nothing that has an address."""
        for predicate in (_OBJECT, *self._of):
            for source in (self._plain, Graph(self._named.get(member, ()))):
                value = source.first(member, predicate) if isinstance(predicate, NamedNode) else None
                if isinstance(value, NamedNode):
                    return value
        is_activity = any(kind.value.startswith(AS) for kind in self._plain.classes(member))
        return None if is_activity else member

    def _stamp(self, member: NamedNode) -> datetime | None:
        own = Graph(self._named.get(member, ()))
        for predicate in self._at:
            for source in (self._plain, own):
                value = source.first(member, predicate) if isinstance(predicate, NamedNode) else None
                if (found := moment(value)) is not None:
                    return found
        return None

    def _said(self, member: NamedNode, thing: NamedNode) -> Iterable[Triple]:
        """What is said of the thing: in the graph of the member or of the thing, else in the page itself."""
        is_version = self._plain.first(member, _OBJECT) is None and member != thing
        found = self._named.get(member) or self._named.get(thing)
        if found is None:
            found = rdf_graph.description(self._plain, member if is_version else thing)
        if not is_version:
            return [each for each in found if each.predicate != MEMBER]
        left_out = {PROV.generatedAtTime, *self._of}
        own = [each for each in found if each.subject != member or each.predicate not in left_out]
        return [rdf_graph.renamed(each, {member: thing}) for each in own if each.predicate != MEMBER]


def moment(value: Term | None) -> datetime | None:
    """A date or date-time as a moment; without a zone it is UTC."""
    if not isinstance(value, Literal):
        return None
    try:
        found = datetime.fromisoformat(value.value.strip())
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
