"""Forms of what belongs to a complaint beside its stages: shape of input only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit

from . import questions
from .forms import ReasonForm, _text
from .models_after import FollowUp, Share
from .regime import Regime

YES_NO = [("1", _("Yes")), ("0", _("No"))]


def _yes(text: str) -> bool:
    return text == "1"


def _scale() -> list[tuple[str, str]]:
    """The scale with the best first, as people answer."""
    return [(str(code), f"{code} · {label}") for code, label in reversed(FollowUp.Satisfaction.choices)]


class PersonForm(ReasonForm):
    """Somebody who is to read a confidential case."""

    person = forms.ModelChoiceField(label=_("Who"), queryset=Party.objects.none())
    field_order = ["person", "reason"]

    def __init__(self, *args: Any, staff: QuerySet[Party], required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.required = staff, required


class ReopenForm(ReasonForm):
    stage = forms.ChoiceField(label=_("Back to the stage"))
    field_order = ["stage", "reason"]

    def __init__(self, *args: Any, stages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(stages)


class FollowUpForm(forms.Form):
    """One attempt of a return visit."""

    reached = forms.TypedChoiceField(
        label=_("Was the customer reached?"), choices=YES_NO, coerce=_yes, widget=forms.RadioSelect
    )
    satisfaction = forms.TypedChoiceField(
        label=_("Satisfaction"), coerce=int, empty_value=None, required=False
    )
    resolved = forms.TypedChoiceField(
        label=_("Is the matter settled for the customer?"),
        choices=YES_NO,
        coerce=_yes,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    text = _text(_("What the customer says"), required=False, rows=3)
    reason = forms.CharField(label=_("Why nobody was reached"), max_length=400, required=False)
    ended = forms.BooleanField(label=_("End the return visit as not reached"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["satisfaction"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *_scale()]


class RatingForm(forms.Form):
    """What customers say in the portal about their own closed complaint."""

    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied are you?"), coerce=int, widget=forms.RadioSelect
    )
    resolved = forms.TypedChoiceField(
        label=_("Is your matter settled?"), choices=YES_NO, coerce=_yes, widget=forms.RadioSelect
    )
    text = _text(_("What you want to tell us about it"), required=False, rows=3, limit=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["satisfaction"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _scale()


class AgreementForm(forms.Form):
    """What the customer says to the solution offered."""

    ways = forms.MultipleChoiceField(
        label=_("Way of handling"), required=False, widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.TypedChoiceField(
        label=_("Does the customer agree?"), choices=YES_NO, coerce=_yes, widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(label=_("Channel"))
    who = forms.CharField(label=_("Who said it"), max_length=120)
    text = _text(_("In the customer's words"), required=False, rows=3)

    def __init__(self, *args: Any, regime: Regime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("ways", regime.choices(questions.WAYS)), ("channel", regime.channels)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not regime.words(questions.WAYS):
            del self.fields["ways"]


class MaliceForm(ReasonForm):
    evidence = _text(_("Evidence"), rows=4, limit=10_000)


class MaliceDecisionForm(forms.Form):
    agree = forms.TypedChoiceField(
        label=_("Is it malicious?"), choices=YES_NO, coerce=_yes, widget=forms.RadioSelect
    )
    opinion = _text(_("Opinion"), required=False, rows=3, limit=400)


class ShareForm(forms.Form):
    """One line of the shares; an empty line is left out."""

    side = forms.ChoiceField(label=_("Party"), required=False)
    unit = forms.ModelChoiceField(label=_("Department"), queryset=Unit.objects.none(), required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    percent = forms.DecimalField(
        label=_("Share (%)"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    nature = forms.CharField(label=_("Nature"), max_length=200, required=False)
    evidence = forms.CharField(label=_("Evidence"), max_length=2000, required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side, unit = self.fields["side"], self.fields["unit"]
        assert isinstance(side, forms.ChoiceField)
        assert isinstance(unit, forms.ModelChoiceField)
        side.choices = [("", "—"), *Share.Side.choices]
        unit.empty_label = "—"
        unit.queryset = Unit.objects.filter(pk__in=[one.pk for one in units])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("side") and values.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _now("Write the share in per cent."))
        return values
