"""Who bears how much of the responsibility, in per cent, and so of the compensation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints.models import Complaint
from zhike.complaints.models_after import Share
from zhike.kernel.audit import trail
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit

from . import _common

WHOLE = Decimal(100)


class CannotShare(Exception):
    """The shares are not complete, name nobody, or do not add to 100."""


@dataclass(frozen=True)
class Part:
    """One line: `unit` for a department of ours, `name` for a supplier or carrier."""

    side: str
    percent: Decimal
    evidence: str
    unit: Unit | None = None
    name: str = ""
    nature: str = ""


@held
@transaction.atomic
def settle_shares(*, complaint: Complaint, parts: Sequence[Part], by: Party, now: dt.datetime) -> list[Share]:
    """Say who bears how much; all lines at once, in place of those before. Raises CannotShare, WrongStage."""
    if not complaint.is_open:
        raise CannotShare(_("This complaint is closed."))
    if by.pk == complaint.accused_id:
        raise CannotShare(_("Who is complained of does not decide on the responsibility."))
    _check(parts)
    before = _plain(complaint)
    _common.save_facts(complaint)
    Share.objects.filter(complaint=complaint).delete()
    rows = Share.objects.bulk_create(
        [
            Share(
                complaint=complaint,
                place=place,
                side=part.side,
                unit=part.unit if part.side == Share.Side.OWN else None,
                name=part.name.strip() if part.side != Share.Side.OWN else "",
                percent=part.percent,
                nature=part.nature.strip()[:200],
                evidence=part.evidence.strip(),
                by=by,
                at=now,
            )
            for place, part in enumerate(parts, start=1)
        ]
    )
    trail.record(
        "complaints.shares_settled",
        subject=complaint,
        by=by,
        at=now,
        before={"shares": before},
        after={"shares": _plain(complaint)},
    )
    return rows


def _check(parts: Sequence[Part]) -> None:
    if not parts:
        raise CannotShare(_("Name at least one party who bears the responsibility."))
    named = set()
    for part in parts:
        if part.side not in Share.Side.values:
            raise CannotShare(
                _("Say whether it is an own department, a supplier, a carrier or the customer.")
            )
        if part.side == Share.Side.OWN and part.unit is None:
            raise CannotShare(_("Choose the department that bears the responsibility."))
        if part.side in {Share.Side.SUPPLIER, Share.Side.CARRIER} and not part.name.strip():
            raise CannotShare(_("Write the name of the supplier or carrier."))
        if not part.evidence.strip():
            raise CannotShare(_("Every share needs its evidence."))
        if not 0 < part.percent <= WHOLE:
            raise CannotShare(_("A share lies above 0 and at 100 per cent at most."))
        named.add((part.side, part.unit.pk if part.unit else None, part.name.strip()))
    if len(named) < len(parts):
        raise CannotShare(_("The same party stands in two lines."))
    total = sum((part.percent for part in parts), Decimal(0))
    if total != WHOLE:
        raise CannotShare(
            _("The shares add to %(total)s per cent; they must add to exactly 100.") % {"total": total}
        )


def _plain(complaint: Complaint) -> list[str]:
    rows = Share.objects.filter(complaint=complaint).select_related("unit")
    return [f"{row.who} {row.percent}%" for row in rows]
