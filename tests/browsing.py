"""A server of the page, and a browser that is told of whatever it should not do."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

from tests.conftest import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
PATIENCE = 60_000
expect.set_options(timeout=30_000)  # the machine may be busy


@contextmanager
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        assert not os.environ.get("CI"), "Chromium is absent, and CI must have it"
        pytest.skip("Chromium is absent: install it with your system's packages to run the browser tests")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(articles: Path, *extra: str, port: int | None = None) -> Iterator[str]:
    """Serve the page about a folder, its store beside it; yield its address. `extra` is said to the command too."""
    port = port or free_port()
    arguments = [str(articles), "--store", str(articles.parent / "store"), "--port", str(port), *extra]
    log = articles.parent / "log"
    with log.open("a") as out:
        command = [sys.executable, "-m", "ui.cli", "chat", *arguments]
        server = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(400):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(log.read_text())


@contextmanager
def guarded(context: BrowserContext, address: str) -> Iterator[Page]:
    """Open the page; at its end no dialog may have opened, and nothing may have been asked of another machine."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    dialogs: list[str] = []
    outside: list[str] = []
    errors: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else outside.append(request.url),
    )
    page.goto(address)
    expect(page.locator("#here")).to_be_attached(timeout=PATIENCE)
    yield page
    page.close()
    assert (dialogs, outside, errors) == ([], [], [])


def ask(page: Page, question: str) -> None:
    """Type a question, and wait for the whole answer."""
    turns = page.locator(".exchange").count()
    page.locator("#asking").fill(question)
    page.locator("#asking").press("Enter")
    expect(page.locator(f'#turn-{turns}[data-state="done"]')).to_be_attached(timeout=PATIENCE)


def newest(page: Page) -> str:
    return page.locator("#now .answer").inner_text()


SETTLED = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.allSettled(
        document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)
    );
}"""


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe-core finds wrong with what is shown."""
    page.evaluate(AXE.read_text())
    page.evaluate(SETTLED)  # a colour on its way from light to dark has another contrast
    found = page.evaluate("() => axe.run()")["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]
