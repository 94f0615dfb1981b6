"""Nothing leaves the machine: neither the server nor its page in Chromium asks anything of another one."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from gradio_client import Client
from playwright.sync_api import Browser, expect

from tests.browsing import PATIENCE
from tests.conftest import ROOT, SEEDS

pytestmark = [pytest.mark.browser, pytest.mark.model]
WATCHED = """
import json, sys

def note(event, given):
    if event in {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}:
        print(json.dumps([event, repr(given[-1] if event in {"socket.connect", "socket.sendto"} else given[0])]),
              file=noted, flush=True)

noted = open(sys.argv.pop(1), "a")
sys.addaudithook(note)
from ui.cli import main
sys.exit(main())
"""
HERE = ("127.0.0.1", "::1", "localhost", "None", "''")
VIOLATIONS = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.__refused.push(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
INTRUDER = """() => {
  window.ran = "not run";
  const script = document.createElement("script");
  script.textContent = "window.ran = 'run'";
  document.body.append(script);
  const image = document.createElement("div");
  image.innerHTML = "<img src=x onerror=\\"window.ran = 'run'\\">";
  document.body.append(image);
  return new Promise((tell) => setTimeout(() => tell(window.ran), 300));
}"""
"""What would happen if an article's markup were ever left unescaped."""


@dataclass(frozen=True)
class Watched:
    """A server whose every connection is noted."""

    address: str
    folder: Path
    noted: Path

    def outside(self) -> list[str]:
        """Return what was asked of anything but this machine."""
        lines = [json.loads(line) for line in self.noted.read_text().splitlines()]
        return [f"{event} {target}" for event, target in lines if not any(here in target for here in HERE)]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    place = tmp_path_factory.mktemp("home")
    shutil.copytree(SEEDS, place / "seeds")
    command = [sys.executable, "-c", WATCHED, str(place / "noted"), "chat", str(place / "seeds")]
    command += ["--store", str(place / "store"), "--port", "0", "--mcp"]
    (place / "tmp").mkdir()
    environment = os.environ | {"TMPDIR": str(place / "tmp")}
    with (
        (place / "errors").open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, cwd=ROOT, text=True, env=environment
        ) as server,
    ):
        assert server.stdout is not None
        try:
            said = next((line for line in server.stdout if line.startswith("Ask at ")), "")
            assert said, "the server ended"
            yield Watched(said.split()[2], place / "seeds", place / "noted")
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=30) == 0
    assert "Error" not in (place / "errors").read_text()
    assert list((place / "tmp").glob("article-qa-*")) == []


def test_the_hook_sees_what_it_should(tmp_path: Path) -> None:
    program = f"{WATCHED.partition('from ui.cli')[0]}\nimport socket\nsocket.socket().connect_ex(('192.0.2.1', 9))"
    trial = f"{program.replace('connect_ex', 'connect')}"
    subprocess.run([sys.executable, "-c", trial, str(tmp_path / "noted")], check=False, timeout=60, capture_output=True)
    assert "192.0.2.1" in (tmp_path / "noted").read_text()


def test_asking_and_rebuilding_ask_nothing_of_another_machine(watched: Watched) -> None:
    client = Client(watched.address, verbose=False, download_files=False, analytics_enabled=False)
    assert client.predict("what did Lavrov say about veto power?", api_name="/ask")["answered"]
    (watched.folder / "remote.html").write_text(
        "<title>Remote</title><link rel=stylesheet href=https://evil.example/x.css>"
        "<p>The heron of Pollensa flew.</p><img src=https://evil.example/x.png>"
    )
    assert client.predict(api_name="/index")["added"] == 1
    assert client.predict("What flew in Pollensa?", api_name="/retrieve")["hits"][0]["article"] == "remote.html"
    for path in ("/", "/config", "/health", "/answer?q=What+flew+in+Pollensa%3F", "/gradio_api/info"):
        urllib.request.urlopen(watched.address + path, timeout=60).close()
    assert watched.outside() == []


def test_the_page_and_the_answer_s_page_load_nothing_from_elsewhere_and_break_no_rule_of_their_own(
    watched: Watched, browser: Browser
) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.add_init_script(VIOLATIONS)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(watched.address)
    page.locator("#asking").fill("what did Lavrov say about veto power?", timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(page.locator('#turn-0[data-state="done"]')).to_be_attached(timeout=PATIENCE)
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#pane mark.chosen")).to_be_in_viewport()
    assert page.evaluate("window.__refused") == []
    assert page.evaluate(INTRUDER) == "not run"

    page.goto(f"{watched.address}/answer?q=what+did+Lavrov+say+about+veto+power%3F")
    expect(page.locator("blockquote").first).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "672px"
    assert page.evaluate("window.__refused") == []
    assert page.evaluate(INTRUDER) == "not run"
    page.close()
    assert [url for url in asked if not url.startswith((watched.address, "data:", "blob:"))] == []
    assert watched.outside() == []
