"""Contacts at key moments: made, left out, printed (F003-07)."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.kernel.records import values
from zhike.people.access import StaffRequest, staff_required
from zhike.tracking import access, actions, forms, queries, sheets
from zhike.ui import paper
from zhike.ui.deeds import deed, typed


@staff_required(access.WORK)
def reach(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.moment_for(request.user, pk)
    return deed(
        request,
        forms.ReachForm(typed(request), initial={"way": row.way}),
        partial(actions.reach, moment=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotEnd,
        back=reverse("tracking:due"),
        title=f"{row.customer.name}: {row.occasion}",
        intro=row.template,
        submit=_("Contact made"),
        said=_("The contact is saved."),
    )


@staff_required(access.WORK)
def leave_out(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.moment_for(request.user, pk)
    return deed(
        request,
        forms.LeaveOutForm(typed(request)),
        partial(actions.leave_out, moment=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotEnd,
        back=reverse("tracking:moments"),
        title=f"{row.customer.name}: {row.occasion}",
        submit=_("Leave out"),
        said=_("The contact is left out."),
    )


@staff_required(access.SEE)
def print_moment(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F003-07."""
    row = access.one(queries.moments(access.scope(request.user)), pk)
    sheet = paper.Sheet(
        form=sheets.MOMENT,
        data=values.gather(sheets.MOMENT, row),
        head=paper.head_of(request, row.customer.unit, row.customer.number),
        address=lambda one: reverse("tracking:print_moment", args=[pk, one]),
        back=reverse("tracking:moments"),
    )
    return paper.answer(request, sheet, kind)
