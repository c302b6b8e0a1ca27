"""Shape of what is typed about contacts and promises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party
from zhike.ui.inputs import area, date_input

from .models import Promise

LONG = 10_000


class RemarkForm(forms.Form):
    text = forms.CharField(label=_("Remark"), max_length=200, widget=area())


class PromiseForm(forms.Form):
    """F001-24: what, by whom, by when; what it rests on and when that is ready (R001-067, R000-24)."""

    text = forms.CharField(label=_("What is promised"), max_length=400, widget=area())
    keeper = forms.ModelChoiceField(Party.objects.none(), label=_("Who keeps it"))
    due_on = forms.DateField(label=_("Kept by"), widget=date_input())
    depends_on = forms.CharField(label=_("Rests on (product or service)"), max_length=200, required=False)
    ready_on = forms.DateField(label=_("Which must be ready by"), required=False, widget=date_input())
    holder = forms.CharField(
        label=_("Promised by our customer to"),
        max_length=120,
        required=False,
        help_text=_("Only where our customer has promised something to a customer of their own."),
    )

    def __init__(self, *args: Any, keepers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"].queryset = keepers  # type: ignore[attr-defined]


class EndForm(forms.Form):
    state = forms.ChoiceField(
        label=_("How it ended"),
        choices=[one for one in Promise.State.choices if one[0] != Promise.State.OPEN],
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(label=_("What became of it"), max_length=200, required=False, widget=area())
