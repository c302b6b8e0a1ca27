"""Everything that a leaving person has in hand goes to another in one action."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers.models import (
    Archive,
    CreditRisk,
    CreditSurvey,
    Customer,
    Handover,
    Loan,
    Promise,
)
from zhike.kernel.audit import trail
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party


class CannotHandOver(Exception):
    """Nothing was moved; the message is one sentence."""


@dataclass(frozen=True)
class Owned:
    """One kind of thing: the rows of the leaver, and the column that names them."""

    key: str
    label: str | Lazy
    rows: QuerySet[Any]
    column: str

    @property
    def count(self) -> int:
        return self.rows.count()


def owned_by(leaver: Party) -> list[Owned]:
    """What a person has in hand of customers."""
    about_customers = Duty.objects.open().filter(owner=leaver, customer__isnull=False)
    return [
        Owned("customers", gettext_lazy("Customers"), Customer.objects.filter(owner=leaver), "owner"),
        Owned("archives", gettext_lazy("Archives kept"), Archive.objects.filter(keeper=leaver).exclude(state=Archive.State.DESTROYED), "keeper"),
        Owned("promises", gettext_lazy("Open promises"), Promise.objects.filter(keeper=leaver, state=Promise.State.OPEN), "keeper"),
        Owned("risks", gettext_lazy("Customers at risk"), CreditRisk.objects.filter(owner=leaver, state=CreditRisk.State.OPEN), "owner"),
        Owned("surveys", gettext_lazy("Credit surveys being filled in"), CreditSurvey.objects.filter(by=leaver, state=CreditSurvey.State.DRAFT), "by"),
        Owned("duties", gettext_lazy("Open duties"), about_customers, "owner"),
    ]  # fmt: skip


def borrowed(leaver: Party) -> QuerySet[Loan]:
    """Archives that the person has not given back."""
    return Loan.objects.filter(borrower=leaver, state=Loan.State.LENT).select_related("archive")


@transaction.atomic
def hand_over(*, leaver: Party, to: Party, reason: str, by: Party, now: dt.datetime) -> Handover:
    """Move it all; archives that were borrowed have to be back first (R002-P08). Raises CannotHandOver."""
    if leaver.pk == to.pk:
        raise CannotHandOver(_("Choose another person who takes it over."))
    if not reason.strip():
        raise CannotHandOver(_("Say why."))
    lent = [loan.archive.number for loan in borrowed(leaver)]
    if lent:
        raise CannotHandOver(
            _("%(name)s has to return these archives first: %(numbers)s.")
            % {"name": leaver.name, "numbers": "、".join(lent)}
        )
    found = owned_by(leaver)
    moved = {kind.key: kind.rows.update(**{kind.column: to}) for kind in found}
    if not any(moved.values()):
        raise CannotHandOver(_("%(name)s has nothing in hand.") % {"name": leaver.name})
    row = Handover.objects.create(
        leaver=leaver, to=to, unit_id=leaver.unit_id, reason=reason.strip()[:200], moved=moved, by=by, at=now
    )
    trail.record(
        "customers.handed_over",
        subject=row,
        by=by,
        at=now,
        after={"from": leaver.pk, "to": to.pk, "moved": moved, "reason": row.reason},
        unit_id=leaver.unit_id,
    )
    return row
