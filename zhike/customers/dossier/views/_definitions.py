"""Where administrators define further fields of the file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.customers.dossier import access as gates
from zhike.customers.dossier import actions, forms
from zhike.customers.dossier.models import FieldDefinition
from zhike.kernel import clock
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers
from zhike.ui.deeds import deed, typed


@staff_required(gates.DEFINE)
def definitions(request: StaffRequest) -> HttpResponse:
    """The further fields of the units that this person looks after."""
    return answers.page(
        request,
        "customers/dossier/definitions.html",
        {"definitions": list(gates.definitions_of(request.user))},
    )


@staff_required(gates.DEFINE)
def define(request: StaffRequest) -> HttpResponse:
    form = forms.DefinitionForm(typed(request), units=gates.units_to_define_in(request.user))
    return _deed(request, form, actions.define, _("New field"))


@staff_required(gates.DEFINE)
def redefine(request: StaffRequest, row: int) -> HttpResponse:
    known = _definition(request, row)
    columns = {
        key: getattr(known, key)
        for key in ("name", "name_en", "kind", "words", "only", "is_required", "place")
    }
    units = gates.units_to_define_in(request.user)
    form = forms.DefinitionForm(typed(request), units=units, known=known, initial=columns)

    def do(**given: Any) -> None:
        actions.redefine(definition=known, **given)

    return _deed(request, form, do, _("Change the field %(code)s") % {"code": known.code})


@staff_required(gates.DEFINE)
def retire(request: StaffRequest, row: int) -> HttpResponse:
    known = _definition(request, row)

    def do(**given: Any) -> None:
        actions.retire(definition=known, **given)

    return _deed(request, forms.ReasonForm(typed(request)), do, _("Offer the field no longer"))


def _definition(request: StaffRequest, row: int) -> FieldDefinition:
    found = gates.definitions_of(request.user).filter(pk=row).first()
    if found is None:
        raise Http404
    return found


def _deed(request: StaffRequest, form: Any, do: Any, title: str) -> HttpResponse:
    def done(**given: Any) -> None:
        do(by=request.user.party, now=clock.now(), **given)

    back = reverse("customers:definitions")
    return deed(
        request,
        form,
        done,
        refused=actions.CannotDefine,
        back=back,
        title=title,
        submit=_("Save"),
        said=_("Saved."),
    )
