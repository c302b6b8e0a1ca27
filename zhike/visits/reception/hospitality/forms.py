"""Shape of what is typed about hospitality (FM002-11)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.picking import CustomerField
from zhike.ui.inputs import date_input

from .models import Hospitality


def money(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=0, **more)


class ApplyForm(forms.Form):
    customer = CustomerField(label=_("Customer"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Hospitality.Kind.choices)
    guests = forms.IntegerField(label=_("Number of guests"), min_value=0, max_value=999)
    guest_names = forms.CharField(label=_("Guests and their positions"), max_length=400)
    companions = forms.IntegerField(label=_("Number of companions"), min_value=0, max_value=99, initial=0)
    companion_names = forms.CharField(label=_("Companions"), max_length=400, required=False)
    reason = forms.CharField(label=pgettext_lazy("of hospitality", "Reason"), max_length=400)
    place = forms.CharField(label=pgettext_lazy("of hospitality", "Place"), max_length=200)
    on = forms.DateField(label=_("Day"), widget=date_input())
    budget = money(_("Budget"))
    after_reason = forms.CharField(
        label=_("Why it was not applied for beforehand"), max_length=400, required=False
    )

    def __init__(self, *args: Any, customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    actual_on = forms.DateField(label=_("Actual day"), widget=date_input())
    actual_guests = forms.IntegerField(label=_("Guests who came"), min_value=0, max_value=999)
    cost = money(_("Actual cost"))
    invoice = forms.CharField(label=_("Number of the invoice"), max_length=40)
    overrun_reason = forms.CharField(label=_("Reason for the overrun"), max_length=400, required=False)
    result = forms.CharField(label=_("Result of the reception"), max_length=400, required=False)
    satisfaction = forms.IntegerField(label=_("Satisfaction"), min_value=1, max_value=5, required=False)
