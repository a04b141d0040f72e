"""The portal in a real Chromium: no errors, no overflow, a visible focus, headings in order, and usable without JavaScript."""

import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.stage import fill
from tests.live import Live, served

CHROMIUM = os.environ.get("MULU_CHROMIUM", "/usr/bin/chromium")
PAGES = (
    "/",
    "/search?q=公共交通&organization=transport",
    "/search?q=zzzz",
    "/dataset/gong-gong-jiao-tong-xian-lu0",
    "/organization",
    "/organization/transport",
    "/source",
    "/source/market",
    "/source/archive/runs/6",
    "/source/market/records?rule=dcat-us-1.1/title/type",
    "/check",
    "/compliance",
    "/compliance/transport",
    "/ledger?verify=1",
    "/docs",
)
TONGUES = {"zh": ("zh-CN", "zh-Hans"), "en": ("en-GB", "en")}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: run `apt-get install -y chromium fonts-noto-cjk`, or set MULU_CHROMIUM")
    folder = tmp_path_factory.mktemp("browser")
    fill(folder / "data")
    with served(folder, "--no-worker") as made:
        yield made


@pytest.fixture(scope="module")
def browser(live: Live) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
    yield made
    made.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    made = browser.new_page(viewport={"width": 360, "height": 780}, locale="en-GB", java_script_enabled=False)
    yield made
    made.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_holds_together_at_every_width(browser: Browser, live: Live, path: str, language: str) -> None:
    locale, tag = TONGUES[language]
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale=locale)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(live.url + path)
    assert page.locator("html").get_attribute("lang") == tag
    for width in (1280, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 780})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}: {widest(page)}"
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(one => +one.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert page.evaluate("window.ran") is None
    page.close()
    assert faults == []


def widest(page: Page) -> str:
    return str(
        page.evaluate(
            "[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
            ".map(one => one.outerHTML.slice(0, 120)).slice(0, 3)"
        )
    )


@pytest.mark.parametrize("path", PAGES)
def test_every_control_has_a_name_and_can_be_hit(page: Page, live: Live, path: str) -> None:
    page.goto(live.url + path)
    unnamed = page.evaluate(
        """[...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea')].filter(one => {
            const label = one.labels && one.labels.length ? one.labels[0].textContent : '';
            return !(one.textContent.trim() || one.getAttribute('aria-label') || label.trim());
        }).map(one => one.outerHTML)"""
    )
    assert unnamed == []
    small = page.evaluate(  # WCAG 2.2, 2.5.8: 24 by 24 pixels; links within lines of text are excepted
        """[...document.querySelectorAll('button,input:not([type=hidden]),select,.chip,.asdata a,.top nav a')].filter(one => {
            const box = one.getBoundingClientRect();
            return box.width && (box.width < 24 || box.height < 24);
        }).map(one => one.outerHTML)"""
    )
    assert small == []


def test_the_keyboard_reaches_everything_in_order_and_is_seen(page: Page, live: Live) -> None:
    page.goto(live.url + "/search?q=traffic")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    places: list[float] = []
    for _ in range(14):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none" and float(style[1].removesuffix("px")) >= 2, page.evaluate("document.activeElement.outerHTML")
        places.append(page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY"))
    assert all(after > before - 24 for before, after in pairwise(places)), places  # one line's links differ by a little


def test_the_skip_link_goes_to_the_content(page: Page, live: Live) -> None:
    page.goto(live.url + "/compliance")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_searching_works_without_javascript(plain: Page, live: Live) -> None:
    plain.goto(live.url + "/")
    plain.fill("input[type=search]", "counts")
    plain.click("form.find button")
    assert "q=counts" in plain.url and "15 datasets found" in plain.inner_text("#results")
    plain.locator("aside details[open] a").first.click()
    assert "14 datasets found" in plain.inner_text("#results")
    plain.locator(".chip").nth(1).click()
    assert "15 datasets found" in plain.inner_text("#results")
    plain.locator(".hits a").first.click()
    assert "/dataset/" in plain.url
    plain.click("text=See the raw record")
    assert "/record/" in plain.url and "counts" in plain.inner_text("pre.raw")


def test_checking_and_verifying_work_without_javascript(plain: Page, live: Live) -> None:
    plain.goto(live.url + "/check")
    plain.click("form.check button")
    assert "There is a problem" in plain.inner_text("main")
    plain.fill("textarea", '{"title": 300.21}')
    plain.click("form.check button")
    assert "dcat-us-1.1/title/type" in plain.inner_text("#findings")
    plain.goto(live.url + "/ledger")
    plain.click("text=Verify the whole ledger")
    assert "The ledger is whole" in plain.inner_text("main")


def test_the_switch_changes_the_language_for_good(page: Page, live: Live) -> None:
    page.goto(live.url + "/search?q=traffic")
    page.click("text=中文")
    assert page.locator("html").get_attribute("lang") == "zh-Hans" and "q=traffic" in page.url
    page.goto(live.url + "/compliance")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


def test_suggestions_come_while_typing_and_answer_to_keys(page: Page, live: Live) -> None:
    page.goto(live.url + "/")
    box = page.locator("input[type=search]")
    box.press_sequentially("交通")
    page.wait_for_selector("[role=option]")
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    chosen = box.get_attribute("aria-activedescendant")
    assert chosen and page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    box.press("Enter")
    page.wait_for_url(re.compile("/search"))


def test_findings_come_while_pasting(page: Page, live: Live) -> None:
    page.goto(live.url + "/check")
    page.fill("textarea", '{"title": 300.21}')
    page.wait_for_selector("#findings .findings")
    assert "dcat-us-1.1/title/type" in page.inner_text("#findings") and page.url.endswith("/check")


@pytest.mark.parametrize("path", ["/source/archive/runs/6", "/source/archive"])
def test_a_run_that_goes_on_is_asked_for_again(page: Page, live: Live, path: str) -> None:
    with page.expect_response(re.compile("/api/v1/runs/6$"), timeout=15_000) as answer:
        page.goto(live.url + path)
    assert answer.value.status == 200
    assert page.locator("[data-live-run='6']").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/search?q=traffic", "/source/market", "/compliance", "/check"])
def test_words_stand_out_from_their_ground(browser: Browser, live: Live, path: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB", color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(live.url + path)
    faint = page.evaluate(CONTRAST)
    page.close()
    assert faint == []


CONTRAST = """() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    const box = one.getBoundingClientRect();
    if (!walker.currentNode.textContent.trim() || !box.width || one.closest("script,.hidden,.skip,option")) continue;
    const [a, b] = [light(numbers(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(one.outerHTML.slice(0, 120));
  }
  return faint.slice(0, 5);
}"""
