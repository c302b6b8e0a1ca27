"""What was said to customers and what they were promised. Each verb is one transaction with one audit row."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.dossier.models import Contact
from zhike.customers.grading.models import Profile
from zhike.customers.models import Customer
from zhike.kernel.audit import personal, trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import ask, inforce
from zhike.kernel.policy.evaluate.deciding import Decision
from zhike.kernel.policy.manual import model
from zhike.kernel.worktime import calendars
from zhike.people.queries import current_appointments

from .days import end_of_day
from .models import Interaction, Promise
from .questions import PROMISE

__all__ = [
    "CannotEnd",
    "CannotPromise",
    "CannotRecord",
    "CannotRemark",
    "end_promise",
    "promise",
    "record",
    "remark",
]

KEEP = "customer.promise"
READY = "customer.promise_ready"
KEEP_TITLE = gettext_noop("Keep the promise")
READY_TITLE = gettext_noop("Have ready what a promise depends on")


class CannotRecord(Exception):
    """The contact belongs to no open file, or to somebody who does not act for this customer."""


class CannotPromise(Exception):
    """Nobody can keep it, it has no day to come, or what it depends on comes too late."""


class CannotEnd(Exception):
    """The promise has ended already, or nothing was said of how."""


class CannotRemark(Exception):
    """Nothing was said, or it is the own entry."""


@held
@transaction.atomic
def record(
    *,
    customer: Customer,
    way: str,
    by: Party | None,
    now: dt.datetime,
    at: dt.datetime | None = None,
    contact: Contact | None = None,
    place: str = "",
    purpose: str = "",
    content: str = "",
    feedback: str = "",
    result: str = "",
    next_on: dt.date | None = None,
    is_incoming: bool = False,
    content_kind: str = "SERVICE",
    duty: Duty | None = None,
    subject: Model | None = None,
) -> Interaction:
    """Write down one contact with a customer; `at` is when it was, if that was earlier than now.

    Keeps the last contact of the customer and of the contact person. Raises CannotRecord.
    """
    moment = at or now
    if customer.state == Customer.State.MERGED:
        raise CannotRecord(_("This file was merged into another one: record it there."))
    if way not in Interaction.Way.values:
        raise CannotRecord(_("Say by which way the customer was contacted."))
    if contact is not None and contact.customer_id != customer.pk:
        raise CannotRecord(_("%(name)s does not act for this customer.") % {"name": contact.name})
    if moment > now:
        raise CannotRecord(_("A contact that has not taken place yet cannot be recorded."))
    if next_on is not None and next_on < calendars.local_day(now, customer.unit_id):
        raise CannotRecord(_("The next contact must lie ahead."))
    pointer = subjects.key(subject) if subject is not None else {}
    interaction = Interaction.objects.create(
        customer=customer,
        contact=contact,
        unit_id=customer.unit_id,
        at=moment,
        way=way,
        is_incoming=is_incoming,
        content_kind=content_kind,
        place=place.strip(),
        purpose=purpose.strip(),
        content=content.strip(),
        feedback=feedback.strip(),
        result=result.strip(),
        next_on=next_on,
        duty_id=duty.pk if duty is not None else None,
        by=by,
        **pointer,
    )
    _touch(customer, contact, moment)
    trail.record(
        "customers.contacted",
        subject=customer,
        by=by,
        at=now,
        unit_id=customer.unit_id,
        secrecy=customer.secrecy,
        after={"interaction": interaction.pk, "way": way, "purpose": interaction.purpose},
    )
    return interaction


def _touch(customer: Customer, contact: Contact | None, moment: dt.datetime) -> None:
    """An older contact that is entered late moves nothing back."""
    older = Q(last_contact_at=None) | Q(last_contact_at__lt=moment)
    if not Profile.objects.filter(older, customer=customer).update(last_contact_at=moment):
        Profile.objects.bulk_create(
            [Profile(customer=customer, last_contact_at=moment)], ignore_conflicts=True
        )
    if contact is not None:
        Contact.objects.filter(older, pk=contact.pk).update(last_contact_at=moment)


@transaction.atomic
def remark(*, interaction: Interaction, text: str, by: Party, now: dt.datetime) -> Interaction:
    """What a colleague or superior says of a contact; a new remark takes the place of the old one (R002-076).

    Raises CannotRemark.
    """
    if not text.strip():
        raise CannotRemark(_("Write the remark."))
    if interaction.by_id == by.pk:
        raise CannotRemark(_("A remark is made by somebody else than who had the contact."))
    before = interaction.remark
    interaction.remark, interaction.remark_by, interaction.remark_at = text.strip(), by, now
    interaction.save(update_fields=["remark", "remark_by", "remark_at"])
    trail.record(
        "customers.contact_remarked",
        subject=interaction.customer,
        by=by,
        at=now,
        before={"remark": before} if before else None,
        after={"interaction": interaction.pk, "remark": interaction.remark},
    )
    return interaction


# --- promises --------------------------------------------------------------------------------------------


@held
@transaction.atomic
def promise(
    *,
    customer: Customer,
    text: str,
    keeper: Party | None,
    due_at: dt.datetime | None,
    by: Party,
    now: dt.datetime,
    interaction: Interaction | None = None,
    holder: str = "",
    depends_on: str = "",
    ready_on: dt.date | None = None,
) -> Promise:
    """Promise something to a customer: the keeper owes it by the date, and by its day what it depends on.

    `holder` is the customer's customer to whom our customer has promised (R000-24). Raises CannotPromise.
    """
    keeper, due_at = _keepable(text, keeper, due_at, now)
    if bool(depends_on.strip()) != (ready_on is not None):
        raise CannotPromise(
            _("A promise that depends on something names both: what it is, and the day it must be ready.")
        )
    today = calendars.local_day(now, customer.unit_id)
    manual = inforce.find(PROMISE.name, customer.unit_id, today)
    if ready_on is not None:
        _in_time(ready_on, today, calendars.local_day(due_at, customer.unit_id), manual)
    row = Promise.objects.create(
        customer=customer,
        interaction=interaction,
        unit_id=customer.unit_id,
        text=text.strip(),
        holder=holder.strip(),
        depends_on=depends_on.strip(),
        ready_on=ready_on,
        keeper=keeper,
        due_at=due_at,
        at=now,
        by=by,
    )
    _owe(row, customer, manual, now)
    trail.record(
        "customers.promised",
        subject=row,
        by=by,
        at=now,
        unit_id=customer.unit_id,
        secrecy=customer.secrecy,
        after={
            "text": personal.sealed_value(customer.party, row.text),
            "keeper": keeper.name,
            "due_at": due_at.isoformat(),
        },
    )
    return row


def _keepable(
    text: str, keeper: Party | None, due_at: dt.datetime | None, now: dt.datetime
) -> tuple[Party, dt.datetime]:
    """No promise without a text, somebody able to keep it, and a date (R001-067)."""
    if not text.strip():
        raise CannotPromise(_("Write what is promised."))
    if keeper is None:
        raise CannotPromise(_("Name who keeps the promise."))
    if not current_appointments(now).filter(party=keeper).exists():
        raise CannotPromise(
            _("%(name)s holds no post at present and cannot keep a promise.") % {"name": keeper.name}
        )
    if due_at is None:
        raise CannotPromise(_("Say by when the promise is kept."))
    if due_at <= now:
        raise CannotPromise(_("A promise is kept on a day to come."))
    return keeper, due_at


def _in_time(ready_on: dt.date, today: dt.date, due_on: dt.date, manual: inforce.Answer | None) -> None:
    """What a promise rests on is in place beforehand, as many days as the manual says (R000-24)."""
    ruled = _ruled(manual, True, today)
    ahead = int(ruled.outcome["提前天数"]) if ruled is not None else 0
    last = due_on - dt.timedelta(days=ahead)
    if not today <= ready_on <= last:
        raise CannotPromise(
            _("What the promise depends on must be ready between today and %(day)s.")
            % {"day": last.isoformat()}
        )


def _ruled(manual: inforce.Answer | None, dependent: bool, today: dt.date) -> Decision | None:
    if manual is None:
        return None
    assert isinstance(manual.table, model.DecisionTable)
    found = ask.decide(manual.manual, manual.table, {"有依赖": dependent}, today)
    return found[0] if found else None


def _owe(row: Promise, customer: Customer, manual: inforce.Answer | None, now: dt.datetime) -> None:
    ruled = _ruled(manual, bool(row.depends_on), calendars.local_day(now, row.unit_id))
    version = manual.version.pk if manual is not None else None
    clause = ruled.clause if ruled is not None else ""
    drafts = [
        duties.Draft(
            kind=KEEP,
            **duties.titled(KEEP_TITLE),
            owner=row.keeper,
            began_at=now,
            due_at=row.due_at,
            version_id=version,
            clause=clause,
        )
    ]
    if row.ready_on is not None:
        ready = min(end_of_day(row.unit_id, row.ready_on), row.due_at)
        drafts.append(
            duties.Draft(
                kind=READY,
                **duties.titled(READY_TITLE),
                owner=row.keeper,
                began_at=now,
                due_at=ready,
                version_id=version,
                clause=clause,
            )
        )
    duties.open_duties(
        drafts,
        subject=row,
        unit_id=row.unit_id,
        matter=f"{customer.name}: {row.text}",
        customer_id=customer.pk,
        secrecy=customer.secrecy,
    )


@held
@transaction.atomic
def end_promise(*, promise: Promise, state: str, by: Party, now: dt.datetime, outcome: str = "") -> Promise:
    """Kept, not kept, or released by the customer; the last two say why. Raises CannotEnd."""
    if state not in {Promise.State.KEPT, Promise.State.BROKEN, Promise.State.RELEASED}:
        raise CannotEnd(_("Say whether the promise was kept, not kept or released by the customer."))
    if state != Promise.State.KEPT and not outcome.strip():
        raise CannotEnd(_("Say why."))
    rows = Promise.objects.filter(pk=promise.pk, state=Promise.State.OPEN, revision=promise.revision)
    if not rows.update(
        state=state, ended_at=now, ended_by=by, outcome=outcome.strip(), revision=F("revision") + 1
    ):
        raise CannotEnd(_("This promise has ended already."))
    promise.refresh_from_db()
    if state == Promise.State.KEPT:
        duties.discharge(subject=promise, kinds=[KEEP, READY], by=by, now=now)
    else:
        duties.cancel(subject=promise, by=by, now=now, reason=outcome.strip())
    trail.record(
        "customers.promise_ended",
        subject=promise,
        by=by,
        at=now,
        unit_id=promise.unit_id,
        secrecy=promise.customer.secrecy,
        after={"state": state, "outcome": promise.outcome},
    )
    return promise
