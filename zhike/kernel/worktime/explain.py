"""Why a date is what it is: sentences for people and marks for the little calendar.

Nothing here is needed to find a date; it is called only when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhike.kernel.worktime.pattern import Calendar


@dataclass(frozen=True)
class Story:
    calendar: Calendar
    start: int
    end: int
    pauses: tuple[tuple[int, int], ...]
    worked: int
    provisional: tuple[int, ...]


@dataclass(frozen=True)
class Explanation:
    lines: tuple[str, ...]


def explain_due(*a): ...
def explain_worked(*a): ...
