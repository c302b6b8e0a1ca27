"""The plain reader of manuals, parameters of units, publishing and installing."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.worktime import calendars
from zhike.manuals import access, actions, forms, queries
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers


@staff_required()
def reader(request: StaffRequest, pk: int) -> HttpResponse:
    """A regulation as a book; every clause chip opens here."""
    version = get_object_or_404(ManualVersion, pk=pk, state=ManualVersion.State.PUBLISHED)
    now = clock.now()
    scope = people.scope_of(request.user, "complaint.see")
    sections = queries.book(version, scope=scope, since=now - dt.timedelta(days=30))
    context = {
        "version": version,
        "sections": sections,
        "versions": list(queries.manuals().filter(key=version.key)),
        "units": queries.units_with(version.key),
        "may_set": people.may(request.user, access.INSTALL),
    }
    return render(request, "manuals/reader.html", context)


@staff_required()
def clause(request: StaffRequest, pk: int, number: str) -> HttpResponse:
    """The text of one clause, for the popover of a chip."""
    version = get_object_or_404(ManualVersion, pk=pk, state=ManualVersion.State.PUBLISHED)
    sections = queries.sections_of_version(version)
    found = next((section for section in sections if number in {section.number, section.title}), None)
    if found is None:
        raise Http404
    return answers.page(request, "manuals/clause.html#card", {"version": version, "section": found})


@staff_required(access.INSTALL)
def parameters(request: StaffRequest, key: str, unit: int) -> HttpResponse:
    """A unit's own values of the figures that the manual lets it move."""
    place = get_object_or_404(Unit, pk=unit)
    if not people.may(request.user, access.INSTALL, place):
        raise PermissionDenied(access.INSTALL)
    now = clock.now()
    version, values = queries.values_of(place, key, calendars.local_day(now, place.pk))
    if version is None:
        raise Http404
    form = forms.ParametersForm(request.POST if request.method == "POST" else None, values=values)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_parameters(key=key, unit=place, values=form.chosen(), by=request.user.party, now=now)
        except actions.CannotSetParameter as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(
                request, reverse("manuals:reader", args=[version.pk]), message=_("The values are set.")
            )
    context = {
        "form": form, "version": version, "unit": place, "values": values,
        "title": _("Values of %(unit)s") % {"unit": place.label}, "back": reverse("manuals:reader", args=[version.pk]),
    }  # fmt: skip
    return answers.again(request, "manuals/parameters.html", context)


@staff_required(access.INSTALL)
def install(request: StaffRequest) -> HttpResponse:
    """Publish a manual and install it; what is wrong is listed with line and column."""
    form = forms.InstallForm(request.POST or None, request.FILES or None)
    units = access.units_to_install_in(request.user)
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]
    findings: tuple[object, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            version = actions.publish_and_install(
                text=given["text"],
                unit=given["unit"],
                accept=given["accept"],
                roles=access.ROLES,
                by=request.user.party,
                now=clock.now(),
            )
        except (actions.CannotPublish, actions.CannotInstall) as refusal:
            form.add_error(None, str(refusal))
            findings = getattr(refusal, "findings", ())
        else:
            return answers.go(
                request, reverse("manuals:reader", args=[version.pk]), message=_("The manual is in force.")
            )
    context = {"form": form, "findings": findings, "back": reverse("manuals:list")}
    return answers.again(request, "manuals/install.html", context)
