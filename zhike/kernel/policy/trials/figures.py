"""Changes counted by outcome and unit, as plain JSON that a page, a shell and an approver read."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from zhike.kernel.policy.check.changes import NO_RULE, changed_tables
from zhike.kernel.policy.check.outcomes import outcome_text
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.sql.compare import EXAMPLES, Change, Outcomes, Said

from . import contacts

NO_RULE_EN = "no rule"
DAYS_OF_MONTH = Fraction(365, 12)
Key = Outcomes | None


class Figures:
    """The figures of one table, gathered over pairs of versions and units."""

    def __init__(self, table: model.DecisionTable) -> None:
        self.table = table
        self.counts: Counter[tuple[str, str, Any]] = Counter()
        self.other_row = 0
        self.examples: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self.english: dict[str, str] = {NO_RULE: NO_RULE_EN}
        self.monthly: dict[str, Fraction] = {}
        self.rank: dict[str, int] = {}

    def add(self, changes: Iterable[Change], old: Said, new: Said) -> None:
        """Outcomes are known by how they read, so units with other values add up where the outcome is the same."""
        names = self.names(old) | self.names(new)
        for change in changes:
            before, after = names_of(change.before, names), names_of(change.after, names)
            if change.moves and before == after:  # values that read the same
                change.other_row, change.examples = change.count, []
            self.counts[before, after, change.unit] += change.count
            self.other_row += change.other_row
            if change.moves and before != after:
                self.examples[before, after] += change.examples

    def names(self, said: Said) -> dict[tuple[str, ...], str]:
        found = {}
        for row in said.table.rows:
            cells = list(zip(row.outcomes, said.table.outputs, strict=True))
            text = "、".join(outcome_text(cell, output, said.params) for cell, output in cells)
            found[said.row(row)] = text
            english = ", ".join(_english(cell, output, said.params) for cell, output in cells)
            self.english.setdefault(text, english)
            self.rank.setdefault(text, len(self.rank))
            if (monthly := contacts.of_row(row)) is not None:
                self.monthly[text] = monthly
        return found

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def changed(self) -> int:
        return sum(n for (before, after, _unit), n in self.counts.items() if before != after)

    def newest(self, before: str, after: str) -> list[Any]:
        return sorted(set(self.examples[before, after]))[-EXAMPLES:][::-1]

    def as_json(self, meaning: list[str]) -> dict[str, Any]:
        flows = Counter[tuple[str, str]]()
        for (before, after, _unit), n in self.counts.items():
            flows[before, after] += n
        was, now = Counter[str](), Counter[str]()
        for (before, after), n in flows.items():
            was[before] += n
            now[after] += n
        outcomes = sorted(was | now, key=lambda name: self.rank.get(name, len(self.rank)))
        place = {name: at for at, name in enumerate(outcomes)}
        gains = max(outcomes, key=lambda name: now[name] - was[name], default="")
        return {
            "table": self.table.name,
            "question": self.table.question,
            "labels": [output.label for output in self.table.outputs],
            "total": self.total,
            "changed": self.changed,
            "share": share(self.changed, self.total),
            "other_row": self.other_row,
            "meaning": meaning,
            "outcomes": [
                {"zh": name, "en": self.english.get(name, name), "before": was[name], "after": now[name]}
                for name in outcomes
            ],
            "flows": [
                {"old": place[before], "new": place[after], "count": n}
                for (before, after), n in sorted(flows.items(), key=lambda flow: -flow[1])
            ],
            "changes": [
                {
                    "old": place[before],
                    "new": place[after],
                    "count": n,
                    "examples": [{"id": pk} for pk in self.newest(before, after)],
                }
                for (before, after), n in sorted(flows.items(), key=lambda flow: -flow[1])
                if before != after
            ],
            "gains": place.get(gains),
            "units": self._units(gains),
            "contacts": self._contacts(was, now),
        }

    def _units(self, gains: str) -> list[dict[str, Any]]:
        found: dict[Any, dict[str, Any]] = {}
        for (before, after, unit), n in self.counts.items():
            row = found.setdefault(unit, {"unit": unit, "total": 0, "changed": 0, "gain": 0})
            row["total"] += n
            row["changed"] += n * (before != after)
            row["gain"] += n * ((after == gains) - (before == gains))
        for row in found.values():
            row["share"] = share(row["changed"], row["total"])
        return sorted(found.values(), key=lambda row: (-row["changed"], -row["total"], str(row["unit"])))

    def _contacts(self, was: Mapping[str, int], now: Mapping[str, int]) -> dict[str, Any] | None:
        """Contacts a month that the outcomes ask for, exact to a tenth; None for a table without recurring ones."""
        if not self.monthly:
            return None

        def asked(counts: Mapping[str, int]) -> Fraction:
            return sum((n * self.monthly.get(name, Fraction()) for name, n in counts.items()), Fraction())

        before, after = asked(was), asked(now)
        return {
            "before": tenth(before),
            "after": tenth(after),
            "more": tenth(after - before),
            "exact": [str(before), str(after)],
        }


def names_of(outcomes: Key, names: Mapping[tuple[str, ...], str]) -> str:
    """How the outcomes read: one name for each row that counts."""
    return "；".join(sorted(names[each] for each in outcomes)) if outcomes else NO_RULE


def _english(cell: model.OutcomeCell, output: model.Output, params: Mapping[str, model.Param]) -> str:
    words = {word.code: word.en or word.name for word in output.words}
    match cell.value:
        case model.Chosen(code):
            return words.get(code, code)
        case model.Several(codes):
            return ", ".join(words.get(code, code) for code in codes)
        case _:
            return outcome_text(cell, output, params)


def meanings(old: model.Manual, new: model.Manual) -> dict[str, list[str]]:
    """By table what changes, in words."""
    return {found.table: [change.text for change in found.changes] for found in changed_tables(old, new)}


def share(part: int, whole: int) -> float:
    """Per cent with one digit."""
    return round(100 * part / whole, 1) if whole else 0.0


def tenth(value: Fraction) -> float:
    return float(round(value, 1))


def months(since: dt.date, until: dt.date) -> float:
    """The length of a period: whole months where it has whole months, else by its days."""
    if since.day == until.day:
        return float(12 * (until.year - since.year) + until.month - since.month)
    return float((until - since).days / DAYS_OF_MONTH)
