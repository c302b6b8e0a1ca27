"""A request goes to another unit; not for ever: after so many times it lies with the common leader (R004-37)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import tree
from zhike.people.requests.models import Request, RequestStep
from zhike.people.requests.questions import PASSINGS

from ._asking import ANSWER_TITLE, ANSWERS, answer_kind, head_of, owe, rules, step, tell


class CannotPass(Exception):
    """No reason, nobody there, the same unit again, or it lies with the common leader already; one sentence."""


@held
@transaction.atomic
def pass_on(*, request: Request, to_unit: Unit, reason: str, by: Party, now: dt.datetime) -> Request:
    """Pass a request on to the unit that can answer it; its date stays. Raises CannotPass.

    Passed on more often than the regulation allows it goes to the leader whom asker and answerers have in common, and
    no further.
    """
    if request.is_last:
        raise CannotPass(_("It lies with the common leader and is passed on no further: answer it."))
    if not reason.strip():
        raise CannotPass(_("Say why your unit cannot answer."))
    if to_unit.pk == request.to_unit_id:
        raise CannotPass(_("It lies with this unit already."))
    is_last = request.passings >= rules(request.unit_id, now).figure(PASSINGS, usual=0)
    owner = common_leader(request, by, now) if is_last else head_of(to_unit, request.asked_by, now)
    if owner is None:
        raise CannotPass(_("Nobody of %(unit)s could answer: choose another unit.") % {"unit": to_unit.label})
    place = owner.unit if is_last and owner.unit is not None else to_unit
    rows = Request.objects.filter(pk=request.pk, state=Request.State.OPEN, revision=request.revision)
    if not rows.update(
        to_unit=place, owner=owner, passings=F("passings") + 1, is_last=is_last, revision=F("revision") + 1
    ):
        raise CannotPass(_("The request does not stand where you saw it any more."))
    request.refresh_from_db()
    duties.cancel(subject=request, kinds=ANSWERS, by=by, now=now, reason=reason.strip()[:200])
    owe(request, answer_kind(request), ANSWER_TITLE, owner, place.pk, now, due_at=request.due_at)
    step(request, RequestStep.Kind.PASSED, by, now, text=reason.strip(), to_unit=place, owner=owner)
    tell(request, owner, "request.asked", by, now, email=request.urgent)
    trail.record(
        "people.request_passed", subject=request, by=by, at=now, unit_id=request.unit_id,
        after={"to": place.pk, "owner": owner.pk, "last": is_last},
    )  # fmt: skip
    return request


def common_leader(request: Request, by: Party, now: dt.datetime) -> Party | None:
    """The head of the nearest unit above both the asker and where the request lies; not who passes it on."""
    asked = tree().line(request.to_unit_id)
    for unit in tree().line(request.unit_id):
        if unit not in asked:
            continue
        head = directory().superior_of(None, unit, now)
        if head is not None and head.pk not in {by.pk, request.asked_by_id}:
            return head
    return directory().superior_of(by.pk, request.to_unit_id, now)
