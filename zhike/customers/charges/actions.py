"""A bill is written, paid, called to the tenant's mind, remitted (R000-14). Rules come from `rent-collection`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.customers.contacts.days import end_of_day
from zhike.customers.models import Charge, ChargeStep, Customer, Sale
from zhike.customers.regulation import regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import ask
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.worktime import calendars

from . import questions

COLLECT, CHASE = "charge.collect", "charge.chase"
Kind = ChargeStep.Kind


class CannotCharge(Exception):
    """It was not done; the message is one sentence for the person who tried."""


@transaction.atomic
def bill(
    *,
    customer: Customer,
    kind: str,
    amount: Decimal,
    period_from: dt.date,
    period_to: dt.date,
    due_on: dt.date,
    by: Party,
    now: dt.datetime,
    shop: str = "",
) -> Charge:
    """Write a bill for a period (`period_to` excluded); to collect it is owed from now on. Raises CannotCharge."""
    if customer.state != Customer.State.ACTIVE:
        raise CannotCharge(_("The file is closed."))
    if amount <= 0:
        raise CannotCharge(_("The amount is more than zero."))
    if period_to <= period_from:
        raise CannotCharge(_("The period ends before it begins."))
    found = regulation(questions.CHARGE.name, customer.unit_id, now)
    row = found.row(questions.KINDS, kind) if found else None
    if row is None:
        raise CannotCharge(_("The regulation in force here knows no such charge."))
    try:
        ruling = ask.ask(
            questions.CHARGE, about=customer, unit_id=customer.unit_id, by=by, now=now, facts={"kind": kind}
        )
    except (NoManual, ask.NoRow) as missing:
        raise CannotCharge(str(missing)) from missing
    try:
        with transaction.atomic():
            sale = Sale.objects.create(
                customer=customer,
                on=calendars.local_day(now, customer.unit_id),
                number=f"{kind}-{period_from:%Y%m%d}",
                product=row.word.name,
                model=shop.strip()[:60],
                amount=amount,
                due_on=due_on,
            )
    except IntegrityError:
        raise CannotCharge(_("This period is billed already.")) from None
    charge = Charge.objects.create(
        sale=sale, kind=kind, period_from=period_from, period_to=period_to, ruling=ruling, at=now, by=by
    )
    _owe(charge, COLLECT, ("收款", "Collect"), now=now, due_at=end_of_day(customer.unit_id, due_on))
    _record("charged", charge, by=by, now=now, amount=amount, due_on=due_on, number=sale.number)
    return charge


@transaction.atomic
def receive(
    *, charge: Charge, amount: Decimal, on: dt.date, by: Party, now: dt.datetime, text: str = ""
) -> Charge:
    """Enter what came in and on which day; paid in full, nothing is owed any more. Raises CannotCharge."""
    if on > calendars.local_day(now, charge.sale.customer.unit_id):
        raise CannotCharge(_("The day lies ahead."))
    _less(charge, amount, "collected", on=on)
    _step(charge, Kind.PAID, on=on, amount=amount, text=text, by=by, now=now)
    _record("charge_paid", charge, by=by, now=now, amount=amount, on=on)
    return charge


@transaction.atomic
def remit(*, charge: Charge, amount: Decimal, reason: str, by: Party, now: dt.datetime) -> Charge:
    """Let the tenant off a part or all of it, for a reason; a wrong bill is put right so too. Raises CannotCharge."""
    if not reason.strip():
        raise CannotCharge(_("Write down the reason."))
    on = calendars.local_day(now, charge.sale.customer.unit_id)
    _less(charge, amount, "discount", on=on)
    _step(charge, Kind.REMITTED, on=on, amount=amount, text=reason, by=by, now=now)
    _record("charge_remitted", charge, by=by, now=now, amount=amount, reason=reason.strip()[:400])
    return charge


@transaction.atomic
def remind(*, charge: Charge, text: str, by: Party, now: dt.datetime) -> Charge:
    """Write down that the tenant was reminded and what was said; the next reminder is owed. Raises CannotCharge."""
    if charge.owed <= 0:
        raise CannotCharge(_("Nothing is owed on this bill any more."))
    if not text.strip():
        raise CannotCharge(_("Write down what the tenant said."))
    on = calendars.local_day(now, charge.sale.customer.unit_id)
    _step(charge, Kind.REMINDED, on=on, amount=None, text=text, by=by, now=now)
    duties.discharge(subject=charge, kinds=[CHASE], by=by, now=now)
    limit = str(charge.ruling.outcome["chase"]) if charge.ruling else ""
    _owe(charge, CHASE, ("再次催缴", "Remind again of"), now=now, limit=limit)
    _record("charge_reminded", charge, by=by, now=now, text=text.strip()[:400])
    return charge


def _less(charge: Charge, amount: Decimal, column: str, *, on: dt.date) -> None:
    """Less is owed by this amount; two who enter at the same moment cannot both take the same rest."""
    sale, owed = charge.sale, charge.owed
    if amount <= 0 or amount > owed:
        raise CannotCharge(
            _("%(owed)s yuan are owed on this bill; the amount is not more.") % {"owed": f"{owed:,.2f}"}
        )
    same = {"pk": sale.pk, "collected": sale.collected, "discount": sale.discount}
    if not Sale.objects.filter(**same).update(**{column: F(column) + amount}):
        raise CannotCharge(_("Somebody else has entered something meanwhile. Reload and look again."))
    sale.refresh_from_db()
    if charge.owed == 0:
        paid = charge.steps.filter(kind=Kind.PAID).order_by("-on").values_list("on", flat=True).first()
        charge.settled_on = max(on, paid) if paid else on
        Charge.objects.filter(pk=charge.pk).update(settled_on=charge.settled_on)


def _step(
    charge: Charge, kind: str, *, on: dt.date, amount: Decimal | None, text: str, by: Party, now: dt.datetime
) -> None:
    ChargeStep.objects.create(
        charge=charge, kind=kind, on=on, amount=amount, text=text.strip()[:400], by=by, at=now
    )
    if charge.owed == 0:
        duties.discharge(subject=charge, kinds=[COLLECT], by=by, now=now)
        duties.cancel(subject=charge, kinds=[CHASE], by=by, now=now, reason="已结清")


def _owe(charge: Charge, kind: str, words: tuple[str, str], **when: Any) -> None:
    """One duty about the bill, of who looks after the tenant, else of the post that the regulation names, else of
    who wrote the bill; escalated as the regulation says."""
    customer, ruling = charge.sale.customer, charge.ruling
    named = str(ruling.outcome.get("keeper") or "") if ruling else ""
    post = "" if customer.owner else directory().post_code(named) or ""
    draft = duties.Draft(
        kind=kind,
        title=f"{words[0]}：{charge.sale.product}{charge.period_from:%Y-%m}",
        title_en=f"{words[1]} {charge.sale.product} {charge.period_from:%Y-%m}",
        owner=customer.owner or (None if post else charge.by),
        owner_post=post,
        began_at=when["now"],
        limit=when.get("limit", ""),
        due_at=when.get("due_at"),
        clause=ruling.clause if ruling else "",
        version_id=ruling.version_id if ruling else None,
        ruling_id=ruling.pk if ruling else None,
    )
    duties.open_duties(
        [draft],
        subject=charge,
        unit_id=customer.unit_id,
        matter=customer.name,
        customer_id=customer.pk,
        secrecy=customer.secrecy,
    )


def _record(code: str, charge: Charge, *, by: Party, now: dt.datetime, **after: Any) -> None:
    trail.record(
        f"customers.{code}",
        subject=charge,
        by=by,
        at=now,
        after=after,
        ruling=charge.ruling_id,
        unit_id=charge.sale.customer.unit_id,
        secrecy=charge.sale.customer.secrecy,
    )
