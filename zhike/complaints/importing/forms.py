"""Shape of input: a file, what its columns mean, what its categories mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel.parties.models import Unit

from .columns import FIELDS

ACCEPT = ".csv,.tsv,.txt,.xlsx,.xls,.ods"


class UploadForm(forms.Form):
    """The file, and the shop whose complaints are in it."""

    unit = forms.TypedChoiceField(label=gettext_lazy("Shop"), coerce=int)
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("CSV (UTF-8 or GB18030), TSV, XLSX, XLS or ODS with a header; up to 50 MB."),
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.TypedChoiceField)
        unit.choices = [(one.pk, one.label) for one in units]


class ColumnsForm(forms.Form):
    """One choice of a column for each field of a complaint."""

    undated = forms.ChoiceField(
        label=gettext_lazy("A case without status and without date of closing is"),
        choices=[
            ("open", gettext_lazy("still open: it gets a ruling and duties from today on")),
            ("closed", gettext_lazy("closed: it is kept as history, without ruling and duties")),
        ],
        widget=forms.RadioSelect,
    )
    remember = forms.CharField(
        label=gettext_lazy("Remember these columns as"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as “work orders of the hotline”; empty: do not remember."),
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
        chosen: dict[str, str] = {}
        for name in FIELDS:
            column = given.get(f"column_{name}")
            if not column:
                continue
            if column in chosen:
                self.add_error(f"column_{name}", _("This column is chosen for two things."))
            chosen[column] = name
        if not (given.get("column_text") or given.get("column_title")):
            self.add_error("column_text", _("Choose the column that says what the customer complains of."))
        return given

    def columns(self) -> dict[str, str]:
        found = {name: self.cleaned_data[f"column_{name}"] for name in FIELDS}
        return {name: column for name, column in found.items() if column}


class CategoriesForm(forms.Form):
    """One item of the regulation for each category of the file, or none."""

    def __init__(
        self,
        *args: Any,
        counts: Sequence[tuple[str, int]],
        chosen: Mapping[str, str],
        items: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words = [word for word, _count in counts]
        choices = [("", _("Not classified")), *items]
        for place, (word, count) in enumerate(counts):
            self.fields[f"category_{place}"] = forms.ChoiceField(
                label=f"{word[:60]} · {count:,}",
                choices=choices,
                required=False,
                initial=chosen.get(word, ""),
            )

    def categories(self) -> dict[str, str]:
        return {word: self.cleaned_data[f"category_{place}"] for place, word in enumerate(self.words)}
