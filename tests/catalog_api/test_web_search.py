"""The search page as a real Mulu answers it: what is chosen, left out, understood and offered; every link of it leads on."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from starlette.datastructures import QueryParams

from catalog_api.asking import question
from tests.browser.finding_stage import fill
from tests.live import Live, served

HTML = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("search-pages")
    fill(folder / "data")
    with served(folder, "--no-worker") as made:
        yield made


@pytest.fixture(scope="module")
def client(live: Live) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live.url, headers=HTML, timeout=30) as made:
        yield made


def page(client: httpx.Client, path: str, language: str = "en") -> str:
    client.cookies.clear()
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, (path, answer.text[:500])
    return answer.text


def links(html: str, of: str = "") -> list[str]:
    return [unescape(one) for one in re.findall(rf'<a {of}[^>]*?href="(/[^"]*)"', html)]


def chips(html: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'class="chip[^"]*".*?</span><span>(.*?)</span>', html)]


def total(html: str) -> int:
    return int(re.findall(r"(\d+) datasets? found", html)[0])


EVERYTHING = (
    "/search?q=river&theme=Water&-format=PDF&all.keyword=水&modified_from=2016&modified_to=2023-05&period_from=2000"
    "&size_min=0&bbox=100,10,130,45&near=116,39,4000&sort=title"
)


def test_a_chip_for_everything_that_is_chosen(client: httpx.Client) -> None:
    html = page(client, EVERYTHING)
    assert chips(html) == [
        "Words: river",
        "Theme: Water",
        "without Format: PDF",
        "all of Keyword: 水",
        "Modified: 2016 to May 2023",
        "Time covered: from 2000 on",
        "Size: from 0 B on",
        "Area: 10°N–45°N, 100°E–130°E",
        "Near: 4,000 km around 39°N, 116°E",
    ]
    assert "中国" not in html and "须有关键词" in page(client, EVERYTHING, "zh")


def test_words_are_a_chip_beside_others_only(client: httpx.Client) -> None:
    assert chips(page(client, "/search?q=river")) == []
    assert chips(page(client, "/search?q=river&bbox=1,2,3,4")) == ["Words: river", "Area: 2°N–4°N, 1°E–3°E"]


def test_each_chip_takes_out_one_thing_and_keeps_the_rest(client: httpx.Client) -> None:
    whole = question(QueryParams(urlsplit(EVERYTHING).query), frozenset())
    away = links(page(client, EVERYTHING), 'class="chip')[:-1]
    assert len(away) == 9
    for link in away:
        left = question(QueryParams(urlsplit(link).query), frozenset())
        differing = [name for name in vars(whole) if getattr(left, name) != getattr(whole, name)]
        assert len(differing) == 1, link


def test_values_are_chosen_left_out_and_taken_back(client: httpx.Client) -> None:
    html = page(client, "/search?organization=water")
    assert total(html) == 15
    choices = dict(re.findall(r'class="pick" href="([^"]*)"[^>]*><span class="name">(.*?)</span>', html))
    both = next(unescape(link) for link, name in choices.items() if name == "Health Commission")
    assert total(page(client, both)) == 30
    out = next(link for link in links(html, 'class="leave"') if "-organization=water" in link)
    assert dict(parse_qsl(urlsplit(out).query)) == {"-organization": "water"} and total(page(client, out)) == 45
    back = next(link for link in links(page(client, out), 'class="leave"') if "-organization" not in link)
    assert total(page(client, back)) == 60


def test_a_tree_shows_what_lies_below(client: httpx.Client) -> None:
    html = page(client, "/search")
    assert "1 narrower value" in html and '<span class="name">Rivers</span>' in html
    assert re.search(r'<details class="below" open>', page(client, "/search?theme=Water+%3E+Rivers"))


def test_forms_without_javascript_make_a_box_and_a_point(client: httpx.Client) -> None:
    html = page(client, "/search?west=116&south=39&east=118&north=41&relation=within")
    assert "Area: within 39°N–41°N, 116°E–118°E" in chips(html) and total(html) == 7
    near = page(client, "/search?longitude=122&latitude=31.7&kilometres=60&sort=distance")
    assert total(near) == 7 and "km away" in near and "Nearest first" in near
    broken = page(client, "/search?west=116&south=&east=118&north=41")
    assert total(broken) == 60 and "This part of the address could not be used" in broken


def test_years_are_bars_links_and_fields(client: httpx.Client) -> None:
    html = page(client, "/search?modified_from=2018&modified_to=2020")
    assert total(html) == 18 and html.count("<rect x=") >= 10
    years = [link for link in links(html) if "modified_from=2024" in link and "modified_to=2024" in link]
    assert len(years) == 1 and total(page(client, years[0])) == 6  # years count without their own bounds
    assert 'name="modified_from" value="2018"' in html and 'class="pale"' in html


def test_what_was_understood_in_both_languages(client: httpx.Client) -> None:
    path = '/search?q=river -"bus stop" format:csv modified:2018.. econ*'
    english, chinese = page(client, path), page(client, path, "zh")
    said = re.findall(r'<span class="tag">([^<]*)</span>', english.split('id="understood"')[1].split("</p>")[0])
    assert said == ["river", "without “bus stop”", "Format: CSV", "Modified: from 2018 on", "econ…"]
    assert "不含 “bus stop”" in chinese and "格式：CSV" in chinese and "2018起" in chinese
    assert 'id="understood"' not in page(client, "/search?q=river") and 'id="understood"' not in page(client, "/search")


def test_other_words_are_offered_and_other_readings_told(client: httpx.Client) -> None:
    html = page(client, "/search?q=rivr&format=CSV")
    meant = next(link for link in links(html) if "q=river" in link)
    assert "Did you mean:" in html and "format=CSV" in meant and total(page(client, meant)) > 0
    read = page(client, "/search?q=gonggong jiaotong")
    assert total(read) > 0 and "read so in pinyin" in read
    literal = next(link for link in links(read) if "literal=true" in link)
    assert total(page(client, literal)) == 0


def test_the_order_is_explained(client: httpx.Client) -> None:
    plain = page(client, "/search?q=river")
    (link,) = [link for link in links(plain) if "explain=true" in link]
    html = page(client, link)
    assert "All words in the title" in html and "Modified since" in html and 'class="sum"' in html
    assert "explain=true" not in page(client, "/search")


def test_orders_that_fit_are_offered(client: httpx.Client) -> None:
    plain, words, near = page(client, "/search"), page(client, "/search?q=river"), page(client, "/search?near=116,39,500")
    for html, offered in ((plain, ()), (words, ("Relevance",)), (near, ("Nearest first",))):
        found = re.search(r'<details class="menu">.*?</details>', html, re.S)
        assert found and [name for name in ("Relevance", "Nearest first") if f">{name}</a>" in found[0]] == list(offered)
    assert "There is no such order" in page(client, "/search?sort=nope")
    assert "Nearest" not in page(client, "/search?sort=distance")


def test_the_page_of_a_facet(client: httpx.Client) -> None:
    html = page(client, "/search/facet/keyword?format=CSV")
    assert "Format: CSV" in chips(html) and ">k5<" in html and "13 values" not in html
    inside = page(client, "/search/facet/keyword?in=K1&by=value")
    assert re.findall(r'<span class="name">(.*?)</span>', inside) == ["k1", "k10", "k11"]
    chosen = next(link for link in links(inside, 'class="pick"') if link.endswith("keyword=k10"))
    assert total(page(client, chosen)) == 5
    assert "No value has these words" in page(client, "/search/facet/keyword?in=zzz")
    under = page(client, "/search/facet/theme?under=Water")
    assert re.findall(r'<span class="name">(.*?)</span>', under) == ["Water &gt; Rivers"]
    assert client.get("/search/facet/nope").status_code == 404


def test_further_pages_are_reached_by_a_cursor(client: httpx.Client, live: Live) -> None:
    after = client.get("/api/v1/datasets?sort=modified&limit=20&languages", headers={"Accept": "*/*"})
    assert after.status_code == 400
    following = client.get("/api/v1/datasets?sort=modified&limit=20", headers={"Accept": "*/*"}).json()["next"]
    html = page(client, f"/search?after={following}")
    assert 'start="21"' in html and "21 to 40 of 60" in html and 'href="/search"' in html
    last = next(link for link in links(html, 'class="button plain" rel="next"'))
    end = page(client, last)
    assert "41 to 60 of 60" in end and 'rel="next"' not in end
    lost = page(client, "/search?after=nonsense")
    assert "this is the first page" in lost and 'start="1"' in lost
    other = page(client, f"/search?q=river&after={following}")
    assert "this is the first page" in other


def test_the_table_has_all_and_the_json_the_same(client: httpx.Client) -> None:
    html = page(client, "/search?q=river&-format=PDF")
    (table,) = [link for link in links(html) if link.startswith("/search.csv")]
    rows = list(csv.reader(io.StringIO(client.get(table).content.decode("utf-8-sig"))))
    (data,) = [link for link in links(html) if link.startswith("/api/v1/datasets")]
    assert len(rows) - 1 == total(html) == client.get(data, headers={"Accept": "*/*"}).json()["total"] > 0


def test_similar_datasets_are_on_the_page_of_one(client: httpx.Client) -> None:
    name = client.get("/api/v1/datasets?q=title:bus&limit=1", headers={"Accept": "*/*"}).json()["items"][0]["name"]
    html = page(client, f"/dataset/{name}")
    similar = links(html.split('id="similar"')[1])
    assert "Similar datasets" in html and any("/dataset/bus-stops" in link for link in similar)


@pytest.mark.parametrize("path", ["/search", EVERYTHING, "/search/facet/theme", "/search/help", "/search?q=zzzz"])
def test_every_link_leads_somewhere_and_nothing_runs(client: httpx.Client, path: str) -> None:
    for language in ("zh", "en"):
        html = page(client, path, language)
        ids = re.findall(r'\bid="([^"]*)"', html)
        assert len(ids) == len(set(ids)) and "<b>k</b>" not in html
        assert not re.search(r"<script(?![^>]*(src=|ld\+json))|<[^>]*\s(on\w+|style)=", html)
    for link in sorted(set(links(html)))[:150]:
        if not link.startswith(("/catalog.", "/data.json")):
            answer = client.get(link.split("#")[0], headers={"Accept": "*/*" if link.startswith("/api") else "text/html"})
            assert answer.status_code == 200, (link, answer.text[:200])


def test_odd_addresses_give_plain_pages(client: httpx.Client) -> None:
    for path in (
        '/search?q="><script>alert(1)</script>&format=<script>&bbox="><script>',
        "/search?modified_from=%00&-format=%00&after=%00",
        "/search?" + "format=a&" * 3_000,
        "/search?q=" + "字" * 3_000,
        "/search?bbox=nan,nan,nan,nan&near=1,1,1e300&relation=x&explain=maybe&facets=nope&limit=0&offset=-1",
        "/search?page=99999999999999999999",
        "/search/facet/keyword?under=%3Cscript%3E&in=%3Cscript%3E&by=x",
    ):
        assert "<script>" not in page(client, path)
