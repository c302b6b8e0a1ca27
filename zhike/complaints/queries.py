"""Reads: lists, the page of one complaint, penalties. Every query takes a scope first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from zhike.channels.mail import replies
from zhike.channels.models import InboundMail
from zhike.kernel.duties import escalation
from zhike.kernel.duties.models import Duty, Escalation
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties import subjects
from zhike.kernel.parties.kept import kept
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import EVERYTHING, NAMED_ONLY, Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures.models import Approval, HandOver, Move
from zhike.kernel.procedures.stages import INFORMED
from zhike.kernel.records.models import Attachment

from . import questions
from .followups import OverdueSheet, Summary
from .models import Complaint, Entry, Fault, Grant, Penalty, Step
from .models_after import CaseMember
from .queries_after import After, after_of, escalations

NAMED = ("handler", "taker")


def complaints(scope: Scope) -> QuerySet[Complaint]:
    """The visible complaints with all that a line or a page prints of them; one statement."""
    rows = scope.rows(Complaint.objects.all(), named=NAMED, secrecy="secrecy", also=_member(scope))
    rows = _without_own(scope, rows)
    return rows.select_related("customer", "handler", "taker", "unit", "accused", "manual").defer(
        "manual__text"
    )


def lines(scope: Scope) -> QuerySet[Complaint]:
    """The visible complaints with what a line of a list prints: PostgreSQL plans each table more for milliseconds."""
    return (
        complaints(scope)
        .select_related(None)
        .select_related("customer", "handler", "taker", "unit", "manual")
    )


def bare(scope: Scope) -> QuerySet[Complaint]:
    """The visible complaints alone: a list joins what its columns print."""
    return complaints(scope).select_related(None)


def of_units(scope: Scope) -> QuerySet[Complaint]:
    """Those of the visible complaints that the units of the scope give, for counting many by an index."""
    return _without_own(scope, scope.rows(Complaint.objects.all(), secrecy="secrecy"))


def halves(scope: Scope) -> tuple[QuerySet[Complaint], QuerySet[Complaint]]:
    """The visible complaints for counting: those of the units, and those on which only the name lets one look."""
    beside = scope.beside(Complaint.objects.all(), named=NAMED, secrecy="secrecy", also=_member(scope))
    return of_units(scope), _without_own(scope, beside)


def _member(scope: Scope) -> Q:
    """The cases on which the person is named."""
    mine = CaseMember.objects.filter(person=scope.party, removed_at=None)
    return Q(pk__among=mine.values("complaint"))


def confidential(scope: Scope) -> QuerySet[Complaint]:
    """The confidential cases that the person sees all the same."""
    return complaints(scope).filter(secrecy__gte=NAMED_ONLY)


def hidden(scope: Scope) -> QuerySet[Complaint]:
    """The confidential cases that the person does not see, for pages that show rows about many subjects."""
    every = Complaint.objects.filter(secrecy__gte=NAMED_ONLY)
    return every.exclude(pk__in=confidential(scope).values("pk"))


def unseen(scope: Scope) -> QuerySet[Any]:
    """Keys of the cases that the person may not see even in the own units: too secret, or about themselves."""
    closed = Q(secrecy__gt=scope.secrecy)
    if scope.party is not None:
        closed |= Q(accused=scope.party)
    seen = complaints(scope).filter(closed)
    return Complaint.objects.filter(closed).exclude(pk__in=seen.values("pk")).values("pk")


def names_of(keys: Collection[int]) -> dict[int, str]:
    """Number and title of cases, for pages that show rows about many subjects."""
    rows = Complaint.objects.filter(pk__in=list(keys)).values_list("pk", "number", "title")
    return {pk: f"{number} {title}".strip() for pk, number, title in rows}


def overridden(scope: Scope, version: int) -> QuerySet[Complaint]:
    """Visible cases under a version of a manual in which the taker chose another handler than the manual names."""
    return of_units(scope).filter(manual=version).exclude(override_reason="").select_related("unit")


def _without_own(scope: Scope, rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Who is complained of does not see the case, whatever the powers (recusal)."""
    return rows if scope.party is None else rows.filter(~Q(accused=scope.party) | Q(accused=None))


def complaints_owed(party: int) -> QuerySet[Complaint]:
    """Complaints in which this person owes something or did, or of which the manual informed them (知会), for the page
    of one; lists go by units.

    What was owed or told once opens no confidential case.
    """
    owed = Duty.objects.filter(
        subject_label=Complaint._meta.label, subject_id=OuterRef("pk"), owner=party
    ).exclude(state=Duty.State.CANCELLED)
    told = Message.objects.filter(
        subject_label=Complaint._meta.label, subject_id=OuterRef("pk"), to=party, kind=INFORMED
    )
    seen = Exists(owed.filter(state=Duty.State.OPEN)) | (
        Q(secrecy__lt=NAMED_ONLY) & (Exists(owed) | Exists(told))
    )
    return complaints(EVERYTHING).filter(seen).exclude(accused=party)


def earlier_limits(duty: Duty) -> list[Duty]:
    """What a limit was before it was counted again, the last one first."""
    rows = Duty.objects.filter(
        subject_label=duty.subject_label, subject_id=duty.subject_id, kind=duty.kind, ruling_id__isnull=False
    )
    return list(rows.filter(state=Duty.State.CANCELLED, pk__lt=duty.pk).order_by("-pk")[:5])


def open_complaints(scope: Scope) -> QuerySet[Complaint]:
    return complaints(scope).filter(closed_at=None)


def penalties(scope: Scope) -> QuerySet[Penalty]:
    """Penalties of visible units, and the person's own; those of confidential cases for who sees the case."""
    open_to_all = Q(fault__complaint=None) | Q(fault__complaint__secrecy__lt=NAMED_ONLY)
    if scope.secrecy >= NAMED_ONLY:
        seen = Q()
    else:
        seen = open_to_all | Q(person=scope.party)
        seen |= Q(fault__complaint__in=complaints(scope).filter(secrecy__gte=NAMED_ONLY).values("pk"))
    return scope.rows(
        Penalty.objects.select_related(
            "person", "fault__complaint", "decided_by", "ruling__version", "approval"
        ).defer("ruling__version__text"),
        unit="ruling__unit",
        named=("person",),
    ).filter(seen)


@dataclass
class Item:
    """One line of the timeline; `kind` chooses how it is drawn."""

    at: dt.datetime
    kind: str
    row: Any
    tab: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    opens_day: bool = False

    @property
    def is_said(self) -> bool:
        return self.kind in SAID


@dataclass
class File:
    """Everything the page of one complaint shows, read with a fixed number of statements."""

    complaint: Complaint
    duties: Sequence[Duty]
    steps: Sequence[Step]
    entries: Sequence[Entry]
    moves: Sequence[Move]
    hand_overs: Sequence[HandOver]
    rulings: Sequence[Ruling]
    attachments: Sequence[Attachment]
    approvals: Sequence[Approval]
    faults: Sequence[Fault]
    escalations: Sequence[Escalation]
    after: After

    @property
    def authority(self) -> Ruling | None:
        """The last ruling on who handles."""
        found = [ruling for ruling in self.rulings if ruling.question == questions.AUTHORITY.name]
        return found[-1] if found else None

    def text_of(self, kind: str) -> str:
        """What was last written down in the steps of this kind."""
        found = [step.text for step in self.steps if step.kind == kind]
        return found[-1] if found else ""

    @property
    def timeline(self) -> list[Item]:
        """One feed, oldest first: what was said, decided, handed over, done."""
        return timeline_of(self)


SAID = frozenset(kind.lower() for kind in Entry.Kind.values)


def by_days(timeline: list[Item]) -> list[Item]:
    """The timeline with the first line of each day marked, by the reader's clock."""
    last = None
    for item in timeline:
        here = timezone.localdate(item.at)
        item.opens_day, last = here != last, here
    return timeline


def file_of(complaint: Complaint, *, findings: bool = True) -> File:
    """The page of one complaint: a dozen statements, however long the history. The gate was passed before."""
    key = subjects.key(complaint)
    after = after_of(complaint)
    return File(
        complaint=complaint,
        duties=list(
            Duty.objects.filter(**key)
            .select_related("owner", "done_by")
            .prefetch_related("pauses")
            .order_by("due_at", "id")
        ),
        steps=list(complaint.steps.select_related("by")),
        entries=list(complaint.entries.select_related("by")),
        moves=list(Move.objects.filter(**key).select_related("by").order_by("at", "id")),
        hand_overs=list(
            HandOver.objects.filter(**key).select_related("by", "from_party", "to_party").order_by("at", "id")
        )
        if "hand_overs" in after.there
        else [],
        rulings=list(
            Ruling.objects.filter(**key)
            .select_related("version")
            .defer("version__text")
            .order_by("asked_at", "id")
        ),
        attachments=list(
            Attachment.objects.filter(**key, removed_at=None).select_related("by").order_by("at", "id")
        )
        if "attachments" in after.there
        else [],
        approvals=list(
            Approval.objects.filter(**key)
            .prefetch_related("steps__approver", "steps__deputy")
            .select_related("asked_by")
            .order_by("asked_at")
        )
        if "approvals" in after.there
        else [],
        faults=list(complaint.faults.select_related("person", "by", "penalty").order_by("at"))
        if findings and "faults" in after.there
        else [],
        escalations=list(escalations(complaint.pk).select_related("duty", "target").order_by("at", "id"))
        if "escalations" in after.there
        else [],
        after=after,
    )


def ruling_of(complaint: Complaint, pk: int) -> Ruling | None:
    """A ruling about the complaint, or one under which money was asked for it. The gate was passed before."""
    mine = Q(**subjects.key(complaint)) | Q(pk__in=complaint.grants.values("ruling_id"))
    return Ruling.objects.filter(mine, pk=pk).select_related("version").first()


def timeline_of(file: File) -> list[Item]:
    opened = Item(file.complaint.opened_at, "opened", file.complaint, "talk")
    items = [
        *(Item(*event) for event in file.after.events()),
        *(
            Item(entry.at, entry.kind.lower(), entry, "internal" if entry.kind == "NOTE" else "talk")
            for entry in file.entries
        ),
        *(Item(step.at, "step", step, "steps") for step in file.steps),
        *(
            Item(ruling.asked_at, "ruling", ruling, "rulings")
            for ruling in file.rulings
            if ruling.question == questions.AUTHORITY.name
        ),
        *(Item(row.at, "hand_over", row, "rulings") for row in file.hand_overs),
        *(Item(row.at, "attachment", row, "talk") for row in file.attachments),
        *(Item(row.asked_at, "approval", row, "rulings") for row in file.approvals),
        *(Item(fault.at, "fault", fault, "internal") for fault in file.faults),
        *(Item(row.at, "escalation", row, "rulings") for row in _once(file.escalations)),
        *(
            Item(duty.done_at, "duty", duty, "steps")
            for duty in file.duties
            if duty.state == Duty.State.DONE and duty.done_at is not None and duty.kind in LIMIT_KINDS
        ),
        *(Item(move.at, "end", move, "steps") for move in file.moves if not move.to_stage),
    ]
    return [opened, *sorted(items, key=lambda item: item.at)]


def _once(escalations: Sequence[Escalation]) -> list[Escalation]:
    """Several who owe one stage together have one superior, who is told of it once on the page."""
    return list({(row.at, row.level, row.duty.title, row.target_id): row for row in escalations}.values())


LIMIT_KINDS = {"complaint.response", "complaint.resolution", "complaint.reply"}


def grants_of(complaint: Complaint) -> list[Grant]:
    """What was asked of the maker in one complaint, oldest first. The gate was passed before."""
    return list(complaint.grants.select_related("by", "decided_by", "approval", "complaint"))


def mails_of(complaint: Complaint) -> tuple[list[InboundMail], list[Message]]:
    """The e-mails that came about a complaint and the letters that left, oldest first. The gate was passed before."""
    key = subjects.key(complaint)
    came = InboundMail.objects.filter(**key, state=InboundMail.State.TAKEN).order_by("at", "id")
    went = Message.objects.filter(**key, kind__in=[replies.KIND, replies.ACKNOWLEDGEMENT])
    return list(came), list(went.order_by("at", "id"))


def waiting_to_be_classified(scope: Scope, limit: int = 100) -> int:
    """How many open complaints have no item yet, counted up to the limit."""
    return of_units(scope).filter(closed_at=None, item="", source_category="")[:limit].count()


def valid_by_dealer(
    scope: Scope, since: dt.datetime, until: dt.datetime, *, among: QuerySet[Complaint] | None = None
) -> dict[str, int]:
    """How many valid complaints each dealer or station had, by its name as registered (R001-159).

    Counted by the day of registration; not valid, not judged, voided and joined ones are not counted. `among` are those that
    a report counts, cut to the scope already.
    """
    rows = (
        (of_units(scope) if among is None else among)
        .filter(valid=True, voided_at=None, joined_to=None, opened_at__gte=since, opened_at__lt=until)
        .annotate(dealer=KeyTextTransform("dealer", "more"))
        .values_list("dealer")
        .annotate(count=Count("pk"))
        .order_by("-count", "dealer")
    )
    found: Counter[str] = Counter()
    for dealer, count in rows:
        found[dealer or ""] += count
    return dict(found)


def summaries(scope: Scope) -> QuerySet[Summary]:
    """Summaries of units whose reports the person sees, and those that the person owes or owed."""
    owed = Duty.objects.filter(
        subject_label=Summary._meta.label, subject_id=OuterRef("pk"), owner=scope.party or 0
    )
    rows = Summary.objects.select_related("unit", "record", "signed_by", "read_by", "version").defer(
        "version__text"
    )
    if scope.units is None:
        return rows
    return rows.filter(
        Q(unit__in=sorted(scope.units)) | Exists(owed) | Q(measures__owner=scope.party)
    ).distinct()


def overdue_sheets(scope: Scope) -> QuerySet[OverdueSheet]:
    """Sheets about visible complaints, and those that the person is to answer; of confidential ones the former only."""
    rows = OverdueSheet.objects.select_related("complaint", "unit", "to", "answered_by")
    seen = complaints(scope).order_by().filter(pk=OuterRef("complaint"))
    to_me = Q(to=scope.party or 0, complaint__secrecy__lt=NAMED_ONLY)
    return rows.filter(to_me | Exists(seen))


def duties_about(row: Model) -> list[Duty]:
    """What is owed now about a row whose gate was passed before."""
    return list(Duty.objects.open().filter(**subjects.key(row)).select_related("owner"))


def last_words(ids: Collection[int]) -> tuple[dict[int, str], dict[int, str]]:
    """What was last written down and last answered in each of these complaints, which the caller may see.

    An answer is what was said to the customer, or else the record of the stage in which that is done.
    """
    steps = (
        Step.objects.filter(complaint__in=ids).order_by("at", "pk").values_list("complaint", "kind", "text")
    )
    replies = Entry.objects.filter(complaint__in=ids, kind=Entry.Kind.REPLY).order_by("at", "pk")
    handled = {case: text for case, _kind, text in steps}
    answered = {case: text for case, kind, text in steps if kind == "reply"}
    return handled, answered | dict(replies.values_list("complaint", "text"))


def history_of(scope: Scope, customer: int, *, limit: int = 20) -> list[Complaint]:
    """A customer's complaints, newest first."""
    rows = complaints(scope).filter(customer=customer).prefetch_related("joined_to")
    return list(rows.order_by("-opened_at")[:limit])


def neighbours(rows: QuerySet[Complaint], complaint: Complaint) -> tuple[int | None, int | None]:
    """The complaints before and after this one by date of opening."""
    before = rows.filter(
        Q(opened_at__gt=complaint.opened_at) | Q(opened_at=complaint.opened_at, pk__gt=complaint.pk)
    )
    after = rows.filter(
        Q(opened_at__lt=complaint.opened_at) | Q(opened_at=complaint.opened_at, pk__lt=complaint.pk)
    )
    return (
        before.order_by("opened_at", "pk").values_list("pk", flat=True).first(),
        after.order_by("-opened_at", "-pk").values_list("pk", flat=True).first(),
    )


def numbers_of(ids: Collection[int]) -> dict[int, str]:
    """The numbers of complaints whose keys are known: a number tells nothing but itself."""
    return dict(Complaint.objects.filter(pk__in=ids).values_list("pk", "number"))


def roles_of_many(ids: Collection[int]) -> dict[int, dict[str, Party | None]]:
    """Who plays the roles of these complaints, for escalations; one statement."""
    rows = Complaint.objects.filter(pk__in=ids).select_related("taker", "handler", "accused").defer("text")
    return {
        row.pk: {
            **{word: getattr(row, role) for word, role in questions.ROLES.items()},
            escalation.BARRED: row.accused,
        }
        for row in rows
    }


def staff_near(unit: int) -> QuerySet[Party]:
    """Staff to whom a complaint of this unit may be given: of the house, of those above, and of its sisters."""
    found = tree()
    line = found.line(unit)
    near = found.below(line[1] if len(line) > 1 else unit) | set(line)
    return Party.objects.filter(kind=Party.Kind.STAFF, unit__in=near, user__is_active=True).order_by("name")


def units_near(unit: int) -> list[Unit]:
    """Houses and departments that may bear a part of the responsibility for a complaint of this unit."""
    found = tree()
    line = found.line(unit)
    near = found.below(line[1] if len(line) > 1 else unit) | set(line)
    return list(Unit.objects.filter(pk__in=near, closed_on=None).order_by("path"))


def house_of(unit: int | None, otherwise: Unit | None) -> Unit:
    """The unit whose report was chosen among those that the person sees, else the person's own."""
    if unit is not None:
        return Unit.objects.get(pk=unit)
    assert otherwise is not None
    return otherwise


def units_to_take(scope: Scope) -> list[Unit]:
    """Stores and companies in which the person takes complaints; departments belong to their house."""
    return [unit for unit in kept("open houses", _open_houses) if scope.sees_unit(unit.pk)]


def _open_houses() -> tuple[Unit, ...]:
    rows = Unit.objects.filter(closed_on=None).exclude(kind__in=[Unit.Kind.DEPARTMENT, Unit.Kind.TEAM])
    return tuple(rows.order_by("path"))
