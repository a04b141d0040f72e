"""The catalogue in other words: `/dataset/{name}` in every form, `/data.json`, and the catalogue walked by Hydra."""

import json
from typing import Any

import pytest
import rdflib
import rdflib.compare
from jsonschema import Draft4Validator
from rdflib.namespace import DCAT, RDF
from sqlmodel import select

from catalog_api.exchange import catalogs
from harvesters.base import Record
from metadata import database, store
from metadata.tables import Alias, DatasetRow
from standards.table import STANDARDS
from tests.catalog_api.conftest import SITE, Site
from tests.harvests import Listing, ask, go_on, new_source, record, visit

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own JSON-LD reader uses it
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
FORMATS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}
TYPES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "json": "application/json",
}


@pytest.fixture
def filled(site: Site) -> Site:
    some = [record(f"r{n:03}", f"Road {n:03}") for n in range(12)]
    visit(
        site.engine,
        new_source(site.engine, retire_limit=1.0),
        [*some, record("号/1", "公共交通线路"), record("gone", "Gone road")],
        batch=10,
    )
    visit(site.engine, "roads", [*some, record("号/1", "公共交通线路")], batch=10)
    return site


def graph(content: bytes, form: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=content, format=FORMATS[form])


@pytest.mark.parametrize("form", FORMATS)
def test_a_dataset_is_had_by_extension_and_by_accept(filled: Site, form: str) -> None:
    by_name = filled.client.get(f"/dataset/road-001.{form}")
    assert by_name.status_code == 200 and by_name.headers["content-type"].partition(";")[0] == TYPES[form]
    by_accept = filled.client.get("/dataset/road-001", headers={"Accept": f"text/html;q=0.5, {TYPES[form]}"})
    assert by_accept.content == by_name.content and "Accept" in by_accept.headers["vary"]
    found = graph(by_name.content, form)
    node = rdflib.URIRef(f"{SITE}/dataset/road-001")
    assert (node, RDF.type, DCAT.Dataset) in found
    assert [str(one) for one in found.objects(node, rdflib.DCTERMS.identifier)] == ["r001"]


def test_every_form_says_the_same(filled: Site) -> None:
    name = "gong-gong-jiao-tong-xian-lu"
    one = graph(filled.client.get(f"/dataset/{name}.nt").content, "nt")
    assert len(one) > 5
    for form in ("ttl", "rdf", "jsonld"):
        other = graph(filled.client.get(f"/dataset/{name}.{form}").content, form)
        assert rdflib.compare.isomorphic(one, other), form
    assert filled.client.get(f"/dataset/{name}.xml").content == filled.client.get(f"/dataset/{name}.rdf").content


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html", "text/html"),
        ("text/*", "text/html"),
        ("application/json", "application/json"),
        ("application/*", "application/json"),
        ("image/png", "text/html"),
        ("", "text/html"),
        ("nonsense", "text/html"),
        ("text/turtle;q=0.1,text/html;q=0", "text/turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle;q=0.9,application/rdf+xml", "application/rdf+xml"),
        (";;;,,,", "text/html"),
        ("text/turtle;q=x", "text/turtle"),
        ("a/b" * 1000, "text/html"),
    ],
)
def test_the_accept_header_chooses(filled: Site, accept: str | None, media_type: str) -> None:
    answer = filled.client.get("/dataset/road-001", headers={"Accept": accept} if accept is not None else {})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type)


@pytest.mark.parametrize("name", [name for name in STANDARDS if STANDARDS.get(name).write])
def test_a_dataset_is_had_in_every_standard_that_is_written(filled: Site, name: str) -> None:
    answer = filled.client.get(f"/dataset/road-002?standard={name}", headers={"Accept": "text/html"})
    assert answer.status_code == 200 and answer.headers["content-type"].partition(";")[0] == STANDARDS.get(name).media_type
    assert "Road 002" in answer.text


def test_an_earlier_name_redirects(filled: Site) -> None:
    with database.writing(filled.engine) as session:
        row = session.exec(select(DatasetRow).where(DatasetRow.name == "road-001")).one()
        session.add(Alias(kind="name", scope="", value="old-road", dataset_id=row.id))
        session.commit()
        known = row.id
    for path, to in (("old-road", "road-001"), ("old-road.ttl", "road-001.ttl"), (known, "road-001")):
        answer = filled.client.get(f"/dataset/{path}")
        assert (answer.status_code, answer.headers["location"]) == (308, f"/dataset/{to}")


def test_a_retired_dataset_is_gone_in_every_form(filled: Site) -> None:
    for form in (".ttl", ".json", ".nt"):
        answer = filled.client.get(f"/dataset/gone-road{form}")
        assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
    page = filled.client.get("/dataset/gone-road", headers={"Accept": "text/html"})
    assert page.status_code == 410 and "Gone road" in page.text


def test_a_withheld_dataset_is_in_no_export(site: Site) -> None:
    bad = record("secret", "Secret draft", modified="-")
    visit(site.engine, new_source(site.engine, admits="valid"), [record("a", "Open"), bad])
    assert site.client.get("/dataset/secret-draft.ttl").status_code == 404
    assert site.client.get("/dataset/secret-draft.ttl", headers=site.headers("other")).status_code == 404
    for who in ("department", "admin"):
        assert site.client.get("/dataset/secret-draft.ttl", headers=site.headers(who)).status_code == 200
    for path in (
        "/data.json",
        "/catalog.ttl",
        "/api/v1/datasets",
        "/api/v1/findings?limit=1000",
        "/api/v1/suggest?q=secret",
        "/api/v1/organizations",
    ):
        assert "ecret" not in site.client.get(path).text, path


def test_data_json_is_one_valid_catalogue_of_all_that_is_published(filled: Site, official: Any) -> None:
    answer = filled.client.get("/data.json")
    document = answer.json()
    with database.reading(filled.engine) as session:
        entries = {one.name: one for one in store.listing(session, limit=1000)}
    assert sorted(one["identifier"] for one in document["dataset"]) == sorted(one.identifier for one in entries.values())
    schema = json.loads(next(official.rglob("non-federal-v1.1/catalog.json")).read_text("utf-8"))
    dataset = json.loads(next(official.rglob("non-federal-v1.1/dataset-non-federal.json")).read_text("utf-8"))
    listed = schema["properties"]["dataset"]
    listed.get("items", {}).clear()
    assert not [error.message for error in Draft4Validator(schema).iter_errors(document)]
    for one in document["dataset"]:
        assert not [error.message for error in Draft4Validator(dataset).iter_errors(one)], one


def test_data_json_narrows_to_one_department_and_is_streamed(site: Site) -> None:
    visit(site.engine, new_source(site.engine), [record(f"r{n}") for n in range(1203)], batch=1000)
    visit(site.engine, new_source(site.engine, "clinics", organization="health"), [record("c")])
    assert len(site.client.get("/data.json").json()["dataset"]) == 1204
    assert [one["identifier"] for one in site.client.get("/data.json?organization=health").json()["dataset"]] == ["c"]
    assert site.client.get("/data.json?organization=nope").json()["dataset"] == []
    assert "content-length" not in site.client.get("/data.json").headers


@pytest.mark.parametrize("form", FORMATS)
def test_the_catalogue_is_walked_to_its_end_by_hydra(filled: Site, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(catalogs, "PER_PAGE", 5)
    address: str | None = f"{SITE}/catalog.{form}"
    found: list[str] = []
    visited: list[str] = []
    while address:
        answer = filled.client.get(address)
        assert answer.status_code == 200 and address not in visited and len(visited) < 10
        visited.append(address)
        page = graph(answer.content, form)
        found += [str(one) for one in page.subjects(RDF.type, DCAT.Dataset)]
        assert {int(str(one)) for one in page.objects(None, HYDRA.totalItems)} == {13}
        following = {str(one) for kind in (HYDRA.next, HYDRA.nextPage) for one in page.objects(None, kind)}
        assert len(following) <= 1
        in_header = 'rel="next"' in answer.headers["link"]
        assert in_header == bool(following)
        address = following.pop() if following else None
    with database.reading(filled.engine) as session:
        names = store.names(session)
    assert sorted(found) == sorted(f"{SITE}/dataset/{name}" for name in names) and len(visited) == 3


def test_an_empty_catalogue_is_a_catalogue(site: Site) -> None:
    assert site.client.get("/data.json").json()["dataset"] == []
    assert len(graph(site.client.get("/catalog.ttl").content, "ttl")) > 0
    assert site.client.get("/catalog.ttl?page=2").status_code == 404


def test_what_is_served_is_harvested_back_alike(filled: Site) -> None:
    """Our own harvester reads our own data.json: nothing fails, and every dataset is there."""
    served = filled.client.get("/data.json").json()["dataset"]
    name = new_source(filled.engine, "mirror", organization="health")
    run = go_on(filled.engine, ask(filled.engine, name), Listing([Record(one, one["identifier"]) for one in served], batch=10))
    assert (run.state, run.added, run.failed, run.renamed) == ("done", 13, 0, 0)
    with database.reading(filled.engine) as session:
        first = {one.identifier: one.dataset.title for one in store.listing(session, source="roads")}
        second = {one.identifier: one.dataset.title for one in store.listing(session, source="mirror")}
    assert first.keys() == second.keys()
