"""Service standards: processes with steps, standard phrases, and recorded departures (R003-27, R003-28, R002-081)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language

from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.records.models import Record
from zhike.people.models import business_day

PROCESS, PHRASES = "服务流程", "服务用语"  # what a list is for: @清单 … 用途=
DEPARTURE = "F003-09"


@dataclass(frozen=True)
class Step:
    """One step of a service process (F003-08)."""

    no: int
    name: str
    name_en: str
    standard: str
    time: str
    record: str
    owner: str
    clause: str

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and _english() else self.name


@dataclass(frozen=True)
class Process:
    """The defined steps of one type of service."""

    name: str
    version: ManualVersion
    steps: tuple[Step, ...]

    @property
    def slug(self) -> str:
        return f"{self.version.key}/{self.name}"


@dataclass(frozen=True)
class Phrase:
    """A standard phrase, its scene, and the regulation and version that have it."""

    text: str
    text_en: str
    scene: str
    clause: str
    version: ManualVersion


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _text(row: model.ListRow, label: str) -> str:
    found = normal(row.cells[label].text) if label in row.cells else ""
    return "" if found == "-" else found


def _in_force(unit: int | None, day: dt.date) -> list[ManualVersion]:
    """The versions in force that a unit works by, nearest first; for None all of them."""
    current = inforce.versions_in_force(day)
    if unit is None:
        return list(current.values())
    keys = dict.fromkeys(row.key for row in inforce.installed(unit))
    return [current[key] for key in keys if key in current]


def processes(unit: int | None, now: dt.datetime) -> list[Process]:
    """The service processes in force at a unit, or of the whole enterprise."""
    return [
        Process(table.name, version, tuple(_step(no, row) for no, row in enumerate(table.rows, 1)))
        for version in _in_force(unit, business_day(now))
        for table in inforce.manual_of(version.pk).lists.values()
        if table.purpose == PROCESS
    ]


def _step(no: int, row: model.ListRow) -> Step:
    return Step(
        no, row.word.name, row.word.en, _text(row, "标准"), _text(row, "标准时间"), _text(row, "记录"),
        _text(row, "负责"), row.clause,
    )  # fmt: skip


def process(key: str, name: str, now: dt.datetime) -> Process | None:
    return next((one for one in processes(None, now) if (one.version.key, one.name) == (key, name)), None)


def phrases(unit: int | None, now: dt.datetime, words: str = "") -> list[Phrase]:
    """Standard phrases in force at a unit that hold every one of these words."""
    wanted = words.casefold().split()
    found = [
        Phrase(row.word.name, row.word.en, _text(row, "场景"), row.clause, version)
        for version in _in_force(unit, business_day(now))
        for table in inforce.manual_of(version.pk).lists.values()
        if table.purpose == PHRASES
        for row in table.rows
    ]
    return [
        one
        for one in found
        if all(word in f"{one.text} {one.text_en} {one.scene}".casefold() for word in wanted)
    ]


def by_scene(found: list[Phrase]) -> list[tuple[str, list[Phrase]]]:
    """The phrases under their scenes, in the order of the manual."""
    scenes: dict[str, list[Phrase]] = {}
    for one in found:
        scenes.setdefault(one.scene, []).append(one)
    return list(scenes.items())


# --- departures


def departures(scope: Scope) -> QuerySet[Record]:
    """Recorded departures of the visible units, and one's own; newest first, void ones left out."""
    rows = scope.rows(Record.objects.filter(form=DEPARTURE), named=("by",))
    return (
        rows.exclude(state=Record.State.VOID)
        .select_related("by", "unit", "reviewed_by")
        .order_by("-submitted_at", "-pk")
    )


def good_practices() -> list[Record]:
    """Departures that a second person has marked as good practice: every colleague learns from them."""
    rows = Record.objects.filter(form=DEPARTURE, state=Record.State.REVIEWED)
    found = rows.select_related("by", "unit", "reviewed_by").order_by("-reviewed_at")
    return [row for row in found if row.data.get("good")]


def departures_by_step(scope: Scope) -> Counter[tuple[str, str]]:
    """How often each step of each process was departed from, among the visible records."""
    return Counter(
        (str(data.get("process", "")), str(data.get("step", "")))
        for data in departures(scope).values_list("data", flat=True)
    )
