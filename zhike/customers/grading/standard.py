"""The lists of a manual that grading works by: what is scored, and what each stage and segment gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal

from .dimensions import DIMENSIONS, Dimension
from .queries import answer_for, label_of

ITEMS = "评价项目"
EMPTY = {"", "-", "—", "设定", "未定"}


@dataclass(frozen=True)
class Item:
    """What a customer is scored on, 0 to 100, and its share of the total."""

    code: str
    label: str
    standard: str
    weight: Decimal
    clause: str


def items_of(manual: model.Manual) -> list[Item]:
    """The items of the evaluation standard; their weights are figures of the manual (R004-30)."""
    table = manual.lists.get(ITEMS)
    return [
        Item(row.word.code, label_of(row.word), _text(row, "标准"), _weight(manual, row), row.clause)
        for row in (table.rows if table else ())
    ]


def _weight(manual: model.Manual, row: model.ListRow) -> Decimal:
    named = manual.params.get(_text(row, "权重"))
    return named.value if named is not None and isinstance(named.value, Decimal) else Decimal(0)


def total_of(items: Iterable[Item], scores: dict[str, int]) -> Decimal:
    """The weighed mean of the scores; weights that do not make a whole are brought to one."""
    found = list(items)
    weights = sum((item.weight for item in found), Decimal(0))
    if not weights:
        return (Decimal(sum(scores.values())) / max(len(scores), 1)).quantize(Decimal("0.01"))
    whole = sum((item.weight * scores[item.code] for item in found), Decimal(0))
    return (whole / weights).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Setting:
    """What the manual sets for one word of a dimension: a stage, a segment, a class."""

    code: str
    label: str
    cells: dict[str, str]  # by column of the list
    clause: str
    version_id: int

    def cell(self, column: str) -> str:
        text = self.cells.get(normal(column), "")
        return "" if text in EMPTY else text

    @property
    def strategy(self) -> str:
        return self.cell("策略") or self.cell("服务策略")

    @property
    def content(self) -> str:
        return self.cell("沟通内容")

    @property
    def priority(self) -> str:
        return self.cell("资源优先级")

    @property
    def focus(self) -> str:
        return self.cell("重点")

    @property
    def measures(self) -> str:
        return self.cell("措施")

    @property
    def next(self) -> str:
        return self.cell("进入下一阶段")

    @property
    def is_bare(self) -> bool:
        """No strategy or no measure is set: to be flagged (R003-05)."""
        return not self.cell("策略") or not self.cell("措施")


def settings_of(dimension: str, unit_id: int, day: dt.date) -> list[Setting]:
    """The words of the manual in force with what stands beside them; none without a manual."""
    asked: Dimension = DIMENSIONS[dimension]
    answer = answer_for(asked, unit_id, day)
    return settings_in(answer, asked) if answer is not None else []


def settings_in(answer: inforce.Answer, asked: Dimension) -> list[Setting]:
    table = answer.manual.lists.get(asked.vocabulary)
    return [
        Setting(
            row.word.code,
            label_of(row.word),
            {normal(label): cell.text.strip() for label, cell in row.cells.items()},
            row.clause,
            answer.version.pk,
        )
        for row in (table.rows if table else ())
    ]


def _text(row: model.ListRow, label: str) -> str:
    cell = row.cells.get(label)
    return cell.text.strip() if cell is not None else ""
