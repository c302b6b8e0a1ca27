"""What stands between a change and its publication, each point a line that a manager can act on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model, overlay
from zhike.kernel.policy.models import ManualVersion, UnitValues
from zhike.manuals import queries
from zhike.manuals.access import ROLES
from zhike.manuals.models import Revision

from ._publishing import Reading, accepted_as, examine


@dataclass(frozen=True)
class OutOfRange:
    """A unit's own values that the new text does not take any more, and why."""

    unit: Unit
    since: dt.date
    why: str

    def __str__(self) -> str:
        return _("%(unit)s, values from %(day)s: %(why)s") % {
            "unit": self.unit.label,
            "day": self.since.isoformat(),
            "why": self.why,
        }


@dataclass(frozen=True)
class Accepted:
    """A gap that stays open: by whom and why, or by nobody yet."""

    finding: model.Finding
    row: Mapping[str, Any] | None

    @property
    def reason(self) -> str:
        return str(self.row["reason"]) if self.row else ""

    @property
    def name(self) -> str:
        return str(self.row.get("name", "")) if self.row else ""


@dataclass(frozen=True)
class Checks:
    """A change as examined: of the text everything, of values whether the manual takes them."""

    reading: Reading
    gaps: list[Accepted] = field(default_factory=list)
    units: int = 0  # that have values of their own
    out_of_range: list[OutOfRange] = field(default_factory=list)
    examples: int = 0
    failed: int = 0
    moved: bool = True  # anything differs from what it starts from

    @property
    def errors(self) -> list[model.Finding]:
        return self.reading.errors

    @property
    def overlaps(self) -> list[model.Finding]:
        return [one for one in self.errors if "重叠" in one.message]

    @property
    def unaccepted(self) -> list[Accepted]:
        return [gap for gap in self.gaps if gap.row is None]

    @property
    def passing(self) -> int:
        return self.examples - self.failed

    @property
    def warnings(self) -> list[model.Finding]:
        return [one for one in self.reading.findings if one.level is model.Level.WARNING]

    @property
    def passed(self) -> bool:
        return not self.missing()

    def _at(self, finding: model.Finding) -> str:
        return f"{finding.line}: {queries.said(finding.message, self.reading.manual)}"

    def missing(self) -> list[str]:
        """What blocks, in the words of the person who has to do it."""
        found = []
        broken = [one for one in self.errors if not is_example(one)]
        if broken:
            found.append(
                _("%(n)d errors; the first: %(first)s") % {"n": len(broken), "first": self._at(broken[0])}
            )
        if self.failed:
            found.append(
                _("%(n)d of %(all)d examples do not come out as stated.")
                % {"n": self.failed, "all": self.examples}
            )
        if self.unaccepted:
            found.append(
                _("%(n)d gaps are neither closed by a row nor accepted with a reason; the first: %(first)s")
                % {"n": len(self.unaccepted), "first": self._at(self.unaccepted[0].finding)}
            )
        found += [str(one) for one in self.out_of_range]
        if not self.moved:
            found.append(_("Nothing differs from what is in force."))
        return found


def is_example(finding: model.Finding) -> bool:
    return finding.message.startswith("示例第")


def checks(revision: Revision, day: dt.date) -> Checks:
    """Everything that is examined before a change goes to its reviewer, and again before it is published."""
    if revision.unit is not None:
        return _of_values(revision, revision.unit, day)
    reading = examine(revision.text, roles=ROLES)
    manual = reading.manual
    rows = list(inforce.installations(revision.key))
    failed = {one.line for one in reading.errors if is_example(one)}
    return Checks(
        reading,
        [Accepted(gap, accepted_as(gap, revision.accepted)) for gap in reading.gaps],
        sum(bool(row.values and row.values[-1][1]) for row in rows),
        out_of_range(manual, rows, day),
        sum(len(table.rows) for table in manual.examples),
        len(failed),
        revision.base is None or not _same_text(revision.base, revision.text),
    )


def _same_text(base: ManualVersion, text: str) -> bool:
    """Whether nothing but number and day of the version differs."""

    def bare(source: str) -> list[str]:
        return [line for line in source.splitlines() if not line.startswith(("version:", "effective:"))]

    source = ManualVersion.objects.values_list("text", flat=True).get(pk=base.pk)
    return bare(source) == bare(text)


def out_of_range(manual: model.Manual, rows: Iterable[inforce.Installed], day: dt.date) -> list[OutOfRange]:
    """Units whose own values, those of `day` and those to come, do not fit into a manual any more."""
    found: list[OutOfRange] = []
    rows = [row for row in rows if row.values]
    units = Unit.objects.in_bulk({row.unit_id for row in rows})
    whole: dict[frozenset[tuple[str, str]], list[str]] = {}  # units with equal values are examined once
    for row in rows:
        present = [one for one in row.values if one[0] <= day][-1:]
        for since, values in [*present, *(one for one in row.values if one[0] > day)]:
            whys = [why for name, text in values.items() if (why := overlay.refusal(manual, name, text))]
            if not whys and values and not manual.errors:
                merged = {**queries.inherited(row.key, row.unit_id, since), **values}
                key = frozenset(merged.items())
                if key not in whole:
                    whole[key] = [one.message for one in examine(manual.source, parameters=merged).errors]
                whys = whole[key]
            say = queries.saying(manual)
            found += [OutOfRange(units[row.unit_id], since, say(why)) for why in whys]
    return found


def _of_values(revision: Revision, unit: Unit, day: dt.date) -> Checks:
    assert revision.base is not None
    problems = value_problems(revision.key, unit, revision.values, day)
    errors = tuple(model.Finding(1, 0, model.Level.ERROR, "", why) for why in problems)
    before = dict(queries.own_values(revision.key, unit.pk, day))
    return Checks(Reading(inforce.manual_of(revision.base.pk), errors), moved=before != revision.values)


def value_problems(key: str, unit: Unit, values: Mapping[str, str], day: dt.date) -> list[str]:
    """Why a unit may not set these values from a day on: the range, or the manual as a whole, there and below.

    Asked are the version in force on that day and those that are published for later.
    """
    for version in queries.versions_from(key, day):
        text = ManualVersion.objects.values_list("text", flat=True).get(pk=version.pk)
        above = queries.inherited(key, unit.pk, day)
        found = [one.message for one in examine(text, parameters={**above, **values}).errors]
        found = found or _below(key, unit, {**above, **values}, text, day)
        if found:
            return found
    return []


def _below(key: str, unit: Unit, values: Mapping[str, str], text: str, day: dt.date) -> list[str]:
    """What the values do to units below that have moved figures of their own."""
    below = tree().below(unit.pk) - {unit.pk}
    found = []
    for row in inforce.installations(key):
        if row.unit_id in below and row.on(day):
            nearer = [one for one in inforce.installed(row.unit_id) if one.unit_id in below]
            merged = {**values, **inforce.parameters_of(key, nearer, day)}
            name = Unit.objects.get(pk=row.unit_id).label
            found += [f"{name}: {one.message}" for one in examine(text, parameters=merged).errors]
    return found


def later_values(key: str, unit: Unit, day: dt.date) -> dt.date | None:
    """The day after `day` from which values of this unit are decided already; None if there is none."""
    rows = UnitValues.objects.filter(installation__unit=unit, installation__key=key, effective_on__gt=day)
    return rows.order_by("effective_on").values_list("effective_on", flat=True).first()
