"""A stage may decide a matter of approval (审批): it is entered with an application, and left by its decision."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint, Grant
from zhike.complaints.regime import Regime, label_of
from zhike.kernel.policy.evaluate.branches import NoWay, next_stage

from . import _common

ALIVE = frozenset({Grant.State.ASKED, Grant.State.GRANTED})


def in_the_way(complaint: Complaint, regime: Regime, decisions: Mapping[str, bool]) -> str:
    """What the matters of this stage and of the next still want, in one sentence; "" when the step may be taken.

    `decisions` as in `record_step`; a stage that is answered with yes sends the case back.
    """
    if not regime.decides_matters:
        return ""
    here = regime.matter_of(complaint.stage)
    state = state_of(complaint, here)
    if here and state == Grant.State.ASKED:
        said = _("“%(what)s” is applied for: once that is decided, the case goes on by itself.")
        return said % {"what": _said(regime, here)}
    if here and state != Grant.State.GRANTED and not any(decisions.values()):
        said = _("“%(what)s” is not granted: the case can only be sent back.")
        return said % {"what": _said(regime, here)}
    ahead = regime.matter_of(_next(complaint, regime, decisions))
    if ahead and state_of(complaint, ahead) not in ALIVE:
        said = _(
            "Apply for “%(what)s” first, or say in the facts that it is not asked for: the next stage decides it."
        )
        return said % {"what": _said(regime, ahead)}
    return ""


def waits_for_decision(complaint: Complaint, regime: Regime) -> bool:
    """Whether the case stands where an application is decided, and one is under way."""
    matter = regime.matter_of(complaint.stage) if regime.decides_matters else ""
    return bool(matter) and state_of(complaint, matter) == Grant.State.ASKED


def _said(regime: Regime, matter: str) -> str:
    return next((label_of(word) for word in regime.words(questions.APPROVALS) if word.code == matter), matter)


def _next(complaint: Complaint, regime: Regime, decisions: Mapping[str, bool]) -> str:
    procedure = regime.procedure(complaint, decisions)
    try:
        return next_stage(procedure.table, complaint.stage, procedure.facts) or ""
    except NoWay:  # the engine says so when the step is taken
        return ""


def state_of(complaint: Complaint, matter: str) -> str:
    """How the last application for a matter stands; "" without one."""
    rows = Grant.objects.filter(complaint=complaint, kind=matter) if matter else Grant.objects.none()
    return rows.order_by("-pk").values_list("state", flat=True).first() or ""


def claim(complaint: Complaint, regime: Regime, matter: str, *, holds: bool) -> dict[str, str]:
    """Say in the facts that a matter is applied for, or no longer: by this field the case goes to its stage.

    What was written, by field; the caller records it.
    """
    code = regime.field_to(matter)
    said = "是" if holds else "否"
    if not code or not complaint.is_open or complaint.more.get(code, "") == said:
        return {}
    _common.save_facts(complaint, more={**complaint.more, code: said})
    return {code: said}
