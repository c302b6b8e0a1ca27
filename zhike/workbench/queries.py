"""What one person has to do today. Reads everybody, is read by nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from zhike.complaints.models import Complaint
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import inbox
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.kernel.procedures.models import Approval, ApprovalStep
from zhike.people.access import cleared

SHOWN = 50


@dataclass(frozen=True)
class Today:
    """The four piles of the home page; each holds at most SHOWN rows, the counts are exact up to that."""

    late: list[Duty]
    due: list[Duty]
    later: list[Duty]
    approvals: list[Approval]
    unread: list[Message]
    done_today: int
    counts: dict[str, int]


def owed_by(party: int, now: dt.datetime) -> Q:
    """What the person owes: by name, as deputy, and what nobody owes by name at the posts the person answers for.

    A post is no licence to read: what is more secret than the person is cleared for, and a complaint about the
    person, stay hidden, and the watch tells who stands above.
    """
    by_name = Q(owner__in=[party, *directory().stands_in_for(party, now)])
    posts = Q()
    for codes, units in directory().answers_for(party, now):
        posts |= Q(owner_post__in=sorted(codes), unit__in=sorted(units))
    if not posts:
        return by_name
    own = Complaint.objects.filter(accused=party).values("pk")
    about_me = Q(subject_label=Complaint._meta.label, subject_id__in=own)
    return by_name | (Q(owner=None, secrecy__lte=cleared(party, now=now)) & posts & ~about_me)


def duties_of(party: int, now: dt.datetime) -> QuerySet[Duty]:
    """Open duties of the person; approvals stand in a pile of their own."""
    rows = Duty.objects.filter(owed_by(party, now), state=Duty.State.OPEN).exclude(
        kind__startswith="approval."
    )
    return rows.select_related("customer", "owner", "unit")


def approvals_of(party: int, now: dt.datetime) -> list[Approval]:
    """Approvals in which it is the person's turn, as approver or as deputy of one who is away."""
    persons = [party, *directory().stands_in_for(party, now)]
    mine = ApprovalStep.objects.filter(approver__in=persons, decision="NOW")
    rows = Approval.objects.filter(state=Approval.State.PENDING, pk__in=mine.values("approval"))
    rows = rows.exclude(asked_by=party).select_related("asked_by", "unit").order_by("asked_at")
    # who has no say in a matter does not stand in for those who have
    return [row for row in rows[:SHOWN] if party not in row.barred]


def today(party: int, *, now: dt.datetime, day_end: dt.datetime) -> Today:
    """The home page of one person; `day_end` is the close of the local day."""
    rows = duties_of(party, now).order_by(F("due_at").asc(nulls_last=True), "id")
    late: list[Duty] = []
    due: list[Duty] = []
    later: list[Duty] = []
    for duty in rows[: 4 * SHOWN]:
        pile = later if duty.due_at is None or duty.due_at >= day_end else late if duty.due_at < now else due
        pile.append(duty)
    approvals = approvals_of(party, now)
    unread = list(inbox.unread(Scope(party=party)).order_by("-at")[: SHOWN + 1])
    done = Duty.objects.filter(
        done_by=party, state=Duty.State.DONE, done_at__gte=day_end - dt.timedelta(days=1), done_at__lte=now
    )
    return Today(
        late=late[:SHOWN],
        due=due[:SHOWN],
        later=later[:SHOWN],
        approvals=approvals,
        unread=unread[:SHOWN],
        done_today=done.count(),
        counts={
            "late": len(late),
            "due": len(due),
            "later": len(later),
            "approvals": len(approvals),
            "unread": len(unread),
        },
    )


def team(
    scope: Scope, *, now: dt.datetime, day_start: dt.datetime, day_end: dt.datetime
) -> list[dict[str, Any]]:
    """For who leads: per person of the visible units, duties of today done, late and still to do."""
    if scope.units is not None and len(scope.units) == 0:
        return []
    rows = scope.rows(Duty.objects.filter(owner__isnull=False).exclude(kind__startswith="approval."))
    found = (
        rows.filter(
            Q(state=Duty.State.OPEN, due_at__lt=day_end) | Q(state=Duty.State.DONE, done_at__gte=day_start)
        )
        .values("owner", "owner__name")
        .annotate(
            done=Count("id", filter=Q(state=Duty.State.DONE)),
            late=Count("id", filter=Q(state=Duty.State.OPEN, due_at__lt=now)),
            open=Count("id", filter=Q(state=Duty.State.OPEN, due_at__gte=now)),
        )
        .order_by("-late", "-open", "owner__name")
    )
    return [row | {"all": row["done"] + row["late"] + row["open"]} for row in found]


def by_hour(
    scope: Scope, *, now: dt.datetime, day_start: dt.datetime, day_end: dt.datetime, tz: Any
) -> dict[int, dict[str, int]]:
    """Hour of the local day -> how many of the duties due in it are done, late and still to do."""
    from django.db.models.functions import ExtractHour

    rows = scope.rows(Duty.objects.filter(state__in=[Duty.State.OPEN, Duty.State.DONE]))
    found: Any = (
        rows.filter(due_at__gte=day_start, due_at__lt=day_end)
        .exclude(kind__startswith="approval.")
        .annotate(hour=ExtractHour("due_at", tzinfo=tz))
        .values("hour")
        .annotate(
            done=Count("id", filter=Q(state=Duty.State.DONE)),
            late=Count("id", filter=Q(state=Duty.State.OPEN, due_at__lt=now)),
            open=Count("id", filter=Q(state=Duty.State.OPEN, due_at__gte=now)),
        )
        .order_by("hour")
    )
    return {row["hour"]: row for row in found}


def on_time(scope: Scope, *, since: dt.datetime) -> tuple[int, int]:
    """Duties done since a moment: how many, and how many of them late."""
    rows = scope.rows(Duty.objects.filter(state=Duty.State.DONE, done_at__gte=since, due_at__isnull=False))
    found = rows.aggregate(n=Count("id"), late=Count("id", filter=Q(done_at__gt=F("due_at"))))
    return found["n"], found["late"]


def daily(scope: Scope, *, since: dt.datetime, tz: Any) -> list[dict[str, Any]]:
    """On-time rate by day."""
    from django.db.models.functions import TruncDate

    rows = scope.rows(Duty.objects.filter(state=Duty.State.DONE, done_at__gte=since, due_at__isnull=False))
    found: Any = (
        rows.annotate(day=TruncDate("done_at", tzinfo=tz))
        .values("day")
        .annotate(n=Count("id"), late=Count("id", filter=Q(done_at__gt=F("due_at"))))
        .order_by("day")
    )
    return list(found)


def approvals_with(party: Party, now: dt.datetime) -> QuerySet[Approval]:
    """Approvals that the person asked for, decides, or decided."""
    return Approval.objects.filter(
        Q(asked_by=party)
        | Q(steps__approver=party)
        | Q(steps__deputy=party)
        | Q(steps__approver__in=directory().stands_in_for(party.pk, now))
    ).distinct()


def approval(party: Party, pk: int, now: dt.datetime) -> Approval | None:
    """One of them, unless the person is kept out of it."""
    found = approvals_with(party, now).filter(pk=pk).select_related("asked_by", "unit").first()
    return found if found is not None and party.pk not in found.barred else None
