"""Shape of what is typed at the reception."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.customers.contacts.forms import LONG
from zhike.customers.picking import CustomerField
from zhike.kernel.parties.models import Party
from zhike.ui.inputs import area

from .models import Reception


class PersonForm(forms.Form):
    """A form with one of the colleagues in it."""

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = staff


class ReceiveForm(forms.Form):
    """Who came, wrote or called. A customer of the files, or a name."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Reception.Kind.choices, widget=forms.RadioSelect)
    customer = CustomerField(label=_("Customer on file"), required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    matter = forms.CharField(
        label=_("What the letter or call is about"), max_length=LONG, widget=area(3), required=False
    )

    def __init__(self, *args: Any, customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class RegisterForm(forms.Form):
    """F001-70 of a visitor: a customer of the files, or a new one."""

    customer = CustomerField(label=_("Customer on file"), required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    source = forms.CharField(label=_("How they came to know us"), max_length=60, required=False)

    def __init__(self, *args: Any, customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class PurposeForm(PersonForm):
    purpose = forms.CharField(label=_("Why the visitor came"), max_length=400)
    passed_to = forms.ModelChoiceField(Party.objects.none(), label=_("Passed to"))


class LendForm(forms.Form):
    locker = forms.IntegerField(label=_("Locker"), min_value=1)
    key = forms.CharField(label=_("Key"), max_length=20)


class AssignForm(PersonForm):
    receiver = forms.ModelChoiceField(Party.objects.none(), label=_("Who receives"))


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer, or what came of it"), max_length=LONG, widget=area(3))
