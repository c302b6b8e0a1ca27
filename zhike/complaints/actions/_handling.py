"""Who handles: new facts ask the manual again, hand-overs go up the line, the taker may choose with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.kernel.audit import trail
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import stages

from . import _common

NOT_SETTLED_BELOW = "NOT_SETTLED_BELOW"


class CannotHandOver(Exception):
    """Nobody stands above, nobody holds the post, or it would be the person complained of."""


class CannotOverride(Exception):
    """The choice has no reason, or falls on the person complained of."""


@transaction.atomic
def change_facts(
    *,
    complaint: Complaint,
    by: Party,
    now: dt.datetime,
    reason: str,
    item: str | None = None,
    value: Decimal | None = None,
    circumstances: Iterable[str] | None = None,
    accused: Party | None = None,
    accused_level: str | None = None,
) -> Complaint:
    """Change what the ruling rests on, ask the manual again, and hand over if it now names another post.

    A fact that is None stays as it is. Raises CannotHandOver without a reason, WrongStage.
    """
    if not reason.strip():
        raise CannotHandOver(_("Say why the facts change."))
    regime = regime_of(complaint)
    before = _facts(complaint)
    values: dict[str, object] = {}
    if item is not None:
        values |= {"item": item, "group": regime.group_of(item)}
    if value is not None:
        values["value"] = value
    if circumstances is not None:
        codes = sorted(set(circumstances))
        values |= {"circumstances": codes, "circumstance_bits": regime.bits(codes)}
    if accused is not None:
        values["accused"] = accused
    if accused_level is not None:
        values["accused_level"] = accused_level
    if accused is not None and complaint.handler_id == accused.pk:
        values["handler"] = None
    _common.save_facts(complaint, **values)
    _rule_again(complaint, by=by, now=now, reason=reason)
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
        _rule_again(complaint, by=by, now=now, reason=reason)
    if complaint.handler_id == (former.pk if former else None):
        superior = directory().superior_of(former.pk if former else None, complaint.unit_id, now)
        if superior is None or superior.pk in {complaint.handler_id, complaint.accused_id}:
            raise CannotHandOver(_("Nobody stands above the handler here."))
        _common.give_to(complaint, superior, by=by, now=now, reason=reason)
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
    former = complaint.handler_id
    _common.give_to(complaint, to, by=by, now=now, reason=reason)
    trail.record(
        "complaints.handed_over",
        subject=complaint,
        by=by,
        at=now,
        clause=complaint.clause,
        before={"handler": former},
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


@transaction.atomic
def override_handler(
    *, complaint: Complaint, to: Party, by: Party, now: dt.datetime, reason: str
) -> Complaint:
    """Let somebody else than the manual names handle it; the ruling stays on view beside the reason."""
    if not reason.strip():
        raise CannotOverride(_("Say why somebody else than the manual names is to handle it."))
    if to.pk == complaint.accused_id:
        raise CannotOverride(_("Nobody handles a complaint about themselves."))
    former = complaint.handler_id
    _common.give_to(complaint, to, by=by, now=now, reason=reason)
    _common.save_facts(complaint, override_reason=reason.strip()[:400])
    trail.record(
        "complaints.handler_overridden",
        subject=complaint,
        by=by,
        at=now,
        ruling=complaint.ruling,
        clause=complaint.clause,
        before={"handler": former},
        after={"handler": to.pk, "reason": reason},
    )
    return complaint


def _rule_again(complaint: Complaint, *, by: Party, now: dt.datetime, reason: str) -> None:
    """A new ruling by the version under which the case began; another post means a hand-over."""
    regime = regime_of(complaint)
    ruling = _common.rule_handler(complaint, version=regime.answer.version, by=by, now=now)
    changed = ruling["handler"] != complaint.handler_code or complaint.handler_id is None
    _common.save_facts(
        complaint, ruling=ruling, clause=ruling.clause, handler_code=ruling["handler"], override_reason=""
    )
    if changed and complaint.is_open:
        person = _common.holder_of(ruling["handler"], regime, complaint, now)
        if person is not None:
            _common.give_to(complaint, person, by=by, now=now, reason=reason)
        stages.refresh_due(complaint)


def _facts(complaint: Complaint) -> dict[str, object]:
    return {
        "item": complaint.item,
        "value": complaint.value,
        "circumstances": complaint.circumstances,
        "accused": complaint.accused_id,
        "accused_level": complaint.accused_level,
        "handler": complaint.handler_id,
    }
