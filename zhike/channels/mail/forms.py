"""Shape of input: a mailbox."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope

from . import purposes, queries
from .models import Mailbox


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Unit) -> str:
        return obj.label


class MailboxForm(forms.Form):
    """Where the mails lie, what they become, from which address answers come."""

    name = forms.CharField(label=_("Name"), max_length=60)
    purpose = forms.ChoiceField(label=_("Its mails become"))
    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none())
    host = forms.CharField(label=_("IMAP server"), max_length=200, help_text=_("Such as imap.163.com."))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    tls = forms.ChoiceField(label=_("Safe connection"), choices=Mailbox.Tls.choices)
    user = forms.CharField(label=_("User"), max_length=200)
    secret = forms.CharField(
        label=_("Name of the password"),
        max_length=40,
        help_text=_("KEFU means that the environment of Zhike has the password as ZHIKE_MAIL_SECRET_KEFU."),
    )
    folder = forms.CharField(label=_("Folder"), max_length=200, initial="INBOX")
    done_folder = forms.CharField(
        label=_("Move what was taken to"),
        max_length=200,
        required=False,
        help_text=_("Left empty, mails stay and are marked as read."),
    )
    address = forms.EmailField(label=_("Answers come from"), max_length=254)
    sender_name = forms.CharField(label=_("Name of the sender"), max_length=120, required=False)
    acknowledges = forms.BooleanField(label=_("Acknowledge receipt"), required=False, initial=True)
    takes_old = forms.BooleanField(
        label=_("Also take what lies in the folder already"),
        required=False,
        help_text=_("Holds for the first run; later nothing old is taken."),
    )
    is_active = forms.BooleanField(label=_("Read every minute"), required=False, initial=True)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purpose, unit = self.fields["purpose"], self.fields["unit"]
        assert isinstance(purpose, forms.ChoiceField)
        assert isinstance(unit, UnitChoice)
        purpose.choices = [(one.code, one.label) for one in purposes.known().values()]
        unit.queryset = queries.units(scope).order_by("path")


class PutAsideForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=400)
