"""Shape of input of archives; nothing here saves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Archive
from zhike.kernel.parties.models import Party
from zhike.ui import inputs


class OpenForm(forms.Form):
    kind = forms.ChoiceField(label=_("Class"))
    title = forms.CharField(label=_("Title"), max_length=120)
    medium = forms.ChoiceField(label=_("Kept as"), choices=Archive.Medium.choices)
    place = forms.CharField(
        label=_("Place"), max_length=120, help_text=_("Room, cupboard and shelf, or the folder.")
    )
    keeper = forms.ModelChoiceField(label=_("Keeper"), queryset=Party.objects.none(), required=False)

    def __init__(
        self, *args: Any, kinds: Sequence[tuple[str, str]], staff: QuerySet[Party], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
        self.fields["keeper"].queryset = staff  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    title = forms.CharField(label=_("Document"), max_length=120)
    arose_on = inputs.day(_("Made on"))
    pages = forms.IntegerField(label=_("Pages"), min_value=1, max_value=9999, initial=1)
    medium = forms.ChoiceField(label=_("Kept as"), choices=Archive.Medium.choices)


class PlaceForm(forms.Form):
    place = forms.CharField(label=_("Place"), max_length=120)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class LoanForm(forms.Form):
    purpose = forms.CharField(label=_("What for"), max_length=200)


class DecideForm(forms.Form):
    approve = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Approve")), ("0", _("Refuse"))],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("Opinion"), max_length=200, required=False)


class ReturnForm(forms.Form):
    condition = forms.CharField(
        label=pgettext_lazy("of an archive", "Condition"),
        max_length=200,
        required=False,
        initial=_("complete"),
    )


class NothingForm(forms.Form):
    """A word to confirm, and nothing to fill in."""


class EndForm(forms.Form):
    note = forms.CharField(label=_("Note"), required=False, widget=inputs.area())


class DestroyForm(forms.Form):
    archives = forms.ModelMultipleChoiceField(
        label=_("Files whose time is over"),
        queryset=Archive.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, initial=_("time of keeping is over"))
    way = forms.CharField(label=_("How they are destroyed"), max_length=120)

    def __init__(self, *args: Any, ripe: QuerySet[Archive], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["archives"].queryset = ripe  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
