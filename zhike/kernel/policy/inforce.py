"""Which manual answers which question at a unit on a day, read once and kept.

A published version never changes, so a manual that was read is kept by version and parameter values.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import F
from django.utils.translation import gettext as _

from zhike.kernel.parties.held import once
from zhike.kernel.parties.kept import kept
from zhike.kernel.parties.tree import tree

from .manual import model
from .manual.reader import read
from .models import Installation, ManualVersion


class NoManual(Exception):
    """No manual in force answers the question at this unit: an administrator has to install one."""


@dataclass(frozen=True)
class Answer:
    """The table that answers a question at a unit, with the values of that unit."""

    version: ManualVersion
    manual: model.Manual
    table: model.Table
    parameters: Mapping[str, str]

    def to(self, question: str) -> Answer | None:
        """What the same version with the same values answers to another question; None where it is silent."""
        table = table_for(self.manual, question)
        return replace(self, table=table) if table is not None else None


@dataclass(frozen=True)
class Installed:
    """A manual at a unit, with the unit's own values by the day from which each set of them holds."""

    id: int
    unit_id: int
    key: str
    values: tuple[tuple[dt.date, Mapping[str, str]], ...] = ()  # earliest first

    def on(self, day: dt.date) -> Mapping[str, str]:
        """The unit's own values for what begins on a day."""
        return next((own for since, own in reversed(self.values) if since <= day), {})


def manual_of(version_id: int, parameters: Mapping[str, str] | None = None) -> model.Manual:
    """The manual as read, with a unit's own parameter values."""
    return _read(version_id, json.dumps(dict(parameters or {}), sort_keys=True, ensure_ascii=False))


@lru_cache(maxsize=256)
def _read(version_id: int, parameters: str) -> model.Manual:
    text = ManualVersion.objects.values_list("text", flat=True).get(pk=version_id)
    return _of_text(text, parameters)


def manual_of_text(text: str) -> model.Manual:
    """A text that need not be published, as read; a page about a draft asks for it several times."""
    return _of_text(text, "{}")


@lru_cache(maxsize=64)
def _of_text(text: str, parameters: str) -> model.Manual:
    return read(text, overrides=json.loads(parameters))


def manual_at(version_id: int, unit: int, day: dt.date) -> model.Manual:
    """The manual as read with the values that hold at a unit for what began on a day."""
    key = ManualVersion.objects.values_list("key", flat=True).get(pk=version_id)
    return manual_of(version_id, parameters_of(key, installed(unit), day))


def parameters_of(key: str, rows: Iterable[Installed], day: dt.date) -> dict[str, str]:
    """The values that hold where these are installed, nearest first: a nearer unit goes before one above it."""
    found: dict[str, str] = {}
    for row in rows:
        if row.key == key:
            found = {**row.on(day), **found}
    return found


def versions_in_force(day: dt.date) -> dict[str, ManualVersion]:
    """The version in force of every manual on a day, by key; the text is left in the database."""
    return once(("versions", day), lambda: {key: copy(row) for key, row in _kept_versions(day).items()})


def _kept_versions(day: dt.date) -> dict[str, ManualVersion]:
    return kept(("versions kept", day), lambda: _versions(day))


def _versions(day: dt.date) -> dict[str, ManualVersion]:
    found: dict[str, ManualVersion] = {}
    rows = (
        ManualVersion.objects.filter(state=ManualVersion.State.PUBLISHED, effective_on__lte=day)
        .exclude(ends_on__lte=day)
        .defer("text")
        .order_by("effective_on", "number")
    )
    for row in rows:
        found[row.key] = row
    return found


def installed(unit: int) -> list[Installed]:
    """What the unit and the units above it have installed, nearest first."""
    line = tree().line(unit)
    return sorted(
        (row for row in everywhere() if row.unit_id in line), key=lambda row: line.index(row.unit_id)
    )


def everywhere() -> list[Installed]:
    """Every installation, kept between requests: they are few, and a list meets many units and manuals."""
    return kept("installed", installations)


def installations(key: str = "") -> list[Installed]:
    """Every installation, or those of one manual, with the values of its unit. One query."""
    asked = Installation.objects.filter(**({"key": key} if key else {})).order_by(
        "id", F("values__effective_on").asc(nulls_first=True)
    )
    found: dict[int, Installed] = {}
    for pk, unit, name, since, own in asked.values_list(
        "id", "unit_id", "key", "values__effective_on", "values__parameters"
    ):
        row = found.setdefault(pk, Installed(pk, unit, name))
        if since is not None:
            found[pk] = replace(row, values=(*row.values, (since, own)))
    return list(found.values())


def answer(question: str, unit: int, day: dt.date) -> Answer:
    """The nearest installed manual with a table that answers. Raises NoManual."""
    found = find(question, unit, day)
    if found is None:
        raise NoManual(
            _(
                "No manual in force answers “%(question)s” at this unit on %(day)s. Ask an administrator to install one."
            )
            % {"question": question, "day": day.isoformat()}
        )
    return found


def find(question: str, unit: int, day: dt.date) -> Answer | None:
    """Like `answer`, but None if nothing answers: for questions that a regime may leave out."""
    versions = versions_in_force(day)
    rows = installed(unit)
    for key in dict.fromkeys(row.key for row in rows):
        version = versions.get(key)
        found = _answer(question, version, rows, day) if version is not None else None
        if found is not None:
            return found
    return None


def answer_of_version(question: str, version: ManualVersion, unit: int, day: dt.date) -> Answer | None:
    """The answer of the version under which a case began, with the unit's values of the day on which it began."""
    return _answer(question, version, installed(unit), day)


def forget() -> None:
    """Drop what is kept: a draft was saved, or a number that was rolled back is given again."""
    _read.cache_clear()


def _answer(question: str, version: ManualVersion, rows: list[Installed], day: dt.date) -> Answer | None:
    parameters = parameters_of(version.key, rows, day)
    manual = manual_of(version.pk, parameters)
    table = table_for(manual, question)
    return Answer(version, manual, table, parameters) if table is not None else None


def table_for(manual: model.Manual, question: str) -> model.Table | None:
    """The decision or stages table of a manual that answers a question."""
    for table in manual.tables:
        if isinstance(table, model.DecisionTable | model.StagesTable) and table.question == question:
            return table
    return None
