"""Who handles: new facts ask the manual again, hand-overs go up the line, the taker may choose with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.complaints.suggest import answers as suggestions
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.ask import keep
from zhike.kernel.procedures import stages

from . import _common, _limits

NOT_SETTLED_BELOW = "NOT_SETTLED_BELOW"


class Kept(Enum):
    """Says of a fact that it stays as it is; None means that it is not known."""

    KEPT = "kept"


KEPT = Kept.KEPT


class CannotHandOver(Exception):
    """Nobody stands above, nobody holds the post, or it would be the person complained of."""


class CannotOverride(Exception):
    """The choice has no reason, or falls on the person complained of."""


@held
@transaction.atomic
def change_facts(
    *,
    complaint: Complaint,
    by: Party,
    now: dt.datetime,
    reason: str,
    item: str | Kept = KEPT,
    value: Decimal | Kept | None = KEPT,
    circumstances: Iterable[str] | Kept = KEPT,
    accused: Party | Kept | None = KEPT,
    accused_level: str | Kept = KEPT,
    more: Mapping[str, Any] | Kept = KEPT,
    suggested: str = "",
) -> Complaint:
    """Change what the ruling rests on, ask the manual again, and hand over if it now names another post.

    Who is now complained of has no part in the case any more: their duties go to the handler. Raises
    CannotHandOver without a reason or when nobody is left to handle it, WrongStage.
    """
    if not reason.strip():
        raise CannotHandOver(_("Say why the facts change."))
    if not complaint.is_open:
        raise CannotHandOver(_("This complaint is closed."))
    regime = regime_of(complaint)
    before = _facts(complaint)
    former = complaint.handler
    values: dict[str, object] = {}
    if not isinstance(item, Kept):
        values |= {"item": item, "group": regime.group_of(item)}
    if not isinstance(value, Kept):
        values["value"] = value
    if not isinstance(circumstances, Kept):
        codes = sorted(set(circumstances))
        values |= {"circumstances": codes, "circumstance_bits": regime.bits(codes)}
    if not isinstance(accused_level, Kept):
        values["accused_level"] = accused_level
    if not isinstance(more, Kept):
        values["more"] = {**complaint.more, **more}
    if not isinstance(accused, Kept):
        values["accused"] = accused
        if accused is not None and former is not None and former.pk == accused.pk:
            values["handler"] = None
    _common.save_facts(complaint, **values)
    _rule_again(complaint, former, by=by, now=now, reason=reason)
    if complaint.accused is not None:
        _take_part_no_more(complaint, complaint.accused, former)
    suggestions.note(complaint=complaint, proposed=suggested, by=by, now=now)
    trail.record(
        "complaints.facts_changed",
        subject=complaint,
        by=by,
        at=now,
        ruling=complaint.ruling,
        clause=complaint.clause,
        before=before,
        after=_facts(complaint) | {"reason": reason},
    )
    return complaint


def bring(
    complaint: Complaint, codes: Iterable[str], *, by: Party, now: dt.datetime, reason: str
) -> dict[str, object]:
    """Circumstances that came with a decision: grade, handler and limits follow, as for changed facts.

    What changed, for the audit row of the action that decided; {} where they held before.
    """
    fresh = {*codes} - {*complaint.circumstances}
    if not fresh:
        return {}
    former = complaint.handler
    held_now = sorted({*complaint.circumstances, *fresh})
    bits = regime_of(complaint).bits(held_now)
    _common.save_facts(complaint, circumstances=held_now, circumstance_bits=bits)
    _rule_again(complaint, former, by=by, now=now, reason=reason)
    return {"circumstances": held_now, "handler": complaint.handler_id, "grade": complaint.grade}


@held
@transaction.atomic
def hand_up(*, complaint: Complaint, by: Party, now: dt.datetime, reason: str) -> Complaint:
    """What the handler could not settle goes up the line under the manual (R001-113, R001-116).

    If the manual knows the circumstance “not settled by subordinates” it names the next handler; otherwise, or
    if it names the same person, the superior takes over. Raises CannotHandOver.
    """
    if not reason.strip():
        raise CannotHandOver(_("Say why it goes up the line."))
    if not complaint.is_open:
        raise CannotHandOver(_("This complaint is closed."))
    regime = regime_of(complaint)
    former = complaint.handler
    known = {word.code for word in regime.words("投诉情形")}
    if NOT_SETTLED_BELOW in known and NOT_SETTLED_BELOW not in complaint.circumstances:
        codes = sorted({*complaint.circumstances, NOT_SETTLED_BELOW})
        _common.save_facts(complaint, circumstances=codes, circumstance_bits=regime.bits(codes))
        _rule_again(complaint, former, by=by, now=now, reason=reason)
    if complaint.handler_id == (former.pk if former else None):
        superior = directory().superior_of(former.pk if former else None, complaint.unit_id, now)
        if superior is None or superior.pk in {complaint.handler_id, complaint.accused_id}:
            raise CannotHandOver(_("Nobody stands above the handler here."))
        _common.give_to(complaint, superior, former=former, by=by, now=now, reason=reason)
    stages.refresh_due(complaint)
    trail.record(
        "complaints.handed_up",
        subject=complaint,
        by=by,
        at=now,
        ruling=complaint.ruling,
        clause=complaint.clause,
        before={"handler": former.pk if former else None},
        after={"handler": complaint.handler_id, "reason": reason},
    )
    return complaint


@held
@transaction.atomic
def hand_over(*, complaint: Complaint, to: Party, by: Party, now: dt.datetime, reason: str) -> Complaint:
    """Hand the complaint to a named person; recorded with the reason (R001-116). Raises CannotHandOver."""
    if not reason.strip():
        raise CannotHandOver(_("Say why it is handed over."))
    if not complaint.is_open:
        raise CannotHandOver(_("This complaint is closed."))
    if to.pk == complaint.accused_id:
        raise CannotHandOver(_("Nobody handles a complaint about themselves."))
    if to.pk == complaint.handler_id:
        raise CannotHandOver(_("%(name)s handles it already.") % {"name": to.name})
    former = complaint.handler
    _common.give_to(complaint, to, former=former, by=by, now=now, reason=reason)
    trail.record(
        "complaints.handed_over",
        subject=complaint,
        by=by,
        at=now,
        clause=complaint.clause,
        before={"handler": former.pk if former else None},
        after={"handler": to.pk, "reason": reason},
    )
    return complaint


def hand_over_many(
    *, complaints: Iterable[Complaint], to: Party, by: Party, now: dt.datetime, reason: str
) -> tuple[int, list[str]]:
    """Hand over several, each on its own; returns how many, and why others were left as they are."""
    done, refused = 0, []
    for complaint in complaints:
        try:
            hand_over(complaint=complaint, to=to, by=by, now=now, reason=reason)
        except (CannotHandOver, stages.WrongStage) as refusal:
            refused.append(f"{complaint.number}: {refusal}")
        else:
            done += 1
    return done, refused


@held
@transaction.atomic
def override_handler(
    *, complaint: Complaint, to: Party, by: Party, now: dt.datetime, reason: str
) -> Complaint:
    """Let somebody else than the manual names handle it; the ruling stays on view beside the reason."""
    if not reason.strip():
        raise CannotOverride(_("Say why somebody else than the manual names is to handle it."))
    if to.pk == complaint.accused_id:
        raise CannotOverride(_("Nobody handles a complaint about themselves."))
    if not complaint.is_open:
        raise CannotOverride(_("This complaint is closed."))
    former = complaint.handler
    _common.give_to(complaint, to, former=former, by=by, now=now, reason=reason)
    _common.save_facts(complaint, override_reason=reason.strip()[:400])
    trail.record(
        "complaints.handler_overridden",
        subject=complaint,
        by=by,
        at=now,
        ruling=complaint.ruling,
        clause=complaint.clause,
        before={"handler": former.pk if former else None},
        after={"handler": to.pk, "reason": reason},
    )
    return complaint


def _take_part_no_more(complaint: Complaint, accused: Party, former: Party | None) -> None:
    """What the person complained of owed in this case, the handler owes."""
    if complaint.handler is not None:
        duties.reassign(subject=complaint, from_owner=accused, to_owner=complaint.handler)
    elif former is not None and former.pk == accused.pk:
        raise CannotHandOver(_("Nobody stands above the handler here."))


def _rule_again(
    complaint: Complaint, former: Party | None, *, by: Party, now: dt.datetime, reason: str
) -> None:
    """A new ruling by the version under which the case began; another post means a hand-over."""
    regime = regime_of(complaint)
    graded = complaint.grade, complaint.major
    keep(_common.grade(complaint, regime, by=by, now=now))
    if (complaint.grade, complaint.major) != graded:
        _common.save_facts(complaint, grade=complaint.grade, major=complaint.major)
    _common.judge(complaint, regime, by=by, now=now)
    ruling = _common.rule_handler(complaint, regime, by=by, now=now)
    changed = ruling["handler"] != complaint.handler_code or complaint.handler_id is None
    _common.save_facts(
        complaint, ruling=ruling, clause=ruling.clause, handler_code=ruling["handler"], override_reason=""
    )
    if not complaint.is_open:
        return
    person = regime.holder_of(ruling["handler"], complaint.accused_id, now) if changed else None
    if person is not None:
        _common.give_to(complaint, person, former=former, by=by, now=now, reason=reason)
    _limits.rule_again(complaint, regime, by=by, now=now)
    stages.refresh_due(complaint)


def _facts(complaint: Complaint) -> dict[str, object]:
    return {
        "item": complaint.item,
        "value": complaint.value,
        "circumstances": complaint.circumstances,
        "accused": complaint.accused_id,
        "accused_level": complaint.accused_level,
        "grade": complaint.grade,
        "major": complaint.major,
        "valid": complaint.valid,
        "more": complaint.more,
        "handler": complaint.handler_id,
    }
