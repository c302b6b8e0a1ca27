"""Every page and every API operation, opened as every role, against `access_matrix.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from .access_matrix import BODIES, QUERIES, ROLES, SAMPLES, Decision, decisions
from .world import World

pytestmark = pytest.mark.django_db
DECISIONS = decisions()
API = "/api/v1"


@dataclass(frozen=True)
class Page:
    """One address of the project. `name` is what the matrix calls it."""

    name: str
    url_name: str
    arguments: tuple[str, ...]


def pages(
    resolver: URLResolver | None = None, spaces: tuple[str, ...] = (), outer: tuple[str, ...] = ()
) -> Iterator[Page]:
    """Every pattern of the project, through all includes; those of the API come from its description."""
    for pattern in (resolver or get_resolver()).url_patterns:
        arguments = (*outer, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            if pattern.namespace != "api":
                yield from pages(pattern, inner, arguments)
        elif isinstance(pattern, URLPattern):
            url_name = ":".join([*spaces, pattern.name or f"?{pattern.pattern}"])
            yield Page(url_name, url_name, arguments)


def operations() -> Iterator[str]:
    """Every operation of the API as the matrix calls it: "GET /api/v1/complaints"."""
    from zhike.channels.api import api

    for path, methods in api.get_openapi_schema(path_prefix=f"{API}/")["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path}"


def decision_on(name: str) -> Decision | None:
    return next((row for row in DECISIONS if fnmatchcase(name, row.name)), None)


ALL_PAGES = {page.name: page for page in pages()}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for all pages; each request is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def test_every_page_has_a_decision():
    undecided = sorted(name for name in ALL_PAGES if decision_on(name) is None)

    assert undecided == []


def test_every_operation_of_the_api_has_a_decision():
    undecided = sorted(name for name in operations() if decision_on(name) is None)

    assert undecided == []


def test_every_decision_is_about_something():
    known = [*ALL_PAGES, *operations()]

    stale = [row.name for row in DECISIONS if not any(fnmatchcase(name, row.name) for name in known)]

    assert stale == []


@pytest.mark.parametrize("name", sorted(ALL_PAGES))
def test_page_lets_in_whom_the_matrix_names(name, world):
    decision = decision_on(name)
    if decision is None:
        pytest.fail(f"{name} has no line in tests/access_matrix.py")
    address = _address(ALL_PAGES[name], world)

    fates = {role: _fate(decision, address, role, world) for role in ROLES}

    assert fates == decision.expected


@pytest.mark.parametrize("name", sorted(operations()))
def test_operation_lets_in_whom_the_matrix_names(name, world):
    decision = decision_on(name)
    if decision is None:
        pytest.fail(f"{name} has no line in tests/access_matrix.py")
    _method, path = name.split(" ", 1)
    for argument in [piece for piece in path.split("/") if piece.startswith("{")]:
        path = path.replace(argument, str(_sample("api", name, argument.strip("{}"), world)))

    path += QUERIES.get(name, "")

    fates = {role: _fate(decision, path, role, world, api=True) for role in ROLES}

    assert fates == decision.expected


def _address(page: Page, world: World) -> str:
    app = page.url_name.split(":")[0]
    kwargs = {name: _sample(app, page.url_name, name, world) for name in page.arguments}
    return reverse(page.url_name, kwargs=kwargs)


def _sample(app: str, page: str, argument: str, world: World) -> object:
    for key in (f"{page}.{argument}", f"{app}.{argument}", argument):
        if key in SAMPLES:
            return SAMPLES[key](world)
    pytest.fail(f"SAMPLES in tests/access_matrix.py has nothing for {page}.{argument}")


def _fate(decision: Decision, address: str, role: str, world: World, api: bool = False) -> str:
    """ "in", "sign-in", or the status of the refusal; whatever the request did is undone."""
    client = Client()
    first = next((name for name, fate in decision.expected.items() if fate == "in"), "")
    key = ROLES[role]
    headers = {}
    if key is not None and api:
        headers["Authorization"] = f"Bearer {world.secrets[key]}"
    with transaction.atomic():
        if key is not None and not api:
            client.force_login(world.people.users[key])
        with _unrendered(skip=role != first):
            response = _send(client, decision, address, headers)
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        transaction.set_rollback(True)
    return _told(response, decision.expected[role], api)


def _send(client: Client, decision: Decision, address: str, headers: dict[str, str]) -> Any:
    body = BODIES.get(decision.name, {})
    if decision.method == "GET":
        return client.get(address, headers=headers)
    if body is None:
        return client.post(address, {"file": SimpleUploadedFile("a.txt", b"text")}, headers=headers)
    if decision.name in BODIES:
        return client.generic(
            decision.method, address, json.dumps(body), content_type="application/json", headers=headers
        )
    return client.generic(decision.method, address, headers=headers)


@contextmanager
def _unrendered(skip: bool) -> Iterator[None]:
    """Gates stand before templates: each page is rendered for the first role let in, and for nobody else."""
    if not skip:
        yield
        return
    with mock.patch.object(Template, "render", return_value=""):
        yield


def _told(response: Any, expected: str, api: bool) -> str:
    status = response.status_code
    if status in {301, 302} and response.headers["Location"].startswith(reverse("people:sign_in")):
        # signing out leads to the sign-in too: that is being let in
        return (
            "in"
            if expected == "in" and response.wsgi_request.path == reverse("people:sign_out")
            else "sign-in"
        )
    if status in {401, 403, 404, 405} or status >= 500:
        return str(status)
    if api and status in {400, 422}:
        return str(status)
    # an empty form may be refused as such: the person was let in
    return "302" if expected == "302" and status == 302 else "in"
