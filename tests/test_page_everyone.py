"""Each view, in light and dark, wide and narrow, passes axe-core; and a screen reader is told of what comes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import ask, faults, guarded, served
from tests.conftest import copy_seeds

pytestmark = [pytest.mark.browser, pytest.mark.model]
VIEWS = ("empty", "answered", "silent", "reading", "list", "editing", "library", "rail", "error", "stopped")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, seed_store: Path) -> Iterator[str]:
    place = copy_seeds(tmp_path_factory.mktemp("everyone") / "seeds", seed_store)
    (place / "broken.pdf").write_bytes(b"no pdf")
    outlet = "The Advertiser and Intelligencer of the Northern Districts and of the Islands"
    (place / "long.txt").write_text(f"Title: {'A title that does not end ' * 8}\nSource: {outlet}\n\nIt rained.")
    with served(place) as address:
        yield address


def show(page: Page, view: str) -> None:
    if view in {"answered", "rail"}:
        ask(page, "what did the Sample Gazette say of Lavrov and veto power?")
        expect(page.locator("#now .cite").first).to_be_visible()
        page.locator('#now [data-act="down"]').click()
        expect(page.locator("#now .comment")).to_be_visible()
        page.locator("#filters summary").click()
    if view == "reading":
        ask(page, "what did the Minsk agreements require?")
        page.locator("#now .cite").nth(1).click()
        expect(page.locator("#pane .where")).to_contain_text("Citation 2")
        expect(page.locator("#pane")).to_be_visible()
    if view == "list":
        ask(page, "how many articles mention the veto?")
        expect(page.locator("#now .when").first).to_be_visible()
    if view == "editing":
        ask(page, "x" * 1500)
        page.locator("#turn-0 .asked").hover()
        page.locator('#turn-0 [data-act="edit"]').click()
    if view == "error":
        ask(page, "?!")
        expect(page.locator("#now .trouble")).to_be_visible()
    if view == "stopped":
        page.locator("#rebuild").click()
        expect(page.locator("#status .job")).to_contain_text("1 not read")
        page.locator("#status summary").click()
    if view == "silent":
        ask(page, "who won the 2018 football world cup?")
    if view == "library":
        page.get_by_role("button", name="Library").click()
        expect(page.locator(".articles li").first).to_be_visible()
        page.locator("#failed summary").click()
        page.locator(".articles .title").first.click()
        expect(page.locator("#pane .reading")).to_be_visible()
    if view == "rail" and page.locator("#menu").is_visible():
        page.locator("#menu").click()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("dark", 1280)])
def test_axe_finds_nothing_wrong(
    browser: Browser, address: str, view: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    with guarded(context, address) as page:
        show(page, view)
        assert faults(page) == []
    context.close()


@pytest.mark.parametrize("path", ["/answer", "/answer?q=Who+signed+New+START%3F", "/answer?q=x&since=tomorrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_an_answer_s_own_page(
    browser: Browser, address: str, path: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(address + path)
    assert faults(page) == []
    context.close()


@pytest.mark.parametrize("width", [360, 480, 640, 861, 960, 1181, 1360, 1920])
def test_nothing_leaves_its_column_at_any_width(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700})
    with guarded(context, address) as page:
        ask(page, "what did the Sample Gazette say of Lavrov and veto power?")
        page.locator("#filters summary").click()
        assert page.evaluate(OUTSIDE) == []
        page.get_by_role("button", name="Library").click()
        expect(page.locator(".articles li").first).to_be_visible()
        assert page.evaluate(OUTSIDE) == []
    context.close()


OUTSIDE = """() => ["#masthead", "#talk", "#books", "#evidence", "#side"].flatMap((id) => {
  const column = document.querySelector(id), edge = column.getBoundingClientRect();
  return [...column.querySelectorAll("*:not(.unseen, .unseen *, .card, .card *, .skip)")].filter((one) => {
    const at = one.getBoundingClientRect();
    return at.width && at.height && (at.right > edge.right + 1 || at.left < edge.left - 1);
  }).map((one) => `${id}: ${one.outerHTML.slice(0, 120)}`);
})"""
"""What stands wider than the column that it is in."""


def test_dark_is_dark_and_light_is_light(browser: Browser, address: str) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        with guarded(context, address) as page:
            expect(page.locator(".welcome")).to_be_visible()
            shade = "one => getComputedStyle(one).{}.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0)"
            paper = page.locator("body").evaluate(shade.format("backgroundColor"))
            shades[scheme] = paper, page.locator(".welcome h2").evaluate(shade.format("color"))
        context.close()
    (light_paper, light_ink), (dark_paper, dark_ink) = shades["light"], shades["dark"]
    assert (light_paper > 650, light_ink < 150) == (True, True)
    assert (dark_paper < 150, dark_ink > 600) == (True, True)


def test_a_screen_reader_is_told_of_an_answer_once_it_is_whole(browser: Browser, address: str) -> None:
    context = browser.new_context()
    with guarded(context, address) as page:
        assert page.locator("#heard").get_attribute("aria-live") == "polite"
        ask(page, "what did Lavrov say about veto power?")
        expect(page.locator("#heard")).to_contain_text("should have veto power over the security guarantees")
        ask(page, "who won the 2018 football world cup?")
        expect(page.locator("#heard")).to_contain_text("The articles do not say.")
    context.close()
