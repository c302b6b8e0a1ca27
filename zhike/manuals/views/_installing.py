"""Publishing and installing in one go."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.manuals import access, actions, forms
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers


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
