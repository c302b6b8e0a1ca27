"""What the actions of the file share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhike.customers.actions import LONGEST_REASON, NoReason
from zhike.customers.models import Customer
from zhike.kernel.audit import personal


def changed(customer: Customer, now: dt.datetime) -> None:
    """The file says when something on it changed last (R002-094)."""
    Customer.objects.filter(pk=customer.pk).update(updated_at=now)
    customer.updated_at = now


def sealed(customer: Customer, text: Any) -> str:
    """A personal value for the trail."""
    return personal.sealed_value(customer.party, str(text)) if text else ""


def one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def reason_of(text: str) -> str:
    """Why a full number is looked at. Raises NoReason."""
    reason = one_line(text)
    if not reason:
        raise NoReason(_("Say why you need the full number."))
    if len(reason) > LONGEST_REASON:
        raise NoReason(_("Say it in at most %(count)s characters.") % {"count": LONGEST_REASON})
    return reason
