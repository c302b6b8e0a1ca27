"""Shape of what is said of two files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .contrasts import BOTH, Line

FIRST, SECOND = "first", "second"


class ReviewForm(forms.Form):
    """Which file stays, and for each thing on which they differ whose value holds."""

    stays = forms.ChoiceField(choices=[(FIRST, ""), (SECOND, "")], initial=FIRST)
    reason = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)

    def __init__(self, *args: Any, lines: list[Line], **more: Any) -> None:
        super().__init__(*args, **more)
        self.lines = [line for line in lines if line.differs]
        for line in self.lines:
            choices = [(FIRST, ""), (SECOND, ""), *([(BOTH, "")] if line.both else [])]
            self.fields[f"choice:{line.key}"] = forms.ChoiceField(
                label=line.label,
                choices=choices,
                required=line.must,
                error_messages={"required": _("Choose which one holds.")},
            )

    def choices(self) -> dict[str, str]:
        """Whose value holds, by the file that stays: "kept" or "gone"."""
        stays = self.cleaned_data["stays"]
        said = {stays: "kept", FIRST if stays == SECOND else SECOND: "gone", BOTH: BOTH}
        given = {line.key: self.cleaned_data.get(f"choice:{line.key}") for line in self.lines}
        return {key: said[value] for key, value in given.items() if value}


class PartForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class PutForwardForm(forms.Form):
    other = forms.CharField(
        label=gettext_lazy("The other file"),
        max_length=60,
        help_text=gettext_lazy(
            "Its number such as KH-000318, or a telephone number that only that file has."
        ),
    )
