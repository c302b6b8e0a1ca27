"""The mall of every test of complaints: the standing cast, its regulation in force, one fixed Monday."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from zhike.channels.mail.tests import server as imap
from zhike.kernel import clock
from zhike.kernel.outbox import deliver
from zhike.kernel.outbox.tests import smtp
from zhike.people.tests.factories import MONDAY, Cast

from . import regimes
from .mailing import a_box
from .mall import a_mall


@pytest.fixture(scope="module")
def _mall(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    """One mall for all tests of a file; what each test does is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_mall()
        transaction.set_rollback(True)


@pytest.fixture
def people(_mall: Any, db: Any) -> Iterator[Any]:
    """The standing cast with the mall's regulation in force, on Monday 2026-03-09, 10:00."""
    with clock.at(MONDAY):
        yield Cast(units=copy.deepcopy(_mall.units), users=copy.deepcopy(_mall.users))


@pytest.fixture(scope="module")
def server() -> Iterator[imap.Server]:
    """A real IMAP server on loopback."""
    with imap.running() as running:
        yield running


@pytest.fixture
def box(people: Any, server: imap.Server) -> Iterator[Any]:
    """A mailbox of the south store, in a fresh folder."""
    with override_settings(MAIL_SECRETS={"KEFU": imap.PASSWORD}):
        yield a_box(people, server)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[smtp.Server]:
    """A real SMTP server on loopback; staff have no addresses, so that only letters leave."""
    monkeypatch.setattr(deliver, "address_of", lambda party: "")
    with (
        smtp.running() as running,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=running.port,
        ),
    ):
        yield running


@pytest.fixture
def fruit(db: Any) -> regimes.House:
    return regimes.a_house("fruit-complaints", regimes.FRUIT, taker="P002-21")


@pytest.fixture
def enterprise(db: Any) -> regimes.House:
    return regimes.a_house("enterprise-complaints", regimes.ENTERPRISE, taker="PRODUCTION_CONTROL")


@pytest.fixture
def car(db: Any) -> regimes.House:
    return regimes.a_house("car-complaints", regimes.CAR, taker="CUSTOMER_CENTRE")


@pytest.fixture
def factory(db: Any) -> regimes.House:
    return regimes.a_house("mfg-complaints", regimes.FACTORY)


@pytest.fixture
def pharma(db: Any) -> regimes.House:
    return regimes.a_house("pharma-complaints", regimes.PHARMA, taker="BACK_OFFICE")
