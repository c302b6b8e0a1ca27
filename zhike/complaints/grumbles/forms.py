"""Shape of input for grumbles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Unit
from zhike.ui.inputs import area, date_input

from .models import Grumble

LONGEST = 10_000


def unhappy() -> forms.CharField:
    """The question that every follow-up contact asks (R001-135); what is answered goes to `actions.record`."""
    return forms.CharField(
        label=_("Asked: is there anything else you are unhappy with?"),
        required=False,
        max_length=LONGEST,
        widget=area(),
        help_text=_("What is written here is recorded as a grumble of its own."),
    )


class RecordForm(forms.Form):
    """F001-38, short enough for the phone: only text and source are asked for."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    customer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    text = forms.CharField(
        label=_("What the customer is unhappy with"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )
    source = forms.ChoiceField(label=_("Heard"), choices=Grumble.Source.choices)
    name = forms.CharField(label=_("Customer"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    unit = forms.TypedChoiceField(label=_("Unit"))
    item = forms.ChoiceField(label=_("Item"), required=False)
    again_on = forms.DateField(label=_("Contact again on"), required=False, widget=date_input())
    action = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=LONGEST,
        widget=area(),
    )
    settled = forms.BooleanField(label=_("That settles it"), required=False)

    def __init__(
        self, *args: Any, units: Sequence[Unit], items: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(unit.pk): unit for unit in units}
        unit, item = self.fields["unit"], self.fields["item"]
        assert isinstance(unit, forms.TypedChoiceField)
        assert isinstance(item, forms.ChoiceField)
        unit.choices = [(key, one.label) for key, one in by_key.items()]
        unit.coerce = by_key.__getitem__
        item.choices = [("", _("Not classified yet")), *items]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("settled") and not values.get("action", "").strip():
            self.add_error("action", _("Say what was done, if that settles it."))
        return values


class SettleForm(forms.Form):
    action = forms.CharField(label=_("What was done"), max_length=LONGEST, widget=area(3))
    unhappy = unhappy()
