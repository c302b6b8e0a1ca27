"""Shape of what is typed about a customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhike.customers.dossier.models import Fact
from zhike.customers.models import Customer, Phone
from zhike.kernel.parties.models import Party, Unit
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


FIRST_SOURCE = Fact.Source.ENQUIRY


class CorrectForm(forms.Form):
    """What the columns of a file say. A business has a position (R000-17)."""

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
    position = forms.ChoiceField(
        label=_("Position"),
        choices=[("", "—"), *Customer.Position.choices],
        required=False,
        help_text=_("Intermediate: the customer has customers of its own. A business needs one of the two."),
    )
    dealing = forms.ChoiceField(label=_("Dealing"), choices=Customer.Dealing.choices, required=False)
    industry = forms.CharField(label=_("Trade or occupation"), max_length=60, required=False)
    region = forms.CharField(label=_("Region"), max_length=60, required=False)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=Party.objects.none(), required=False)
    learned_from = forms.ChoiceField(
        label=_("Known from"), choices=Fact.Source.choices, required=False, initial=FIRST_SOURCE
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, staff: QuerySet[Party] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        if staff is not None:
            field.queryset = staff

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == Customer.Kind.ORGANISATION and not values.get("position"):
            self.add_error("position", _("Say whether it is an intermediate or an end customer."))
        if not values.get("position"):
            values.pop("position", None)  # undecided stays undecided
        values["dealing"] = values.get("dealing") or Customer.Dealing.DIRECT
        values["learned_from"] = values.get("learned_from") or FIRST_SOURCE
        return values


class CreateForm(CorrectForm):
    phone = PhoneField(label=_("Telephone"), required=False)
    phone_kind = forms.ChoiceField(
        label=_("Kind of number"), choices=Phone.Kind.choices, initial=Phone.Kind.MOBILE
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    knowing = forms.BooleanField(label=_("This is somebody else of the same name"), required=False)
    field_order = (
        "kind", "name", "phone", "phone_kind", "unit", "position", "dealing", "industry", "region", "owner",
        "gender", "title", "note", "learned_from", "knowing",
    )  # fmt: skip

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
