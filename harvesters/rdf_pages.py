"""One document of RDF that came over HTTP: the datasets it describes, what it lists without describing, and the page after it.

    page = fetch(web, url)       Page: `datasets`, `body(node)`, `links`, `catalogs`, `paging`

Asked for in Turtle first, then in whatever the server gives: the form is told by the content. An HTML page is read for its
`<link rel="alternate">` to RDF. Paging is spelled in many ways (Hydra Core §5: `PartialCollectionView` with `next`, and the
older `PagedCollection` with `nextPage`, as an address or as words; RFC 8288: `Link: <…>; rel="next"`), and all are read.
Sources: W3C DCAT 3 §5, §6.3 (dcat:catalog, dcat:record); Hydra Core Vocabulary; RFC 8288 §3; RFC 9110 §12.5.1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urljoin, urlsplit, urlunsplit

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from harvesters import forms
from harvesters.address import mask
from harvesters.rdf_dump import Dump
from harvesters.spool import Document
from harvesters.web import Web
from metadata.errors import NotData, Unreachable
from standards import rdf_document, rdf_graph
from standards.base import Finding, Unreadable
from standards.rdf import DCAT, DCT, FOAF, HYDRA, Node, Term
from standards.rdf_graph import Graph

ACCEPT = (
    "text/turtle, application/trig;q=0.9, application/n-triples;q=0.9, application/n-quads;q=0.9,"
    " application/rdf+xml;q=0.8, application/ld+json;q=0.7, */*;q=0.1"
)
LARGE = 8 << 20  # bytes: a larger document is put on disk as a database and read dataset by dataset

_XHV_NEXT = NamedNode("http://www.w3.org/1999/xhtml/vocab#next")
_NEXT = (HYDRA.next, HYDRA.nextPage, _XHV_NEXT)
_LAST = (HYDRA.last, HYDRA.lastPage)
_SAID_OF_A_PAGE = (*_NEXT, *_LAST, HYDRA.first, HYDRA.firstPage, HYDRA.previous, HYDRA.previousPage)
_LISTINGS = (DCAT.Catalog, HYDRA.Collection, HYDRA.PagedCollection, HYDRA.PartialCollectionView)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_LINK_TAG = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_RDF_TYPE = re.compile(r"(?:text/turtle|application/(?:rdf\+xml|ld\+json|n-triples|trig))\b", re.IGNORECASE)
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))?)*)")
_REL_NEXT = re.compile(r";\s*rel\s*=\s*(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next\b)", re.IGNORECASE)
_DIGITS = re.compile(r"\s*[0-9]{1,15}\s*")
_CUT = ("Unexpected end", "end of file", "unexpected end")


class Paging(NamedTuple):
    """What a page says about its listing. `names` are addresses that the page gives itself."""

    following: str | None = None
    last: str | None = None
    total: int | None = None
    names: frozenset[str] = frozenset()


@dataclass
class Page:
    """One document. `url` is what was asked for, `place` how it is shown, `digest` that of its bytes."""

    url: str
    place: str
    digest: str
    graph: Graph
    paging: Paging
    faults: tuple[Finding, ...] = ()

    @cached_property
    def datasets(self) -> list[Node]:
        """The datasets that are described here."""
        return self.graph.datasets() if isinstance(self.graph, Dump) else rdf_graph.datasets(self.graph)

    def body(self, node: Node) -> bytes:
        """The N-Triples of one."""
        return rdf_graph.body_of(self.graph, node)

    def description(self, node: Node) -> list[Triple]:
        """The triples of one."""
        return rdf_graph.description(self.graph, node)

    @cached_property
    def members(self) -> set[str]:
        """All that this page describes or lists, whatever it is: what a total may count."""
        listed = (DCAT.dataset, DCAT.service, DCAT.record, HYDRA.member)
        found = {str(node) for node in self.datasets}
        return found.union(str(value) for predicate in listed for _, value in pairs(self.graph, predicate))

    @cached_property
    def links(self) -> list[str]:
        """Datasets, and records of datasets, that are listed by address and not described."""
        graph, described = self.graph, set(self.datasets)
        found: dict[str, None] = {}
        for _, value in pairs(graph, DCAT.dataset):
            if value not in described and not self._is_described(value):
                found[_address(value)] = None
        for _, value in pairs(graph, DCAT.record):
            if not self._said(value):
                found[_address(value)] = None
        for node, value in pairs(graph, FOAF.primaryTopic):
            if not self._said(value) and DCAT.CatalogRecord in graph.classes(node):
                found[_address(value)] = None
        return [each for each in found if each]

    def _said(self, value: Term) -> bool:
        return isinstance(value, NamedNode) and value in self.graph.said

    def _is_described(self, value: Term) -> bool:
        """A series or a catalogue that stands among the datasets is told of here, and is no dataset to fetch."""
        return not self.graph.classes(value).isdisjoint((DCAT.DatasetSeries, DCAT.Catalog, DCAT.DataService))

    @cached_property
    def catalogs(self) -> list[str]:
        """Catalogues that are part of this one and have to be asked for: nothing is said of them here. One that is described
        here without datasets has none, unless the page is about catalogues only."""
        graph = self.graph
        found = {_address(value): None for _, value in pairs(graph, DCAT.catalog)}
        for node, value in pairs(graph, DCT.hasPart):
            if DCAT.Catalog in graph.classes(node) and DCAT.Catalog in graph.classes(value):
                found[_address(value)] = None
        return [each for each in found if each and not self._is_told(NamedNode(each))]

    @property
    def is_catalog(self) -> bool:
        """Whether a catalogue is spoken of at all."""
        return any(self.graph.of_class(kind) for kind in _LISTINGS)

    def _is_told(self, catalog: NamedNode) -> bool:
        said = self.graph.said.get(catalog, {})
        lists = any(predicate in said for predicate in (DCAT.dataset, DCAT.record, DCAT.catalog))
        return lists or (len(said) > 1 and bool(self.datasets or self.links))


def _address(value: Term) -> str:
    """The http address of a node; "" when there is none to ask."""
    return value.value if isinstance(value, NamedNode) and value.value.startswith(("http://", "https://")) else ""


def fetch(web: Web, url: str, accept: str = "", conditional: bool = False) -> Page:
    """The document at an address, or the RDF that an HTML page there points to. Raises `SourceError`, `TooLarge`."""
    page = _fetched(web, url, accept or ACCEPT, conditional)
    if isinstance(page, str):
        web.fresh_validators.pop(url, None)  # that the page is as it was says nothing of the RDF
        other = _fetched(web, page, accept or ACCEPT, False)
        if isinstance(other, str):
            raise NotData("this is an HTML page, not data", place=mask(page), remedy="Give the address of the RDF itself.")
        return other
    return page


def _fetched(web: Web, url: str, accept: str, conditional: bool) -> "Page | str":
    try:
        with web.spool(url, {"accept": accept}, conditional) as document:
            return read(document, url, web.spool_dir)
    except Unreachable as problem:
        if "HTTP 406" not in problem.message or accept == "*/*":
            raise
    return _fetched(web, url, "*/*", conditional)


def read(document: Document, url: str, folder: Path | None = None) -> "Page | str":
    """The page in a document, or the address of the RDF that an HTML page names. Raises `NotData`, `TooLarge`."""
    start = document.head(1 << 16).decode("utf-8", "replace").lstrip("\ufeff \t\r\n\0")
    if not start:
        raise NotData("the answer is empty", place=document.place, remedy="Ask the source what happened to its data.")
    if _HTML.match(start):
        return _alternate(start, url, document.place)
    base = document.place if document.place.startswith("http") and "***" not in document.place else url
    if document.size > LARGE:
        graph: Graph = Dump(document, base, folder)
        faults: tuple[Finding, ...] = ()
    else:
        parsed = _parsed(document, base)
        graph, faults = Graph(parsed.triples), parsed.faults
    return Page(url, document.place, document.digest, graph, paging(graph, base, document.headers), faults)


def _parsed(document: Document, base: str) -> rdf_document.Parsed:
    try:
        parsed = rdf_document.parse(forms.whole(document), None, base)
    except Unreadable as problem:
        raise NotData(
            f"this is not RDF that can be read: {problem}",
            place=document.place,
            value=f"{problem.finding.path} {problem.finding.value}".strip() or None,
            remedy="Check the URL, or ask the source to mend it.",
        ) from None
    for fault in parsed.faults:
        if fault.rule == "rdf/syntax/cut" or (fault.rule == "rdf/syntax/skipped" and any(each in fault.value for each in _CUT)):
            raise NotData(
                "the document ends early", place=document.place, value=f"{fault.path} {fault.value}", remedy="Try again."
            )
    return parsed


def _alternate(start: str, url: str, place: str) -> str:
    """The address of the RDF that an HTML page names in its head. Raises `NotData` when it names none."""
    for tag in _LINK_TAG.findall(start):
        found = {name.lower(): one or two or three for name, one, two, three in _ATTRIBUTE.findall(tag)}
        if "alternate" in found.get("rel", "").lower().split() and _RDF_TYPE.match(found.get("type", "")) and found.get("href"):
            return str(urljoin(url, found["href"].replace("&amp;", "&")))
    title = re.search(r"<title[^>]*>(.*?)</title", start, re.IGNORECASE | re.DOTALL)
    words = " ".join((title[1] if title else start[:80]).split())
    raise NotData(
        "this is an HTML page, not data", place=place, value=words, remedy="Check the URL, or whether the site is down."
    )


def pairs(graph: Graph, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
    """Who says what by this predicate."""
    if isinstance(graph, Dump):
        yield from graph.pairs(predicate)
        return
    for node, said in graph.said.items():
        for value in said.get(predicate, ()):
            yield node, value


def paging(graph: Graph, url: str, headers: dict[str, str]) -> Paging:
    """What the page says about its listing; links at another host are led back to the one that the page came from, when the
    page calls itself by that other host."""
    nodes = list(dict.fromkeys(node for predicate in _SAID_OF_A_PAGE for node, _ in pairs(graph, predicate)))
    own = next((node for node in nodes if isinstance(node, NamedNode) and normal(node.value) == normal(url)), None)
    chosen = [own] if own is not None else nodes
    names = frozenset(node.value for node in chosen if isinstance(node, NamedNode))
    following = _value(graph, chosen, _NEXT) or _linked(headers.get("link", ""))
    last = _value(graph, chosen, _LAST)
    return Paging(
        _led_back(urljoin(url, following), url, names) if following else None,
        urljoin(url, last) if last else None,
        _total(graph),
        names,
    )


def _value(graph: Graph, nodes: "list[NamedNode] | list[Node]", predicates: tuple[NamedNode, ...]) -> str:
    for node in nodes:
        for predicate in predicates:
            value = graph.first(node, predicate)
            if value is not None and not isinstance(value, BlankNode) and value.value.strip():
                return value.value.strip()
    return ""


def _total(graph: Graph) -> int | None:
    found = (value for _, value in pairs(graph, HYDRA.totalItems))
    numbers = [int(each.value) for each in found if isinstance(each, Literal) and _DIGITS.fullmatch(each.value)]
    return max(numbers, default=None)


def _linked(header: str) -> str:
    """The address with the relation `next` in a Link header (RFC 8288 §3)."""
    return next((target for target, words in _LINK.findall(header) if _REL_NEXT.search(words)), "")


def _led_back(following: str, url: str, names: frozenset[str]) -> str:
    """A page that was fetched from here and calls itself by another host or scheme (an inner name, http behind a proxy) means
    this place with its links too."""
    there, here = urlsplit(following), urlsplit(url)
    if (there.scheme, there.netloc) == (here.scheme, here.netloc):
        return following
    for name in map(urlsplit, names):
        if (name.scheme, name.netloc) == (there.scheme, there.netloc) and name.path == here.path:
            return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))
    return following


def normal(url: str) -> str:
    """The address as far as it tells documents apart."""
    parts = urlsplit(url.strip())
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def is_last(page: Page) -> bool:
    """Whether the page without a next one is the one that it calls the last."""
    last = page.paging.last
    if last is None or normal(last) in {normal(page.url), *map(normal, page.paging.names)}:
        return True
    one, other = (parse_qs(urlsplit(each).query).get("page") for each in (last, page.url))
    return one == (other or ["1"]) if one else True


def identifier(graph: Graph, node: Node) -> str | None:
    """What a dataset is known by: its address; one without is known by its first dct:identifier."""
    if isinstance(node, NamedNode):
        return node.value
    words = sorted(value.value.strip() for value in graph.objects(node, DCT.identifier) if not isinstance(value, BlankNode))
    return next((each for each in words if each), None)


def modified(graph: Graph, node: Node) -> str | None:
    """When a dataset says it was changed."""
    value = graph.first(node, DCT.modified)
    return value.value if isinstance(value, Literal) else None


def joined(one: list[Triple], other: list[Triple]) -> list[Triple]:
    """What two pages say of one dataset; the same twice is said once."""
    if not one or rdf_graph.canonical(one) == rdf_graph.canonical(other):
        return other
    apart = {node: BlankNode() for triple in other for node in (triple.subject, triple.object) if isinstance(node, BlankNode)}
    return [*one, *(rdf_graph.renamed(triple, apart) for triple in other)]


def faulty(page: Page) -> Iterator[str]:
    """What could not be read of a page, in words: each may have been a dataset."""
    for fault in page.faults:
        if fault.rule == "rdf/syntax/skipped":
            yield f"{page.place} {fault.path}: {fault.message.get('en', fault.rule)}: {fault.value}"
