"""Shape of input: a file, what its columns mean, what becomes of customers that the house has already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel.parties.models import Unit

from .checking import MARK, SKIP, UPDATE
from .columns import FIELDS

ACCEPT = ".csv,.tsv,.txt,.xlsx,.xls,.ods"


KNOWN = [
    (SKIP, gettext_lazy("is left out")),
    (UPDATE, gettext_lazy("is brought up to date: filled cells replace what the file said, the name stays")),
    (MARK, gettext_lazy("is loaded as a new file and marked as a duplicate, to be looked at")),
]


class UploadForm(forms.Form):
    """The file, and the unit whose customers are in it."""

    unit = forms.TypedChoiceField(label=gettext_lazy("Unit"), coerce=int)
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy(
            "CSV (UTF-8 or GB18030), TSV, XLSX, XLS or ODS with a header; up to a million rows."
        ),
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.TypedChoiceField)
        unit.choices = [(one.pk, one.label) for one in units]


class ColumnsForm(forms.Form):
    """One choice of a column for each field of a customer."""

    known = forms.ChoiceField(
        label=gettext_lazy("A customer whose telephone or licence number the house has already"),
        choices=[
            (SKIP, gettext_lazy("is left out")),
            (
                UPDATE,
                gettext_lazy(
                    "is brought up to date: filled cells replace what the file said, the name stays"
                ),
            ),
            (MARK, gettext_lazy("is loaded as a new file and marked as a duplicate, to be looked at")),
        ],
        widget=forms.RadioSelect,
    )
    remember = forms.CharField(
        label=gettext_lazy("Remember these columns as"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as “members of the old system”; empty: do not remember."),
    )

    def __init__(self, *args: Any, header: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("— not in the file —")), *((column, column) for column in header)]
        for name, label in FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{name}"] for name in FIELDS]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        chosen: set[str] = set()
        for name in FIELDS:
            column = given.get(f"column_{name}")
            if column and column in chosen:
                self.add_error(f"column_{name}", _("This column is chosen for two things."))
            chosen.add(column or "")
        if not given.get("column_name"):
            self.add_error("column_name", _("Choose the column of names."))
        return given

    def columns(self) -> dict[str, str]:
        found = {name: self.cleaned_data[f"column_{name}"] for name in FIELDS}
        return {name: column for name, column in found.items() if column}
