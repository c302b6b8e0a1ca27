"""Shape of what is typed about reports and messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.ui.inputs import area, date_input

from .models import Gap, Measure, Report

LONG = 8000
LINES = 5  # new measures at once


class ReportForm(forms.Form):
    """The parts of a report, causes of its gaps, its measures, the fate of the measures before."""

    def __init__(
        self, *args: Any, report: Report, parts: Sequence[tuple[str, str]], before: Sequence[Measure], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.parts, self.before = parts, before
        for row in before:
            self.fields[f"fate_{row.pk}"] = forms.ChoiceField(
                label=row.text, choices=Measure.Fate.choices, required=False, initial=row.fate
            )
            self.fields[f"note_{row.pk}"] = forms.CharField(
                label=_("How far"), max_length=200, required=False, initial=row.fate_note
            )
        self.gaps: list[Gap] = list(report.gaps.all()) if report.kind == Report.Kind.MONTH else []
        for gap in self.gaps:
            self.fields[f"cause_{gap.pk}"] = forms.CharField(
                label=gap.name,
                max_length=400,
                required=False,
                initial=gap.cause,
                widget=forms.TextInput(attrs={"class": "form-control", "aria-label": gap.name}),
            )
        for code, label in parts:
            self.fields[f"part_{code}"] = forms.CharField(
                label=label,
                max_length=LONG,
                required=False,
                widget=area(4),
                initial=report.parts.get(code, ""),
            )
        self.has_measures = report.kind == Report.Kind.SUMMARY
        if self.has_measures:
            kept = list(report.measures.all())
            for place in range(max(LINES, len(kept) + 1)):
                one = kept[place] if place < len(kept) else None
                self.fields[f"measure_{place}"] = forms.CharField(
                    label=_("Measure"), max_length=200, required=False, initial=one.text if one else ""
                )
                self.fields[f"due_{place}"] = forms.DateField(
                    label=_("Due"), required=False, initial=one.due_on if one else None,
                    widget=date_input(),
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for place in self._places():
            if (
                given.get(f"measure_{place}")
                and not given.get(f"due_{place}")
                and f"due_{place}" not in self.errors
            ):
                self.add_error(f"due_{place}", _("Say by which day."))
        return given

    def _places(self) -> list[int]:
        return [int(name.removeprefix("measure_")) for name in self.fields if name.startswith("measure_")]

    @property
    def typed_parts(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"part_{code}"] for code, _label in self.parts}

    @property
    def written(self) -> dict[str, Any]:
        """What `actions.save` takes."""
        given = self.cleaned_data
        measures: list[tuple[str, dt.date]] = [
            (given[f"measure_{place}"], given[f"due_{place}"])
            for place in self._places()
            if given[f"measure_{place}"]
        ]
        return {
            "parts": self.typed_parts,
            "causes": {gap.pk: given[f"cause_{gap.pk}"] for gap in self.gaps},
            "measures": measures if self.has_measures else None,
            "fates": {row.pk: (given[f"fate_{row.pk}"] or "PENDING", given[f"note_{row.pk}"]) for row in self.before},
        }  # fmt: skip

    def lines(self) -> list[tuple[Any, Any]]:
        return [(self[f"measure_{place}"], self[f"due_{place}"]) for place in self._places()]


class AdjustForm(forms.Form):
    """What was submitted changes, for a reason."""

    def __init__(self, *args: Any, report: Report, parts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in parts:
            self.fields[f"part_{code}"] = forms.CharField(
                label=label, max_length=LONG, widget=area(3), initial=report.parts.get(code, "")
            )
        self.fields["reason"] = forms.CharField(label=_("Why it changes"), max_length=200)

    @property
    def typed_parts(self) -> dict[str, str]:
        return {
            name.removeprefix("part_"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("part_")
        }


class OpenForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Report.Kind.choices, widget=forms.RadioSelect)


class CommentForm(forms.Form):
    text = forms.CharField(label=pgettext_lazy("of a leader", "Comment"), max_length=2000, widget=area(4))
