from __future__ import annotations

from django.http import HttpResponseBase

from zhike.complaints import access, queries
from zhike.kernel import clock
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import lists

from .lists import complaints_for


@staff_required(access.SEE)
def index(request: StaffRequest) -> HttpResponseBase:
    """The register of complaints."""
    scope = access.scope(request.user)
    may = {"may_import": people.may(request.user, "complaint.import")}
    return lists.answer(
        request,
        complaints_for(request),
        queries.bare(scope),
        "complaints/list.html",
        now=clock.now(),
        context=may,
        halves=queries.halves(scope),
    )
