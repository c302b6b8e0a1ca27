"""Shape of input of bills; nothing here saves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


def _money(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=14, decimal_places=2, min_value=0)


def _long(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=400, required=required, widget=widget)


class BillForm(forms.Form):
    """The period as people say it, with its last day."""

    kind = forms.ChoiceField(label=_("Charge"))
    shop = forms.CharField(label=_("Shop no."), max_length=60, required=False)
    period_from = _day(_("From"))
    last_day = _day(_("To (inclusive)"))
    amount = _money(_("Amount (yuan)"))
    due_on = _day(_("To be paid by"))

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("period_from"), given.pop("last_day", None)
        if last is not None:
            if first is not None and last < first:
                self.add_error("last_day", _now("The period ends before it begins."))
            given["period_to"] = last + dt.timedelta(days=1)
        return given


class ReceiveForm(forms.Form):
    amount = _money(_("Received (yuan)"))
    on = _day(_("Received on"))
    text = forms.CharField(label=_("Note"), max_length=400, required=False)


class RemindForm(forms.Form):
    text = _long(_("How the tenant was reached and what was said"))


class RemitForm(forms.Form):
    amount = _money(_("Amount (yuan)"))
    reason = _long(_("Reason"))
