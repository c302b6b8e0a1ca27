"""Which report belongs to which regulation: the list 统计报表 of a manual names it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhike.complaints import questions
from zhike.complaints.regime import label_of
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import Installation, ManualVersion

LIST = "统计报表"
REPEATED = "重复投诉期限"


@dataclass(frozen=True)
class Offer:
    """A report of a regulation, and the units that work under it, by id, as far as the reader sees them."""

    code: str
    title: str
    units: frozenset[int]


def named_in(manual: model.Manual) -> dict[str, str]:
    """Code of each report that a manual names, and its title in the reader's language."""
    table = manual.lists.get(LIST)
    return {word.code: label_of(word) for word in (table.words if table else ())}


def offers(scope: Scope, day: dt.date) -> dict[str, Offer]:
    """The reports of the regulations in force at units of the scope, in the order of their codes."""
    versions, found = inforce.versions_in_force(day), dict[str, Offer]()
    for row in Installation.objects.order_by("id"):
        version = versions.get(row.key)
        titles = named_in(inforce.manual_of(version.pk)) if version is not None else {}
        below = tree().below(row.unit_id) if titles else frozenset()
        seen = below if scope.units is None else below & scope.units
        for code, title in titles.items():
            if seen:
                known = found[code].units if code in found else frozenset()
                found[code] = Offer(code, title, known | seen)
    return dict(sorted(found.items()))


def versions(code: str = "") -> dict[int, str]:
    """Versions of the regulations with this report, or of all on complaints, in force or not; id to key."""
    rows = ManualVersion.objects.exclude(state=ManualVersion.State.DRAFT).values_list("pk", "key")
    return {
        pk: key
        for pk, key in rows.order_by("key", "number")
        for manual in [inforce.manual_of(pk)]
        if (code in named_in(manual) if code else questions.ITEMS in manual.lists)
    }


def repeated_days(version: int) -> int | None:
    """Within how many days a second complaint counts as repeated; None where the manual does not say."""
    param = inforce.manual_of(version).params.get(REPEATED)
    value = param.value if param is not None else None
    family, days = value.measure if isinstance(value, model.Amount) else ("", 0)
    return days if family == "days" else None


def units_of(offer: Offer) -> list[tuple[str, str]]:
    """Id and label of companies and branches that work under the report's regulation."""
    rows = Unit.objects.filter(pk__in=offer.units).exclude(kind__in=[Unit.Kind.DEPARTMENT, Unit.Kind.TEAM])
    return [(str(unit.pk), unit.label) for unit in rows.order_by("path")]
