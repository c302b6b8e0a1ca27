"""A complaint that came unclassified gets its item in one step."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.ask import keep

from . import _common, _handling


@held
@transaction.atomic
def classify(
    *, complaint: Complaint, item: str, by: Party, now: dt.datetime, value: Decimal | None = None
) -> Complaint:
    """Give the item, and the value if it is known; circumstances follow from the item as at the counter.

    Raises CannotHandOver without an item or when nobody is left to handle it, WrongStage.
    """
    regime = regime_of(complaint)
    if item not in {word.code for word in regime.words(questions.ITEMS)}:
        raise _handling.CannotHandOver(_("Choose the item."))
    circumstances = complaint.circumstances
    if not circumstances:
        complaint.item, complaint.group = item, regime.group_of(item)
        found = _common.asked(questions.CIRCUMSTANCE, complaint, regime, by=by, now=now)
        keep(found)
        circumstances = list(found[0].outcome.get("circumstances") or []) if found else []
        complaint.item = complaint.group = ""
    return _handling.change_facts(
        complaint=complaint,
        by=by,
        now=now,
        reason=_("Classified"),
        item=item,
        value=complaint.value if value is None else value,
        circumstances=circumstances,
    )
