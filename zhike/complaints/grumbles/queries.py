"""Reads of grumbles; every query takes a scope first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, QuerySet

from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import inforce

from .models import Grumble

MANUAL = "grumbles"
SHARE = "直接反映比例"
# Heard because somebody asked or looked; all others reached the staff by themselves (R001-135).
ASKED_FOR = frozenset({Grumble.Source.FOLLOW_UP, Grumble.Source.SURVEY, Grumble.Source.SOCIAL})


def grumbles(scope: Scope) -> QuerySet[Grumble]:
    """The visible grumbles with what a line prints; one statement."""
    rows = scope.rows(Grumble.objects.all(), named=("by",), secrecy="secrecy")
    return rows.select_related("customer", "by", "unit", "complaint")


def of_units(scope: Scope) -> QuerySet[Grumble]:
    """Those that the units of the scope give, for counting many by an index."""
    return scope.rows(Grumble.objects.all(), secrecy="secrecy")


def halves(scope: Scope) -> tuple[QuerySet[Grumble], QuerySet[Grumble]]:
    """The visible grumbles for counting: those of the units, and the person's own of other units."""
    return of_units(scope), scope.beside(Grumble.objects.all(), named=("by",), secrecy="secrecy")


@dataclass(frozen=True)
class Figures:
    """Grumbles of a period. `unknown` is estimated with `share`; both None where no manual gives one (R001-135)."""

    total: int
    by_source: list[tuple[str, str, int]]  # code, label, count
    by_state: list[tuple[str, str, int]]
    direct: int
    share: Decimal | None
    clause: str
    unknown: int | None


def figures(
    scope: Scope, *, since: dt.datetime, until: dt.datetime, unit: int, day: dt.date, only: int | None = None
) -> Figures:
    """Counts for `[since, until)`; the share is that of the manual in force at `unit` on `day`."""
    rows = of_units(scope).filter(at__gte=since, at__lt=until)
    if only is not None:
        rows = rows.filter(unit=only)
    counted = {
        (row["source"], row["state"]): row["n"]
        for row in rows.order_by().values("source", "state").annotate(n=Count("id"))
    }
    total = sum(counted.values())
    direct = sum(count for (source, _state), count in counted.items() if source not in ASKED_FOR)
    share, clause = known_share(unit, day)
    return Figures(
        total=total,
        by_source=[
            (code, str(label), sum(n for (source, _state), n in counted.items() if source == code))
            for code, label in Grumble.Source.choices
        ],
        by_state=[
            (code, str(label), sum(n for (_source, state), n in counted.items() if state == code))
            for code, label in Grumble.State.choices
        ],
        direct=direct,
        share=share,
        clause=clause,
        unknown=estimated_unknown(total, direct, share),
    )


def estimated_unknown(total: int, direct: int, share: Decimal | None) -> int | None:
    """If only `share` of all grumbles reach the staff by themselves: how many there are that nobody knows of."""
    if not share:
        return None
    estimated = (Decimal(direct) / share).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return max(0, int(estimated) - total)


def known_share(unit: int, day: dt.date) -> tuple[Decimal | None, str]:
    """The share of the manual on grumbles with the value of the unit, and its clause; None where none is installed."""
    version = inforce.versions_in_force(day).get(MANUAL)
    rows = inforce.installed(unit)
    if version is None or not any(row.key == MANUAL for row in rows):
        return None, ""
    param = inforce.manual_of(version.pk, inforce.parameters_of(MANUAL, rows, day)).params.get(SHARE)
    if param is None or not isinstance(param.value, Decimal):
        return None, ""
    return param.value, param.clause
