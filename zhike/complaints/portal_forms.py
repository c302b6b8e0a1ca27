"""What customers type in the portal. The choices are words of the shop's regulation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel.records.attachments import ACCEPT

from . import questions
from .forms import MoneyField
from .portal_codes import FORM_SALT
from .regime import Regime

MANAGER = "INSISTS_ON_MANAGER"  # word of 投诉情形 behind the wish to speak with the store manager
MOST_FILES = 6
FORM_AGE = 24 * 3600  # seconds in which a page may be sent


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is checked when it is attached."""

    widget = ManyFiles(attrs={"multiple": True, "accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        found = [super(FilesField, self).clean(one, initial) for one in (data or []) if one]
        if len(found) > MOST_FILES:
            raise forms.ValidationError(
                _("At most %(most)s files at once; you chose %(count)s.")
                % {"most": MOST_FILES, "count": len(found)}
            )
        return found


class ComplainForm(forms.Form):
    """What a customer tells. The choices are words of the shop's regulation."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Your telephone"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What happened?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("When, where, what you bought, whom you spoke with."),
    )
    origin = forms.ChoiceField(label=gettext_lazy("Who are you?"), widget=forms.RadioSelect)
    item = forms.ChoiceField(label=gettext_lazy("What is it about?"), required=False)
    value = MoneyField(
        label=gettext_lazy("Value of the goods (yuan)"),
        required=False,
        help_text=gettext_lazy("Leave it empty if you do not know."),
    )
    demand = forms.CharField(label=gettext_lazy("What do you want us to do?"), max_length=400, required=False)
    manager = forms.BooleanField(label=gettext_lazy("I want to speak with the store manager"), required=False)
    photos = FilesField(
        label=gettext_lazy("Photos and receipts"),
        required=False,
        help_text=gettext_lazy("Pictures, PDF, sound or MP4; up to 6 files."),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, regime: Regime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)
        item.choices = [("", _("I am not sure")), *regime.choices(questions.ITEMS)]
        origin = self.fields["origin"]
        assert isinstance(origin, forms.ChoiceField)
        origin.choices = regime.origins
        if not regime.origins:
            del self.fields["origin"]
        if MANAGER not in {word.code for word in regime.words(questions.CIRCUMSTANCES)}:
            del self.fields["manager"]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\x00", "").strip()
        if not text:
            raise forms.ValidationError(_("Tell us what happened."))
        return text

    @property
    def seed(self) -> str:
        """The random part of the form's token; "" when it is forged or too old."""
        try:
            found: str = signing.loads(self.cleaned_data.get("token", ""), salt=FORM_SALT, max_age=FORM_AGE)
        except signing.BadSignature:
            return ""
        return found


class FollowForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the complaint"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class MessageForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Add something"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = FilesField(label=gettext_lazy("Photos and receipts"), required=False)
