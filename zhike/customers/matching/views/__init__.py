"""Pages of duplicates: the list, two files side by side, and the warning while a new file is typed."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.customers import access as files
from zhike.customers import history
from zhike.customers import queries as customers
from zhike.customers.dossier import numbers
from zhike.customers.matching import access, actions, contrasts, forms, jobs, likeness, queries
from zhike.customers.matching.access import POWER
from zhike.customers.matching.models import Candidate
from zhike.customers.models import Customer, Identifier
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import answers, lists
from zhike.ui.deeds import deed, typed

from .listing import LIST

PAGE = "customers/matching/pair.html"


@staff_required(POWER)
@require_GET
def duplicates(request: StaffRequest) -> HttpResponseBase:
    rows = queries.candidates(scope_of(request.user, POWER))
    context = {"last": queries.last_sweep()}
    return lists.answer(request, LIST, rows, "customers/matching/list.html", now=clock.now(), context=context)


@staff_required(POWER)
@require_POST
def look_again(request: StaffRequest) -> HttpResponse:
    """Have all files looked through now."""
    jobs.ask(by=request.user.party)
    told = _("All files are being looked through; new pairs appear here.")
    return answers.go(request, reverse("customers:duplicates"), message=told)


@staff_required(POWER)
@require_http_methods(["GET", "POST"])
def duplicate(request: StaffRequest, pk: int) -> HttpResponse:
    """Two files side by side; sent, they become one."""
    pair = access.candidate_for(request.user, pk)
    lines = contrasts.lines(pair.first, pair.second)
    form = forms.ReviewForm(typed(request), lines=lines, initial={"stays": forms.FIRST})
    if request.method == "POST" and form.is_valid():
        kept, gone = (pair.first, pair.second)
        if form.cleaned_data["stays"] == forms.SECOND:
            kept, gone = gone, kept
        try:
            actions.merge(
                kept=kept,
                gone=gone,
                choices=form.choices(),
                by=request.user.party,
                now=clock.now(),
                reason=form.cleaned_data["reason"],
            )
        except actions.CannotMerge as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("%(gone)s is part of %(kept)s now.") % {"gone": gone.number, "kept": kept.number}
            return answers.go(request, _next(request, pair), message=said)
    return answers.again(request, PAGE, _context(request, pair, form, lines))


def _context(
    request: StaffRequest, pair: Candidate, form: forms.ReviewForm, lines: list[contrasts.Line]
) -> dict[str, Any]:
    sides = []
    for side, customer in ((forms.FIRST, pair.first), (forms.SECOND, pair.second)):
        shown = history.of(request.user, customer, limit=1)
        sides.append({"key": side, "customer": customer, "cases": shown.total, **queries.parts(customer)})
    chosen = {key: form[f"choice:{key}"].value() or "" for key in (line.key for line in form.lines)}
    return {
        "pair": pair,
        "form": form,
        "sides": sides,
        "stays": form["stays"].value() or forms.FIRST,
        "rows": [(line, chosen.get(line.key, "")) for line in lines],
        "errors": {line.key: form.errors.get(f"choice:{line.key}") for line in form.lines},
        "reasons": [likeness.REASONS[code] for code in pair.reasons if code in likeness.REASONS],
        "waiting": queries.waiting(scope_of(request.user, POWER)).count(),
        "is_open": pair.state == Candidate.State.OPEN and _in_use(pair),
        "merged": queries.merges_of(pair.second).filter(parted_at=None, kept=pair.first).first()
        or queries.merges_of(pair.first).filter(parted_at=None, kept=pair.second).first(),
    }


def _in_use(pair: Candidate) -> bool:
    return Customer.State.MERGED not in {pair.first.state, pair.second.state}


def _next(request: StaffRequest, pair: Candidate) -> str:
    """The page of the next pair that waits, else the list."""
    rows = queries.waiting(scope_of(request.user, POWER)).exclude(pk=pair.pk)
    key = rows.values_list("pk", flat=True).first()
    return reverse("customers:duplicate", args=[key]) if key else reverse("customers:duplicates")


@staff_required(POWER)
@require_POST
def tell_apart(request: StaffRequest, pk: int) -> HttpResponse:
    pair = access.candidate_for(request.user, pk)
    note = request.POST.get("reason", "")
    try:
        actions.tell_apart(pair=pair, by=request.user.party, now=clock.now(), note=note)
    except actions.CannotMerge as refusal:
        return answers.refuse(request, str(refusal), then=reverse("customers:duplicate", args=[pk]))
    return answers.go(request, _next(request, pair), message=_("Remembered: not the same."))


@staff_required(POWER)
@require_http_methods(["GET", "POST"])
def part(request: StaffRequest, pk: int) -> HttpResponse:
    merged = access.merge_for(request.user, pk)
    return deed(
        request,
        forms.PartForm(typed(request)),
        lambda reason: _part(request, merged, reason),
        refused=actions.CannotPart,
        back=merged.gone,
        title=_("Part %(gone)s from %(kept)s") % {"gone": merged.gone.number, "kept": merged.kept.number},
        submit=_("Part them"),
        said=_("The two are parted again."),
        intro=_("Everything that was moved goes back. What came since stays with %(kept)s.")
        % {"kept": merged.kept.number},
    )


def _part(request: StaffRequest, merged: Any, reason: str) -> str:
    actions.part(merged=merged, by=request.user.party, now=clock.now(), reason=reason)
    return reverse("customers:detail", args=[merged.gone_id])


@staff_required(POWER)
@require_http_methods(["GET", "POST"])
def put_forward(request: StaffRequest, pk: int) -> HttpResponse:
    """From a file: lay another beside it."""
    customer = files.customer_for(request.user, pk)
    return deed(
        request,
        forms.PutForwardForm(typed(request)),
        lambda other: _put_forward(request, customer, other),
        refused=actions.CannotMerge,
        back=customer,
        title=_("Merge %(number)s with another file") % {"number": customer.number},
        submit=_("Lay side by side"),
        said="",
    )


def _put_forward(request: StaffRequest, customer: Customer, words: str) -> str:
    other = _meant(request, customer, words)
    pair = actions.put_forward(one=customer, other=other, by=request.user.party, now=clock.now())
    return reverse("customers:duplicate", args=[pair.pk])


def _meant(request: StaffRequest, customer: Customer, words: str) -> Customer:
    """The one file that the words name. Raises CannotMerge."""
    rows = files.customers_of(request.user)
    number = re.fullmatch(r"KH-?0*(\d{1,12})", words.strip().upper())
    if number:
        found = rows.filter(pk=int(number[1])).first()
        if found is not None:
            return found
    matching = list(customers.with_words(rows, words).exclude(pk=customer.pk)[:2])
    if len(matching) != 1:
        raise actions.CannotMerge(_("“%(text)s” does not name one file.") % {"text": words.strip()[:40]})
    return matching[0]


@staff_required("customer.see")
@require_GET
def alike(request: StaffRequest) -> HttpResponse:
    """Files that are like what is being typed; and what is wrong with a licence number."""
    name, phone, licence, address = (
        request.GET.get(key, "")[:120] for key in ("name", "phone", "licence", "address")
    )
    unit = _unit(request)
    found: list[queries.Alike] = []
    if unit is not None and any((name, phone, licence, address)):
        found = queries.typed(
            scope_of(request.user, "customer.see"),
            customers.house_of(unit),
            name=name,
            phone=phone,
            licence=licence,
            address=address,
            person=request.GET.get("kind", "PERSON") != Customer.Kind.ORGANISATION,
        )
    problem = numbers.problem(Identifier.Kind.LICENCE, licence)
    return answers.page(request, "customers/matching/_typed.html", {"found": found, "problem": problem})


def _unit(request: StaffRequest) -> Unit | None:
    asked = request.GET.get("unit", "")
    units = files.units_to_create_in(request.user)
    if asked.isdecimal():
        return units.filter(pk=int(asked)).first()
    return request.user.party.unit
