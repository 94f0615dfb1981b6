"""The real page in headless Chromium: ask, open a citation, add an article, rebuild, ask about it; attacks on it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import ROOT, SEEDS

pytestmark = [pytest.mark.browser, pytest.mark.model]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
ATTACK = """<script>alert(1)</script> <img src=x onerror=alert(2)> ![x](http://evil.example/x.png)
[press](javascript:alert(3)) "><svg onload=alert(4)> <iframe srcdoc="<script>alert(5)</script>"></iframe>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        assert not os.environ.get("CI"), "Chromium is absent, and CI must have it"
        pytest.skip("Chromium is absent: install it with your system's packages to run the browser tests")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("page") / "seeds"
    shutil.copytree(SEEDS, place)
    title = f"The Zanzibar {ATTACK.split(maxsplit=1)[0]} report"
    (place / "attack.txt").write_text(f"Title: {title}\n\nThe Zanzibar spice auction raised nine coins {ATTACK}.\n")
    return place


@pytest.fixture(scope="module")
def address(articles: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "ui.cli",
        "chat",
        str(articles),
        "--store",
        str(articles.parent / "store"),
        "--port",
        str(port),
    ]
    with (articles.parent / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_for(f"http://127.0.0.1:{port}", server, articles.parent / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh page; at its end no dialog may have opened, and nothing may have been asked of another machine."""
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    dialogs: list[str] = []
    outside: list[str] = []
    opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    opened.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else outside.append(request.url),
    )
    opened.goto(address)
    expect(opened.locator("#question textarea")).to_be_visible(timeout=PATIENCE)
    yield opened
    opened.close()
    assert (dialogs, outside) == ([], [])


def ask(page: Page, question: str) -> None:
    before = page.locator("#chat .answer").count()
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .answer")).to_have_count(before + 1, timeout=PATIENCE)


def test_a_citation_opens_the_article_at_the_highlighted_sentence(page: Page) -> None:
    ask(page, "what did Lavrov say about veto power?")
    expect(page.locator("#chat .answer").last).to_contain_text("should have veto power over the security guarantees")
    ask(page, "When was the Minsk Protocol signed?")
    expect(page.locator("#pane .reading.front h2")).to_have_text(
        "Why the Minsk Agreements Never Brought Peace", timeout=PATIENCE
    )

    page.locator('#chat a[href="#cite-0-1"]').click()
    reading = page.locator("#pane .reading.front")
    expect(reading).to_have_count(1)
    expect(reading.locator("h2")).to_have_text("Lavrov Wants a Russian Veto Over Ukraine's Security Guarantees")
    expect(reading.locator(".facts").first).to_have_text("Sample Gazette · Ada Sample · 2025-08-21")
    mark = reading.locator("mark.chosen")
    expect(mark).to_have_text(
        "Russian Foreign Minister Sergey Lavrov said that Russia should have veto power over the security guarantees "
        "for Ukraine, including any military aid given after a peace deal."
    )
    expect(mark).to_be_in_viewport()


def test_the_articles_do_not_say_and_the_nearest_passage_is_offered(page: Page) -> None:
    ask(page, "who won the 2018 football world cup?")
    expect(page.locator("#chat .answer.silent")).to_contain_text("The articles do not say.")
    expect(page.locator("#chat .answer.silent blockquote")).to_be_visible()
    expect(page.locator("#chat a.cite")).to_have_count(0)


def test_a_follow_up_says_how_it_was_understood(page: Page) -> None:
    ask(page, "Who signed New START?")
    ask(page, "When did it enter into force?")
    expect(page.locator("#chat .answer").last).to_contain_text("5 February 2011")
    expect(page.locator("#chat .scope").last).to_contain_text(
        "understood as: When did it enter into force? (signed New START)"
    )


def test_an_example_is_asked_with_one_click(page: Page) -> None:
    page.get_by_text("How often has NATO’s Article 5 been invoked?").click()
    expect(page.locator("#chat .answer")).to_contain_text("NATO has invoked Article 5 a single time", timeout=PATIENCE)


def test_an_added_article_is_answered_from_after_a_rebuild_and_gone_when_removed(page: Page, articles: Path) -> None:
    added = articles / "lighthouse.txt"
    added.write_text(
        "Title: The Lighthouse of Varnholm\n\nThe lighthouse of Varnholm was lit for the first time in 1871.\n"
    )
    page.locator("#rebuild").click()
    ask(page, "what did Lavrov say about veto power?")  # asking goes on meanwhile
    expect(page.locator("#status")).to_contain_text("1 added", timeout=PATIENCE)
    expect(page.locator("#library")).to_contain_text("17 articles", timeout=PATIENCE)
    ask(page, "When was the Varnholm lighthouse first lit?")
    expect(page.locator("#chat .answer").last).to_contain_text("lit for the first time in 1871")

    added.unlink()
    page.locator("#rebuild").click()
    expect(page.locator("#status")).to_contain_text("1 removed", timeout=PATIENCE)
    ask(page, "When was the Varnholm lighthouse first lit?")
    expect(page.locator("#chat .answer").last).not_to_contain_text("1871")


def test_what_an_article_or_a_question_says_is_shown_and_never_run(page: Page) -> None:
    ask(page, "How many coins did the Zanzibar spice auction raise?")
    expect(page.locator("#chat .answer").last).to_contain_text("<img src=x onerror=alert(2)>")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#pane .reading.front h2")).to_have_text("The Zanzibar <script>alert(1)</script> report")
    ask(page, f"What is {ATTACK}?".replace("\n", " "))
    page.wait_for_timeout(500)
    assert page.locator("#chat img[src*=evil], #pane img, #chat iframe, #pane iframe, #pane script").count() == 0


def test_a_question_that_is_none_is_answered_in_words(page: Page) -> None:
    ask(page, "?!")
    expect(page.locator("#chat .answer.trouble")).to_contain_text("The question is empty")


def test_a_long_conversation_keeps_the_question_box_in_the_window(page: Page) -> None:
    for question in ("what did Lavrov say about veto power?", "who won the 2018 world cup?", "What is Minsk II?"):
        ask(page, question)
    box = page.locator("#question textarea").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
    assert page.evaluate("document.documentElement.scrollHeight") <= 800


def test_the_page_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    ask(page, "what did Lavrov say about veto power?")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#pane mark.chosen")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["../article-qa.db", "/etc/passwd", "%2e%2e%2fpyproject.toml", "http://127.0.0.1:1/"])
def test_no_file_of_the_machine_is_served(address: str, path: str, articles: Path) -> None:
    for target in (path, str(articles.parent / "store" / "articles.db"), str(articles / "attack.txt")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/gradio_api/file={target}", timeout=10)
        assert refused.value.code in {403, 404}
        refused.value.close()
