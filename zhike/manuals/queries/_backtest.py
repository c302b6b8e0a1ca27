"""What a back-test shows to one person: figures of cases that this person may see, and of no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel.parties.held import once
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import populations
from zhike.kernel.policy.inforce import installations, manual_of
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.policy.questions import registered
from zhike.kernel.policy.trials.database import Trial, moving, tables_of
from zhike.kernel.procedures.models import ApprovalStep
from zhike.manuals import trying
from zhike.manuals.flow import Flow, flow_of
from zhike.manuals.models import Backtest, Revision
from zhike.people.models import in_language

from ._said import saying

SHOWN_UNITS = 8
EFFECTS = 3
FILTER = "backtest"


@dataclass
class Line:
    """A unit in the table of effects; `bar` is its part of the strongest one, in per cent."""

    label: str
    total: int
    changed: int
    share: float
    monthly: float
    bar: int = 0
    url: str = ""


@dataclass
class Example:
    """A case that would go another way, read anew for who looks."""

    number: str
    title: str
    url: str
    value: Any
    unit: str
    old: str
    new: str
    old_clause: str
    new_clause: str


@dataclass
class Shift:
    """One outcome that becomes another."""

    old: str
    new: str
    count: int
    share: float
    url: str
    table: str = ""


@dataclass
class Shown:
    """One table of a result, ready for the page."""

    name: str
    label: str
    noun: str
    total: int
    changed: int
    share: float
    other_row: int
    meaning: list[str]
    shifts: list[Shift]
    lines: list[Line]
    rest: Line | None
    flow: Flow | None
    outcomes: list[dict[str, Any]]
    gains: str
    examples: list[Example]
    value_label: str
    contacts: dict[str, Any] | None
    all_url: str = ""
    monthly: bool = True


@dataclass
class Trialled:
    """A back-test as its part of a page shows it."""

    backtest: Backtest | None
    stale: bool = False  # the draft was saved since
    narrower: bool = False  # somebody with less in sight had it worked out
    tables: list[Shown] = field(default_factory=list)
    limits: dict[str, Any] | None = None
    passed_over: list[str] = field(default_factory=list)
    old_version: int | None = None

    @property
    def running(self) -> bool:
        return self.backtest is not None and self.backtest.state in {
            Backtest.State.WAITING,
            Backtest.State.RUNNING,
        }

    @property
    def done(self) -> bool:
        return self.backtest is not None and self.backtest.state == Backtest.State.DONE

    @property
    def months(self) -> int:
        return round(self.backtest.result["months"]) if self.backtest and self.done else 0

    @property
    def main(self) -> Shown | None:
        """The table in which most cases change."""
        return max(self.tables, key=lambda table: table.changed, default=None)

    @property
    def effects(self) -> list[Shift]:
        """The largest changes of all tables, for the column beside the editor."""
        every = [shift for table in self.tables for shift in table.shifts]
        return sorted(every, key=lambda shift: -shift.count)[:EFFECTS]


def backtest_context(revision: Revision, scope: Scope) -> dict[str, Any]:
    """The newest back-test of a draft whose cases the person may see, as `trial`; with it the draft itself."""
    found, narrower = _visible(revision.backtests.select_related("revision", "version"), scope)
    trial = shown_to(found, scope)
    trial.narrower = narrower
    trial.stale = found is not None and found.seen != revision.revision
    return {"trial": trial, "revision": revision, "ask_url": reverse("manuals:backtest", args=[revision.pk])}


def whatif_context(backtest: Backtest | None, scope: Scope) -> dict[str, Any]:
    """The same for a what-if without a draft; of another's reach nothing."""
    if backtest is not None and not trying.covers(trying.reach_of(scope), backtest.reach):
        backtest = None
    return {"trial": shown_to(backtest, scope), "revision": None}


def revision_tried(pk: int) -> Revision | None:
    """A draft with the version that it changes. Regulations are open to all staff, drafts to those whom a gate lets in."""
    return Revision.objects.select_related("base", "unit").filter(pk=pk).first()


def signs(revision: Revision, party: int) -> bool:
    """Whether this person is asked to sign the draft, or did."""
    steps = ApprovalStep.objects.filter(Q(approver=party) | Q(deputy=party))
    return steps.filter(
        approval__subject_label=Revision._meta.label, approval__subject_id=revision.pk
    ).exists()


def backtest_for(pk: int, scope: Scope) -> Backtest | None:
    """One back-test, if all the cases in it may be seen."""
    row = Backtest.objects.select_related("revision__base", "version", "unit").filter(pk=pk).first()
    return row if row is not None and trying.covers(trying.reach_of(scope), row.reach) else None


def _visible(rows: QuerySet[Backtest], scope: Scope) -> tuple[Backtest | None, bool]:
    """The newest of the same reach, else the newest of a smaller one."""
    mine = trying.reach_of(scope)
    found = list(rows[:50])
    same = next((row for row in found if row.reach == mine), None)
    if same is not None:
        return same, False
    other = next((row for row in found if trying.covers(mine, row.reach)), None)
    return other, other is not None


def shown_to(backtest: Backtest | None, scope: Scope) -> Trialled:
    """The result in words and shapes. Examples are read through the scope of who looks, whatever was stored."""
    if backtest is None or backtest.state != Backtest.State.DONE:
        return Trialled(backtest)
    result = backtest.result
    found = Trialled(backtest, limits=result.get("limits"))
    base = backtest.version_id or (backtest.revision.base_id if backtest.revision else None)
    found.old_version = base
    say = saying(manual_of(base)) if base else saying()
    found.tables = [
        _shown(backtest, place, table, scope, result["months"])
        for place, table in enumerate(result["tables"])
    ]
    for shown in found.tables:
        shown.meaning = [say(text) for text in shown.meaning]
    if found.limits:
        said = [
            {**one, **{name: say(one[name]) for name in ("title", "old", "new")}}
            for one in found.limits["by"]
        ]
        found.limits = {**found.limits, "by": said}
    found.passed_over = [_passed_over(one) for one in result["passed_over"]]
    return found


def _shown(backtest: Backtest, place: int, table: dict[str, Any], scope: Scope, months: float) -> Shown:
    population = populations.of(table["question"])
    names = [in_language(one["zh"], one["en"]) for one in table["outcomes"]]
    shifts = [
        Shift(
            names[one["old"]], names[one["new"]], one["count"], _share(one["count"], table["total"]),
            _cases_url(backtest, population, place, one["old"], one["new"]), table["table"],
        )
        for one in table["changes"]
    ]  # fmt: skip
    lines = _lines(table["units"], months)
    gains = names[table["gains"]] if table["gains"] is not None and table["changed"] else ""
    return Shown(
        name=table["table"],
        label="、".join(_label(table["question"], label) for label in table["labels"]),
        noun=str(population.noun) if population else "",
        total=table["total"],
        changed=table["changed"],
        share=table["share"],
        other_row=table["other_row"],
        meaning=table["meaning"],
        shifts=shifts,
        lines=lines[:SHOWN_UNITS],
        rest=_rest(lines[SHOWN_UNITS:]),
        flow=flow_of(names, table["outcomes"], table["flows"]) if table["changed"] else None,
        outcomes=[
            {**one, "name": name, "share": _growth(one["before"], one["after"])}
            for one, name in zip(table["outcomes"], names, strict=True)
        ],
        gains=gains,
        examples=_examples(table, names, population, scope),
        value_label=str(population.value_label) if population else "",
        contacts=table["contacts"],
        all_url=_cases_url(backtest, population, place),
        monthly=months >= 1,
    )


def _label(question: str, label: str) -> str:
    """The outcome in the reader's language, as the application names it."""
    asked = registered().get(question)
    declared = asked.outcome_field(label) if asked else None
    return in_language(label, declared.en if declared else "")


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _growth(before: int, after: int) -> float | None:
    """Per cent more or less; None without anything before, or without a change."""
    return round(100 * (after - before) / before, 1) if before and after != before else None


def _lines(units: list[dict[str, Any]], months: float) -> list[Line]:
    labels = {unit.pk: unit.label for unit in Unit.objects.filter(pk__in=[row["unit"] for row in units])}
    most = max((row["changed"] for row in units), default=0) or 1
    return [
        Line(
            labels.get(row["unit"], "—"),
            row["total"],
            row["changed"],
            row["share"],
            round(row["gain"] / months, 1) if months else 0,
            round(100 * row["changed"] / most),
        )
        for row in units
    ]


def _rest(lines: list[Line]) -> Line | None:
    if not lines:
        return None
    total, changed = sum(line.total for line in lines), sum(line.changed for line in lines)
    monthly = round(sum(line.monthly for line in lines) / len(lines), 1)
    label = _("%(count)d other units") % {"count": len(lines)}
    return Line(label, total, changed, _share(changed, total), monthly)


def _examples(
    table: dict[str, Any], names: list[str], population: populations.Population | None, scope: Scope
) -> list[Example]:
    if population is None:
        return []
    stored = [(change, one) for change in table["changes"] for one in change["examples"]]
    seen = population.rows(scope).filter(pk__in=[one["id"] for _change, one in stored])
    rows = {row.pk: row for row in seen}
    return [
        Example(
            number=population.number(row),
            title=population.title(row),
            url=population.url(row),
            value=population.value(row),
            unit=_unit_of(row, population),
            old=names[change["old"]],
            new=names[change["new"]],
            old_clause=one.get("old_clause", ""),
            new_clause=one.get("new_clause", ""),
        )
        for change, one in stored
        if (row := rows.get(one["id"])) is not None
    ]


def _unit_of(row: Any, population: populations.Population) -> str:
    found = row
    for part in population.unit.removesuffix("_id").split("__"):
        found = getattr(found, part)
    return str(found.label)


def _cases_url(
    backtest: Backtest,
    population: populations.Population | None,
    table: int,
    old: int | None = None,
    new: int | None = None,
) -> str:
    if population is None or not population.listed:
        return ""
    token = "-".join(str(part) for part in (backtest.pk, table, old, new) if part is not None)
    return f"{reverse(population.listed)}?{FILTER}={token}&sort=-opened"


def _passed_over(one: dict[str, str]) -> str:
    reasons = {
        "new": _("“%(table)s” is new: there is nothing to compare it with."),
        "errors": _("“%(table)s” has errors and cannot be tried."),
        "no question": _("“%(table)s” answers no question of the system, so it has no cases."),
        "no cases": _(
            "The cases of “%(table)s” are not kept in a form that can be tried; use a file of cases."
        ),
    }
    return reasons[one["why"]] % {"table": one["table"]}


# --- the cases behind a figure


def cases_behind(token: str, rows: QuerySet[Any], scope: Scope, today: Any) -> QuerySet[Any] | None:
    """Those of `rows` that a figure of a back-test counts; None for a token of nothing that the person may see.

    The token is that of `_cases_url`: back-test, table, and the outcomes before and after if one change is meant.
    A list asks for its rows, its count and its tabs: what the draft decides is worked out once.
    """
    found = once(("cases behind", token, scope), lambda: _behind(token, scope, today))
    return rows.filter(found) if found is not None else None


def _behind(token: str, scope: Scope, today: Any) -> Q | None:
    parts = token.split("-")
    if not all(part.isdecimal() and len(part) < 18 for part in parts) or len(parts) not in (2, 4):
        return None
    backtest = backtest_for(int(parts[0]), scope)
    if backtest is None or backtest.state != Backtest.State.DONE:
        return None
    place, chosen = int(parts[1]), [int(part) for part in parts[2:]]
    stored = backtest.result["tables"]
    if place >= len(stored):
        return None
    table, outcomes = stored[place], stored[place]["outcomes"]
    if any(one >= len(outcomes) for one in chosen):
        return None
    wanted = [one for one in table["changes"] if not chosen or [one["old"], one["new"]] == chosen]
    try:
        trial = trying.trial_of(backtest, today)
    except trying.CannotTry:
        return Q(pk__in=[])
    changes = [(outcomes[one["old"]]["zh"], outcomes[one["new"]]["zh"]) for one in wanted]
    return _moved(trial, table["table"], changes, trying.scope_in(backtest.reach))


def _moved(trial: Trial, name: str, changes: Iterable[tuple[str, str]], scope: Scope) -> Q:
    found = Q(pk__in=[])
    tables, _passed = tables_of(trial)
    table = next((one for one in tables if one.new.name == name), None)
    if table is not None:
        cases = trial.cases(table.population, scope)
        for before, after in changes:
            found |= Q(pk__in=moving(trial, table, before, after, cases).order_by().values("pk"))
    return found


def all_lines(trial: Trialled) -> list[Shown]:
    """The tables of a result with every unit, for a file."""
    assert trial.backtest is not None
    result = trial.backtest.result
    return [
        replace(table, lines=_lines(stored["units"], result["months"]))
        for table, stored in zip(trial.tables, result["tables"], strict=True)
    ]


def units_below(key: str, scope: Scope) -> QuerySet[Unit]:
    """Units that work by a manual and whose cases the person may see."""
    here = {unit for row in installations(key) for unit in tree().below(row.unit_id)}
    if scope.units is not None:
        here &= scope.units
    rows = Unit.objects.filter(pk__in=sorted(here), closed_on=None)
    return rows.exclude(kind__in=[Unit.Kind.DEPARTMENT, Unit.Kind.TEAM]).order_by("path")


def parameters_to_try(version: ManualVersion) -> list[Any]:
    """Figures of the manual in force, those that units may move first."""
    params = manual_of(version.pk).params.values()
    return sorted(params, key=lambda param: param.bound is None)
