"""The end of a regulation: asked for with a reason, approved by a second person, in force from its day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import post, wording
from zhike.kernel.parties import subjects
from zhike.kernel.parties.held import forget
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.manuals.models import Repeal
from zhike.manuals.queries._control import EXAMINE, REVISE, front_of
from zhike.people.models import business_day

from ._revising import unit_of

KIND = "manual.repeal"
TOLD = "manual.repealed"
GENERAL_MANAGER = "总经理"  # where the manual names no approver (R002-105, R002-138)


class CannotRepeal(Exception):
    """It is repealed or asked for already, the day is past, no reason was given, or nobody can approve."""


@transaction.atomic
def ask_repeal(
    *, version: ManualVersion, ends_on: dt.date, reason: str, by: Party, now: dt.datetime
) -> Repeal:
    """Ask for the end of a regulation from a day on; who approves regulations decides. Raises CannotRepeal."""
    if not reason.strip():
        raise CannotRepeal(_("Say why."))
    if ends_on < business_day(now):
        raise CannotRepeal(_("The day lies in the past; cases of that time are ruled already."))
    if Repeal.objects.filter(key=version.key).exists():
        raise CannotRepeal(_("The repeal of this regulation is decided or asked for already."))
    unit = unit_of(version, by)
    if unit is None:
        raise CannotRepeal(_("There is nobody to ask."))
    repeal = Repeal.objects.create(
        key=version.key, ends_on=ends_on, reason=reason.strip()[:400], by=by, at=now
    )
    word = front_of(version).approver or GENERAL_MANAGER
    title = f"废止《{version.title}》，自 {ends_on:%Y-%m-%d} 起：{repeal.reason}"
    try:
        approvals.request(
            subject=version,
            kind=KIND,
            title=title,
            levels=approvals.levels_for([word], asked_by=by, unit_id=unit.pk, now=now),
            unit_id=unit.pk,
            by=by,
            now=now,
            version_id=version.pk,
        )
    except approvals.CannotApprove as refusal:
        raise CannotRepeal(str(refusal)) from refusal
    return repeal


def repeal_decided(approval: Approval, by: Party, now: dt.datetime) -> None:
    """What follows: the regulation ends, or nothing was asked. Runs in the transaction of the decision."""
    asked = ManualVersion.objects.only("key").get(pk=approval.subject_id)
    repeal = Repeal.objects.get(key=asked.key)
    if approval.state != Approval.State.APPROVED:
        repeal.delete()
        return
    # decided after the day that was asked for: it ends with the decision
    ends_on = max(repeal.ends_on, business_day(now))
    Repeal.objects.filter(pk=repeal.pk).update(ends_on=ends_on)
    versions = list(ManualVersion.objects.filter(key=repeal.key).defer("text"))
    ManualVersion.objects.filter(key=repeal.key, ends_on=None).exclude(
        state=ManualVersion.State.DRAFT
    ).update(ends_on=ends_on)
    forget()
    owed = Duty.objects.open().filter(
        subject_label=ManualVersion._meta.label, subject_id__in=[version.pk for version in versions]
    )
    for duty in owed:
        if duty.kind == REVISE or duty.kind.startswith(f"{EXAMINE}."):
            subject = ManualVersion(pk=duty.subject_id)
            duties.cancel(subject=subject, kinds=[duty.kind], by=by, now=now, reason="制度已废止")
    newest = max(versions, key=lambda version: version.number)
    _tell(newest, ends_on, by=by, now=now)
    trail.record(
        "manuals.repealed",
        subject=newest,
        by=by,
        at=now,
        after={"key": repeal.key, "ends_on": ends_on, "reason": repeal.reason, "asked_by": repeal.by_id},
    )


def _tell(version: ManualVersion, ends_on: dt.date, *, by: Party, now: dt.datetime) -> None:
    """Tell the staff of the units that work by it."""
    units: set[int] = set()
    for unit in Installation.objects.filter(key=version.key).values_list("unit_id", flat=True):
        units |= tree().below(unit)
    params = {
        "title": version.title,
        "title_en": version.title_en or version.title,
        "day": f"{ends_on:%Y-%m-%d}",
    }
    staff = Party.objects.filter(user__is_active=True, unit__in=units).exclude(pk=by.pk)
    sentence = wording.sentence(TOLD, params) or version.title
    post.notify_many(
        [
            post.Notice(
                to=one, kind=TOLD, title=sentence, params=params, by=by, at=now, **subjects.key(version)
            )
            for one in staff
        ]
    )
