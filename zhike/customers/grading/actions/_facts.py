"""The facts of a classification as a person learns them; grades follow at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.grading import facts
from zhike.customers.models import Customer, Grade, Profile
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from ._regrading import CannotGrade, regrade_all

# what a person says of a customer; the other columns are counted
NOTED = (
    "need",
    "deal_expected_on",
    "possible_amount",
    "is_negotiating",
    "is_regular",
    "environment",
    "size",
    "area",
    "monthly_rent",
)


@transaction.atomic
def note(*, customer: Customer, by: Party, now: dt.datetime, **given: Any) -> list[Grade]:
    """Write down facts of the profile and ask the manuals again. The grades that are in force now. Raises CannotGrade."""
    strange = set(given) - set(NOTED)
    if strange:
        raise TypeError(f"no facts of a profile: {sorted(strange)}")
    profile = facts.profile_of(customer)
    if given.get("need", profile.need) == Profile.NeedState.NONE and given.get("deal_expected_on"):
        raise CannotGrade(_("A customer without need or chance has no day of a deal. Clear one of the two."))
    for name in ("possible_amount", "area", "monthly_rent"):
        if given.get(name) is not None and given[name] < 0:
            raise CannotGrade(_("Amounts and areas are not negative."))
    changed = {name: value for name, value in given.items() if getattr(profile, name) != value}
    if changed:
        before = {name: _plain(getattr(profile, name)) for name in changed}
        Profile.objects.filter(pk=profile.pk).update(**changed)
        for name, value in changed.items():
            setattr(profile, name, value)
        after = {name: _plain(value) for name, value in changed.items()}
        trail.record("customers.noted", subject=customer, by=by, at=now, before=before, after=after)
    return regrade_all(customer=customer, by=by, now=now)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
