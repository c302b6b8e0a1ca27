"""One archive, one check, one list of destruction."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.customers.archives import access, actions, queries, questions
from zhike.customers.models import CheckLine, Loan
from zhike.customers.privacy.levels import label_of
from zhike.customers.regulation import regulation
from zhike.kernel import clock
from zhike.people.access import StaffRequest, may, staff_required
from zhike.ui import answers

from .lists import with_words


@staff_required(access.SEE)
def archive(request: StaffRequest, archive: int) -> HttpResponse:
    """One file: contents, loans, what may be done with it."""
    row = access.archive_for(request.user, archive)
    with_words([row])
    found = regulation(questions.FILING.name, row.unit_id, clock.now())
    items = list(row.items.select_related("filed_by"))
    dues = queries.dues_of(items)
    loans = list(row.loans.select_related("borrower", "decided_by", "returned_to")[:20])
    party = request.user.party
    context = {
        "archive": row,
        "customer": row.customer,
        "may": access.may_do(request.user, row.unit_id),
        "items": [(item, dues.get(item.pk)) for item in items],
        "loans": loans,
        "mine": any(one.borrower_id == party.pk and one.state in {"ASKED", "LENT"} for one in loans),
        "me": party.pk,
        "level": label_of(found, row.secrecy),
        "checks": row.checks.select_related("check_of")
        .exclude(result="")
        .order_by("-check_of__begun_at")[:5],
        "LENT": Loan.State.LENT,
    }
    return answers.page(request, "customers/archives/page.html", context)


@staff_required(access.KEEP)
def archive_checks(request: StaffRequest) -> HttpResponse:
    """The yearly checks of the units whose archives one keeps."""
    rows = access.checks(request.user)[:50]
    return render(request, "customers/archives/checks.html", {"checks": rows, "tab": "checks"})


@staff_required(access.KEEP)
def archive_check(request: StaffRequest, check: int) -> HttpResponse:
    """The lines of one check; what was found is saved as often as one likes."""
    row = access.check_for(request.user, check)
    lines = list(row.lines.select_related("archive__customer"))
    if request.method == "POST":
        results = {
            line.pk: (request.POST.get(f"result-{line.pk}", ""), request.POST.get(f"note-{line.pk}", ""))
            for line in lines
            if request.POST.get(f"result-{line.pk}")
        }
        here = reverse("customers:archive_check", args=[check])
        try:
            actions.note_check(check=row, results=results, by=request.user.party, now=clock.now())
        except actions.CannotArchive as refusal:
            return answers.refuse(request, str(refusal), then=here)
        return answers.go(request, here, message=_("Saved."))
    context = {
        "check": row,
        "lines": lines,
        "results": CheckLine.Result.choices,
        "left": sum(not line.result for line in lines),
        "tab": "checks",
    }
    return render(request, "customers/archives/check.html", context)


@staff_required(access.KEEP, access.APPROVE)
def destructions(request: StaffRequest) -> HttpResponse:
    """Lists of destruction, with who signed them."""
    context = {
        "rows": access.destructions(request.user)[:50],
        "tab": "destructions",
        "may_propose": may(request.user, access.KEEP),
    }
    return render(request, "customers/archives/destructions.html", context)


@staff_required(access.KEEP, access.APPROVE)
def destruction(request: StaffRequest, destruction: int) -> HttpResponse:
    """One list with its files and signatures."""
    row = access.destruction_for(request.user, destruction)
    party = request.user.party.pk
    open_ = row.state in {row.State.PROPOSED, row.State.SIGNED}
    barred = {row.by_id, row.first_by_id}
    context = {
        "row": row,
        "files": row.archives.select_related("customer"),
        "may_sign": open_ and party not in barred and may(request.user, access.APPROVE, row.unit_id),
        "may_refuse": open_ and may(request.user, access.APPROVE, row.unit_id),
        "tab": "destructions",
    }
    return render(request, "customers/archives/destruction.html", context)
