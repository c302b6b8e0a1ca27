from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.people import access, actions, authority_table, forms, queries
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import DepartmentDuty, Function, Post, PostPower, Power
from zhike.ui import answers

from ._trying import tried

POST = "people/post.html"


@staff_required()
def posts(request: StaffRequest) -> HttpResponse:
    """The register: everybody reads the own posts, those who manage structure or staff read all of them."""
    now = clock.now()
    held = queries.current_appointments(now)
    mine = set(held.filter(party=request.user.pk).values_list("post", flat=True))
    rows = list(queries.posts_in_use())
    if not access.reads_all_posts(request.user):
        rows = [row for row in rows if row.pk in mine]
    counts: dict[int, int] = {}
    for post in held.values_list("post", flat=True):
        counts[post] = counts.get(post, 0) + 1
    context = {
        "rows": [{"post": row, "holders": counts.get(row.pk, 0), "own": row.pk in mine} for row in rows],
        "may": {"manage": request.standing.has("structure.manage")},
    }
    return render(request, "people/posts.html", context)


@staff_required()
def post(request: StaffRequest, code: str) -> HttpResponse:
    row = get_object_or_404(queries.posts_in_use(), code=code)
    readable = access.posts_read(request.user, clock.now())
    if readable is not None and row.pk not in readable:
        raise PermissionDenied
    return answers.page(request, POST, {**_page(request, row), "readable": readable})


@staff_required("structure.manage")
def define_post(request: StaffRequest) -> HttpResponse:
    form = forms.PostForm(request.POST or None, posts=queries.posts_in_use())
    if request.method == "POST":
        made: list[Post] = []
        by, now = request.user.party, clock.now()
        if tried(form, lambda: made.append(actions.define_post(by=by, now=now, **form.cleaned_data))):
            return answers.go(request, made[0], message=_("The post is in the register."))
    return render(request, "people/post_form.html", {"form": form, "post": None})


@staff_required("structure.manage")
def describe_post(request: StaffRequest, code: str) -> HttpResponse:
    row = get_object_or_404(queries.posts_in_use(), code=code)
    known = {
        "name": row.name,
        "name_en": row.name_en,
        "aliases": "、".join(row.aliases),
        "reports_to": row.reports_to.code if row.reports_to else "",
        "rank": row.rank,
        "purpose": row.purpose,
        "purpose_en": row.purpose_en,
    }
    others = [other for other in queries.posts_in_use() if other.pk != row.pk]
    form = forms.PostForm(request.POST or None, initial=known, posts=others)
    if request.method == "POST":
        by, now = request.user.party, clock.now()
        if tried(form, lambda: actions.describe_post(post=row, by=by, now=now, **form.cleaned_data)):
            return answers.go(request, row, message=_("Saved."))
    return render(request, "people/post_form.html", {"form": form, "post": row})


@staff_required("structure.manage")
def write_duties(request: StaffRequest, code: str) -> HttpResponse:
    row = get_object_or_404(queries.posts_in_use(), code=code)
    duties = list(row.duties.all())
    has_english = any(duty.text_en for duty in duties)
    known = {
        "duties": "\n".join(duty.text for duty in duties),
        "duties_en": "\n".join(duty.text_en or "-" for duty in duties) if has_english else "",
    }
    form = forms.DutiesForm(request.POST or None, initial=known)
    if request.method == "POST":
        by, now = request.user.party, clock.now()
        if tried(
            form, lambda: actions.write_duties(post=row, duties=form.cleaned_data["pairs"], by=by, now=now)
        ):
            return answers.go(request, row, message=_("Saved."))
    return render(request, "people/duties.html", {"form": form, "post": row})


@require_POST
@staff_required("structure.manage")
def retire_post(request: StaffRequest, code: str) -> HttpResponse:
    row = get_object_or_404(queries.posts_in_use(), code=code)
    try:
        actions.retire_post(post=row, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=row)
    return answers.go(request, "people:posts", message=_("The post is no longer in use."))


@require_POST
@staff_required("structure.manage")
def grant(request: StaffRequest, code: str) -> HttpResponse:
    row = get_object_or_404(queries.posts_in_use(), code=code)
    form = forms.GrantForm(request.POST, powers=Power.objects.all())
    by, now = request.user.party, clock.now()
    if tried(form, lambda: actions.grant(post=row, by=by, now=now, **form.cleaned_data)):
        return answers.done(
            request, f"{POST}#powers", _page(request, row), then=row, message=_("Power granted.")
        )
    return answers.again(request, f"{POST}#powers", _page(request, row, grant=form))


@require_POST
@staff_required("structure.manage")
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    given = get_object_or_404(PostPower.objects.select_related("post__reports_to", "power"), pk=pk)
    row = given.post
    try:
        actions.revoke(given=given, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=row)
    return answers.done(
        request, f"{POST}#powers", _page(request, row), then=row, message=_("Power taken back.")
    )


@staff_required("structure.manage", "work.inspect")
def powers(request: StaffRequest) -> HttpResponse:
    """All powers with the posts that have them (PW002-01 to PW002-10)."""
    return render(request, "people/powers.html", _powers_page(request))


@require_POST
@staff_required("structure.manage")
def add_power(request: StaffRequest) -> HttpResponse:
    form = forms.PowerForm(request.POST)
    by, now = request.user.party, clock.now()
    if tried(form, lambda: actions.add_power(by=by, now=now, **form.cleaned_data)):
        return answers.go(request, "people:powers", message=_("Power added."))
    return answers.again(request, "people/powers.html", _powers_page(request, form))


@staff_required()
def functions(request: StaffRequest) -> HttpResponse:
    """Functions and duties of the department, each with the modules and posts that carry it out."""
    rows = Function.objects.prefetch_related("posts")
    kinds = [
        {"label": label, "rows": [row for row in rows if row.kind == kind]}
        for kind, label in Function.Kind.choices
    ]
    duties = DepartmentDuty.objects.prefetch_related("posts")
    return render(request, "people/functions.html", {"kinds": kinds, "duties": duties})


@staff_required("work.inspect", "structure.manage", "manual.install", "complaint.handle")
def authority(request: StaffRequest) -> HttpResponse:
    """Who decides what up to which amount, generated from the manuals in force (T001-36)."""
    scope = request.standing.scope("work.inspect", "structure.manage", "manual.install", "complaint.handle")
    tables = authority_table.in_force(scope, clock.now())
    return render(request, "people/authority.html", {"tables": tables})


def _page(request: StaffRequest, row: Post, **bound: Any) -> dict[str, Any]:
    manages = request.standing.has("structure.manage")
    scope = request.standing.scope("structure.manage", "staff.manage", "work.inspect", "personnel.propose")
    now = clock.now()
    own = queries.current_appointments(now).filter(party=request.user.pk, post=row)
    holders = {held.pk: held for held in [*queries.holders(row, scope, now), *own]}
    context: dict[str, Any] = {
        "post": row,
        "line": queries.reporting_line(row),
        "subordinates": row.subordinates.filter(retired_on=None),
        "duties": row.duties.select_related("power"),
        "powers": row.post_powers.select_related("power").order_by("power__module", "power__code"),
        "holders": holders.values(),
        "functions": row.functions.all(),
        "may": {"manage": manages},
    }
    if manages:
        context["grant_form"] = bound.get("grant") or forms.GrantForm(powers=Power.objects.all())
    return context


def _powers_page(request: StaffRequest, form: forms.PowerForm | None = None) -> dict[str, Any]:
    rows = Power.objects.prefetch_related("post_powers__post")
    return {
        "rows": rows,
        "form": form or forms.PowerForm(),
        "may": {"manage": request.standing.has("structure.manage")},
    }
