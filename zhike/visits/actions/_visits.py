"""The visit itself: begun, prepared, arrived, the host, judgement, next date, leaving; or not made."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.customers.models import Contact, Customer, Promise
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.visits.models import Visit
from zhike.visits.rules import Rules

from ._common import RECORD, CannotVisit, change, is_first, moment, number, ruled, the_customer

RECORD_TITLE = gettext_noop("Complete the record of the visit")


@held
@transaction.atomic
def start(
    *,
    by: Party,
    now: dt.datetime,
    visit: Visit | None = None,
    customer: Customer | None = None,
    uid: uuid.UUID | None = None,
    kind: str = "",
    at: dt.datetime | None = None,
    promise: Promise | None = None,
    clock_off: int | None = None,
    second: bool = False,
) -> Visit:
    """Begin a planned visit, or an unplanned one of a customer: a round, a return visit, an explanation.

    `second` says that another visit of the customer on that day is known of. Raises CannotVisit.
    """
    begun = moment(at, now)
    if visit is None:
        assert customer is not None
        visit = _round(the_customer(customer), kind, promise, uid, begun, by, now, second)
    elif visit.state != Visit.State.PLANNED:
        raise CannotVisit(_("This visit has begun already."))
    found = ruled(visit, now)
    change(
        visit, by=by, now=now, code="visits.started",
        state=Visit.State.UNDER_WAY, started_at=begun, clock_off=clock_off,
    )  # fmt: skip
    _owe_record(visit, found, begun)
    return visit


def _round(
    customer: Customer,
    kind: str,
    promise: Promise | None,
    uid: uuid.UUID | None,
    begun: dt.datetime,
    by: Party,
    now: dt.datetime,
    second: bool,
) -> Visit:
    """A visit that no plan has; on its day the person may have only one with the customer, unless it is known."""
    on = calendars.local_day(begun, customer.unit_id)
    there = Visit.objects.filter(customer=customer, manager=by, planned_on=on).exclude(
        state=Visit.State.MISSED
    )
    if not second and (other := there.first()) is not None:
        raise CannotVisit(
            _("%(name)s has visit %(number)s on that day already.")
            % {"name": customer.name, "number": other.number}
        )
    if kind and kind not in Visit.Kind.values:
        raise CannotVisit(_("There is no such kind of visit."))
    usual = Visit.Kind.FIRST if is_first(customer) else Visit.Kind.ROUND
    try:
        with transaction.atomic():
            return Visit.objects.create(
                uid=uid or uuid.uuid4(),
                number=number(customer, now),
                customer=customer,
                unit_id=customer.unit_id,
                secrecy=customer.secrecy,
                manager=by,
                planned_on=on,
                kind=kind or usual,
                promise=promise,
                at=now,
                by=by,
            )
    except IntegrityError as clash:
        raise CannotVisit(_("This customer has a visit on that day already.")) from clash


def _owe_record(visit: Visit, found: Rules, begun: dt.datetime) -> None:
    """The record is complete on the day of the visit (R004-26)."""
    limit, clause = found.limit("RECORD")
    if not limit:
        return
    with override("zh-hans"):
        title = _(RECORD_TITLE)
    draft = duties.Draft(
        RECORD, title, visit.manager, begun, limit, title_en=RECORD_TITLE, clause=clause,
        version_id=found.visits.version_id,
    )  # fmt: skip
    duties.open_duties(
        [draft],
        subject=visit,
        unit_id=visit.unit_id,
        matter=visit.customer.name,
        customer_id=visit.customer_id,
        secrecy=visit.secrecy,
    )


@transaction.atomic
def check(*, visit: Visit, list: str, answers: Mapping[str, bool], by: Party, now: dt.datetime) -> Visit:
    """Answer lines of a checklist: done, or not at hand. Lines that were answered before may be answered anew."""
    found = ruled(visit, now)
    if list not in found.checklists():
        raise CannotVisit(_("The regulation has no checklist “%(list)s”.") % {"list": list})
    known = dict(found.words(list))
    strange = [code for code in answers if code not in known]
    if strange:
        raise CannotVisit(
            _("“%(code)s” is not on the regulation's list “%(list)s”.") % {"code": strange[0], "list": list}
        )
    line = {**visit.checks.get(list, {}), **{code: bool(done) for code, done in answers.items()}}
    return change(visit, by=by, now=now, code="visits.checked", checks={**visit.checks, list: line})


@transaction.atomic
def arrive(
    *,
    visit: Visit,
    by: Party,
    now: dt.datetime,
    at: dt.datetime | None = None,
    latitude: object = None,
    longitude: object = None,
    accuracy: int | None = None,
    why: str = "",
) -> Visit:
    """Arrival with the position, or why there is none."""
    if visit.state == Visit.State.PLANNED:
        start(visit=visit, by=by, now=now, at=at)
    place = position(latitude, longitude)
    if place is None and not why.strip():
        raise CannotVisit(_("Record the position, or say why there is none."))
    return change(
        visit, by=by, now=now, code="visits.arrived",
        arrived_at=moment(at, now),
        latitude=place[0] if place else None, longitude=place[1] if place else None,
        accuracy=accuracy, place_why="" if place else why.strip()[:120],
    )  # fmt: skip


def position(latitude: object, longitude: object) -> tuple[Decimal, Decimal] | None:
    """Degrees as they are kept; None without a position. Raises CannotVisit for figures that are no place."""
    if latitude in {None, ""} or longitude in {None, ""}:
        return None
    try:
        found = (Decimal(str(latitude)), Decimal(str(longitude)))
        if not (abs(found[0]) <= 90 and abs(found[1]) <= 180):
            raise InvalidOperation
        return found[0].quantize(Decimal("0.00001")), found[1].quantize(Decimal("0.00001"))
    except InvalidOperation as trouble:
        raise CannotVisit(_("The position is no place on earth.")) from trouble


@transaction.atomic
def host(
    *,
    visit: Visit,
    by: Party,
    now: dt.datetime,
    name: str = "",
    position: str = "",
    decides: bool | None = None,
    contact: Contact | None = None,
    persons: int | None = None,
    cards: int | None = None,
    absent: bool = False,
) -> Visit:
    """Who received the visitor; `absent`: the customer was out and a card was left (R001-206)."""
    if contact is not None:
        if contact.customer_id != visit.customer_id:
            raise CannotVisit(_("%(name)s does not act for this customer.") % {"name": contact.name})
        name, position = name or contact.name, position or contact.post
    if persons is not None and cards is not None and cards < persons and not absent:
        raise CannotVisit(
            _("Every person present gets a name card: %(persons)d persons.") % {"persons": persons}
        )
    return change(
        visit, by=by, now=now, code="visits.host",
        host=name.strip(), host_position=position.strip(), host_decides=decides, contact=contact,
        persons=persons, cards=cards, is_absent=absent,
    )  # fmt: skip


@transaction.atomic
def judge(
    *, visit: Visit, by: Party, now: dt.datetime, satisfaction: int | None = None, remark: str | None = None
) -> Visit:
    """How satisfied the customer says to be, and the customer's own words."""
    columns: dict[str, Any] = {}
    if satisfaction is not None:
        if not 1 <= satisfaction <= 5:
            raise CannotVisit(_("Satisfaction is a figure from 1 to 5."))
        columns["satisfaction"] = satisfaction
    if remark is not None:
        columns["remark"] = remark.strip()
    return change(visit, by=by, now=now, code="visits.judged", **columns)


@transaction.atomic
def report(*, visit: Visit, text: str, by: Party, now: dt.datetime, cost: Decimal | None = None) -> Visit:
    """The visit report in words, and what the visit cost."""
    return change(visit, by=by, now=now, code="visits.reported", report=text.strip(), cost=cost)


@transaction.atomic
def set_next(*, visit: Visit, on: dt.date, by: Party, now: dt.datetime, at: dt.time | None = None) -> Visit:
    """The day of the next visit, as the customer was told."""
    if on <= visit.planned_on or on < calendars.local_day(now, visit.unit_id):
        raise CannotVisit(_("The next visit must lie ahead."))
    return change(visit, by=by, now=now, code="visits.next_set", next_on=on, next_at=at)


@transaction.atomic
def leave(*, visit: Visit, by: Party, now: dt.datetime, at: dt.datetime | None = None) -> Visit:
    left = moment(at, now)
    if visit.arrived_at is not None and left < visit.arrived_at:
        raise CannotVisit(_("The time of leaving lies before the arrival."))
    return change(visit, by=by, now=now, code="visits.left", left_at=left)


@transaction.atomic
def excuse(*, visit: Visit, demand: str, reason: str, by: Party, now: dt.datetime) -> Visit:
    """Why a demand cannot be met; the regulation says for which ones a reason will do."""
    from zhike.visits import demands

    asked = {one.key: one for one in demands.of(visit, ruled(visit, now))}
    if demand not in asked:
        raise CannotVisit(_("The regulation does not ask for this."))
    if not asked[demand].excusable:
        raise CannotVisit(_("The regulation takes no reason instead of this."))
    if not reason.strip():
        raise CannotVisit(_("Say why."))
    told = {**visit.excuses, demand: reason.strip()[:200]}
    return change(visit, by=by, now=now, code="visits.excused", excuses=told)


@held
@transaction.atomic
def skip(*, visit: Visit, reason: str, by: Party, now: dt.datetime) -> Visit:
    """The visit is not made, for a reason that everybody can read."""
    if not reason.strip():
        raise CannotVisit(_("Say why."))
    change(
        visit, by=by, now=now, code="visits.skipped", state=Visit.State.MISSED, reason=reason.strip()[:200]
    )
    duties.cancel(subject=visit, kinds=[RECORD], by=by, now=now, reason=visit.reason)
    return visit
