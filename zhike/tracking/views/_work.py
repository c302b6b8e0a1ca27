"""One customer at work: what is owed, what was said, and the entry of the journal with the grade."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers.contacts import queries as contacts
from zhike.customers.grading import queries as grading
from zhike.customers.models import Customer, Interaction
from zhike.kernel import clock
from zhike.kernel.policy import ask, inforce
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required
from zhike.tracking import access, actions, cadence, forms, queries, questions
from zhike.tracking.models import JournalEntry, Moment, Plan, RoleEvidence
from zhike.tracking.wording import words_of
from zhike.ui import answers, parts
from zhike.ui.deeds import deed, typed

from ._due import left

SHOWN = 8


@staff_required(access.SEE)
def work(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything that a talk needs, and the form that it is written into; saving leads to the next customer."""
    customer = access.customer_for(request.user, pk, to="work" if request.method == "POST" else "see")
    may = access.may(request.user, customer)
    context = _context(request, customer) | {"may": may}
    if request.method == "POST":
        form = _form(request, customer)
        if form.is_valid() and (entry := _save(request, customer, form)):
            then = (
                f"{reverse('tracking:next')}?after={pk}"
                if "next" in request.POST
                else reverse("tracking:due")
            )
            return answers.go(request, then, message=_saved(customer, entry))
        context["form"] = form
        return answers.again(request, "tracking/work.html", context)
    if may.work:
        context["form"] = _form(request, customer)
    return render(request, "tracking/work.html", context)


@staff_required(access.WORK)
def enter(request: StaffRequest, pk: int) -> HttpResponse:
    """The same entry in a dialog, from the list and from the customer's page."""
    customer = access.customer_for(request.user, pk, to="work")

    def do(**given: Any) -> None:
        actions.enter(customer=customer, by=request.user.party, now=clock.now(), **given)

    return deed(
        request,
        _form(request, customer),
        do,
        refused=actions.CannotEnter,
        back=reverse("tracking:due"),
        title=_("Contact with %(name)s") % {"name": customer.name},
        submit=_("Save and set the next date"),
        said=_("The entry is saved."),
    )


def _form(request: StaffRequest, customer: Customer) -> forms.EntryForm:
    now = clock.now()
    current = cadence.standings([customer.pk]).get(customer.pk, ("", ""))[0]
    try:
        offered = cadence.choices(customer, now)
    except cadence.NoCadence:
        offered = []
    ways = _ways(customer, current, now)
    return forms.EntryForm(
        typed(request),
        grades=[(one.code, _choice(one, current, customer)) for one in offered],
        contacts=customer.contacts.filter(left_on=None),
        ways=ways,
        initial={"way": ways[0][0], "contact": customer.contacts.filter(is_main=True, left_on=None).first()},
    )


def _ways(customer: Customer, grade: str, now: Any) -> list[tuple[str, Any]]:
    """The ways of contact, those that the regulation names for the grade first (R002-150)."""
    try:
        first = cadence.Cadences(calendars.local_day(now, customer.unit_id)).of(customer.unit_id, grade).ways
    except cadence.NoCadence:
        first = ()
    order = {code: place for place, code in enumerate(("PHONE", *first) if "PHONE" in first else first)}
    return sorted(Interaction.Way.choices, key=lambda one: order.get(one[0], 99))


def _graded(customer: Customer, spoken: Iterable[Any]) -> list[Any]:
    """Contacts with the grade that was decided at them, in words."""
    names = dict(grading.words_at(customer.unit_id, cadence.GRADE))
    rows = list(spoken)
    for row in rows:
        entry = getattr(row, "journal_entry", None)
        row.grade = names.get(entry.grade_after, entry.grade_after) if entry is not None else ""
    return rows


def _choice(one: cadence.Choice, current: str, customer: Customer) -> Any:
    """Label of a grade: what it is called, its journal and the next date it would set."""
    day = calendars.local_day(one.next_at, customer.unit_id)
    journal = Plan.Journal(one.cadence.journal).label
    now = parts.tag(_("now"), "brand") if one.code == current else ""
    return format_html(
        '{} {} <span class="ink3">{} · {} {}</span>', one.label, now, journal, _("next"), day.isoformat()
    )


def _save(request: StaffRequest, customer: Customer, form: forms.EntryForm) -> JournalEntry | None:
    try:
        return actions.enter(customer=customer, by=request.user.party, now=clock.now(), **form.cleaned_data)
    except actions.CannotEnter as refusal:
        form.add_error(None, str(refusal))
        return None


def _saved(customer: Customer, entry: JournalEntry) -> str:
    day = calendars.local_day(entry.next_at, customer.unit_id)
    return _("Saved. %(name)s is next due on %(day)s.") % {"name": customer.name, "day": day.isoformat()}


def _context(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    now, user = clock.now(), request.user
    scope = access.scope(user)
    owed = list(queries.due(scope).filter(customer=customer.pk))
    plan, service = queries.plan_of(customer), getattr(customer, "service_plan", None)
    measures = dict(words_of("MEASURES", customer.unit_id, now))
    spoken = contacts.interactions(scope).filter(customer=customer)
    return {
        "customer": customer,
        "left": left(user),
        "plan": plan,
        "missing": [MISSING[code] for code in queries.missing_of(customer)],
        "owed": owed,
        "spoken": _graded(customer, spoken.select_related("journal_entry")[:SHOWN]),
        "promises": contacts.promises(scope).filter(customer=customer, state="OPEN")[:SHOWN],
        "needs": customer.needs.filter(state="OPEN")[:SHOWN],
        "moments": queries.moments(scope).filter(customer=customer, state=Moment.State.OPEN)[:SHOWN],
        "observations": queries.observations(scope).filter(customer=customer)[:SHOWN],
        "service": service,
        "measures": [measures.get(code, code) for code in service.measures] if service is not None else [],
        "roles": queries.roles(scope).filter(customer=customer)[:SHOWN],
        "role_sides": [
            (_("The customer to us"), RoleEvidence.OF_CUSTOMER),
            (_("We to the customer"), RoleEvidence.OF_COMPANY),
        ],
        "phones": list(customer.phones.defer("number")),
        "stage": STAGES[queries.stage_of(customer, getattr(customer, "profile", None))],
        "upkeep": upkeep(customer, now),
        "checks": words_of("CHECKS", customer.unit_id, now),
        "demands": words_of("DEMANDS", customer.unit_id, now),
    }


STAGES = {
    "EXISTING": gettext_lazy("Existing customer"),
    "FUTURE": gettext_lazy("Future customer"),
    "POTENTIAL": gettext_lazy("Potential customer"),
}
MISSING = {
    "PERSON": gettext_lazy("person"),
    "PLACE": gettext_lazy("place"),
    "TIME": gettext_lazy("time"),
    "AREA": gettext_lazy("area"),
}


def upkeep(customer: Customer, now: Any) -> list[str]:
    """What the regulation asks to do for a customer of this stage (R002-075)."""
    today = calendars.local_day(now, customer.unit_id)
    answer = inforce.find(questions.UPKEEP.name, customer.unit_id, today)
    if answer is None:
        return []
    stage = queries.stage_of(customer, getattr(customer, "profile", None))
    found = ask.decide(answer.manual, answer.table, {"阶段": stage}, today)  # type: ignore[arg-type]
    return [str(one.outcome["维护动作"]) for one in found]
