"""Shape of what is typed when a week is planned by routes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    early = forms.BooleanField(required=False)


class PlaceForm(forms.Form):
    """`at`: the place in the day, from 0; empty where it fits best. `revision`: what was looked at."""

    key = forms.IntegerField()
    to = forms.CharField(max_length=10)
    at = forms.IntegerField(required=False, min_value=0)
    revision = forms.IntegerField(min_value=0)


def _time(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}), **more
    )


class WorkdayForm(forms.Form):
    latitude = forms.DecimalField(
        label=_("Latitude"), min_value=-90, max_value=90, max_digits=8, decimal_places=5, required=False,
        help_text=_("Where the day begins and ends; degrees (WGS 84), such as 30.27412."),
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=_("Longitude"), min_value=-180, max_value=180, max_digits=8, decimal_places=5, required=False
    )
    begins = _time(_("The day begins"), help_text=_("Empty: as the calendar of the unit says."))
    ends = _time(_("The day ends"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        if (values["latitude"] is None) != (values["longitude"] is None):
            self.add_error("longitude", _("Latitude and longitude go together."))
        if values["begins"] and values["ends"] and values["begins"] >= values["ends"]:
            self.add_error("ends", _("The day ends before it begins."))
        return values
