"""Shape of input around controlled documents; nothing here saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records.forms import Form
from zhike.ui.inputs import day, long

from .models import Reference
from .queries import Process

LONG = 4000


_long = partial(long, most=400)


class NothingForm(forms.Form):
    """A word to confirm, and nothing to fill in."""


class ReasonForm(forms.Form):
    reason = _long(_("Reason"))


class KeepForm(forms.Form):
    reason = _long(_("Why it stays as it is"), most=200)


class RepealForm(forms.Form):
    ends_on = day(_("Rules nothing from this day on"))
    reason = _long(_("Reason"))


class CopyForm(forms.Form):
    holder = forms.ModelChoiceField(label=_("Holder"), queryset=Party.objects.none())
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, staff: QuerySet[Party], units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = staff  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ReferenceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Reference.Kind.choices)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)


class EditionForm(forms.Form):
    label = forms.CharField(label=_("Edition"), max_length=60, help_text=_("Such as 2021年修正."))
    effective_on = day(_("In force from"))
    changes = _long(_("What has changed"), most=1000, required=False)


class ExaminedForm(forms.Form):
    note = _long(_("Why no change is needed"))


class DepartureForm(forms.Form):
    """Process and step are chosen in one list, so that a step always belongs to its process."""

    step = forms.ChoiceField(label=_("Step of the process"))
    reason = _long(_("Customer, situation and reason"), most=LONG)
    done = _long(_("What was done instead"), most=LONG)
    effect = _long(_("Effect"), most=LONG)

    def __init__(self, *args: Any, processes: Sequence[Process], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.processes = list(processes)
        self.fields["step"].choices = [  # type: ignore[attr-defined]
            (one.name, [(f"{place}.{step.no}", step.label) for step in one.steps])
            for place, one in enumerate(self.processes)
        ]

    def chosen(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        place, no = given.pop("step").split(".")
        process = self.processes[int(place)]
        return {**given, "process": process, "step": process.steps[int(no) - 1].name}


class ReviewForm(forms.Form):
    good = forms.BooleanField(label=_("A good practice for others"), required=False)
    opinion = _long(_("Opinion"), required=False)


class OpinionForm(forms.Form):
    opinion = _long(_("Opinion"), required=False)


class SheetForm(forms.Form):
    """The fields of an official form as one page; a draft may be incomplete."""

    def __init__(self, *args: Any, sheet: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        for one in sheet.fields:
            label = one.label(language)
            if one.kind == "long":
                self.fields[one.key] = _long(label, most=LONG, rows=2, required=False)
            elif one.kind == "date":
                self.fields[one.key] = day(label, required=False)
            elif one.kind == "ticks":
                choices = [(choice.code, choice.label(language)) for choice in one.choices()]
                self.fields[one.key] = forms.MultipleChoiceField(
                    label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
                )
            else:
                self.fields[one.key] = forms.CharField(label=label, max_length=120, required=False)


def initial_of(data: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """What a sheet form begins with: the values of a record."""
    return {key: data[key] for key in keys if key in data}
