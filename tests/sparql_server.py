"""A real SPARQL endpoint over HTTP: pyoxigraph's or rdflib's engine behind a behaviour of the hostile server."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import rdflib
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from tests.hostile.server import Behaviour, Handler, says

Engine = Callable[[str, str], bytes]
"""(query, media type) -> the answer's body. Raises `ValueError` or `SyntaxError` for a query that is none."""
BASE = "http://base.example/"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"


def oxigraph(data: str, syntax: RdfFormat = RdfFormat.TRIG) -> Engine:
    """pyoxigraph's engine over this data."""
    store = Store()
    store.load(data.encode(), syntax, base_iri=BASE)

    def answer(query: str, media_type: str) -> bytes:
        results = store.query(query)
        assert isinstance(results, QueryBoolean | QuerySolutions)
        form = QueryResultsFormat.JSON if media_type == JSON else QueryResultsFormat.XML
        return results.serialize(format=form) or b""

    return answer


def rdf_lib(data: str) -> Engine:
    """rdflib's engine over this data (Turtle)."""
    graph = rdflib.Graph().parse(data=data, format="turtle")

    def answer(query: str, media_type: str) -> bytes:
        return graph.query(query).serialize(format="json" if media_type == JSON else "xml") or b""

    return answer


def endpoint(
    engine: Engine, only: str = "", may: Callable[[str], Behaviour | None] = lambda _: None, media: str = JSON
) -> Behaviour:
    """The endpoint; `only` is the one method it takes, `may` gives another answer to a query, or None."""

    def behave(handler: Handler) -> None:
        said = handler.body.decode() if handler.command == "POST" else urlsplit(handler.path).query
        query = parse_qs(said).get("query", [""])[0]
        if only and handler.command != only:
            says(b"not that way", 405)(handler)
        elif not query:
            says(b"No query was given", 400)(handler)
        elif (other := may(query)) is not None:
            other(handler)
        else:
            _answered(engine, query, media)(handler)

    return behave


def _answered(engine: Engine, query: str, media: str) -> Behaviour:
    try:
        return says(engine(query, media), headers={"Content-Type": media})
    except (ValueError, SyntaxError) as problem:
        return says(str(problem).encode(), 400)
