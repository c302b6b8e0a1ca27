"""What is noticed at a customer, the individual service plan, roles, introductions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.customers.dossier.actions import CannotLink, link
from zhike.customers.models import Customer, Interaction, Link, Profile
from zhike.kernel.audit import trail
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.tracking.models import Observation, RoleEvidence, ServicePlan
from zhike.tracking.wording import words_of

from ._churn import look_at


class CannotNote(Exception):
    """Something is missing, unknown to the regulation, or known already; the message is one sentence."""


@held
@transaction.atomic
def observe(
    *,
    customer: Customer,
    kind: str,
    text: str,
    by: Party,
    now: dt.datetime,
    sign: str = "",
    measure: str = "",
    interaction: Interaction | None = None,
) -> Observation:
    """A change, a change in needs, a difficulty, a sign of leaving (R002-074, -086, -098). Raises CannotNote."""
    if kind not in Observation.Kind.values:
        raise CannotNote(_("Say what kind of observation this is."))
    if not text.strip():
        raise CannotNote(_("Write what was noticed."))
    if kind == Observation.Kind.CHURN:
        if sign not in dict(words_of("SIGNS", customer.unit_id, now)):
            raise CannotNote(_("Choose the sign of leaving."))
        if not measure.strip():
            raise CannotNote(_("Say which measure is taken against the loss of the customer."))
    row = Observation.objects.create(
        customer=customer,
        unit_id=customer.unit_id,
        interaction=interaction,
        kind=kind,
        sign=sign if kind == Observation.Kind.CHURN else "",
        text=text.strip(),
        measure=measure.strip()[:400],
        at=now,
        by=by,
    )
    trail.record(
        "tracking.observed",
        subject=customer,
        by=by,
        at=now,
        after={"observation": row.pk, "kind": kind, "sign": row.sign},
    )
    if kind == Observation.Kind.CHURN:
        look_at(customer=customer, now=now)
    return row


@transaction.atomic
def close_observation(*, observation: Observation, result: str, by: Party, now: dt.datetime) -> Observation:
    """What came of it. Raises CannotNote."""
    if not result.strip():
        raise CannotNote(_("Say what came of it."))
    rows = Observation.objects.filter(pk=observation.pk, state=Observation.State.OPEN)
    if not rows.update(
        state=Observation.State.CLOSED, result=result.strip()[:400], closed_at=now, closed_by=by
    ):
        raise CannotNote(_("This observation is closed already."))
    observation.refresh_from_db()
    trail.record(
        "tracking.observation_closed",
        subject=observation.customer,
        by=by,
        at=now,
        after={"observation": observation.pk, "result": observation.result},
    )
    if observation.kind == Observation.Kind.CHURN:
        look_at(customer=observation.customer, now=now)
    return observation


@held
@transaction.atomic
def serve(
    *,
    customer: Customer,
    strategy: str,
    measures: Sequence[str],
    by: Party,
    now: dt.datetime,
    valid_to: dt.date | None = None,
) -> ServicePlan:
    """The individual service plan with measures of the regulation's list (R002-079, R002-103). Raises CannotNote."""
    if not strategy.strip():
        raise CannotNote(_("Write how this customer is served."))
    known = dict(words_of("MEASURES", customer.unit_id, now))
    strange = [code for code in measures if code not in known]
    if strange or not measures:
        raise CannotNote(_("Choose measures from the list of the regulation."))
    before = ServicePlan.objects.filter(customer=customer).first()
    plan, _made = ServicePlan.objects.update_or_create(
        customer=customer,
        defaults={
            "strategy": strategy.strip(),
            "measures": list(measures),
            "valid_to": valid_to,
            "at": now,
            "by": by,
        },
    )
    trail.record(
        "tracking.service_planned",
        subject=customer,
        by=by,
        at=now,
        before={"measures": before.measures} if before is not None else None,
        after={"measures": plan.measures},
    )
    return plan


@transaction.atomic
def show_role(
    *, customer: Customer, role: str, text: str, on: dt.date, by: Party, now: dt.datetime
) -> RoleEvidence:
    """Evidence that customer or company played one of the roles (R000-22, R000-23). Raises CannotNote."""
    if role not in RoleEvidence.Role.values:
        raise CannotNote(_("Choose one of the eight roles."))
    if not text.strip():
        raise CannotNote(_("Write what shows it."))
    row = RoleEvidence.objects.create(
        customer=customer, role=role, text=text.strip()[:400], on=on, at=now, by=by
    )
    trail.record("tracking.role_shown", subject=customer, by=by, at=now, after={"role": role})
    return row


@transaction.atomic
def introduce(
    *,
    customer: Customer,
    introducer: Customer,
    by: Party,
    now: dt.datetime,
    since: dt.date,
    business: str = "",
    amount: Decimal | None = None,
) -> Link:
    """Who introduced the customer, and what business came of it (R000-35). Said again, it is brought up to date.

    Raises CannotNote.
    """
    if amount is not None and amount < 0:
        raise CannotNote(_("The business won is no negative amount."))
    known = Link.objects.filter(customer=customer, kind=Link.Kind.INTRODUCED, until=None).first()
    if known is not None and known.other_id != introducer.pk:
        raise CannotNote(_("This customer was introduced by %(name)s already.") % {"name": known.other.name})
    won = (amount or Decimal(0)) - ((known.amount or Decimal(0)) if known is not None else Decimal(0))
    if known is None:
        try:
            known = link(
                customer=customer, other=introducer, kind=Link.Kind.INTRODUCED, since=since,
                business=business, amount=amount, by=by, now=now,
            )  # fmt: skip
        except CannotLink as refusal:
            raise CannotNote(str(refusal)) from refusal
        _count(introducer, 1, won)
    else:
        same = Link.objects.filter(pk=known.pk, amount=known.amount)
        if not same.update(since=since, business=business.strip(), amount=amount):
            raise CannotNote(_("Somebody else has just changed this introduction: look at it again."))
        known.refresh_from_db()
        _count(introducer, 0, won)
    trail.record(
        "tracking.introduced", subject=customer, by=by, at=now, after={"introducer": introducer.number}
    )
    return known


def _count(introducer: Customer, referrals: int, won: Decimal) -> None:
    Profile.objects.get_or_create(customer=introducer)
    Profile.objects.filter(customer=introducer).update(
        referrals=F("referrals") + referrals, referred_spend=F("referred_spend") + won
    )
