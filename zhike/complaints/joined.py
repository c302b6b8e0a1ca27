"""What the page of a complaint shows of those that are joined to it, and of the one that it is joined to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from zhike.kernel.records.models import Attachment

from .models import Complaint, Entry, Joining
from .queries import Item


@dataclass(frozen=True)
class Joined:
    """`into` is the joining that holds; `parts` are those joined to this one that the reader may see.

    `count` is how many there are, seen or not: as many customers get a reply that goes to all.
    """

    history: Sequence[Joining] = ()
    into: Joining | None = None
    parts: Sequence[Joining] = ()
    count: int = 0
    seen: frozenset[int] = frozenset()  # of the others, those that the reader may open
    items: list[Item] = field(default_factory=list)

    def woven_into(self, complaint: Complaint, timeline: list[Item]) -> list[Item]:
        """The course of events with joinings and what was said in the parts; oldest first, the opening before all."""
        if not self.history:
            return timeline
        joined_at = {one.at for one in self.history if one.complaint_id == complaint.pk}
        own = [item for item in timeline if item.kind != "end" or item.at not in joined_at]
        return [own[0], *sorted([*own[1:], *self.items], key=lambda item: item.at)]


def joined_with(complaint: Complaint, visible: QuerySet[Complaint]) -> Joined:
    """Four statements; a complaint that was never joined with another has `Joined()`."""
    history = list(
        Joining.objects.filter(Q(complaint=complaint) | Q(main=complaint))
        .select_related("complaint__customer", "main", "by", "parted_by")
        .order_by("at", "id")
    )
    others = {one.complaint_id if one.main_id == complaint.pk else one.main_id for one in history}
    seen = frozenset(visible.filter(pk__in=others).values_list("pk", flat=True))
    current = [one for one in history if one.parted_at is None]
    parts = [one for one in current if one.main_id == complaint.pk and one.complaint_id in seen]
    shown = [one for one in history if one.complaint_id == complaint.pk or one.complaint_id in seen]
    items = [Item(one.at, "joining", one, "rulings") for one in shown]
    items += [Item(one.parted_at, "parting", one, "rulings") for one in shown if one.parted_at is not None]
    return Joined(
        history=history,
        into=next((one for one in current if one.complaint_id == complaint.pk), None),
        parts=parts,
        count=sum(one.main_id == complaint.pk for one in current),
        seen=seen,
        items=items + (_said_in(complaint, parts) if parts else []),
    )


def _said_in(main: Complaint, parts: Sequence[Joining]) -> list[Item]:
    """What the customers of the parts reported, wrote and were told; a reply that went to all stands there once."""
    rows = {one.complaint_id: one.complaint for one in parts}
    told = set(main.entries.filter(kind=Entry.Kind.REPLY).values_list("text", "at"))
    entries = Entry.objects.filter(complaint__in=rows).select_related("by")
    files = Attachment.objects.filter(
        subject_label=Complaint._meta.label, subject_id__in=rows, removed_at=None
    ).select_related("by")
    return [
        *(Item(row.opened_at, "joined_opened", row, "talk", {"of": row}) for row in rows.values()),
        *(
            Item(
                entry.at,
                f"joined_{entry.kind.lower()}",
                entry,
                "internal" if entry.kind == Entry.Kind.NOTE else "talk",
                {"of": rows[entry.complaint_id]},
            )
            for entry in entries
            if entry.kind != Entry.Kind.REPLY or (entry.text, entry.at) not in told
        ),
        *(Item(row.at, "joined_attachment", row, "talk", {"of": rows[row.subject_id]}) for row in files),
    ]
