"""Each view, in light and dark, wide and narrow, passes axe-core; and a screen reader is told of what comes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import ask, guarded, served
from tests.conftest import SEEDS

pytestmark = [pytest.mark.browser, pytest.mark.model]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
VIEWS = ("empty", "answered", "silent", "library", "rail")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("everyone") / "seeds"
    shutil.copytree(SEEDS, place)
    (place / "broken.pdf").write_bytes(b"no pdf")
    with served(place) as address:
        yield address


def show(page: Page, view: str) -> None:
    if view in {"answered", "rail"}:
        ask(page, "what did the Sample Gazette say of Lavrov and veto power?")
        expect(page.locator("#now .cite").first).to_be_visible()
        page.locator('#now [data-act="down"]').click()
        expect(page.locator("#now .comment")).to_be_visible()
        page.locator("#filters summary").click()
    if view == "silent":
        ask(page, "who won the 2018 football world cup?")
    if view == "library":
        page.get_by_role("button", name="Library").click()
        expect(page.locator(".articles li").first).to_be_visible()
        page.locator("#failed summary").click()
    if view == "rail" and page.locator("#menu").is_visible():
        page.locator("#menu").click()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_wrong(browser: Browser, address: str, view: str, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    with guarded(context, address) as page:
        show(page, view)
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run()")["violations"]
        told = [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]
        assert told == []
    context.close()


def test_dark_is_dark_and_light_is_light(browser: Browser, address: str) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
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
