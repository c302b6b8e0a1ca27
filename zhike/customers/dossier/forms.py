"""Shape of what is typed about the parts of a file."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.contacts.models import Interaction
from zhike.customers.forms import PhoneField
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit
from zhike.ui import inputs
from zhike.ui.inputs import day

from .known import BY_HAND, FIELDS
from .models import Address, Consent, Contact, Fact, FieldDefinition, Identifier, Link, Need

SOURCES = list(Fact.Source.choices)


long = partial(inputs.long, most=2000)


def known_from(initial: str = Fact.Source.ENQUIRY) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Known from"), choices=SOURCES, initial=initial)


def choose(field: forms.Field, rows: QuerySet[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class ReasonForm(forms.Form):
    """For verbs that ask for nothing but to be confirmed."""


class FactForm(forms.Form):
    field = forms.ChoiceField(label=_("What is known"))
    value = long(_("In words"), rows=2)
    source = known_from()

    def __init__(self, *args: Any, own: list[tuple[str, str]] = [], **kwargs: Any) -> None:  # noqa: B006
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, FIELDS[code].label) for code in BY_HAND] + own


class OwnFieldForm(forms.Form):
    """One field that a unit defined, in its own kind."""

    source = known_from()
    field_order = ("value", "source")

    def __init__(self, *args: Any, definition: FieldDefinition, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, kinds = definition.kind, FieldDefinition.Kind
        words = [(word, word) for word in definition.words.splitlines()]
        self.fields["value"] = {
            kinds.NUMBER: lambda: forms.DecimalField(label=label),
            kinds.DAY: lambda: day(label),
            kinds.YES_NO: lambda: forms.ChoiceField(label=label, choices=[("是", _("yes")), ("否", _("no"))]),
            kinds.CHOICE: lambda: forms.ChoiceField(label=label, choices=words),
        }.get(kind, lambda: forms.CharField(label=label, max_length=400))()  # type: ignore[call-overload]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        return values | ({"value": str(values["value"])} if "value" in values else {})


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=80)
    function = forms.ChoiceField(label=_("Function"), choices=Contact.Function.choices)
    post = forms.CharField(label=pgettext_lazy("of a contact", "Post"), max_length=60, required=False)
    say = forms.ChoiceField(label=_("Say in decisions"), choices=Contact.Say.choices)
    number = PhoneField(label=_("Telephone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_main = forms.BooleanField(label=_("Main contact"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    source = known_from()

    def __init__(self, *args: Any, masked: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if masked:
            self.fields["number"].help_text = _("%(number)s stays unless another one is typed.") % {
                "number": masked
            }


class LeaveForm(forms.Form):
    left_on = day(_("Left on"))


class AddressForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of address"), choices=Address.Kind.choices)
    province = forms.CharField(label=_("Province"), max_length=40, required=False)
    city = forms.CharField(label=_("City"), max_length=40, required=False)
    district = forms.CharField(label=_("District"), max_length=40, required=False)
    text = forms.CharField(label=_("Address"), max_length=200)
    latitude = forms.DecimalField(
        label=_("Latitude"), min_value=-90, max_value=90, max_digits=8, decimal_places=5, required=False,
        help_text=_("Degrees (WGS 84), such as 30.27412; for the map and for routes."),
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=_("Longitude"), min_value=-180, max_value=180, max_digits=8, decimal_places=5, required=False
    )
    is_main = forms.BooleanField(label=_("Main address"), required=False)
    source = known_from()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if {"latitude", "longitude"} & self.errors.keys():
            return values
        if (values.get("latitude") is None) != (values.get("longitude") is None):
            self.add_error("longitude", _("Latitude and longitude go together."))
        return values


class IdentifierForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of number"), choices=Identifier.Kind.choices)
    number = forms.CharField(
        label=_("Number"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    issuer = forms.CharField(
        label=pgettext_lazy("of a paper", "Issued by"),
        max_length=80,
        required=False,
        help_text=_("Such as the bank of an account."),
    )
    source = known_from()


class LinkForm(forms.Form):
    kind = forms.ChoiceField(label=_("This customer"), choices=Link.Kind.choices)
    other = forms.CharField(
        label=_("Which customer"),
        max_length=20,
        help_text=_("The number of the file, such as KH-000318."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    since = day(_("Since"), required=False)
    business = forms.CharField(label=_("What came of it"), max_length=200, required=False)
    amount = forms.DecimalField(label=_("Amount (yuan)"), max_digits=14, decimal_places=2, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, visible: QuerySet[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visible = visible

    def clean_other(self) -> Customer:
        typed = re.sub(r"^KH-?0*", "", self.cleaned_data["other"].strip().upper())
        found = self.visible.filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 12 else None
        if found is None:
            raise forms.ValidationError(_("No file that you may see has this number."))
        return found


class NeedForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of need"), choices=Need.Kind.choices)
    text = long(_("What is needed"))
    holder = forms.CharField(
        label=_("Whose need"),
        max_length=120,
        required=False,
        help_text=_("The customer's customer who has it; empty: the customer's own."),
    )
    strength = forms.TypedChoiceField(
        label=_("Strength"),
        choices=[("", "—"), *((str(n), str(n)) for n in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("From 1 (weak) to 5 (strong)."),
    )
    source = known_from(Fact.Source.VISIT)

    def __init__(self, *args: Any, holders: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not holders:
            del self.fields["holder"]


class SendForm(forms.Form):
    to = forms.CharField(label=_("Sent to"), max_length=80)


class OutcomeForm(forms.Form):
    outcome = long(_("What came of it"))
    closed = forms.BooleanField(label=_("That closes the need"), required=False)


class CloseNeedForm(forms.Form):
    measure = forms.CharField(label=_("What was done"), max_length=200)


class ConsentForm(forms.Form):
    EVERYTHING = "*"
    purpose = forms.ChoiceField(
        label=_("What it is about"),
        choices=[*Consent.Purpose.choices, (EVERYTHING, _("All that the customer did not ask for"))],
    )
    is_given = forms.TypedChoiceField(
        label=_("The customer"),
        choices=[("1", _("agrees")), ("", _("refuses"))],
        coerce=bool,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        initial="1",
    )
    way = forms.ChoiceField(
        label=_("By which way"), choices=[("", _("every way")), *Interaction.Way.choices], required=False
    )
    source = known_from()
    evidence = forms.CharField(
        label=_("Evidence"), max_length=200, required=False, help_text=_("Such as the form that was signed.")
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["is_given"] = bool(values.get("is_given"))
        if values.get("purpose") == self.EVERYTHING and values.get("is_given"):
            self.add_error(
                "purpose", _("Only a refusal can be of everything; agree to one purpose at a time.")
            )
        return values


class KeyForm(forms.Form):
    is_key = forms.BooleanField(label=_("This is a key customer"), required=False)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=Party.objects.none(), required=False)
    plan = long(_("Service plan"), required=False)
    chain = long(
        _("Decision chain"), required=False, help_text=_("Who asks, who advises, who decides, who signs.")
    )

    def __init__(self, *args: Any, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["owner"], staff)


class DefinitionForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Small letters, digits and _; it never changes.")
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=FieldDefinition.Kind.choices)
    words = forms.CharField(
        label=_("Words to choose from"),
        required=False,
        max_length=2000,
        widget=inputs.area(3),
        help_text=_("One a line; only for a list."),
    )
    only = forms.ChoiceField(
        label=_("For"), choices=[("", _("everybody")), *Customer.Kind.choices], required=False
    )
    is_required = forms.BooleanField(label=_("A file is not complete without it"), required=False)
    place = forms.IntegerField(label=_("Place in the order"), min_value=0, max_value=999, initial=0)

    def __init__(
        self, *args: Any, units: QuerySet[Unit], known: FieldDefinition | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["unit"], units)
        if known is not None:
            del self.fields["unit"], self.fields["code"]


class MemberForm(forms.Form):
    """F003-14, at the counter and in the portal."""

    name = forms.CharField(
        label=_("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(label=_("Mobile phone"))
    birthday = day(_("Birthday"), required=False)
    agrees = forms.BooleanField(label=_("The rules of membership and of personal data are agreed to"))
    sales = forms.BooleanField(label=_("Offers and advertising are welcome"), required=False)
    care = forms.BooleanField(label=_("Greetings and invitations are welcome"), required=False, initial=True)

    def clean_birthday(self) -> dt.date | None:
        born: dt.date | None = self.cleaned_data["birthday"]
        if born is not None and born.year < 1900:
            raise forms.ValidationError(_("This birthday is too long ago."))
        return born


class MemberHereForm(MemberForm):
    """The same at the counter: where, and with which card."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    card = forms.CharField(
        label=_("Card number"), max_length=40, required=False, help_text=_("Empty: the next free number.")
    )
    field_order = ("name", "phone", "birthday", "unit", "card", "agrees", "sales", "care")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["unit"], units)
