"""Pages and parts over HTTP: what they show, refuse and never show."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.models import Customer
from zhike.customers.tests.factories import a_customer
from zhike.kernel.audit.models import Entry
from zhike.people.tests.factories import Cast

FULL = "13800005678"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def customer(cast: Cast) -> Customer:
    return a_customer(cast.south_service, cast.taker, name="欧阳静怡", note="<b>怕吵</b>")


@pytest.fixture
def at(cast: Cast):
    """A browser signed in as one of the cast, reading English."""

    def signed_in(role: str) -> Client:
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(cast.users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def page(name: str, *args: object) -> str:
    return reverse(f"customers:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


PAGES = ["list", "create", "detail", "drawer", "card", "correct", "look_up"]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_reads_a_page_without_signing_in(cast: Cast, customer: Customer, client: Client, name: str):
    args = [] if name in {"list", "create", "look_up"} else [customer.pk]

    assert client.get(page(name, *args)).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_staff_without_the_power_are_refused_and_strangers_find_nobody(at, customer: Customer, name: str):
    args = [] if name in {"list", "create", "look_up"} else [customer.pk]

    assert at("employee").get(page(name, *args)).status_code == 403
    stranger = at("stranger").get(page(name, *args))
    assert stranger.status_code in ({403, 404} if args else {200, 403})
    assert "欧阳静怡" not in text_of(stranger)


@pytest.mark.parametrize("name", ["list", "detail", "drawer", "card", "correct"])
def test_no_page_holds_the_full_number(at, customer: Customer, name: str):
    more = HTMX if name == "drawer" else {}
    response = at("manager").get(page(name, *([] if name == "list" else [customer.pk])), **more)

    assert response.status_code == 200
    assert "欧阳静怡" in text_of(response)
    assert not re.search(r"138\D{0,3}0000\D{0,3}5678", text_of(response))


def test_the_file_shows_who_it_is_masked_and_escaped(at, customer: Customer):
    text = text_of(at("manager").get(page("detail", customer.pk)))

    for part in (
        "欧阳静怡",
        "138****5678",
        customer.number,
        "Nanhu customer service",
        "&lt;b&gt;怕吵&lt;/b&gt;",
    ):
        assert part in text, part
    assert "style=" not in re.sub(r"<head>.*?</head>", "", text, flags=re.DOTALL)


def test_reveal_shows_the_number_for_a_minute_and_writes_who_and_why(at, cast: Cast, customer: Customer):
    url = page("reveal_phone", customer.pk, customer.phones.get().pk)

    response = at("manager").post(url, {"reason": "回访"}, **HTMX)

    text = text_of(response)
    assert FULL in text
    assert 'hx-trigger="load delay:60s"' in text
    assert "<html" not in text
    assert response["Cache-Control"] == "no-store"
    entry = Entry.objects.get(code="customers.phone_revealed")
    assert (entry.by, entry.after["reason"]) == (cast.manager.party, "回访")


def test_reveal_without_htmx_shows_the_page_and_leaves_it_after_a_minute(at, customer: Customer):
    url = page("reveal_phone", customer.pk, customer.phones.get().pk)

    response = at("manager").post(url, {"reason": "回访"})

    assert FULL in text_of(response)
    assert "<html" in text_of(response)
    assert response["Refresh"] == f"60; url={page('detail', customer.pk)}"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("more", [{}, HTMX])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_reveal_without_a_usable_reason_shows_nothing_and_writes_nothing(
    at, customer: Customer, reason: str, more: dict
):
    url = page("reveal_phone", customer.pk, customer.phones.get().pk)

    response = at("manager").post(url, {"reason": reason}, **more)

    assert response.status_code == 200
    assert "zk-error" in text_of(response)
    assert FULL not in text_of(response)
    assert not Entry.objects.filter(code="customers.phone_revealed").exists()


def test_reveal_is_a_power_of_its_own_and_never_a_read(at, customer: Customer):
    url = page("reveal_phone", customer.pk, customer.phones.get().pk)

    assert at("stranger").post(url, {"reason": "x"}).status_code in {403, 404}
    assert at("employee").post(url, {"reason": "x"}).status_code == 403
    assert at("manager").get(url).status_code == 405
    assert not Entry.objects.filter(code="customers.phone_revealed").exists()


def test_the_masked_part_comes_back_after_the_minute(at, customer: Customer):
    text = text_of(at("manager").get(page("phone", customer.pk, customer.phones.get().pk), **HTMX))

    assert "138****5678" in text
    assert FULL not in text


def a_form(cast: Cast, **changes) -> dict:
    return {
        "kind": "PERSON",
        "name": "江牧原",
        "phone": "",
        "phone_kind": "MOBILE",
        "unit": cast.south.pk,
    } | changes


def test_a_new_customer_is_saved_and_shown(at, cast: Cast):
    response = at("taker").post(page("create"), a_form(cast, phone="139 0000 1111", title="先生"))

    made = Customer.objects.get()
    assert response.status_code == 302
    assert response["Location"] == page("detail", made.pk)
    assert (made.name, made.unit, made.title, made.phones.get().masked, made.created_by) == (
        "江牧原",
        cast.south,
        "先生",
        "139****1111",
        cast.taker.party,
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"phone": "call me"}, "“call me” is no telephone number."),
        ({"kind": "ROBOT"}, "Select a valid choice."),
        ({"name": "x" * 121}, "at most 120 characters"),
    ],
)
def test_wrong_values_are_said_at_their_field_and_what_was_typed_is_kept(
    at, cast: Cast, changes: dict, said: str
):
    response = at("taker").post(page("create"), a_form(cast, note="typed before", **changes))

    assert response.status_code == 200
    assert said in text_of(response).replace("&quot;", '"')
    assert "typed before" in text_of(response)
    assert Customer.objects.count() == 0


def test_a_file_is_not_opened_in_a_unit_out_of_reach(at, cast: Cast):
    response = at("taker").post(page("create"), a_form(cast, unit=cast.north.pk))

    assert response.status_code == 200
    assert Customer.objects.count() == 0


def test_the_same_name_asks_once_and_the_same_number_never_makes_a_second_file(
    at, cast: Cast, customer: Customer
):
    again = a_form(cast, name="欧阳静怡")

    doubt = at("taker").post(page("create"), again)
    refused = at("taker").post(page("create"), again | {"phone": FULL, "knowing": "on"})
    made = at("taker").post(page("create"), again | {"knowing": "on"})

    assert "There is a customer of this name already." in text_of(doubt)
    assert 'name="knowing"' in text_of(doubt)
    assert "This number belongs to 欧阳静怡" in text_of(refused)
    assert made.status_code == 302
    assert Customer.objects.count() == 2


def test_a_correction_of_an_old_page_is_refused_and_keeps_what_was_typed(at, customer: Customer):
    form = {"kind": "PERSON", "name": "欧阳静怡", "note": "一", "revision": "0"}

    assert at("taker").post(page("correct", customer.pk), form).status_code == 302
    second = at("taker").post(page("correct", customer.pk), form | {"note": "二"})

    assert "Somebody else has changed this customer" in text_of(second)
    assert "二" in text_of(second)
    customer.refresh_from_db()
    assert customer.note == "一"


def test_numbers_are_added_and_removed_in_place(at, customer: Customer):
    added = at("taker").post(
        page("add_phone", customer.pk), {"number": "010-88886666", "kind": "WORK"}, **HTMX
    )
    wrong = at("taker").post(
        page("add_phone", customer.pk), {"number": "010 8888 6666", "kind": "WORK"}, **HTMX
    )
    second = customer.phones.get(kind="WORK")
    removed = at("taker").post(page("remove_phone", customer.pk, second.pk), **HTMX)

    assert "010****6666" in text_of(added)
    assert "<html" not in text_of(added)
    assert "already" in text_of(wrong)
    assert "010****6666" not in text_of(removed)
    assert customer.phones.count() == 1


def test_a_file_is_closed_with_a_reason_and_opened_again(at, customer: Customer):
    at("taker").post(page("close", customer.pk), {"reason": ""})
    customer.refresh_from_db()
    assert customer.state == "ACTIVE"

    at("taker").post(page("close", customer.pk), {"reason": "重复"})
    customer.refresh_from_db()
    assert customer.state == "CLOSED"

    at("taker").post(page("reopen", customer.pk))
    customer.refresh_from_db()
    assert customer.state == "ACTIVE"


def test_look_up_answers_json_and_for_htmx_a_list_of_choices(at, customer: Customer):
    found = at("taker").get(page("look_up"), {"q": "5678"}).json()
    part = text_of(at("taker").get(page("look_up"), {"q": "oyjy"}, **HTMX))
    nobody = text_of(at("taker").get(page("look_up"), {"q": "不存在"}, **HTMX))

    assert found == {
        "found": [
            {
                "id": customer.pk,
                "name": "欧阳静怡",
                "number": customer.number,
                "phone": "138****5678",
                "unit": "Nanhu customer service",
                "title": "",
            }
        ]
    }
    assert f'name="customer" value="{customer.pk}"' in part.replace("\n", " ")
    assert "Nobody on file" in nobody


def test_the_list_costs_the_same_with_one_and_three_rows(
    at, cast: Cast, customer: Customer, django_assert_num_queries
):
    """The list alone, without the rail, whose numbers belong to other apps."""
    client = at("manager")
    only = {**HTMX, "HTTP_HX_TARGET": "listing"}
    client.get(page("list"), **only)

    # session, user, the stamp, count, rows, telephone numbers, units to choose from
    with django_assert_num_queries(7):
        one = text_of(client.get(page("list"), **only))
    for turn in range(2):
        a_customer(cast.south, cast.taker, name=f"客{turn}", phone=f"1390000111{turn}")
    with django_assert_num_queries(7):
        three = text_of(client.get(page("list"), **only))

    assert ("欧阳静怡" in one, "客1" in one, "客1" in three) == (True, False, True)


def test_an_export_is_a_power_holds_masks_and_is_logged(at, cast: Cast, customer: Customer):
    refused = at("taker").get(page("list"), {"export": "csv"})
    given = at("manager").get(page("list"), {"export": "csv"})

    content = b"".join(given.streaming_content).decode("utf-8-sig")
    assert refused.status_code == 403
    assert "欧阳静怡" in content
    assert "138****5678" in content
    assert FULL not in content
    entry = Entry.objects.get(code="customers.exported")
    assert (entry.by, entry.after["format"], entry.after["rows"]) == (cast.manager.party, "csv", 1)
