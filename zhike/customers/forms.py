"""Shape of what is typed about a customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Customer, Phone
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.secret import normal_phone

REASONS = (_("Call back about a case"), _("The customer asked for a call"), _("Check who is calling"))


class PhoneField(forms.CharField):
    """A telephone number in any usual way of writing; cleaned as it was typed."""

    def __init__(self, **more: Any) -> None:
        attrs = {"inputmode": "tel", "autocomplete": "off"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **more)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not normal_phone(value):
            raise forms.ValidationError(_("“%(text)s” is no telephone number.") % {"text": value[:30]})


class CorrectForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=120)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", "—"), *Customer.Gender.choices], required=False
    )
    title = forms.CharField(
        label=_("Form of address or post"),
        max_length=40,
        required=False,
        help_text=_("Such as Ms, or purchasing manager."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CreateForm(CorrectForm):
    phone = PhoneField(label=_("Telephone"), required=False)
    phone_kind = forms.ChoiceField(
        label=_("Kind of number"), choices=Phone.Kind.choices, initial=Phone.Kind.MOBILE
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    knowing = forms.BooleanField(label=_("This is somebody else of the same name"), required=False)
    field_order = ("kind", "name", "phone", "phone_kind", "unit", "gender", "title", "note", "knowing")

    def __init__(self, *args: Any, units: QuerySet[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["revision"]
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = units


class PhoneForm(forms.Form):
    number = PhoneField(label=_("Telephone"))
    kind = forms.ChoiceField(label=_("Kind of number"), choices=Phone.Kind.choices, initial=Phone.Kind.MOBILE)


class RevealForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
