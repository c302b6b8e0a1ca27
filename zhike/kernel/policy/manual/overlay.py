"""Overlays: a unit's own values of parameters, inside the range that the manual allows. Nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from zhike.kernel.policy.questions import Question

from .blocks import RawTable, take_apart
from .desk import Desk, Order, read_directive, read_header
from .front import Front, read_front
from .model import Finding, Level, Manual
from .plain import outside, param_value
from .reader import read
from .text import nearest, normal


@dataclass(frozen=True, slots=True)
class Setting:
    """A value set by an overlay, with its place there."""

    name: str
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Overlay:
    """`manual` names the manual it belongs to; `findings` are those of reading the overlay itself."""

    manual: str
    unit: str
    settings: tuple[Setting, ...]
    findings: tuple[Finding, ...]

    @property
    def values(self) -> dict[str, str]:
        return {setting.name: setting.text for setting in self.settings}


def is_overlay(text: str) -> bool:
    return bool(read_front(take_apart(text)).overlay)


def read_overlay(text: str) -> Overlay:
    """Front matter `overlay`, `unit`, and tables `@参数` with 名称 and 值. Never raises."""
    blocks = take_apart(text)
    front: Front = read_front(blocks)
    desk = Desk(blocks, front, {}, {})
    desk.findings += blocks.findings
    if not front.unit:
        desk.error(1, 0, "", "覆盖文件缺少 unit(哪个单位)")
    settings = []
    for directive in blocks.directives:
        order = read_directive(desk, directive)
        if order and order.kind == "params":
            settings += _settings(desk, order, order.raw)
        elif order:
            desk.error(order.line, order.column, order.name, "覆盖文件只能改参数，不能有别的表")
    return Overlay(front.overlay, front.unit, tuple(settings), tuple(sorted(desk.findings)))


def _settings(desk: Desk, order: Order, raw: RawTable) -> list[Setting]:
    header = read_header(desk, order)
    missing = [label for role, label in (("name", "名称"), ("value", "值")) if role not in header.at]
    for label in missing:
        desk.error(raw.header.line, 1, order.name, f"缺少“{label}”列")
    if missing:
        return []
    found = []
    for row in raw.rows:
        cell = row.cells[header.at["value"]]
        name = normal(row.cells[header.at["name"]].text)
        found.append(Setting(name, normal(cell.text), cell.line, cell.column))
    return found


def apply(manual: Manual, overlay: Overlay) -> tuple[Manual, list[Finding]]:
    """The manual with the unit's values, checked again, and what is wrong with the overlay.

    When the overlay has errors the manual is returned as it is. The findings of the second check stand in the
    returned manual and carry the lines of the manual's file.
    """
    found = list(overlay.findings)
    if overlay.manual != manual.name:
        message = f"覆盖的是“{overlay.manual}”，不是“{manual.name}”"
        found.append(Finding(1, 0, Level.ERROR, "", message))
    for setting in overlay.settings:
        why = refusal(manual, setting.name, setting.text)
        if why:
            found.append(Finding(setting.line, setting.column, Level.ERROR, "", why))
    if any(finding.level is Level.ERROR for finding in found):
        return manual, sorted(found)
    return with_values(manual, overlay.values, unit=overlay.unit), sorted(found)


def with_values(manual: Manual, values: Mapping[str, str], *, unit: str = "") -> Manual:
    """The manual read again with these values of parameters; ranges are not asked."""
    questions: Mapping[str, Question] = manual.questions
    overrides = {**manual.overrides, **{normal(name): text for name, text in values.items()}}
    return replace(read(manual.source, questions=questions, overrides=overrides), unit=unit or manual.unit)


def refusal(manual: Manual, name: str, text: str) -> str:
    """Why a unit may not set this value; "" if it may."""
    param = manual.params.get(normal(name))
    if param is None:
        return f"没有参数“{name}”{nearest(normal(name), manual.params)}"
    if param.bound is None:
        return f"参数“{param.name}”不许单位改"
    value = param_value(text)
    if value is None:
        return f"参数“{param.name}”要有一个值"
    return outside(param, value, text)
