from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory

from zhike.ui import answers, flash
from zhike.ui.kit import KitForm
from zhike.ui.middleware import ContentSecurityMiddleware

from .cast import a_request, officer

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.urls("zhike.ui.tests.urls")]
PART = "ui/kit/bulk.html#ask"
HTMX = {"HX-Request": "true"}


def context() -> dict[str, object]:
    return {"chosen": {"count": 3}, "form": KitForm()}


def test_done_gives_htmx_the_part_and_the_message_out_of_band() -> None:
    answer = answers.done(a_request(**HTMX), PART, context(), then="/there/", message="Settled.")
    text = answer.content.decode()

    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "zk:done")
    assert text.count("<!DOCTYPE") == 0
    assert '<div id="toasts" hx-swap-oob="beforeend">' in text
    assert "<span>Settled.</span>" in text


def test_done_sends_a_browser_on_and_the_message_is_shown_once() -> None:
    answer = answers.done(a_request(), PART, context(), then="/there/", message="Settled.")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/there/")

    request = RequestFactory().get("/there/")
    request.COOKIES[flash.COOKIE] = answer.cookies[flash.COOKIE].value
    assert flash.heard(request) == [flash.Said("Settled.", "met")]

    after = ContentSecurityMiddleware(lambda _request: HttpResponse())(request)
    assert after.cookies[flash.COOKIE]["max-age"] == 0


def test_a_message_that_nobody_read_stays() -> None:
    request = RequestFactory().get("/part/")
    request.COOKIES[flash.COOKIE] = "anything"

    assert ContentSecurityMiddleware(lambda _request: HttpResponse())(request).cookies == SimpleCookie()


@pytest.mark.parametrize("cookie", ["", "nonsense", "WyJtZXQiLCJ4Il0:1:forged"])
def test_a_forged_message_is_not_shown(cookie: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[flash.COOKIE] = cookie

    assert flash.heard(request) == []


def test_again_answers_200_with_the_part_or_the_page() -> None:
    part = answers.again(a_request(**HTMX), PART, context())
    page = answers.again(a_request(), PART, context())

    assert (part.status_code, "<!DOCTYPE html>" in part.content.decode()) == (200, False)
    assert (page.status_code, "<!DOCTYPE html>" in page.content.decode()) == (200, True)


def test_refuse_leaves_the_page_as_it_is() -> None:
    htmx = answers.refuse(a_request(**HTMX), "No power.", then="/there/")
    plain = answers.refuse(a_request(), "No power.", then="/there/")

    assert (htmx.status_code, htmx.headers["HX-Reswap"], "No power." in htmx.content.decode()) == (
        200,
        "none",
        True,
    )
    assert (plain.status_code, plain.headers["Location"], flash.COOKIE in plain.cookies) == (
        302,
        "/there/",
        True,
    )


def test_a_lost_sign_in_takes_the_whole_page_there(settings: object) -> None:
    settings.LOGIN_URL = "/sign-in/"  # type: ignore[attr-defined]
    request = RequestFactory().get("/cases/4/part/", headers=HTMX)

    answer = ContentSecurityMiddleware(
        lambda _request: HttpResponseRedirect("/sign-in/?next=/cases/4/part/")
    )(request)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/sign-in/?next=/cases/4/part/")


def test_part_and_page_are_kept_apart_by_caches() -> None:
    answer = ContentSecurityMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/"))

    assert answer.headers["Vary"] == "HX-Request, HX-Target"


def test_other_redirects_and_plain_requests_are_left_alone(settings: object) -> None:
    settings.LOGIN_URL = "/sign-in/"  # type: ignore[attr-defined]
    onward = ContentSecurityMiddleware(lambda _request: HttpResponseRedirect("/sign-in/"))(
        RequestFactory().get("/")
    )
    elsewhere = ContentSecurityMiddleware(lambda _request: HttpResponseRedirect("/x/"))(
        RequestFactory().get("/", headers=HTMX)
    )

    assert (onward.status_code, elsewhere.status_code) == (302, 302)


def test_the_policy_forbids_everything_inline() -> None:
    answer = ContentSecurityMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/"))

    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


@pytest.mark.django_db
def test_pages_hold_no_inline_script_or_style(client: Client) -> None:
    client.force_login(officer())

    text = client.get("/people/").content.decode()

    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    scripts = [piece.partition(">")[0] for piece in text.split("<script")[1:]]
    assert all(" src=" in script or 'type="application/json"' in script for script in scripts)


@pytest.mark.django_db
@pytest.mark.parametrize(("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("pink", None)])
def test_theme_is_kept_in_a_cookie(client: Client, chosen: str, kept: str | None) -> None:
    answer = client.post("/ui/theme/", {"theme": chosen, "then": "/people/"})

    assert answer.headers["Location"] == "/people/"
    assert (answer.cookies["zk_theme"].value if "zk_theme" in answer.cookies else None) == kept
