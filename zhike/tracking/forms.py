"""Shape of what is typed in tracking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.contacts.forms import LONG
from zhike.customers.models import Contact, Customer, Interaction
from zhike.kernel.parties.models import Party
from zhike.ui.inputs import area, date_input

from .models import Activity, Observation, RoleEvidence

Choices = Sequence[tuple[str, Any]]


class EntryForm(forms.Form):
    """F001-37 and FM002-09 in one: what was said, and the decision on the grade with the date it sets."""

    way = forms.ChoiceField(label=_("Way"), choices=Interaction.Way.choices, widget=forms.RadioSelect)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Person contacted"), required=False)
    purpose = forms.CharField(label=_("Purpose of the contact"), max_length=120, required=False)
    content = forms.CharField(
        label=_("What was said"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": True}),
    )
    feedback = forms.CharField(
        label=_("What the customer said to it"), max_length=LONG, required=False, widget=area()
    )
    grade = forms.ChoiceField(
        label=_("Grade from now on"),
        widget=forms.RadioSelect,
        help_text=_("The next date follows the grade at once."),
        error_messages={"required": _("Confirm or change the grade: no entry is saved without it.")},
    )
    reason = forms.CharField(
        label=_("Reason, where the grade is not what the regulation says"), max_length=200, required=False
    )
    progress = forms.CharField(label=_("Progress made"), max_length=LONG, required=False, widget=area())
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    need_change = forms.CharField(label=_("Change in needs"), max_length=LONG, required=False, widget=area())
    measure = forms.CharField(label=_("Measure taken"), max_length=400, required=False)
    is_incoming = forms.BooleanField(label=_("Begun by the customer"), required=False)

    def __init__(self, *args: Any, grades: Choices, contacts: Any, ways: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = grades  # type: ignore[attr-defined]
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]
        self.fields["way"].choices = ways  # type: ignore[attr-defined]


class FixForm(forms.Form):
    """The four fixes: person, place, time, area (R000-11)."""

    owner = forms.ModelChoiceField(Party.objects.none(), label=_("In charge"), required=False)
    place = forms.CharField(label=pgettext_lazy("of a meeting", "Place"), max_length=120, required=False)
    suits = forms.CharField(
        label=_("Time that suits the customer"),
        max_length=60,
        required=False,
        help_text=_("Such as Wednesday afternoon. The dates themselves come from the regulation."),
    )
    region = forms.CharField(label=_("Upkeep area"), max_length=60, required=False)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=area())


class PhotoForm(forms.Form):
    file = forms.FileField(label=_("Photo"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"}))


class DealForm(forms.Form):
    deal = forms.CharField(label=_("Which deal was closed"), max_length=120)


class ObserveForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What it is"), choices=Observation.Kind.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What was noticed"), max_length=LONG, widget=area(3))
    sign = forms.ChoiceField(label=_("Sign of leaving"), required=False)
    measure = forms.CharField(
        label=_("Measure taken, help given"), max_length=400, required=False, widget=area()
    )

    def __init__(self, *args: Any, signs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sign"].choices = [("", "—"), *signs]  # type: ignore[attr-defined]


class ResultForm(forms.Form):
    result = forms.CharField(label=_("What came of it"), max_length=400, widget=area())


class ServeForm(forms.Form):
    strategy = forms.CharField(label=_("How this customer is served"), max_length=LONG, widget=area(3))
    measures = forms.MultipleChoiceField(label=_("Measures"), widget=forms.CheckboxSelectMultiple)
    valid_to = forms.DateField(label=_("To be looked at again by"), required=False, widget=date_input())

    def __init__(self, *args: Any, measures: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures"].choices = measures  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=RoleEvidence.Role.choices)
    text = forms.CharField(label=_("What shows it"), max_length=400, widget=area())
    on = forms.DateField(label=_("Day"), widget=date_input())


class IntroduceForm(forms.Form):
    introducer = forms.CharField(
        label=_("Introduced by"), max_length=20, help_text=_("File number, such as KH-000318.")
    )
    since = forms.DateField(label=_("Day"), widget=date_input())
    business = forms.CharField(label=_("Business won"), max_length=200, required=False)
    amount = forms.DecimalField(
        label=_("Amount (yuan)"), max_digits=14, decimal_places=2, required=False, min_value=0
    )

    def __init__(self, *args: Any, seen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen = seen

    def clean_introducer(self) -> Customer:
        typed = self.cleaned_data["introducer"].strip().upper().removeprefix("KH-")
        found = self._seen.filter(pk=int(typed)).first() if typed.isdecimal() else None
        if found is None:
            raise forms.ValidationError(_("There is no customer with this file number."))
        return found  # type: ignore[no-any-return]


class ReachForm(forms.Form):
    """F003-07: the contact was made, and what the customer replied."""

    way = forms.ChoiceField(label=_("Way"), choices=Interaction.Way.choices)
    reply = forms.CharField(label=_("Reply of the customer"), max_length=400, required=False, widget=area())


class LeaveOutForm(forms.Form):
    why = forms.CharField(label=_("Why it is left out"), max_length=200, widget=area())


class ActivityForm(forms.Form):
    """F000-15, the plan."""

    title = forms.CharField(label=_("Name"), max_length=120)
    strategy = forms.TypedChoiceField(label=_("Strategy"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind"), choices=Activity.Kind.choices)
    unit = forms.TypedChoiceField(label=_("Unit"))
    on = forms.DateField(label=_("Day"), widget=date_input())
    place = forms.CharField(label=pgettext_lazy("of a meeting", "Place"), max_length=120, required=False)
    customers = forms.CharField(
        label=_("Customers"),
        required=False,
        max_length=400,
        help_text=_("File numbers, separated by commas or spaces."),
    )
    participants = forms.CharField(
        label=_("Other participants"), max_length=LONG, required=False, widget=area()
    )
    budget = forms.DecimalField(label=_("Budget (yuan)"), max_digits=12, decimal_places=2, min_value=0)

    def __init__(
        self, *args: Any, strategies: Choices, units: Sequence[Any], seen: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._seen = seen
        by_key = {str(unit.pk): unit for unit in units}
        self.fields["strategy"].choices = strategies  # type: ignore[attr-defined]
        self.fields["unit"].choices = [(key, unit.label) for key, unit in by_key.items()]  # type: ignore[attr-defined]
        self.fields["unit"].coerce = by_key.__getitem__  # type: ignore[attr-defined]

    def clean_customers(self) -> list[Customer]:
        words = self.cleaned_data["customers"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        found = []
        for word in words:
            number = word.upper().removeprefix("KH-")
            one = self._seen.filter(pk=int(number)).first() if number.isdecimal() else None
            if one is None:
                raise forms.ValidationError(
                    _("There is no customer with the file number “%(number)s”.") % {"number": word[:20]}
                )
            found.append(one)
        return found


class DecideForm(forms.Form):
    approved = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Approve")), ("0", _("Refuse"))],
        coerce=lambda code: code == "1",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("Opinion"), max_length=200, required=False, widget=area())


class HoldForm(forms.Form):
    """F000-15, what it cost and brought."""

    cost = forms.DecimalField(label=_("Cost (yuan)"), max_digits=12, decimal_places=2, min_value=0)
    heads = forms.IntegerField(label=_("How many came"), required=False, min_value=0, max_value=32000)
    effect = forms.CharField(label=_("Effect"), max_length=LONG, widget=area())
    feedback = forms.CharField(
        label=_("Feedback of the customers"), max_length=LONG, required=False, widget=area()
    )
    introductions = forms.IntegerField(
        label=_("Introductions won"), required=False, min_value=0, max_value=32000
    )
    business = forms.DecimalField(
        label=_("Business won by them (yuan)"), max_digits=14, decimal_places=2, required=False, min_value=0
    )

    def clean_introductions(self) -> int:
        return self.cleaned_data["introductions"] or 0
