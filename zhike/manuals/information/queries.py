"""Reads of information: what is addressed to a person, what is unread, who has read what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.people.models import Appointment, Post

from .models import Information, Receipt

DUTIES = {Information.Demand.STUDY: "information.study", Information.Demand.READ: "information.read"}


def published(scope: Scope) -> QuerySet[Information]:
    """What the visible units have made and sent, drafts too."""
    rows = scope.rows(Information.objects.all(), named=("made_by",))
    return rows.select_related("unit", "made_by", "published_by")


def addressed(scope: Scope, *, unit: int, on: dt.date) -> QuerySet[Information]:
    """What was ever sent to a unit, as far as it is for the posts that the person of the scope holds."""
    rows = Information.objects.filter(state=Information.State.PUBLISHED, unit__in=tree().line(unit))
    if scope.party is not None:
        held = Appointment.objects.filter(Appointment.on(on), party=scope.party).values("post")
        rows = rows.filter(Q(posts=None) | Q(posts__in=held)).distinct()
    return rows.select_related("unit", "published_by")


def current(
    scope: Scope, *, unit: int, on: dt.date, kinds: Sequence[str] = ()
) -> QuerySet[Information]:  # fmt: skip
    """What holds at a unit on a day, newest first."""
    rows = addressed(scope, unit=unit, on=on).filter(valid_from__lte=on)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on))
    return rows.filter(kind__in=kinds) if kinds else rows


def unread(scope: Scope, party: Party, *, on: dt.date) -> QuerySet[Information]:
    """What holds now and the person has not read, or not studied where that is asked."""
    rows = current(scope, unit=party.unit_id or 0, on=on)
    done = Receipt.objects.filter(item=OuterRef("pk"), party=party)
    finished = Q(demand=Information.Demand.READ) | Q(Exists(done.filter(studied_at__isnull=False)))
    return rows.exclude(Exists(done) & finished)


def with_receipt(rows: QuerySet[Information], party: Party) -> QuerySet[Information]:
    """The same with when the person read and studied each, and by when it is owed."""
    mine = Receipt.objects.filter(item=OuterRef("pk"), party=party)
    owed = Duty.objects.filter(
        subject_label=Information._meta.label, subject_id=OuterRef("pk"), owner=party, kind__in=DUTIES.values()
    ).order_by("-pk")  # fmt: skip
    return rows.annotate(
        read_at=Subquery(mine.values("read_at")[:1]),
        studied_at=Subquery(mine.values("studied_at")[:1]),
        owed_by=Subquery(owed.values("due_at")[:1]),
    )


def audience(item: Information, on: dt.date) -> QuerySet[Party]:
    """Staff for whom an item is, by unit and name."""
    units = tree().below(item.unit_id)
    rows = Party.objects.filter(kind=Party.Kind.STAFF, user__is_active=True, unit__in=units)
    posts = list(item.posts.values_list("pk", flat=True))
    if posts:
        held = Appointment.objects.filter(Appointment.on(on), post__in=posts, unit__in=units)
        rows = rows.filter(pk__in=held.values("party"))
    return rows.select_related("unit").order_by("unit__path", "name", "pk")


def readers(item: Information, on: dt.date) -> QuerySet[Party]:
    """The audience with when each read and studied it."""
    mine = Receipt.objects.filter(item=item, party=OuterRef("pk"))
    return audience(item, on).annotate(
        read_at=Subquery(mine.values("read_at")[:1]),
        studied_at=Subquery(mine.values("studied_at")[:1]),
        note=Subquery(mine.values("note")[:1]),
    )


def units_within(reached: frozenset[int] | None) -> QuerySet[Unit]:
    """Units for whose staff may be published."""
    rows = Unit.objects.filter(closed_on=None).order_by("path")
    return rows if reached is None else rows.filter(pk__in=reached)


def posts_within(units: QuerySet[Unit]) -> QuerySet[Post]:
    """Posts that somebody holds or held at these units."""
    held = Appointment.objects.filter(unit__in=units.order_by()).values("post")
    return Post.objects.filter(retired_on=None, pk__in=held).order_by("-rank", "code")
