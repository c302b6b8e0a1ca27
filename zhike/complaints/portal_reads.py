"""What the portal shows: shops that take complaints, and how far a complaint is, in plain words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel.parties.models import Unit
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import Installation
from zhike.kernel.worktime import calendars

from . import questions
from .models import Complaint, Entry
from .queries_after import rated
from .regime import regime_of

INNER = (Unit.Kind.DEPARTMENT, Unit.Kind.TEAM)


def shops_with_regulation(now: dt.datetime) -> list[Unit]:
    """Open stores and companies where a regulation answers; one that stands above others gives way to them."""
    units = list(Unit.objects.filter(closed_on=None).order_by("path"))
    versions = inforce.versions_in_force(calendars.local_day(now, 0))
    answering = {
        key
        for key, version in versions.items()
        if inforce.table_for(inforce.manual_of(version.pk), questions.STAGES.name) is not None
    }
    at = set(Installation.objects.filter(key__in=answering).values_list("unit_id", flat=True))
    houses = [unit for unit in units if unit.kind not in INNER and at & set(unit.line)]
    above = {pk for unit in houses for pk in unit.line[1:]}
    return [unit for unit in houses if unit.pk not in above]


def may_confirm(complaint: Complaint) -> bool:
    """After a solution or an answer, and once after each."""
    worked = complaint.worked
    moments = (worked.solved_at, worked.replied_at, complaint.replied_at, worked.closed_at)
    done = [at for at in moments if at is not None]
    if not done or complaint.is_void:
        return False
    heard = complaint.entries.filter(kind=Entry.Kind.CUSTOMER, at__gte=max(done))
    return not heard.exists()


def may_rate(complaint: Complaint) -> bool:
    """A closed complaint is rated once in each round."""
    return not complaint.worked.is_open and not complaint.is_void and not rated(complaint)


def handling_post(complaint: Complaint) -> str:
    """The post that handles it, in the words of the regulation; no names."""
    try:
        return regime_of(complaint).label(questions.HANDLERS, complaint.handler_code)
    except inforce.NoManual:
        return ""


MILESTONES = (
    (gettext_lazy("We have received it"), ()),
    (gettext_lazy("We find out what happened"), ("intake", "cause", "empathy", "details")),
    (gettext_lazy("We work on a solution"), ("solution", "approval")),
    (gettext_lazy("The solution is carried out"), ("execution", "reply")),
    (gettext_lazy("Finished"), ("summary",)),
)


def steps_of(complaint: Complaint) -> list[dict[str, Any]]:
    """The way of a complaint in plain words, whatever the regulation calls its stages."""
    if complaint.is_void:
        return [
            {"label": MILESTONES[0][0], "state": "done"},
            {
                "label": _("Taken off the register: %(reason)s") % {"reason": complaint.void_reason},
                "state": "now",
            },
        ]
    at = next((place for place, (_l, kinds) in enumerate(MILESTONES) if complaint.stage_kind in kinds), 1)
    if not complaint.is_open:
        at = len(MILESTONES)
    return [
        {"label": label, "state": "done" if place < at else "now" if place == at else ""}
        for place, (label, _kinds) in enumerate(MILESTONES)
    ]
