"""Which rows a bulk action is about: the ticked ones, or all that match the conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from . import conditions, counting
from .declare import List, Rows


@dataclass(frozen=True)
class Selection:
    """The chosen rows, always within what the person may see. `count` is exact.

    `fields` carries the selection through the next form of the same action.
    """

    rows: Rows
    whole: bool
    ids: tuple[int, ...]
    query: str
    count: int

    @property
    def fields(self) -> SafeString:
        pairs: list[tuple[str, Any]] = (
            [("all", "1"), ("query", self.query)] if self.whole else [("pick", pk) for pk in self.ids]
        )
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


def selected(request: HttpRequest, spec: List, rows: Rows) -> Selection:
    """What the posted list form chose from `rows`, which must already be cut to the scope of the person.

    With `all=1` the conditions travel, not the ids, so every matching row is meant, on however many pages. A
    condition that cannot be understood chooses nothing: narrower than asked is safe, wider is not.
    """
    if request.POST.get("all") == "1":
        query = request.POST.get("query", "")
        asked = conditions.read(request, spec, QueryDict(query))
        found = rows.none() if asked.problems else asked.narrow(rows)
        return Selection(found, True, (), query, counting.exact(found))
    ids = tuple(dict.fromkeys(int(pk) for pk in request.POST.getlist("pick")[:1000] if pk.isdecimal()))
    found = rows.filter(pk__in=ids) if ids else rows.none()
    return Selection(found, False, ids, "", counting.exact(found) if ids else 0)
