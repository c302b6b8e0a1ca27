"""Grades as the customer's page shows them: a box for each dimension, and why the foremost value is what it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.customers.models import Customer, Grade
from zhike.customers.regulation import row_said
from zhike.kernel.policy import ask, inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.worktime import calendars
from zhike.manuals.queries import Speech

from . import facts, queries
from .dimensions import DIMENSIONS, Dimension

# dimensions whose words stand in order, the best first: there a change goes up or down
RANKED = {"grade", "class", "tenant", "rank", "segment", "importance"}
WORSE_FIRST = {"risk"}
WIDE, HIGH, SPAN = 120, 26, 730  # of the step line, and how many days it goes back


@dataclass(frozen=True)
class Box:
    """One dimension: its value, what it was before, the course of two years, the row that decided."""

    dimension: Dimension
    grade: Grade
    label: str
    before: str
    move: str  # "up", "down" or ""
    path: str
    basis: str
    ends: str

    @property
    def moved(self) -> str:
        if not self.before:
            return ""
        if self.dimension.code in WORSE_FIRST:  # a risk that rises is no step up
            words = {"up": _("better, was %(value)s"), "down": _("worse, was %(value)s")}
        else:
            words = {"up": _("up from %(value)s"), "down": _("down from %(value)s")}
        return words.get(self.move, _("was %(value)s")) % {"value": self.before}


def boxes(customer: Customer, now: dt.datetime) -> list[Box]:
    """The values in force with their course. One query, and one for each manual that is not known yet."""
    rows = queries.course(customer)
    found = []
    for dimension in DIMENSIONS.values():
        course = [row for row in rows if row.dimension == dimension.code]
        if course and course[-1].until is None:
            found.append(_box(dimension, course, now, customer.unit_id))
    return found


def _box(dimension: Dimension, course: list[Grade], now: dt.datetime, unit: int) -> Box:
    here = course[-1]
    names = {code: name for (_dim, code), name in queries.labels(course).items()}
    order = [word.code for word in _words(here)]
    was = next((row for row in reversed(course[:-1]) if row.value != here.value), None)
    return Box(
        dimension,
        here,
        names.get(here.value, here.value),
        names.get(was.value, was.value) if was is not None else "",
        _move(dimension.code, order, was.value if was is not None else "", here.value),
        step_line(course, order, now),
        _basis(dimension, here, unit, now),
        here.valid_to.isoformat() if here.valid_to else "",
    )


def _words(grade: Grade) -> tuple[model.Word, ...]:
    if grade.version_id is None:
        return ()
    return queries.words_of(inforce.manual_of(grade.version_id), grade.dimension)


def _move(dimension: str, order: list[str], was: str, value: str) -> str:
    if dimension not in RANKED | WORSE_FIRST or was not in order or value not in order:
        return ""
    up = order.index(value) < order.index(was)
    return "up" if up != (dimension in WORSE_FIRST) else "down"


def step_line(course: list[Grade], order: list[str], now: dt.datetime) -> str:
    """The path of an SVG of 120 by 26: the higher the word stands in its list, the higher the line."""
    known = order or list(dict.fromkeys(row.value for row in course))
    since = max(course[0].since, now - dt.timedelta(days=SPAN))
    whole = max((now - since).total_seconds(), 1.0)

    def level(row: Grade) -> float:
        place = known.index(row.value) if row.value in known else len(known)
        return round(3 + (HIGH - 6) * place / max(len(known) - 1, 1), 1)

    shown = [row for row in course if row.until is None or row.until > since]
    path = [f"M0 {level(shown[0])}"]
    for row in shown[1:]:
        x = round(WIDE * max((row.since - since).total_seconds(), 0.0) / whole, 1)
        path.append(f"H{x}V{level(row)}")
    return "".join(path) + f"H{WIDE}"


def _basis(dimension: Dimension, grade: Grade, unit: int, now: dt.datetime) -> str:
    """Why, in one line: the reason of a person, else the conditions of the row."""
    if grade.origin == Grade.Origin.DECIDED:
        return grade.reason
    table = _table(dimension, grade)
    if table is None or grade.row is None or grade.row > len(table.rows):
        return ""
    return row_said(_manual(dimension, grade, unit, now), table, grade.row, english=_english())


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _manual(dimension: Dimension, grade: Grade, unit: int, now: dt.datetime) -> model.Manual:
    """The version that ruled, with the unit's own values while it is in force there."""
    found = queries.answer_for(dimension, unit, calendars.local_day(now, unit))
    if found is not None and found.version.pk == grade.version_id:
        return found.manual
    assert grade.version_id is not None
    return inforce.manual_of(grade.version_id)


def _table(dimension: Dimension, grade: Grade) -> model.DecisionTable | None:
    if grade.version_id is None:
        return None
    table = inforce.table_for(inforce.manual_of(grade.version_id), dimension.question.name)
    return table if isinstance(table, model.DecisionTable) else None


def why(customer: Customer, box: Box, now: dt.datetime) -> dict[str, Any] | None:
    """The ruling card of a value: the facts as they are now, and the rows of the table around the one that decided."""
    table = _table(box.dimension, box.grade)
    if table is None or box.grade.version_id is None or not box.grade.row:
        return None
    version = ManualVersion.objects.filter(pk=box.grade.version_id).defer("text").first()
    if version is None:
        return None
    facts.profile_of(customer)
    manual = inforce.manual_of(version.pk)
    values = ask.read_facts(
        box.dimension.question,
        customer,
        None,
        manual=manual,
        today=calendars.local_day(now, customer.unit_id),
    )
    said = _manual(box.dimension, box.grade, customer.unit_id, now)
    speech = Speech(said, english=_english())
    used = [
        (speech.label(table, column.label), _said(column.fact, values.get(column.fact.key)))
        for column in table.inputs
        if column.fact.origin is not model.Origin.EARLIER
    ]
    decided = box.grade.origin == Grade.Origin.DECIDED
    return {
        "outcome": box.label,
        "clause": box.grade.clause,
        "version_id": version.pk,
        "facts": used,
        "rows": [
            (
                row.number,
                row_said(said, table, row.number, english=_english()),
                speech.word(row.outcomes[0].text),
                row.number == box.grade.row and not decided,
            )
            for row in table.rows
        ],
        "note": box.grade.reason if decided else "",
        "manual": f"{version.label} · {box.grade.get_origin_display()}",
    }


def _said(fact: model.FactSpec, value: Any) -> str | None:
    """A fact as people say it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    word = next((word for word in fact.words if word.code == value), None)
    if word is not None:
        return queries.label_of(word)
    return f"{value:,}" if not isinstance(value, str | dt.date) else str(value)
