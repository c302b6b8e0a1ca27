"""Begin a corrective action, call people in, find the cause: 5-why chains and the fishbone (R001-182..184)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.complaints.capa.models import Capa, CapaCase, CapaCause, CapaWhy
from zhike.complaints.capa.reading import under_way
from zhike.complaints.models import Complaint
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars

from . import _common
from ._common import CannotCapa

NUMBERS = "CAPA-{yyyy}{mm}-{seq:04}"
ANALYSIS = Capa.Phase.ANALYSIS


@held
@transaction.atomic
def start_capa(
    *,
    complaints: Sequence[Complaint],
    by: Party,
    now: dt.datetime,
    title: str = "",
    lead: Party | None = None,
    department: str = "",
) -> Capa:
    """Begin the corrective action of one complaint, or of several that are the same trouble. Raises CannotCapa."""
    if not complaints:
        raise CannotCapa(_("Name the complaint that it is about."))
    first = complaints[0]
    lead = lead or first.handler or by
    _check_cases(complaints, lead)
    number = series.take(NUMBERS, key="capa", now=now, tz=calendars.calendar_for(first.unit_id).zone)
    capa = Capa.objects.create(
        number=number,
        unit_id=first.unit_id,
        secrecy=max(one.secrecy for one in complaints),
        title=(title.strip() or first.title)[:200],
        lead=lead,
        department=department.strip()[:120],
        opened_by=by,
        opened_at=now,
    )
    _add(capa, complaints, by=by, now=now)
    _common.find_again(capa, "")
    if lead.pk != by.pk:
        _common.tell(capa, lead, by=by, now=now)
    _common.record("started", capa, by=by, now=now, number=number, complaints=[one.pk for one in complaints])
    return capa


@transaction.atomic
def add_case(*, capa: Capa, complaint: Complaint, by: Party, now: dt.datetime) -> Capa:
    """Take another complaint of the same trouble in. Raises CannotCapa."""
    _common.need_open(capa)
    _check_cases([complaint], capa.lead)
    _common.change(capa, secrecy=max(capa.secrecy, complaint.secrecy))
    _add(capa, [complaint], by=by, now=now)
    _common.record("case_added", capa, by=by, now=now, complaint=complaint.pk)
    return capa


def _check_cases(complaints: Sequence[Complaint], lead: Party) -> None:
    for complaint in complaints:
        said = {"number": complaint.number}
        if complaint.is_void:
            raise CannotCapa(_("The complaint %(number)s is void.") % said)
        if complaint.accused_id == lead.pk:
            raise CannotCapa(_("Who is complained of does not lead the corrective action."))
        former = under_way(complaint)
        if former is not None:
            raise CannotCapa(
                _("The corrective action %(capa)s of complaint %(number)s has not ended.")
                % {**said, "capa": former.number}
            )


def _add(capa: Capa, complaints: Sequence[Complaint], *, by: Party, now: dt.datetime) -> None:
    try:
        with transaction.atomic():
            CapaCase.objects.bulk_create(
                [CapaCase(capa=capa, complaint=complaint, by=by, at=now) for complaint in complaints]
            )
    except IntegrityError as known:
        raise CannotCapa(_("Such a corrective action is under way already.")) from known


@transaction.atomic
def describe_capa(
    *,
    capa: Capa,
    by: Party,
    now: dt.datetime,
    lead: Party,
    department: str,
    participants: Sequence[Party],
    keywords: str,
) -> Capa:
    """Say who leads, which department is responsible, who is called to analyse, and by which words it is found."""
    _common.need_open(capa)
    barred = {one.accused_id for one in Complaint.objects.filter(capa_cases__capa=capa)}
    if barred & {lead.pk, *(one.pk for one in participants)}:
        raise CannotCapa(_("Who is complained of has no part in the corrective action."))
    former = capa.lead
    known = {one.pk for one in capa.participants.all()}
    _common.change(
        capa, lead=lead, department=department.strip()[:120], keywords=" ".join(keywords.split())[:200]
    )
    capa.participants.set(participants)
    for one in participants:
        if one.pk not in known:
            _common.tell(capa, one, by=by, now=now)
    if lead.pk != former.pk:
        owed = {Capa.Phase.REVIEW: _common.REVIEW, Capa.Phase.EFFECT: _common.EFFECT}.get(capa.phase)  # type: ignore[call-overload]
        if owed and owed_by_lead(capa, lead):
            _common.owe(capa, owed, lead, by=by, now=now)
    _common.record(
        "described",
        capa,
        by=by,
        now=now,
        lead=lead.pk,
        department=capa.department,
        participants=[one.pk for one in participants],
        keywords=capa.keywords,
    )
    return capa


def owed_by_lead(capa: Capa, lead: Party) -> bool:
    """Whether the lead may judge: not the plan that they have submitted themselves."""
    return capa.submitted_by_id != lead.pk


# ---- 5-why


@transaction.atomic
def answer_why(*, capa: Capa, chain: int, place: int, answer: str, by: Party, now: dt.datetime) -> CapaWhy:
    """Answer why number `place` of a chain; it answers the former one, the first asks why the trouble came about.

    Raises CannotCapa for an answer without a former one, and behind the root cause.
    """
    _common.need(capa, ANALYSIS)
    if not answer.strip():
        raise CannotCapa(_("Write down why."))
    rows = {why.place: why for why in capa.whys.filter(chain=chain)}
    if place > 1 and place - 1 not in rows:
        raise CannotCapa(
            _("Why %(place)d has no former answer: answer why %(former)d first.")
            % {"place": place, "former": place - 1}
        )
    if place in rows:
        raise CannotCapa(_("Why %(place)d of this chain is answered already.") % {"place": place})
    if any(why.root for why in rows.values()):
        raise CannotCapa(_("This chain has come to its root cause already."))
    _common.change(capa)
    why = CapaWhy.objects.create(
        capa=capa, chain=chain, place=place, answer=answer.strip()[:400], by=by, at=now
    )
    _common.record("why_answered", capa, by=by, now=now, chain=chain, place=place, answer=why.answer)
    return why


@transaction.atomic
def mark_root(*, why: CapaWhy, by: Party, now: dt.datetime) -> CapaWhy:
    """Say that the last answer of a chain is a root cause; said again it is one no longer. Raises CannotCapa."""
    capa = why.capa
    _common.need(capa, ANALYSIS)
    _refuse_unless_last(why)
    _common.change(capa)
    why.root = not why.root
    why.save(update_fields=["root"])
    _common.record("root_marked", capa, by=by, now=now, chain=why.chain, place=why.place, root=why.root)
    return why


@transaction.atomic
def remove_why(*, why: CapaWhy, by: Party, now: dt.datetime) -> None:
    """Take the last answer of a chain back. Raises CannotCapa."""
    capa = why.capa
    _common.need(capa, ANALYSIS)
    _refuse_unless_last(why)
    _common.change(capa)
    why.delete()
    _common.record("why_removed", capa, by=by, now=now, chain=why.chain, place=why.place, answer=why.answer)


def _refuse_unless_last(why: CapaWhy) -> None:
    if CapaWhy.objects.filter(capa=why.capa, chain=why.chain, place__gt=why.place).exists():
        raise CannotCapa(_("Only the last answer of a chain can be the root cause or be taken back."))


# ---- fishbone


@transaction.atomic
def add_cause(
    *, capa: Capa, category: str, text: str, by: Party, now: dt.datetime, parent: CapaCause | None = None
) -> CapaCause:
    """Add a possible cause to a category, or a sub-cause to a cause. Raises CannotCapa."""
    _common.need(capa, ANALYSIS)
    if not text.strip():
        raise CannotCapa(_("Write down the cause."))
    if category not in CapaCause.Category.values:
        raise CannotCapa(_("Choose one of the six categories."))
    if parent is not None and (parent.capa_id != capa.pk or parent.parent_id or parent.category != category):
        raise CannotCapa(_("A sub-cause belongs to a cause of its own category."))
    _common.change(capa)
    cause = CapaCause.objects.create(
        capa=capa, category=category, parent=parent, text=text.strip()[:200], by=by, at=now
    )
    _common.record("cause_added", capa, by=by, now=now, cause=cause.pk, category=category, text=cause.text)
    return cause


@transaction.atomic
def verify_cause(*, cause: CapaCause, verified: bool | None, by: Party, now: dt.datetime) -> CapaCause:
    """Say whether the examination has borne a cause out; None while nobody has examined it."""
    capa = cause.capa
    _common.need(capa, ANALYSIS)
    _common.change(capa)
    cause.verified = verified
    cause.save(update_fields=["verified"])
    _common.record("cause_verified", capa, by=by, now=now, cause=cause.pk, verified=verified)
    return cause


@transaction.atomic
def remove_cause(*, cause: CapaCause, by: Party, now: dt.datetime) -> None:
    """Take a cause with its sub-causes out; what was judged before keeps it in its snapshot."""
    capa = cause.capa
    _common.need(capa, ANALYSIS)
    _common.change(capa)
    pk = cause.pk
    cause.delete()
    _common.record("cause_removed", capa, by=by, now=now, cause=pk, text=cause.text)
