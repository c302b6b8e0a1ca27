"""Measures: temporary ones at once, corrective and preventive ones once the plan is approved (R001-171, F001-50)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints.capa.models import Capa, CapaAction
from zhike.complaints.capa.reading import PLANNED
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.people.models import Post

from . import _common
from ._common import CannotCapa

Kind, Phase = CapaAction.Kind, Capa.Phase


@held
@transaction.atomic
def add_action(
    *,
    capa: Capa,
    kind: str,
    what: str,
    due_on: dt.date,
    by: Party,
    now: dt.datetime,
    owner: Party | None = None,
    owner_post: str = "",
) -> CapaAction:
    """Plan something for a person or a post until a day; a temporary measure is owed at once. Raises CannotCapa."""
    if kind not in Kind.values:
        raise CannotCapa(_("Choose whether it is temporary, corrective or preventive."))
    if kind == Kind.CONTAINMENT:
        _common.need_open(capa)
    else:
        _common.need(capa, Phase.ANALYSIS)
    if not what.strip():
        raise CannotCapa(_("Write down what is to be done."))
    if (owner is None) == (not owner_post):
        raise CannotCapa(_("Name a person or a post that does it, not both."))
    if owner_post and not Post.objects.filter(code=owner_post, retired_on=None).exists():
        raise CannotCapa(_("There is no such post."))
    if due_on < calendars.local_day(now, capa.unit_id):
        raise CannotCapa(_("The due date lies in the past."))
    _common.change(capa)
    action = CapaAction.objects.create(
        capa=capa,
        kind=kind,
        round=capa.round,
        what=what.strip(),
        owner=owner,
        owner_post=owner_post,
        due_on=due_on,
        by=by,
        at=now,
    )
    if kind == Kind.CONTAINMENT:
        _common.owe_actions(capa, [action], by=by, now=now)
    _common.record(
        "action_added",
        capa,
        by=by,
        now=now,
        action=action.pk,
        kind=kind,
        what=action.what,
        owner=owner.pk if owner else owner_post,
        due_on=due_on,
    )
    return action


@transaction.atomic
def remove_action(*, action: CapaAction, by: Party, now: dt.datetime) -> None:
    """Take a measure out of the plan that nobody has done; what was judged keeps it. Raises CannotCapa."""
    capa = action.capa
    _common.need(capa, Phase.ANALYSIS)
    if action.is_done:
        raise CannotCapa(_("What was done stays on record."))
    _common.change(capa)
    pk, duty = action.pk, action.duty
    if duty is not None:
        duties.cancel(
            subject=capa,
            now=now,
            by=by,
            reason=_("Taken out of the plan."),
            kinds=[duty.kind],
            titles=[duty.title],
        )
    action.delete()
    _common.record("action_removed", capa, by=by, now=now, action=pk, what=action.what)


@held
@transaction.atomic
def finish_action(*, action: CapaAction, evidence: str, by: Party, now: dt.datetime) -> CapaAction:
    """Say that a measure is done, with the evidence; with the last one the check of the effect is due.

    Raises CannotCapa.
    """
    capa = action.capa
    if action.kind == Kind.CONTAINMENT:
        _common.need_open(capa)
    else:
        _common.need(capa, Phase.EXECUTION)
    if not evidence.strip():
        raise CannotCapa(_("Say what shows that it is done."))
    rows = CapaAction.objects.filter(pk=action.pk, done_at=None)
    if not rows.update(evidence=evidence.strip(), done_by=by, done_at=now):
        raise CannotCapa(_("This measure is done already."))
    action.evidence, action.done_by, action.done_at = evidence.strip(), by, now
    if action.duty is not None:
        duties.discharge(subject=capa, kinds=[_common.ACTION], by=by, now=now, only=action.duty)
    last = action.kind in PLANNED and not capa.actions.filter(kind__in=PLANNED, done_at=None).exists()
    _common.change(capa, **({"phase": Phase.EFFECT} if last else {}))
    if last and capa.lead_id != capa.submitted_by_id:
        _common.owe(capa, _common.EFFECT, capa.lead, by=by, now=now)
    _common.record("action_done", capa, by=by, now=now, action=action.pk, evidence=action.evidence)
    return action
