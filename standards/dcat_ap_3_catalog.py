"""DCAT-AP 3.0.1: a page of the catalogue, with its paging said in Hydra.

The page is typed both as `hydra:PartialCollectionView` (next, previous, …) and as the older `hydra:PagedCollection` (nextPage,
previousPage, …): harvesters know the one or the other (Hydra Core Vocabulary, https://www.hydra-cg.com/spec/latest/core/).
"""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from metadata.model import Agent, Coded, Dataset
from metadata.text import Text
from standards import rdf
from standards import rdf_write_parts as parts
from standards.rdf import DCAT, DCT, FOAF, HYDRA, XSD, Node, Statements, Triples
from standards.rdf_write import describe


@dataclass(frozen=True)
class CatalogRecord:
    """What the catalogue says about its entry for a dataset: when it was taken up and last changed (ISO 8601). `about` is the
    dataset's IRI."""

    uri: str
    about: str
    modified: str
    issued: str | None = None


@dataclass(frozen=True)
class CatalogPage:
    """One page of a catalogue. `uri` is the catalogue's IRI, `page` this page's; `first`, `last`, `next` and `previous` are
    IRIs of pages; `total` counts the datasets of all pages."""

    uri: str
    page: str
    title: Text
    description: Text
    publisher: Agent
    datasets: tuple[Dataset, ...]
    total: int
    items_per_page: int
    first: str
    last: str
    next: str | None = None
    previous: str | None = None
    homepage: str | None = None
    language: tuple[str, ...] = ()
    license: Coded | None = None
    issued: str | None = None
    modified: str | None = None
    records: tuple[CatalogRecord, ...] = ()


def catalog(page: CatalogPage) -> Triples:
    """The catalogue, this page's datasets, and where the other pages are."""
    out = Statements()
    node = rdf.iri(page.uri) or NamedNode("urn:mulu:catalog")
    _about(out, node, page)
    _paging(out, node, page)
    for dataset in page.datasets:
        described, *services = describe(out, dataset)
        out.say(node, DCAT.dataset, described)
        out.say(node, DCAT.service, services)
    for record in page.records:
        _record(out, node, record)
    return out.triples()


def _about(out: Statements, node: Node, page: CatalogPage) -> None:
    out.typed(node, DCAT.Catalog)
    out.say(node, DCT.title, rdf.literals(page.title))
    out.say(node, DCT.description, rdf.literals(page.description) or rdf.literals(page.title))
    out.say(node, DCT.publisher, parts.agent(out, page.publisher))
    out.say(node, FOAF.homepage, parts.documents(out, [page.homepage]))
    out.say(node, DCT.language, parts.languages(out, page.language))
    out.say(node, DCT.license, parts.coded(out, page.license, DCT.LicenseDocument))
    out.say(node, DCT.issued, rdf.moment(page.issued))
    out.say(node, DCT.modified, rdf.moment(page.modified))


def _paging(out: Statements, node: Node, page: CatalogPage) -> None:
    view = rdf.iri(page.page) or NamedNode("urn:mulu:catalog:page")
    out.say(node, HYDRA.view, view)
    out.typed(view, HYDRA.PartialCollectionView)
    out.typed(view, HYDRA.PagedCollection)
    out.say(view, HYDRA.totalItems, Literal(str(page.total), datatype=XSD.integer))
    out.say(view, HYDRA.itemsPerPage, Literal(str(page.items_per_page), datatype=XSD.integer))
    for name, target in (("first", page.first), ("last", page.last), ("next", page.next), ("previous", page.previous)):
        out.say(view, getattr(HYDRA, name), rdf.iri(target))
        out.say(view, getattr(HYDRA, f"{name}Page"), rdf.iri(target))


def _record(out: Statements, node: Node, record: CatalogRecord) -> None:
    entry, about = rdf.iri(record.uri), rdf.iri(record.about)
    if entry and about:
        out.say(node, DCAT.record, out.typed(entry, DCAT.CatalogRecord))
        out.say(entry, FOAF.primaryTopic, out.typed(about, DCAT.Resource))
        out.say(entry, DCT.modified, rdf.moment(record.modified))
        out.say(entry, DCT.issued, rdf.moment(record.issued))
