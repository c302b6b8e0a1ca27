"""The rating: points and grade by ruling of the regulation, or decided otherwise with a reason; guarantees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.archives import actions as archives
from zhike.customers.credit import questions, sheets
from zhike.customers.models import Archive, CreditRating, CreditSurvey, Customer
from zhike.customers.regulation import Regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import ask
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.records import values
from zhike.kernel.worktime import arithmetic, calendars

from ._common import SUPERVISOR, CannotCredit, keeper_of, needed, owe
from ._risk import CannotRisk, open_risk

CREDIT = "CREDIT"  # code of the class of archives for credit
RENEW = "credit.renew"
MOST = Decimal(100)


@dataclass(frozen=True)
class Decision:
    """What the approver decides instead of the ruling; a reason is needed."""

    grade: str
    payment: str
    limit: Decimal
    reason: str
    remark: str = ""


def facts_of(data: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """What the sheet says, as the regulation asks for it; None is unknown."""

    def tick(key: str) -> str | None:
        found = data.get(key) or []
        return str(found[0]) if found else None

    began = values.day(data.get("dealings"))
    return {
        **{key: tick(key) for key in ("bank", "attitude", "trade", "neighbours", "accounting", "insured")},
        "years": Decimal((today - began).days) / 365 if began is not None else None,
        "capital": values.number(data.get("capital")) or Decimal(0),
    }


@dataclass(frozen=True)
class Ruled:
    """What the regulation says of a sheet; `ruling` is not stored yet."""

    score: Decimal
    points: list[list[str]]
    grade: str
    payment: str
    limit: Decimal
    needs_guarantee: bool
    valid: str
    ruling: Any


def ruled(customer: Customer, data: Mapping[str, Any], *, by: Party | None, now: dt.datetime) -> Ruled:
    """Points added up (at most a hundred), then grade, method and limit. Raises CannotCredit."""
    facts = facts_of(data, calendars.local_day(now, customer.unit_id))
    about: dict[str, Any] = {"about": customer, "unit_id": customer.unit_id, "by": by, "now": now}
    try:
        rows = ask.rulings(questions.POINTS, facts=facts, **about)
        points = [[row.row_text, f"{Decimal(str(row.outcome['points'])):f}", row.clause] for row in rows]
        score = min(sum((Decimal(row[1]) for row in points), Decimal(0)), MOST)
        found = ask.the_one(
            questions.RATING, ask.rulings(questions.RATING, facts={**facts, "score": score}, **about)
        )
    except (NoManual, ask.NoRow) as missing:
        raise CannotCredit(str(missing)) from missing
    outcome = found.outcome
    return Ruled(
        score=score,
        points=points,
        grade=outcome["grade"],
        payment=outcome["payment"],
        limit=Decimal(str(outcome["limit"])).quantize(Decimal("0.01")),
        needs_guarantee=bool(outcome["needs_guarantee"]),
        valid=outcome.get("valid") or "",
        ruling=found,
    )


def rate(survey: CreditSurvey, *, by: Party, now: dt.datetime, decision: Decision | None) -> CreditRating:
    """The rating of a survey that has all three signatures; the former one ends."""
    customer = survey.customer
    found = ruled(customer, survey.record.data, by=by, now=now)
    (kept,) = ask.keep([found.ruling])
    _file(survey, by=by, now=now)
    return _open(customer, found, kept, by=by, now=now, survey=survey, decision=decision)


def _file(survey: CreditSurvey, *, by: Party, now: dt.datetime) -> None:
    """The signed sheet belongs into the credit archive of the customer, where there is one (R002-161)."""
    archive = Archive.objects.filter(customer=survey.customer, kind=CREDIT, state=Archive.State.OPEN).first()
    if archive is not None:
        title = f"{sheets.SURVEY.zh} {survey.record.number}"
        today = calendars.local_day(now, archive.unit_id)
        archives.announce_item(
            archive=archive, title=title, arose_on=today, by=by, now=now, medium=Archive.Medium.ELECTRONIC
        )


@transaction.atomic
def decide_rating(*, rating: CreditRating, decision: Decision, by: Party, now: dt.datetime) -> CreditRating:
    """Change a rating that holds, for a reason: lower the limit at once, or grant more. Raises CannotCredit."""
    customer = rating.customer
    if rating.until is not None:
        raise CannotCredit(_("This rating does not hold any more."))
    held = Ruled(
        rating.score,
        rating.points,
        rating.grade,
        rating.payment,
        rating.limit,
        rating.needs_guarantee,
        "",
        None,
    )
    fresh = _open(
        customer, held, rating.ruling, by=by, now=now, survey=None, decision=decision, former=rating
    )
    trail.record(
        "customers.credit_decided",
        subject=fresh,
        by=by,
        at=now,
        before={"grade": rating.grade, "limit": rating.limit, "payment": rating.payment},
        after={"grade": fresh.grade, "limit": fresh.limit, "payment": fresh.payment, "reason": fresh.reason},
        unit_id=customer.unit_id,
        secrecy=customer.secrecy,
    )
    return fresh


def _open(
    customer: Customer,
    found: Ruled,
    ruling: Any,
    *,
    by: Party,
    now: dt.datetime,
    survey: CreditSurvey | None,
    decision: Decision | None,
    former: CreditRating | None = None,
) -> CreditRating:
    regulation = needed(questions.RATING.name, customer, now)
    grade, payment, limit, reason = found.grade, found.payment, found.limit, ""
    departs = decision is not None and (decision.grade, decision.payment, decision.limit) != (
        grade,
        payment,
        limit,
    )
    if decision is not None and departs:
        _check(regulation, decision)
        grade, payment, limit = decision.grade, decision.payment, decision.limit
        reason = decision.reason.strip()[:400]
    valid_to = former.valid_to if former is not None else _valid_to(customer, found.valid, now)
    old = former or CreditRating.objects.filter(customer=customer, until=None).first()
    if old is not None:
        if not CreditRating.objects.filter(pk=old.pk, until=None).update(until=now):
            raise CannotCredit(_("Somebody has just changed this rating. Look at it again."))
        duties.discharge(subject=old, kinds=[RENEW], by=by, now=now)
    guaranteed = old if old is not None and old.is_guaranteed else None
    rating = CreditRating.objects.create(
        customer=customer,
        survey=survey,
        grade=grade,
        score=found.score,
        payment=payment,
        sells_on_account=regulation.cell(questions.PAYMENTS, payment, "赊销") == "是",
        limit=limit,
        needs_guarantee=found.needs_guarantee,
        # a guarantee that was given goes on until its day
        guarantor=guaranteed.guarantor if guaranteed else "",
        guarantee_amount=guaranteed.guarantee_amount if guaranteed else None,
        guarantee_until=guaranteed.guarantee_until if guaranteed else None,
        points=found.points,
        since=now,
        valid_to=valid_to,
        origin=CreditRating.Origin.DECIDED if reason else CreditRating.Origin.RULED,
        reason=reason,
        remark=decision.remark.strip()[:400] if decision is not None else "",
        ruling=ruling,
        by=by,
    )
    _renew(rating, regulation, now)
    _list_as_risk(rating, regulation, by, now)
    return rating


def _check(regulation: Regulation, decision: Decision) -> None:
    if not decision.reason.strip():
        raise CannotCredit(_("A decision that departs from the ruling needs a reason."))
    if decision.limit < 0:
        raise CannotCredit(_("A limit is not below zero."))
    for name, code in ((questions.GRADES, decision.grade), (questions.PAYMENTS, decision.payment)):
        if code not in dict(regulation.choices(name)):
            raise CannotCredit(_("The regulation does not know “%(word)s”.") % {"word": code[:40]})
    if decision.limit and regulation.cell(questions.PAYMENTS, decision.payment, "赊销") != "是":
        raise CannotCredit(_("With this payment method nothing is sold on account, so the limit is 0."))


def _valid_to(customer: Customer, limit: str, now: dt.datetime) -> dt.date | None:
    if not limit:
        return None
    calendar = calendars.calendar_for(customer.unit_id)
    return arithmetic.local_date(calendars.due_at(calendar, now, limit), calendar.tz)


def _renew(rating: CreditRating, regulation: Regulation, now: dt.datetime) -> None:
    """The review before the rating runs out, as a duty of the survey supervisor."""
    if rating.valid_to is None:
        return
    zone = calendars.calendar_for(rating.customer.unit_id).zone
    owe(
        subject=rating,
        customer=rating.customer,
        kind=RENEW,
        title=gettext_noop("Review the credit rating"),
        owner=keeper_of(rating.customer, now),
        post=SUPERVISOR,
        now=now,
        due_at=dt.datetime.combine(rating.valid_to, dt.time(18), tzinfo=zone),
        clause=rating.ruling.clause if rating.ruling else "",
        version=regulation.version_id,
        ruling=rating.ruling_id,
    )


def _list_as_risk(rating: CreditRating, regulation: Regulation, by: Party, now: dt.datetime) -> None:
    """A grade that the regulation lists among the customers at risk opens its line there."""
    if regulation.cell(questions.GRADES, rating.grade, "列入危险客户") != "是":
        return
    signs = _("Credit grade %(grade)s") % {"grade": regulation.label(questions.GRADES, rating.grade)}
    with suppress(CannotRisk):  # the line is open already
        open_risk(customer=rating.customer, kind="CHANGE", signs=signs, by=by, now=now)


@transaction.atomic
def take_guarantee(
    *,
    rating: CreditRating,
    guarantor: str,
    amount: Decimal | None,
    until: dt.date | None,
    by: Party,
    now: dt.datetime,
) -> CreditRating:
    """Enter who answers for the customer; until then a rating that asks for it grants nothing. Raises CannotCredit."""
    name = " ".join(guarantor.split())
    if not name:
        raise CannotCredit(_("Say who guarantees."))
    if until is not None and until < calendars.local_day(now, rating.customer.unit_id):
        raise CannotCredit(_("The guarantee has run out already."))
    rows = CreditRating.objects.filter(pk=rating.pk, until=None)
    if not rows.update(guarantor=name[:120], guarantee_amount=amount, guarantee_until=until):
        raise CannotCredit(_("This rating does not hold any more."))
    rating.refresh_from_db()
    trail.record(
        "customers.credit_guaranteed",
        subject=rating,
        by=by,
        at=now,
        after={"amount": amount, "until": until},
        unit_id=rating.customer.unit_id,
        secrecy=rating.customer.secrecy,
    )
    return rating
