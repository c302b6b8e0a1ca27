"""Verbs with a small dialog: fixes, rest, reasons, deals, observations, service plans, roles, introductions."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.customers.access import customers_of
from zhike.customers.contacts.people import in_office
from zhike.customers.models import Customer, Link
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required
from zhike.tracking import access, actions, forms, queries
from zhike.tracking.models import Plan
from zhike.tracking.wording import words_of
from zhike.ui import answers
from zhike.ui.deeds import deed, typed


def back_to(pk: int) -> str:
    return reverse("tracking:work", args=[pk])


@staff_required(access.WORK)
def fix(request: StaffRequest, pk: int) -> HttpResponse:
    """Person, place, time, area."""
    customer = access.customer_for(request.user, pk, to="work")
    plan = queries.plan_of(customer)
    initial = {
        "owner": customer.owner_id or request.user.pk,
        "region": customer.region,
        "place": plan.place if plan else _place(customer),
        "suits": plan.suits if plan else "",
    }
    return deed(
        request,
        forms.FixForm(typed(request), owners=in_office(clock.now()), initial=initial),
        partial(actions.fix, customer=customer, by=request.user.party, now=clock.now()),
        refused=actions.CannotTrack,
        back=back_to(pk),
        title=_("Four fixes of %(name)s") % {"name": customer.name},
        submit=_("Save"),
        said=_("Person, place, time and area are saved."),
    )


def _place(customer: Customer) -> str:
    address = customer.addresses.first()
    return address.text[:120] if address is not None else ""


@staff_required(access.WORK)
def rest(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="work")
    plan = plan_of(customer)
    return deed(
        request,
        forms.WhyForm(typed(request)),
        partial(actions.rest, plan=plan, by=request.user.party, now=clock.now()),
        refused=actions.CannotTrack,
        back=back_to(pk),
        title=_("Let the contacts with %(name)s rest") % {"name": customer.name},
        submit=_("Let rest"),
        said=_("Nobody is asked to contact the customer for now."),
    )


@staff_required(access.WORK)
@require_POST
def wake(request: StaffRequest, pk: int) -> HttpResponse:
    plan = plan_of(access.customer_for(request.user, pk, to="work"))
    try:
        actions.wake(plan=plan, by=request.user.party, now=clock.now())
    except actions.CannotTrack as refusal:
        return answers.refuse(request, str(refusal), then=back_to(pk))
    return answers.go(request, back_to(pk), message=_("The customer is contacted again."))


def plan_of(customer: Customer) -> Plan:
    plan = queries.plan_of(customer)
    if plan is None:
        raise Http404
    return plan


@staff_required(access.WORK)
def explain(request: StaffRequest, pk: int) -> HttpResponse:
    """Why the customer was not contacted; from the work of the day on to the next one."""
    onward = f"{reverse('tracking:next')}?after={pk}" if "onward" in request.GET else ""
    customer = access.customer_for(request.user, pk, to="work")
    return deed(
        request,
        forms.WhyForm(typed(request)),
        partial(actions.explain, customer=customer, by=request.user.party, now=clock.now()),
        refused=actions.CannotTrack,
        back=onward or reverse("tracking:silent"),
        title=_("Why %(name)s was not contacted") % {"name": customer.name},
        submit=_("Save"),
        said=_("The reason is saved."),
    )


@staff_required(access.WORK)
def after_deal(request: StaffRequest, pk: int) -> HttpResponse:
    """A deal was closed: the relation goes on (R000-32)."""
    customer = access.customer_for(request.user, pk, to="work")
    return deed(
        request,
        forms.DealForm(typed(request)),
        partial(actions.after_deal, customer=customer, by=request.user.party, now=clock.now()),
        refused=actions.CannotTrack,
        back=back_to(pk),
        title=_("Deal closed with %(name)s") % {"name": customer.name},
        submit=_("Open the relation plan"),
        said=_("The relation plan is open, with a dated contact."),
    )


@staff_required(access.WORK)
def observe(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="work")
    now = clock.now()
    kind = request.GET.get("kind", "CHANGE")
    return deed(
        request,
        forms.ObserveForm(
            typed(request), signs=words_of("SIGNS", customer.unit_id, now), initial={"kind": kind}
        ),
        partial(actions.observe, customer=customer, by=request.user.party, now=now),
        refused=actions.CannotNote,
        back=back_to(pk),
        title=_("What was noticed at %(name)s") % {"name": customer.name},
        submit=_("Save"),
        said=_("The observation is saved."),
    )


@staff_required(access.WORK)
def close_observation(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.observation_for(request.user, pk)
    return deed(
        request,
        forms.ResultForm(typed(request)),
        partial(actions.close_observation, observation=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotNote,
        back=back_to(row.customer_id),
        title=_("What came of it"),
        submit=_("Close"),
        said=_("The observation is closed."),
    )


@staff_required(access.WORK)
def serve(request: StaffRequest, pk: int) -> HttpResponse:
    """The individual service plan with measures of the regulation."""
    customer = access.customer_for(request.user, pk, to="work")
    now = clock.now()
    known = getattr(customer, "service_plan", None)
    initial = (
        {"strategy": known.strategy, "measures": known.measures, "valid_to": known.valid_to} if known else {}
    )
    return deed(
        request,
        forms.ServeForm(
            typed(request), measures=words_of("MEASURES", customer.unit_id, now), initial=initial
        ),
        partial(actions.serve, customer=customer, by=request.user.party, now=now),
        refused=actions.CannotNote,
        back=back_to(pk),
        title=_("Service plan for %(name)s") % {"name": customer.name},
        submit=_("Save"),
        said=_("The service plan is saved."),
    )


@staff_required(access.WORK)
def show_role(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="work")
    now = clock.now()
    return deed(
        request,
        forms.RoleForm(typed(request), initial={"on": calendars.local_day(now, customer.unit_id)}),
        partial(actions.show_role, customer=customer, by=request.user.party, now=now),
        refused=actions.CannotNote,
        back=back_to(pk),
        title=_("Role shown by %(name)s or by us") % {"name": customer.name},
        submit=_("Save"),
        said=_("The evidence is saved."),
    )


@staff_required(access.WORK)
def introduce(request: StaffRequest, pk: int) -> HttpResponse:
    """Who introduced the customer, and the business won."""
    customer = access.customer_for(request.user, pk, to="work")
    now = clock.now()
    known = customer.links.filter(kind=Link.Kind.INTRODUCED, until=None).select_related("other").first()
    initial = (
        {
            "introducer": known.other.number,
            "since": known.since,
            "business": known.business,
            "amount": known.amount,
        }
        if known is not None
        else {"since": calendars.local_day(now, customer.unit_id)}
    )
    return deed(
        request,
        forms.IntroduceForm(typed(request), seen=customers_of(request.user), initial=initial),
        partial(actions.introduce, customer=customer, by=request.user.party, now=now),
        refused=actions.CannotNote,
        back=back_to(pk),
        title=_("Who introduced %(name)s") % {"name": customer.name},
        submit=_("Save"),
        said=_("The introduction is saved."),
    )
