"""The solution is agreed with the customer before it is carried out, where the manual wants it so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.models_after import Agreement
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party

DEMANDED = "客户认可"  # column of 处理方式: 是 where this way of handling needs the customer's agreement


class CannotAgree(Exception):
    """The case is closed, a way is not the manual's, or nobody is named who said it."""


@held
@transaction.atomic
def record_agreement(
    *,
    complaint: Complaint,
    agreed: bool,
    channel: str,
    who: str,
    by: Party,
    now: dt.datetime,
    ways: Collection[str] = (),
    text: str = "",
) -> Agreement:
    """Write down what the customer says to the solution offered. Raises CannotAgree."""
    if not complaint.is_open:
        raise CannotAgree(_("This complaint is closed."))
    if not who.strip():
        raise CannotAgree(_("Write who said it on the customer's side."))
    known = {word.code for word in regime_of(complaint).words(questions.WAYS)}
    if known and not ways:
        raise CannotAgree(_("Choose at least one way of handling."))
    if strange := set(ways) - known:
        raise CannotAgree(
            _("“%(word)s” is not in the list “%(list)s” of the manual.")
            % {"word": sorted(strange)[0], "list": questions.WAYS}
        )
    row = Agreement.objects.create(
        complaint=complaint,
        round=complaint.reopened,
        ways=sorted(set(ways)),
        agreed=agreed,
        channel=channel,
        who=who.strip()[:120],
        text=text.strip(),
        by=by,
        at=now,
    )
    trail.record(
        "complaints.agreement_recorded",
        subject=complaint,
        by=by,
        at=now,
        after={"agreement": row.pk, "agreed": agreed, "ways": row.ways},
    )
    return row


def missing(complaint: Complaint, regime: Regime) -> str:
    """Why the solution may not be carried out yet, "" when it may."""
    table = regime.manual.lists.get(questions.WAYS)
    rows = table.rows if table else ()
    demanded = {row.word.code for row in rows if DEMANDED in row.cells and row.cells[DEMANDED].text == "是"}
    if not demanded:
        return ""
    last = Agreement.objects.filter(complaint=complaint, round=complaint.reopened).last()
    if last is None:
        return _("The customer's agreement to the solution is not recorded yet.")
    if not last.agreed and demanded & set(last.ways):
        return _("The customer has not agreed to this solution.")
    return ""
