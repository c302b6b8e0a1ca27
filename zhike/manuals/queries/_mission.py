"""Mission, service concept and the five questions, as forms with versions (R000-18, R000-19, S000-19)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet

from zhike.kernel.records.models import Record
from zhike.people.models import business_day

MISSION, FIVE = "S000-19", "F000-12"


@dataclass
class Kept:
    """One text that is kept with versions: the approved ones, newest first, and the one on its way."""

    form: str
    name: str = ""  # of a brand
    approved: list[Record] = field(default_factory=list)
    on_the_way: Record | None = None

    @property
    def current(self) -> Record | None:
        return self.approved[0] if self.approved else None

    @property
    def number(self) -> int:
        """The version that holds; 0 before the first is approved."""
        return len(self.approved)


def sheets() -> QuerySet[Record]:
    """Every sheet of mission and brands. They are of the whole enterprise."""
    rows = Record.objects.filter(form__in=[MISSION, FIVE]).exclude(state=Record.State.VOID)
    return rows.select_related("by", "submitted_by", "reviewed_by").order_by("-reviewed_at", "-pk")


def mission() -> Kept:
    return _kept(MISSION, list(sheets().filter(form=MISSION)))


def brands() -> list[Kept]:
    """Every service brand with its sheets, by name."""
    rows: dict[str, list[Record]] = {}
    for row in sheets().filter(form=FIVE):
        rows.setdefault(str(row.data.get("brand", "")).strip(), []).append(row)
    return [_kept(FIVE, rows[name], name) for name in sorted(rows)]


def _kept(form: str, rows: list[Record], name: str = "") -> Kept:
    done = sorted(
        (row for row in rows if row.state == Record.State.REVIEWED),
        key=lambda row: (row.reviewed_at, row.pk),
        reverse=True,
    )
    way = next((row for row in rows if row.state in {Record.State.DRAFT, Record.State.SUBMITTED}), None)
    return Kept(form, name, done, way)


def is_released(brand: Kept, now: dt.datetime) -> bool:
    """A brand is out from its day on, and never before its five answers were approved (R000-18)."""
    sheet = brand.approved[-1] if brand.approved else None
    if sheet is None:
        return False
    return dt.date.fromisoformat(str(sheet.data["release_on"])) <= business_day(now)
