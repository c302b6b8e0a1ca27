"""One corrective action with all its rows, and what it says in words: for the page, the forms and the snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from zhike.complaints.models import Complaint
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import arithmetic, calendars
from zhike.people.models import Post

from .models import Capa, CapaAction, CapaCase, CapaCause, CapaJudgement, CapaWhy

PLANNED = (CapaAction.Kind.CORRECTIVE, CapaAction.Kind.PREVENTIVE)


@dataclass(frozen=True)
class Dossier:
    """Everything that stands in one corrective action, read with a fixed number of statements."""

    capa: Capa
    cases: Sequence[CapaCase]
    whys: Sequence[CapaWhy]
    causes: Sequence[CapaCause]
    actions: Sequence[CapaAction]
    judgements: Sequence[CapaJudgement]
    participants: Sequence[Party]
    posts: Mapping[str, str]  # label by code, of actions that a post owes

    @property
    def complaints(self) -> list[Complaint]:
        return [case.complaint for case in self.cases]

    @cached_property
    def chains(self) -> list[tuple[int, list[CapaWhy]]]:
        return [(chain, list(rows)) for chain, rows in groupby(self.whys, lambda why: why.chain)]

    @property
    def roots(self) -> list[CapaWhy]:
        return [why for why in self.whys if why.root]

    @property
    def root_cause(self) -> str:
        """The root causes that the chains came to, and the causes of the fishbone that were verified."""
        found = [why.answer for why in self.roots]
        return "\n".join(dict.fromkeys([*found, *(cause.text for cause in self.causes if cause.verified)]))

    @property
    def containment(self) -> list[CapaAction]:
        return [action for action in self.actions if action.kind == CapaAction.Kind.CONTAINMENT]

    @property
    def planned(self) -> list[CapaAction]:
        return [action for action in self.actions if action.kind in PLANNED]

    @property
    def open_actions(self) -> list[CapaAction]:
        return [action for action in self.planned if not action.is_done]

    @property
    def authors(self) -> set[int]:
        """Who wrote part of the analysis or of the plan."""
        rows: list[Any] = [*self.whys, *self.causes, *self.planned]
        return {row.by_id for row in rows}

    @property
    def refused(self) -> CapaJudgement | None:
        """What sent the plan back into the present round."""
        last = self.judgements[-1] if self.judgements else None
        return last if last is not None and not last.passed else None

    def last(self, kind: str) -> CapaJudgement | None:
        found = [row for row in self.judgements if row.kind == kind]
        return found[-1] if found else None

    @property
    def effect(self) -> CapaJudgement | None:
        """The check by which the present round was found effective."""
        found = self.last(CapaJudgement.Kind.EFFECT)
        return found if found is not None and found.passed and found.round == self.capa.round else None

    def owner_of(self, action: CapaAction) -> str:
        """The person, or the post while nobody is named."""
        return action.owner.name if action.owner is not None else self.posts.get(action.owner_post, "")

    def text_of(self, actions: Sequence[CapaAction]) -> str:
        """Measures as lines: what, by whom, until when."""
        return "\n".join(
            _("%(what)s (%(owner)s, until %(day)s)")
            % {"what": row.what, "owner": self.owner_of(row), "day": row.due_on.isoformat()}
            for row in actions
        )

    def text_for(self, part: str) -> str:
        """What a stage of this part may say, from what stands here."""
        if part in {"root_cause", "plan"}:
            causes = _("Root cause: %(text)s") % {"text": self.root_cause} if self.root_cause else ""
            plan = self.text_of(self.planned)
            plan = _("Corrective plan: %(text)s") % {"text": plan} if plan and part == "plan" else ""
            return "\n".join(text for text in (causes, plan) if text)
        if part == "containment":
            return self.text_of(self.containment)
        if part == "execution":
            return "\n".join(f"{row.what}: {row.evidence}" for row in self.planned if row.is_done)
        if part == "effect" and self.effect is not None:
            return self.effect.reason
        return ""

    def snapshot(self) -> dict[str, Any]:
        """Causes and plan as they stand, to be kept with a judgement."""
        return {
            "whys": [[why.answer for why in rows] for _chain, rows in self.chains],
            "roots": [why.answer for why in self.roots],
            "causes": [
                {"category": row.category, "text": row.text, "verified": row.verified} for row in self.causes
            ],
            "actions": [
                {
                    "kind": row.kind,
                    "what": row.what,
                    "owner": self.owner_of(row),
                    "due_on": row.due_on.isoformat(),
                }
                for row in self.planned
            ],
        }


def dossier(capa: Capa) -> Dossier:
    """A fixed number of statements, however long the history. The gate was passed before."""
    actions = list(capa.actions.select_related("owner", "by", "done_by", "duty__owner"))
    codes = {row.owner_post for row in actions if row.owner_post}
    cases = capa.cases.select_related("complaint__customer", "complaint__unit", "complaint__manual")
    return Dossier(
        capa=capa,
        cases=list(cases.defer("complaint__manual__text")),
        whys=list(capa.whys.select_related("by")),
        causes=list(capa.causes.select_related("by")),
        actions=actions,
        judgements=list(capa.judgements.select_related("by", "planned_by")),
        participants=list(capa.participants.order_by("name")),
        posts={post.code: post.label for post in Post.objects.filter(code__in=codes)} if codes else {},
    )


def of_complaint(complaint: Complaint) -> list[Capa]:
    """The corrective actions of a complaint, the newest first. The gate was passed before."""
    rows = Capa.objects.filter(cases__complaint=complaint).exclude(phase=Capa.Phase.DROPPED)
    return list(rows.select_related("lead", "recurs").order_by("-opened_at", "-pk"))


def under_way(complaint: Complaint) -> Capa | None:
    """The corrective action of a complaint that has not ended."""
    return Capa.objects.filter(cases__complaint=complaint, cases__active=True).first()


def end_of_day(unit: int, day: dt.date) -> dt.datetime:
    """The end of the day's work at a unit; of a day without work that of the next working day."""
    calendar = calendars.calendar_for(unit)
    if not calendar.hours_on(day):
        day = arithmetic.add_working_days(calendar, day, 1)
    begin = dt.datetime.combine(day, dt.time.min, tzinfo=calendar.zone)
    return begin + dt.timedelta(seconds=calendar.hours_on(day)[-1][1])
