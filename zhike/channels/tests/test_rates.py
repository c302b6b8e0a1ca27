"""Counting attempts: both sides of the limit, windows, and whom a count belongs to."""

import datetime as dt

import pytest

from zhike.channels import rates
from zhike.channels.models import Attempts
from zhike.channels.wrongs import sentence
from zhike.people.tests.factories import MONDAY

RATE = rates.Rate("test", most=3, seconds=600)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [rates.count, rates.count_lightly])
def test_the_last_allowed_attempt_passes_and_the_next_is_told_to_wait(count):
    rate = rates.Rate(f"test-{count.__name__}", most=3, seconds=600)
    for _ in range(3):
        count(rate, "address 10.0.0.1", MONDAY + dt.timedelta(seconds=200))

    with pytest.raises(rates.TooOften) as refusal:
        count(rate, "address 10.0.0.1", MONDAY + dt.timedelta(seconds=200))

    assert refusal.value.wait == 400
    count(rate, "address 10.0.0.2", MONDAY)
    count(rate, "address 10.0.0.1", MONDAY + dt.timedelta(seconds=600))


@pytest.mark.django_db
def test_addresses_are_not_stored():
    rates.count(RATE, "address 10.0.0.1", MONDAY)

    row = Attempts.objects.get()
    assert "10.0.0.1" not in row.key
    assert (row.count, row.ends_at) == (1, MONDAY + dt.timedelta(minutes=10))


@pytest.mark.parametrize(("seconds", "minutes"), [(60, 1), (61, 2), (120, 2), (599, 10)])
def test_waiting_time_is_rounded_up(seconds, minutes):
    assert str(minutes) in rates.span(seconds)


def test_a_proxy_is_believed_only_behind_https(settings):
    meta = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 2.2.2.2"}
    settings.SECURE_PROXY_SSL_HEADER = None
    direct = rates.address_of(meta)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert (direct, rates.address_of(meta)) == ("10.0.0.9", "2.2.2.2")


def test_the_name_of_a_field_is_told_without_its_wrapping():
    field, _message = sentence({"type": "missing", "loc": ("body", "payload", "customer", "name")})

    assert field == "customer.name"


def test_an_unknown_kind_of_error_still_gives_a_sentence():
    field, message = sentence({"type": "weird", "loc": ("query", "filters", "limit"), "ctx": {}})

    assert (field, "limit" in message) == ("limit", True)
