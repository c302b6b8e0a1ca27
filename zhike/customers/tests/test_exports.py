"""Large lists leave as files made by the worker: for who asked, with what that person may see then, kept for a week."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.models import Customer
from zhike.customers.tests.factories import a_customer
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.outbox.models import Message
from zhike.people.models import Appointment
from zhike.people.tests.factories import MONDAY, cast
from zhike.ui.lists import background
from zhike.ui.models import ListFile

pytestmark = pytest.mark.django_db


@pytest.fixture(name="people")
def _people(monkeypatch):
    made = cast()
    for place, name in enumerate(("王小明", "李清照", "辛弃疾")):
        a_customer(made.south, made.manager, name, f"1380000000{place}")
    a_customer(made.north, made.north_manager, "苏轼", "")
    monkeypatch.setattr(background, "AT_ONCE", 1)
    made.__dict__["asked"] = asked = []
    monkeypatch.setattr(background, "async_task", lambda task, pk, **_how: asked.append(pk))
    with clock.at(MONDAY):
        yield made


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_a_large_list_is_made_in_the_background_with_its_conditions(people, fmt: str):
    staff = browser(people.manager)
    answer = staff.get(reverse("customers:list"), {"export": fmt, "kind": "PERSON", "state": "ACTIVE"})
    assert answer.url == reverse("ui:files")
    row = ListFile.objects.get()
    assert (row.state, people.asked) == ("WAITING", [row.pk])
    Customer.objects.filter(name="李清照").update(state="CLOSED")

    background.run(row.pk)

    row.refresh_from_db()
    assert row.state == "READY"
    assert Message.objects.get(kind="lists.file").to == people.manager.party
    got = staff.get(reverse("ui:file", args=[row.pk]))
    content = b"".join(got.streaming_content)
    if fmt == "csv":
        text = content.decode("utf-8-sig")
        assert "王小明" in text
        assert "辛弃疾" in text
        assert "李清照" not in text
        assert "苏轼" not in text
    else:
        assert content.startswith(b"PK")
    assert list(Entry.objects.filter(code__in=["lists.ordered", "customers.exported", "lists.fetched"]).order_by("id").values_list("code", flat=True)) == ["lists.ordered", "customers.exported", "lists.fetched"]  # fmt: skip


def test_a_small_list_leaves_at_once(people, monkeypatch):
    monkeypatch.setattr(background, "AT_ONCE", 3)
    assert browser(people.manager).get(reverse("customers:list"), {"export": "csv"}).streaming
    assert not ListFile.objects.exists()


def test_what_a_person_may_do_is_asked_when_the_file_is_made(people):
    browser(people.manager).get(reverse("customers:list"), {"export": "csv"})
    Appointment.objects.filter(party=people.manager.party).delete()
    background.run(people.asked[0])
    row = ListFile.objects.get()
    assert (row.state, row.file.name) == ("REFUSED", "")
    assert "may not export" in row.problem


def test_files_of_others_do_not_exist_and_old_ones_are_forgotten(people):
    browser(people.manager).get(reverse("customers:list"), {"export": "csv"})
    background.run(people.asked[0])
    row = ListFile.objects.get()
    url = reverse("ui:file", args=[row.pk])
    assert browser(people.store_manager).get(url).status_code == 404
    assert url not in browser(people.store_manager).get(reverse("ui:files")).content.decode()
    assert url in browser(people.manager).get(reverse("ui:files")).content.decode()

    assert background.sweep(MONDAY + background.KEEP) == 0
    assert background.sweep(MONDAY + background.KEEP + dt.timedelta(seconds=1)) == 1
    assert browser(people.manager).get(url).status_code == 404
