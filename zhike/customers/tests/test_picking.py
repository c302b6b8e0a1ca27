"""A form asks for a customer by one search field; what is typed is only taken where it can mean one customer."""

from __future__ import annotations

import pytest
from django import forms
from django.urls import reverse
from django.utils import translation

from zhike.customers.models import Customer
from zhike.customers.picking import CustomerField
from zhike.people.tests.factories import cast

from .factories import a_customer


class AskForm(forms.Form):
    customer = CustomerField(label="Customer")


@pytest.fixture(name="found")
def _found(db):
    people = cast()
    return people, [a_customer(people.south, people.manager, name, "") for name in ("甲店", "乙店", "乙店")]


def asked(data, rows=None):
    form = AskForm(data)
    form.fields["customer"].queryset = Customer.objects.all() if rows is None else rows
    return form


def test_a_customer_is_chosen_or_typed_by_number_or_by_a_name_that_only_one_has(found):
    first, second, third = found[1]
    for data, wanted in (
        ({"customer": str(second.pk)}, second),
        ({"q": second.number}, second),
        ({"q": second.number.lower().replace("0", "", 1)}, second),
        ({"q": " 甲店 "}, first),
        ({"customer": str(third.pk), "q": "甲店"}, third),  # what is chosen goes before what is typed
    ):
        form = asked(data)
        assert form.is_valid(), (data, form.errors)
        assert form.cleaned_data["customer"] == wanted


def test_what_could_mean_another_customer_is_refused_and_stays_in_the_field(found):
    first = found[1][0]
    with translation.override("en"):
        for words in ("乙店", str(first.pk), "KH-999999", "nobody", "\x00"):
            form = asked({"q": words})
            assert form.errors["customer"] == [
                "Choose one of the customers found, or type the number of the file."
            ]
        assert 'value="乙店"' in str(asked({"q": "乙店"})["customer"])
        out_of_sight = asked({"customer": str(first.pk)}, Customer.objects.exclude(pk=first.pk))
        assert not out_of_sight.is_valid()
        assert asked({}).errors["customer"] == ["This field is required."]


def test_a_customer_chosen_is_shown_again_and_the_look_up_does_not_promise_a_new_one(found, client):
    people, (first, *_others) = found
    assert f'value="{first.pk}" checked' in str(asked({"customer": str(first.pk)})["customer"])
    client.force_login(people.users["manager"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(
        reverse("customers:look_up"),
        {"q": "无此人", "only": 1},
        headers={"HX-Request": "true", "accept-language": "en"},
    ).content.decode()
    assert "new customer" not in page
