"""The gate: a change is handed in, reviewed, approved, put into force from a day, or withdrawn before that day.

Prepare, review, approve: three named persons in this order (R002-139). Sent back or taken back, a change is a draft
again, with the opinions; refused, it is dropped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.kernel.audit import trail
from zhike.kernel.outbox import post
from zhike.kernel.parties import subjects
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.manual.model import Manual
from zhike.kernel.policy.models import ManualVersion, UnitValues
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval, ApprovalStep
from zhike.kernel.worktime import calendars, phrases
from zhike.manuals import access_gate, queries
from zhike.manuals.access import ROLES
from zhike.manuals.models import Revision
from zhike.people.models import business_day

from ._checks import checks, later_values
from ._front import with_front
from ._publishing import (
    CannotPublish,
    CannotSetParameter,
    install,
    one_at_a_time,
    publish,
    set_parameters,
)
from ._reading import ask_to_read

KIND = queries.GATE
APPROVER = "总经理"
SIGN_WITHIN = "签批期限"  # figure of the standards, unless the front matter says `sign_within`
COMING = gettext_noop("%(title)s comes into force on %(day)s")
State = Revision.State


class CannotHandIn(Exception):
    """Something is missing; `missing` has one line for each point."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = tuple(missing)


# ---- handing in


@held
@transaction.atomic
def hand_in(
    *,
    revision: Revision,
    reviewer: Party | None,
    reason: str,
    effective_on: dt.date | None,
    by: Party,
    now: dt.datetime,
    seen: int | None = None,
) -> Approval:
    """Give a draft to its reviewer; the approver follows. `effective_on` None: the day of issue (R002-033).

    `seen` is the `revision` of the draft that the person looked at. Raises CannotHandIn with all that is missing.
    """
    if revision.state != State.DRAFT:
        raise CannotHandIn([_("This change was handed in already.")])
    if by.pk != revision.prepared_by_id:
        raise CannotHandIn(
            [_("%(name)s prepares this change and hands it in.") % {"name": revision.prepared_by}]
        )
    place = queries.place_of(revision)
    today = calendars.local_day(now, place.pk)
    missing = [] if reason.strip() else [_("Say why this is changed.")]
    missing += day_problems(revision, effective_on, today)
    base = base_problems(revision, effective_on or today)
    missing += base
    if not base:
        missing += checks(revision, effective_on or today).missing()
    manual = queries.manual_of_change(revision)
    levels, nobody = _line(manual, place, reviewer, by, now)
    missing += nobody
    if missing:
        raise CannotHandIn(missing)
    _change(
        revision,
        State.DRAFT,
        seen,
        state=State.ASKED,
        reason=reason.strip()[:400],
        effective_on=effective_on,
        asked_at=now,
        **({"text": _numbered(revision, effective_on)} if revision.unit is None else {}),
    )
    approval = approvals.request(
        subject=revision,
        kind=KIND,
        title=queries.change_title(revision),
        levels=levels,
        unit_id=place.pk,
        by=by,
        now=now,
        limit=sign_within(manual, today),
        version_id=revision.base_id,
    )
    _record("handed_in", revision, place, by=by, now=now, approval=approval.pk, reason=reason.strip())
    return approval


def sign_within(manual: Manual, day: dt.date) -> str:
    """Within which each level decides: front matter `sign_within`, else the standards in force on a day."""
    return str(manual.meta.get("sign_within") or queries.standing(SIGN_WITHIN, day, manual).text).strip()


def approver_post(manual: Manual) -> str:
    """The post that approves in the end: front matter `approver`."""
    return str(manual.meta.get("approver") or APPROVER).strip()


def _line(
    manual: Manual, place: Unit, reviewer: Party | None, by: Party, now: dt.datetime
) -> tuple[list[approvals.Level], list[str]]:
    """Reviewer, then approver; what is wrong with them."""
    wrong = []
    try:
        calendars.parsed(sign_within(manual, business_day(now)))
    except phrases.PhraseError as trouble:
        wrong.append(f"sign_within: {trouble}")
    if reviewer is None:
        wrong.append(_("Name the reviewer."))
    elif reviewer.pk == by.pk:
        wrong.append(_("Nobody reviews their own change."))
    elif not access_gate.may_review(reviewer, place, now):
        wrong.append(_("%(name)s has no power to publish regulations here.") % {"name": reviewer.name})
    post_word = approver_post(manual)
    if directory().post_code(post_word) is None:
        return [], [*wrong, _("The approver “%(post)s” is no post here.") % {"post": post_word}]
    try:
        level = approvals.levels_for([post_word], asked_by=by, unit_id=place.pk, now=now)
    except approvals.CannotApprove as refusal:
        return [], [*wrong, str(refusal)]
    if reviewer is not None and level[0].approvers[0].pk == reviewer.pk:
        wrong.append(
            _("%(name)s approves in the end; name somebody else as reviewer.") % {"name": reviewer.name}
        )
    return ([approvals.Level((reviewer,)), *level] if reviewer is not None else []), wrong


def day_problems(revision: Revision, day: dt.date | None, today: dt.date) -> list[str]:
    """Why a change cannot take force on a day; None stands for the day of issue, which is not known yet."""
    if day is not None and day < today:
        return [_("The effective day %(day)s lies in the past.") % {"day": day.isoformat()}]
    first = day or today
    if revision.unit is not None:
        later = later_values(revision.key, revision.unit, first)
        if later is not None:
            return [
                _(
                    "From %(day)s other values of this unit are decided already; choose that day or a later one."
                )
                % {"day": later.isoformat()}
            ]
    elif revision.base is not None and first < revision.base.effective_on:
        return [
            _("%(base)s, on which this rests, comes into force on %(day)s; choose that day or a later one.")
            % {"base": revision.base, "day": revision.base.effective_on.isoformat()}
        ]
    return []


def base_problems(revision: Revision, day: dt.date) -> list[str]:
    """Somebody published meanwhile, or the text calls itself another manual."""
    if revision.unit is not None:
        holds = queries.version_on(revision.key, day)
        if holds is None or holds.pk != revision.base_id:
            return [
                _("%(version)s will be in force on that day; look at the values again and save them.")
                % {"version": holds or revision.key}
            ]
        return []
    latest = queries.newest(revision.key)
    found = []
    if (latest.pk if latest else None) != revision.base_id:
        found.append(
            _("%(newest)s was published meanwhile; begin again from it.") % {"newest": latest}
            if latest
            else _("The version on which this rests was withdrawn; begin again.")
        )
    name = queries.manual_of_change(revision).name
    if name != revision.key:
        found.append(
            _("The text calls itself “%(name)s”, the manual is “%(key)s”.")
            % {"name": name, "key": revision.key}
        )
    return found


def _numbered(revision: Revision, day: dt.date | None) -> str:
    """The text with the number and the day that the gate gives it."""
    used = ManualVersion.objects.filter(key=revision.key).order_by("-number").values_list("number", flat=True)
    # without a day of its own the version holds from its issue, and the text names none
    return with_front(
        revision.text, version=str((used.first() or 0) + 1), effective=day.isoformat() if day else None
    )


# ---- what follows the line of signatures


def decided(approval: Approval, by: Party, now: dt.datetime) -> None:
    """Agreed by all it is published; refused it is dropped; sent back or taken back it is a draft again.

    Raises CannotApprove, so that nothing is decided, when it cannot be published.
    """
    rows = Revision.objects.filter(pk=approval.subject_id)
    if approval.state == Approval.State.APPROVED:
        one_at_a_time(rows.values_list("key", flat=True)[0])
    revision = rows.select_related("unit", "base", "install_at", "prepared_by").get()
    if approval.state == Approval.State.APPROVED:
        _into_force(revision, approval, by=by, now=now)
        return
    dropped = approval.state == Approval.State.REFUSED
    changed = Revision.objects.filter(pk=revision.pk, state=State.ASKED).update(
        state=State.DROPPED if dropped else State.DRAFT, asked_at=revision.asked_at if dropped else None
    )
    if not changed:
        raise approvals.CannotApprove(_("This was decided already."))


@held
def _into_force(revision: Revision, approval: Approval, *, by: Party, now: dt.datetime) -> None:
    place = queries.place_of(revision)
    reviewed, approved = _signed(approval)
    # a line that took longer than the day it was to hold from: never back over cases that were ruled already
    today = calendars.local_day(now, place.pk)
    day = max(revision.effective_on or today, today)
    problems = _overtaken(revision, day, today) or checks(revision, day).missing()
    if problems:
        raise approvals.CannotApprove(
            _("It cannot be published; send it back: %(why)s") % {"why": " ".join(problems)}
        )
    version = _published(revision, day, by=by, now=now)
    changed = Revision.objects.filter(pk=revision.pk, state=State.ASKED).update(
        state=State.PUBLISHED,
        version=version,
        effective_on=day,
        reviewed_by=_hand(reviewed),
        reviewed_at=reviewed.decided_at,
        approved_by=_hand(approved),
        approved_at=now,
    )
    if not changed:
        raise approvals.CannotApprove(_("This was decided already."))
    revision.version, revision.effective_on = version, day
    _tell(revision, place, by=by, now=now)


def _signed(approval: Approval) -> tuple[ApprovalStep, ApprovalStep]:
    """The steps of reviewer and approver; two persons, deputies too."""
    steps = {step.level: step for step in approval.steps.filter(decision="YES", added_by=None)}
    first, last = steps[min(steps)], steps[max(steps)]
    if _hand(first) == _hand(last):
        raise approvals.CannotApprove(_("You have reviewed this change; somebody else approves it."))
    return first, last


def _hand(step: ApprovalStep) -> int:
    """Who signed: the deputy where one stood in."""
    return step.deputy_id or step.approver_id


def _overtaken(revision: Revision, day: dt.date, today: dt.date) -> list[str]:
    """What happened to the manual, or to the unit's values, while the line was signing."""
    found = base_problems(revision, day) or day_problems(revision, day, today)
    if not found and revision.unit is not None and revision.asked_at is not None:
        since = {"installation__unit": revision.unit, "installation__key": revision.key}
        if UnitValues.objects.filter(**since, set_at__gt=revision.asked_at).exists():
            found = [_("The values of this unit were changed meanwhile.")]
    return found


def _published(revision: Revision, day: dt.date, *, by: Party, now: dt.datetime) -> ManualVersion | None:
    """The new version, installed where it is new; values have none. Raises CannotApprove."""
    try:
        if revision.unit is not None:
            set_parameters(
                key=revision.key, unit=revision.unit, values=revision.values, by=by, now=now, effective_on=day
            )
            return None
        version = publish(
            text=revision.text,
            by=by,
            now=now,
            roles=ROLES,
            accepted=revision.accepted,
            effective_on=day,
            unit=revision.install_at,
            preparer=revision.prepared_by,
        )
        if revision.install_at is not None:
            install(key=version.key, unit=revision.install_at, by=by, now=now)
        # whoever must read is asked, whether or not the text names readers; nobody twice
        ask_to_read(version=version, by=by, now=now)
        return version
    except (CannotPublish, CannotSetParameter) as refusal:
        raise approvals.CannotApprove(str(refusal)) from refusal


def _tell(revision: Revision, place: Unit, *, by: Party, now: dt.datetime) -> None:
    """Who reviewed, and the heads of where it works, learn of the day; who prepared is told by the approval."""
    assert revision.effective_on is not None
    words = {"title": queries.change_title(revision), "day": revision.effective_on.isoformat()}
    told = {party.pk: party for party in access_gate.heads(place, now)}
    told[revision.prepared_by_id] = revision.prepared_by
    post.notify_many(
        [
            post.Notice(
                to=party,
                kind="manual.coming",
                title=_(COMING) % words,
                params=words,
                **subjects.key(revision),
                unit_id=place.pk,
                by=by,
                at=now,
            )
            for party in told.values()
            if party.pk != by.pk
        ]
    )


def _change(revision: Revision, expected: str, seen: int | None, **values: Any) -> None:
    """Compare and set. Raises CannotHandIn when somebody was faster."""
    rows = Revision.objects.filter(pk=revision.pk, state=expected)
    rows = rows.filter(revision=revision.revision if seen is None else seen)
    if not rows.update(**values):
        raise CannotHandIn([_("Somebody has changed this draft meanwhile. Look at it again.")])
    for name, value in values.items():
        setattr(revision, name, value)


def _record(code: str, revision: Revision, place: Unit, *, by: Party, now: dt.datetime, **after: Any) -> None:
    trail.record(
        f"manuals.revision_{code}",
        subject=revision,
        by=by,
        at=now,
        unit_id=place.pk,
        after={"key": revision.key, **after},
    )
