"""What the verbs of corrective action share: the state that they act on, what is owed, who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints.capa.models import Capa, CapaAction
from zhike.complaints.capa.reading import end_of_day
from zhike.complaints.models import Complaint
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import post
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import NAMED_ONLY
from zhike.kernel.search import index

ACTION, ANALYSIS, REVIEW, EFFECT = "capa.action", "capa.analysis", "capa.review", "capa.effect"
# what the lead or the department owes beside the actions: the Chinese and the English title of the duty
OWED = {
    ANALYSIS: ("重新分析原因和措施", "Analyse cause and measures again"),
    REVIEW: ("评审纠正预防措施", "Review the corrective action"),
    EFFECT: ("确认纠正预防措施的效果", "Check the effect of the corrective action"),
}
CALLS = gettext_noop("Corrective action %(number)s needs you: %(title)s")


class CannotCapa(Exception):
    """The corrective action has moved on, something is missing, or it is not this person's to do."""


def need(capa: Capa, *phases: str) -> None:
    """Refuse what is not due in the present phase."""
    if capa.phase not in phases:
        raise CannotCapa(
            _("The corrective action stands in “%(phase)s”; this is not due.")
            % {"phase": capa.get_phase_display()}
        )


def need_open(capa: Capa) -> None:
    if not capa.is_open:
        raise CannotCapa(_("This corrective action has ended."))


def need_round(capa: Capa, seen: int) -> None:
    """Refuse to judge another round than the one that the person has read."""
    if capa.round != seen:
        raise CannotCapa(_("The corrective action is in another round meanwhile. Reload it and look again."))


def change(capa: Capa, **values: Any) -> None:
    """Compare and set. Raises CannotCapa when somebody was faster."""
    rows = Capa.objects.filter(pk=capa.pk, revision=capa.revision)
    if not rows.update(revision=F("revision") + 1, **values):
        raise CannotCapa(
            _("Somebody else has changed this corrective action meanwhile. Reload it and look again.")
        )
    capa.revision += 1
    for name, value in values.items():
        setattr(capa, name, value)


def record(code: str, capa: Capa, *, by: Party, now: dt.datetime, clause: str = "", **after: Any) -> None:
    trail.record(f"complaints.capa_{code}", subject=capa, by=by, at=now, clause=clause, after=after)


def first_case(capa: Capa) -> Complaint:
    """The complaint with which it began: its customer and manual are those of the duties."""
    case = capa.cases.select_related("complaint").first()
    assert case is not None
    return case.complaint


def _open(capa: Capa, drafts: list[duties.Draft]) -> list[Duty]:
    return duties.open_duties(
        drafts,
        subject=capa,
        unit_id=capa.unit_id,
        matter=capa.matter,
        customer_id=first_case(capa).customer_id,
        secrecy=capa.secrecy,
    )


def owe(capa: Capa, kind: str, owner: Party, *, by: Party, now: dt.datetime) -> None:
    """Make one person owe the next act, without a date where the manual names none."""
    settle(capa, kind, by=by, now=now, reason=_("Another person does it."))
    title, english = OWED[kind]
    manual = first_case(capa).manual_id
    _open(
        capa,
        [
            duties.Draft(
                kind=kind, title=title, title_en=english, owner=owner, began_at=now, version_id=manual
            )
        ],
    )
    tell(capa, owner, by=by, now=now)


def settle(capa: Capa, kind: str, *, by: Party, now: dt.datetime, reason: str) -> None:
    duties.cancel(subject=capa, now=now, by=by, reason=reason, kinds=[kind])


def owe_actions(capa: Capa, actions: list[CapaAction], *, by: Party, now: dt.datetime) -> None:
    """Each action is a duty of its owner; of a post the duty of who holds it, while nobody does of the post."""
    manual = first_case(capa).manual_id
    drafts = []
    for action in actions:
        owner = action.owner or next(iter(directory().holders_of(action.owner_post, capa.unit_id, now)), None)
        drafts.append(
            duties.Draft(
                kind=ACTION,
                title=action.what[:200],
                owner=owner,
                owner_post="" if owner else action.owner_post,
                began_at=now,
                due_at=end_of_day(capa.unit_id, action.due_on),
                version_id=manual,
            )
        )
    for action, duty in zip(actions, _open(capa, drafts), strict=True):
        action.duty = duty
        action.save(update_fields=["duty"])
        if duty.owner is not None:
            tell(capa, duty.owner, by=by, now=now, body=action.what)


def tell(capa: Capa, to: Party, *, by: Party, now: dt.datetime, body: str = "") -> None:
    if to.pk == by.pk:
        return
    words: Mapping[str, str] = {"number": capa.number, "title": capa.matter}
    post.notify(
        to=to,
        kind="complaint.capa",
        title=_(CALLS) % words,
        params=dict(words),
        body=body[:500] if capa.secrecy < NAMED_ONLY else "",
        subject=capa,
        by=by,
        at=now,
    )


def find_again(capa: Capa, text: str) -> None:
    """Let past causes and lessons be found by their words."""
    index.put(
        subject=capa,
        number=capa.number,
        title=capa.title,
        body=f"{capa.keywords}\n{text}",
        unit_id=capa.unit_id,
        secrecy=capa.secrecy,
        at=capa.opened_at,
    )
