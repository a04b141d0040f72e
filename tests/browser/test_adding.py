"""Adding a source in a real Chromium, to a real `mulu serve` with its worker, from a real HTTP server: looked at, previewed,
added, harvested; with and without JavaScript; what goes wrong is told beside its field, and no secret comes back."""

import json
import re
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.stage import description
from tests.browser.test_portal import CHROMIUM, CONTRAST, widest
from tests.harvesters.portal import Portal, packages
from tests.hostile.server import Hostile, says
from tests.live import Live, served, until

pytestmark = pytest.mark.browser
PATIENCE = 60_000
SECRET = "tops3cret-of-the-portal"


def catalogue() -> bytes:
    """Twenty-four records of a data.json: one mails without `mailto:`, one is no object."""
    records: list[object] = [description(f"r-{number}", f"公共交通线路 {number}") for number in range(22)]
    faulty = {**description("faulty", "Faulty desk"), "contactPoint": {"fn": "Desk", "hasEmail": "desk@city.example"}}
    schema = "https://project-open-data.cio.gov/v1.1/schema"
    return json.dumps({"conformsTo": schema, "dataset": [faulty, "odd", *records]}).encode()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with Hostile({"/data.json": says(catalogue())}) as server:
        yield server.url


@pytest.fixture(scope="module")
def bare() -> Iterator[str]:
    """A site without a catalogue."""
    with Hostile({"/": says(b"<!doctype html><p>nothing here</p>")}) as server:
        yield f"{server.url}/"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: run `apt-get install -y chromium fonts-noto-cjk`, or set MULU_CHROMIUM")
    with served(tmp_path_factory.mktemp("adding")) as made:
        yield made


@pytest.fixture(scope="module")
def browser(live: Live) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser, live: Live) -> Iterator[Page]:
    made = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.goto(f"{live.url}/sources/new")
    yield made
    made.close()
    assert faults == []


@pytest.fixture
def plain(browser: Browser, live: Live) -> Iterator[Page]:
    made = browser.new_page(viewport={"width": 360, "height": 780}, locale="zh-CN", java_script_enabled=False)
    made.goto(f"{live.url}/sources/new")
    yield made
    made.close()


def look(page: Page, token: str, url: str) -> None:
    page.fill("#token", token)
    page.fill("#url", url)
    if not page.is_visible("#internal"):
        page.click("details.more summary")
    page.check("#internal")
    page.click("button[value=look]")


def test_a_source_is_looked_at_previewed_added_and_harvested(page: Page, live: Live, site: str) -> None:
    look(page, live.token, f"{site}/data.json")
    page.wait_for_selector("#found", timeout=PATIENCE)
    assert page.url.endswith("/sources/new")
    assert page.evaluate("document.activeElement.id") == "found"  # a reader of screens hears the result
    assert page.input_value("#protocol") == "dcat_us" and page.input_value("#token") == live.token
    first = page.locator("tbody tr").first
    assert "data.json" in first.inner_text() and "it names the schema" in first.inner_text() and "certain" in first.inner_text()
    assert "The first 20 records were looked at" in page.inner_text("#result")
    assert page.locator(".became > li").count() == 20
    failed = page.locator(".became > li").first
    assert "Failed" in failed.inner_text() and "findings" in failed.inner_text()
    faulty = page.locator(".became > li", has_text="Faulty desk")
    faulty.locator("summary").click()
    shown = faulty.inner_text()
    assert "desk@city.example" in shown and "What to do:" in shown and "As it would become" in shown
    page.fill("#name", "transport")
    page.fill("#schedule", "0 3 * * *")
    page.fill("#timezone", "Asia/Shanghai")
    page.click("summary:has-text('Who is told')")
    page.fill("#volatile", "modified\nissued")
    page.click("button[value=add]")
    page.wait_for_url("**/source/transport", timeout=PATIENCE)
    stored = page.request.get(f"{live.url}/api/v1/sources/transport", headers=live.headers).json()
    assert stored["schedule"] == "0 3 * * *" and stored["timezone"] == "Asia/Shanghai"
    assert stored["volatile"] == ["modified", "issued"] and stored["retire_limit"] == 0.1 and stored["settings"] == {}


def test_the_page_of_a_new_source_shows_the_run_to_its_end_and_its_datasets(page: Page, live: Live, site: str) -> None:
    look(page, live.token, f"{site}/data.json")
    page.wait_for_selector("#name", timeout=PATIENCE)
    page.fill("#name", "watched")
    page.click("button[value=add]")
    page.wait_for_url("**/source/watched", timeout=PATIENCE)
    page.wait_for_selector(".state.good:has-text('Done')", timeout=PATIENCE)  # by itself: nobody reloads
    assert page.locator("[data-live-run]").count() == 0
    row = page.locator("tbody tr").first.inner_text()
    assert "Done" in row and "24" in row
    page.locator("dl.facts a[href^='/search?source=watched']").click()
    page.wait_for_selector("#results")
    until("the index has followed", lambda: page.reload() and "23 datasets found" in page.inner_text("#results"))


def test_it_works_without_javascript_in_chinese_and_narrow(plain: Page, live: Live, site: str) -> None:
    look(plain, live.token, f"{site}/data.json")
    assert "识别结果" in plain.inner_text("#result")
    assert plain.evaluate("document.documentElement.scrollWidth") <= 360, widest(plain)
    assert plain.input_value("#token") == ""
    plain.fill("#name", "plain")
    plain.click("button[value=add]")
    assert "需要令牌" in plain.inner_text("#problems") and plain.input_value("#name") == "plain"
    plain.fill("#token", live.token)
    plain.uncheck("#start")
    plain.click("button[value=add]")
    assert plain.url.endswith("/source/plain") and "尚未采集" in plain.inner_text("main")


def test_a_wrong_address_is_told_beside_its_field_and_kept(page: Page, live: Live, bare: str) -> None:
    look(page, live.token, "not an address")
    page.wait_for_selector("#problems")
    assert page.input_value("#url") == "not an address" and page.get_attribute("#url", "aria-invalid") == "true"
    assert "Write http://" in page.inner_text("#url-wrong") and page.evaluate("document.activeElement.id") == "problems"
    page.click("#problems a")
    assert page.evaluate("document.activeElement.id") == "url"
    look(page, live.token, bare)
    page.wait_for_selector("#url-wrong:has-text('no protocol')", timeout=PATIENCE)
    assert "nothing here" in page.inner_text("#url-wrong")


def test_private_addresses_are_not_asked_unless_an_admin_says_so(page: Page, live: Live, site: str) -> None:
    page.fill("#token", live.token)
    page.fill("#url", f"{site}/data.json")
    page.click("button[value=look]")
    page.wait_for_selector("#url-wrong:has-text('loopback')", timeout=PATIENCE)
    assert page.is_visible("#internal")


def test_nothing_is_fetched_without_a_token(page: Page, live: Live) -> None:
    with Hostile({"/data.json": says(catalogue())}) as server:
        for token, said in (("", "needs a token"), ("mulu_12345678_wrong", "not known")):
            look(page, token, f"{server.url}/data.json")
            page.wait_for_selector(f"#token-wrong:has-text('{said}')")
        assert server.server.asked == []


def test_a_secret_is_sent_kept_sealed_and_never_echoed(page: Page, live: Live) -> None:
    with Portal(packages(7)) as portal:
        look(page, live.token, portal.url)
        page.wait_for_selector("[id='settings.ckan.token']", timeout=PATIENCE)
        page.fill("[id='settings.ckan.token']", SECRET)
        answers: list[str] = []
        page.on("response", lambda answer: answers.append(answer.text()) if answer.url.endswith("/sources/new") else None)
        page.click("button[value=look]")
        page.wait_for_selector("form:not([aria-busy]) #found", timeout=PATIENCE)
        expect(page.locator("[id='settings.ckan.token']")).to_have_value(SECRET)
        page.fill("#name", "sealed")
        page.uncheck("#start")
        page.click("button[value=add]")
        page.wait_for_url("**/source/sealed", timeout=PATIENCE)
    assert answers and not any(SECRET in one or live.token in one for one in answers)
    assert SECRET not in page.content()
    with sqlite3.connect(live.data_dir / "mulu.db") as database:
        (stored,) = database.execute("SELECT settings FROM source WHERE name = 'sealed'").fetchone()
    database.close()
    assert "sealed" in json.loads(stored)["token"] and SECRET not in stored


def test_a_table_is_sent_and_its_columns_are_told(page: Page, live: Live) -> None:
    table = "标题,摘要,标识符,更新周期\n公交线路,线路与站点,a-1,每月\n地铁站点,出入口,a-2,每年\n"
    page.fill("#token", live.token)
    page.set_input_files("#file", {"name": "目录.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.click("button[value=look]")
    page.wait_for_selector("#found", timeout=PATIENCE)
    assert page.input_value("#url").startswith("upload://") and page.input_value("#protocol") == "spreadsheet"
    assert "title" in page.inner_text("#result tbody") and page.locator(".became > li").count() == 2
    page.fill("#name", "table")
    page.click("button[value=add]")
    page.wait_for_url("**/source/table", timeout=PATIENCE)
    page.wait_for_selector(".state.good:has-text('Done')", timeout=PATIENCE)


def test_a_name_that_is_taken_changes_nothing(page: Page, live: Live, site: str) -> None:
    made = page.request.put(
        f"{live.url}/api/v1/sources/taken",
        headers=live.headers,
        data={"url": "https://taken.example/data.json", "protocol": "dcat_us"},
    )
    assert made.ok
    look(page, live.token, f"{site}/data.json")
    page.wait_for_selector("#name", timeout=PATIENCE)
    for name, said in (("taken", "there is a source of this name"), ("Two Words", "no name for a source")):
        page.fill("#name", name)
        page.click("button[value=add]")
        page.wait_for_selector(f"#name-wrong:has-text('{said}')", timeout=PATIENCE)
        assert page.input_value("#name") == name
    assert page.request.get(f"{live.url}/api/v1/sources/taken").json()["url"] == "https://taken.example/data.json"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/sources/new", "/protocols"])
def test_the_pages_hold_together(browser: Browser, live: Live, path: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN", color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(live.url + path)
    for details in page.locator("main details").all():
        details.evaluate("one => { one.open = true }")
    for width in (1280, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 780})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}: {widest(page)}"
    assert page.evaluate(CONTRAST) == []
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(one => +one.tagName[1])")
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert re.findall(r"[A-Za-z]{5,} [a-z]{3,} [a-z]{3,}", page.inner_text("main form") if "new" in path else "") == []
    page.close()


def test_the_form_can_be_filled_in_by_keyboard(page: Page, live: Live, bare: str) -> None:
    page.focus("#token")
    page.keyboard.type(live.token)
    page.keyboard.press("Tab")
    page.keyboard.type(bare)
    for wanted in ("file", "protocol"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == wanted
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens what is for private networks
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.is_checked("#internal")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "look"
    page.keyboard.press("Enter")
    page.wait_for_selector("#url-wrong", timeout=PATIENCE)
