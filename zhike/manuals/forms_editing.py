"""Shape of what comes in from the editor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Unit

from .queries import said

MOST_BYTES = 20_000_000


class BeginNewForm(forms.Form):
    """A regulation that does not exist yet: from a file, from pasted text, or from its title alone."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=120,
        help_text=_("May stay empty where the text says its title."),
    )
    upload = forms.FileField(
        label=_("File (.docx or .md)"),
        required=False,
        help_text=_(
            "Of a Word file the headings become clauses and the tables tables; their tests are yours to write."
        ),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("With neither, an empty regulation with a first clause begins."),
    )
    key = forms.CharField(
        label=_("Short name"),
        required=False,
        max_length=80,
        help_text=_("Small letters, figures and hyphens, such as mall-complaints. Left empty, one is given."),
    )

    install_at = forms.ModelChoiceField(
        label=_("Works at"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("This unit and all below it work by it as soon as it is approved; empty: nobody yet."),
    )

    def __init__(self, *given: Any, units: QuerySet[Unit]) -> None:
        super().__init__(*given)
        self.fields["install_at"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        upload = values.get("upload")
        if upload is not None:
            values["text"], values["notes"] = self._read(upload)
            values["title"] = values.get("title") or Path(upload.name).stem[:120]
        return values

    def _read(self, upload: Any) -> tuple[str, tuple[str, ...]]:
        if upload.size > MOST_BYTES:
            self.add_error("upload", _("The file is too large: at most 20 MB."))
            return "", ()
        data = upload.read()
        if Path(upload.name).suffix.lower() in {".docx", ".doc"}:
            from zhike.kernel.policy.editing.word import BadDocument, draft_from_docx  # rarely asked for

            try:
                starter = draft_from_docx(data)
            except BadDocument as refusal:
                self.add_error("upload", said(str(refusal)))
                return "", ()
            return starter.text, tuple(map(said, starter.notes))
        return decoded(self, "upload", data), ()


class UploadForm(forms.Form):
    """A workbook or the Markdown file of a draft, coming back."""

    upload = forms.FileField(label=_("Workbook (.xlsx) or text (.md)"))
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a gap may stay open."""

    reason = forms.CharField(
        label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )
    table = forms.CharField(widget=forms.HiddenInput, required=False)
    message = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ProseForm(forms.Form):
    """The text of a clause between its tables."""

    prose = forms.CharField(
        label=_("Text of the clause"),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "zk-mono"}),
    )
    first = forms.IntegerField(widget=forms.HiddenInput)
    last = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class DayForm(forms.Form):
    effective_on = forms.DateField(label=_("Takes effect on"), required=False)
    seen = forms.IntegerField()


def decoded(form: forms.Form, name: str, data: bytes) -> str:
    """The text of a file; what is not UTF-8 is said with its place."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        form.add_error(
            name,
            _("The file is not UTF-8; the first wrong byte is number %(place)d.")
            % {"place": broken.start + 1},
        )
        return ""
