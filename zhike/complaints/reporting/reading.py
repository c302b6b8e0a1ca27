"""What a report asks and the figures it reads: every number with the conditions of the list that shows its cases.

All counting is done by the database, a statement for each breakdown, none for each row.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    Avg,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from zhike.complaints import queries, questions
from zhike.complaints.models import Complaint, Grant
from zhike.complaints.queries_after import latest_answer
from zhike.complaints.regime import label_of, reads_english
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import Ruling
from zhike.kernel.tallies.figures import Ratio
from zhike.kernel.tallies.periods import Period

from . import cuts, regimes

LONGEST = 200  # signs that a condition of a list may have
TREND = 12  # periods
MARK = "is_"  # tells a count from the column it counts by


@dataclass(frozen=True)
class Part:
    """One line of a breakdown: how many now, how many in the period before, and which they are."""

    label: str
    count: int
    before: int
    cut: str
    note: str = ""


@dataclass(frozen=True)
class Kept:
    """How one duty was kept: in how many cases it was owed, and in how many of them it was late."""

    clause: str
    title: str
    title_en: str
    limit: str
    kind: str
    cases: int
    late: int

    @property
    def in_time(self) -> Ratio:
        return Ratio(self.cases - self.late, self.cases)

    def cut(self, name: str) -> str:
        return cuts.cut(name, self.clause, self.title, self.limit)


def kept(rows: QuerySet[Complaint], now: dt.datetime) -> list[Kept]:
    """How the duties about these complaints were kept; each number opens into its cases by its cut."""
    lines = (
        _duties(rows, now)
        .order_by()
        .values("clause", "title", "limit")
        .annotate(
            en=Min("title_en"),
            what=Min("kind"),
            cases=Count("subject_id", distinct=True),
            late=Count("subject_id", distinct=True, filter=cuts.late(now)),
        )
        .order_by("clause", "title", "limit")
    )
    return [
        Kept(row["clause"], row["title"], row["en"], row["limit"], row["what"], row["cases"], row["late"])
        for row in lines
    ]


@dataclass(frozen=True)
class Asked:
    """One period, seen by one reader: of `unit` and those below it, of the regulations with the report `code`."""

    scope: Scope
    period: Period
    now: dt.datetime
    unit: int | None = None
    code: str = ""

    @cached_property
    def versions(self) -> dict[int, str]:
        return regimes.versions(self.code)

    def rows(self) -> QuerySet[Complaint]:
        """The complaints registered in the period and not voided, bare for counting."""
        return self._visible.filter(**self.period.within("opened_at"))

    @property
    def _visible(self) -> QuerySet[Complaint]:
        rows = (
            queries.complaints(self.scope)
            .select_related(None)
            .defer(None)
            .order_by()
            .filter(voided_at=None, joined_to=None)
        )
        if self.unit is not None:
            rows = rows.filter(unit__in=tree().below(self.unit))
        return rows.filter(manual__in=list(self.versions)) if self.code else rows

    def over(self, first: Period) -> QuerySet[Complaint]:
        """The same from the first day of another period up to the end of this one."""
        return self._visible.filter(opened_at__gte=first.begins_at, opened_at__lt=self.period.ends_at)

    def query(self, cut: str = "") -> str:
        """The conditions by which the list of complaints opens the rows, or those of one figure; "" if too long."""
        if len(cut) > LONGEST:
            return ""
        said = {
            "view": "-",
            "state": "valid",
            "opened_from": self.period.first.isoformat(),
            "opened_to": self.period.last.isoformat(),
            "below": str(self.unit) if self.unit is not None else "",
            "regime": self.code,
            "cut": cut,
            "sort": "-opened",
        }
        return urlencode({key: value for key, value in said.items() if value})

    def before(self) -> Asked:
        return replace(self, period=self.period.previous())


Keyed = tuple[Hashable, ...]


class Reading:
    """The figures of one report; each is read once, when it is first wanted."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.rows = asked.rows()
        self.rows_before = asked.before().rows()

    # ---- totals

    @cached_property
    def totals(self) -> dict[str, Any]:
        return _totals(self.rows)

    @cached_property
    def totals_before(self) -> dict[str, Any]:
        return _totals(self.rows_before)

    @property
    def total(self) -> int:
        return int(self.totals["total"])

    @cached_property
    def punctual(self) -> Ratio:
        """The share of cases in which nothing that fell due was late."""
        found = _duties(self.rows, self.asked.now)
        each = found.aggregate(
            cases=Count("subject_id", distinct=True),
            late=Count("subject_id", distinct=True, filter=cuts.late(self.asked.now)),
        )
        return Ratio(each["cases"] - each["late"], each["cases"])

    @cached_property
    def kept(self) -> list[Kept]:
        """Every duty by clause, title and limit: owed and late, in cases."""
        return kept(self.rows, self.asked.now)

    def count(self, cut: str) -> int:
        found = cuts.apply(self.rows, cut, self.asked.now)
        assert found is not None, cut
        return found.count()

    # ---- breakdowns

    def parts(
        self,
        columns: Iterable[str],
        fold: Callable[..., tuple[str, str, str]],
        **also: Any,
    ) -> list[Part]:
        """Rows by columns, folded to (token, label, note) of each line; most first. Two statements."""
        now, before = (_counted(rows, tuple(columns), also) for rows in (self.rows, self.rows_before))
        lines: dict[str, tuple[str, str]] = {}
        counts: tuple[Counter[str], Counter[str]] = Counter(), Counter()
        for place, found in enumerate((now, before)):
            for key, number in found.items():
                token, label, note = fold(*key)
                lines.setdefault(token, (label, note))
                counts[place][token] += number
        alike = Counter(label for label, _note in lines.values())  # a note keeps apart what has the same name
        made = [
            Part(label, counts[0][token], counts[1][token], token, note if alike[label] > 1 else "")
            for token, (label, note) in lines.items()
        ]
        return sorted(made, key=lambda part: (-part.count, part.label))

    def by_word(self, column: str, list_name: str) -> list[Part]:
        """By a column of codes, in the words of each manual; the manual's name beside a word that several have."""
        many = len(set(self.asked.versions.values())) > 1

        def fold(version: int | None, code: str) -> tuple[str, str, str]:
            key = self.key(version)
            label = self.word(version, list_name, code) if code else ""
            return cuts.cut("col", column, key, code), label, self.title(version) if many else ""

        return self.parts(("manual", column), fold)

    def by_field(self, *codes: str) -> list[Part]:
        """By the first of these fields of 登记事项 that the manuals have, in words; nothing where none has it."""
        code = next((code for code in codes if self.has_field(code)), "")
        if not code:
            return []

        def fold(version: int | None, said: str | None) -> tuple[str, str, str]:
            return cuts.cut("more", code, said or ""), self.chosen(version, code, said or ""), ""

        return self.parts(("manual", "said"), fold, said=cuts.field(code))

    def by_department(self) -> list[Part]:
        def fold(version: int | None, item: str, handler: str, chosen: str | None) -> tuple[str, str, str]:
            name = self.departments(version).name(item, handler, chosen) if version in self.manuals else ""
            return cuts.cut("department", name), self.department_label(version, name), ""

        columns = ("manual", "item", "handler_code", "said")
        return self.parts(columns, fold, said=cuts.field(cuts.DEPARTMENT))

    def by_unit(self) -> list[Part]:
        names = {unit.pk: unit.label for unit in Unit.objects.all()}
        return self.parts(("unit",), lambda unit: (cuts.cut("unit", unit), names.get(unit, ""), ""))

    def by_origin(self) -> list[Part]:
        def fold(version: int | None, group: str, origin: str) -> tuple[str, str, str]:
            by_group = cuts.origins(self.manuals[version]) if version in self.manuals else {}
            name = cuts.ORIGINS.get(origin, by_group.get(group, ""))
            return cuts.cut("origin", name), name, ""

        return self.parts(("manual", "group", "origin"), fold)

    def by_circumstance(self) -> list[Part]:
        """By circumstance; a complaint with several counts in each. One statement for each of the two periods."""
        wanted: dict[str, tuple[str, str, int, model.ListRow]] = {}
        for version, key in self.asked.versions.items():
            table = self.manuals[version].lists.get(questions.CIRCUMSTANCES)
            for row in table.rows if table else ():
                token = cuts.cut("circumstance", key, row.word.code)
                wanted[token] = (key, row.word.code, cuts.circumstance_mask(key, row.word.code), row)
        counts = [_masked(rows, wanted) for rows in (self.rows, self.rows_before)] if wanted else []
        return [
            Part(label_of(row.word), counts[0][token], counts[1][token], token, _marks(row))
            for token, (_key, _code, _mask, row) in wanted.items()
        ]

    def by_approvers(self) -> list[Part]:
        """By the line of approvers that the manual named for money, as the row of its table."""
        found: Counter[tuple[str, int]] = Counter()
        asked = cuts.approvals().filter(subject_id__in=self.rows.values("pk"))
        seen = set(asked.values_list("subject_id", "ruling_id"))
        rulings = Ruling.objects.in_bulk({ruling for _pk, ruling in seen if ruling is not None})
        lines = {
            (pk, rulings[ruling].clause, rulings[ruling].row) for pk, ruling in seen if ruling in rulings
        }
        for _pk, clause, row in lines:
            found[clause, row] += 1
        who = {
            (ruling.clause, ruling.row): "、".join(ruling.outcome.get("approvers") or [])
            for ruling in rulings.values()
        }
        return [
            Part(who[key], number, 0, cuts.cut("approved-by", *key), key[0])
            for key, number in sorted(found.items())
        ]

    def grants(self) -> list[tuple[str, str, int, Decimal, Decimal]]:
        """Applications for money by kind and state: cases, asked for, granted."""
        found = (
            Grant.objects.filter(complaint__in=self.rows.values("pk"))
            .order_by()
            .values("kind", "state")
            .annotate(cases=Count("complaint", distinct=True), wanted=Sum("asked"), given=Sum("granted"))
        )
        known = {(row["kind"], row["state"]): row for row in found}
        return [
            (kind, state, row["cases"], row["wanted"], row["given"] or Decimal(0))
            for kind in Grant.Kind.values
            for state in Grant.State.values
            if (row := known.get((kind, state)))
        ]

    @cached_property
    def repeated(self) -> int:
        return self.count(cuts.cut("repeated"))

    @cached_property
    def satisfaction(self) -> Decimal | None:
        """The mean of the customers' latest answers, 1 to 5."""
        degrees = self.rows.annotate(degree=latest_answer("satisfaction")).aggregate(mean=Avg("degree"))
        return None if degrees["mean"] is None else Decimal(str(degrees["mean"]))

    @cached_property
    def windows(self) -> dict[str, int]:
        return cuts.windows(self.asked.versions)

    def sent_back(self) -> tuple[int, int]:
        """Cases that a review or an approval sent back, and how often that was."""
        rounds = cuts.sent_back().filter(complaint__in=self.rows.values("pk"))
        found = rounds.aggregate(cases=Count("complaint", distinct=True), rounds=Count("pk"))
        return found["cases"], found["rounds"]

    def trend(self) -> list[tuple[Period, int, Decimal]]:
        """Complaints and compensation of the periods up to this one, oldest first; one statement."""
        periods = [self.asked.period]
        while len(periods) < TREND:
            periods.append(periods[-1].previous())
        periods.reverse()
        place = Case(
            *(
                When(opened_at__lt=period.ends_at, then=Value(number))
                for number, period in enumerate(periods)
            ),
            output_field=IntegerField(),
        )
        rows = self.asked.over(periods[0]).annotate(place=place).values("place")
        found = {row["place"]: row for row in rows.annotate(cases=Count("pk"), paid=_PAID)}
        return [
            (
                period,
                found[n]["cases"] if n in found else 0,
                (found[n]["paid"] or Decimal(0)) if n in found else Decimal(0),
            )
            for n, period in enumerate(periods)
        ]

    # ---- words

    @cached_property
    def manuals(self) -> dict[int | None, model.Manual]:
        return {version: inforce.manual_of(version) for version in self.asked.versions}

    def key(self, version: int | None) -> str:
        return self.asked.versions.get(version, "") if version is not None else ""

    def title(self, version: int | None) -> str:
        manual = self.manuals.get(version)
        if manual is None:
            return ""
        return str(manual.meta.get("title_en") if reads_english() else "") or manual.title

    def word(self, version: int | None, list_name: str, code: str) -> str:
        table = self.manuals[version].lists.get(list_name) if version in self.manuals else None
        return next((label_of(word) for word in (table.words if table else ()) if word.code == code), code)

    def field_row(self, version: int | None, code: str) -> model.ListRow | None:
        table = self.manuals[version].lists.get(questions.FIELDS) if version in self.manuals else None
        return next((row for row in (table.rows if table else ()) if row.word.code == code), None)

    def has_field(self, code: str) -> bool:
        return any(self.field_row(version, code) is not None for version in self.manuals)

    def chosen(self, version: int | None, code: str, said: str) -> str:
        """The value of a field in words: those of the list from which it was chosen, or as typed."""
        row = self.field_row(version, code)
        kind = row.cells["类型"].text.replace("：", ":") if row is not None and "类型" in row.cells else ""
        list_name = kind.partition(":")[2].strip()
        return self.word(version, list_name, said) if list_name and said else said

    def departments(self, version: int | None) -> cuts.Departments:
        if version not in self._departments:
            self._departments[version] = cuts.departments(self.manuals[version])
        return self._departments[version]

    @cached_property
    def _departments(self) -> dict[int | None, cuts.Departments]:
        return {}

    def department_label(self, version: int | None, name: str) -> str:
        """The name in the reader's language where the manual has it in a list."""
        if version not in self.manuals:
            return name
        words = self.departments(version)
        return next(
            (
                label_of(word)
                for word in [*words.chosen.values(), *words.handlers.values()]
                if word.name == name
            ),
            name,
        )


_PAID = Sum("compensation", filter=Q(compensation_approved_at__isnull=False))


def _totals(rows: QuerySet[Complaint]) -> dict[str, Any]:
    counts = {f"{MARK}{name}": Count("pk", filter=condition) for name, condition in cuts.FLAGS.items()}
    times = {
        "response": _mean("responded_at"),
        "answer": _mean("replied_at"),
        "handling": _mean("closed_at"),
    }
    found = rows.aggregate(total=Count("pk"), paid=_PAID, **counts, **times)
    return {name.removeprefix(MARK): value for name, value in found.items()}


def _mean(column: str) -> Avg:
    return Avg(
        ExpressionWrapper(F(column) - F("opened_at"), output_field=DurationField()),
        filter=Q(**{f"{column}__isnull": False}),
    )


def _duties(rows: QuerySet[Complaint], now: dt.datetime) -> QuerySet[Any]:
    return cuts.owed(now).filter(subject_id__in=rows.values("pk"))


def _counted(
    rows: QuerySet[Complaint], columns: tuple[str, ...], also: Mapping[str, Any]
) -> dict[Keyed, int]:
    found = rows.annotate(**also).values_list(*columns).annotate(number=Count("pk"))
    return {tuple(key): number for *key, number in found}


def _masked(
    rows: QuerySet[Complaint], wanted: Mapping[str, tuple[str, str, int, model.ListRow]]
) -> dict[str, int]:
    """How many complaints have each of the bits: the masks that occur are few, so they are grouped, not the rows."""
    masks = rows.filter(circumstance_bits__gt=0).values_list("manual__key", "circumstance_bits")
    found = dict.fromkeys(wanted, 0)
    for key, bits, number in masks.annotate(number=Count("pk")):
        for token, (owner, _code, mask, _row) in wanted.items():
            if owner == key and bits & mask:
                found[token] += number
    return found


_MARKS = {"重大项": "major no.", "A级项": "grade A no.", "B级项": "grade B no."}


def _marks(row: model.ListRow) -> str:
    """What the manual says of a circumstance beside its name: by which number it makes a complaint major or graded."""
    marks = [
        f"{_MARKS.get(label, label) if reads_english() else label} {cell.text}"
        for label, cell in row.cells.items()
        if label.endswith("项") and cell.text not in {"", "-"}
    ]
    return " · ".join(marks)


def share(count: int, total: int) -> Decimal | None:
    return Ratio(count, total).percent


def change(now: int, before: int) -> Decimal | None:
    """Growth in per cent; None where nothing was before."""
    if not before:
        return None
    return (Decimal(100 * (now - before)) / before).quantize(Decimal("0.1"), ROUND_HALF_UP)
