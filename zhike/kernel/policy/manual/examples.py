"""Examples of decision tables: only their shape; `evaluate.examples` works them out."""

import re
from collections.abc import Sequence

from .desk import Desk, Order, read_header
from .model import Cell, DecisionTable, ExampleRow, ExampleTable
from .text import ARROW, nearest, normal

# What stands in a column of events: `周五 15:00`, `2025-03-07 15:00`.
MOMENT = re.compile(
    r"(?:(?:本|下)?(?:周|星期)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[ T]+[0-9]{1,2}:[0-9]{2})?",
    re.IGNORECASE,
)
_IGNORED = {"clause", "note", "row"}


def read_examples(desk: Desk, order: Order, decisions: Sequence[DecisionTable]) -> ExampleTable:
    header = read_header(desk, order)
    calendar = order.options.get("calendar", "") or desk.front.calendar
    table = next((table for table in decisions if table.name == order.name), None)
    if table is None:
        near = nearest(order.name, (t.name for t in decisions))
        desk.error(order.line, order.column, order.name, f"示例要写判定表的名称，没有“{order.name}”{near}")
        return ExampleTable(order.name, order.line, (), calendar)
    earlier = [output.label for t in decisions if t.line < table.line for output in t.outputs]
    given = _given_columns(desk, order, table, earlier)
    expected = _expected_columns(desk, order, table)
    if not header.outputs:
        desk.error(order.raw.header.line, 1, order.name, "示例要有一列以“→”开头的结论")
    rows = tuple(
        ExampleRow(
            number,
            raw.line,
            {label: raw.cells[at] for label, at in given.items()},
            {label: raw.cells[at] for label, at in expected.items()},
        )
        for number, raw in enumerate(order.raw.rows, 1)
        if raw.sound
    )
    return ExampleTable(order.name, order.line, rows, calendar)


def _given_columns(desk: Desk, order: Order, table: DecisionTable, earlier: list[str]) -> dict[str, int]:
    """Facts and events by canonical label; a column that is neither is an error."""
    by_label = {column.label: column.fact.key for column in table.inputs}
    for spec in (*desk.facts.values(), *desk.derived_specs.values()):
        by_label.setdefault(spec.key, spec.key)
    for label in earlier:
        by_label.setdefault(label, label)
    found = {}
    for index, cell in enumerate(order.raw.header.cells):
        label = normal(cell.text)
        if not label or ARROW.match(label):
            continue
        if label in by_label:
            found[by_label[label]] = index
        elif label in ("条款", "说明", "备注", "行", "clause", "note", "row"):
            continue
        elif (
            label in ("今天", "today")
            or label in desk.stage_names
            or _holds_moments([row.cells[index] for row in order.raw.rows])
        ):
            found[label] = index
        else:
            names = list(by_label)
            near = nearest(label, names) or "，只有：" + "、".join(names[:12])
            desk.wrong(cell, order.name, f"示例里没有事实“{label}”{near}")
    return found


def _holds_moments(cells: list[Cell]) -> bool:
    filled = [normal(cell.text) for cell in cells if normal(cell.text) not in ("", "-")]
    return bool(filled) and all(MOMENT.fullmatch(text) for text in filled)


def _expected_columns(desk: Desk, order: Order, table: DecisionTable) -> dict[str, int]:
    labels = [output.label for output in table.outputs]
    found = {}
    for index, cell in enumerate(order.raw.header.cells):
        text = normal(cell.text)
        label = normal(ARROW.sub("", text))
        if not ARROW.match(text):
            continue
        if label in labels:
            found[label] = index
            continue
        near = nearest(label, labels) or "，只有：" + "、".join(labels)
        desk.wrong(cell, order.name, f"示例里没有结论“{label}”{near}")
    return found
