"""What is asked before a trial: a period, and for a what-if a figure with its new value."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Unit
from zhike.kernel.policy.manual import overlay
from zhike.kernel.policy.manual.model import Manual

from .queries import name_of, said

MONTHS = 36
PERIODS = [("3", _("last quarter")), ("12", _("last year")), ("36", _("last three years"))]


def before(day: dt.date, months: int) -> dt.date:
    """The first day of the month that lies so many months back: periods are whole months."""
    count = 12 * day.year + day.month - 1 - months
    return dt.date(count // 12, count % 12 + 1, 1)


class PeriodForm(forms.Form):
    """From day to day, the last one included."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def period(self) -> tuple[dt.date, dt.date]:
        return self.cleaned_data["since"], self.cleaned_data["until"] + dt.timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The period ends before it begins."))
        return given


class WhatIfForm(forms.Form):
    """One figure of a manual, another value, where, and over which cases."""

    param = forms.ChoiceField(label=_("Figure to move"))
    value = forms.CharField(label=_("Value"), max_length=40)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("All units")
    )
    months = forms.ChoiceField(label=_("Cases of"), choices=PERIODS, initial="3")
    minutes = forms.DecimalField(label=_("Minutes a contact"), min_value=1, max_value=10_000, required=False)
    hours = forms.DecimalField(
        label=_("Hours of a person a month"), min_value=1, max_value=744, required=False
    )
    people = forms.IntegerField(label=_("People there are"), min_value=0, max_value=1_000_000, required=False)

    def __init__(self, *args: Any, manual: Manual, units: Any, contacts: bool, **kwargs: Any) -> None:
        """`contacts`: the manual says how often somebody is contacted, so that people can be reckoned."""
        super().__init__(*args, **kwargs)
        self.contacts = contacts
        for name in () if contacts else ("minutes", "hours", "people"):
            del self.fields[name]
        self.manual = manual
        self.fields["param"].choices = [(name, name_of(param)) for name, param in manual.params.items()]  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        name, value = given.get("param"), given.get("value")
        if name and value is not None:
            given["value"] = value = with_unit(self.manual, name, value)
            param = self.manual.params[name]
            why = (
                overlay.refusal(self.manual, name, value)
                if param.bound
                else _unreadable(self.manual, name, value)
            )
            if why:
                self.add_error("value", said(why, self.manual))
        return given


def with_unit(manual: Manual, name: str, value: str) -> str:
    """A bare number gets the unit in which the manual writes the figure: 1500 is 1500元."""
    text = manual.params[name].text
    bare = value.strip()
    written = text.lstrip("0123456789.+-")
    return bare + written if bare.replace(".", "", 1).isdecimal() and text != written else bare


def _unreadable(manual: Manual, name: str, value: str) -> str:
    """Why the manual could not be read with this value."""
    known = {(finding.line, finding.message) for finding in manual.errors}
    tried = overlay.with_values(manual, {name: value})
    return next((one.message for one in tried.errors if (one.line, one.message) not in known), "")
