"""JSON-LD and microdata in pages: WHATWG HTML §5, JSON-LD 1.1 §7."""

import json
import time
from typing import Any

import pytest

from standards import html_pages


def script(words: str) -> str:
    return f'<html><script type="application/ld+json; charset=utf-8">{words}</script></html>'


def datasets(page: bytes | str) -> list[dict[str, Any]]:
    return list(html_pages.descriptions(page))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ('{"@context":"https://schema.org","@type":"Dataset","name":"a"}', ["a"]),
        (
            '[{"@type":"Dataset","name":"a"},{"@type":"Organization","name":"b"},{"@type":["Thing","Dataset"],"name":"c"}]',
            ["a", "c"],
        ),
        ('{"@context":"https://schema.org","@graph":[{"@type":"schema:Dataset","name":"a"}]}', ["a"]),
        ('{"@type":"https://schema.org/DataCatalog","dataset":{"@type":"Dataset","name":"a"}}', ["a"]),
        ('{"@type":"ItemList","itemListElement":[{"item":{"@type":"Dataset","name":"a"}}]}', ["a"]),
        ('<!-- {"@type":"Dataset","name":"a\nb"} -->', ["a\nb"]),
        ('//<![CDATA[\n{"@type":"Dataset","name":"a"}\n//]]>', ["a"]),
        ("{not json", []),
        ('{"@type":"Person","name":"a"}', []),
        ("", []),
    ],
)
def test_datasets_in_scripts_are_found(words: str, names: list[str]) -> None:
    assert [each["name"] for each in datasets(script(words))] == names


def test_references_inside_a_page_are_filled_in_and_contexts_kept() -> None:
    graph = """{"@context": "https://schema.org", "@graph": [
        {"@id": "#d", "@type": "Dataset", "name": "Bus", "publisher": {"@id": "#o"}},
        {"@id": "#o", "@type": "Organization", "name": "City", "owns": {"@id": "#d"}}]}"""
    (found,) = datasets(script(graph))
    assert found["publisher"]["name"] == "City" and found["@context"] == "https://schema.org"
    assert found["publisher"]["owns"] == {"@id": "#d"}


def test_microdata_becomes_the_same_objects() -> None:
    page = """<body><div itemscope itemtype="http://schema.org/Dataset" itemid="#1" itemref="more gone">
      <meta itemprop="identifier" content="x1"><h1 itemprop="name">Bus <b>stops</b></h1>
      <a itemprop="url sameAs" href=" https://x.example ">there</a>
      <time itemprop="dateModified" datetime="2024-01-02">now</time>
      <div itemprop="distribution" itemscope itemtype="http://schema.org/DataDownload">
        <link itemprop="contentUrl" href="/a.csv"></div>
      <div itemprop="distribution" itemscope itemtype="http://schema.org/DataDownload">
        <data itemprop="size" value="5">five</data></div>
      </div><p id="more"><span itemprop="keywords">a</span><span itemprop="keywords">b</span></p></body>"""
    (found,) = datasets(page)
    assert found == {
        "@context": "http://schema.org",
        "@type": "Dataset",
        "@id": "#1",
        "identifier": "x1",
        "name": "Bus stops",
        "url": "https://x.example",
        "sameAs": "https://x.example",
        "dateModified": "2024-01-02",
        "distribution": [{"@type": "DataDownload", "contentUrl": "/a.csv"}, {"@type": "DataDownload", "size": "5"}],
        "keywords": ["a", "b"],
    }


def test_the_same_dataset_twice_is_one() -> None:
    one = '{"@type":"Dataset","name":"a"}'
    assert len(datasets(script(f"[{one},{one}]"))) == 1


def test_pages_in_other_character_sets_are_read() -> None:
    page = '<meta charset="gb2312"><script type="application/ld+json">{"@type":"Dataset","name":"公交站点"}</script>'
    assert datasets(page.encode("gb18030"))[0]["name"] == "公交站点"
    assert datasets(page.replace("gb2312", "nonsense").encode())[0]["name"] == "公交站点"


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\x00\xff\xfe",
        b"<div itemscope>" * 100_000,
        b"<div itemscope itemref='a' id='a' itemprop='b'>" * 300,
        b"<script type='application/ld+json'>" + b"[" * 100_000 + b"</script>",
        b"<script type='application/ld+json'>" + b'{"@graph":[' * 5_000 + b"</script>",
        script(
            '{"@graph": [' + ",".join(json.dumps({"@id": str(n), "a": {"@id": str(n + 1)}}) for n in range(3_000)) + "]}"
        ).encode(),
        b"<p itemref='\"] //*[\"'>",
    ],
)
def test_hostile_pages_are_read_in_a_moment(page: bytes) -> None:
    started = time.process_time()
    datasets(page)
    assert time.process_time() - started < 2
