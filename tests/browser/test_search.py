"""The search page in a real Chromium: by hand, by keyboard, without JavaScript, narrow and wide, light and dark."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.finding_stage import fill
from tests.browser.test_portal import CHROMIUM, CONTRAST, widest
from tests.live import Live, served

PAGES = (
    "/search",
    "/search?q=公交 -bus&theme=Water&theme=TRAN&-format=PDF&modified_from=2016&bbox=100,10,130,45&near=116,39,4000",
    "/search?q=river&explain=true",
    "/search/facet/keyword?format=CSV",
    "/search/help",
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: run `apt-get install -y chromium fonts-noto-cjk`, or set MULU_CHROMIUM")
    folder = tmp_path_factory.mktemp("browser-search")
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
    faults: list[str] = []
    made.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    made.on("pageerror", lambda error: faults.append(str(error)))
    yield made
    made.close()
    assert faults == []


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    made = browser.new_page(viewport={"width": 390, "height": 780}, locale="en-GB", java_script_enabled=False)
    yield made
    made.close()


def found(page: Page) -> int:
    return int(re.findall(r"\d+", page.inner_text("#results"))[0])


def unfold(page: Page, name: str) -> Locator:
    facet = page.locator("details.facet", has=page.locator("summary", has_text=re.compile(f"^{name}$"))).first
    if facet.get_attribute("open") is None:
        facet.locator("summary").first.click()
    return facet


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_page_holds_together_at_every_width(browser: Browser, live: Live, path: str, locale: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale=locale)
    page.goto(live.url + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for width in (1280, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 780})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}: {widest(page)}"
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(one => +one.tagName[1])")
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels)), levels
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_control_has_a_name_and_can_be_hit(page: Page, live: Live, path: str) -> None:
    page.goto(live.url + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    unnamed = page.evaluate(
        """[...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,summary')].filter(one => {
            const label = one.labels && one.labels.length ? one.labels[0].textContent : '';
            return !(one.textContent.trim() || one.getAttribute('aria-label') || label.trim());
        }).map(one => one.outerHTML)"""
    )
    small = page.evaluate(  # WCAG 2.2, 2.5.8
        """[...document.querySelectorAll('button,input:not([type=hidden]),select,.chip,.pick,.leave,.menu summary,.menu a')]
        .filter(one => { const box = one.getBoundingClientRect(); return box.width && (box.width < 24 || box.height < 24); })
        .map(one => one.outerHTML)"""
    )
    assert (unnamed, small) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_words_stand_out_from_their_ground(browser: Browser, live: Live, path: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB", color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(live.url + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    faint = page.evaluate(CONTRAST)
    page.close()
    assert faint == []


def test_a_box_is_drawn_and_a_point_is_set(page: Page, live: Live) -> None:
    page.goto(live.url + "/search?format=CSV&format=JSON")
    before = found(page)
    area = unfold(page, "Area")
    map_ = area.locator("svg.map")
    map_.scroll_into_view_if_needed()
    box = map_.bounding_box()
    assert box
    across, down = box["width"] / 64, box["height"] / 39  # degrees: 72 to 136 east, 16 to 55 north
    page.mouse.move(box["x"] + 43 * across, box["y"] + 17 * down)
    page.mouse.down()
    page.mouse.move(box["x"] + 47 * across, box["y"] + 12 * down, steps=4)
    page.mouse.up()
    sides = [float(area.locator(f"[name={name}]").input_value()) for name in ("west", "south", "east", "north")]
    assert sides == pytest.approx([115, 38, 119, 43], abs=0.5)
    assert map_.locator(".chosen rect").count() == 1
    area.locator("[data-zoom=in]").click()
    assert float((map_.get_attribute("viewBox") or "").split()[2]) == 32
    area.locator("form.box button").click()
    assert 0 < found(page) < before and page.locator(".chip", has_text="Area").count() == 1
    assert page.locator(".chip", has_text="Format").count() == 2  # what else was chosen is kept
    area = unfold(page, "Area")
    area.locator("svg.map").click(position={"x": 100, "y": 60})
    area.locator("[name=kilometres]").fill("4000")
    area.locator("form.point button").click()
    assert "Near" in page.inner_text(".chips") and "km away" in page.inner_text(".hits")


def test_years_are_chosen_by_a_slider_and_by_keys(page: Page, live: Live) -> None:
    page.goto(live.url + "/search")
    years = unfold(page, "Modified")
    low, high = years.locator(".slider input").all()
    low.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    high.focus()
    page.keyboard.press("ArrowLeft")
    assert years.locator("[name=modified_from]").input_value() == "2018"
    assert years.locator("[name=modified_to]").input_value() == "2023"
    assert years.locator(".bars rect.pale").count() == 4
    for _ in range(9):
        page.keyboard.press("ArrowLeft")  # an end stops at the other
    assert years.locator("[name=modified_to]").input_value() == "2018"
    years.locator("button").first.click()
    assert found(page) == 6 and "Modified: 2018" in page.inner_text(".chips")


def test_suggestions_are_a_combobox(page: Page, live: Live) -> None:
    page.goto(live.url + "/search?format=CSV")
    box = page.locator("#q")
    box.press_sequentially("公")
    page.wait_for_selector("[role=option]")
    assert box.get_attribute("role") == "combobox" and box.get_attribute("aria-expanded") == "true"
    assert page.locator("[role=listbox]").get_attribute("id") == box.get_attribute("aria-controls")
    kinds = page.locator("[role=option] small").all_inner_texts()
    assert {"Keyword", "Dataset"} <= set(kinds)
    box.press("ArrowUp")  # from the box to the last one
    last = page.locator("[role=option]").last
    assert box.get_attribute("aria-activedescendant") == last.get_attribute("id")
    assert last.get_attribute("aria-selected") == "true"
    box.press("ArrowDown")
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false" and box.get_attribute("aria-activedescendant") is None
    box.press_sequentially("交")
    page.wait_for_selector("[role=option]")
    options = page.locator("[role=option]").evaluate_all("all => all.map(one => one.dataset.words)")
    for _ in range(options.index("公交") + 1):
        box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(re.compile("/search.*format=CSV"))
    assert page.locator("#q").input_value() == "公交"


def test_the_menu_of_orders_opens_and_closes_by_keys(page: Page, live: Live) -> None:
    page.goto(live.url + "/search?q=river")
    summary = page.locator("details.menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.menu").get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert page.locator("details.menu").get_attribute("open") is None
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sort=modified"))
    assert "Newest first" in page.inner_text("details.menu summary")


def test_all_of_it_works_without_javascript(plain: Page, live: Live) -> None:
    plain.goto(live.url + "/search?q=river")
    assert plain.locator(".slider").count() == 0 and plain.locator(".zoom").is_hidden()
    area = unfold(plain, "Area")
    for name, value in {"west": 116, "south": 39, "east": 118, "north": 41}.items():
        area.locator(f"[name={name}]").fill(str(value))
    area.locator("select").select_option("within")
    area.locator("form.box button").click()
    assert "Area: within" in plain.inner_text(".chips") and 0 < found(plain) < 8
    years = unfold(plain, "Modified")
    years.locator("[name=modified_from]").fill("2016")
    years.locator("button").first.click()
    assert "from 2016 on" in plain.inner_text(".chips") and "Area: within" in plain.inner_text(".chips")
    plain.goto(live.url + "/search")
    plain.locator("details.below summary").first.click()
    plain.locator("details.below .pick").first.click()
    assert found(plain) == 15 and "Water > Rivers" in plain.inner_text(".chips")
    plain.locator(".leave").first.click()
    assert plain.locator(".chip.out").count() == 1
    plain.locator("details.menu summary").click()
    plain.locator("details.menu a", has_text="Title").click()
    assert "sort=title" in plain.url
    plain.goto(live.url + "/search")
    unfold(plain, "Keyword").locator("p.more a").click()
    plain.fill("#in", "k11")
    plain.click("form.inside button")
    plain.locator(".pick").first.click()
    assert found(plain) == 5 and "Keyword: k11" in plain.inner_text(".chips")


def test_the_keyboard_goes_through_the_page_in_its_order(page: Page, live: Live) -> None:
    page.goto(live.url + "/search?q=river&theme=Water")
    page.locator("#q").focus()
    order = []
    for _ in range(40):
        page.keyboard.press("Tab")
        order.append(
            page.evaluate(
                "(one => one.closest('.chips') ? 'chip' : one.closest('.menu') ? 'menu' : one.closest('.hits') ? 'hit' :"
                " one.closest('.pages,.keep') ? 'page' : one.closest('aside') ? 'side' : 'other')(document.activeElement)"
            )
        )
    kinds = [kind for place, kind in enumerate(order) if kind != "other" and (place == 0 or order[place - 1] != kind)]
    assert kinds == ["chip", "menu", "hit", "page", "side"], kinds
