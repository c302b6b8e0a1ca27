"""Reads of what belongs to a complaint beside its stages; the gate of the case was passed before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from zhike.kernel.duties.models import Duty, Escalation
from zhike.kernel.parties import subjects
from zhike.kernel.procedures.models import Approval, HandOver
from zhike.kernel.records.models import Attachment

from . import questions
from .capa.models import CapaCase
from .followups import OverdueSheet
from .models import Complaint, Fault, Grumble, Joining
from .models_after import Agreement, CaseMember, FollowUp, Malice, Reopening, Share
from .splitting import split


@dataclass(frozen=True)
class After:
    """Named people, rounds, return visits, shares, agreements and marks of one case, oldest first."""

    members: Sequence[CaseMember]
    reopenings: Sequence[Reopening]
    follow_ups: Sequence[FollowUp]
    shares: Sequence[Share]
    agreements: Sequence[Agreement]
    malices: Sequence[Malice]
    there: frozenset[str]  # names of `_beside` under which the case has rows

    @property
    def rating(self) -> FollowUp | None:
        """The latest answer of the customer; it counts."""
        return next((row for row in reversed(self.follow_ups) if row.satisfaction is not None), None)

    @property
    def agreement(self) -> Agreement | None:
        return self.agreements[-1] if self.agreements else None

    @property
    def malice(self) -> Malice | None:
        return self.malices[-1] if self.malices else None

    def borne(self, compensation: Decimal | None) -> list[tuple[Share, Decimal | None]]:
        """Each share with its part of the compensation, to the cent."""
        if compensation is None or not self.shares:
            return [(share, None) for share in self.shares]
        parts = split(compensation, [share.percent for share in self.shares])
        return list(zip(self.shares, parts, strict=True))

    def events(self) -> list[tuple[dt.datetime, str, Any, str]]:
        """What the timeline shows of it: moment, kind of line, row, tab."""
        return [
            *((row.at, "reopening", row, "steps") for row in self.reopenings),
            *((row.at, "follow_up", row, "talk") for row in self.follow_ups),
            *((row.at, "agreement", row, "talk") for row in self.agreements),
        ]


def _beside() -> dict[str, QuerySet[Any]]:
    """What may stand beside a case in tables of its own, by name: rows of the case of the outer query."""
    case = OuterRef("pk")
    about = {"subject_label": Complaint._meta.label, "subject_id": case}
    return {
        "shares": Share.objects.filter(complaint=case),
        "agreements": Agreement.objects.filter(complaint=case),
        "malices": Malice.objects.filter(complaint=case),
        "joinings": Joining.objects.filter(Q(complaint=case) | Q(main=case)),
        "capas": CapaCase.objects.filter(complaint=case),
        "grumble": Grumble.objects.filter(complaint=case),
        "sheets": OverdueSheet.objects.filter(complaint=case),
        "faults": Fault.objects.filter(complaint=case),
        "hand_overs": HandOver.objects.filter(**about),
        "attachments": Attachment.objects.filter(**about, removed_at=None),
        "approvals": Approval.objects.filter(**about),
        "escalations": escalations(case),
    }


def after_of(complaint: Complaint) -> After:
    """One statement for most cases: what is there at all; then only that is read."""
    was_closed = complaint.closed_at is not None or complaint.reopened
    there = _there(complaint)
    return After(
        members=members_of(complaint) if complaint.is_confidential else [],
        reopenings=list(complaint.reopenings.select_related("by")) if complaint.reopened else [],
        follow_ups=list(complaint.follow_ups.select_related("by")) if was_closed else [],
        shares=list(complaint.shares.select_related("unit", "by")) if "shares" in there else [],
        agreements=list(complaint.agreements.select_related("by")) if "agreements" in there else [],
        malices=list(complaint.malices.select_related("by", "decided_by", "revoked_by"))
        if "malices" in there
        else [],
        there=there,
    )


def _there(complaint: Complaint) -> frozenset[str]:
    names, sql, params = _there_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, complaint.pk])
        return frozenset(name for name, exists in zip(names, cursor.fetchone(), strict=True) if exists)


@lru_cache(maxsize=1)
def _there_sql() -> tuple[tuple[str, ...], str, tuple[Any, ...]]:
    """The statement without its last value, the key of the case: to put it together takes longer than to answer it."""
    asked = _beside()
    rows = Complaint.objects.filter(pk=0).order_by().values_list(*map(Exists, asked.values()))
    sql, params = rows.query.sql_with_params()
    return tuple(asked), sql, tuple(params[:-1])


def escalations(case: Any) -> QuerySet[Escalation]:
    """Whom the watch told that something is late; warnings before the date are none."""
    about = {"duty__subject_label": Complaint._meta.label, "duty__subject_id": case}
    return Escalation.objects.filter(**about, level__gt=0, target__isnull=False)


def members_of(complaint: Complaint) -> list[CaseMember]:
    """Who is named on the case now, in the order in which they were named."""
    return list(complaint.members.filter(removed_at=None).select_related("person", "by"))


def follow_up_duties(complaint: Complaint) -> list[Duty]:
    """The return visits that are owed."""
    rows = Duty.objects.open().filter(**subjects.key(complaint), kind=questions.FOLLOW_UP_DUTY)
    return list(rows.select_related("owner").order_by("pk"))


def waiting_for_follow_up(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Closed cases whose return visit is owed."""
    owed = Duty.objects.open().filter(
        subject_label=Complaint._meta.label, subject_id=OuterRef("pk"), kind=questions.FOLLOW_UP_DUTY
    )
    return rows.filter(Exists(owed), closed_at__isnull=False)


def latest_answer(column: str) -> Subquery:
    """A column of the customer's latest answer about the case of the outer query; the latest counts."""
    answers = FollowUp.objects.filter(complaint=OuterRef("pk"), satisfaction__isnull=False)
    return Subquery(answers.order_by("-at", "-pk").values(column)[:1])


def dissatisfied(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Cases whose latest answer of the customer says: not satisfied, or not settled."""
    return rows.alias(unhappy=latest_answer("dissatisfied")).filter(unhappy=True)


def rated(complaint: Complaint) -> bool:
    """Whether the customer has rated this round in the portal."""
    return complaint.follow_ups.filter(Q(source=FollowUp.Source.PORTAL), round=complaint.reopened).exists()
