"""Who sees and changes whom; a stranger from another store sees nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from zhike.customers import access, queries
from zhike.customers.models import Customer
from zhike.customers.tests.factories import a_customer
from zhike.kernel.parties.scope import EVERYTHING, NOTHING
from zhike.people.access import scope_of
from zhike.people.tests.factories import Cast

ROLES = [
    # role, sees, edits, reveals
    ("general_manager", True, True, True),
    ("store_manager", True, True, True),
    ("manager", True, True, True),
    ("taker", True, True, None),
    ("employee", False, False, False),
    ("north_manager", False, False, False),
    ("stranger", False, False, False),
    ("fruit_manager", False, False, False),
]


@pytest.mark.parametrize(("role", "sees", "edits", "reveals"), ROLES)
def test_each_role_meets_the_gate_as_its_powers_say(
    cast: Cast, role: str, sees: bool, edits: bool, reveals: bool | None
):
    customer = a_customer(cast.south_service, cast.taker)
    user = cast.users[role]
    if reveals is None:
        reveals = access.can(user, "reveal", customer)

    for verb, allowed in (("see", sees), ("edit", edits), ("reveal", reveals)):
        if allowed:
            assert access.customer_for(user, customer.pk, to=verb) == customer
        else:
            with pytest.raises((Http404, PermissionDenied)):
                access.customer_for(user, customer.pk, to=verb)
    assert access.may_do(user, customer) == access.May(sees, edits, reveals)


def test_a_stranger_from_another_store_sees_nothing(cast: Cast):
    a_customer(cast.south_service, cast.taker)

    scope = scope_of(cast.stranger, "customer.see")

    assert list(queries.customers(scope)) == []
    assert queries.look_up(scope, "江") == []
    assert queries.look_up(scope, "13800005678") == []
    assert list(queries.customers(NOTHING)) == []


def test_a_secret_customer_needs_the_level(cast: Cast):
    customer = a_customer(cast.south_service, cast.manager)
    Customer.objects.update(secrecy=9)

    assert list(access.customers_of(cast.specialist)) == []
    assert access.may_do(cast.specialist, customer.__class__.objects.get()) == access.May(False, False, False)
    assert list(queries.customers(EVERYTHING)) == [customer]


def test_a_number_is_reached_only_through_its_own_customer(cast: Cast):
    one = a_customer(cast.south_service, cast.taker)
    two = a_customer(cast.south_service, cast.taker, name="许静安", phone="13900001111")

    with pytest.raises(Http404):
        access.phone_for(cast.manager, one.pk, two.phones.get().pk, to="see")

    assert access.phone_for(cast.manager, two.pk, two.phones.get().pk, to="reveal") == two.phones.get()


def test_files_are_opened_only_in_units_within_reach(cast: Cast):
    reached = set(access.units_to_create_in(cast.manager))

    assert cast.south in reached
    assert cast.north not in reached
    assert set(access.units_to_create_in(cast.employee)) == set()


def test_the_card_of_a_case_shows_a_stranger_no_more_than_name_and_mask(cast: Cast):
    customer = a_customer(cast.south_service, cast.taker)

    card = access.card_for(cast.stranger, customer)

    assert (card.may, card.history) == (access.May(False, False, False), None)
    assert [phone.masked for phone in card.phones] == ["138****5678"]
