"""What the regulation on customer files says, in words that the file asks for (manual `customer-files`).

It is found as any list that says what it is for (decision 0019): the nearest version in force at the customer's unit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language

from zhike.customers.regulation import Regulation
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Unit as Place
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.worktime import calendars

ITEMS, POSITIONS, THEIRS, UPKEEP = "客户档案项目", "客户定位", "客户的客户", "更新职责"
CARD, KEY_CARD, FILE, IDLE = "客户卡核对期限", "重点客户卡核对期限", "档案更新期限", "无往来期限"
MUST = "必备"
INNER = (Place.Kind.DEPARTMENT, Place.Kind.TEAM)


@dataclass(frozen=True)
class Item:
    """One thing that a file holds: what it is, which group, where it usually comes from, who must have it."""

    code: str
    name: str
    name_en: str
    group: str
    usual: str
    person: str
    business: str
    key: str
    clause: str

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def must(self, *, business: bool, key: bool) -> bool:
        """Whether the file of such a customer is not complete without it."""
        return MUST in {self.business if business else self.person, self.key if key else ""}


class Rules(Regulation):
    """The regulation on files as it stands for one unit."""

    @property
    def items(self) -> list[Item]:
        return [
            Item(
                row.word.code, row.word.name, row.word.en, text_of(row, "信息组"), text_of(row, "通常来源"),
                text_of(row, "个人"), text_of(row, "企业"), text_of(row, "重点客户"), row.clause,
            )
            for row in self.rows(ITEMS)
        ]  # fmt: skip


def text_of(row: model.ListRow, label: str) -> str:
    found = normal(row.cells[label].text) if label in row.cells else ""
    return "" if found == "-" else found


def rules_at(unit: int, day: dt.date) -> Rules | None:
    """The nearest regulation on customer files in force at a unit; None where nobody installed one."""
    versions = inforce.versions_in_force(day)
    rows = inforce.installed(unit)
    for key in dict.fromkeys(row.key for row in rows):
        version = versions.get(key)
        if version is None:
            continue
        manual = inforce.manual_of(version.pk, inforce.parameters_of(key, rows, day))
        if any(table.purpose == ITEMS for table in manual.lists.values()):
            return Rules(version, manual)
    return None


@held
def units_with_rules(now: dt.datetime) -> list[Place]:
    """Open stores and companies with such a regulation; one that stands above others gives way to them."""
    day = calendars.local_day(now, 0)
    units = [
        unit
        for unit in Place.objects.filter(closed_on=None).order_by("path")
        if unit.kind not in INNER and rules_at(unit.pk, day)
    ]
    above = {pk for unit in units for pk in unit.line[1:]}
    return [unit for unit in units if unit.pk not in above]
