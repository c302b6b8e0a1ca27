"""The live figures beside each clause, within the units that the reader sees. A fixed number of grouped queries.

Rulings and rows are those of the version at hand in the last 30 days; the curve of twelve months takes in every
version of the manual, since a clause keeps its number. Each figure is counted from the rows that its page lists.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion, Ruling
from zhike.manuals import figures

from ._book import Section
from ._words import Speech

DAYS = 30
MONTHS = 12
# what the pages of duties list
DUTIES = ("due", "late", "open", "overdue")


@dataclass(frozen=True)
class Newest:
    """The newest ruling under a clause."""

    name: str
    url: str
    outcome: str
    at: dt.datetime


@dataclass
class Live:
    """Figures of one clause and those below it."""

    rulings: int = 0
    due: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0
    more: list[tuple[str, str | Promise, int]] = field(default_factory=list)  # (code, label, how many)
    months: list[int] = field(default_factory=list)
    newest: Newest | None = None
    direct: bool = False  # some of it is the clause's own, not only of those below it

    @property
    def rate(self) -> float | None:
        """Done in time of what was due, in percent."""
        return 100 * (self.due - self.late) / self.due if self.due else None

    @property
    def any(self) -> bool:
        return bool(
            self.rulings or self.due or self.open or any(self.months) or any(n for _c, _l, n in self.more)
        )


@dataclass
class Figures:
    """`clauses` by the key of the section, `rows` by table and row number."""

    clauses: dict[str, Live]
    rows: dict[tuple[str, int], int]


def since(now: dt.datetime) -> dt.datetime:
    return now - dt.timedelta(days=DAYS)


def rulings(scope: Scope, version: int, now: dt.datetime) -> QuerySet[Ruling]:
    """Rulings of a version in the last 30 days that the reader may see."""
    rows = Ruling.objects.filter(version=version, asked_at__gt=since(now), asked_at__lte=now)
    return figures.visible(scope, scope.rows(rows))


def duties(scope: Scope, version: int) -> QuerySet[Duty]:
    """Duties under a version that the reader may see."""
    return figures.visible(scope, scope.rows(Duty.objects.filter(version_id=version), secrecy="secrecy"))


def conditions(now: dt.datetime) -> dict[str, Q]:
    """The kinds of duties that are counted, by the last word of their page's address.

    What stands still is not late, as `Duty.late` has it.
    """
    was_due = Q(state__in=[Duty.State.OPEN, Duty.State.DONE], due_at__gt=since(now), due_at__lte=now)
    return {
        "due": was_due,
        "late": was_due & _late(now),
        "open": Q(state=Duty.State.OPEN),
        "overdue": Q(state=Duty.State.OPEN) & _late(now),
    }


def _late(now: dt.datetime) -> Q:
    """The same as `DutyQuerySet.late`, as a condition that several counts share."""
    running = Q(paused_at=None, done_at=None, due_at__lt=now)
    stopped = Q(paused_at__isnull=False, due_at__lt=F("paused_at"))
    done = Q(paused_at=None, done_at__isnull=False, due_at__lt=F("done_at"))
    return running | stopped | done


def live(
    version: ManualVersion,
    sections: Sequence[Section],
    *,
    scope: Scope,
    now: dt.datetime,
    months: Sequence[dt.datetime],
) -> Figures:
    """Figures of every clause of a version. `months` are the beginnings of the months of the curve, oldest first."""
    found = {section.key: Live(months=[0] * len(months)) for section in sections}
    above: dict[str, list[Live]] = {}
    for section in sections:
        for key in section.covers:
            above.setdefault(key, []).append(found[section.key])
    rows = _rulings(version, above, scope=scope, now=now)
    _duties(version, above, scope=scope, now=now)
    _curve(version, above, scope=scope, months=months)
    for figure in figures.known():
        counted = Counter(
            dict(figure_rows(figure, scope, version.pk, now).values_list(figure.clause).annotate(Count("pk")))
        )
        sums: Counter[int] = Counter()
        for key, n in counted.items():
            for one in above.get(key, ()):
                sums[id(one)] += n
        for one in found.values():
            one.more.append((figure.code, figure.label, sums[id(one)]))
    return Figures(found, rows)


def figure_rows(figure: figures.Figure, scope: Scope, version: int, now: dt.datetime) -> QuerySet[Any]:
    """The rows behind a figure that a trade counts, in the last 30 days."""
    return figure.rows(scope, version).filter(
        **{f"{figure.at}__gt": since(now), f"{figure.at}__lte": now}
    ).order_by()  # fmt: skip


def _rulings(
    version: ManualVersion, above: dict[str, list[Live]], *, scope: Scope, now: dt.datetime
) -> dict[tuple[str, int], int]:
    grouped = (
        rulings(scope, version.pk, now)
        .filter(clause__in=list(above))  # the index is by version, clause and moment
        .values_list("clause", "table", "row")
        .annotate(n=Count("id"), newest=Max("id"))
    )
    rows: Counter[tuple[str, int]] = Counter()
    newest: dict[int, int] = {}
    for clause, table, row, n, last in grouped.order_by():
        rows[table, row] += n
        for one in _at(above, clause):
            one.rulings += n
            newest[id(one)] = max(last, newest.get(id(one), 0))
    told = _newest(set(newest.values()))
    for ones in above.values():
        for one in ones:
            one.newest = told.get(newest.get(id(one), 0))
    return dict(rows)


def _at(above: dict[str, list[Live]], clause: str) -> list[Live]:
    """The figures into which a row of this clause goes: its own, the last of the list, and those above it."""
    ones = above.get(clause, [])
    if ones:
        ones[-1].direct = True
    return ones


def _newest(keys: set[int]) -> dict[int, Newest]:
    if not keys:
        return {}
    rows = list(Ruling.objects.filter(pk__in=keys))
    by_label: dict[str, set[int]] = {}
    for row in rows:
        by_label.setdefault(row.subject_label, set()).add(row.subject_id)
    named = {label: figures.names(label, ids) for label, ids in by_label.items()}
    found = {}
    for row in rows:
        subject = subjects.known(row.subject_label)
        name = named[row.subject_label].get(row.subject_id) or (
            f"{subject.noun} {row.subject_id}" if subject else ""
        )
        url = subject.url(row.subject_id) if subject else ""
        found[row.pk] = Newest(name, url, outcome_words(row), row.asked_at)
    return found


def outcome_words(row: Ruling) -> str:
    """What a ruling said, in the words of the manual's row."""
    manual = inforce.manual_of(row.version_id)
    table = manual.decision(row.table)
    if table is None or not 0 < row.row <= len(table.rows):
        return ""
    speech = Speech(manual, english=(get_language() or "").startswith("en"))
    said = [
        "".join(part.text for part in speech.test(cell.text)) for cell in table.rows[row.row - 1].outcomes
    ]
    return " · ".join(text for text in said if text not in {"", "-"})


def _duties(version: ManualVersion, above: dict[str, list[Live]], *, scope: Scope, now: dt.datetime) -> None:
    kinds = conditions(now)
    counts = {f"n_{kind}": Count("id", filter=condition) for kind, condition in kinds.items()}
    rows: Any = duties(scope, version.pk).values("clause").order_by().annotate(**counts)
    # each half by an index of its own: what fell due in these days, and whatever else is open
    for row in rows.filter(kinds["due"]).union(rows.filter(kinds["open"]).exclude(kinds["due"]), all=True):
        for one in _at(above, row["clause"]):
            one.due += row["n_due"]
            one.late += row["n_late"]
            one.open += row["n_open"]
            one.overdue += row["n_overdue"]


def _curve(
    version: ManualVersion, above: dict[str, list[Live]], *, scope: Scope, months: Sequence[dt.datetime]
) -> None:
    """Rulings by month under every version of the manual."""
    versions = ManualVersion.objects.filter(key=version.key).values("pk")
    every = Ruling.objects.filter(version__in=versions, clause__in=list(above), asked_at__gte=months[0])
    rows = figures.visible(scope, scope.rows(every))
    edges = [*months[1:], None]
    counted = {
        f"m{place}": Count("id", filter=Q(asked_at__gte=begin) & (Q(asked_at__lt=end) if end else Q()))
        for place, (begin, end) in enumerate(zip(months, edges, strict=True))
    }
    found: Any = rows.values("clause").order_by().annotate(**counted)
    for row in found:
        for one in _at(above, row["clause"]):
            one.months = [known + row[f"m{place}"] for place, known in enumerate(one.months)]


def curve(values: Sequence[int], *, width: int = 180, height: int = 28) -> tuple[str, tuple[float, float]]:
    """The line of a small chart as an SVG path, and its last point."""
    most = max(values, default=0) or 1
    step = width / max(1, len(values) - 1)
    points = [(step * place, height - 2 - (height - 4) * value / most) for place, value in enumerate(values)]
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points), points[-1]
