"""A real browser before a real server: Chromium by playwright, on 127.0.0.1 only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from zhike.complaints.tests.mall import a_mall
from zhike.kernel.policy import inforce

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "correct horse 9"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of the session; without one the tests are skipped with one line."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with pytest.MonkeyPatch.context() as patch:
        # playwright keeps an event loop in this thread; Django's database is used beside it, never inside it
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            yield browser
            browser.close()


class Person:
    """One member of staff at one browser window; `trouble` collects what the console complains of."""

    def __init__(self, chromium: Any, server: str, *, width: int, language: str) -> None:
        self.server, self.trouble = server, []
        self.window = chromium.new_context(
            viewport={"width": width, "height": 800}, locale=language, base_url=server
        )
        self.page = self.window.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda said: said.type == "error" and self.trouble.append(said.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def sign_in(self, username: str) -> Any:
        """By the form, as everybody does."""
        self.page.goto("/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.press("input[name=password]", "Enter")
        assert not self.page.url.endswith("sign-in/"), self.page.inner_text("main, body")
        return self.page


@pytest.fixture
def people(transactional_db: Any) -> Iterator[Any]:
    """The mall with passwords, in the real time of the server."""
    inforce.forget()
    found = a_mall()
    for user in found.users.values():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    yield found
    inforce.forget()


@pytest.fixture
def at_the_browser(chromium: Any, people: Any, live_server: Any) -> Iterator[Any]:
    """Opens a window in which somebody has signed in."""
    opened: list[Person] = []

    def sign_in(username: str, *, width: int = 1400, language: str = "zh-CN") -> Person:
        person = Person(chromium, live_server.url, width=width, language=language)
        opened.append(person)
        person.sign_in(username)
        return person

    yield sign_in
    for person in opened:
        person.window.close()
