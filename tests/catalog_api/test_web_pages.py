"""Every page, as a real Mulu answers it over HTTP: both languages, what may not run, odd input, the page as data."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator

import httpx
import pytest

from catalog_api.auth import create_token
from catalog_api.settings import Settings
from metadata import database
from tests.browser.stage import fill
from tests.live import Live, served

PAGES = (
    "/",
    "/search",
    "/search?q=交通",
    "/search?q=zzzz&format=CSV",
    "/dataset/gong-gong-jiao-tong-xian-lu0",
    "/organization",
    "/organization/transport",
    "/organization/empty",
    "/source",
    "/source/market",
    "/source/market/runs",
    "/source/market/runs/2",
    "/source/archive/runs/6",
    "/source/market/records",
    "/source/market/records?state=failed",
    "/organization/market/records?state=flawed",
    "/check",
    "/compliance",
    "/compliance/market",
    "/compliance/transport",
    "/ledger",
    "/ledger?verify=1",
    "/docs",
)
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("portal")
    fill(folder / "data")
    with served(folder, "--no-worker") as made:
        yield made


@pytest.fixture(scope="module")
def client(live: Live) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live.url, headers=HTML, timeout=30) as made:
        yield made


def page(client: httpx.Client, path: str, language: str = "en", status: int = 200) -> str:
    client.cookies.clear()
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == status, (path, answer.text[:500])
    return answer.text


def links(html: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(r'href="(/[^"]*)"', html)]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-Hans"), ("en", "en")])
def test_every_page_speaks_its_language(client: httpx.Client, path: str, language: str, tag: str) -> None:
    html = page(client, path, language)
    assert f'<html lang="{tag}">' in html
    assert html.count("<h1") == 1 and html.count("<main") == 1
    assert ("跳到正文" in html) == (language == "zh")
    levels = [int(one) for one in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids)), "an id is used twice"
    assert not re.search(r"<script(?![^>]*(src=|ld\+json))|<[^>]*\s(on\w+|style)=", html), "inline code"


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_ours_leads_somewhere(client: httpx.Client, path: str) -> None:
    for link in set(links(page(client, path))):
        plain = link.split("#")[0]
        if plain and not plain.startswith("/catalog."):
            answer = client.get(plain, headers={"Accept": "*/*" if plain.startswith(("/api", "/data")) else "text/html"})
            known = (200, 410) if plain.startswith("/dataset/gone") else (200,)
            assert answer.status_code in known, (path, link, answer.text[:300])


def test_the_language_is_chosen_kept_and_switched(client: httpx.Client) -> None:
    client.cookies.clear()
    first = client.get("/search?q=x&lang=en", headers={"Accept-Language": "zh"})
    assert '<html lang="en">' in first.text and first.cookies["lang"] == "en"
    assert 'href="/search?q=x&amp;lang=zh"' in first.text
    assert '<html lang="en">' in client.get("/search", headers={"Accept-Language": "zh"}).text
    assert '<html lang="zh-Hans">' in client.get("/search?lang=zh").text
    client.cookies.clear()
    assert '<html lang="zh-Hans">' in client.get("/?lang=klingon", headers={"Accept-Language": "fr"}).text
    assert "Accept-Language" in first.headers["vary"] and "Cookie" in first.headers["vary"]


def test_home_counts(client: httpx.Client) -> None:
    html = page(client, "/")
    assert re.search(r"<strong>35</strong><span>datasets", html)
    assert re.search(r"<strong>5</strong><span>departments", html)
    assert re.search(r"<strong>4</strong><span>sources", html)
    assert 'href="/search?theme=TRAN"' in html and "Transport Bureau" in html


def test_search_filters_by_facets_and_says_what_is_chosen(client: httpx.Client) -> None:
    html = page(client, "/search?q=traffic&organization=transport&theme=ENVI")
    assert "14 datasets found" in html
    assert "Transport Bureau" in html and "Remove filter" in html
    assert 'href="/search?q=traffic&amp;theme=ENVI"' in html  # a chip takes its filter out
    assert 'href="/search.csv?q=traffic&amp;organization=transport&amp;theme=ENVI"' in html
    both = page(client, "/search?organization=transport&organization=market")
    assert "33 datasets found" in both


def test_search_pages_go_on_and_back(client: httpx.Client) -> None:
    first = page(client, "/search?organization=transport&sort=title")
    assert "Page 1 of 2" in first and 'rel="next"' in first and 'rel="prev"' not in first
    second = page(client, "/search?organization=transport&sort=title&page=2")
    assert "Page 2 of 2" in second and 'start="21"' in second
    names = [set(re.findall(r'/dataset/([\w-]+)"', one)) for one in (first, second)]
    assert len(names[0]) == 20 and len(names[1]) == 10 and not names[0] & names[1]
    assert "Page 2 of 2" in page(client, "/search?organization=transport&page=400")


def test_highlights_and_understanding(client: httpx.Client) -> None:
    html = page(client, "/search?q=公共交通線路 -bus", "zh")
    assert "<mark>公共交通线路</mark>" in html
    assert "理解为" in html and "不含 bus" in html


def test_an_empty_answer_says_what_to_do(client: httpx.Client) -> None:
    html = page(client, "/search?q=zzzz&format=CSV")
    assert "0 datasets found" in html and 'href="/search?q=zzzz"' in html and 'href="/organization"' in html


def test_nothing_of_a_source_runs(client: httpx.Client) -> None:
    listed = links(page(client, "/search?organization=market"))
    evil = next(one for one in listed if one.startswith("/dataset/prices"))
    record = next(one for one in links(page(client, evil)) if one.startswith("/record/"))
    for path in (evil, record, "/search?q=prices", "/search?organization=market", "/source/market/records", "/ledger", "/"):
        html = page(client, path)
        outside = re.sub(r'<script type="application/ld\+json">.*?</script>', "", html, flags=re.S)
        assert "<script>" not in outside and "<img" not in outside and 'href="javascript' not in html.lower(), path
    html = page(client, evil)
    assert "First" in html and "Second" in html and "javascript:alert(1)" in html  # shown, as text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, flags=re.S)
    assert json.loads(found)["@type"] == "Dataset" and "<" not in found


def test_words_in_the_address_do_not_run(client: httpx.Client) -> None:
    html = page(client, '/search?q="><script>alert(1)</script>&theme=<script>&page="><script>')
    assert "<script>" not in html


def test_the_dataset_page_tells_all(client: httpx.Client, live: Live) -> None:
    html = page(client, "/dataset/gong-gong-jiao-tong-xian-lu0", "zh")
    for word in (
        "公交线路与站点。",
        "每月",
        "desk@city.example",
        "https://city.example/t-0.csv",
        "变更历史",
        "新增",
        "harvest:transport",
    ):
        assert word in html, word
    for ending in ("ttl", "rdf", "jsonld", "nt", "json"):
        assert f'href="/dataset/gong-gong-jiao-tong-xian-lu0.{ending}"' in html
    assert f'<link rel="canonical" href="{live.url}/dataset/gong-gong-jiao-tong-xian-lu0">' in html


def test_findings_speak_the_visitors_language(client: httpx.Client) -> None:
    name = next(one for one in links(page(client, "/search?q=300.21")) if one.startswith("/dataset/"))
    english, chinese = page(client, name), page(client, name, "zh")
    assert "What to do:" in english and "整改办法：" in chinese
    assert "dcat-us-1.1/title/type" in english and "dcat-us-1.1/title/type" in chinese
    assert len(re.findall("[一-鿿]", english)) < len(re.findall("[一-鿿]", chinese)) / 4


def test_a_retired_dataset_says_what_it_was(client: httpx.Client) -> None:
    html = page(client, "/dataset/gone-maps", status=410)
    assert "Gone maps" in html and "This dataset was retired" in html and "What is near it" in html and "Kept maps" in html


def test_a_withheld_dataset_is_for_its_department_only(client: httpx.Client, live: Live) -> None:
    page(client, "/dataset/secret-draft", status=404)
    assert "Secret draft" not in page(client, "/source/strict/records")
    assert "Secret draft" not in page(client, "/organization/strict/records?state=flawed")
    assert "secret-draft" not in page(client, "/ledger")
    engine = database.connect(Settings(data_dir=live.data_dir, _env_file=None).database)
    with database.writing(engine) as session:
        token = create_token(session, "clerk", ["department"], "strict")
        other = create_token(session, "stranger", ["department"], "market")
        session.commit()
    engine.dispose()
    own, foreign = ({"Authorization": f"Bearer {one}"} for one in (token, other))
    html = client.get("/source/strict/records", headers=own).text
    assert "Secret draft" in html
    record = next(
        one for one in links(html) if one.startswith("/record/") and "Secret draft" in client.get(one, headers=own).text
    )
    assert client.get(record).status_code == 404
    assert client.get(record, headers=foreign).status_code == 404
    assert client.get("/dataset/secret-draft", headers=own).status_code == 200


def test_settings_keep_their_secrets(client: httpx.Client) -> None:
    for path in ("/source", "/source/market", "/source/market/runs/2"):
        assert "hidden-key" not in page(client, path)


def test_from_a_rule_to_its_records_to_the_raw_record(client: httpx.Client) -> None:
    address = next(one for one in links(page(client, "/source/market")) if "rule=dcat-us-1.1%2Ftitle%2Ftype" in one)
    listed = page(client, address)
    assert "1 record" in listed and "300.21" in listed
    record = next(one for one in links(listed) if one.startswith("/record/"))
    html = page(client, record)
    assert "&#34;title&#34;: 300.21" in html and "dcat-us-1.1/title/type" in html and "As the directory understands it" in html
    failed = page(client, "/source/market/records?state=failed")
    assert "2 records" in failed


def test_a_run_shows_its_counters_and_moves(client: httpx.Client) -> None:
    done = page(client, "/source/market/runs/2")
    assert "Done" in done and '<strong data-live="received">5</strong><span>Received' in done and "data-live-run" not in done
    moving = page(client, "/source/archive/runs/6")
    assert 'data-live-run="6"' in moving and 'value="100" max="400"' in moving and 'http-equiv="refresh"' in moving
    assert "mulu run accept 4" in page(client, "/source/strict/runs/4")
    assert page(client, "/source/market/runs/1", status=404)  # another source's


def test_check_finds_faults_and_stores_nothing(client: httpx.Client) -> None:
    before = page(client, "/ledger")
    answer = client.post("/check?lang=en", data={"text": json.dumps({"title": 300.21, "identifier": "x"})})
    assert (
        answer.status_code == 200
        and "dcat-us-1.1/title/type" in answer.text
        and "0 of 1 record is without errors" in answer.text
    )
    assert "300.21" in answer.text.split("</textarea>")[0]
    client.cookies.clear()
    upload = client.post(
        "/check",
        files={"file": ("data.json", b'{"dataset": [{"title": "A"}, {"title": "B"}]}')},
        headers={"Accept-Language": "zh"},
    )
    assert "共 2 条记录" in upload.text and "第 2 条记录" in upload.text
    assert page(client, "/ledger") == before


@pytest.mark.parametrize("text", ["", "   ", "<html>", "{", "[]", "null", '"\\ud800"', "\x00", "[" * 50_000, '{"dataset": 5}'])
def test_check_of_what_is_no_description_says_so(client: httpx.Client, text: str) -> None:
    client.cookies.clear()
    answer = client.post("/check", data={"text": text, "standard": "no-such"}, headers={"Accept-Language": "en"})
    assert answer.status_code in (200, 422)
    assert "There is a problem" in answer.text or 'id="findings"' in answer.text


def test_check_takes_megabytes_of_text_and_no_broken_form(client: httpx.Client) -> None:
    text = json.dumps({"title": "A", "description": "x" * 3_000_000})
    assert client.post("/check", data={"text": text}).status_code == 200
    assert client.post("/check", files={"text": (None, text)}).status_code == 200
    broken = client.post("/check", content=b"--x\r\n\r\n", headers={"Content-Type": "multipart/form-data; boundary=y"})
    assert broken.status_code == 422


def test_ledger_verifies_against_a_head_written_down(client: httpx.Client) -> None:
    (head,) = re.findall(r'class="hash">(\d+:[0-9a-f]{64})<', page(client, "/ledger"))
    assert "The ledger is whole" in page(client, f"/ledger?verify=1&since={head}")
    line = head.split(":")[0]
    assert "not the one that was written down" in page(client, f"/ledger?verify=1&since={line}:{'0' * 64}")
    assert "A head is a line number" in page(client, "/ledger?verify=1&since=nonsense")


def rows(client: httpx.Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.content.startswith(b"\xef\xbb\xbf") and "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_lists_download_as_csv(client: httpx.Client, live: Live) -> None:
    client.cookies.clear()
    found = rows(client, "/search.csv?organization=transport&sort=title")
    assert len(found) == 30 and found[0]["url"].startswith(f"{live.url}/dataset/")
    (cell,) = [one["title"] for one in rows(client, "/search.csv?organization=market") if "cmd" in one["title"]]
    assert cell == "'=cmd()"
    assert [one["name"] for one in rows(client, "/compliance/transport/overdue.csv")] == ["overdue-counts"]
    assert {one["organization"] for one in rows(client, "/compliance.csv")} == {"archive", "market", "strict", "transport"}


ODD = (
    "/search?page=abc",
    "/search?page=-1",
    "/search?page=99999999999999999999999",
    "/search?q=%00%ff%ed%a0%80",
    "/search?q=" + "a" * 10_000,
    "/search?q=" + "%20".join(f"b{number}" for number in range(400)),
    '/search?q="""((( AND OR NOT ^~*?\\',
    "/search?sort=evil&theme=%00&theme=" + "x" * 3000,
    "/search?" + "&".join(f"theme=t{number}" for number in range(300)),
    "/search.csv?page=5&q=%00",
    "/source/market/records?rule=%00&state=evil&after=%00%ff",
    "/source/market?before=abc",
    "/ledger?line=abc&verify=%00",
    "/ledger?line=-5",
    "/ledger?line=999999999999",
    "/?lang=%00",
)


@pytest.mark.parametrize("path", ODD)
def test_odd_addresses_give_a_page(client: httpx.Client, path: str) -> None:
    client.cookies.clear()
    assert client.get(path).status_code == 200


MISSING = (
    "/nowhere",
    "/source/nope",
    "/source/%00",
    "/source/market/runs/abc",
    "/source/market/runs/99999999999999999999",
    "/record/%00",
    "/record/nope",
    "/organization/nope",
    "/organization/%F0%9F%92%A9/records",
    "/compliance/nope",
    "/compliance/nope/overdue.csv",
    "/dataset/nope",
    "/dataset/%00",
)


@pytest.mark.parametrize("path", MISSING)
@pytest.mark.parametrize(("language", "words"), [("en", "There is no such page"), ("zh", "没有这个页面")])
def test_what_is_not_there_is_404_in_both_languages(client: httpx.Client, path: str, language: str, words: str) -> None:
    html = page(client, path, language, status=404)
    assert words in html and 'action="/search"' in html


def test_headers_allow_nothing_from_elsewhere(client: httpx.Client) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text):
        assert client.get(link).status_code == 200


def test_the_page_is_light(client: httpx.Client) -> None:
    assert len(client.get("/static/mulu.js").content) < 20_000
    for path in ("/", "/search?q=交通", "/compliance"):
        html = client.get(path)
        sizes = [len(client.get(link).content) for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', html.text)]
        assert len(html.content) + sum(sizes) < 150_000
