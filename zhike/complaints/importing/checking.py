"""Every row of a file, looked at before anything is written: drafts of complaints, and what is wrong by row."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime
from zhike.kernel.parties.secret import normal_phone
from zhike.kernel.policy import inforce
from zhike.kernel.policy.ask import decide
from zhike.kernel.policy.manual import model
from zhike.kernel.records.sheets import Row, Sheet
from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.arithmetic import local_date

from . import cells

LONGEST_TEXT = 100_000
LONGEST_NAME = 60
LONGEST_EXTERNAL = 120
BATCH = 900  # values in one IN (...), which SQLite limits


@dataclass(slots=True)
class Draft:
    """One sound row."""

    row: int
    text: str
    title: str
    category: str
    item: str
    key: str
    happened_on: dt.date | None
    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    is_closed: bool
    name: str
    phone: str
    value: Decimal | None
    demand: str
    origin: str


@dataclass
class Checked:
    """Drafts in the order of the file; problems as (row, sentence); how often each foreign category comes."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    categories: Counter[str] = field(default_factory=Counter)
    there: set[str] = field(default_factory=set)  # keys of rows that were imported before

    @property
    def open_count(self) -> int:
        return sum(1 for draft in self.fresh if not draft.is_closed)

    @property
    def closed_count(self) -> int:
        return sum(1 for draft in self.fresh if draft.is_closed)

    @property
    def fresh(self) -> list[Draft]:
        """Drafts that are not in the register yet."""
        return [draft for draft in self.drafts if draft.key not in self.there]


class Problem(Exception):
    """What is wrong with a row."""


def check(sheet: Sheet, plan: Mapping[str, Any], regime: Regime, *, batch: str, now: dt.datetime) -> Checked:
    """Look at every row. `plan` is {"columns", "categories", "undated"}; `batch` makes keys of rows without number."""
    reader = _Reader(sheet, plan, regime, batch, now)
    found = Checked()
    for row in sheet.rows:
        category = reader.cell(row, "category")
        if category:
            found.categories[category] += 1
        try:
            found.drafts.append(reader.draft(row))
        except (Problem, cells.BadCell) as wrong:
            found.problems.append((row.number, str(wrong)))
    found.there = known_keys(draft.key for draft in found.drafts)
    return found


def known_keys(keys: Iterable[str]) -> set[str]:
    """Those keys of rows that are in the register already."""
    wanted = list(keys)
    known: set[str | None] = set()
    for start in range(0, len(wanted), BATCH):
        rows = Complaint.objects.filter(request_key__in=wanted[start : start + BATCH])
        known.update(rows.values_list("request_key", flat=True))
    return {key for key in known if key is not None}


class _Reader:
    """One file being read: columns by field, words of the manual, what was seen so far."""

    def __init__(
        self, sheet: Sheet, plan: Mapping[str, Any], regime: Regime, batch: str, now: dt.datetime
    ) -> None:
        places = {column: place for place, column in enumerate(sheet.header)}
        columns: Mapping[str, str] = plan.get("columns", {})
        self.places = {name: places[column] for name, column in columns.items() if column in places}
        self.items: Mapping[str, str] = plan.get("categories", {})
        self.undated_closed = plan.get("undated") == "closed"
        self.regime, self.batch, self.now = regime, batch, now
        self.zone = calendars.calendar_for(regime.unit_id).zone
        self.codes = {word.code for word in regime.words(questions.ITEMS)}
        self.rows: dict[int, int] = {}
        self.keys: dict[str, int] = {}
        self.rules: dict[tuple[str, Decimal | None], bool] = {}
        self.today = calendars.local_day(now, regime.unit_id)

    def cell(self, row: Row, name: str) -> str:
        place = self.places.get(name)
        return row.cells[place] if place is not None else ""

    def draft(self, row: Row) -> Draft:
        """The draft of a row. Raises Problem, BadCell."""
        if row.problem:
            raise Problem(row.problem)
        self._refuse_twin(row)
        text, title = self.cell(row, "text"), self.cell(row, "title")
        if len(text) > LONGEST_TEXT:
            raise Problem(
                _("the text has %(count)s characters, at most %(most)s are taken")
                % {"count": f"{len(text):,}", "most": f"{LONGEST_TEXT:,}"}
            )
        if not (text or title):
            raise Problem(_("there is no text of the complaint"))
        opened, closed, is_closed = self._dates(row)
        value = cells.amount(self.cell(row, "value"))
        category = self.cell(row, "category")
        item = self.items.get(category, "")
        item = item if item in self.codes else ""
        if not is_closed:
            self._refuse_unruled(item, value)
        name, phone = self._customer(row)
        return Draft(
            row=row.number,
            text=text or title,
            title=title,
            category=category[:120],
            item=item,
            key=self._key(row),
            happened_on=local_date(opened, self.zone) if opened is not None else None,
            opened_at=opened,
            closed_at=closed,
            is_closed=is_closed,
            name=name,
            phone=phone,
            value=value,
            demand=self.cell(row, "demand")[:400],
            origin=self._origin(row),
        )

    def _origin(self, row: Row) -> str:
        """The code of 投诉来源 that the cell names, by code or by word; nothing where the regulation has no such list."""
        said = self.cell(row, "origin")
        words = self.regime.words(questions.ORIGINS)
        if not said or not words:
            return ""
        found = next((word.code for word in words if said in {word.code, word.name, word.en}), None)
        if found is None:
            raise Problem(_("“%(text)s” is no origin that the regulation knows") % {"text": said[:30]})
        return found

    def _refuse_twin(self, row: Row) -> None:
        first = self.rows.setdefault(hash(row.cells), row.number)
        if first != row.number:
            raise Problem(_("the row is word for word the same as row %(row)s") % {"row": first})

    def _key(self, row: Row) -> str:
        """The key by which a row is imported once: its number in the other system, else its place in this file."""
        external = self.cell(row, "external")
        if not external:
            return f"{self.batch}:{row.number}"
        if len(external) > LONGEST_EXTERNAL:
            raise Problem(_("the number “%(text)s…” is too long") % {"text": external[:30]})
        first = self.keys.setdefault(external, row.number)
        if first != row.number:
            raise Problem(
                _("the number “%(text)s” stands in row %(row)s already") % {"text": external, "row": first}
            )
        key = f"file:{self.regime.unit_id}:{external}"
        return key if len(key) <= 80 else f"file:{hashlib.sha256(key.encode()).hexdigest()}"

    def _dates(self, row: Row) -> tuple[dt.datetime | None, dt.datetime | None, bool]:
        opened = cells.moment(self.cell(row, "opened"), self.zone)
        closed = cells.moment(self.cell(row, "closed"), self.zone)
        for at in (opened, closed):
            if at is not None and at > self.now:
                raise Problem(_("the date %(day)s lies in the future") % {"day": f"{at:%Y-%m-%d}"})
        if opened is not None and closed is not None and closed < opened:
            if local_date(closed, self.zone) < local_date(opened, self.zone) or closed.time() != dt.time():
                raise Problem(_("the case is closed before it was received"))
            closed = opened  # the same day, given without a time
        told = cells.is_closed(self.cell(row, "status"))
        if told is False and closed is not None:
            raise Problem(_("the status says open, but there is a date of closing"))
        if told is None and closed is None:
            return opened, None, self.undated_closed
        return opened, closed, bool(told) or closed is not None

    def _customer(self, row: Row) -> tuple[str, str]:
        name, phone = self.cell(row, "name"), self.cell(row, "phone")
        if len(name) > LONGEST_NAME:
            raise Problem(_("the name “%(text)s…” is too long") % {"text": name[:20]})
        if phone in {"-", "/", "无", "0"}:
            phone = ""
        if phone and not normal_phone(phone):
            raise Problem(_("“%(text)s” is no telephone number") % {"text": phone[:30]})
        return name, phone

    def _refuse_unruled(self, item: str, value: Decimal | None) -> None:
        """A case that stays open needs a handler by the manual in force today."""
        known = self.rules.get((item, value))
        if known is None:
            known = self.rules[item, value] = self._is_ruled(item, value)
        if not known:
            raise Problem(_("the manual has no row that names a handler for it"))

    def _is_ruled(self, item: str, value: Decimal | None) -> bool:
        table = inforce.table_for(self.regime.manual, questions.AUTHORITY.name)
        if not isinstance(table, model.DecisionTable):
            return False
        facts: dict[str, Any] = {
            "货值": value,
            "情形": frozenset(),
            "被投诉人": None,
            "项目": item or None,
            "大类": self.regime.group_of(item) or None,
        }
        return bool(decide(self.regime.manual, table, facts, self.today))
