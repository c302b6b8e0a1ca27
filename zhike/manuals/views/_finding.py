"""Search across all regulations."""

from __future__ import annotations

from django.http import HttpResponse

from zhike.kernel import clock
from zhike.manuals import queries
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day
from zhike.ui import answers

MOST = 60


@staff_required()
def find(request: StaffRequest) -> HttpResponse:
    """Clauses of the regulations in force in which the words stand."""
    typed = request.GET.get("q", "").strip()[:100]
    found = queries.clauses_found(typed, business_day(clock.now()), limit=MOST) if typed else []
    groups: dict[int, list[queries.ClauseFound]] = {}
    for one in found:
        groups.setdefault(one.version.pk, []).append(one)
    context = {
        "words": typed,
        "groups": [(ones[0].version, ones) for ones in groups.values()],
        "count": len(found),
    }
    return answers.page(request, "manuals/search.html#found", context)
