from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Unit

from .queries import Value


class ParametersForm(forms.Form):
    """A unit's own values; an empty field goes back to the manual's."""

    def __init__(self, *args: Any, values: Sequence[Value], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, value in enumerate(values):
            if value.settable:
                self.fields[f"p{number}"] = forms.CharField(
                    label=value.name,
                    required=False,
                    max_length=40,
                    initial=value.own,
                    help_text=_("manual: %(default)s, allowed %(bound)s")
                    % {"default": value.default, "bound": value.bound},
                )
        self.values = list(values)

    def chosen(self) -> dict[str, str]:
        return {
            value.name: self.cleaned_data[f"p{number}"]
            for number, value in enumerate(self.values)
            if value.settable and self.cleaned_data.get(f"p{number}")
        }


class InstallForm(forms.Form):
    """Publish the text of a manual and install it at a unit."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    file = forms.FileField(label=_("Manual (.md)"), required=False)
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    accept = forms.CharField(
        label=_("Reason for accepting the gaps that are left"), required=False, max_length=400
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        upload = values.get("file")
        if upload is not None:
            try:
                values["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError as broken:
                self.add_error(
                    "file",
                    _("The file is not UTF-8; the first wrong byte is number %(place)d.")
                    % {"place": broken.start + 1},
                )
        elif not values.get("text", "").strip():
            self.add_error("text", _("Choose a file or paste the text."))
        return values
