"""Documents of every form, told apart by what is in them, and cut into records."""

import io
import json
import resource
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from openpyxl import Workbook

from catalog_api.checking import Options, check_spooled
from harvesters import forms, json_lists, spool
from harvesters.forms import Part
from metadata.errors import NotData, TooLarge
from standards.table import STANDARDS, detect

PACKAGE = {"id": "p", "name": "bus", "title": "Bus", "notes": "n", "resources": []}
ISO = '<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"><gmd:fileIdentifier/></gmd:MD_Metadata>'
OAI = "http://www.openarchives.org/OAI/2.0/"
CSW = "http://www.opengis.net/cat/csw/2.0.2"
DCAT = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"


def parts(data: bytes | str) -> list[Part]:
    with tempfile.TemporaryFile() as file:
        file.write(data.encode() if isinstance(data, str) else data)
        file.seek(0)
        return list(forms.records(spool.local(cast(BinaryIO, file), "f")))


def bodies(data: bytes | str) -> list[Any]:
    return [part.body for part in parts(data)]


def answered(records: str) -> str:
    results = f"<csw:SearchResults>{records}</csw:SearchResults>"
    return f'<?xml version="1.0"?><csw:GetRecordsResponse xmlns:csw="{CSW}">{results}</csw:GetRecordsResponse>'


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ({"dataset": [{"title": "a"}, {"title": "b"}]}, 2),
        ([{"title": "a"}], 1),
        ({"success": True, "result": {"results": [PACKAGE] * 3}}, 3),
        ({"success": True, "result": [PACKAGE]}, 1),
        ({"success": True, "result": PACKAGE}, 1),
        ({"results": [{"resource": {"id": "x", "name": "n"}}] * 2, "resultSetSize": 2}, 2),
        ({"data": [{"id": "1", "attributes": {}}] * 4, "meta": {}}, 4),
        ({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}}]}, 1),
        ({"title": "alone", "data": "a word"}, 1),
        (
            {"@context": "https://schema.org", "@graph": [{"@type": "Dataset", "name": "a"}, {"@type": "Person", "name": "b"}]},
            1,
        ),
        ({"@context": "https://schema.org", "@type": "DataCatalog", "dataset": [{"@type": "Dataset", "name": "a"}] * 2}, 2),
    ],
)
def test_lists_inside_json_are_found(document: Any, count: int) -> None:
    assert len(bodies(json.dumps(document))) == count


def test_a_graph_in_json_ld_is_rdf_and_a_feed_of_dcat_us_is_not() -> None:
    graph = {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@id": "http://x.example/c",
        "@type": "dcat:Catalog",
        "dcat:dataset": [{"@id": "http://x.example/d", "@type": "dcat:Dataset", "dct:title": "Bus"}],
    }
    (body,) = bodies(json.dumps(graph))
    assert isinstance(body, bytes) and b'"Bus"' in body
    feed = {
        "@type": "dcat:Catalog",
        "@context": "https://x.example/catalog.jsonld",
        "dataset": [{"@type": "dcat:Dataset", "title": "Bus"}],
    }
    assert bodies(json.dumps(feed)) == [{"@type": "dcat:Dataset", "title": "Bus"}]
    assert bodies(json.dumps({**feed, "dataset": []})) == []


@pytest.mark.parametrize(
    "document",
    [
        DCAT + '<http://x.example/d> a dcat:Dataset ; dct:title "Bus" .',
        '<http://x.example/d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n'
        '<http://x.example/d> <http://purl.org/dc/terms/title> "Bus" .\n',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"'
        ' xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="http://x.example/d"><dct:title>Bus</dct:title></dcat:Dataset></rdf:RDF>',
        "# a comment first\n" + DCAT + '<http://x.example/d> a dcat:Dataset ; dct:title "Bus" .',
    ],
    ids=["turtle", "n-triples", "rdf/xml", "comment"],
)  # fmt: skip
def test_rdf_becomes_one_body_per_dataset(document: str) -> None:
    (part,) = parts(document)
    assert part.place == "<http://x.example/d>" and b'"Bus"' in part.body and part.body.endswith(b"\n")


def test_records_in_answers_are_cut_out_and_the_answer_is_not_kept() -> None:
    found = parts(answered(ISO * 2))
    assert [part.place for part in found] == ["line 1", "line 1"] and all(
        part.body.startswith(b"<gmd:MD_Metadata") for part in found
    )
    listed = f'<OAI-PMH xmlns="{OAI}"><ListRecords><record><metadata>{ISO}</metadata></record></ListRecords></OAI-PMH>'
    assert len(bodies(listed)) == 1 and bodies(ISO) == [ISO.encode()]
    assert bodies(answered("")) == []


def test_rdf_inside_an_answer_is_rdf() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#">'
        '<dcat:Dataset rdf:about="http://x.example/d"><dcat:keyword>bus</dcat:keyword></dcat:Dataset></rdf:RDF>'
    )
    (part,) = parts(f'<OAI-PMH xmlns="{OAI}"><ListRecords><record><metadata>{rdf}</metadata></record></ListRecords></OAI-PMH>')
    assert b"dcat#Dataset" in part.body and part.place.startswith("line 1")


@pytest.mark.parametrize(
    "document",
    [
        f'<OAI-PMH xmlns="{OAI}"><error code="badArgument">no</error></OAI-PMH>',
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception>no</ows:Exception></ows:ExceptionReport>',
        f"{answered(ISO)[:-20]}<broken>",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<x><b></x>",
        DCAT + "<http://x.example/d> a dcat:Dataset ; dct:title",
    ],
)
def test_a_broken_document_gives_a_part_that_says_where(document: str) -> None:
    last = parts(document)[-1]
    assert last.faults and last.faults[0].severity == "error"


def test_records_before_a_break_are_given() -> None:
    found = parts(answered(ISO * 2).replace("</csw:SearchResults>", "<broken>"))
    assert [bool(part.faults) for part in found] == [False, False, True]


def test_no_records_in_an_answer_is_no_fault() -> None:
    assert parts(f'<OAI-PMH xmlns="{OAI}"><error code="noRecordsMatch"/></OAI-PMH>') == []


def test_tables_are_read_whatever_the_file_is_called() -> None:
    book = Workbook()
    book.active.append(["title", "url"])  # type: ignore[union-attr]
    book.active.append(["Bus", "https://x.example"])  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    (part,) = parts(out.getvalue())
    assert part.place == "Sheet!A2" and part.body["cells"][0] == ["A2", "title", "Bus"]
    (row,) = bodies("名称,网址\r\n公交,https://x.example\r\n".encode("gb18030"))
    assert row["cells"] == [["A2", "名称", "公交"], ["B2", "网址", "https://x.example"]]
    assert bodies("資料名稱,說明\r\n公車站牌位置,提供站牌\r\n".encode("cp950"))[0]["cells"][0][1] == "資料名稱"
    assert len(bodies('"title","url"\n"Bus","x"\n')) == 1


def test_front_matter_is_one_record_and_the_page_is_left_out() -> None:
    page = "---\ntitle: 公交站点\nmodified: 2024-01-02\nresources:\n- {url: https://x.example, name: a}\n---\n# More: words\n"
    resource = {"url": "https://x.example", "name": "a"}
    assert bodies(page) == [{"title": "公交站点", "modified": "2024-01-02", "resources": [resource]}]


def test_a_page_gives_the_datasets_it_describes() -> None:
    script = '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Dataset", "name": "Bus"}</script>'
    assert bodies(f"<!doctype html><html><head>{script}</head></html>") == [
        {"@context": "https://schema.org", "@type": "Dataset", "name": "Bus"}
    ]
    item = '<div itemscope itemtype="https://schema.org/Dataset"><h1 itemprop="name">Tram</h1></div>'
    assert bodies(f"<html><body>{item}</body></html>") == [
        {"@context": "https://schema.org", "@type": "Dataset", "name": "Tram"}
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"\xff\xd8\xff\xe0 picture",
        b"%PDF-1.7",
        b"\x1f\x8b\x08",
        b"PK\x03\x04 nothing",
        b"Hi! I am prose.",
        b"---\n",
        b"---\ntitle: [\n---\n",
        b"---\na: &a [x]\nb: *a\n---\n",
        b"---\na: !!python/object/apply:os.getcwd []\n---\n",
        b"<!doctype html><html><title>Down</title></html>",
        b"<ul><li>a list</li></ul>",
        b"\x00\x01\x02",
        b"{{ site.data }}",
    ],
)
def test_what_is_no_data_is_told_in_one_line(data: bytes) -> None:
    with pytest.raises(NotData) as told:
        parts(data)
    assert "\n" not in str(told.value)


def grown(make: Callable[[int], bytes], folder: Path) -> list[int]:
    """The peak of memory while reading 200 and 4,000 records."""
    peaks = []
    for count in (200, 4_000):
        path = folder / "big"
        path.write_bytes(make(count))
        tracemalloc.start()
        with path.open("rb") as file:
            assert sum(1 for _ in forms.records(spool.local(file, "f"))) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return peaks


MAKERS: dict[str, Callable[[int], bytes]] = {
    "json": lambda count: json.dumps(
        {"dataset": [{"title": f"数据 {n}", "description": "x" * 2000} for n in range(count)]}
    ).encode(),
    "lines": lambda count: b"\n".join(json.dumps({"title": str(n), "description": "x" * 2000}).encode() for n in range(count)),
    "csv": lambda count: b"title,words\n" + b"".join(b"%d,%s\n" % (n, b"x" * 2000) for n in range(count)),
    "xml": lambda count: answered(ISO.replace("<gmd:fileIdentifier/>", f"<gmd:a>{'x' * 2000}</gmd:a>") * count).encode(),
}


@pytest.mark.parametrize("form", MAKERS)
def test_memory_stays_flat(form: str, tmp_path: Path) -> None:
    small, large = grown(MAKERS[form], tmp_path)
    assert large < small + (2 << 20), (small, large)


def test_a_large_answer_is_read_list_by_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lists, "WHOLE", 1000)
    answer = {"help": "x" * 2000, "success": True, "result": {"count": 3, "results": [PACKAGE] * 3}}
    assert len(bodies(json.dumps(answer))) == 3
    assert len(bodies(json.dumps({"help": "x" * 2000, "data": [{"id": 1}] * 5}))) == 5
    assert len(bodies(json.dumps({"x": "x" * 2000, "dataset": [{"title": "a"}] * 2}))) == 2
    with pytest.raises(TooLarge):
        bodies(json.dumps({"title": "x" * 5000}))


SERVICE = {"@type": "DataService", "title": "Stops service", "endpointURL": ["https://x.example/api"]}
SERIES = {"@type": "DatasetSeries", "title": "Stops by year", "description": "One set a year."}
RECORD = {"@type": "CatalogRecord", "modified": "2024-05-03", "primaryTopic": {"@type": "Dataset", "title": "Stops"}}


def us_3(title: str) -> dict[str, Any]:
    return {"@type": "Dataset", "identifier": title, "title": title, "otherIdentifier": []}


def test_a_catalogue_of_dcat_us_3_gives_services_series_records_and_what_is_in_catalogues_inside() -> None:
    inner = {"@type": "Catalog", "title": "Inner", "dataset": [us_3("c")], "catalog": [{"title": "Deep", "service": SERVICE}]}
    catalogue = {
        "@type": "Catalog",
        "title": "All",
        "service": [SERVICE],
        "record": [RECORD],
        "dataset": [us_3("a"), us_3("b")],
        "datasetSeries": SERIES,
        "catalog": [inner, {"@type": "Catalog", "title": "Nothing in it"}],
    }
    found = parts(json.dumps(catalogue))
    assert [(part.place, part.body.get("title", "record")) for part in found] == [
        ("", "a"),
        ("", "b"),
        ("/service/0", "Stops service"),
        ("/datasetSeries/0", "Stops by year"),
        ("/record/0", "record"),
        ("/catalog/0", "c"),
        ("/catalog/0", "Stops service"),
        ("/catalog/1", "Nothing in it"),
    ]
    assert {standard.name for part in found[:-1] if (standard := detect(part.body))} == {"dcat_us_3"}
    without = {name: value for name, value in catalogue.items() if name != "dataset"}
    assert len(bodies(json.dumps(without))) == 6 and bodies(json.dumps({**catalogue, "dataset": []}))[0] == SERVICE


def test_the_nodes_of_a_graph_are_each_a_record() -> None:
    nodes = [
        {"@id": "https://x.example/c", "@type": "dcat:Catalog", "dataset": ["https://x.example/1"], "title": "All"},
        {"@id": "https://x.example/1", "@type": "dcat:Dataset", "title": "One", "publisher": "https://x.example/p"},
        {"@id": "https://x.example/2", "@type": "dcat:Dataset", "title": "Two", "inSeries": "https://x.example/s"},
        {"@id": "https://x.example/s", "@type": "dcat:DatasetSeries", "title": "Both", "seriesMember": "https://x.example/1"},
        {
            "@id": "https://x.example/r",
            "@type": "dcat:CatalogRecord",
            "primaryTopic": "https://x.example/1",
            "modified": "2024",
        },
        {"@id": "https://x.example/p", "@type": "org:Organization", "name": "City"},
    ]
    found = bodies(json.dumps({"@context": "https://x.example/dcat-us-3.0.jsonld", "@graph": nodes}))
    assert [[node["title"] for node in body["@graph"] if "title" in node] for body in found[:3]] == [
        ["One"],
        ["Two", "Both"],
        ["Both", "One"],
    ]
    assert "City" in json.dumps(found[0]) and "City" not in json.dumps(found[2])
    assert (found[3]["@type"], found[3]["primaryTopic"]) == ("dcat:CatalogRecord", "https://x.example/1")


def test_lists_of_that_name_in_other_documents_are_left_alone() -> None:
    lines = "\n".join(json.dumps({"title": name, "service": [SERVICE]}) for name in "ab")
    assert [body["title"] for body in bodies(lines)] == ["a", "b"]
    inside = {"dataset": [{"title": "a", "service": [SERVICE], "record": {"x": 1}}], "conformsTo": "https://x.example/v1.1"}
    assert bodies(json.dumps(inside)) == inside["dataset"]
    assert len(bodies(json.dumps([{"title": "a", "catalog": [1]}]))) == 1


GMD = 'xmlns:gmd="http://www.isotc211.org/2005/gmd"'
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS = {
    "entity bomb": f'<!DOCTYPE x [<!ENTITY e0 "ha">{ENTITIES}]><gmd:MD_Metadata {GMD}>&e9;</gmd:MD_Metadata>',
    "one entity": f'<!DOCTYPE x [<!ENTITY e "{"x" * 100_000}">]><gmd:MD_Metadata {GMD}>{"&e;" * 10_000}</gmd:MD_Metadata>',
    "external entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/x">]><gmd:MD_Metadata {GMD}>&e;</gmd:MD_Metadata>',
    "parameter entity": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]><gmd:MD_Metadata {GMD}/>',
    "depth": f"<gmd:MD_Metadata {GMD}>{'<gmd:a>' * 200_000}{'</gmd:a>' * 200_000}</gmd:MD_Metadata>",
    "attribute": f'<gmd:MD_Metadata {GMD} id="{"x" * 100_000_000}"/>',
    "attribute of brackets": f'<gmd:MD_Metadata {GMD} id="{">" * 100_000_000}"/>',
    "attribute of one record": f'<list><gmd:MD_Metadata {GMD}/><gmd:MD_Metadata {GMD} id="{"x" * 100_000_000}"/></list>',
}


@pytest.mark.parametrize("name", ATTACKS)
def test_xml_that_attacks_is_refused_at_once_and_in_little_memory(name: str) -> None:
    list(STANDARDS.values())
    with tempfile.TemporaryFile() as file:
        file.write(ATTACKS[name].encode())
        file.seek(0)
        document = spool.local(cast(BinaryIO, file), "f")  # what a file's intake takes, its digest above all, is not XML's
        peak, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        try:
            *lines, _ = check_spooled(document, Options(), "f")
            found = [one["rule"] for line in lines for one in line["findings"]]
        except TooLarge:
            found = ["too large"]
        seconds = time.process_time() - started
    assert len(found) == 1 and found[0] in ("too large", "record/xml/doctype", "record/xml/limits")
    assert seconds < 0.1, f"{seconds:.3f} s"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) >> 10
    assert grown < 40, f"{grown} MiB"
