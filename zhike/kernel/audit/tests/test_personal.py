import datetime as dt

import pytest

from zhike.kernel.audit import chain, personal, trail
from zhike.kernel.audit.models import Entry, PersonKey
from zhike.kernel.parties.models import Party

MONDAY = dt.datetime(2026, 11, 16, 9, 30, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def person(name: str = "李雷") -> Party:
    return Party.objects.create(kind=Party.Kind.PERSON, name=name)


def test_a_sealed_value_opens_again_and_does_not_show_its_text():
    customer = person()

    value = personal.sealed_value(customer, "13800138000")

    assert "13800138000" not in value
    assert personal.is_sealed(value)
    assert personal.opened_value(value) == "13800138000"
    assert personal.sealed_value(customer, "13800138000") != value
    assert not personal.is_sealed("13800138000")


def test_erasure_makes_values_unreadable_and_leaves_the_chain_whole():
    customer, other = person(), person("韩梅")
    value, kept = personal.sealed_value(customer, "13800138000"), personal.sealed_value(other, "13900139000")
    trail.record("customers.phone_added", subject=customer, by=None, at=MONDAY, after={"phone": value})
    chain.seal(MONDAY)

    personal.destroy_key(customer, MONDAY)

    assert personal.opened_value(Entry.objects.get().after["phone"]) is None
    assert personal.opened_value(kept) == "13900139000"
    assert PersonKey.objects.get(pk=customer.pk).secret == ""
    assert chain.examine() == chain.Finding(sealed=1, unsealed=0)
    with pytest.raises(personal.Erased):
        personal.sealed_value(customer, "13800138000")


def test_a_person_without_a_key_can_be_erased_before_the_first_value():
    customer = person()

    personal.destroy_key(customer, MONDAY)

    with pytest.raises(personal.Erased):
        personal.sealed_value(customer, "x")


def test_a_value_moved_to_another_person_does_not_open():
    customer, other = person(), person("韩梅")
    value = personal.sealed_value(customer, "13800138000")
    personal.sealed_value(other, "x")

    moved = value.replace(f"sealed:{customer.pk}:", f"sealed:{other.pk}:")

    assert personal.opened_value(moved) is None
