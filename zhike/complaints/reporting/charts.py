"""Small charts drawn by the server: geometry for an SVG of 360 units, so that they can be read on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from .tables import Filled

WIDE = 360
LINES = 10  # bars of a Pareto chart; the rest are summed up
SIGNS = 18  # of a label beside its bar; one of Chinese is as wide as two
LEFT, RIGHT, STEP = 112, 262, 24
FLOOR, TOP = 116, 18


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    value: str
    note: str = ""
    whole: str = ""  # the label before it was cut

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def foot(self) -> float:
        return self.y + self.height - 4

    @property
    def head(self) -> float:
        return round(self.y - 4, 1)


@dataclass(frozen=True)
class Chart:
    kind: str
    height: int
    bars: list[Bar]
    said: str  # what it shows, in words
    line: str = ""  # points of the cumulative line or of the trend


def of(filled: Filled) -> Chart | None:
    """The chart of a table, where it has one and something to show."""
    numbers = [(row["name"].text, row["count"].count or 0) for row in filled.rows if "count" in row]
    if not any(number for _label, number in numbers):
        return None
    if filled.section.chart == "pareto":
        return _pareto(filled.section.label, numbers)
    return _trend(filled.section.label, numbers) if filled.section.chart == "trend" else None


def _pareto(title: str, numbers: list[tuple[str, int]]) -> Chart:
    """Bars from the most to the least, each with its share added to those above."""
    lines = sorted((line for line in numbers if line[1]), key=lambda line: -line[1])
    if len(lines) > LINES:
        rest = sum(number for _label, number in lines[LINES - 1 :])
        lines = [*lines[: LINES - 1], (_("Other"), rest)]
    total, most, so_far, bars = sum(n for _l, n in lines), max(n for _l, n in lines), 0, []
    for place, (label, number) in enumerate(lines):
        so_far += number
        percent = round(Decimal(100 * so_far) / total)
        width = round((RIGHT - LEFT) * number / most, 1)
        bars.append(Bar(LEFT, 6 + STEP * place, width, 16, _cut(label), f"{number:,}", f"{percent} %", label))
    said = _("%(title)s: %(first)s first, with %(number)d of %(total)d.") % {
        "title": title,
        "first": lines[0][0],
        "number": lines[0][1],
        "total": total,
    }
    return Chart("pareto", 8 + STEP * len(bars), bars, said)


def _cut(label: str) -> str:
    """As much of a label as fits beside its bar."""
    room, shown = SIGNS, ""
    for sign in label:
        room -= 2 if east_asian_width(sign) in "WF" else 1
        if room < 0:
            return f"{shown[:-1].rstrip()}…"
        shown += sign
    return shown


def _trend(title: str, numbers: list[tuple[str, int]]) -> Chart:
    most = max(number for _label, number in numbers)
    step = WIDE / len(numbers)
    bars = []
    for place, (label, number) in enumerate(numbers):
        height = round((FLOOR - TOP) * number / most, 1)
        short = label.rpartition("~")[0].strip() or label
        bars.append(
            Bar(
                round(place * step + 4, 1), round(FLOOR - height, 1), round(step - 8, 1), height,
                short if place in {0, len(numbers) // 2, len(numbers) - 1} else "", str(number), "", label,
            )
        )  # fmt: skip
    points = " ".join(f"{bar.middle},{bar.y}" for bar in bars)
    said = _("%(title)s: from %(first)d to %(last)d, at most %(most)d.") % {
        "title": title,
        "first": numbers[0][1],
        "last": numbers[-1][1],
        "most": most,
    }
    return Chart("trend", FLOOR + 22, bars, said, points)
