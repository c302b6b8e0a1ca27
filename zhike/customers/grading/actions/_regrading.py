"""One customer gets a value: from the manual, confirmed or decided by a person."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.grading import facts, queries
from zhike.customers.grading.dimensions import DIMENSIONS, Dimension
from zhike.customers.models import Customer, Grade
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import ask
from zhike.kernel.policy.inforce import NoManual, manual_of
from zhike.kernel.policy.models import Ruling
from zhike.kernel.worktime import calendars

LONGEST_REASON = 200


class CannotGrade(Exception):
    """The customer does not get this value; the message is one sentence."""


@transaction.atomic
def regrade(
    *,
    customer: Customer,
    dimension: str,
    by: Party | None,
    now: dt.datetime,
    value: str | None = None,
    reason: str = "",
    valid_to: dt.date | None = None,
    approved_by: Party | None = None,
) -> Grade:
    """The customer's value in a dimension, as the manual in force rules on the facts of today.

    Without `value` the ruling counts, except where a person has decided otherwise and that still holds. With `value`
    a person confirms the ruling or, for a reason, decides something else. A new row is written only if the value
    changes or a person confirms. Raises CannotGrade.
    """
    asked = _dimension(dimension)
    ruling = _ruled(asked, customer, by, now)
    was = Grade.objects.filter(customer=customer, dimension=dimension, until=None).first()
    today = calendars.local_day(now, customer.unit_id)
    if value is None:
        if was is not None and (was.value == ruling["value"] or holds(was, today)):
            return was
        origin, wanted = Grade.Origin.RULED, str(ruling["value"])
    else:
        wanted = _checked(asked, ruling, value)
        origin = Grade.Origin.CONFIRMED if wanted == ruling["value"] else Grade.Origin.DECIDED
    text = " ".join(reason.split())
    _check_decision(origin, text, valid_to, today)
    return _write(
        was,
        ask.keep([ruling])[0],
        now,
        Grade(
            customer=customer,
            dimension=dimension,
            value=wanted,
            origin=origin,
            since=now,
            valid_to=valid_to,
            clause=ruling.clause,
            version_id=ruling.version_id,
            row=ruling.row,
            reason=text,
            by=by,
            approved_by=approved_by,
        ),
    )


def regrade_all(*, customer: Customer, by: Party | None, now: dt.datetime) -> list[Grade]:
    """Every dimension that a manual in force at the customer's unit rules on: what follows from changed facts."""
    today = calendars.local_day(now, customer.unit_id)
    return [
        regrade(customer=customer, dimension=one.code, by=by, now=now)
        for one in DIMENSIONS.values()
        if queries.answer_for(one, customer.unit_id, today) is not None
    ]


def ruled_value(*, customer: Customer, dimension: str, now: dt.datetime) -> str:
    """What the manual in force gives for the facts of today; nothing is stored. Raises CannotGrade."""
    return str(_ruled(_dimension(dimension), customer, None, now)["value"])


def holds(grade: Grade, today: dt.date) -> bool:
    """Whether a person decided this value and it is not due to be looked at again."""
    return grade.origin == Grade.Origin.DECIDED and (grade.valid_to is None or grade.valid_to >= today)


def _dimension(code: str) -> Dimension:
    if code not in DIMENSIONS:
        raise CannotGrade(_("There is no dimension “%(code)s”.") % {"code": code})
    return DIMENSIONS[code]


def _ruled(asked: Dimension, customer: Customer, by: Party | None, now: dt.datetime) -> Ruling:
    """What the manual in force says, not stored yet. Raises CannotGrade."""
    facts.profile_of(customer)
    try:
        found = ask.rulings(asked.question, about=customer, unit_id=customer.unit_id, by=by, now=now)
        return ask.the_one(asked.question, found)
    except (NoManual, ask.NoRow) as silent:
        raise CannotGrade(str(silent)) from silent


def _checked(asked: Dimension, ruling: Ruling, value: str) -> str:
    """Raises CannotGrade for a word that the manual does not know."""
    known = queries.words_of(manual_of(ruling.version_id), asked.code)
    if known and value not in {word.code for word in known}:
        named = ", ".join(queries.label_of(word) for word in known)
        raise CannotGrade(
            _("“%(value)s” is no value of this dimension. The regulation knows: %(known)s.")
            % {"value": value, "known": named}
        )
    return value


def _check_decision(origin: str, reason: str, valid_to: dt.date | None, today: dt.date) -> None:
    if origin == Grade.Origin.DECIDED and not reason:
        raise CannotGrade(_("Say why the value differs from what the regulation gives."))
    if len(reason) > LONGEST_REASON:
        raise CannotGrade(_("Say it in at most %(count)s characters.") % {"count": LONGEST_REASON})
    if valid_to is not None and valid_to < today:
        raise CannotGrade(_("The value would be out of date already. Choose a day from today on."))


def _write(was: Grade | None, ruling: Ruling, now: dt.datetime, fresh: Grade) -> Grade:
    """End the old row and open the new one. Raises CannotGrade when somebody else was faster."""
    if was is not None and not Grade.objects.filter(pk=was.pk, until=None).update(until=now):
        raise CannotGrade(_("Somebody has just changed this value. Look at it again."))
    fresh.ruling_id = ruling.pk
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError as taken:
        raise CannotGrade(_("Somebody has just changed this value. Look at it again.")) from taken
    trail.record(
        "customers.graded",
        subject=fresh.customer,
        by=fresh.by,
        at=now,
        clause=fresh.clause,
        ruling=ruling,
        before={"dimension": fresh.dimension, "value": was.value if was is not None else ""},
        after={
            "dimension": fresh.dimension,
            "value": fresh.value,
            "origin": fresh.origin,
            "reason": fresh.reason,
        },
    )
    return fresh
