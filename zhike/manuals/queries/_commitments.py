"""What is promised to customers in public, and whether it is kept (R002-167, S002-07)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language

from zhike.kernel.duties.models import Duty, DutyQuerySet
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal, split_items
from zhike.kernel.policy.manual.values import figure
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.models import business_day
from zhike.ui.lists import counting

from ._standing import number

LIST = "公开承诺"
LEAST = "公示最少件数"  # parameter of the manual: below it no figure is shown to the public
NO_HOUSE = (Unit.Kind.DEPARTMENT, Unit.Kind.TEAM)
ENGLISH = {"分钟": "minutes", "工作小时": "working hours", "小时": "hours", "工作日": "working days", "天": "days", "个月": "months", "周": "weeks"}  # fmt: skip
_AMOUNT = re.compile(rf"([0-9]+)\s*({'|'.join(sorted(ENGLISH, key=len, reverse=True))})")
_NAMED = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Commitment:
    """One promise of a regulation to the customers of a house."""

    key: str
    version: ManualVersion
    row: int
    text: str
    text_en: str
    clauses: tuple[str, ...]
    matter: str  # title of the duties that measure it; empty: every duty of the clauses
    target: Decimal | None

    @property
    def label(self) -> str:
        english = self.text_en and (get_language() or "").startswith("en")
        return self.text_en if english else self.text

    @property
    def target_percent(self) -> str:
        return f"{self.target * 100:.0f} %" if self.target is not None else ""


@dataclass(frozen=True)
class Kept:
    """How many of the duties that fell due in a period were done in time."""

    period: Period
    count: int
    in_time: int

    @property
    def percent(self) -> str:
        """Rounded down: nothing counts as kept that was not. Empty without any duty."""
        if not self.count:
            return ""
        share = Decimal(self.in_time * 100) / Decimal(self.count)
        return f"{share.quantize(Decimal('0.1'), ROUND_DOWN):f} %"

    def meets(self, target: Decimal | None) -> bool | None:
        if target is None or not self.count:
            return None
        return Decimal(self.in_time) >= target * self.count


def houses_with_commitments(now: dt.datetime) -> list[Unit]:
    """Houses in which a regulation with public commitments is in force. What is public needs no scope."""
    rows = Unit.objects.filter(closed_on=None).exclude(kind__in=NO_HOUSE).order_by("path")
    return [unit for unit in rows if commitments(unit.pk, now)]


def commitments(unit: int, now: dt.datetime) -> list[Commitment]:
    """The promises in force at a house, with the figures that hold there."""
    day = business_day(now)
    current = inforce.versions_in_force(day)
    rows = inforce.installed(unit)
    found: list[Commitment] = []
    for key in dict.fromkeys(row.key for row in rows):
        version = current.get(key)
        if version is not None:
            manual = inforce.manual_of(version.pk, inforce.parameters_of(key, rows, day))
            found += _read(version, manual)
    return found


def _read(version: ManualVersion, manual: model.Manual) -> list[Commitment]:
    table = manual.lists.get(LIST)
    figures = {name: param.text for name, param in manual.params.items()}
    return [
        _commitment(version, place, row, figures) for place, row in enumerate(table.rows if table else (), 1)
    ]


def _commitment(
    version: ManualVersion, place: int, row: model.ListRow, figures: Mapping[str, str]
) -> Commitment:
    def text(label: str) -> str:
        return normal(row.cells[label].text) if label in row.cells else ""

    clauses = tuple(part.strip() for part in split_items(row.clause) if part.strip())
    return Commitment(
        version.key, version, place, _filled(row.word.name, figures), _filled(row.word.en, figures, True),
        clauses, text("事项"), figure(text("目标")),
    )  # fmt: skip


def _filled(text: str, figures: Mapping[str, str], english: bool = False) -> str:
    """`{答复期限}` becomes the value that holds at the house."""

    def value(match: re.Match[str]) -> str:
        found = figures.get(match[1].strip(), match[0])
        return _AMOUNT.sub(_english, found) if english else found

    return _NAMED.sub(value, text)


def _english(match: re.Match[str]) -> str:
    word = ENGLISH[match[2]]
    return f"{match[1]} {word.removesuffix('s') if match[1] == '1' else word}"


def least(unit: int, key: str, now: dt.datetime) -> int:
    """How many duties there must have been before a figure is shown to the public; a house may set its own."""
    day = business_day(now)
    version = inforce.versions_in_force(day).get(key)
    manual = inforce.manual_at(version.pk, unit, day) if version is not None else None
    return number(LEAST, day, manual)


def last_quarter(now: dt.datetime) -> Period:
    """The quarter that is over."""
    this = Period.around(Kind.QUARTER, business_day(now), settings.TIME_ZONE)
    return this.previous()


def duties_of(one: Commitment, unit: int, period: Period, scope: Scope) -> DutyQuerySet:
    """The visible duties that measure a promise: those of its clauses that fell due in the period."""
    versions = ManualVersion.objects.filter(key=one.key).values("pk")
    rows = Duty.objects.filter(
        version_id__in=versions,
        clause__in=one.clauses,
        unit__in=sorted(tree().below(unit)),
        **period.within("due_at"),
        state__in=[Duty.State.OPEN, Duty.State.DONE],
    )
    if one.matter:
        rows = rows.filter(title=one.matter)
    seen: DutyQuerySet = scope.rows(rows, named=("owner",), secrecy="secrecy")  # type: ignore[assignment]
    return seen


def kept(one: Commitment, unit: int, period: Period, now: dt.datetime, scope: Scope = EVERYTHING) -> Kept:
    """How far a promise was kept; what is not due yet does not count."""
    return kept_in([one], unit, [period], now, scope)[0][0]


def kept_in(
    promises: Sequence[Commitment], unit: int, periods: Sequence[Period], now: dt.datetime, scope: Scope
) -> list[list[Kept]]:
    """The same for several promises, each in several periods, in one statement."""
    asked: list[QuerySet[Duty]] = []
    for one in promises:
        for period in periods:
            rows = duties_of(one, unit, period, scope).filter(due_at__lte=now)
            asked += [rows, rows.late(now)]
    numbers = iter(counting.exact_each(asked))
    return [
        [Kept(period, count, count - next(numbers)) for period in periods for count in [next(numbers)]]
        for _one in promises
    ]


def months(now: dt.datetime, count: int = 6) -> list[Period]:
    """The last months, oldest first, this month last."""
    found = [Period.around(Kind.MONTH, business_day(now), settings.TIME_ZONE)]
    while len(found) < count:
        found.append(found[-1].previous())
    return found[::-1]
