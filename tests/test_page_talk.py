"""Conversations at the page: kept through restarts, changed, stopped, exported, judged."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from qa.questions import read_questions
from tests.browsing import PATIENCE, ask, free_port, guarded, newest, served
from tests.conftest import copy_seeds

pytestmark = [pytest.mark.browser, pytest.mark.model]
LAVROV, MINSK = "what did Lavrov say about veto power?", "When was the Minsk Protocol signed?"


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory, seed_store: Path) -> Path:
    return copy_seeds(tmp_path_factory.mktemp("talk") / "seeds", seed_store)


@pytest.fixture(scope="module")
def address(articles: Path) -> Iterator[str]:
    with served(articles) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, permissions=["clipboard-read"])
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    with guarded(context, address) as opened:
        yield opened


def headings(page: Page) -> list[str]:
    return page.locator(".heading").all_inner_texts()


def test_conversations_are_listed_switched_renamed_and_deleted(page: Page) -> None:
    ask(page, LAVROV)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, MINSK)
    expect(page.locator(".heading")).to_have_text([MINSK, LAVROV])

    page.get_by_role("button", name=LAVROV).click()
    expect(page.locator("#now .question")).to_have_text(LAVROV)
    expect(page.locator(".heading[aria-current]")).to_have_text(LAVROV)
    page.get_by_role("button", name="Rename").click()
    page.keyboard.type("Vetoes <b>")
    page.keyboard.press("Enter")
    expect(page.locator(".heading")).to_have_text(["Vetoes <b>", MINSK])
    expect(page.locator(".heading").first).to_be_focused()
    page.get_by_role("button", name="Rename").click()
    page.keyboard.press("Escape")
    expect(page.locator(".heading")).to_have_text(["Vetoes <b>", MINSK])

    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Press again to delete").click()
    expect(page.locator(".heading")).to_have_text([MINSK])
    expect(page.locator(".welcome")).to_be_visible()


def test_a_title_is_written_on_when_the_list_is_shown_anew_meanwhile(page: Page) -> None:
    ask(page, LAVROV)
    page.evaluate("() => { window.listed = document.querySelector('.headings').outerHTML }")
    page.get_by_role("button", name="Rename").click()
    page.keyboard.type("Veto")
    page.evaluate("() => { document.querySelector('.headings').outerHTML = window.listed }")
    expect(page.get_by_role("textbox", name="Title of the conversation")).to_be_focused()
    page.keyboard.type("es")
    page.keyboard.press("Enter")
    expect(page.locator(".heading").first).to_have_text("Vetoes")


def test_a_list_of_conversations_that_comes_late_is_not_shown_in_place_of_a_newer_one(page: Page) -> None:
    ask(page, LAVROV)
    page.evaluate("() => { window.late = document.querySelector('#rail nav').outerHTML }")
    page.get_by_role("button", name="Rename").click()
    page.keyboard.type("Vetoes")
    page.keyboard.press("Enter")
    expect(page.locator(".heading")).to_have_text("Vetoes")
    page.evaluate("() => { document.querySelector('#rail nav').outerHTML = window.late }")
    expect(page.locator(".heading")).to_have_text("Vetoes")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".heading[aria-current]")).to_have_count(0)


def test_a_list_of_which_only_the_words_changed_is_known_for_the_newest(page: Page) -> None:
    ask(page, LAVROV)
    page.evaluate(
        """async () => {
        const list = document.querySelector('#rail nav'), late = list.outerHTML;
        list.dataset.read = Number(list.dataset.read) + 1;
        document.querySelector('.heading').firstChild.data = 'Vetoes';
        await new Promise((done) => setTimeout(done));
        list.outerHTML = late;
        }"""
    )
    expect(page.locator(".heading")).to_have_text("Vetoes")


def test_who_asks_at_once_after_beginning_anew_asks_in_the_new_conversation(page: Page) -> None:
    ask(page, LAVROV)
    page.evaluate(
        """question => { document.querySelector('[data-act="new"]').click();
        const box = document.querySelector("#asking"); box.value = question; box.form.requestSubmit(); }""",
        MINSK,
    )
    expect(page.locator('#turn-0[data-state="done"] .question')).to_have_text(MINSK)
    expect(page.locator(".heading")).to_have_text([MINSK, LAVROV])


def test_who_asks_in_the_very_moment_an_answer_ends_is_answered(page: Page) -> None:
    ask(page, LAVROV)
    page.evaluate(
        """questions => {
            const box = document.querySelector("#asking"), now = document.querySelector("#now");
            const answered = new Set();
            const next = () => {
                const done = now.querySelector('.exchange[data-state="done"]');
                if (!questions.length || !done || answered.has(done.id)) return;
                answered.add(done.id);
                box.value = questions.shift();
                box.form.requestSubmit();
            };
            new MutationObserver(next).observe(now, { childList: true, subtree: true });
            next();
        }""",
        [MINSK, "Who signed New START?"] * 6,
    )
    expect(page.locator('#turn-12[data-state="done"]')).to_be_attached(timeout=2 * PATIENCE)


def test_another_browser_sees_none_of_them(page: Page, browser: Browser, address: str) -> None:
    ask(page, LAVROV)
    other = browser.new_context()
    with guarded(other, address) as theirs:
        expect(theirs.locator(".welcome")).to_be_visible()
        assert headings(theirs) == []
        name = page.locator("#here").get_attribute("data-conversation")
        theirs.evaluate("name => sessionStorage.setItem('article-qa.here', name)", name)
        theirs.reload()
        expect(theirs.locator(".welcome")).to_be_visible(timeout=PATIENCE)
    other.close()


def test_an_edit_of_the_last_question_replaces_it_and_of_an_earlier_one_leaves_what_followed(page: Page) -> None:
    ask(page, LAVROV)
    page.locator("#turn-0 .asked").hover()
    page.locator('#turn-0 [data-act="edit"]').click()
    box = page.get_by_label("Change the question")
    expect(box).to_have_value(LAVROV)
    box.fill("Who signed New START?")
    box.press("Enter")
    expect(page.locator('#turn-0[data-state="done"] .question')).to_have_text("Who signed New START?")
    expect(page.locator(".exchange")).to_have_count(1)

    ask(page, "When did it enter into force?")
    page.locator("#turn-0 .asked").hover()
    page.locator('#turn-0 [data-act="edit"]').click()
    box.fill(MINSK)
    page.get_by_role("button", name="Ask this").click()
    expect(page.locator('#turn-0[data-state="done"] .question')).to_have_text(MINSK)
    expect(page.locator(".exchange")).to_have_count(1)
    page.get_by_role("button", name="Who signed New START?").click()
    expect(page.locator(".question")).to_have_text(["Who signed New START?", "When did it enter into force?"])


def test_ask_again_answers_in_the_same_place(page: Page) -> None:
    ask(page, LAVROV)
    ask(page, MINSK)
    page.locator("#turn-0 .asked").hover()
    page.locator('#turn-0 [data-act="again"]').click()
    expect(page.locator(".question")).to_have_text([LAVROV, MINSK])
    expect(page.locator('#turn-0[data-state="done"] .cite').first).to_be_visible()


def test_a_conversation_is_saved_as_markdown_and_as_a_page_with_its_sources(page: Page, tmp_path: Path) -> None:
    ask(page, LAVROV)
    files = {}
    for name in ("Save as Markdown", "Save as a page"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        saved = download.value
        files[saved.suggested_filename] = Path(saved.path()).read_text("utf-8")
    with page.expect_download():  # and once more, what is as it was
        page.get_by_role("button", name="Save as a page").click()
    assert list(files) == ["what-did-lavrov-say-about-veto-power.md", "what-did-lavrov-say-about-veto-power.html"]
    written, shown = files.values()
    assert "should have veto power over the security guarantees" in written
    entry = "1. *Lavrov Wants a Russian Veto Over Ukraine's Security Guarantees*, Sample Gazette, Ada Sample, "
    assert f"{entry}21 August 2025" in written
    (tmp_path / "saved.html").write_text(shown, "utf-8")
    reading = page.context.new_page()
    reading.goto((tmp_path / "saved.html").as_uri())
    expect(reading.locator("blockquote").first).to_contain_text("should have veto power over the security guarantees")
    expect(reading.locator("ol li cite")).to_have_text("Lavrov Wants a Russian Veto Over Ukraine's Security Guarantees")
    reading.close()


def test_an_answer_is_copied_with_its_citations(page: Page) -> None:
    ask(page, MINSK)
    page.get_by_role("button", name="Copy with citations").click()
    expect(page.locator("#heard")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"^> .*Minsk Protocol.* \\\[1\\\]$", copied, re.MULTILINE)
    assert "1. *Why the Minsk Agreements Never Brought Peace*" in copied


def test_thumbs_and_comments_are_kept_where_eval_reads_them(page: Page, articles: Path) -> None:
    ask(page, LAVROV)
    page.get_by_role("button", name="A good answer", exact=True).click()
    expect(page.locator('#now [data-act="up"]')).to_have_attribute("aria-pressed", "true")
    ask(page, MINSK)
    page.locator("#now").get_by_role("button", name="Not a good answer").click()
    page.locator("#now").get_by_label("What should it have said?").fill("The day.\nNot the place.")
    page.locator("#now").get_by_role("button", name="Keep the comment").click()
    expect(page.locator("#heard")).to_have_text("The comment is kept")
    file = articles.parent / "store" / "judgements.jsonl"
    page.wait_for_function("() => document.querySelector('#now textarea')?.textContent.includes('place')")
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(row["question"], row["thumb"], row["comment"]) for row in rows] == [
        (LAVROV, "up", ""),
        (MINSK, "down", "The day.\nNot the place."),
    ]
    up, down = read_questions(file)
    assert up.articles == {"lavrov-veto-guarantees.md"}
    assert not down.expects_answer

    page.locator('#turn-0 [data-act="up"]').click()
    expect(page.locator('#turn-0 [data-act="up"]')).to_have_attribute("aria-pressed", "false")
    assert [json.loads(line)["question"] for line in file.read_text().splitlines()] == [MINSK]


def test_a_comment_that_was_written_and_not_kept_is_kept_when_another_question_is_asked(
    page: Page, articles: Path
) -> None:
    ask(page, MINSK)
    page.locator("#now").get_by_role("button", name="Not a good answer").click()
    page.locator("#now").get_by_label("What should it have said?").fill("Who signed it.")
    ask(page, LAVROV)
    expect(page.locator("#turn-0 textarea")).to_have_text("Who signed it.")
    rows = [json.loads(line) for line in (articles.parent / "store" / "judgements.jsonl").read_text().splitlines()]
    assert (MINSK, "down", "Who signed it.") in [(row["question"], row["thumb"], row["comment"]) for row in rows]


def test_the_enter_that_ends_a_word_of_an_input_method_asks_nothing(page: Page) -> None:
    box = page.locator("#asking")
    box.fill(MINSK)
    word_ends = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
    assert box.evaluate(f"box => box.dispatchEvent({word_ends})")  # nothing kept it from doing what it does there
    expect(box).to_have_value(MINSK)
    expect(page.locator(".exchange")).to_have_count(0)
    box.press("Enter")
    expect(page.locator('#turn-0[data-state="done"]')).to_be_attached(timeout=PATIENCE)


def test_an_old_tab_goes_on_by_itself_after_a_restart_with_its_conversation_and_its_draft(
    browser: Browser, tmp_path: Path, seed_store: Path
) -> None:
    copy_seeds(tmp_path / "seeds", seed_store)
    port = free_port()
    context = browser.new_context()
    with served(tmp_path / "seeds", port=port) as address:
        page = context.new_page()
        page.goto(address)
        expect(page.locator(".welcome")).to_be_visible(timeout=PATIENCE)
        ask(page, LAVROV)
        page.locator("#asking").fill("half a thou")
        page.evaluate("window.isOld = true")
    expect(page.locator("#away")).to_be_visible()
    page.locator("#asking").press("Enter")
    page.locator("#now .cite").first.click()
    expect(page.locator("#asking")).to_have_value("half a thou")
    page.wait_for_timeout(500)
    expect(page.locator(".toast-wrap").filter(visible=True)).to_have_count(0)
    with served(tmp_path / "seeds", port=port):
        page.wait_for_function("!window.isOld", timeout=PATIENCE)
        page.locator("#now .cite").first.click()
        expect(page.locator("#chosen")).to_be_visible(timeout=PATIENCE)
        expect(page.locator("#now .question")).to_have_text(LAVROV, timeout=PATIENCE)
        expect(page.locator("#asking")).to_have_value("half a thou")
        ask(page, MINSK)
        assert "Minsk Protocol" in newest(page)
        page.reload()
        expect(page.locator(".question")).to_have_text([LAVROV, MINSK], timeout=PATIENCE)
    context.close()


def test_articles_of_one_s_own_offer_questions_to_begin_with(
    browser: Browser, tmp_path: Path, seed_store: Path
) -> None:
    copy_seeds(tmp_path / "mine", seed_store)  # of another name: no questions were written for these
    context = browser.new_context()
    with served(tmp_path / "mine") as address, guarded(context, address) as page:
        page.locator(".opening .suggestion").first.click(timeout=3 * PATIENCE)  # each is put to the index before
        expect(page.locator('#turn-0[data-state="done"] .cite').first).to_be_visible(timeout=PATIENCE)
        expect(page.locator(".opening")).to_be_hidden()
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".opening .suggestion").first).to_be_visible(timeout=PATIENCE)
    context.close()
