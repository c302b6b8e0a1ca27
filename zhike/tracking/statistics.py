"""Statistics of the register as declared figures: four fixes, loss of customers, rounds, calls, gifts, events, trials."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.customers.contacts import queries as contacts
from zhike.customers.dossier.tallying import units_of
from zhike.customers.models import Customer, Interaction
from zhike.kernel.tallies import figures
from zhike.kernel.tallies.figures import Breakdown, Figure, Measure, Part, Question, Ratio

from . import queries, questions
from .models import Activity, Plan
from .tallying import at_risk, coverage, days, held, link
from .wording import figure_of

Text = str | Promise
DAYS = "未购警戒天数"  # parameter of the regulation on upkeep
USUAL = 180  # days, where no regulation is in force: what the manual of the library proposes


# --- loyalty and loss (ST002-54) ---------------------------------------------------------------------------


def lost(rows: QuerySet[Customer], question: Question) -> QuerySet[Customer]:
    """Who had bought before the period and at its end had not for as long as the regulation of the unit says."""
    end, silent = question.period.ends_at, Q(pk__in=())
    by_days: dict[int, list[int]] = {}
    for unit in units_of(question):
        by_days.setdefault(figure_of(DAYS, questions.CHURN.name, unit, end, usual=USUAL), []).append(unit)
    for number, units in by_days.items():
        silent |= Q(
            unit__in=units, profile__last_order_on__lt=question.period.after - dt.timedelta(days=number)
        )
    return bought_before(rows, question).filter(silent)


def bought_before(rows: QuerySet[Customer], question: Question) -> QuerySet[Customer]:
    return rows.filter(profile__first_order_on__lt=question.period.first)


def _customers(question: Question) -> QuerySet[Customer]:
    return _of_units(queries.customers(question.scope).select_related(None).order_by(), question)


def _of_units(rows: QuerySet[Any], question: Question) -> QuerySet[Any]:
    return rows if question.units is None else rows.filter(unit__in=sorted(question.units))


def _lost(question: Question) -> Ratio:
    rows = _customers(question)
    return Ratio(lost(rows, question).count(), bought_before(rows, question).count())


def _risks(question: Question) -> Sequence[Part]:
    labels = dict(Plan.Risk.choices)
    return [
        Part(code, labels[code], number, link("tracking:churn", risk=code))
        for code, number in at_risk(question.scope).items()
    ]


FIXED = Figure(
    "tracking.fixed", _("Customers with all four fixes"), Measure.RATIO, source="P000-02", more_is_good=True,
    compute=lambda question: coverage(question.scope), url=lambda question: link("tracking:gaps"),
)  # fmt: skip
LOST = Figure(
    "tracking.lost", _("Customers lost"), Measure.RATIO, source="ST002-54", more_is_good=False, compute=_lost,
    url=lambda question: link("tracking:customers", **days(question.period, "lost")),
    breakdowns=(Breakdown("risk", _("Risk of leaving"), _risks),),
)  # fmt: skip


# --- rounds, calls, gifts, events, trials (ST002-59) --------------------------------------------------------

SPOKEN = {"ROUNDS": Interaction.Way.VISIT, "CALLS": Interaction.Way.PHONE}
HELD = {
    "GIFTS": Q(kind=Activity.Kind.GIFT),
    "EVENTS": ~Q(kind__in=[Activity.Kind.GIFT, Activity.Kind.TRIAL]),
    "TRIALS": Q(kind=Activity.Kind.TRIAL),
}
EFFORTS: dict[str, Text] = {
    "ROUNDS": _("Rounds and visits"),
    "CALLS": _("Telephone follow-ups"),
    "GIFTS": _("Gifts"),
    "EVENTS": _("Events"),
    "TRIALS": _("Trials"),
}


def _rows(key: str) -> Callable[[Question], QuerySet[Any]]:
    def of(question: Question) -> QuerySet[Any]:
        if key in HELD:
            return _of_units(held(question.scope, question.period), question).filter(HELD[key])
        said = contacts.interactions(question.scope).select_related(None).order_by()
        return _of_units(said, question).filter(
            way=SPOKEN[key], is_incoming=False, **question.period.within("at")
        )

    return of


def _url(key: str, **more: str) -> Callable[[Question], str]:
    def of(question: Question) -> str:
        if key in HELD:
            return link(
                "tracking:activities", state="HELD", effort=key, **days(question.period, "on"), **more
            )
        return link(
            "customers:contacts", way=SPOKEN[key].value, begun="US", **days(question.period, "at"), **more
        )

    return of


def _declared(key: str) -> tuple[Figure, Figure, Figure | None]:
    """How many there were, with how many the customer answered, and what they cost."""
    rows, name = _rows(key), f"tracking.{key.lower()}"

    def cost(question: Question) -> Decimal:
        return rows(question).aggregate(n=Sum("cost"))["n"] or Decimal(0)

    number = Figure(name, EFFORTS[key], Measure.COUNT, _url(key), "ST002-59", rows=rows, more_is_good=True)
    heard = Figure(
        f"{name}_heard", _("with feedback"), Measure.COUNT, _url(key, answered="1"), "ST002-59",
        rows=lambda question: rows(question).exclude(feedback=""), more_is_good=True,
    )  # fmt: skip
    if key in SPOKEN:  # what a call costs nobody writes down
        return number, heard, None
    return (
        number,
        heard,
        Figure(f"{name}_cost", _("Cost"), Measure.MONEY, _url(key), "ST002-59", compute=cost),
    )


DECLARED = {key: _declared(key) for key in EFFORTS}


@dataclass(frozen=True)
class Effort:
    """One line of ST002-59."""

    key: str
    number: int
    cost: Decimal
    feedback: int
    url: str
    heard_url: str

    @property
    def label(self) -> Text:
        return EFFORTS[self.key]


def efforts(question: Question) -> list[Effort]:
    found = []
    for key, (number, heard, cost) in DECLARED.items():
        spent = cost.number(question) if cost is not None else Decimal(0)
        found.append(
            Effort(key, number.number(question), spent, heard.number(question), number.url(question), heard.url(question))  # type: ignore[arg-type]
        )  # fmt: skip
    return found


def ready() -> None:
    figures.register(FIXED, LOST, *(one for three in DECLARED.values() for one in three if one is not None))
