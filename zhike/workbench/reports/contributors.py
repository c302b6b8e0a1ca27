"""What the records of all trades say for a report: each trade is asked by a registered contributor.

A line belongs to a topic; `TOPICS` says into which part of which report a topic goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhike.kernel.parties.models import Party
from zhike.kernel.tallies.figures import Ratio
from zhike.kernel.tallies.periods import Period


@dataclass(frozen=True)
class Line:
    """One figure in words of both languages, and where its rows are."""

    topic: str
    zh: str
    en: str
    number: int
    url: str = ""


@dataclass(frozen=True)
class Contributor:
    """`lines` and `ratios` count the rows of one person in a period; ratios are keyed by indicator."""

    lines: Callable[[Party, Period], Iterator[Line]]
    ratios: Callable[[Party, Period], dict[str, Ratio]] = lambda _author, _period: {}


_known: dict[str, Contributor] = {}

TOPICS = {
    "MONTH_PLAN": {
        "VISITS": "FREQUENCY", "ROUTE": "ROUTE", "INFORMATION": "INFORMATION", "BRANDS": "BRANDS",
        "SERVICE": "SERVICE", "PROBLEMS": "SERVICE",
    },
    "WEEK": {
        "VISITS": "VISITS", "ROUTE": "ROUTE", "INFORMATION": "INFORMATION", "BRANDS": "INFORMATION",
        "SERVICE": "PROBLEMS", "PROBLEMS": "PROBLEMS",
    },
    "MONTH": dict.fromkeys(("VISITS", "ROUTE", "INFORMATION", "BRANDS", "SERVICE", "PROBLEMS"), "EXPERIENCE"),
    "SUMMARY": {
        "VISITS": "DONE", "ROUTE": "DONE", "INFORMATION": "DONE", "BRANDS": "DONE", "SERVICE": "DONE",
        "PROBLEMS": "PROBLEMS",
    },
}  # fmt: skip


def register(name: str, contributor: Contributor) -> None:
    """Called in `AppConfig.ready()`; the same name again takes the place of the one before."""
    _known[name] = contributor


def lines(author: Party, period: Period) -> list[Line]:
    return [line for one in _known.values() for line in one.lines(author, period)]


def ratios(author: Party, period: Period) -> dict[str, Ratio]:
    return {code: ratio for one in _known.values() for code, ratio in one.ratios(author, period).items()}
