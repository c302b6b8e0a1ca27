"""Shape of input of grading; nothing here saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Profile
from zhike.kernel.parties.models import Party, Unit
from zhike.ui.inputs import day, long, money

from .standard import Item

_long = partial(long, most=2000)
_money = partial(money, required=False)


class FactsForm(forms.Form):
    """Customer information by which the grades are ruled (F001-36)."""

    need = forms.ChoiceField(
        label=_("Need"), required=False, choices=[("", _("Not known yet")), *Profile.NeedState.choices]
    )
    deal_expected_on = day(_("Deal expected on"), required=False)
    possible_amount = _money(_("Possible amount (yuan)"))
    is_negotiating = forms.BooleanField(label=_("Negotiations are under way"), required=False)
    is_regular = forms.BooleanField(label=_("Trades by the rules"), required=False)
    environment = forms.CharField(label=_("Surroundings of the shop"), required=False, max_length=40)
    size = forms.CharField(label=pgettext_lazy("of a business", "Size"), required=False, max_length=40)
    area = forms.DecimalField(
        label=_("Area (square metres)"), required=False, min_value=0, max_digits=10, decimal_places=2
    )
    monthly_rent = _money(_("Monthly rent (yuan)"))


class GradeForm(forms.Form):
    value = forms.ChoiceField(label=_("Value"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        help_text=_("Needed where the value differs from what the regulation gives."),
    )
    valid_to = day(_("To be looked at again by"), required=False)

    def __init__(self, *args: Any, words: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["value"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(words)


class OpinionForm(forms.Form):
    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=200)


class UnitForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = forms.ModelChoiceField(label=_("Unit"), queryset=units)


class PlanMonthForm(UnitForm):
    month = day(_("A day of the month"))


class EvaluationForm(forms.Form):
    """One score for each item of the standard, and a note."""

    def __init__(self, *args: Any, items: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[item.code] = forms.IntegerField(
                label=f"{item.label} · {item.weight:.0%}",
                min_value=0,
                max_value=100,
                help_text=item.standard,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        self.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=400)

    @property
    def scores(self) -> Mapping[str, int]:
        return {item.code: self.cleaned_data[item.code] for item in self.items}


class PersonaForm(UnitForm):
    name = forms.CharField(label=_("Name of the persona"), max_length=60)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    pains = _long(_("Pains in need"))
    expectations = _long(_("Expectations"))
    factors = _long(_("Decision factors"))
    interaction = _long(_("Preferred way of interacting"))
    story = _long(_("Typical story"), required=False)
    sample = forms.IntegerField(label=_("Rests on how many customers"), min_value=0, initial=0)

    def __init__(self, *args: Any, segments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["segment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *segments]


class SegmentPlanForm(UnitForm):
    begins_on = day(_("From"))
    ends_on = day(pgettext_lazy("of a period", "To"))
    strategy = _long(_("Service strategy"))
    content = _long(_("Content of communication"))
    priority = forms.IntegerField(label=_("Priority of resources"), min_value=1, max_value=99)
    owner = forms.ModelChoiceField(label=_("Responsible"), queryset=Party.objects.none())
    target = forms.CharField(label=_("Target"), max_length=200)

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = forms.ModelChoiceField(label=_("Responsible"), queryset=staff)


class ResultForm(forms.Form):
    result = _long(_("Result"))
