"""A list over parties, a fixed Monday, and somebody who is signed in."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from zhike.kernel.parties.models import Party
from zhike.ui import lists

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 9, 28, 14, 20, tzinfo=SHANGHAI)

PEOPLE = lists.List(
    name="people",
    title="People",
    href=lambda party: f"/people/{party.pk}/",
    row_name=lambda party: party.name,
    sort="name",
    columns=(
        lists.Column(
            "id", "No.", lambda party, now: party.pk, lambda party: party.pk, ("pk",), 60, numeric=True
        ),
        lists.Column(
            "name",
            "Name",
            lambda party, now: party.name,
            lambda party: party.name,
            ("name",),
            link=True,
            hideable=False,
        ),
        lists.Column("kind", "Kind", lambda party, now: party.kind, lambda party: party.kind, drop=1),
        lists.Column("extra", "Extra", lambda party, now: None, shown=False),
    ),
    filters=(
        lists.text("q", "Words", "name__icontains"),
        lists.choice("kind", "Kind", Party.Kind.choices),
        lists.dates("joined", "Joined", "user__last_login"),
        lists.numbers("id", "Number", "pk"),
        lists.flag("staff", "Only staff", lambda rows: rows.filter(kind="STAFF")),
    ),
    views=(lists.View("persons", "Persons", "kind=PERSON"), lists.View("all", "All", "")),
    bulk=(lists.Bulk("hand", "Hand over", "arrows-exchange", "ui:columns"),),
    may_export=lambda request: True,
)


def persons(count: int, name: str = "Guest {:05d}") -> list[Party]:
    return Party.objects.bulk_create(
        [Party(kind=Party.Kind.PERSON, name=name.format(at)) for at in range(1, count + 1)]
    )


def officer(name: str = "Zhou") -> Any:
    party = Party.objects.create(kind=Party.Kind.STAFF, name=name)
    user = get_user_model()(party=party, username=name.lower())
    user.set_unusable_password()
    user.save()
    return user


def a_request(
    address: str = "/people/", *, user: Any = None, post: dict[str, Any] | None = None, **headers: str
) -> HttpRequest:
    factory = RequestFactory(headers=headers)
    request = factory.get(address) if post is None else factory.post(address, post)
    request.user = user or AnonymousUser()
    return request
