"""A question that takes long: it streams, it can be stopped, and the page stays in hand. In this process, no model."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from index import build
from index.records import Hit
from index.store import open_store
from qa.answer import Assistant
from qa.quoted import spans_of
from qa.read import Reading, Sentence
from tests.browsing import ask, guarded
from tests.conftest import HashingEmbedder
from tests.served import running
from ui import thread
from ui.job import RebuildJob

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class WaitingReader:
    """Reads as slowly as a test wants it to, and finds every sentence that holds a word of the question."""

    go_on: threading.Event = field(default_factory=threading.Event)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        assert self.go_on.wait(60)
        return [Reading(hit, tuple(Sentence(span, 0.4, None) for span in spans_of(hit))) for hit in hits]


@pytest.fixture(scope="module")
def reader() -> WaitingReader:
    return WaitingReader()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, reader: WaitingReader) -> Iterator[str]:
    place = tmp_path_factory.mktemp("stop")
    (place / "articles").mkdir()
    for name, text in (("grain.txt", "Odesa shipped grain in August."), ("corn.txt", "Grain and corn were dear.")):
        (place / "articles" / name).write_text(f"Title: {name}\n\n{text}")
    build(place / "articles", store=place / "store", embedder=HashingEmbedder())
    assistant = Assistant(open_store(str(place / "store")), HashingEmbedder(), reader, 0.1)
    job = RebuildJob(lambda tell: build(place / "articles", store=place / "store", embedder=HashingEmbedder()))
    with running(assistant, job, place / "articles", place / "store") as address:
        yield address
        reader.go_on.set()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    with guarded(context, address) as opened:
        yield opened
    context.close()


def test_a_question_is_shown_at_once_and_can_be_stopped_and_asked_again(page: Page, reader: WaitingReader) -> None:
    reader.go_on.clear()
    page.locator("#asking").fill("grain?")
    page.locator("#asking").press("Enter")
    expect(page.locator("#now .question")).to_have_text("grain?")
    expect(page.locator("#now .waiting")).to_contain_text("Reading the articles")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#now .waiting")).to_contain_text("The answer is not whole")
    reader.go_on.set()
    page.wait_for_timeout(500)
    expect(page.locator("#now .waiting")).to_contain_text("The answer is not whole")
    page.locator("#now .linkish").click()
    expect(page.locator('#turn-0[data-state="done"] .cite').first).to_be_visible()


def test_an_answer_grows_a_sentence_at_a_time(page: Page, reader: WaitingReader) -> None:
    page.evaluate(
        """() => { const now = document.querySelector("#now"), count = () => now.querySelectorAll(".cite").length;
        window.seen = [];
        new MutationObserver(() => seen.push(count())).observe(now, {childList: true, subtree: true}); }"""
    )
    reader.go_on.set()
    page.locator("#asking").fill("grain corn?")
    page.locator("#asking").press("Enter")
    expect(page.locator('#turn-0[data-state="done"] .cite')).to_have_count(2)
    assert [count for count in dict.fromkeys(page.evaluate("window.seen")) if count] == [1, 2]


def test_of_a_long_conversation_the_newest_part_is_shown_and_the_whole_of_it_on_demand(
    page: Page, reader: WaitingReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread, "PAST_SHOWN", 2)
    reader.go_on.set()
    for _ in range(3):
        ask(page, "Where was grain dear?")
    page.locator("#asking").fill("What was dear?")
    page.locator("#asking").press("Enter")
    expect(page.locator('#turn-3[data-state="done"]')).to_be_attached()
    expect(page.locator(".exchange")).to_have_count(3)
    expect(page.locator("#turn-0")).to_have_count(0)
    page.get_by_role("button", name="Show 1 earlier question").click()
    expect(page.locator(".exchange")).to_have_count(4)
    expect(page.locator("#turn-1")).to_be_focused()
    expect(page.locator("#turn-3 .question")).to_have_text("What was dear?")
    reader.go_on.clear()
