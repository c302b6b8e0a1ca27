"""The record sheets of many visits as one PDF: of a day, a week, a list, or of chosen rows (R004-10)."""

from __future__ import annotations

import dataclasses

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel.parties.held import holding
from zhike.kernel.records import values
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers, lists, paper
from zhike.visits import access, queries, sheets

from ._lists import VISITS

MOST = 200  # sheets of one file, two weeks of one person: more takes the server too long


@staff_required(access.SEE)
def print_many(request: StaffRequest) -> HttpResponse:
    """Of the chosen rows, else of all that match the conditions of the list, in the order of the days."""
    rows = queries.visits(access.scope(request.user))
    posted = request.method == "POST"
    found = lists.selected(request, VISITS, rows).rows if posted else lists.filtered(request, VISITS, rows)
    visits = list(queries.with_record(found).order_by("planned_on", "order", "id")[: MOST + 1])
    if not visits:
        return answers.refuse(request, _("There is no visit to print."), then=reverse("visits:list"))
    if len(visits) > MOST:
        said = _("At most %(count)d sheets are printed at once: choose fewer days.") % {"count": MOST}
        return answers.refuse(request, said, then=reverse("visits:list"))
    form, heads = sheets.RECORD_SHEET, {}
    with holding():
        for visit in visits:
            if visit.unit_id not in heads:
                heads[visit.unit_id] = paper.head_of(request, visit.unit)
        pairs = [
            (values.gather(form, visit), dataclasses.replace(heads[visit.unit_id], number=visit.number))
            for visit in visits
        ]
    return paper.many(form, pairs)
