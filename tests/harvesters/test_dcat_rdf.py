"""Catalogues in RDF: forms, ways of paging, what is only linked, and every way in which a listing can lie."""

import fcntl
import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from harvesters import rdf_pages
from harvesters.base import Batch, NotModified, Record, Seen
from harvesters.dcat_rdf import DcatRdf, DcatRdfSettings
from harvesters.detection import detect as detect_protocol
from harvesters.web import Web
from metadata.errors import NotData, TooLarge, Unreachable
from standards.rdf import DCAT, RDF
from standards.table import STANDARDS, detect
from tests.hostile.server import Behaviour, Handler, Hostile, in_turn, redirects, says

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


def dataset(name: str, more: str = "") -> str:
    return f'<http://x.example/{name}> a dcat:Dataset ; dct:title "{name}" {more} .\n'


def turtle(*parts: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    return says((PREFIXES + "".join(parts)).encode(), status, {"Content-Type": "text/turtle"} | dict(headers or {}))


def at(template: str) -> Behaviour:
    """Turtle in which `HERE` stands for the server's address."""

    def behave(handler: Handler) -> None:
        turtle(template.replace("HERE", f"http://{handler.headers['Host']}"))(handler)

    return behave


def client(validators: Mapping[str, Mapping[str, str]] | None = None) -> Web:
    return Web(internal=True, retries=0, sleep=lambda _: None, validators=validators)


def walk(url: str, web: Web | None = None, resume: str | None = None, **settings: Any) -> list[Batch]:
    with web or client() as open_web:
        return list(DcatRdf(url, DcatRdfSettings(**settings)).batches(open_web, resume))


def noted(batches: Iterator[Batch], given: list[Batch]) -> Iterator[Batch]:
    """Notes each batch as it comes, so that those before a failure are known."""
    for batch in batches:
        given.append(batch)
    yield from ()


def records(batches: list[Batch]) -> list[Record]:
    return [record for batch in batches for record in batch.records]


def names(batches: list[Batch]) -> list[str]:
    return [(record.identifier or "").rpartition("/")[2] for record in records(batches)]


# ── Forms


@pytest.mark.parametrize(
    "form",
    [RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD, RdfFormat.N_TRIPLES, RdfFormat.TRIG, RdfFormat.N_QUADS],
    ids=str,
)
def test_every_form_gives_the_same_records_whatever_it_is_called(form: RdfFormat) -> None:
    text = PREFIXES + dataset("a", "; dcat:distribution [ dct:title 'file' ]") + dataset("b")
    quads = list(parse(text, format=RdfFormat.TURTLE))
    triples = [quad.triple for quad in quads]
    body = serialize(triples, format=form) if form not in (RdfFormat.TRIG, RdfFormat.N_QUADS) else serialize(quads, format=form)
    with Hostile({"/catalog.bin": says(body or b"", headers={"Content-Type": "application/octet-stream"})}) as server:
        found = records(walk(f"{server.url}/catalog.bin"))
    assert [record.identifier for record in found] == ["http://x.example/a", "http://x.example/b"]
    standard = detect(found[0].body)
    assert standard is not None and standard.read is not None
    assert standard.read(found[0].body).distribution[0].title == {"und": "file"}


def test_turtle_is_asked_for_first_and_anything_when_that_is_refused() -> None:
    server_wants_xml = in_turn(says(b"no", 406), turtle(dataset("a")))
    with Hostile({"/c": server_wants_xml}) as server:
        assert names(walk(f"{server.url}/c")) == ["a"]
        assert server.asked[0][1]["accept"].startswith("text/turtle") and server.asked[1][1]["accept"] == "*/*"


def test_a_media_type_may_be_chosen() -> None:
    with Hostile({"/c": turtle(dataset("a"))}) as server:
        walk(f"{server.url}/c", accept="application/rdf+xml")
        assert server.asked[0][1]["accept"] == "application/rdf+xml"


def test_a_context_from_elsewhere_is_never_fetched() -> None:
    with Hostile({}) as other:
        document = {"@context": f"{other.url}/context.jsonld", "@type": "Dataset", "title": "x"}
        with Hostile({"/c": says(json.dumps(document).encode())}) as server, pytest.raises(NotData, match="context"):
            walk(f"{server.url}/c")
        assert other.asked == []


def test_an_html_page_leads_to_the_rdf_that_it_names() -> None:
    page = b'<!DOCTYPE html><html><head><link rel="alternate" type="text/turtle" href="/c.ttl?a=1&amp;b=2"></head></html>'
    with Hostile({"/": says(page), "/c.ttl": turtle(dataset("a"))}) as server:
        assert names(walk(f"{server.url}/")) == ["a"]
        assert server.asked[1][0] == "/c.ttl?a=1&b=2"


@pytest.mark.parametrize("body", [b"<html><title>Down for repair</title></html>", b"", b"plain words", b"\x89PNG\r\n"])
def test_what_is_no_rdf_is_told(body: bytes) -> None:
    with Hostile({"/c": says(body)}) as server, pytest.raises(NotData, match="/c"):
        walk(f"{server.url}/c")


def test_rdf_about_something_else_is_told_and_an_empty_catalogue_is_not() -> None:
    with Hostile({"/c": turtle('<http://x/> dct:title "t" .'), "/empty": turtle("<http://x/> a dcat:Catalog .")}) as server:
        with pytest.raises(NotData, match="describes no dataset"):
            walk(f"{server.url}/c")
        assert walk(f"{server.url}/empty") == []


def test_a_document_that_is_cut_is_told() -> None:
    whole = (PREFIXES + "".join(dataset(f"d{n}") for n in range(30))).encode()
    xml = serialize([quad.triple for quad in parse(whole, format=RdfFormat.TURTLE)], format=RdfFormat.RDF_XML) or b""
    for body in (whole[:-40], xml[: len(xml) // 2]):
        with Hostile({"/c": says(body)}) as server, pytest.raises(NotData, match="ends early"):
            walk(f"{server.url}/c")


def test_a_statement_that_cannot_be_read_is_a_record_that_fails() -> None:
    with Hostile({"/c": turtle(dataset("a"), "<http://x/b> & .\n", dataset("c"))}) as server:
        found = records(walk(f"{server.url}/c"))
    assert [record.identifier for record in found] == ["http://x.example/a", "http://x.example/c", None]
    assert "line 4" in found[2].body and detect(found[2].body) is None
    assert found[0].faults[0].rule == "rdf/syntax/skipped"


# ── Identity


def test_a_nameless_dataset_is_known_by_its_identifier() -> None:
    with Hostile({"/c": turtle('[] a dcat:Dataset ; dct:identifier "n-1" ; dct:title "t" .')}) as server:
        assert [record.identifier for record in records(walk(f"{server.url}/c"))] == ["n-1"]


def test_one_without_any_name_is_left_to_its_digest_which_stays() -> None:
    one, other = ('_:a a dcat:Dataset ; dct:title "t" .', '[ a dcat:Dataset ; dct:title "t" ] .')
    with Hostile({"/c": in_turn(turtle(one), turtle(other))}) as server:
        first, second = (records(walk(f"{server.url}/c"))[0] for _ in range(2))
    assert first.identifier is None and first.body == second.body


# ── Paging


def paged(next_words: str, last_words: str = "") -> dict[str, Behaviour]:
    """Three pages; in the words `URL` stands for an address."""

    def behave(number: int) -> Behaviour:
        def answer(handler: Handler) -> None:
            here = f"http://{handler.headers['Host']}"
            said = next_words.replace("URL", f"{here}/p{number + 1}") if number < 3 else ""
            last = last_words.replace("URL", f"{here}/p3")
            view = f"<{here}/p{number}> a hydra:PagedCollection {said} {last} .\n"
            turtle(view, dataset(f"d{number}a"), dataset(f"d{number}b"))(handler)

        return answer

    return {f"/p{number}": behave(number) for number in (1, 2, 3)}


ALL = ["d1a", "d1b", "d2a", "d2b", "d3a", "d3b"]


@pytest.mark.parametrize(
    ("next_words", "last_words"),
    [
        ("; hydra:next <URL>", "; hydra:last <URL>"),
        ('; hydra:nextPage "URL"', '; hydra:lastPage "URL"'),
        ("; hydra:nextPage <URL>", ""),
        ('; hydra:next "URL"', ""),
        ("; <http://www.w3.org/1999/xhtml/vocab#next> <URL>", ""),
    ],
)
def test_every_spelling_of_the_next_page_is_followed(next_words: str, last_words: str) -> None:
    with Hostile(paged(next_words, last_words)) as server:
        assert names(walk(f"{server.url}/p1")) == ALL


def test_a_server_that_is_busy_is_waited_for_and_compressed_pages_are_read() -> None:
    pages = paged("; hydra:next <URL>")
    packed = gzip.compress((PREFIXES + dataset("d3a") + dataset("d3b")).encode())
    pages["/p2"] = in_turn(says(b"busy", 503, {"Retry-After": "7"}), says(b"slower", 429, {"Retry-After": "9"}), pages["/p2"])
    pages["/p3"] = says(packed, headers={"Content-Encoding": "gzip"})
    waited: list[float] = []
    with Hostile(pages) as server, Web(internal=True, retries=3, sleep=waited.append) as web:
        assert names(walk(f"{server.url}/p1", web)) == ALL
    assert sum(waited) >= 16


def test_a_link_header_is_followed() -> None:
    link = '<https://elsewhere.example/>; rel="describedby", </p2>; title="a, b"; rel="last next"'
    pages = {"/p1": turtle(dataset("a"), headers={"Link": link}), "/p2": turtle(dataset("b"))}
    with Hostile(pages) as server:
        assert names(walk(f"{server.url}/p1")) == ["a", "b"]


def test_a_page_that_calls_itself_by_an_inner_name_is_followed_at_the_outer_one() -> None:
    view = (
        "<http://inner.invalid:5000/c?page=1> a hydra:PagedCollection ; hydra:nextPage <http://inner.invalid:5000/c?page=2> .\n"
    )
    pages = in_turn(turtle(view, dataset("a")), turtle(dataset("b")))
    with Hostile({"/c": pages}) as server:
        assert names(walk(f"{server.url}/c?page=1")) == ["a", "b"]


@pytest.mark.parametrize("to", ["/p1", "/p2", "/p1#other"])
def test_pages_that_lead_back_are_a_circle(to: str) -> None:
    pages = {
        "/p1": at(f"<HERE/p1> hydra:next <HERE/p2> .\n{dataset('a')}"),
        "/p2": at(f"<HERE/p2> hydra:next <HERE{to}> .\n{dataset('b')}"),
    }
    with Hostile(pages) as server, pytest.raises(NotData, match="circle"):
        walk(f"{server.url}/p1")


def endless(same: bool) -> Behaviour:
    """Always one more page; with `same`, it describes the same each time."""

    def behave(handler: Handler) -> None:
        number = int(handler.path.partition("=")[2] or 1)
        here = f"http://{handler.headers['Host']}/c?page="
        turtle(f"<{here}{number}> hydra:next <{here}{number + 1}> .\n", dataset("a" if same else f"d{number}"))(handler)

    return behave


def test_a_page_that_comes_again_under_another_address_is_a_circle() -> None:
    with Hostile({"/c": endless(same=True)}) as server, pytest.raises(NotData, match="came before"):
        walk(f"{server.url}/c")


def test_pages_without_end_meet_a_limit() -> None:
    with Hostile({"/c": endless(same=False)}) as server, pytest.raises(TooLarge, match="max_pages"):
        walk(f"{server.url}/c", max_pages=7)


def test_records_before_a_page_that_fails_are_given_and_the_fault_is_met_again() -> None:
    pages = paged("; hydra:next <URL>") | {"/p3": says(b"oh", 500)}
    with Hostile(pages) as server:
        given: list[Batch] = []
        with client() as web, pytest.raises(Unreachable, match="HTTP 500"):
            given.extend(noted(DcatRdf(f"{server.url}/p1", DcatRdfSettings(batch_size=1)).batches(web, None), given))
        assert names(given) == ALL[:4]
        with pytest.raises(Unreachable):
            walk(f"{server.url}/p1", resume=given[-1].resume)


@pytest.mark.parametrize("body", [b"<html><title>Sorry</title></html>", b"", b'{"error": "no"}'])
def test_a_page_that_is_no_rdf_ends_the_run(body: bytes) -> None:
    with Hostile(paged("; hydra:next <URL>") | {"/p2": says(body)}) as server, pytest.raises(NotData, match="/p2"):
        walk(f"{server.url}/p1")


def test_a_total_that_is_not_reached_is_an_early_end() -> None:
    view = "<http://x/c> a hydra:Collection ; hydra:totalItems 3 .\n"
    with Hostile({"/c": turtle(view, dataset("a"), dataset("b"))}) as server:
        with pytest.raises(NotData, match="2 of 3"):
            walk(f"{server.url}/c")
        assert names(walk(f"{server.url}/c", check_total=False)) == ["a", "b"]


def test_an_early_end_is_met_again_by_a_run_that_goes_on() -> None:
    view = '<http://x/c> hydra:totalItems "3" .\n'
    with Hostile({"/c": turtle(view, dataset("a"), dataset("b"))}) as server, client() as web:
        batches = DcatRdf(f"{server.url}/c", DcatRdfSettings()).batches(web, None)
        resume = next(batches).resume
        with pytest.raises(NotData):
            next(batches)
        with pytest.raises(NotData):
            walk(f"{server.url}/c", resume=resume)


def test_an_end_before_the_last_page_is_an_error() -> None:
    pages = {"/c": at(f"<HERE/c?page=1> hydra:last <HERE/c?page=4> .\n{dataset('a')}")}
    with Hostile(pages) as server, pytest.raises(NotData, match="last page"):
        walk(f"{server.url}/c?page=1")


def test_a_dataset_that_goes_on_on_the_next_page_is_one_record() -> None:
    one, other = (dataset("b", f'; dcat:distribution [ dct:title "{n}" ]') for n in (1, 2))
    first = "<HERE/p1> hydra:next <HERE/p2> .\n" + dataset("a") + one
    second = "<HERE/p2> hydra:next <HERE/p3> .\n" + other + dataset("c")
    third = dataset("c") + dataset("d")
    with Hostile({"/p1": at(first), "/p2": at(second), "/p3": at(third)}) as server:
        whole = walk(f"{server.url}/p1", batch_size=1)
        found = {record.identifier: record.body for record in records(whole)}
        assert names(whole) == ["a", "b", "c", "d"]
        assert found["http://x.example/b"].count(b"#distribution>") == 2
        for point, batch in enumerate(whole):
            rest = walk(f"{server.url}/p1", resume=batch.resume, batch_size=1)
            assert [record.body for record in records(whole[: point + 1] + rest)] == list(found.values())


@dataclass
class Live:
    """A catalogue that changes while it is read: `changes` says what is done before a page is answered for the first time."""

    held: list[str]
    changes: dict[int, Callable[[list[str]], None]]

    def __call__(self, handler: Handler) -> None:
        number = int(handler.path.partition("=")[2] or 1)
        if change := self.changes.pop(number, None):
            change(self.held)
        here = f"http://{handler.headers['Host']}/c?page="
        shown = self.held[(number - 1) * 2 : number * 2]
        more = f"; hydra:next <{here}{number + 1}>" if number * 2 < len(self.held) else ""
        turtle(f"<{here}{number}> hydra:totalItems {len(self.held)} {more} .\n", *map(dataset, shown))(handler)


def test_a_dataset_that_moves_to_a_page_already_read_is_not_lost() -> None:
    with Hostile({"/c": Live(["a", "b", "c", "d", "e", "f"], {2: lambda held: held.remove("a")})}) as server:
        assert sorted(names(walk(f"{server.url}/c"))) == ["a", "b", "c", "d", "e", "f"]


def test_a_dataset_that_is_added_while_reading_is_no_early_end_and_none_comes_twice() -> None:
    with Hostile({"/c": Live(["b", "c", "d", "e"], {2: lambda held: held.insert(0, "a")})}) as server:
        assert names(walk(f"{server.url}/c")) == ["b", "c", "d", "e"]


# ── What is only linked


def linking(count: int = 60) -> dict[str, Behaviour]:
    listed = "".join(f"<HERE/cat> a dcat:Catalog ; dcat:dataset <HERE/d/{n:03}> .\n" for n in range(count))

    def one(number: int) -> Behaviour:
        return at(f'<HERE/d/{number:03}> a dcat:Dataset ; dct:title "{number}" ; dct:relation <HERE/d/000> .\n'
                  '<HERE/d/000> a dcat:Dataset ; dct:title "stub" .\n' * (number > 0))  # fmt: skip

    documents = {f"/d/{number:03}": one(number) for number in range(1, count)}
    return {"/c": at(listed), "/d/000": at('<HERE/d/000> a dcat:Dataset ; dct:title "0" .')} | documents


def test_datasets_that_are_only_linked_are_fetched_once_each() -> None:
    with Hostile(linking()) as server:
        whole = walk(f"{server.url}/c")
        assert names(whole) == [f"{n:03}" for n in range(60)] and len(whole) == 3
        assert b'"stub"' not in records(whole)[0].body
        for point, batch in enumerate(whole):
            rest = walk(f"{server.url}/c", resume=batch.resume)
            assert names(whole[: point + 1] + rest) == names(whole)
        assert walk(f"{server.url}/c", follow_datasets=False) == []


def test_a_page_that_lists_all_and_describes_some_asks_for_none_that_a_later_page_describes() -> None:
    listed = "<http://x.example/cat> a dcat:Catalog ; dcat:dataset <http://x.example/a>, <http://x.example/b> .\n"
    pages = {"/p1": at(f"<HERE/p1> hydra:next <HERE/p2> .\n{listed}{dataset('a')}"), "/p2": turtle(listed, dataset("b"))}
    with Hostile(pages) as server:
        assert names(walk(f"{server.url}/p1")) == ["a", "b"] and len(server.asked) == 2


def test_a_resumed_run_still_knows_what_earlier_pages_linked() -> None:
    pages = {
        "/p1": at(f"<HERE/p1> hydra:next <HERE/p2> .\n<HERE/cat> a dcat:Catalog ; dcat:dataset <HERE/d> .\n{dataset('a')}"),
        "/p2": at(dataset("b")),
        "/d": at('<HERE/d> a dcat:Dataset ; dct:title "d" .'),
    }
    with Hostile(pages) as server:
        whole = walk(f"{server.url}/p1")
        assert names(whole) == ["a", "b", "d"]
        for point, batch in enumerate(whole):
            assert names(whole[: point + 1] + walk(f"{server.url}/p1", resume=batch.resume)) == ["a", "b", "d"]


def test_a_linked_dataset_that_cannot_be_had_is_a_record_that_fails() -> None:
    pages = linking(4) | {
        "/d/001": says(b"gone", 404),
        "/d/002": says(b"<html><title>Welcome</title></html>"),
        "/d/003": turtle(dataset("another")),
    }
    with Hostile(pages) as server:
        found = records(walk(f"{server.url}/c"))
    assert [(record.identifier or "")[-3:] for record in found] == ["000", "001", "002", "her"]
    for record, words in zip(found[1:3], ("404", "Welcome"), strict=True):
        assert words in record.body.decode()
        with pytest.raises(Exception, match="No dataset"):
            STANDARDS.get("dcat_3").read(record.body)  # type: ignore[misc]


def test_when_every_linked_dataset_fails_the_run_ends() -> None:
    pages = {path: answer for path, answer in linking(40).items() if path == "/c"}
    with Hostile(pages) as server, pytest.raises(Unreachable, match="20 listed datasets one after another"):
        walk(f"{server.url}/c")
    assert len(server.asked) == 21


def test_linked_documents_that_are_unchanged_are_told_as_the_same() -> None:
    with Hostile(linking(5)) as server:
        with client() as web:
            walk(f"{server.url}/c", web)
            kept = web.fresh_validators
        server.server.behaviours["/d/002"] = at('<HERE/d/002> a dcat:Dataset ; dct:title "new" .')
        found = records(walk(f"{server.url}/c", client(kept)))
    assert [record.same for record in found] == [True, True, False, True, True]
    assert names([Batch(tuple(found), "")]) == [f"{n:03}" for n in range(5)]


def test_an_html_page_that_is_unchanged_says_nothing_of_the_rdf_it_names() -> None:
    page = says(b'<html><head><link rel="alternate" type="text/turtle" href="/d.ttl"></head></html>')
    pages = {"/c": at("<HERE/c> a dcat:Catalog ; dcat:dataset <HERE/d> ."), "/d": page}
    with Hostile(pages | {"/d.ttl": in_turn(*(at(f'<HERE/d> a dcat:Dataset ; dct:title "{n}" .') for n in (1, 2)))}) as server:
        with client() as web:
            walk(f"{server.url}/c", web)
            kept = web.fresh_validators
        found = records(walk(f"{server.url}/c", client(kept)))
    assert b'"2"' in found[0].body


def test_relative_pages_are_resolved_where_the_page_came_from() -> None:
    first = '<> hydra:nextPage "catalog.ttl?page=2" .\n' + dataset("a")
    pages = {"/c": redirects("/deep/catalog.ttl"), "/deep/catalog.ttl": in_turn(turtle(first), turtle(dataset("b")))}
    with Hostile(pages) as server:
        assert names(walk(f"{server.url}/c")) == ["a", "b"]


def test_records_lead_to_their_datasets() -> None:
    pages = {
        "/c": at("<HERE/cat> a dcat:Catalog ; dcat:record <HERE/r1>, <HERE/r2> ."),
        "/r1": at('<HERE/r1> a dcat:CatalogRecord ; foaf:primaryTopic <HERE/d1> . <HERE/d1> a dcat:Dataset ; dct:title "1" .'),
        "/r2": at("<HERE/r2> a dcat:CatalogRecord ; foaf:primaryTopic <HERE/d2> ."),
        "/d2": at('<HERE/d2> a dcat:Dataset ; dct:title "2" .'),
    }
    with Hostile(pages) as server:
        assert names(walk(f"{server.url}/c")) == ["d1", "d2"]


def test_catalogues_of_catalogues_are_walked_once_each() -> None:
    pages = {
        "/c": at(f"<HERE/c> a dcat:Catalog ; dcat:catalog <HERE/s1>, <HERE/s2> .\n{dataset('a')}"),
        "/s1": at(f"<HERE/s1> a dcat:Catalog ; dct:hasPart <HERE/s3> . <HERE/s3> a dcat:Catalog .\n{dataset('b')}"),
        "/s2": at(f"<HERE/s2> a dcat:Catalog ; dcat:catalog <HERE/c>, <HERE/s1> .\n{dataset('c')}"),
        "/s3": at(f"<HERE/s3> hydra:next <HERE/s3b> .\n{dataset('d')}"),
        "/s3b": at(dataset("e")),
    }
    with Hostile(pages) as server:
        whole = walk(f"{server.url}/c")
        assert names(whole) == ["a", "b", "c", "d", "e"] and len(server.asked) == 5
        for point, batch in enumerate(whole):
            assert names(whole[: point + 1] + walk(f"{server.url}/c", resume=batch.resume)) == names(whole)
        assert names(walk(f"{server.url}/c", follow_catalogs=False)) == ["a"]


def test_a_page_about_catalogues_only_leads_to_them_though_it_describes_them() -> None:
    pages = {
        "/c": at('<HERE/c> a dcat:Catalog ; dcat:catalog <HERE/s> . <HERE/s> a dcat:Catalog ; dct:title "Part" .'),
        "/s": turtle(dataset("a")),
    }
    with Hostile(pages) as server:
        assert names(walk(f"{server.url}/c")) == ["a"]


def test_a_part_that_cannot_be_had_ends_the_run_with_the_remedy() -> None:
    pages = {"/c": at(f"<HERE/c> a dcat:Catalog ; dcat:catalog <HERE/s1> .\n{dataset('a')}")}
    with Hostile(pages) as server, pytest.raises(Unreachable, match="follow_catalogs"):
        walk(f"{server.url}/c")


# ── The next run


def test_one_document_that_is_unchanged_is_not_read_again() -> None:
    with Hostile({"/c": turtle(dataset("a"))}) as server:
        with client() as web:
            walk(f"{server.url}/c", web)
            kept = web.fresh_validators
        with pytest.raises(NotModified):
            walk(f"{server.url}/c", client(kept))


def test_a_first_page_that_is_unchanged_says_nothing_of_the_others() -> None:
    with Hostile(paged("; hydra:next <URL>")) as server:
        with client() as web:
            walk(f"{server.url}/p1", web)
            kept = web.fresh_validators
        server.server.behaviours["/p3"] = turtle(dataset("new"))
        assert names(walk(f"{server.url}/p1", client(kept)))[-1] == "new"


def test_a_document_that_changed_is_begun_anew_by_a_run_that_goes_on() -> None:
    body = [dataset(f"d{n}") for n in range(4)]
    with Hostile({"/c": in_turn(turtle(*body), turtle(dataset("new"), *body))}) as server:
        first = walk(f"{server.url}/c", batch_size=2)
        rest = walk(f"{server.url}/c", resume=first[0].resume, batch_size=2)
    assert names(rest) == ["new", "d0", "d1", "d2", "d3"] and all(batch.again for batch in rest)


# ── Dumps


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdf_pages, "LARGE", 100)


@pytest.mark.usefixtures("small")
def test_a_dump_on_disk_gives_what_memory_gives(tmp_path: Path) -> None:
    body = "<http://x.example/c> a dcat:Catalog ; dcat:dataset <http://x.example/listed> .\n"
    body += dataset("a", "; dct:publisher <http://x.example/p> ; dcat:distribution [ dct:title '1' ]") + dataset("b")
    body += '<http://x.example/p> a foaf:Agent ; foaf:name "P" . <http://x.example/listed> dct:title "l" .\n'
    body += "<http://x.example/s> a dcat:DataService ; dcat:servesDataset <http://x.example/a>, <http://x.example/b> .\n"
    with Hostile({"/c": turtle(body)}) as server:
        with Web(internal=True, retries=0, spool_dir=tmp_path) as web:
            on_disk = records(walk(f"{server.url}/c", web))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rdf_pages, "LARGE", 1 << 20)
            in_memory = records(walk(f"{server.url}/c"))
    assert {record.identifier: record.body for record in on_disk} == {record.identifier: record.body for record in in_memory}
    assert len(on_disk) == 3 and b'"P"' in on_disk[0].body
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("small")
def test_what_a_killed_process_left_on_disk_is_swept_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    left, used = (tmp_path / f"mulu-rdf-{name}" for name in ("left", "used"))
    for folder in (left, used):
        folder.mkdir()
        (folder / "lock").touch()
        os.utime(folder, (0, 0))
    with (used / "lock").open("w") as lock, Hostile({"/c": turtle(dataset("a"), dataset("b"))}) as server:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Web(internal=True, retries=0, spool_dir=tmp_path) as web:
            assert names(walk(f"{server.url}/c", web)) == ["a", "b"]
    assert list(tmp_path.iterdir()) == [used]


@pytest.mark.usefixtures("small")
def test_a_dump_with_a_fault_is_refused_with_its_line() -> None:
    with Hostile({"/c": turtle(dataset("a"), "<http://x/b> & .\n")}) as server, pytest.raises(NotData, match="line 4"):
        walk(f"{server.url}/c")


@pytest.mark.usefixtures("small")
def test_entities_of_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    with (
        Hostile({"/c": says(b"<?xml version='1.0'?>" + bomb + b"</rdf:RDF>")}) as server,
        pytest.raises(NotData, match="entities"),
    ):
        walk(f"{server.url}/c")


# ── Recognition


def seen(body: str, media_type: str = "text/plain", url: str = "http://x.example/c") -> Seen:
    return Seen(url, url, 200, media_type, {}, body.encode(), True)


def test_a_catalogue_is_recognised_by_its_content() -> None:
    found = DcatRdf.recognises(seen(PREFIXES + "<http://x/> a dcat:Catalog ."))
    assert found is not None and found.sure >= 80 and found.url == "http://x.example/c"
    xml = '<?xml version="1.0"?><rdf:RDF xmlns:rdf="…" xmlns:dcat="http://www.w3.org/ns/dcat#"><dcat:Dataset/></rdf:RDF>'
    assert DcatRdf.recognises(seen(xml)) is not None
    assert DcatRdf.recognises(seen('{"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@graph": []}')) is not None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>http://www.w3.org/ns/dcat#</body></html>",
        '{"@type": "dcat:Catalog", "dataset": []}',
        '{"@type": "dcat:Catalog", "conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": []}',
        '<csw:GetRecordsResponse xmlns:dcat="http://www.w3.org/ns/dcat#"/>',
        "<http://x/> <http://y/> <http://z/> .",
        "a,b\n1,http://www.w3.org/ns/dcat#\n",
    ],
)
def test_what_is_no_catalogue_in_rdf_is_not_recognised(body: str) -> None:
    assert DcatRdf.recognises(seen(body)) is None


@pytest.mark.parametrize("path", ["/catalog.ttl", "/catalog.rdf", "/catalog.jsonld", "/catalog"])
def test_from_the_front_page_of_a_site_its_catalogue_is_found(path: str) -> None:
    home = says(b"<html><body>Welcome</body></html>", headers={"Content-Type": "text/html"})
    pages = {"/": home, path: turtle("<http://x/> a dcat:Catalog .\n", dataset("a"))}
    with Hostile(pages) as server, client() as web:
        best = detect_protocol(web, f"{server.url}/")[0]
        assert (best.protocol, best.found.url) == ("dcat_rdf", f"{server.url}{path}")


def test_it_probes_the_usual_places_of_a_site() -> None:
    probes = DcatRdf.probes("http://x.example/about/us?lang=en")
    assert "http://x.example/catalog.ttl" in probes and len(probes) <= 5


# ── Real catalogues

FORMS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".xml": RdfFormat.RDF_XML, ".jsonld": RdfFormat.JSON_LD}


def counted(path: Path) -> int:
    """How many datasets pyoxigraph alone finds: of class dcat:Dataset, and of which more is said than their class."""
    triples = [quad.triple for quad in parse(path.read_bytes(), format=FORMS[path.suffix], base_iri="http://x/", lenient=True)]
    of_class = {triple.subject for triple in triples if triple.predicate == RDF.type and triple.object == DCAT.Dataset}
    catalogs = {triple.subject for triple in triples if triple.predicate == RDF.type and triple.object == DCAT.Catalog}
    return len({triple.subject for triple in triples if triple.predicate != RDF.type and triple.subject in of_class - catalogs})


REAL = [
    "udata-dcat/flat.jsonld",
    "udata-dcat/bnodes.xml",
    "udata-dcat/catalog.xml",
    "udata-dcat/udata.xml",
    "govdata-de-shacl-testcases/testcases/dashboard/brandenburg-catalog-original-input.ttl",
    "govdata-de-shacl-testcases/testcases/dashboard/brandenburg-catalog-original-input.rdf",
    "govdata-de-shacl-testcases/testcases/dashboard/bremen-catalog-original-input.rdf",
    "govdata-de-ckanext-dcatde/examples/catalog-endpoint.rdf",
    "dcatapit-examples/examples/catalog_dati_unibo.rdf",
    "it-alessandria/catalog.rdf",
    "it-bresciamobilita/catalog.rdf",
    "opendata-swiss/ckanext/switzerland/tests/fixtures/catalog.xml",
]


@pytest.mark.parametrize("name", REAL)
def test_real_catalogues_give_as_many_datasets_as_are_in_them(corpora: Path, name: str) -> None:
    path = corpora / "dcat-rdf" / name
    with Hostile({"/c": says(path.read_bytes(), headers={"Content-Type": "application/octet-stream"})}) as server:
        batches = walk(f"{server.url}/c")
        assert len(server.asked) == 1
    assert len(records(batches)) == counted(path) > 0


def test_real_hydra_pages_are_walked_though_they_name_another_host(corpora: Path) -> None:
    one, two = ((corpora / "dcat-rdf" / "udata-dcat" / f"paged-collection-{n}.jsonld").read_bytes() for n in (1, 2))
    with Hostile({"/catalog.jsonld": in_turn(says(one), says(two))}) as server:
        batches = walk(f"{server.url}/catalog.jsonld?page=1")
        assert [path for path, _ in server.asked] == ["/catalog.jsonld?page=1", "/catalog.jsonld?page=2"]
    assert sorted(names(batches)) == ["1", "2", "3", "4"] and batches[0].total == 4


def test_a_real_catalogue_of_links_is_followed_to_its_datasets(corpora: Path) -> None:
    folder = corpora / "dcat-rdf" / "slovakia-lkod"
    before = "https://raw.githubusercontent.com/jakubklimek/sk-lkod-1/main"

    def here(path: Path) -> Behaviour:
        def behave(handler: Handler) -> None:
            text = path.read_text("utf-8").replace(before, f"http://{handler.headers['Host']}")
            says(text.encode(), headers={"Content-Type": "text/plain"})(handler)

        return behave

    files = [folder / "catalog.ttl", *sorted((folder / "datasets").glob("*.ttl"))]
    with Hostile({f"/{path.relative_to(folder)}": here(path) for path in files}) as server:
        found = records(walk(f"{server.url}/catalog.ttl"))
    assert len(found) == sum(counted(path) for path in files[1:]) == 2 and all(b"dcat#Dataset" in one.body for one in found)
