"""A SPARQL endpoint that holds descriptions of datasets.

Rules of the walk:
- The datasets are listed in the order of their addresses, some at a time, each time those after the last address: a deep OFFSET
  is slow where it is allowed at all, and moves when datasets come or go meanwhile. A server that gives fewer than asked for is
  followed at its pace; the list is over at an empty answer.
- Descriptions come for a group of datasets at a time. When the server refuses, is too slow, or cuts its answer, the group is
  halved, down to one; for one, fewer steps are asked for; one that cannot be had at all is a record that fails.
- What was listed is compared with COUNT before and after; an address that comes again is a circle.
- A server whose default graph holds no datasets is asked for those in its named graphs.
Rules: SPARQL 1.1 Protocol §2.1 (GET and POST), Query §15; SPARQL 1.1 Service Description.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field
from pyoxigraph import BlankNode, NamedNode

from harvesters.address import mask
from harvesters.base import Batch, Found, Record, Seen
from harvesters.sparql_answers import NAMESPACE
from harvesters.sparql_descriptions import Descriptions, graph_of, record_of
from harvesters.sparql_endpoint import Endpoint
from harvesters.sparql_questions import Scope
from harvesters.web import Web
from metadata.errors import NotData
from standards.rdf_graph import datasets

MOST = 5_000_000  # datasets
_ASK = "ASK{}"
_SERVICE = "http://www.w3.org/ns/sparql-service-description#"


class SparqlSettings(BaseModel):
    """What a SPARQL endpoint lets one choose."""

    model_config = ConfigDict(extra="forbid")

    graph: str = Field(default="", title="Only this named graph (its address)")
    catalog: str = Field(default="", title="Only the datasets of this catalogue (its address)")
    page_size: int = Field(default=500, ge=1, le=10_000, title="Addresses of datasets asked for at a time")
    group_size: int = Field(default=20, ge=1, le=500, title="Datasets described in one answer")
    hops: int = Field(default=3, ge=1, le=4, title="Steps from a dataset to what belongs to it")
    check_total: bool = Field(default=True, title="Fail when fewer are listed than the endpoint counts")


@dataclass(frozen=True)
class Cursor:
    """A place in the walk: the last address given, how many were, how many there were at the start, whether they are in named
    graphs, and whether those without an address were given."""

    after: str = ""
    seen: int = 0
    total: int | None = None
    named: bool = False
    nameless: bool = False

    def __str__(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


class Sparql:
    """The harvester of SPARQL endpoints."""

    name: ClassVar[str] = "sparql"
    title: ClassVar[dict[str, str]] = {"zh": "SPARQL 查询端点(DCAT)", "en": "SPARQL endpoint (DCAT)"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = SparqlSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url.strip()
        self.settings = SparqlSettings.model_validate(settings.model_dump())

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """The address itself, and the usual place of a site, asked the shortest question there is."""
        return [_questioned(url), _questioned(urljoin(url, "/sparql"))]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """An answer to a query, or a description of the service."""
        return _found(seen)

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records, each a group of datasets; `resume` is a `Cursor`."""
        endpoint = Endpoint(web, self.url)
        scope = Scope(self.settings.graph.strip(), self.settings.catalog.strip())
        cursor = Cursor(**json.loads(resume)) if resume else self._start(endpoint, scope)
        scope = replace(scope, named=cursor.named)
        descriptions = Descriptions(endpoint, scope, self.settings.hops, self.settings.group_size)
        known: set[int] = set()
        while names := self._listed(endpoint, scope, cursor, known):
            while names:
                group, names = names[: descriptions.size], names[descriptions.size :]
                records = descriptions.records(group)
                cursor = replace(cursor, after=group[-1], seen=cursor.seen + len(group))
                yield Batch(records, str(cursor), cursor.total, again=resume is not None)
        self._check(endpoint, scope, cursor)
        if not cursor.nameless and (records := self._nameless(endpoint, scope)):
            yield Batch(records, str(replace(cursor, nameless=True)), cursor.total, again=resume is not None)

    def _start(self, endpoint: Endpoint, scope: Scope) -> Cursor:
        """How many datasets there are, and where."""
        named = not scope.graph and not endpoint.rows(scope.listing("", 1))
        if named and not endpoint.rows(replace(scope, named=True).listing("", 1)):
            named = False
        return Cursor(total=endpoint.number(replace(scope, named=named).count()), named=named)

    def _listed(self, endpoint: Endpoint, scope: Scope, cursor: Cursor, known: set[int]) -> list[str]:
        """The addresses after the last one. Raises `NotData` for a circle."""
        found = endpoint.rows(scope.listing(cursor.after, self.settings.page_size))
        names = [row["d"].value for row in found if isinstance(row.get("d"), NamedNode)]
        fresh = [name for name in dict.fromkeys(names) if hash(name) not in known]
        if (found and not fresh) or len(known) > MOST or cursor.after in names:
            raise NotData(
                "the listing goes round in a circle",
                place=mask(self.url),
                value=cursor.after,
                remedy="Ask the endpoint's owner.",
            )
        known.update(map(hash, fresh))
        return fresh

    def _check(self, endpoint: Endpoint, scope: Scope, cursor: Cursor) -> None:
        """Raises `NotData` when fewer came than there were both before and after."""
        if not self.settings.check_total or cursor.total is None or cursor.seen >= cursor.total:
            return
        now = endpoint.number(scope.count())
        if now is None or cursor.seen < now:
            ended = f"the listing ended early: {cursor.seen} of {cursor.total if now is None else now}"
            raise NotData(ended, place=mask(self.url), remedy="Try again, or set check_total to false.")

    def _nameless(self, endpoint: Endpoint, scope: Scope) -> tuple[Record, ...]:
        """The datasets without an address, which can be asked for all at once only."""
        count = endpoint.number(scope.count(nameless=True))
        if not count:
            return ()
        graph = graph_of(endpoint.described(scope, (), self.settings.hops))
        nodes = [node for node in datasets(graph) if isinstance(node, BlankNode)]
        return tuple(record_of(graph, node) for node in nodes)


def _questioned(url: str) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "query"]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*query, ("query", _ASK)]), ""))


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ("query", "format", "output")]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def _found(seen: Seen) -> Found | None:
    if not 200 <= seen.status < 300:
        return None
    body = seen.json
    if isinstance(body, dict) and "head" in body and isinstance(body.get("boolean"), bool):
        return Found(_endpoint(seen.asked), "it answers SPARQL queries", 100)
    if seen.text.startswith("<") and NAMESPACE in seen.text[:2000] and "<html" not in seen.text[:2000].lower():
        return Found(_endpoint(seen.asked), "it answers SPARQL queries", 100)
    if _SERVICE in seen.text and "Service" in seen.text and not seen.text[:200].lower().startswith(("<!doctype html", "<html")):
        return Found(_endpoint(seen.asked), "a description of a SPARQL service", 100)
    return None
