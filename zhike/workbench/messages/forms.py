"""Shape of what is typed about customers' messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Interaction
from zhike.customers.picking import CustomerField
from zhike.ui.inputs import area

LONG = 2000
Way = Interaction.Way
BY_HAND = [(way.value, way.label) for way in (Way.PHONE, Way.LETTER, Way.COUNTER, Way.VISIT, Way.MESSAGE)]


class TakeDownForm(forms.Form):
    """A message that came by telephone, by letter or at the counter."""

    way = forms.ChoiceField(
        label=_("How it came"), choices=BY_HAND, initial=Way.PHONE, widget=forms.RadioSelect
    )
    customer = CustomerField(label=_("Customer on file"), required=False)
    name = forms.CharField(
        label=_("Name"), max_length=60, required=False, help_text=_("Of somebody who is not on file yet.")
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Where the customer wants the answer to come too.")
    )
    text = forms.CharField(label=_("Message"), max_length=LONG, widget=area(4))
    at = forms.DateTimeField(
        label=_("Received at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Left empty: now."),
    )
    answered = forms.CharField(
        label=_("Answered at once"), max_length=LONG, required=False, widget=area(3),
        help_text=_("What was said to it in the same call or talk. Left empty, an answer is owed."),
    )  # fmt: skip

    def __init__(self, *args: Any, customers: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if (
            not self.errors
            and given.get("customer") is None
            and not (given.get("name") or given.get("phone"))
        ):
            self.add_error("customer", _("Choose a customer on file, or write a name or telephone number."))
        return given


class ReplyForm(forms.Form):
    way = forms.ChoiceField(
        label=_("Way"), choices=[(Way.ONLINE, _("In writing, where the customer wrote")), *BY_HAND],
        help_text=_("What was said by telephone or in person is only recorded."),
    )  # fmt: skip
    text = forms.CharField(label=_("Answer"), max_length=LONG, widget=area(5))


class SettleForm(forms.Form):
    reason = forms.CharField(label=_("Why it needs no answer"), max_length=200)
