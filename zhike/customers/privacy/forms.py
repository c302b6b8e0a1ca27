"""Shape of input of the care of data; nothing here saves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Consent, Release, RightsRequest
from zhike.kernel.parties.models import Party
from zhike.ui.inputs import long

_long = partial(long, most=4000)


class SecrecyForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Level of secrecy"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, levels: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = list(levels)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RequestForm(forms.Form):
    kind = forms.ChoiceField(label=_("Request"), choices=RightsRequest.Kind.choices)
    identity = forms.CharField(
        label=_("How the person was recognised"),
        max_length=200,
        help_text=_("Such as: identity card seen, called back at the number on file."),
    )
    text = _long(_("What is asked"), required=False)


class AnswerForm(forms.Form):
    text = _long(_("Answer"))


class NothingForm(forms.Form):
    """A word to confirm, and nothing to fill in."""


class WithdrawForm(forms.Form):
    purposes = forms.MultipleChoiceField(
        label=_("Consent withdrawn for"), choices=Consent.Purpose.choices, widget=forms.CheckboxSelectMultiple
    )


class ReleaseForm(forms.Form):
    way = forms.ChoiceField(label=_("What is to be done"), choices=Release.Way.choices)
    what = forms.CharField(label=_("Which data"), max_length=200)
    purpose = forms.CharField(label=pgettext_lazy("of data", "Purpose"), max_length=200)
    recipient = forms.CharField(label=_("Recipient"), max_length=120, required=False)


class DecideForm(forms.Form):
    approve = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Approve")), ("0", _("Refuse"))],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("Opinion"), max_length=200, required=False)


class BreachForm(forms.Form):
    what = _long(_("What happened"))
    which = forms.CharField(label=_("Which data"), max_length=200)
    people = forms.IntegerField(label=_("How many customers"), min_value=0, initial=0)
    found_at = forms.DateTimeField(
        label=_("Found at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    measures = _long(_("Done at once"))
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=Party.objects.none())

    def __init__(self, *args: Any, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff  # type: ignore[attr-defined]


class TellForm(forms.Form):
    to = forms.CharField(label=_("Reported to"), max_length=120)
    persons = forms.CharField(label=_("How the persons were told, or why not"), max_length=200)


class CloseForm(forms.Form):
    cause = _long(_("Cause"))
    responsible = forms.CharField(label=_("Responsible"), max_length=200, required=False)
    penalty = forms.CharField(label=_("Penalty"), max_length=200, required=False)
    prevention = _long(_("What keeps it from happening again"))


class HandOverForm(forms.Form):
    leaver = forms.ModelChoiceField(label=_("Who leaves"), queryset=Party.objects.none())
    to = forms.ModelChoiceField(label=_("Who takes over"), queryset=Party.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=200, initial=_("leaves the house"))

    def __init__(self, *args: Any, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("leaver", "to"):
            self.fields[name].queryset = staff  # type: ignore[attr-defined]
