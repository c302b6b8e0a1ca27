"""A change on its way: where it works, the manual before and after it, what it means, what stays as it was."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, Q

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import check, inforce
from zhike.kernel.policy.check import limits
from zhike.kernel.policy.check.outcomes import param_text
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.overlay import with_values
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.kernel.procedures.models import StagedCase
from zhike.manuals.models import Revision
from zhike.manuals.replaced import values_before

from ._diff import Part, marked_cell
from ._said import saying
from ._words import name_of

FRONT = ("版本：", "生效日期：")  # front matter is no meaning
_OUTCOME = re.compile(r" → .*?: ")


def newest(key: str) -> ManualVersion | None:
    """The version on which a new change of the text has to rest: published with the highest number."""
    rows = ManualVersion.objects.filter(key=key, state=ManualVersion.State.PUBLISHED)
    return rows.defer("text").order_by("-number").first()


def version_on(key: str, day: dt.date) -> ManualVersion | None:
    """The version in force on a day, else the newest one."""
    return inforce.versions_in_force(day).get(key) or newest(key)


def versions_from(key: str, day: dt.date) -> list[ManualVersion]:
    """The version in force on a day and those published to follow it."""
    rows = ManualVersion.objects.filter(key=key, state=ManualVersion.State.PUBLISHED, effective_on__gt=day)
    first = version_on(key, day)
    return list({row.pk: row for row in [*([first] if first else []), *rows.defer("text")]}.values())


def place_of(revision: Revision) -> Unit:
    """Where a change works: its unit, where a new manual is installed, else the unit above all that installed it."""
    if revision.unit is not None:
        return revision.unit
    if revision.install_at is not None:
        return revision.install_at
    return place_of_manual(revision.key) or _top(revision.prepared_by.unit_id)


def place_of_manual(key: str) -> Unit | None:
    """The nearest unit that stands above every unit that works by a manual; None where nobody does."""
    return places_of_manuals([key]).get(key)


def places_of_manuals(keys: Iterable[str]) -> dict[str, Unit]:
    """The same for several manuals, without those by which nobody works. Two queries, however many."""
    lines: dict[str, list[Sequence[int]]] = {}
    for key, unit in Installation.objects.filter(key__in=set(keys)).values_list("key", "unit"):
        lines.setdefault(key, []).append(tree().line(unit))
    shared = {
        key: next((unit for unit in found[0] if all(unit in line for line in found)), found[0][-1])
        for key, found in lines.items()
    }
    units = Unit.objects.in_bulk(set(shared.values()))
    return {key: units[unit] for key, unit in shared.items()}


def _top(unit: int | None) -> Unit:
    line = tree().line(unit) if unit is not None else []
    return Unit.objects.get(pk=line[-1]) if line else Unit.objects.filter(parent=None).order_by("pk")[0]


@dataclass(frozen=True)
class Sides:
    """The manual before and after a change; a new manual has nothing before."""

    old: model.Manual | None
    new: model.Manual

    def lines(self) -> tuple[list[str], list[str]]:
        """What the change means: where outcomes differ, then what else does; front matter is no meaning."""
        if self.old is None:
            return [], []
        found = check.meaning(self.old, self.new)
        kept = [line for line in found if not line.startswith(FRONT)]
        # `客服经理 → 店长: 货值 ...`; a figure that moves reads `参数 店长起点：2000元 → 1500元`
        outcomes = [line for line in kept if _OUTCOME.search(line)]
        return outcomes, [line for line in kept if line not in outcomes]


def sides(revision: Revision, day: dt.date) -> Sides:
    """Before and after, for what begins on `day`."""
    if revision.unit_id is None:
        old = inforce.manual_of(revision.base_id) if revision.base_id else None
        return Sides(old, manual_of_change(revision))
    assert revision.base_id is not None
    above = inherited(revision.key, revision.unit_id, day)
    before = values_before(revision, day)
    return Sides(
        inforce.manual_of(revision.base_id, {**above, **before}),
        inforce.manual_of(revision.base_id, {**above, **revision.values}),
    )


def manual_of_change(revision: Revision) -> model.Manual:
    """The text of a change as read; a change of values rests on the version that it leaves as it is."""
    if revision.unit_id is None:
        return inforce.manual_of_text(revision.text)
    assert revision.base_id is not None
    return inforce.manual_of(revision.base_id)


def own_values(key: str, unit: int, day: dt.date) -> Mapping[str, str]:
    """What a unit itself has set, for what begins on a day."""
    row = next((row for row in inforce.installations(key) if row.unit_id == unit), None)
    return row.on(day) if row is not None else {}


def inherited(key: str, unit: int, day: dt.date) -> dict[str, str]:
    """What units above have set, for what begins on a day."""
    above = [row for row in inforce.installed(unit) if row.unit_id != unit]
    return inforce.parameters_of(key, above, day)


@dataclass(frozen=True)
class Moved:
    """One figure of a unit before and after a change; `manual` is the manual's own, `above` what is inherited."""

    said: str
    clause: str
    manual: str
    above: str
    old: tuple[Part, ...]
    new: tuple[Part, ...]
    bound: str


def moved_values(revision: Revision, day: dt.date) -> list[Moved]:
    """The figures that a change of values moves, in the order of the manual."""
    found = sides(revision, day)
    if found.old is None or revision.unit_id is None or revision.base_id is None:
        return []
    plain = inforce.manual_of(revision.base_id)
    say = saying(plain)
    above = with_values(plain, inherited(revision.key, revision.unit_id, day))
    rows = []
    for name, after in found.new.params.items():
        before = found.old.params[name]
        if before.text != after.text:
            old, new = marked_cell(say(before.text), say(after.text))
            manual, over = say(plain.params[name].text), say(above.params[name].text)
            rows.append(Moved(name_of(after), after.clause, manual, over, old, new, say(after.bound_text)))
    return rows


# ---- duties whose limits change


@dataclass(frozen=True)
class LimitChange:
    """A kind of duty that gets another limit. `open` are the duties under way, which keep theirs."""

    title: str
    title_en: str
    when: str
    old: str
    new: str
    open: int


def limit_changes(found: Sides, open_duties: Mapping[str, int]) -> list[LimitChange]:
    """Which duties get which other limit, by stages and limit tables of the two manuals."""
    if found.old is None:
        return []
    rows = []
    say = saying(found.new, found.old)
    for old, new in limits.paired(found.old, found.new):
        one = new or old
        before, after = (side.text if side else limits.NONE for side in (old, new))
        if one is not None and before != after:
            under_way = open_duties.get(one.title, 0)
            rows.append(
                LimitChange(
                    one.title,
                    one.title_en,
                    say(one.when),
                    say(old.text) if old else "—",
                    say(new.text) if new else "—",
                    under_way,
                )
            )
    return rows


def open_duties(key: str, place: Unit, *, scope: Scope) -> dict[str, int]:
    """Duties under way by title, of a manual, at a place and below: of the visible units."""
    versions = list(ManualVersion.objects.filter(key=key).values_list("pk", flat=True))
    rows = Duty.objects.filter(
        state=Duty.State.OPEN, version_id__in=versions, unit__in=tree().below(place.pk)
    )
    found = scope.rows(rows, secrecy="secrecy").values_list("title").annotate(n=Count("pk"))
    return dict(found.order_by())


def open_cases(key: str, place: Unit, *, scope: Scope) -> list[tuple[int, int]]:
    """(version, cases under way that stay under it), of the visible units."""
    found: dict[int, int] = {}
    for case in apps.get_models():
        if not issubclass(case, StagedCase):
            continue
        rows = case._default_manager.filter(manual__key=key, closed_at=None, unit__in=tree().below(place.pk))
        counted = scope.rows(rows, secrecy="secrecy").values_list("manual__number").annotate(n=Count("pk"))
        for number, n in counted.order_by():
            found[number] = found.get(number, 0) + n
    return sorted(found.items())


# ---- where units differ from the parent


@dataclass(frozen=True)
class Difference:
    """One figure that a unit has set otherwise, now or from a day on."""

    version: ManualVersion
    unit: Unit
    name: str
    said: str
    clause: str
    manual: str
    above: str  # what would hold without the unit's own value
    own: str  # "": follows the manual
    bound: str
    since: dt.date | None
    coming: tuple[tuple[dt.date, str], ...]  # ("", text) goes back to what is inherited


@held
def unit_differences(day: dt.date, *, key: str = "", unit: int | None = None) -> list[Difference]:
    """Every figure in which a unit differs from its manual or will, by manual and unit.

    Values are part of the regulation and open to all staff.
    """
    rows = [row for row in inforce.installations(key) if row.values and unit in (None, row.unit_id)]
    units = Unit.objects.in_bulk({row.unit_id for row in rows})
    versions = inforce.versions_in_force(day)
    found: list[Difference] = []
    for row in sorted(rows, key=lambda row: (row.key, units[row.unit_id].path)):
        version = versions.get(row.key)
        if version is not None:
            found += _differences(row, version, units[row.unit_id], day)
    return found


def _differences(
    row: inforce.Installed, version: ManualVersion, unit: Unit, day: dt.date
) -> Iterator[Difference]:
    manual = inforce.manual_of(version.pk)
    above = inherited(row.key, unit.pk, day)
    own = row.on(day)
    for name, param in manual.params.items():
        coming = _coming(row, name, own.get(name, ""), day)
        if name in own or coming:
            yield Difference(
                version,
                unit,
                name,
                name_of(param),
                param.clause,
                param_text(param),
                above.get(name, param_text(param)),
                own.get(name, ""),
                param.bound_text,
                _since(row, name, day) if name in own else None,
                coming,
            )


def _since(row: inforce.Installed, name: str, day: dt.date) -> dt.date | None:
    """Since when the present value has held without a break."""
    since, text = None, row.on(day).get(name)
    for start, values in reversed([one for one in row.values if one[0] <= day]):
        if values.get(name) != text:
            break
        since = start
    return since


def _coming(row: inforce.Installed, name: str, now: str, day: dt.date) -> tuple[tuple[dt.date, str], ...]:
    found = []
    for start, values in row.values:
        if start > day and values.get(name, "") != now:
            now = values.get(name, "")
            found.append((start, now))
    return tuple(found)


def houses_of(key: str) -> list[Unit]:
    """Every house (store, company) that works by a manual, those below an installation too, in the order of the tree.

    Departments work by the values of their house.
    """
    tops = Installation.objects.filter(key=key).values_list("unit", flat=True)
    below = {unit for top in tops for unit in tree().below(top)}
    inner = [Unit.Kind.DEPARTMENT, Unit.Kind.TEAM]
    rows = Unit.objects.filter(pk__in=below, closed_on=None).exclude(kind__in=inner)
    return list(rows.order_by("path"))


def installed_at(units: Iterable[int]) -> list[str]:
    """Keys of the manuals that one of these units has installed itself."""
    return list(Installation.objects.filter(unit__in=list(units)).values_list("key", flat=True).distinct())


RECENT, AHEAD = 14, 60  # days before and after today


def changes_near(unit: int, day: dt.date) -> list[Revision]:
    """Changes that came into force at a unit lately or will soon: of texts it works by, and of its own values."""
    line = tree().line(unit)
    rows = Revision.objects.select_related("version", "base", "unit").defer(
        "text", "version__text", "base__text"
    )
    rows = rows.filter(
        Q(unit=None) | Q(unit__in=line), state=Revision.State.PUBLISHED, key__in=installed_at(line)
    )
    near = rows.filter(effective_on__range=(day - dt.timedelta(RECENT), day + dt.timedelta(AHEAD)))
    return list(near.order_by("-effective_on", "-pk")[:4])


def installed_versions(day: dt.date) -> dict[str, ManualVersion]:
    """Manuals in force that some unit works by, by key."""
    keys = {row.key for row in inforce.installations()}
    return {key: row for key, row in sorted(inforce.versions_in_force(day).items()) if key in keys}


def open_change(key: str, unit: Unit) -> Revision | None:
    """The change of a unit's values that is under way."""
    rows = Revision.objects.select_related("prepared_by", "base", "unit")
    return rows.filter(key=key, unit=unit, state__in=Revision.OPEN).first()
