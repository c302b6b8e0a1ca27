"""Two reports of one thing: one becomes part of the other, and can be parted again.

What is joined keeps its number, code, customer, entries and files. It is worked, closed and counted with the main one.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints.models import Complaint, Joining
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import post
from zhike.kernel.parties import subjects
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import stages
from zhike.kernel.procedures.stages import WrongStage

from . import _common
from ._under_way import under_way

JOINED = gettext_noop("%(joined)s was joined to %(number)s")


class CannotJoin(Exception):
    """The complaint cannot become part of that one."""


class CannotPart(Exception):
    """The complaint is not part of another, or cannot go on by itself."""


@held
@transaction.atomic
def join(*, complaint: Complaint, into: Complaint, by: Party, now: dt.datetime, reason: str) -> Complaint:
    """Make a complaint part of another; one that is joined itself stands for its main one, so there are no chains.

    The duties of the joined one are cancelled. Returns the main complaint. Raises CannotJoin, WrongStage.
    """
    main = into.joined_to or into
    if not reason.strip():
        raise CannotJoin(_("Say why the two belong together."))
    _one_at_a_time(complaint, main)
    _check(complaint, main)
    stage, kind = complaint.stage, complaint.stage_kind
    owed = Duty.objects.open().filter(**subjects.key(complaint)).order_by("pk").values_list("pk", flat=True)
    open_duties = list(owed)
    said = _("Joined to %(number)s") % {"number": main.number}
    stages.end(complaint, by=by, now=now, reason=f"{said}: {reason.strip()}"[:400])
    _common.save_facts(complaint, joined_to=main)
    _common.save_facts(main)  # nobody closes or joins the main one at the same moment
    Joining.objects.create(
        complaint=complaint,
        main=main,
        stage=stage,
        stage_kind=kind,
        duties=open_duties,
        reason=reason.strip()[:400],
        by=by,
        at=now,
    )
    _tell(complaint, main, by=by, now=now, reason=reason)
    trail.record(
        "complaints.joined",
        subject=complaint,
        by=by,
        at=now,
        before={"stage": stage},
        after={"main": main.number, "reason": reason.strip()},
    )
    return main


def _one_at_a_time(complaint: Complaint, main: Complaint) -> None:
    """Who joins A to B and who joins B to A wait for each other, always in the same order."""
    both = Complaint.objects.select_for_update().filter(pk__in=[complaint.pk, main.pk]).order_by("pk")
    seen = dict(both.values_list("pk", "revision"))
    if any(seen.get(row.pk) != row.revision for row in (complaint, main)):
        raise WrongStage(_("Somebody else has changed this case meanwhile. Reload it and look again."))


def _check(complaint: Complaint, main: Complaint) -> None:
    if complaint.pk == main.pk:
        raise CannotJoin(_("A complaint is not joined to itself."))
    for row in (complaint, main):
        if not row.is_open:
            raise CannotJoin(_("%(number)s is closed.") % {"number": row.number})
    if has_parts(complaint):
        raise CannotJoin(
            _("Other complaints are joined to %(number)s; join the other way round, or part them first.")
            % {"number": complaint.number}
        )
    if complaint.secrecy != main.secrecy:
        raise CannotJoin(_("One of the two is confidential: those who read the other would read it too."))
    # whoever handles the main one would otherwise handle a complaint about themselves
    if complaint.accused_id is not None and complaint.accused_id != main.accused_id:
        raise CannotJoin(_("The two are not about the same member of staff."))
    if first := under_way(complaint):
        raise CannotJoin(first)


def _tell(complaint: Complaint, main: Complaint, *, by: Party, now: dt.datetime, reason: str) -> None:
    if main.handler is None or main.handler_id == by.pk:
        return
    words = {"joined": complaint.number, "number": main.number}
    post.notify(
        to=main.handler,
        kind="complaint.joined",
        title=_(JOINED) % words,
        params=words,
        body=reason.strip(),
        subject=main,
        by=by,
        at=now,
    )


@held
@transaction.atomic
def part(*, complaint: Complaint, by: Party, now: dt.datetime, reason: str) -> Complaint:
    """Part a complaint from its main one: it goes on at the stage where it stood and owes what it owed.

    The customer has waited all the time, so the dates are the old ones. Raises CannotPart, WrongStage.
    """
    if not reason.strip():
        raise CannotPart(_("Say why the two are parted."))
    joining = complaint.joinings.filter(parted_at=None).select_related("main").first()
    if joining is None:
        raise CannotPart(_("This complaint is not joined to another."))
    if not joining.main.is_open:
        raise CannotPart(
            _("%(number)s is closed, and what was joined to it was closed with it.")
            % {"number": joining.main.number}
        )
    changed = Complaint.objects.filter(
        pk=complaint.pk, revision=complaint.revision, joined_to=joining.main
    ).update(
        revision=F("revision") + 1,
        joined_to=None,
        closed_at=None,
        stage=joining.stage,
        stage_kind=joining.stage_kind,
    )
    if not changed:
        raise WrongStage(_("Somebody else has changed this case meanwhile. Reload it and look again."))
    joining.part_reason, joining.parted_by, joining.parted_at = reason.strip()[:400], by, now
    joining.save(update_fields=["part_reason", "parted_by", "parted_at"])
    complaint.refresh_from_db()
    duties.reopen(subject=complaint, ids=joining.duties)
    _keep_what_was_said(complaint, by)
    stages.refresh_due(complaint)
    trail.record(
        "complaints.parted",
        subject=complaint,
        by=by,
        at=now,
        before={"main": joining.main.number},
        after={"stage": joining.stage, "reason": reason.strip()},
    )
    return complaint


def _keep_what_was_said(complaint: Complaint, by: Party) -> None:
    """Replies that went to the customer meanwhile were first response and answer; they are not owed again."""
    for kind, at in (
        ("complaint.response", complaint.responded_at),
        ("complaint.reply", complaint.replied_at),
    ):
        if at is not None:
            duties.discharge(subject=complaint, kinds=[kind], by=by, now=at)


def has_parts(complaint: Complaint) -> bool:
    return Complaint.objects.filter(joined_to=complaint).exists()


def close_with(main: Complaint, *, by: Party, now: dt.datetime) -> None:
    """What is joined closes with the main one. Other customers are told of by an event of their own."""
    for joined in Complaint.objects.filter(joined_to=main).order_by("pk"):
        _common.save_facts(joined, closed_at=now)
        if joined.customer_id != main.customer_id:
            post.emit("case_closed", ids={"label": Complaint._meta.label, "id": joined.pk}, at=now)
        trail.record("complaints.closed", subject=joined, by=by, at=now, after={"main": main.number})
