"""Members, and names found in spite of one slip."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.channels import doors
from zhike.customers import actions as customers
from zhike.customers import queries
from zhike.customers.dossier import members
from zhike.customers.dossier.models import Consent, Identifier, Milestone
from zhike.customers.models import Customer
from zhike.customers.tests.factories import a_customer
from zhike.customers.tests.regulation import the_regulation
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY, Cast


@pytest.fixture
def person(cast: Cast) -> Customer:
    return a_customer(cast.south, cast.taker, name="欧阳静怡", phone="13800005678")


@pytest.fixture
def business(cast: Cast) -> Customer:
    return a_customer(cast.south, cast.taker, name="澜石精密", phone="13800001111", kind="ORGANISATION")


# ---- members


def join(cast: Cast, **more) -> members.Registered:
    given = {
        "name": "祝清和",
        "phone": "13757160011",
        "unit": cast.south,
        "by": cast.taker.party,
        "now": MONDAY,
    }
    return members.register(**(given | more))


@pytest.mark.rule("F003-14", "R003-13")
def test_a_member_is_registered_with_card_birthday_and_what_was_agreed_to(cast: Cast):
    done = join(cast, birthday=dt.date(1986, 10, 2), sales=True)

    card = Identifier.objects.get(customer=done.customer)
    assert (card.kind, done.card, done.is_new) == ("MEMBER", "HY2026000001", True)
    assert Milestone.objects.values_list("kind", "month", "day", "year").get() == ("BIRTHDAY", 10, 2, 1986)
    agreed = Consent.objects.filter(customer=done.customer, until=None, is_given=True)
    assert set(agreed.values_list("purpose", flat=True)) == {"SERVICE", "SALES"}
    assert done.customer.facts.get(field="member").source == "MEMBER"


@pytest.mark.rule("F003-14")
def test_a_known_customer_becomes_a_member_without_a_second_file(cast: Cast, person):
    done = join(cast, phone="13800005678", name="欧阳静怡")
    again = join(cast, phone="13800005678", name="欧阳静怡")

    assert (done.customer, done.is_new, again.card) == (person, False, done.card)
    assert Customer.objects.count() == 1
    with pytest.raises(customers.CannotCreate, match="member card already"):
        join(cast, phone="13800005678", name="欧阳静怡", card="X1")
    with pytest.raises(customers.CannotCreate, match="not come yet"):
        join(cast, birthday=dt.date(2026, 3, 10))


@pytest.mark.rule("F003-14")
def test_the_portal_changes_nothing_on_the_file_of_a_number_that_is_known(cast: Cast, person):
    done = join(cast, phone="13800005678", name="别人", sales=True, birthday=dt.date(1990, 1, 1), seen=False)

    assert (done.customer, done.card) == (person, "")
    assert not person.consents.exists()
    assert not person.milestones.exists()
    assert person.facts.get(field="member", until=None).source == "MEMBER"


@pytest.mark.rule("F003-14")
def test_a_customer_becomes_a_member_in_the_portal(cast: Cast, client, person):
    the_regulation(cast)
    url = f"/portal/members/new/{cast.south.pk}/"
    data = {
        "name": "祝清和",
        "phone": "137 5716 0011",
        "birthday": "1986-10-02",
        "agrees": "on",
        "sales": "on",
    }

    new = client.post(url, data)
    known = client.post(url, data | {"phone": "13800005678"})
    refused = client.post(url, data | {"phone": "call me", "agrees": ""})

    made = Customer.objects.get(name="祝清和")
    assert made.identifiers.get().kind == "MEMBER"
    assert (new.status_code, known.status_code) == (200, 200)
    strip = lambda response: response.content.decode().split("<main")[-1]  # noqa: E731
    assert strip(new) == strip(known)
    assert Customer.objects.count() == 2
    assert refused.context["form"].errors.keys() == {"phone", "agrees"}
    assert client.get("/portal/members/").status_code == 200
    assert "member_portal:shops" in {door.url for door in doors.doors()}


# ---- search


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("欧阳静宜", ["欧阳静怡"]),  # the same sound
        ("欧羊静怡", ["欧阳静怡"]),
        ("欧阳敬艺", ["欧阳静怡"]),
        ("欧阳静", ["欧阳静怡"]),
        ("欧静怡", ["欧阳静怡"]),  # one missing
        ("欧阳小静怡", ["欧阳静怡"]),  # one more
        ("欧阳怡静", ["欧阳静怡"]),  # two swapped
        ("欧阳静美", ["欧阳静怡"]),  # one wrong
        ("蓝石精密", ["澜石精密"]),
        ("澜石晶密", ["澜石精密"]),
        ("ouyangjinyi", ["欧阳静怡"]),
        ("ouyagn", ["欧阳静怡"]),
        ("lanshijngmi", ["澜石精密"]),
        ("静", ["欧阳静怡"]),  # one character
        ("密", ["澜石精密"]),
        ("欧阳小美", []),
        ("王静怡然", []),
        ("zhang", []),
        ("猫", []),
    ],
)
def test_names_are_found_in_spite_of_one_slip(person, business, typed: str, found: list[str]):
    assert [one.name for one in queries.look_up(EVERYTHING, typed)] == found


def test_what_is_typed_right_is_never_mixed_with_what_is_nearly_so(cast: Cast, person):
    a_customer(cast.south, cast.taker, name="欧阳静宜", phone="13800009999")

    assert [one.name for one in queries.look_up(EVERYTHING, "欧阳静怡")] == ["欧阳静怡"]
