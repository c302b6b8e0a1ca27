"""Who decides what up to which amount: generated from the manuals in force, never typed here (T001-36)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import Installation, ManualVersion

from .directory import normal, words_of
from .models import Post, business_day

# the last word of a question that asks who decides: complaint.authority, complaint.approval
KINDS = ("authority", "approval")
ANYTHING = {"", "-"}


@dataclass(frozen=True)
class Band:
    """One row: under `condition` the post decides. `post` is None where no post of the register has the name."""

    condition: str
    decider: str
    post: Post | None
    clause: str
    line: int


@dataclass(frozen=True)
class AuthorityTable:
    """One decision table of a manual as it stands at one unit."""

    unit: Unit
    version: ManualVersion
    question: str
    name: str
    hit: str
    bands: tuple[Band, ...]


def authority_bands(unit: Unit, day: dt.date) -> list[AuthorityTable]:
    """Every table in force at the unit that says who decides; the nearest manual answers a question first."""
    posts = _posts()
    found: dict[str, AuthorityTable] = {}
    for version, manual in _manuals(unit.pk, day):
        for table in manual.decisions:
            if table.question.rpartition(".")[2] in KINDS and table.question not in found:
                found[table.question] = _table(unit, version, manual, table, posts)
    return list(found.values())


def in_force(scope: Scope, now: dt.datetime) -> list[AuthorityTable]:
    """The tables of every unit in scope at which a manual is installed, or which inherits one from above."""
    day = business_day(now)
    return [table for unit in _adopting_units(scope) for table in authority_bands(unit, day)]


def _adopting_units(scope: Scope) -> list[Unit]:
    """Units with an installation in scope; for a scope below them all, the nearest unit above that has one."""
    adopted = set(Installation.objects.values_list("unit", flat=True))
    if scope.units is None:
        wanted = adopted
    else:
        lines = (tree().line(unit) for unit in scope.units)
        nearest = (next((unit for unit in line if unit in adopted), None) for line in lines)
        wanted = {unit for unit in nearest if unit is not None}
    return list(Unit.objects.filter(pk__in=wanted).order_by("path"))


def _manuals(unit: int, day: dt.date) -> Iterator[tuple[ManualVersion, model.Manual]]:
    """Manuals in force at the unit, nearest installation first, with the unit's parameter values."""
    versions = inforce.versions_in_force(day)
    rows = inforce.installed(unit)
    for key in dict.fromkeys(row.key for row in rows):
        if key not in versions:
            continue
        parameters = inforce.parameters_of(key, rows, day)
        yield versions[key], inforce.manual_of(versions[key].pk, parameters)


def _table(
    unit: Unit,
    version: ManualVersion,
    manual: model.Manual,
    table: model.DecisionTable,
    posts: dict[str, Post],
) -> AuthorityTable:
    bands = []
    for row in table.rows:
        deciders = [cell.text.strip() for cell in row.outcomes if cell.text.strip() not in ANYTHING]
        decider = deciders[0] if deciders else "—"
        condition = _condition(table, row, manual)
        bands.append(Band(condition, decider, posts.get(normal(decider)), row.clause, row.line))
    return AuthorityTable(unit, version, table.question, table.name, table.hit.value, tuple(bands))


def _condition(table: model.DecisionTable, row: model.DecisionRow, manual: model.Manual) -> str:
    """The tests of a row as one text, parameters with their values; "" when the row accepts everything."""
    parts = [
        f"{fact.label} {_with_values(cell.text.strip(), manual)}"
        for fact, cell in zip(table.inputs, row.tests, strict=True)
        if cell.text.strip() not in ANYTHING
    ]
    return "；".join(parts)


def _with_values(text: str, manual: model.Manual) -> str:
    names = sorted(manual.params, key=len, reverse=True)
    if not names:
        return text
    pattern = "|".join(re.escape(name) for name in names)
    return re.sub(pattern, lambda found: f"{found[0]}（{manual.params[found[0]].text}）", text)


def _posts() -> dict[str, Post]:
    return {word: post for post in Post.objects.filter(retired_on=None) for word in words_of(post)}
