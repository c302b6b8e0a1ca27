"""Opening and keeping a customer's file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from zhike.customers import actions
from zhike.customers.models import Customer, Phone
from zhike.customers.tests.factories import a_customer
from zhike.kernel.audit import personal
from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.search import index
from zhike.people.tests.factories import MONDAY, Cast

NUMBER = "138 0000 5678"


def recognise(cast: Cast, name: str = "江牧原", phone: str = NUMBER, unit=None) -> actions.Recognised:
    return actions.recognise_or_create(
        name=name, phone=phone, unit=unit or cast.south_service, by=cast.taker.party, now=MONDAY
    )


def codes() -> list[str]:
    return list(
        Entry.objects.filter(code__startswith="customers.").order_by("id").values_list("code", flat=True)
    )


def test_an_unknown_caller_gets_a_file_with_an_encrypted_number(cast: Cast):
    found = recognise(cast)

    customer = found.customer
    phone = customer.phones.get()
    assert (found.created, found.other_name, found.perhaps) == (True, False, [])
    assert (customer.name, customer.sort_key, customer.initials, customer.unit) == (
        "江牧原",
        "jiang mu yuan",
        "jmy",
        cast.south_service,
    )
    assert (phone.number, phone.masked, phone.is_primary) == ("13800005678", "138****5678", True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM customers_phone")
        assert b"5678" not in bytes(cursor.fetchone()[0])
    assert codes() == ["customers.created"]


def test_the_same_number_in_the_same_store_is_the_same_customer_however_it_is_written(cast: Cast):
    first = recognise(cast)
    again = recognise(cast, phone="+86-138-0000-5678", unit=cast.south_cash)

    assert (again.customer, again.created, again.other_name) == (first.customer, False, False)
    assert Customer.objects.count() == 1
    assert codes() == ["customers.created"]


def test_a_known_number_with_another_name_is_recognised_and_said(cast: Cast):
    first = recognise(cast)
    again = recognise(cast, name="江太太")

    assert (again.customer, again.other_name) == (first.customer, True)
    first.customer.refresh_from_db()
    assert first.customer.name == "江牧原"


def test_the_same_number_in_another_store_is_another_customer(cast: Cast):
    south = recognise(cast)
    north = recognise(cast, unit=cast.north_service)

    assert north.created is True
    assert north.customer != south.customer


def test_of_two_customers_with_one_number_the_one_of_that_name_is_meant(cast: Cast):
    wife = a_customer(cast.south, cast.taker, name="许静安", phone="13900001111")
    husband = recognise(cast).customer
    actions.add_phone(customer=wife, number=NUMBER, by=cast.taker.party, now=MONDAY)

    assert recognise(cast, name="许静安").customer == wife
    unnamed = recognise(cast, name="别人")
    assert (unnamed.customer, unnamed.perhaps) == (husband, [wife])


def test_a_name_alone_recognises_nobody_but_those_of_the_same_name_are_reported(cast: Cast):
    first = recognise(cast)
    second = recognise(cast, phone="")

    assert second.created is True
    assert second.perhaps == [first.customer]


def test_without_a_name_the_masked_number_stands_in_its_place(cast: Cast):
    assert recognise(cast, name=" ").customer.name == "138****5678"


@pytest.mark.parametrize(
    ("name", "phone", "said"),
    [
        ("", "", "Say the customer's name."),
        ("江", "abc", "“abc” is no telephone number."),
        ("x" * 121, "", "121 characters"),
    ],
)
def test_an_intake_without_usable_name_or_number_is_refused_and_opens_nothing(cast: Cast, name, phone, said):
    with pytest.raises(actions.CannotCreate, match=said):
        recognise(cast, name=name, phone=phone)

    assert Customer.objects.count() == 0
    assert Party.objects.filter(kind="PERSON").count() == 0


def test_a_closed_file_is_not_recognised(cast: Cast):
    closed = recognise(cast).customer
    actions.close(customer=closed, reason="客户要求", by=cast.taker.party, now=MONDAY)

    assert recognise(cast).created is True


@pytest.mark.django_db(transaction=True)
def test_two_callers_with_one_number_at_the_same_moment_become_one_customer():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer; threads of a test share its connection")
    from zhike.people.tests.factories import cast as make

    cast = make()

    def call(_turn: int) -> int:
        try:
            with transaction.atomic():
                return recognise(cast).customer.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(call, range(8)))) == 1


def test_create_refuses_a_number_that_the_house_knows(cast: Cast):
    known = recognise(cast).customer

    with pytest.raises(actions.AlreadyKnown, match="belongs to 江牧原") as refusal:
        actions.create(name="新", phone=NUMBER, unit=cast.south, by=cast.taker.party, now=MONDAY)

    assert refusal.value.customer == known
    assert Customer.objects.count() == 1


def test_create_asks_once_about_the_same_name(cast: Cast):
    known = recognise(cast).customer
    made = {"name": "江牧原", "unit": cast.south, "by": cast.taker.party, "now": MONDAY}

    with pytest.raises(actions.PerhapsKnown) as refusal:
        actions.create(**made)
    second = actions.create(**made, knowing=True)

    assert refusal.value.customers == [known]
    assert second.pk != known.pk


def test_rename_changes_party_sort_key_and_search_and_seals_both_names(cast: Cast):
    customer = recognise(cast).customer

    actions.rename(customer=customer, name=" 欧阳  静怡 ", by=cast.taker.party, now=MONDAY, revision=0)

    assert (customer.name, customer.sort_key, customer.initials, customer.revision) == (
        "欧阳 静怡",
        "ou yang jing yi",
        "oyjy",
        1,
    )
    assert Party.objects.get(pk=customer.pk).name == "欧阳 静怡"
    assert [hit.subject_id for hit in index.find(EVERYTHING, "欧阳")] == [customer.pk]
    assert index.find(EVERYTHING, "江牧原") == []
    entry = Entry.objects.get(code="customers.corrected")
    assert "江牧原" not in str(entry.before)
    assert personal.opened_value(entry.before["name"]) == "江牧原"
    assert personal.opened_value(entry.after["name"]) == "欧阳 静怡"


def test_a_correction_that_changes_nothing_writes_nothing(cast: Cast):
    customer = recognise(cast).customer

    actions.correct(customer=customer, by=cast.taker.party, now=MONDAY, name="江牧原", note="")

    assert customer.revision == 0
    assert codes() == ["customers.created"]


def test_of_two_people_who_correct_at_once_the_second_is_told(cast: Cast):
    customer = recognise(cast).customer
    actions.correct(customer=Customer.objects.get(), by=cast.taker.party, now=MONDAY, note="一", revision=0)

    with pytest.raises(actions.Stale):
        actions.correct(customer=customer, by=cast.manager.party, now=MONDAY, note="二", revision=0)

    customer.refresh_from_db()
    assert customer.note == "一"


def test_a_number_is_on_a_file_once_and_the_first_is_the_main_one(cast: Cast):
    customer = recognise(cast, phone="").customer
    first = actions.add_phone(customer=customer, number=NUMBER, by=cast.taker.party, now=MONDAY)
    second = actions.add_phone(
        customer=customer, number="010-88886666", by=cast.taker.party, now=MONDAY, kind="WORK"
    )

    with pytest.raises(actions.BadPhone, match="138\\*\\*\\*\\*5678 already"):
        actions.add_phone(customer=customer, number="13800005678", by=cast.taker.party, now=MONDAY)
    with pytest.raises(actions.BadPhone, match="“12” is no"):
        actions.add_phone(customer=customer, number="12", by=cast.taker.party, now=MONDAY)

    assert [first.is_primary, second.is_primary] == [True, False]
    assert Phone.objects.count() == 2


def test_removing_the_main_number_makes_the_oldest_other_one_the_main_one(cast: Cast):
    customer = recognise(cast).customer
    other = actions.add_phone(customer=customer, number="010-88886666", by=cast.taker.party, now=MONDAY)
    main = customer.phones.get(is_primary=True)

    assert actions.remove_phone(phone=main, by=cast.taker.party, now=MONDAY) is True
    assert actions.remove_phone(phone=main, by=cast.taker.party, now=MONDAY) is False

    other.refresh_from_db()
    assert other.is_primary is True
    entry = Entry.objects.get(code="customers.phone_removed")
    assert personal.opened_value(entry.before["number"]) == "13800005678"


def test_another_number_can_become_the_main_one(cast: Cast):
    customer = recognise(cast).customer
    other = actions.add_phone(customer=customer, number="010-88886666", by=cast.taker.party, now=MONDAY)

    actions.show_phone_first(phone=other, by=cast.taker.party, now=MONDAY)

    assert list(customer.phones.filter(is_primary=True)) == [other]


def test_reveal_needs_a_reason_and_leaves_a_row_without_the_number(cast: Cast):
    phone = recognise(cast).customer.phones.get()

    for empty in ("", "  "):
        with pytest.raises(actions.NoReason):
            actions.reveal_phone(phone=phone, reason=empty, by=cast.manager.party, now=MONDAY)
    assert "customers.phone_revealed" not in codes()
    number = actions.reveal_phone(phone=phone, reason=" 回访 TS-1 ", by=cast.manager.party, now=MONDAY)

    entry = Entry.objects.get(code="customers.phone_revealed")
    assert number == "13800005678"
    assert (entry.by, entry.subject_id, entry.unit_id) == (
        cast.manager.party,
        phone.customer_id,
        cast.south_service.pk,
    )
    assert entry.after == {"phone": phone.pk, "masked": "138****5678", "reason": "回访 TS-1"}


def test_a_reason_of_200_characters_is_taken_and_one_of_201_is_not(cast: Cast):
    phone = recognise(cast).customer.phones.get()

    assert actions.reveal_phone(phone=phone, reason="因" * 200, by=cast.manager.party, now=MONDAY)
    with pytest.raises(actions.NoReason, match="at most 200"):
        actions.reveal_phone(phone=phone, reason="因" * 201, by=cast.manager.party, now=MONDAY)


def test_a_file_is_closed_with_a_reason_and_can_be_opened_again(cast: Cast):
    customer = recognise(cast).customer

    with pytest.raises(actions.NoReason):
        actions.close(customer=customer, reason=" ", by=cast.taker.party, now=MONDAY)
    actions.close(customer=customer, reason="重复", by=cast.taker.party, now=MONDAY)
    assert customer.state == "CLOSED"
    actions.reopen(customer=customer, by=cast.taker.party, now=MONDAY)

    assert customer.state == "ACTIVE"
    assert codes() == ["customers.created", "customers.closed", "customers.reopened"]
