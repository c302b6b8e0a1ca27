"""What must be in the record before a visit is closed, and what of it is missing: a table of the regulation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import questions
from .models import Visit
from .rules import Rules
from .wording import title_of


@dataclass(frozen=True)
class Demand:
    """One row of the table. `key` names it in `Visit.excuses`."""

    code: str
    list: str
    count: int | None
    step: int
    excusable: bool
    clause: str

    @property
    def key(self) -> str:
        return f"{self.code}:{self.list}" if self.list else self.code


@dataclass(frozen=True)
class Missing:
    """A demand that is not met, in one sentence."""

    demand: Demand
    sentence: str

    @property
    def key(self) -> str:
        return self.demand.key

    @property
    def step(self) -> int:
        return self.demand.step

    @property
    def excusable(self) -> bool:
        return self.demand.excusable


def of(visit: Visit, rules: Rules) -> list[Demand]:
    """What the regulations ask of this visit, by step; what both ask for is asked once."""
    facts = {"kind": visit.kind, "absent": visit.is_absent}
    rows = [*rules.decide(questions.DEMAND, **facts), *rules.decide(questions.FIRST, **facts)]
    found: dict[str, Demand] = {}
    for row in rows:
        said = row.outcome
        count = said.get("数量")
        demand = Demand(
            code=str(said["要求"]),
            list=str(said.get("清单") or ""),
            count=int(count) if count is not None else None,
            step=int(said["步骤"]),
            excusable=bool(said["可说明原因"]),
            clause=row.clause,
        )
        found.setdefault(demand.key, demand)
    return sorted(found.values(), key=lambda demand: demand.step)


def missing(visit: Visit, rules: Rules, asked: Iterable[Demand] | None = None) -> list[Missing]:
    """Everything that the visit still lacks; a reason stands for what may be excused."""
    seen = _Seen(visit, rules)
    found = []
    for demand in of(visit, rules) if asked is None else asked:
        if demand.excusable and visit.excuses.get(demand.key, "").strip():
            continue
        sentence = seen.lacks(demand)
        if sentence:
            found.append(Missing(demand, sentence))
    return found


class _Seen:
    """What the record has, read once."""

    def __init__(self, visit: Visit, rules: Rules) -> None:
        self.visit, self.rules = visit, rules
        self.findings = set(visit.findings.values_list("group", "kind"))
        self.given = set(visit.given.values_list("group", "topic"))
        guidance = list(visit.guidance.values_list("aspect", "minutes"))
        self.aspects = {aspect for aspect, _minutes in guidance}
        self.minutes = sum(minutes for _aspect, minutes in guidance)

    def lacks(self, demand: Demand) -> str:
        """The sentence that says what is missing; "" when the demand is met."""
        return str(getattr(self, f"_{demand.code.lower()}")(demand))

    def _purpose(self, demand: Demand) -> str:
        ok = self.visit.purposes and self.visit.target.strip()
        return "" if ok else _("The purpose and the target of the visit are missing.")

    def _policy_read(self, demand: Demand) -> str:
        ok = self.visit.policy_read_at is not None
        return "" if ok else _("The policies of this month have not been confirmed as read.")

    def _focus(self, demand: Demand) -> str:
        ok = self.visit.focus.strip() and self.visit.content.strip()
        return "" if ok else _("Key work and what to publicise are missing.")

    def _checks(self, demand: Demand) -> str:
        done = self.visit.checks.get(demand.list, {})
        return self._open(demand, [label for code, label in self._words(demand) if code not in done])

    def _arrived(self, demand: Demand) -> str:
        return "" if self.visit.arrived_at else _("The arrival is missing.")

    def _place(self, demand: Demand) -> str:
        ok = self.visit.latitude is not None or self.visit.place_why.strip()
        return "" if ok else _("The position is missing: record it, or say why there is none.")

    def _host(self, demand: Demand) -> str:
        ok = self.visit.host.strip() and self.visit.host_position.strip()
        return "" if ok else _("Name and position of who received the visitor are missing.")

    def _decides(self, demand: Demand) -> str:
        ok = self.visit.host_decides is not None
        return "" if ok else _("Say whether that person decides on cooperation.")

    def _findings(self, demand: Demand) -> str:
        group = next((key for key, name in questions.FINDINGS.items() if name == demand.list), "")
        left = [label for code, label in self._words(demand) if (group, code) not in self.findings]
        return self._open(demand, left)

    def _problems(self, demand: Demand) -> str:
        ok = self.visit.no_problem or self.visit.problems.exists()
        return "" if ok else _("Write down the customer's problems, or that there were none.")

    def _given(self, demand: Demand) -> str:
        group = next((key for key, name in questions.GIVEN.items() if name == demand.list), "")
        wanted = demand.count if demand.count is not None else len(self._words(demand))
        short = wanted - len({topic for key, topic in self.given if key == group})
        if short <= 0:
            return ""
        said = ngettext("%(list)s: %(count)d more is needed.", "%(list)s: %(count)d more are needed.", short)
        return said % {"list": title_of(demand.list), "count": short}

    def _guided(self, demand: Demand) -> str:
        left = [label for code, label in self._words(demand) if code not in self.aspects]
        return self._open(demand, left)

    def _minutes(self, demand: Demand) -> str:
        wanted = demand.count or 1
        if self.minutes >= wanted:
            return ""
        return _("Guidance took %(minutes)d minutes; the regulation asks for %(wanted)d.") % {
            "minutes": self.minutes,
            "wanted": wanted,
        }

    def _photo(self, demand: Demand) -> str:
        short = (demand.count or 1) - self.visit.photos.count()
        return _("A photo is missing.") if short > 0 else ""

    def _satisfaction(self, demand: Demand) -> str:
        ok = self.visit.satisfaction is not None
        return "" if ok else _("The customer's satisfaction is missing.")

    def _report(self, demand: Demand) -> str:
        return "" if self.visit.report.strip() else _("The visit report is missing.")

    def _signature(self, demand: Demand) -> str:
        ok = self.visit.signature_id is not None
        return "" if ok else _("The customer's signature is missing: let the customer sign, or say why not.")

    def _next(self, demand: Demand) -> str:
        return "" if self.visit.next_on else _("The next visit is missing: agree on a day and tell it.")

    def _left(self, demand: Demand) -> str:
        return "" if self.visit.left_at else _("The time of leaving is missing.")

    def _words(self, demand: Demand) -> list[tuple[str, str]]:
        return self.rules.words(demand.list or questions.ASPECTS)

    def _open(self, demand: Demand, left: list[str]) -> str:
        if not left:
            return ""
        return _("%(list)s: not answered yet: %(items)s.") % {
            "list": title_of(demand.list or questions.ASPECTS),
            "items": _(", ").join(left),
        }
