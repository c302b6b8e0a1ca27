"""Shape of input: a new key of the API."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.scope import Scope
from zhike.people.models import User

from . import queries
from .actions import SCOPES


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.party.name} · {obj.party.unit}" if obj.party.unit else obj.party.name


class TokenForm(forms.Form):
    """What a key is called, for whom it acts, what it may do, until when."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which program uses it, such as “web shop”.")
    )
    person = PersonChoice(
        label=_("Acts for"),
        queryset=User.objects.none(),
        help_text=_("The key sees and does what this person may see and do, and no more."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The key stops working after this day."),
    )

    def __init__(self, *args: object, scope: Scope, today: dt.date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        person = self.fields["person"]
        assert isinstance(person, PersonChoice)
        person.queryset = queries.people_for_tokens(scope)
        self.today = today

    def clean_expires_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["expires_on"]
        if day < self.today:
            raise forms.ValidationError(_("The last day lies in the past."))
        return day
