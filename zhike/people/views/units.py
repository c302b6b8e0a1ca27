from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.people import actions, forms, populate, queries, structure
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import Function, UnitPost, in_language
from zhike.ui import answers

from ._trying import tried

UNIT = "people/unit.html"


@staff_required()
def units(request: StaffRequest) -> HttpResponse:
    """The tree of units with posts and holders. All staff may read it; those who manage it see the warnings."""
    now = clock.now()
    manages = request.standing.has("structure.manage")
    context = {
        "branches": structure.chart(now),
        "warnings": structure.check(now) if manages else [],
        "may": {"manage": manages},
    }
    return render(request, "people/units.html", context)


@staff_required("structure.manage", "work.inspect")
def check(request: StaffRequest) -> HttpResponse:
    """What is missing in the structure (R002-165)."""
    scope = request.standing.scope("structure.manage", "work.inspect")
    found = [row for row in structure.check(clock.now()) if scope.sees_unit(row.unit.pk)]
    return render(request, "people/check.html", {"warnings": found})


@staff_required("structure.manage")
def unit(request: StaffRequest, pk: int) -> HttpResponse:
    return answers.page(request, UNIT, _page(request, _unit(request, pk)))


@staff_required("structure.manage")
def establish(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose one of the three templates and make its units and posts below this unit."""
    parent = _unit(request, pk)
    error = ""
    if request.method == "POST":
        try:
            head = actions.establish(
                template=request.POST.get("template", ""),
                parent=parent,
                name=request.POST.get("name", "").strip()[:80],
                by=request.user.party,
                now=clock.now(),
            )
        except actions.Refusal as refusal:
            error = str(refusal)
        else:
            return answers.go(request, head_address(head), message=_("The department is established."))
    templates = [{"key": key, **plan} for key, plan in populate.data("templates").items()]
    named = _named_posts()
    for template in templates:
        template["lines"] = list(_outline(template["unit"], named))
    context = {"unit": parent, "templates": templates, "error": error, "name": request.POST.get("name", "")}
    return render(request, "people/establish.html", context)


@require_POST
@staff_required("structure.manage")
def add_unit(request: StaffRequest, pk: int) -> HttpResponse:
    parent = _unit(request, pk)
    form = forms.NewUnitForm(request.POST, functions=_functions())
    return _done(
        request,
        parent,
        "add",
        form,
        lambda: actions.add_unit(parent=parent, by=request.user.party, now=clock.now(), **form.cleaned_data),
        _("Unit added."),
    )


@require_POST
@staff_required("structure.manage")
def add_region(request: StaffRequest, pk: int) -> HttpResponse:
    """A regional department below this department (S002-58)."""
    parent = _unit(request, pk)
    form = forms.RegionForm(request.POST)
    return _done(
        request,
        parent,
        "region",
        form,
        lambda: actions.add_region(
            department=parent, region=form.cleaned_data["region"], by=request.user.party, now=clock.now()
        ),
        _("Regional department added."),
    )


@require_POST
@staff_required("structure.manage")
def rename_unit(request: StaffRequest, pk: int) -> HttpResponse:
    row = _unit(request, pk)
    form = forms.UnitForm(request.POST)
    return _done(
        request,
        row,
        "rename",
        form,
        lambda: actions.rename_unit(unit=row, by=request.user.party, now=clock.now(), **form.cleaned_data),
        _("Saved."),
    )


@require_POST
@staff_required("structure.manage")
def move_unit(request: StaffRequest, pk: int) -> HttpResponse:
    row = _unit(request, pk)
    form = forms.MoveUnitForm(request.POST, units=_elsewhere(request, row))
    return _done(
        request,
        row,
        "move",
        form,
        lambda: actions.move_unit(
            unit=row, parent=form.cleaned_data["parent"], by=request.user.party, now=clock.now()
        ),
        _("The unit was moved."),
    )


@require_POST
@staff_required("structure.manage")
def close_unit(request: StaffRequest, pk: int) -> HttpResponse:
    row = _unit(request, pk)
    try:
        actions.close_unit(unit=row, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=head_address(row))
    return answers.go(request, "people:units", message=_("The unit is closed."))


@require_POST
@staff_required("structure.manage")
def place_post(request: StaffRequest, pk: int) -> HttpResponse:
    row = _unit(request, pk)
    form = forms.PlacePostForm(request.POST, posts=queries.posts_in_use())
    return _done(
        request,
        row,
        "place",
        form,
        lambda: actions.place_post(unit=row, by=request.user.party, now=clock.now(), **form.cleaned_data),
        _("The unit has this post now."),
    )


@require_POST
@staff_required("structure.manage")
def remove_post(request: StaffRequest, pk: int) -> HttpResponse:
    rows = request.standing.scope("structure.manage").rows(UnitPost.objects.select_related("unit", "post"))
    placed = get_object_or_404(rows, pk=pk)
    row = placed.unit
    try:
        actions.remove_post(placed=placed, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=head_address(row))
    return answers.done(
        request, f"{UNIT}#unit", _page(request, row), then=head_address(row), message=_("Post removed.")
    )


def head_address(row: Unit) -> str:
    return reverse("people:unit", args=[row.pk])


def _unit(request: StaffRequest, pk: int) -> Unit:
    scope = request.standing.scope("structure.manage")
    return get_object_or_404(scope.rows(Unit.objects.select_related("parent"), unit="pk"), pk=pk)


def _done(
    request: StaffRequest,
    row: Unit,
    key: str,
    form: Any,
    act: Callable[[], Any],
    message: str,
) -> HttpResponse:
    if tried(form, act):
        row.refresh_from_db()
        return answers.done(
            request, f"{UNIT}#unit", _page(request, row), then=head_address(row), message=message
        )
    return answers.again(request, f"{UNIT}#unit", _page(request, row, **{key: form}))


def _page(request: StaffRequest, row: Unit, **bound: Any) -> dict[str, Any]:
    branches = structure.chart(clock.now(), row) if row.closed_on is None else []
    names = {"name": row.name, "name_en": row.name_en}
    return {
        "unit": row,
        "branch": branches[0] if branches else None,
        "below": branches[1:],
        "rename_form": bound.get("rename") or forms.UnitForm(initial=names),
        "add_form": bound.get("add") or forms.NewUnitForm(functions=_functions()),
        "region_form": bound.get("region") or forms.RegionForm(),
        "move_form": bound.get("move")
        or forms.MoveUnitForm(units=_elsewhere(request, row), initial={"parent": str(row.parent_id)}),
        "place_form": bound.get("place") or forms.PlacePostForm(posts=queries.posts_in_use()),
    }


def _elsewhere(request: StaffRequest, row: Unit) -> list[tuple[Unit, int]]:
    """Units that this one could hang below."""
    found = queries.open_units(request.standing.units("structure.manage"))
    return queries.tree_order(unit for unit in found if not unit.path.startswith(row.path))


def _functions() -> list[Function]:
    return list(Function.objects.filter(kind=Function.Kind.OVERALL))


def _named_posts() -> dict[str, str]:
    return {post.code: post.label for post in queries.posts_in_use()}


def _outline(plan: dict[str, Any], named: dict[str, str], depth: int = 0) -> Iterator[dict[str, Any]]:
    """A template as indented lines: unit and its posts, in the reader's language."""
    posts = []
    for entry in plan.get("posts", []):
        code, *names = [entry] if isinstance(entry, str) else entry
        posts.append(in_language(names[0], names[1]) if names else named.get(code, code))
    yield {"depth": depth, "name": in_language(plan["name"], plan["en"]), "posts": posts}
    for below in plan.get("units", []):
        yield from _outline(below, named, depth + 1)
