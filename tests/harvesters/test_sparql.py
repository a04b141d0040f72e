"""SPARQL endpoints: two real engines over HTTP, every way of asking, and servers that cut, refuse, repeat and lie."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat

from harvesters.base import Batch, Record, Seen
from harvesters.detection import detect
from harvesters.sparql import Sparql, SparqlSettings
from harvesters.sparql_questions import iri, quoted
from harvesters.web import Web
from metadata.errors import NotData, Unreachable
from standards.rdf_graph import records as cut
from tests.hostile.server import Behaviour, Hostile, says
from tests.sparql_server import BASE, JSON, XML, Engine, endpoint, oxigraph, rdf_lib

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
"""


def dataset(n: int) -> str:
    """A dataset with all that belongs to it, up to three steps away."""
    return (
        f"""<http://x.example/{n:02}> a dcat:Dataset ; dct:title "数据 {n}"@zh ; dct:publisher <http://x.example/office> ;
  dct:modified "2026-01-02" ; dct:relation <http://x.example/00> ; dcat:contactPoint [ vcard:fn "desk {n}" ] ;
  dcat:distribution [ dcat:accessURL <http://x.example/{n}.csv> ; spdx:checksum [ spdx:checksumValue "{n}" ] ;
    dcat:accessService [ dcat:contactPoint [ vcard:fn "helper {n}" ] ] ] .
"""
        + f'<http://x.example/r/{n}> a dcat:CatalogRecord ; foaf:primaryTopic <http://x.example/{n:02}> ; dct:issued "{n}" .\n'
    )


OFFICE = (
    '<http://x.example/office> a foaf:Agent ; foaf:name "Office" .\n<http://x.example/cat> a dcat:Catalog, dcat:Dataset .\n'
)


def data(count: int) -> str:
    listed = "".join(f"<http://x.example/cat> dcat:dataset <http://x.example/{n:02}> .\n" for n in range(count))
    return PREFIXES + OFFICE + listed + "".join(map(dataset, range(count)))


def walk(behaviour: Behaviour, resume: str | None = None, asked: list[str] | None = None, **settings: Any) -> list[Batch]:
    with Hostile({"/sparql": behaviour}) as server, Web(internal=True, retries=0, sleep=lambda _: None) as web:
        try:
            return list(Sparql(f"{server.url}/sparql", SparqlSettings(**settings)).batches(web, resume))
        finally:
            if asked is not None:
                asked += [path for path, _ in server.asked]


def records(batches: list[Batch]) -> list[Record]:
    return [record for batch in batches for record in batch.records]


def names(batches: list[Batch]) -> list[str]:
    return [(record.identifier or "").rpartition("/")[2] for record in records(batches)]


def numbered(count: int) -> list[str]:
    return [f"{n:02}" for n in range(count)]


# ── Engines, forms, methods


WAYS = [(oxigraph, media, only) for media in (JSON, XML) for only in ("GET", "POST", "")]


@pytest.mark.parametrize(("engine", "media", "only"), [*WAYS, (rdf_lib, JSON, "GET"), (rdf_lib, XML, "POST")])
def test_an_endpoint_gives_what_a_document_would(engine: Callable[[str], Engine], media: str, only: str) -> None:
    found = records(walk(endpoint(engine(data(4)), only, media=media), page_size=3, group_size=2))
    wanted = dict(cut(data(4).encode()))
    assert {f"<{record.identifier}>": record.body for record in found} == wanted and len(found) == 4
    assert b"helper 2" in found[2].body and b"Office" in found[2].body and found[2].modified == "2026-01-02"


def test_a_run_goes_on_from_any_batch() -> None:
    whole = walk(endpoint(oxigraph(data(9))), page_size=4, group_size=2)
    assert names(whole) == numbered(9) and whole[0].total == 9
    for point, batch in enumerate(whole):
        rest = walk(endpoint(oxigraph(data(9))), batch.resume, page_size=4, group_size=2)
        assert names(whole[: point + 1] + rest) == numbered(9)


def test_a_long_question_goes_by_post() -> None:
    asked: list[str] = []
    walk(endpoint(oxigraph(data(3))), asked=asked)
    assert all(len(path) < 4000 for path in asked) and asked[-1] != asked[0]


def test_addresses_and_strings_are_spelled_safely() -> None:
    assert iri('http://x/a b>"<') == "<http://x/a%20b%3E%22%3C>"
    assert quoted('a"\\\n') == '"a\\"\\\\\\n"'
    odd = PREFIXES + "<http://x.example/'quote'\\u00e9> a dcat:Dataset ; dct:title 'odd' .\n" + dataset(1)
    assert len(records(walk(endpoint(oxigraph(odd)), page_size=1))) == 2


# ── Where the datasets are


def graphs() -> str:
    one, two = (f"<http://g/{n}> {{ {dataset(n)} }}\n" for n in (1, 2))
    agent = "<http://g/agents> { <http://x.example/office> foaf:name 'Office' . }\n"
    return PREFIXES + one + two + agent


def test_datasets_in_named_graphs_only_are_found() -> None:
    found = walk(endpoint(oxigraph(graphs())))
    assert names(found) == ["01", "02"] and b"Office" in records(found)[0].body
    assert names(found[:1] + walk(endpoint(oxigraph(graphs())), found[0].resume)) == ["01", "02"]


def test_one_graph_may_be_chosen() -> None:
    assert names(walk(endpoint(oxigraph(graphs())), graph="http://g/2")) == ["02"]


def test_one_catalogue_may_be_chosen_and_need_not_say_that_its_datasets_are_ones() -> None:
    more = (
        data(3)
        + "<http://x.example/other> dcat:dataset <http://x.example/untyped> . <http://x.example/untyped> dct:title 'u' .\n"
    )
    found = records(walk(endpoint(oxigraph(more)), catalog="http://x.example/other"))
    assert [record.identifier for record in found] == ["http://x.example/untyped"]
    assert b"ns/dcat#dataset>" in found[0].body


def test_datasets_without_an_address_come_last() -> None:
    more = data(2) + "[] a dcat:Dataset ; dct:identifier 'n-1' ; dcat:distribution [] . [] a dcat:Dataset ; dct:title 't' .\n"
    whole = walk(endpoint(oxigraph(more)))
    assert names(whole)[:2] == ["00", "01"] and sorted(names(whole)[2:]) == ["", "n-1"]
    assert walk(endpoint(oxigraph(more)), whole[-1].resume) == []


def test_an_empty_endpoint_lists_nothing() -> None:
    assert walk(endpoint(oxigraph(OFFICE.join((PREFIXES, ""))))) == []


def test_a_series_is_no_dataset() -> None:
    more = data(1) + "<http://x.example/series> a dcat:DatasetSeries, dcat:Dataset ; dct:title 's' .\n"
    assert names(walk(endpoint(oxigraph(more)))) == ["00"]


# ── Servers with limits


def capped(engine: Engine, most: int, headers: dict[str, str] | None = None, only_rows: bool = False) -> Behaviour:
    """Cuts every answer at `most` rows, saying so in these headers at most."""

    def may(query: str) -> Behaviour | None:
        if only_rows and "?s ?p ?o WHERE" not in query:
            return None
        body = json.loads(engine(query, JSON))
        body["results"]["bindings"] = body["results"]["bindings"][:most]
        return says(json.dumps(body).encode(), headers=headers)

    return endpoint(engine, may=may)


def test_a_listing_that_is_capped_is_followed_at_its_pace() -> None:
    def may(query: str) -> Behaviour | None:
        return says(engine(re.sub(r"LIMIT \d+", "LIMIT 2", query), JSON)) if "LIMIT" in query else None

    engine = oxigraph(data(7))
    assert names(walk(endpoint(engine, may=may))) == numbered(7)


@pytest.mark.parametrize(("most", "headers"), [(100, {}), (150, {"X-SPARQL-MaxRows": "150"})])
def test_descriptions_that_are_cut_are_asked_for_in_smaller_groups(most: int, headers: dict[str, str]) -> None:
    found = records(walk(capped(oxigraph(data(12)), most, headers, only_rows=True), group_size=12))
    assert {f"<{record.identifier}>": record.body for record in found} == dict(cut(data(12).encode()))


def limited(engine: Engine, most: int, answer: Behaviour, never: str = "") -> Behaviour:
    """Answers so to a question about more than `most` datasets, or about the one that it never tells of."""

    def may(query: str) -> Behaviour | None:
        values = re.search(r"VALUES \?d \{ ([^}]*) \}", query)
        asked = values[1].split() if values else []
        return answer if len(asked) > most or (never and any(never in each for each in asked)) else None

    return endpoint(engine, may=may)


@pytest.mark.parametrize(
    "answer",
    [
        says(b"Virtuoso 42000 Error The estimated execution time exceeds the limit", 500),
        says(b"slow", 504),
        says(b'{"head": {"vars": []}, "results": {"bindings": []}}', 206),
        says(b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "ur'),
        says(b"<html><title>Too many</title></html>"),
        says(b'{"error": "too complex"}'),
    ],
    ids=["500", "504", "206", "cut", "html", "error"],
)
def test_a_group_that_is_refused_is_halved(answer: Behaviour) -> None:
    assert names(walk(limited(oxigraph(data(11)), 2, answer), group_size=8)) == numbered(11)


def test_one_dataset_that_cannot_be_had_is_a_record_that_fails() -> None:
    found = records(walk(limited(oxigraph(data(5)), 9, says(b"out of memory", 500), never="/03>")))
    assert len(found) == 5 and b"out of memory" in found[3].body and b"title" not in found[3].body
    assert found[3].identifier == "http://x.example/03" and b"title" in found[4].body


def test_one_that_is_too_much_is_asked_for_with_fewer_steps() -> None:
    def may(query: str) -> Behaviour | None:
        return says(b"too deep", 500) if "?q2 " in query else None

    found = records(walk(endpoint(oxigraph(data(2)), may=may)))
    assert len(found) == 2 and b"accessURL" in found[0].body and b"helper" not in found[0].body


def test_when_nothing_can_be_described_the_run_ends() -> None:
    with pytest.raises(Unreachable, match="down"):
        walk(limited(oxigraph(data(40)), 0, says(b"down", 500)), hops=1)


# ── Servers that lie


def test_a_listing_that_takes_no_heed_of_the_last_address_is_a_circle() -> None:
    def may(query: str) -> Behaviour | None:
        return says(engine(re.sub(r"&& STR\(\?d\) > \"[^\"]*\"", "", query), JSON)) if "LIMIT" in query else None

    engine = oxigraph(data(5))
    with pytest.raises(NotData, match="circle"):
        walk(endpoint(engine, may=may), page_size=3)


def test_fewer_than_were_counted_is_an_early_end() -> None:
    def may(query: str) -> Behaviour | None:
        if "COUNT" in query and "isIRI" in query:
            return says(b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "typed-literal", "value": "9"}}]}}')
        return None

    with pytest.raises(NotData, match="3 of 9"):
        walk(endpoint(oxigraph(data(3)), may=may))
    assert names(walk(endpoint(oxigraph(data(3)), may=may), check_total=False)) == numbered(3)


def test_a_server_that_cannot_count_is_walked_all_the_same() -> None:
    def may(query: str) -> Behaviour | None:
        return says(b"no aggregates here", 400) if "COUNT" in query else None

    whole = walk(endpoint(oxigraph(data(3)), may=may))
    assert names(whole) == numbered(3) and whole[0].total is None


def test_what_goes_and_comes_while_listing_is_no_early_end() -> None:
    engines = [oxigraph(data(6)), oxigraph(PREFIXES + "".join(map(dataset, (0, 1, 2, 4, 5, 6))))]

    def may(query: str) -> Behaviour | None:
        return says(engines[1 if '"http://x.example/02"' in query or "/04" in query or "COUNT" in query else 0](query, JSON))

    assert names(walk(endpoint(engines[0], may=may), page_size=3)) == ["00", "01", "02", "04", "05", "06"]


def test_an_address_that_is_none_spoils_its_own_record_only() -> None:
    def may(query: str) -> Behaviour | None:
        body = engine(query, JSON).replace(b"http://x.example/office", b"http://x.example/of fice")
        return says(body)

    engine = oxigraph(data(2))
    found = records(walk(endpoint(engine, may=may)))
    assert len(found) == 2 and b"of%20fice" in found[0].body


@pytest.mark.parametrize(
    "body",
    [
        b"<html><title>Query editor</title></html>",
        b"",
        b'{"hello": 1}',
        b'{"head": {}, "boolean": true}',
        b"<sparql/>",
        b"plain",
    ],
)
def test_what_is_no_endpoint_is_told(body: bytes) -> None:
    with pytest.raises(NotData, match="/sparql"):
        walk(says(body))


# ── Recognition


def seen(body: str, url: str, status: int = 200) -> Seen:
    return Seen(url, url, status, "", {}, body.encode(), True)


def test_an_endpoint_is_recognised_by_its_answer() -> None:
    probe = Sparql.probes("http://x.example/api/query?default=1")[0]
    for body in (
        '{"head": {}, "boolean": true}',
        '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"/>',
    ):
        found = Sparql.recognises(seen(body, probe))
        assert found is not None and found.sure == 100 and found.url == "http://x.example/api/query?default=1"
    service = "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> . [] a sd:Service ."
    assert Sparql.recognises(seen(service, "http://x.example/sparql")) is not None


@pytest.mark.parametrize(
    "body", ["", "<html>http://www.w3.org/2005/sparql-results#</html>", '{"boolean": true}', "[]", '{"head": 1}']
)
def test_what_is_no_endpoint_is_not_recognised(body: str) -> None:
    assert Sparql.recognises(seen(body, "http://x.example/")) is None
    assert Sparql.recognises(seen('{"head": {}, "boolean": true}', "http://x.example/", 500)) is None


def test_from_the_front_page_of_a_site_its_endpoint_is_found() -> None:
    home = says(b"<html><body>Welcome</body></html>", headers={"Content-Type": "text/html"})
    with Hostile({"/": home, "/sparql": endpoint(oxigraph(data(1)))}) as server, Web(internal=True, retries=0) as web:
        best = detect(web, f"{server.url}/")[0]
        assert (best.protocol, best.found.url) == ("sparql", f"{server.url}/sparql")


# ── A real catalogue


def test_a_real_catalogue_in_an_endpoint_gives_the_same_records_as_its_document(corpora: Path) -> None:
    path = corpora / "dcat-rdf/govdata-de-shacl-testcases/testcases/dashboard/bremen-catalog-original-input.rdf"
    engine = oxigraph(path.read_text("utf-8"), RdfFormat.RDF_XML)
    found = {record.identifier: record.body for record in records(walk(endpoint(engine)))}
    wanted = {place.strip("<>"): body for place, body in cut(path.read_bytes(), None, BASE)}
    assert len(wanted) > 100 and found.keys() == wanted.keys()
    assert [name for name in wanted if found[name] != wanted[name]] == []
