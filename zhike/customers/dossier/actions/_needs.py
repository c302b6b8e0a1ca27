"""Needs of a customer and of the customer's customers: recorded, sent to product development, answered (R000-26)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCorrect
from zhike.customers.dossier.models import Fact, Need
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from ._common import changed, one_line, sealed


class CannotKeepNeed(CannotCorrect):
    """The need was not kept; the message is one sentence."""


@transaction.atomic
def add_need(
    *,
    customer: Customer,
    kind: str,
    text: str,
    source: str,
    by: Party | None,
    now: dt.datetime,
    holder: str = "",
    strength: int | None = None,
    measure: str = "",
) -> Need:
    """Record a need; `holder` is the customer's customer who has it. Raises CannotKeepNeed."""
    row = _new(customer, kind, text, source, by, now, holder=holder, strength=strength, measure=measure)
    row.save(force_insert=True)
    _written(row, "customers.need_added", by, now, {"kind": kind, "text": sealed(customer, row.text)})
    return row


@transaction.atomic
def change_need(
    *, need: Need, kind: str, text: str, source: str, by: Party, now: dt.datetime, strength: int | None = None
) -> Need:
    """What the customer needs now; the former need stays as changed, and the new one follows it."""
    _open(need, state=Need.State.CHANGED, closed_at=now)
    row = _new(need.customer, kind, text, source, by, now, holder=need.holder, strength=strength)
    row.follows = need
    row.save(force_insert=True)
    _written(row, "customers.need_changed", by, now, {"kind": kind, "before": need.pk})
    return row


@transaction.atomic
def send_need(*, need: Need, to: str, by: Party, now: dt.datetime) -> None:
    """Send the need where new products come from; once. Raises CannotKeepNeed."""
    target = one_line(to)[:80]
    if not target:
        raise CannotKeepNeed(_("Say to whom the need goes."))
    if need.sent_at is not None:
        raise CannotKeepNeed(_("The need was sent already."))
    _open(need, sent_to=target, sent_at=now)
    _written(need, "customers.need_sent", by, now, {"need": need.pk, "to": target})


@transaction.atomic
def need_outcome(*, need: Need, outcome: str, by: Party, now: dt.datetime, closed: bool = False) -> None:
    """What came of it, as product development answered; `closed` ends the need. Raises CannotKeepNeed."""
    if need.sent_at is None:
        raise CannotKeepNeed(_("The need was sent to nobody yet."))
    if not outcome.strip():
        raise CannotKeepNeed(_("Say what came of it."))
    ends = {"state": Need.State.CLOSED, "closed_at": now} if closed else {}
    _open(need, outcome=outcome.strip(), **ends)
    _written(need, "customers.need_answered", by, now, {"need": need.pk, "closed": closed})


@transaction.atomic
def close_need(*, need: Need, measure: str, by: Party, now: dt.datetime) -> None:
    """The need is met or gone: say what was done. Raises CannotKeepNeed."""
    if not measure.strip():
        raise CannotKeepNeed(_("Say what was done about it."))
    _open(need, measure=one_line(measure)[:200], state=Need.State.CLOSED, closed_at=now)
    _written(need, "customers.need_closed", by, now, {"need": need.pk})


def _new(
    customer: Customer,
    kind: str,
    text: str,
    source: str,
    by: Party | None,
    now: dt.datetime,
    *,
    holder: str = "",
    strength: int | None = None,
    measure: str = "",
) -> Need:
    if kind not in Need.Kind.values:
        raise CannotKeepNeed(_("Say what kind of need it is."))
    if not text.strip():
        raise CannotKeepNeed(_("Say what is needed."))
    if source not in Fact.Source.values:
        raise CannotKeepNeed(_("Say where this is known from."))
    if strength is not None and not 1 <= strength <= 5:
        raise CannotKeepNeed(_("The strength is a number from 1 (weak) to 5 (strong)."))
    if holder.strip() and customer.position != Customer.Position.INTERMEDIATE:
        raise CannotKeepNeed(
            _("%(name)s is not an intermediate customer, so it has no customers of its own on file.")
            % {"name": customer.name}
        )
    return Need(
        customer=customer,
        kind=kind,
        text=text.strip(),
        source=source,
        holder=one_line(holder)[:120],
        strength=strength,
        measure=one_line(measure)[:200],
        at=now,
        by=by,
    )


def _open(need: Need, **columns: object) -> None:
    """Compare and set: only an open need changes."""
    if not Need.objects.filter(pk=need.pk, state=Need.State.OPEN).update(**columns):
        raise CannotKeepNeed(_("This need is not open any more."))
    need.refresh_from_db()


def _written(need: Need, code: str, by: Party | None, now: dt.datetime, after: dict[str, object]) -> None:
    changed(need.customer, now)
    trail.record(code, subject=need.customer, by=by, at=now, after=after)
