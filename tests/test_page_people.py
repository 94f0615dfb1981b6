"""Where people sign in: a page to do so, conversations of one's own, and a way out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import PATIENCE, ask, faults, served
from tests.conftest import copy_seeds
from ui.auth import add_account

pytestmark = [pytest.mark.browser, pytest.mark.model]
PASSWORDS = {"ada": "analytical engine", "bob": "differential equations"}
LAVROV, MINSK = "what did Lavrov say about veto power?", "When was the Minsk Protocol signed?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, seed_store: Path) -> Iterator[str]:
    place = tmp_path_factory.mktemp("people")
    copy_seeds(place / "seeds", seed_store)
    for name, password in PASSWORDS.items():
        add_account(place / "accounts", name, password)
    with served(place / "seeds", "--auth", str(place / "accounts")) as address:
        yield address


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    opened = [browser.new_context() for _ in range(2)]
    yield opened
    for each in opened:
        each.close()


def sign_in(context: BrowserContext, address: str, name: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORDS[name])
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#here")).to_be_attached(timeout=PATIENCE)
    return page


def test_two_people_see_their_own_conversations_from_any_browser(address: str, contexts: list[BrowserContext]) -> None:
    ada, bob = (sign_in(context, address, name) for context, name in zip(contexts, PASSWORDS, strict=True))
    ask(ada, LAVROV)
    ask(bob, MINSK)
    for page, question in ((ada, LAVROV), (bob, MINSK)):
        page.reload()
        expect(page.locator(".heading")).to_have_text([question])
    expect(bob.locator(".person")).to_contain_text("bob")
    bob.get_by_role("link", name="Sign out").click()
    expect(bob.get_by_role("heading", name="Sign in")).to_be_visible()
    bob.goto(address)
    expect(bob.get_by_role("heading", name="Sign in")).to_be_visible()
    again = sign_in(contexts[1], address, "ada")
    expect(again.locator(".heading")).to_have_text([LAVROV])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_wrong_password_is_told_and_axe_finds_nothing_wrong(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("of another")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    assert faults(page) == []
    context.close()
