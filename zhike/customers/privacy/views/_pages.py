"""Registers of the care of data: who looked at what, releases, exports, breaches, hand-overs."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from zhike.customers.access import customer_for
from zhike.customers.privacy import access, queries
from zhike.people.access import StaffRequest, may, scope_of, staff_required, standing

MOST = 100


@staff_required("customer.see")
def access_log(request: StaffRequest, pk: int) -> HttpResponse:
    """Who opened, revealed, exported or lent what of a customer: for keepers of data and auditors."""
    customer = customer_for(request.user, pk)
    if not access.may_read_log(request.user, customer):
        raise PermissionDenied(access.AUDIT)
    context = {"customer": customer, "lines": queries.access_log(customer)}
    return render(request, "customers/privacy/access_log.html", context)


@staff_required("customer.see")
def releases(request: StaffRequest) -> HttpResponse:
    """Requests to copy, send out or export: one's own, and those that one keeps or decides."""
    rows = queries.releases(standing(request.user).scope(access.KEEP, access.APPROVE, access.AUDIT))
    mine = queries.releases(scope_of(request.user, "customer.see")).filter(by=request.user.pk)
    context = {
        "rows": (rows | mine).distinct()[:MOST],
        "me": request.user.pk,
        "may_decide": may(request.user, access.APPROVE),
        "tab": "releases",
    }
    return render(request, "customers/privacy/releases.html", context)


@staff_required(access.KEEP, access.APPROVE, access.AUDIT)
def exports(request: StaffRequest) -> HttpResponse:
    """Every file of customer data that left the product."""
    rows = queries.exports(access.keeper_scope(request.user))[:MOST]
    return render(request, "customers/privacy/exports.html", {"rows": rows, "tab": "exports"})


@staff_required(access.KEEP, access.APPROVE, access.AUDIT)
def breaches(request: StaffRequest) -> HttpResponse:
    rows = queries.breaches(access.keeper_scope(request.user))[:MOST]
    return render(request, "customers/privacy/breaches.html", {"rows": rows, "tab": "breaches"})


@staff_required()
def breach(request: StaffRequest, breach: int) -> HttpResponse:
    row = access.breach_for(request.user, breach)
    context = {
        "row": row,
        "customers": row.customers.all()[:MOST],
        "may_work": row.state == row.State.OPEN and access.may_work_on(request.user, row),
        "tab": "breaches",
    }
    return render(request, "customers/privacy/breach.html", context)


@staff_required(access.HAND_OVER)
def handovers(request: StaffRequest) -> HttpResponse:
    """What leaving staff handed over."""
    rows = queries.handovers(scope_of(request.user, access.HAND_OVER))[:MOST]
    return render(request, "customers/privacy/handovers.html", {"rows": rows, "tab": "handovers"})
