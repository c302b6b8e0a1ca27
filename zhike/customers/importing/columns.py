"""What the columns of a file of customers mean: guessed from header and cells, and doubted where the two disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers.matching import columns as known
from zhike.customers.matching.columns import ENOUGH, SAMPLE, plain, share

FIELDS: dict[str, Any] = {  # labels are translated when they are shown
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "phone": gettext_lazy("Telephone"),
    "phone2": gettext_lazy("Other telephone"),
    "licence": gettext_lazy("Unified social credit code"),
    "member": gettext_lazy("Member card"),
    "contact": gettext_lazy("Contact"),
    "address": gettext_lazy("Address"),
    "gender": gettext_lazy("Gender"),
    "title": gettext_lazy("Form of address or post"),
    "region": gettext_lazy("Region"),
    "industry": gettext_lazy("Trade"),
    "note": gettext_lazy("Note"),
}
NAMES: dict[str, tuple[str, ...]] = {
    **{field: known.NAMES[field][1] for field in ("name", "phone", "phone2", "licence", "member", "contact", "address", "gender")},
    "kind": ("客户类型", "客户类别", "类型", "性质", "kind", "type", "customertype"),
    "title": ("称呼", "称谓", "职务", "职位", "title", "position", "salutation"),
    "region": ("区域", "地区", "片区", "region", "area"),
    "industry": ("行业", "经营范围", "职业", "主营", "industry", "trade", "occupation"),
    "note": ("备注", "说明", "note", "notes", "remark", "remarks", "comment"),
}  # fmt: skip
# fields whose cells are told by their look
LOOKS = {field: looks for field, looks in known.LOOKS if field in FIELDS} | {"contact": known.looks_like_name}


def guess(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Field -> name of the column: by equal names, then by cells for what has no such header."""
    found: dict[str, str] = {}
    names = {plain(column): column for column in reversed(header)}
    for field, titles in NAMES.items():
        match = next((names[title] for title in titles if title in names), None)
        if match is not None and match not in found.values():
            found[field] = match
    for place, column in enumerate(header):
        if column in found.values():
            continue
        cells = [row[place] for row in rows[:SAMPLE]]
        field = next(
            (one for one, looks in known.LOOKS if one in FIELDS and share(cells, looks) >= ENOUGH), ""
        )
        if field and field not in found:
            found[field] = column
    return found


def doubts(
    header: Sequence[str], rows: Sequence[Sequence[str]], chosen: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Where the cells of a chosen column look like another thing: (field, the field that they look like, sentence)."""
    found = []
    places = {column: place for place, column in enumerate(header)}
    for field, column in chosen.items():
        looks = LOOKS.get(field)
        if looks is None or column not in places:
            continue
        cells = [row[places[column]] for row in rows[:SAMPLE]]
        if not any(map(str.strip, cells)) or share(cells, looks) >= 1 - ENOUGH:
            continue
        other = next((one for one in LOOKS if one != field and share(cells, LOOKS[one]) >= ENOUGH), "")
        if other and not {field, other} <= {"name", "contact"}:
            said = {"column": column, "looks": FIELDS[other], "field": FIELDS[field]}
            told = (
                _("The column “%(column)s” is taken for “%(field)s”, but its cells look like “%(looks)s”.")
                % said
            )
            found.append((field, other, told))
    return found


def swapped(chosen: Mapping[str, str], found: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """The choice with each doubtful column where its cells belong; two that stand for each other change places."""
    moved = {looks: chosen[field] for field, looks, _told in found}
    doubtful = {field for field, _looks, _told in found}
    return {field: column for field, column in chosen.items() if field not in doubtful} | moved
