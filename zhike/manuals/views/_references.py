"""The register of what regulations rest on (F001-45)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.manuals import access, actions, forms_library, queries, sheets
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day

from . import _sheets
from ._deeds import deed, typed, who


@staff_required()
def references(request: StaffRequest) -> HttpResponse:
    """Laws and documents, their editions, and the clauses that rest on them."""
    rows = queries.register(business_day(clock.now()))
    context = {"rows": rows, "may_write": access.may_write(request.user), "tab": "references"}
    return render(request, "manuals/references.html", context)


@staff_required(access.REVISE)
def add_reference(request: StaffRequest) -> HttpResponse:
    """Enter a document."""
    form = forms_library.ReferenceForm(typed(request))

    def do(**given: Any) -> None:
        actions.add_reference(**given, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:references"), title=_("Enter a document"),
        submit=_("Enter"), said=_("The document is in the register."),
    )  # fmt: skip


@staff_required(access.REVISE)
def record_edition(request: StaffRequest, pk: int) -> HttpResponse:
    """Record a new edition: what rests on an older one is flagged."""
    rows = queries.register(business_day(clock.now()))
    row = next((one for one in rows if one.reference.pk == pk), None)
    if row is None:
        raise Http404
    form = forms_library.EditionForm(typed(request))

    def do(**given: Any) -> None:
        actions.record_edition(reference=row.reference, **given, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:references"), title=_("New edition"), submit=_("Record"),
        said=_("The edition is recorded."),
        intro=_("%(name)s: every clause in force that rests on an older edition is flagged, and its owner examines it.")
        % {"name": row.reference.label},
    )  # fmt: skip


@staff_required()
def print_references(request: StaffRequest, kind: str) -> HttpResponse:
    """F001-45 as a page, PDF, Word or Excel."""
    rows = []
    for row in queries.register(business_day(clock.now())):
        newest = row.editions[0] if row.editions else None
        rows.append(
            {
                "name": row.reference.name,
                "kind": str(row.reference.get_kind_display()),
                "edition": newest.label if newest else "",
                "effective_on": newest.effective_on.isoformat() if newest else "",
                "clauses": "\n".join(
                    f"《{one.version.title}》{'、'.join(one.citation.clauses)}({one.citation.edition})"
                    for one in row.resting
                ),
                "flag": "是" if row.flagged else "",
            }
        )
    return _sheets.answer(
        request,
        sheets.REFERENCES,
        {"rows": rows},
        kind,
        address=lambda other: reverse("manuals:print_references", args=[other]),
        back=reverse("manuals:references"),
    )
