"""Make the pictures of the page in this folder: `python -m docs.screenshots`. Needs Chromium; takes about a minute.

The state of a moment, as an answer that is growing or a rebuild, is held while its picture is taken: the reader of the
pictured server waits where it is told to.
"""

import contextlib
import io
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

from index import build
from index.records import BuildReport, Hit, Progress
from qa.assemble import open_assistant
from qa.read import Reader, Reading
from tests.browsing import chromium
from tests.served import running
from ui.cli import SEED_EXAMPLES
from ui.job import RebuildJob

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
WIDE = {"width": 1360, "height": 850}
PHONE = {"width": 390, "height": 800}
WALK = {"width": 1200, "height": 700}
LAVROV = "What did Lavrov say about veto power?"
GUARANTEES = "What did Lavrov say about security guarantees?"
OWN = (
    "Title: Mayor of Port Lumen resigns\nSource: Harbour Post\nAuthor: Bo Sample\nPublished: 2026-02-02\n\n"
    "Ilse Varga resigned as mayor of Port Lumen on Friday. She said that her health no longer allowed her to go on.\n"
)
"""The article that the newcomer adds."""


@dataclass
class PatientReader:
    """Reads as the reader does, when it may."""

    reader: Reader
    may: threading.Event = field(default_factory=threading.Event)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return what the reader returns."""
        self.may.wait(60)
        return self.reader.read(question, hits)


@dataclass
class Stage:
    """A served page whose reading and rebuilding can be held."""

    address: str
    reader: PatientReader
    rebuilding: threading.Event
    folder: Path


@contextmanager
def stage() -> Iterator[Stage]:
    """Serve the sample articles from the working folder: no picture is to show a path of this machine."""
    folder, store = Path("articles"), Path("store")
    shutil.copytree(SEEDS, folder)
    build(folder, store=store)
    assistant = open_assistant(store)
    reader = PatientReader(assistant.reader)
    rebuilding = threading.Event()
    reader.may.set()
    rebuilding.set()

    def rebuild(tell: Callable[[Progress], None]) -> BuildReport:
        tell(Progress(6_204, 26_254, 54_000_000, 230_000_000, 78_500, 612))
        rebuilding.wait(60)
        return build(folder, store=store, progress=tell)

    job = RebuildJob(rebuild)
    patient = replace(assistant, reader=reader)
    with running(patient, job, folder, store, examples=SEED_EXAMPLES) as address:
        yield Stage(address, reader, rebuilding, folder)


def opened(context: BrowserContext, address: str) -> Page:
    """Open the page and wait until it is there."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".welcome, .exchange", timeout=60_000)
    return page


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the answer and for what may come next."""
    turn = page.locator(".exchange").count()
    page.fill("#asking", question)
    page.press("#asking", "Enter")
    page.wait_for_selector(f'#turn-{turn}[data-state="done"]', timeout=60_000)
    page.wait_for_timeout(4000)


def take(page: Page, name: str) -> None:
    """Take the picture, without the caret."""
    page.wait_for_timeout(400)
    taken = page.screenshot(caret="hide", animations="disabled")
    Image.open(io.BytesIO(taken)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(
        HERE / f"{name}.png", optimize=True
    )


def wide(browser: Browser, at: Stage) -> None:
    """Take the pictures of a wide window in the light."""
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = opened(context, at.address)
    take(page, "page-empty")
    at.reader.may.clear()
    page.fill("#asking", GUARANTEES)
    page.press("#asking", "Enter")
    page.wait_for_selector(".waiting")
    take(page, "page-answering")
    at.reader.may.set()
    page.wait_for_selector('#turn-0[data-state="done"]')
    page.wait_for_timeout(4000)
    page.locator("#now .cite").first.hover()
    take(page, "page-answered")
    page.mouse.move(700, 840)
    take(page, "answer")
    page.locator("#now .cite").nth(1).click()
    page.wait_for_timeout(800)
    page.mouse.move(700, 840)
    take(page, "page-reading")
    ask(page, "What did the Sample Gazette report about the world cup in 2025?")
    take(page, "page-silent")
    page.click('[data-act="view"][data-view="library"]')
    page.wait_for_selector(".articles li")
    page.click("#failed summary")
    page.click(".articles .title >> nth=2")
    page.wait_for_timeout(600)
    take(page, "page-library")
    at.rebuilding.clear()
    page.click("#rebuild")
    page.wait_for_selector("#status progress")
    page.wait_for_timeout(900)
    take(page, "page-rebuilding")
    at.folder.rename(at.folder.with_name("away"))
    at.rebuilding.set()
    page.wait_for_selector("#status .failed", timeout=20_000)
    page.click('[data-act="view"][data-view="ask"]')
    take(page, "page-error")
    at.folder.with_name("away").rename(at.folder)
    context.close()


def walk(browser: Browser, at: Stage) -> None:
    """Take the pictures of a newcomer's first minutes: `walk.md` tells them."""
    context = browser.new_context(viewport=WALK)  # type: ignore[arg-type]
    page = opened(context, at.address)
    take(page, "walk-1")
    page.get_by_role("button", name=LAVROV).click()
    page.wait_for_selector('#turn-0[data-state="done"]')
    page.mouse.move(600, 690)
    take(page, "walk-2")
    page.get_by_role("button", name="Library").click()
    page.wait_for_selector(".articles li")
    take(page, "walk-3")
    mayor = FilePayload(name="mayor.txt", mimeType="text/plain", buffer=OWN.encode())
    page.set_input_files("#files", [mayor])
    page.wait_for_selector("#status .ended")
    page.wait_for_selector('.articles [data-article="mayor.txt"]')
    take(page, "walk-4")
    page.get_by_role("button", name="Ask", exact=True).first.click()
    ask(page, "Who resigned as mayor of Port Lumen?")
    take(page, "walk-5")
    context.close()
    (at.folder / "mayor.txt").unlink()
    (at.folder / "scanned.pdf").write_bytes(b"no pdf")  # what the other pictures show as not read
    build(at.folder, store=at.folder.with_name("store"))


def dark(browser: Browser, at: Stage) -> None:
    """Take the picture in the dark."""
    context = browser.new_context(viewport=WIDE, color_scheme="dark")  # type: ignore[arg-type]
    page = opened(context, at.address)
    ask(page, "When was the Minsk Protocol signed?")
    take(page, "page-dark")
    context.close()


def phone(browser: Browser, at: Stage) -> None:
    """Take the pictures of a phone: the answer, and the article over it."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    page = opened(context, at.address)
    ask(page, LAVROV)
    take(page, "page-phone")
    page.locator("#now .cite").first.click()
    page.wait_for_timeout(800)
    take(page, "page-phone-reading")
    context.close()


def main() -> None:
    """Take all of them."""
    with (
        tempfile.TemporaryDirectory() as place,
        contextlib.chdir(place),
        stage() as at,
        chromium() as browser,
    ):
        for scene in (walk, dark, phone, wide):
            scene(browser, at)


if __name__ == "__main__":
    main()
