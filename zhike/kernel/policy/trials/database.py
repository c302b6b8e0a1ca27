"""A changed manual tried on the cases that the database holds."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import populations
from zhike.kernel.policy.check.changes import paired
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.policy.populations import Population
from zhike.kernel.policy.questions import Question, registered
from zhike.kernel.policy.sql import Asked, compare
from zhike.kernel.policy.sql.compare import EXAMPLES, Said, earlier, inside, may_change
from zhike.kernel.policy.sql.conditions import NotInSql
from zhike.kernel.policy.sql.rows import rows

from .figures import Figures, meanings, months, names_of
from .pairs import Pair

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Trial:
    """What is tried: the pairs of versions of a manual, over the cases that began in `[since, until)`."""

    key: str
    pairs: Sequence[Pair]
    since: dt.date
    until: dt.date
    today: dt.date
    zone: dt.tzinfo | None = None

    def begin(self, day: dt.date) -> dt.datetime:
        return dt.datetime(day.year, day.month, day.day, tzinfo=self.zone or dt.UTC)

    @property
    def units(self) -> frozenset[int]:
        return frozenset().union(*(pair.units for pair in self.pairs))

    def versions(self) -> list[int]:
        return list(ManualVersion.objects.filter(key=self.key).values_list("pk", flat=True))

    def cases(self, population: Population, scope: Scope) -> QuerySet[Any]:
        """Those of the population that the manual ruled in the period, as far as the scope goes."""
        rows = population.rows(scope).filter(**{f"{population.manual}__in": self.versions()})
        if not population.moment:
            return rows
        begun = {
            f"{population.moment}__gte": self.begin(self.since),
            f"{population.moment}__lt": self.begin(self.until),
        }
        return rows.filter(**begun)

    def of_pair(self, population: Population, pair: Pair, cases: QuerySet[Any]) -> QuerySet[Any]:
        return cases.filter(**{f"{population.unit}__in": sorted(pair.units)})


@dataclass(frozen=True)
class Table:
    """A decision table in both versions, and where its cases lie."""

    old: model.DecisionTable
    new: model.DecisionTable
    question: Question
    population: Population

    def asked(self, trial: Trial, pair: Pair) -> tuple[Asked, Asked]:
        question = _without_recomputed(self.population.asking(self.question), self, pair)
        old = Asked(pair.old, self.old.name, question, trial.today, trial.key, trial.zone)
        return old, replace(old, manual=pair.new, table=self.new.name)


def try_out(trial: Trial, scope: Scope, tell: Tell = lambda percent: None) -> dict[str, Any]:
    """The figures of every table that may decide differently, of the cases in the scope, as plain JSON."""
    begun = time.perf_counter()
    tables, passed_over = tables_of(trial)
    steps = [(table, pair) for table in tables for pair in trial.pairs]
    meaning = meanings(trial.pairs[0].old, trial.pairs[0].new) if trial.pairs else {}
    found: list[dict[str, Any]] = []
    for at, table in enumerate(tables):
        figures = Figures(table.new)
        for place, pair in enumerate(trial.pairs):
            _count(trial, table, pair, scope, figures)
            tell(90 * (at * len(trial.pairs) + place + 1) // len(steps))
        one = figures.as_json(meaning.get(table.new.name, []))
        _exemplify(trial, table, scope, one, figures)
        found.append(one)
    main = max(found, key=lambda one: one["changed"], default=None)
    return {
        "manual": trial.key,
        "since": trial.since.isoformat(),
        "until": trial.until.isoformat(),
        "months": months(trial.since, trial.until),
        "total": main["total"] if main else 0,
        "changed": main["changed"] if main else 0,
        "share": main["share"] if main else 0.0,
        "tables": found,
        "passed_over": passed_over,
        "seconds": round(time.perf_counter() - begun, 2),
    }


def tables_of(trial: Trial) -> tuple[list[Table], list[dict[str, str]]]:
    """The tables that may decide differently and can be tried; and those that cannot, with the reason as a code."""
    tables: list[Table] = []
    passed_over: list[dict[str, str]] = []
    if not trial.pairs:
        return tables, passed_over
    both = list(paired(trial.pairs[0].old, trial.pairs[0].new))
    fresh = {table.name for table in trial.pairs[0].new.decisions} - {new.name for _old, new in both}
    passed_over += [{"table": name, "why": "new"} for name in sorted(fresh)]
    for old, new in both:
        if not any(_may_change(trial, pair, old, new) for pair in trial.pairs):
            continue
        question = registered().get(new.question)
        population = populations.of(new.question)
        broken = any(row.broken for table in (old, new) for row in table.rows) or old.broken or new.broken
        why = (
            "errors"
            if broken
            else "no question"
            if question is None
            else "no cases"
            if population is None
            else ""
        )
        if why or question is None or population is None:
            passed_over.append({"table": new.name, "why": why})
        else:
            tables.append(Table(old, new, question, population))
    return tables, passed_over


def _may_change(trial: Trial, pair: Pair, old: model.DecisionTable, new: model.DecisionTable) -> bool:
    before, after = pair.old.decision(old.name), pair.new.decision(new.name)
    if before is None or after is None:
        return True
    if any(row.broken for table in (before, after) for row in table.rows) or before.broken or after.broken:
        return True
    question = Question(new.question or new.name)
    asked = Asked(pair.old, old.name, question, trial.today, trial.key)
    return may_change(asked, replace(asked, manual=pair.new, table=new.name)) != ()


def _without_recomputed(question: Question, table: Table, pair: Pair) -> Question:
    """What a changed earlier table gives is worked out anew on both sides, not taken as it was recorded."""
    gone = set()
    for column in table.new.inputs:
        if column.fact.origin is model.Origin.EARLIER:
            was = earlier(pair.old, column.fact.key, table.old.line)
            now = earlier(pair.new, column.fact.key, table.new.line)
            if was is None or now is None or _differ(was, now, pair):
                gone.add(column.fact.key)
    facts = [fact for fact in question.facts if not any(fact.answers_to(key) for key in gone)]
    return Question(question.name, facts, question.outcome, required=question.required, more=question.more)


def _differ(was: model.DecisionTable, now: model.DecisionTable, pair: Pair) -> bool:
    plain = Question(was.name)
    day = dt.date.min
    return (
        may_change(Asked(pair.old, was.name, plain, day, ""), Asked(pair.new, now.name, plain, day, "")) != ()
    )


def _count(trial: Trial, table: Table, pair: Pair, scope: Scope, figures: Figures) -> None:
    """One pair of versions over its units; who reads the whole house with one set of values reads it in one go."""
    population = table.population
    cases = trial.cases(population, scope)
    if len(trial.pairs) > 1 or scope.units is not None:
        cases = trial.of_pair(population, pair, cases)
    old, new = table.asked(trial, pair)
    changes = [
        change for change in compare(old, new, cases, unit=population.unit) if change.unit in pair.units
    ]
    figures.add(changes, Said(old), Said(new))


def _exemplify(trial: Trial, table: Table, scope: Scope, one: dict[str, Any], figures: Figures) -> None:
    """The newest cases of each change, with the clause before and after."""
    for change in one["changes"]:
        wanted = min(EXAMPLES, change["count"])
        if len(change["examples"]) < wanted:
            before, after = (one["outcomes"][change[side]]["zh"] for side in ("old", "new"))
            cases = moving(trial, table, before, after, trial.cases(table.population, scope))
            newest = cases.order_by("-pk").values_list("pk", flat=True)[:wanted]
            change["examples"] = [{"id": pk} for pk in newest]
        for example in change["examples"]:
            example.update(_clauses(trial, table, scope, example["id"]))


def _clauses(trial: Trial, table: Table, scope: Scope, pk: Any) -> dict[str, Any]:
    population = table.population
    case = trial.cases(population, scope).filter(pk=pk)
    unit = case.values_list(population.unit, flat=True).first()
    pair = next((pair for pair in trial.pairs if unit in pair.units), None)
    if pair is None:
        return {}
    found = {}
    for side, asked in zip(("old", "new"), table.asked(trial, pair), strict=True):
        number = next((row for _pk, row in rows(*_rows_of(asked, case), zone=asked.zone)), 0)
        deciding = Said(asked).rows(number)
        found[f"{side}_clause"] = "、".join(dict.fromkeys(row.clause for row in deciding))
    return {"unit": unit, **found}


def _rows_of(asked: Asked, cases: QuerySet[Any]) -> tuple[Any, ...]:
    return asked.manual, asked.table, asked.question, cases, asked.today, asked.key


def moving(
    trial: Trial, table: Table, before: str, after: str, cases: QuerySet[Any], unit: int | None = None
) -> QuerySet[Any]:
    """Those of the cases whose outcome goes from the one to the other: what a figure opens into."""
    population = table.population
    found = Q(pk__in=[])
    for pair in trial.pairs:
        if unit is not None and unit not in pair.units:
            continue
        here = trial.of_pair(
            population, replace(pair, units=frozenset({unit}) if unit else pair.units), cases
        )
        found |= Q(pk__in=_keys(table.asked(trial, pair), before, after, here))
    return cases.filter(found)


def _keys(both: tuple[Asked, Asked], before: str, after: str, cases: QuerySet[Any]) -> Any:
    """Keys as a statement, or as a list where the table does not go into one."""
    old, new = both
    said = Said(old), Said(new)
    names = [_read_as(one) for one in said]
    try:
        if any(one.collects for one in said):
            raise NotInSql(old.table)
        where = may_change(old, new)
        asked = inside(new, cases, where) if where else cases
        asked = new.ruled(old.ruled(asked.order_by(), "row_before"), "row_after")
    except NotInSql:
        after_by_key = dict(rows(*_rows_of(new, cases), zone=new.zone))
        return [
            pk
            for pk, row in rows(*_rows_of(old, cases), zone=old.zone)
            if (names[0](row), names[1](after_by_key[pk])) == (before, after)
        ]
    numbers = [
        [n for n in range(len(one.table.rows) + 1) if name(n) == wanted]
        for one, name, wanted in zip(said, names, (before, after), strict=True)
    ]
    return asked.filter(row_before__in=numbers[0], row_after__in=numbers[1]).values("pk")


def _read_as(said: Said) -> Callable[[int], str]:
    names = Figures(said.table).names(said)
    return lambda number: names_of(said.of(number), names)


def examples_of(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every example of a result."""
    for table in result.get("tables", ()):
        for change in table["changes"]:
            yield from change["examples"]
