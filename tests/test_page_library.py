"""The library at the page: what there is, files in and out, a rebuild that is watched, stopped, and left alone."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from tests.browsing import PATIENCE, ask, faults, guarded, newest, served
from tests.conftest import copy_seeds
from tests.files import pdf, word, zipped

pytestmark = [pytest.mark.browser, pytest.mark.model]
LAVROV = "Lavrov Wants a Russian Veto Over Ukraine's Security Guarantees"
LIGHTHOUSE = "Title: The Lighthouse of Varnholm\nSource: Harbour Post\nPublished: 2021-03-04\n\n{}\n"


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory, seed_store: Path) -> Path:
    place = copy_seeds(tmp_path_factory.mktemp("library") / "seeds", seed_store)
    (place / "broken.pdf").write_bytes(b"no pdf")
    return place


@pytest.fixture(scope="module")
def address(articles: Path) -> Iterator[str]:
    with served(articles) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    with guarded(context, address) as opened:
        yield opened


def open_library(page: Page) -> None:
    page.get_by_role("button", name="Library").click()
    expect(page.locator(".articles li").first).to_be_visible(timeout=PATIENCE)


def titles(page: Page) -> list[str]:
    return page.locator(".articles .title").all_inner_texts()


def test_articles_are_listed_searched_ordered_filtered_and_opened(page: Page) -> None:
    open_library(page)
    expect(page.locator("#shelf .count")).to_have_text("15 articles")
    assert titles(page)[0] == "New START Nears Its End, With Nothing to Replace It"
    page.get_by_label("Order").select_option("oldest")
    expect(page.locator(".articles .title").last).to_have_text("New START Nears Its End, With Nothing to Replace It")
    page.get_by_label("Search").fill("VETO poland")
    expect(page.locator(".articles .title")).to_have_text(["I Do Not Allow It: The Liberum Veto in Old Poland"])
    page.get_by_label("Search").fill("")
    page.locator('#controls [name="outlet"]').select_option("Sample Wire")
    expect(page.locator(".articles .facts").first).to_contain_text("Sample Wire")
    page.locator('#controls [name="outlet"]').select_option("")
    page.get_by_role("button", name="August 2025: 1 article").click()
    expect(page.locator(".articles .title")).to_have_text([LAVROV])
    page.locator(".articles .title").first.click()
    expect(page.locator("#pane .reading h2")).to_have_text(LAVROV)
    expect(page.locator("#pane .reading")).to_be_focused()


def test_what_could_not_be_read_is_named_with_its_reason(page: Page) -> None:
    open_library(page)
    page.locator("#failed summary").click()
    expect(page.locator("#failed li")).to_have_text(re.compile("broken.pdf: .+"))


def test_a_file_that_is_put_in_is_answered_from_and_gone_when_it_is_removed(page: Page, articles: Path) -> None:
    open_library(page)
    text = LIGHTHOUSE.format("The lighthouse of Varnholm was lit for the first time in 1871.")
    page.locator("#files").set_input_files(
        [
            FilePayload(name="../../light house.txt", mimeType="text/plain", buffer=text.encode()),
            FilePayload(name="run.exe", mimeType="text/plain", buffer=b"x"),
        ]
    )
    expect(page.locator("#notice")).to_contain_text("1 file put into the folder")
    expect(page.locator("#notice")).to_contain_text("run.exe is of no kind that is read")
    expect(page.locator("#status")).to_contain_text("1 added")
    expect(page.locator("#shelf .count")).to_have_text("16 articles")
    assert (articles / "light house.txt").read_text() == text
    page.get_by_role("button", name="Ask", exact=True).first.click()
    ask(page, "When was the Varnholm lighthouse first lit?")
    assert "lit for the first time in 1871" in newest(page)

    page.get_by_role("button", name="Library").click()
    page.get_by_role("button", name="Remove The Lighthouse of Varnholm").click()
    expect(page.locator("#shelf .count")).to_have_text("15 articles")
    assert not (articles / "light house.txt").exists()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#shelf .count")).to_have_text("16 articles")
    (articles / "light house.txt").unlink()
    page.locator("#rebuild").click()
    expect(page.locator("#shelf .count")).to_have_text("15 articles")


def test_a_pdf_a_word_file_and_a_zip_are_put_in_and_asked_about(page: Page, articles: Path, tmp_path: Path) -> None:
    written = {
        "bridge.pdf": pdf("The bridge of Port Lumen was closed to lorries on 7 June 2024."),
        "dredge.docx": word("The harbour of Port Lumen will be dredged from 3 May 2024."),
        "more.zip": zipped(
            {"ferry.txt": b"Title: Ferry strike\n\nThe ferry crews of Port Lumen struck over night pay."}
        ),
    }
    for name, data in written.items():
        (tmp_path / name).write_bytes(data)
    open_library(page)
    with page.expect_file_chooser() as chooser:
        page.locator("#drop").click()
    chooser.value.set_files([tmp_path / name for name in written])
    expect(page.locator("#status")).to_contain_text("3 added")
    page.get_by_role("button", name="Ask", exact=True).first.click()
    for question, said in (
        ("When was the bridge of Port Lumen closed to lorries?", "7 June 2024"),
        ("When will the harbour of Port Lumen be dredged?", "3 May 2024"),
        ("Why did the ferry crews of Port Lumen strike?", "over night pay"),
    ):
        ask(page, question)
        assert said in newest(page)
    page.get_by_role("button", name="Library").click()
    for file in ("bridge.pdf", "dredge.docx", "more.zip"):
        page.locator(f'.articles [data-path="{file}"]').click(force=True)
        expect(page.locator("#notice")).to_contain_text(f"Taken out of the folder: {file}")
        expect(page.locator(f'.articles [data-path="{file}"]')).to_have_count(0)
    expect(page.locator("#shelf .count")).to_have_text("15 articles")


def test_what_is_refused_again_is_told_again(page: Page) -> None:
    open_library(page)
    for _ in range(2):
        page.locator("#files").set_input_files([FilePayload(name="run.exe", mimeType="text/plain", buffer=b"x")])
        expect(page.locator("#notice")).to_contain_text("Not kept: run.exe is of no kind that is read")
        page.locator("#notice").get_by_role("button", name="Close").click()
        expect(page.locator("#notice .notice")).to_have_count(0)


def test_how_a_rebuild_ended_is_told_once_and_to_who_started_it(
    page: Page, browser: Browser, address: str, context: BrowserContext
) -> None:
    open_library(page)
    page.locator("#rebuild").click()
    expect(page.locator("#status")).to_contain_text("Nothing changed")
    other = browser.new_context()
    with guarded(other, address) as theirs:
        expect(theirs.locator("#status .job")).to_have_count(0)
    other.close()
    with guarded(context, address) as again:
        expect(again.locator("#status")).to_contain_text("Nothing changed")
        again.locator("#status").get_by_role("button", name="Close").click()
        expect(again.locator("#rebuild")).to_be_focused()
    with guarded(context, address) as closed:
        expect(closed.locator("#status .job")).to_have_count(0)
    page.get_by_role("button", name="Ask", exact=True).first.click()
    ask(page, "what did Lavrov say about veto power?")
    expect(page.locator("#status .job")).to_have_count(0)


def test_an_empty_conversation_says_anew_how_many_articles_there_are_once_there_are_more(
    page: Page, articles: Path
) -> None:
    opening = page.locator("#now .welcome h2")
    before = opening.inner_text()
    (articles / "lamp.txt").write_text("Title: A lamp\n\nThe lamp of the pier was mended in May.")
    page.locator("#rebuild").click()
    expect(page.locator("#status")).to_contain_text("1 added")
    expect(opening).not_to_have_text(before)
    (articles / "lamp.txt").unlink()
    page.locator("#rebuild").click()
    expect(page.locator("#status")).to_contain_text("1 removed")
    expect(opening).to_have_text(before)


def test_the_keys_alone_find_open_and_remove_an_article(page: Page, articles: Path) -> None:
    (articles / "zebra.txt").write_text("Title: Zebra crossing opens\n\nThe crossing opened at noon.")
    page.locator("#rebuild").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("1 added")
    press_until(page, page.get_by_role("button", name="Library"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".articles li").first).to_be_visible()
    press_until(page, page.get_by_role("button", name="August 2025: 1 article"), "Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#shelf .count .chip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#shelf .count")).to_have_text("16 articles")
    press_until(page, page.get_by_role("button", name="Zebra crossing opens", exact=True), "Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pane .reading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Zebra crossing opens", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Remove Zebra crossing opens")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#shelf .count")).to_have_text("15 articles")
    assert page.evaluate("document.activeElement.dataset.act") == "remove"


def press_until(page: Page, sought: Locator, key: str) -> None:
    for _ in range(80):
        if sought.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(sought)


def test_files_are_dropped_onto_the_page(page: Page, articles: Path) -> None:
    open_library(page)
    transfer = page.evaluate_handle(
        """() => { const data = new DataTransfer();
        const text = "Title: Dropped\\n\\nThe parcel was dropped at noon.";
        data.items.add(new File([text], "dropped.txt")); return data; }"""
    )
    for event in ("dragover", "drop"):
        page.dispatch_event("#drop", event, {"dataTransfer": transfer})
    expect(page.locator("#shelf .count")).to_have_text("16 articles")
    (articles / "dropped.txt").unlink()
    page.locator("#rebuild").click()
    expect(page.locator("#shelf .count")).to_have_text("15 articles")


def put_many(articles: Path, name: str) -> None:
    for number in range(400):
        said = " ".join(f"Ship {number * 40 + each} left the harbour of {name} with grain." for each in range(40))
        (articles / f"{name}-{number}.txt").write_text(said)


def test_a_rebuild_goes_on_when_its_tab_is_closed_and_asking_goes_on_meanwhile(
    context: BrowserContext, address: str, articles: Path
) -> None:
    put_many(articles, "Odesa")
    with guarded(context, address) as page:
        page.locator("#rebuild").click()
        expect(page.locator("#status progress")).to_be_visible()
        expect(page.locator("#status")).to_contain_text(re.compile(r"of 416 files"))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == []
        expect(page.locator("#status progress")).to_be_visible()
        ask(page, "what did Lavrov say about veto power?")
        assert "veto power" in newest(page)
        expect(page.locator("#status progress")).to_be_visible()
    with guarded(context, address) as again:
        expect(again.locator("#status progress")).to_be_visible()
        again.locator('[data-act="cancel"]').click()
        expect(again.locator("#status")).to_contain_text("What was finished is kept", timeout=PATIENCE)
        for file in articles.glob("Odesa-*.txt"):
            file.unlink()
        again.locator("#rebuild").click()
        expect(again.locator("#status")).to_contain_text("removed", timeout=PATIENCE)
        expect(again.locator("#count")).to_contain_text("15 articles")


def test_a_rebuild_that_fails_says_what_to_do(page: Page, articles: Path) -> None:
    away = articles.with_name("away")
    articles.rename(away)
    try:
        page.locator("#rebuild").click()
        expect(page.locator("#status .failed")).to_contain_text("give the folder that holds the articles")
    finally:
        away.rename(articles)
    time.sleep(0.1)
    ask(page, "what did Lavrov say about veto power?")
    assert "veto power" in newest(page)
