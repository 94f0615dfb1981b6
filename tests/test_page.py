"""The real page in headless Chromium: questions, answers with their evidence, and the article beside them."""

import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import ask, guarded, newest, served
from tests.conftest import SEEDS

pytestmark = [pytest.mark.browser, pytest.mark.model]
LAVROV = (
    "Russian Foreign Minister Sergey Lavrov said that Russia should have veto power over the security guarantees "
    "for Ukraine, including any military aid given after a peace deal."
)
HEBREW = "כתב העת לבדיקה דיווח כי המגדלור של ורנהולם הודלק לראשונה בשנת 1871."


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("page") / "seeds"
    shutil.copytree(SEEDS, place)
    (place / "lighthouse.md").write_text(
        "---\ntitle: The Lighthouse of Varnholm\nsource: Harbour Post\nauthor: Bo Sample\npublished: 2021-03-04\n"
        "url: https://example.org/lighthouse?a=1&b=2\n---\n"
        "The lighthouse of Varnholm was lit for the first time in 1871.\n"
    )
    (place / "hebrew.md").write_text(f"---\ntitle: המגדלור\nsource: כתב העת\n---\n{HEBREW}\n")
    return place


@pytest.fixture(scope="module")
def address(articles: Path) -> Iterator[str]:
    with served(articles) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    with guarded(context, address) as opened:
        yield opened
    context.close()


def test_a_citation_opens_the_article_at_the_highlighted_sentence(page: Page) -> None:
    ask(page, "what did Lavrov say about veto power?")
    assert LAVROV in newest(page)
    ask(page, "When was the Minsk Protocol signed?")
    expect(page.locator("#pane .reading h2")).to_have_text("Why the Minsk Agreements Never Brought Peace")

    page.locator('#past a[href="#cite-0-1"]').click()
    expect(page.locator("#pane .reading h2")).to_have_text(
        "Lavrov Wants a Russian Veto Over Ukraine's Security Guarantees"
    )
    expect(page.locator("#pane .facts").first).to_have_text("Sample Gazette · Ada Sample · 21 August 2025")
    expect(page.locator("#chosen")).to_have_text(LAVROV)
    expect(page.locator("#chosen")).to_be_in_viewport()
    expect(page.locator("#chosen")).to_be_focused()


def test_the_keys_alone_ask_open_go_on_and_come_back(page: Page) -> None:
    expect(page.locator("#asking")).to_be_focused()
    page.keyboard.type("what did the Minsk agreements require?")
    page.keyboard.press("Enter")
    expect(page.locator('#turn-0[data-state="done"]')).to_be_attached()
    first = page.locator('#turn-0 .cite[data-number="1"]')
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    expect(first).to_be_focused()
    expect(page.locator("#card-0-1")).to_be_visible()
    expect(page.locator("#card-0-1")).to_contain_text("Minsk")
    page.keyboard.press("Enter")
    expect(page.locator("#chosen")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#pane .where")).to_have_text(re.compile(r"Citation 2 of \d"))
    expect(page.locator("#chosen")).to_be_in_viewport()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#pane .where")).to_have_text(re.compile(r"Citation 1 of \d"))
    expect(page.locator("#chosen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()


def test_who_steps_quickly_ends_where_the_last_step_led(page: Page) -> None:
    ask(page, "how many articles mention the veto?")
    page.evaluate(
        """() => { for (const number of [2, 5, 3, 9, 4]) document.querySelector(`#now .cite[data-number="${number}"]`)
        .click(); }"""
    )
    expect(page.locator("#pane .where")).to_have_text("Citation 4 of 9")
    page.wait_for_timeout(1000)
    expect(page.locator("#pane .where")).to_have_text("Citation 4 of 9")
    expect(page.locator("#chosen")).to_be_focused()


def test_the_buttons_go_to_the_next_citation_and_the_last_has_none(page: Page) -> None:
    ask(page, "what did the Minsk agreements require?")
    count = page.locator("#now .cite").count()
    assert count > 1
    for number in range(2, count + 1):
        page.get_by_role("button", name="Next citation").click()
        expect(page.locator("#pane .where")).to_have_text(f"Citation {number} of {count}")
    expect(page.get_by_role("button", name="Next citation")).to_be_disabled()
    expect(page.locator(f'#now .cite[data-number="{count}"]')).to_have_class(re.compile("open"))


def test_pointing_at_a_number_shows_its_quote(page: Page) -> None:
    ask(page, "what did Lavrov say about veto power?")
    card = page.locator("#card-0-1")
    expect(card).to_be_hidden()
    page.locator("#now .cite").first.hover()
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_the_original_is_a_link_that_a_person_must_press(page: Page) -> None:
    ask(page, "When was the lighthouse of Varnholm lit?")
    link = page.locator("#pane a.original")
    expect(link).to_have_text("Open the original at example.org")
    assert link.get_attribute("href") == "https://example.org/lighthouse?a=1&b=2"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_the_articles_do_not_say_and_what_comes_nearest_opens(page: Page) -> None:
    ask(page, "How many nuclear warheads does China have today?")
    expect(page.locator("#now .answer.silent")).to_contain_text("The articles do not say.")
    expect(page.locator("#now .nearest")).to_contain_text("1,550 deployed strategic warheads")
    expect(page.locator(".cite")).to_have_count(0)
    page.locator("#now .near-open").nth(1).click()
    expect(page.locator("#pane .where")).to_contain_text("Near passage 2 of")
    expect(page.locator("#pane mark.near.chosen").first).to_be_in_viewport()


def test_beside_silence_stands_no_article_of_the_answer_before(page: Page) -> None:
    ask(page, "what did Lavrov say about veto power?")
    expect(page.locator("#pane .reading")).to_be_visible()
    ask(page, "who won the 2018 football world cup?")
    expect(page.locator("#pane")).to_contain_text("No article is cited here.")
    expect(page.locator("#pane .reading")).to_have_count(0)


def test_a_number_stays_on_the_line_of_the_last_word(page: Page) -> None:
    ask(page, "what did Lavrov say about veto power?")
    apart = page.evaluate(
        """() => { const apart = [];
        for (let width = 240; width < 560; width += 3) for (const said of document.querySelectorAll("#now .said")) {
          said.style.width = `${width}px`;
          const number = said.querySelector(".cite").getBoundingClientRect(), last = document.createRange();
          const texts = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
          let text = null;
          while (texts.nextNode() && !texts.currentNode.parentElement.closest(".cite")) text = texts.currentNode;
          last.setStart(text, text.data.trimEnd().length - 1);
          last.setEnd(text, text.data.trimEnd().length);
          const word = last.getBoundingClientRect();
          if (number.top > word.bottom || number.bottom < word.top) apart.push([width, said.textContent.slice(0, 30)]);
        } return apart; }"""
    )
    assert apart == []


def test_an_answer_has_a_page_to_link_to(page: Page, address: str) -> None:
    ask(page, "Who signed New START?")
    ask(page, "When did it enter into force?")
    link = page.locator("#now").get_by_role("link", name="A page of this answer")
    page.goto(address + (link.get_attribute("href") or ""))
    expect(page.locator("blockquote").first).to_contain_text("5 February 2011")


def test_the_mark_of_the_open_citation_outlives_a_thumb(page: Page) -> None:
    ask(page, "what did Lavrov say about veto power?")
    page.locator('#now [data-act="up"]').click()
    expect(page.locator('#now [data-act="up"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#now .cite").first).to_have_class(re.compile("open"))


def test_a_long_question_leaves_its_answer_in_the_window(page: Page) -> None:
    ask(page, "What did Lavrov say about veto power? " + "Please tell me all that you know. " * 50)
    expect(page.locator("#now :is(.said, .none)").first).to_be_in_viewport()
    expect(page.locator("#now .question")).to_have_attribute("tabindex", "0")


def test_a_follow_up_says_how_it_was_understood(page: Page) -> None:
    ask(page, "Who signed New START?")
    ask(page, "When did it enter into force?")
    assert "5 February 2011" in newest(page)
    expect(page.locator("#now .scope")).to_contain_text("When did it enter into force? (signed New START)")


def test_several_things_that_are_asked_at_once_are_answered_one_below_the_other(page: Page) -> None:
    ask(page, "When was the grain deal signed, and who is the president of Peru?")
    expect(page.locator("#now .part")).to_have_text(
        ["When was the grain deal signed?", "And who is the president of Peru?"]
    )
    expect(page.locator("#now .said")).to_have_count(1)
    expect(page.locator("#now .part ~ .answer.silent .none")).to_have_text("The articles do not say.")
    page.locator("#now .cite").first.click()
    expect(page.locator(".reading mark").first).to_contain_text("signed in Istanbul on 22 July 2022")


def test_an_example_is_asked_with_one_click(page: Page) -> None:
    page.get_by_role("button", name="How often has NATO’s Article 5 been invoked?").click()
    expect(page.locator("#now .answer")).to_contain_text("NATO has invoked Article 5 a single time")


def test_what_was_understood_is_a_chip_that_a_click_takes_back_and_another_restores(page: Page) -> None:
    ask(page, "What did the Sample Gazette report about the veto?")
    chip = page.locator('#now .chip[data-act="ignore"]')
    expect(chip).to_contain_text("only Sample Gazette")
    chip.click()
    expect(page.locator('#turn-0[data-state="done"] .chip.off')).to_be_visible()
    expect(page.locator('#now .chip[data-act="ignore"]')).to_have_count(0)
    page.locator("#now .chip.off").click()
    expect(page.locator('#now .chip[data-act="ignore"]')).to_contain_text("only Sample Gazette")
    expect(page.locator(".exchange")).to_have_count(1)


def test_filters_keep_to_days_and_an_outlet_until_they_are_taken_off(page: Page) -> None:
    page.locator("#filters summary").click()
    page.locator('#filters [name="outlet"]').select_option("Harbour Post")
    page.locator('#filters [name="since"]').fill("2021-01-01")
    expect(page.locator("#filtering")).to_have_text(": 2 on")
    ask(page, "When was the lighthouse of Varnholm lit?")
    expect(page.locator("#now .chip")).to_have_text(["published since 1 January 2021 ×", "only Harbour Post ×"])
    assert "1871" in newest(page)
    ask(page, "what did Lavrov say about veto power?")
    assert LAVROV not in newest(page)
    expect(page.locator("#now .sure")).to_contain_text("Take a filter off")
    page.locator('#now .chip[data-words="since"]').click()
    expect(page.locator('#turn-1[data-state="done"] .chip')).to_have_text(["only Harbour Post ×"])
    page.locator('#now .chip[data-words="outlet"]').click()
    expect(page.locator("#now .answer")).to_contain_text(LAVROV)


def test_what_may_be_asked_next_comes_from_the_articles_and_is_answered(page: Page) -> None:
    ask(page, "How often has NATO’s Article 5 been invoked?")
    suggestion = page.locator("#next .suggestion").first
    expect(suggestion).to_be_visible()
    suggestion.click()
    expect(page.locator('#turn-1[data-state="done"] .cite').first).to_be_visible()


def test_a_question_that_is_none_is_answered_in_words(page: Page) -> None:
    ask(page, "?!")
    expect(page.locator("#now .trouble")).to_contain_text("The question is empty")


def test_a_long_conversation_keeps_the_question_box_in_the_window(page: Page) -> None:
    for question in ("what did Lavrov say about veto power?", "who won the 2018 world cup?", "What is Minsk II?"):
        ask(page, question)
    box = page.locator("#asking").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
    assert page.evaluate("document.documentElement.scrollHeight") <= 800
    expect(page.locator("#turn-2 .question")).to_be_in_viewport()


def test_text_that_runs_from_right_to_left_does(page: Page) -> None:
    ask(page, "מתי הודלק המגדלור של ורנהולם לראשונה?")
    for selector in ("#now .question", "#now .said, #now .near"):
        assert page.locator(selector).first.evaluate("one => getComputedStyle(one).direction") == "rtl"
    page.locator("#now :is(.cite, .near-open)").first.click()
    expect(page.locator("#pane .reading h2")).to_have_text("המגדלור")
    assert page.locator("#pane .text p").first.evaluate("one => getComputedStyle(one).direction") == "rtl"


@pytest.mark.parametrize("width", [360, 390])
def test_the_page_fits_a_phone(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 780}, has_touch=True, is_mobile=True)
    with guarded(context, address) as page:
        ask(page, "what did Lavrov say about veto power?")
        expect(page.locator("#pane")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#now .cite").first.click()
        expect(page.locator("#chosen")).to_be_in_viewport()
        expect(page.locator("#asking")).to_be_hidden()  # the keys do not lead behind the article
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Close the article").click()
        expect(page.locator("#pane")).to_be_hidden()
        expect(page.locator("#asking")).to_be_visible()
        page.get_by_role("button", name="Library").click()
        expect(page.locator(".articles li").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(".articles .title").first.click()
        expect(page.locator("#pane .reading")).to_be_in_viewport()
        page.get_by_role("button", name="Close the article").click()
        expect(page.locator("#pane")).to_be_hidden()
        expect(page.locator(".articles li").first).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("path", ["../articles.db", "/etc/passwd", "%2e%2e%2fpyproject.toml", "http://127.0.0.1:1/"])
def test_no_file_of_the_machine_is_served(address: str, path: str, articles: Path) -> None:
    store = articles.parent / "store"
    targets = (
        path,
        *(str(store / name) for name in ("articles.db", "conversations.db")),
        str(articles / "lighthouse.md"),
    )
    for target in targets:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/gradio_api/file={target}", timeout=10)
        assert refused.value.code in {403, 404}
        refused.value.close()
