"""Information is written, published to its audience, which owes to read or study it, and withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.subjects import label_of
from zhike.kernel.policy.regulation import limit_of, regulation
from zhike.kernel.records import attachments, series
from zhike.kernel.worktime import calendars
from zhike.manuals.information.models import Information
from zhike.manuals.information.queries import DUTIES, audience
from zhike.manuals.information.questions import KINDS, READING
from zhike.people.models import Post
from zhike.people.requests.models import Request

NUMBERS = "XX-{yyyy}{mm}-{seq:04}"
TITLES = {
    Information.Demand.STUDY: gettext_noop("Study the information"),
    Information.Demand.READ: gettext_noop("Read the information"),
}


class CannotPublish(Exception):
    """Something is missing, unknown to the regulation, or the item has moved; one sentence."""


@held
@transaction.atomic
def draft(
    *, unit: Unit, kind: str, title: str, body: str, valid_from: dt.date, by: Party, now: dt.datetime,
    valid_to: dt.date | None = None, posts: Sequence[Post] = (), request: Request | None = None,
    about: tuple[dt.date, dt.date] | None = None, files: Sequence[Any] = (),
) -> Information:  # fmt: skip
    """Write an item; nobody sees it before it is published. Raises CannotPublish."""
    known = regulation(READING.name, unit.pk, now)
    _check(known, kind, title, body, valid_from, valid_to)
    row = Information.objects.create(
        number=series.take(NUMBERS, key="information", now=now, tz=calendars.calendar_for(unit.pk).zone, unit_code=unit.code),
        unit=unit, kind=kind, title=title.strip(), body=body.strip(), valid_from=valid_from, valid_to=valid_to,
        request=request, about_from=about[0] if about else None, about_to=about[1] if about else None,
        made_by=by, made_at=now,
    )  # fmt: skip
    row.posts.set(posts)
    _attach(row, files, by, now)
    _record("information.drafted", row, by, now, {"number": row.number, "kind": kind})
    return row


@held
@transaction.atomic
def rewrite(
    *, item: Information, kind: str, title: str, body: str, valid_from: dt.date, by: Party, now: dt.datetime,
    valid_to: dt.date | None = None, posts: Sequence[Post] = (), files: Sequence[Any] = (),
) -> Information:  # fmt: skip
    """Change a draft. Raises CannotPublish."""
    _check(regulation(READING.name, item.unit_id, now), kind, title, body, valid_from, valid_to)
    _move(
        item, Information.State.DRAFT, kind=kind, title=title.strip(), body=body.strip(), valid_from=valid_from,
        valid_to=valid_to,
    )  # fmt: skip
    item.posts.set(posts)
    _attach(item, files, by, now)
    _record("information.rewritten", item, by, now, {"kind": kind})
    return item


@held
@transaction.atomic
def publish(*, item: Information, by: Party, now: dt.datetime) -> Information:
    """Send it to its audience: one duty each where the regulation gives a time, else a message. Raises CannotPublish."""
    found = regulation(READING.name, item.unit_id, now)
    today = calendars.local_day(now, item.unit_id)
    decided = found.decided({"种类": item.kind}, today) if found is not None else []
    if found is None or not decided:
        raise CannotPublish(_("No regulation in force says how this kind of information is received."))
    if item.valid_to is not None and item.valid_to < today:
        raise CannotPublish(_("The days for which it holds are over."))
    one = decided[0]
    _move(
        item, Information.State.DRAFT, state=Information.State.PUBLISHED, published_by=by, published_at=now,
        demand=str(one.outcome["要求"]), limit=limit_of(one.outcome.get("期限")), clause=one.clause,
        version_id=found.version_id,
    )  # fmt: skip
    asked = _ask(item, [party for party in audience(item, today) if party.pk != by.pk], by, now)
    _record("information.published", item, by, now, {"number": item.number, "readers": asked})
    return item


@held
@transaction.atomic
def withdraw(*, item: Information, reason: str, by: Party, now: dt.datetime) -> Information:
    """It holds no longer; nobody owes to read it. Raises CannotPublish."""
    if not reason.strip():
        raise CannotPublish(_("Say why."))
    _move(
        item, Information.State.PUBLISHED, state=Information.State.WITHDRAWN,
        withdrawn_why=reason.strip()[:200],
    )  # fmt: skip
    duties.cancel(subject=item, by=by, now=now, reason=reason.strip()[:200])
    _record("information.withdrawn", item, by, now, {"reason": item.withdrawn_why})
    return item


def _ask(item: Information, readers: list[Party], by: Party, now: dt.datetime) -> int:
    if not item.limit:
        label = label_of(item)
        post.notify_many(
            post.Notice(one, "information.published", item.title, now, "", label, item.pk, item.unit_id, by, params={"title": item.title})
            for one in readers
        )  # fmt: skip
        return len(readers)
    demand = Information.Demand(item.demand)
    titles = duties.titled(TITLES[demand])
    by_unit: dict[int, list[Party]] = {}
    for party in readers:
        by_unit.setdefault(party.unit_id or item.unit_id, []).append(party)
    rows: list[Duty] = []
    for unit, parties in by_unit.items():
        drafts = [
            duties.Draft(kind=DUTIES[demand], **titles, owner=one, began_at=now, limit=item.limit, clause=item.clause, version_id=item.version_id)
            for one in parties
        ]  # fmt: skip
        rows += duties.planned(drafts, subject=item, unit_id=unit, matter=item.title)
    return len(Duty.objects.bulk_create(rows, batch_size=1000))


def _attach(item: Information, files: Sequence[Any], by: Party, now: dt.datetime) -> None:
    for file in files:
        try:
            attachments.attach(subject=item, file=file, name=file.name, unit=item.unit, by=by, now=now)
        except attachments.AttachmentRefusal as refusal:
            raise CannotPublish(str(refusal)) from refusal


def _check(
    known: Any, kind: str, title: str, body: str, valid_from: dt.date, valid_to: dt.date | None
) -> None:  # fmt: skip
    if known is None:
        raise CannotPublish(
            _("No regulation on information is in force at this unit. Ask an administrator to install one.")
        )
    if kind not in dict(known.choices(KINDS)):
        raise CannotPublish(_("Choose a kind of the regulation's list."))
    if not title.strip() or not body.strip():
        raise CannotPublish(_("Write title and text."))
    if valid_to is not None and valid_to < valid_from:
        raise CannotPublish(_("It cannot end before it begins."))


def _move(item: Information, expected: str, **columns: object) -> None:
    rows = Information.objects.filter(pk=item.pk, state=expected, revision=item.revision)
    if not rows.update(revision=F("revision") + 1, **columns):
        raise CannotPublish(_("The item does not stand where you saw it any more."))
    item.refresh_from_db()


def _record(code: str, item: Information, by: Party, now: dt.datetime, after: dict[str, Any]) -> None:
    trail.record(code, subject=item, by=by, at=now, clause=item.clause, after=after)
