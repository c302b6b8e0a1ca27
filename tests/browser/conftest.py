"""A real browser before a real server: Chromium by playwright, on 127.0.0.1 only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from zhike.complaints.tests.mall import a_mall
from zhike.kernel.policy import inforce
from zhike.people.models import User

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "correct horse 9"
# by how much a page is wider than the window
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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


def look(page: Any, name: str, *args: Any) -> str:
    """The words of a page, which fits its window."""
    page.goto(reverse(name, args=args))
    assert page.evaluate(WIDTH) <= 0, name
    return str(page.inner_text("main"))


def with_passwords(users: Iterable[User]) -> None:
    for user in users:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])


@pytest.fixture
def windows(chromium: Any, live_server: Any) -> Iterator[Any]:
    """Opens windows before the server; they are closed at the end."""
    opened: list[Person] = []

    def open_one(*, width: int = 1400, language: str = "zh-CN") -> Person:
        opened.append(Person(chromium, live_server.url, width=width, language=language))
        return opened[-1]

    yield open_one
    for person in opened:
        person.window.close()


@pytest.fixture
def people(transactional_db: Any) -> Iterator[Any]:
    """The mall with passwords, in the real time of the server."""
    inforce.forget()
    found = a_mall()
    with_passwords(found.users.values())
    yield found
    inforce.forget()


@pytest.fixture
def at_the_browser(windows: Any, people: Any) -> Any:
    """Opens a window in which somebody has signed in."""

    def sign_in(username: str, **shape: Any) -> Person:
        person: Person = windows(**shape)
        person.sign_in(username)
        return person

    return sign_in
