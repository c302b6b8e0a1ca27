"""Pages of customers' messages."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers import access as customer_gates
from zhike.customers.models import Customer, Interaction
from zhike.kernel import clock
from zhike.kernel.records import attachments, values
from zhike.people.access import StaffRequest, house_of, may, staff_required
from zhike.ui import lists, parts
from zhike.ui.deeds import deed, typed
from zhike.ui.paper import Sheet, answer, head_of
from zhike.workbench.models import CustomerMessage

from . import access, actions, forms, letters, queries, sheets

LOOKS = {"OPEN": "run", "ANSWERED": "met"}


def seen(request: HttpRequest) -> QuerySet[CustomerMessage]:
    user: Any = request.user
    return access.seen(user)


MESSAGES = lists.List(
    name="messages",
    title=gettext_lazy("Customers' messages"),
    href=lambda row: reverse("workbench:message", args=[row.pk]),
    row_name=str,
    sort="due",
    empty=gettext_lazy("No message matches."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, ("id",), width=104, link=True, drop=2, phone=""),
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, ("customer__sort_key", "id"), 150, link=True, phone="title"),
        lists.Column("text", gettext_lazy("Message"), lambda r, n: parts.cut(r.text[:160]), lambda r: r.text, link=True),
        lists.Column("owner", gettext_lazy("In charge"), lambda r, n: parts.person(r.customer.owner), lambda r: r.customer.owner.name if r.customer.owner else "", width=110, drop=1),
        lists.Column("way", gettext_lazy("How it came"), lambda r, n: r.interaction.get_way_display(), lambda r: r.interaction.get_way_display(), width=110, drop=1),
        lists.Column("at", gettext_lazy("Received"), lambda r, n: parts.moment(r.at, n), lambda r: r.at, ("at", "id"), 120),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n, done_at=r.replied_at), lambda r: r.due_at, ("due_at", "id"), 150, phone="side"),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), LOOKS[r.state]), lambda r: r.get_state_display(), width=150),
    ),
    filters=(
        lists.choice("state", gettext_lazy("State"), CustomerMessage.State.choices, "state"),
        lists.text("customer", gettext_lazy("Customer"), "customer__name__contains"),
        lists.choice("way", gettext_lazy("How it came"), Interaction.Way.choices, "interaction__way"),
        lists.dates("at", gettext_lazy("Received"), "at"),
        lists.text("by", gettext_lazy("Answered by"), "replied_by__name__startswith", more=True),
        lists.dates("replied", gettext_lazy("Answered"), "replied_at", more=True),
        lists.one("who", gettext_lazy("Answered by"), "replied_by", seen),
    ),
    views=(
        lists.View("open", gettext_lazy("To be answered"), "state=OPEN"),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def messages(request: StaffRequest) -> HttpResponseBase:
    more = {"may_take": may(request.user, access.WORK)}
    return lists.answer(
        request, MESSAGES, seen(request), "workbench/messages/list.html", now=clock.now(), context=more
    )


@staff_required(access.WORK)
def take_down(request: StaffRequest) -> HttpResponse:
    """A message that came by telephone, by letter or at the counter."""
    customers = customer_gates.customers_of(request.user).filter(state=Customer.State.ACTIVE)

    def do(customer: Customer | None, **given: Any) -> str:
        if customer is not None:
            customer_gates.customer_for(request.user, customer.pk, to="edit")
        row = actions.take_down(
            customer=customer, unit=house_of(request.user), by=request.user.party, now=clock.now(), **given
        )
        return reverse("workbench:message", args=[row.pk])

    form = forms.TakeDownForm(
        typed(request), customers=customers, initial={"customer": request.GET.get("customer", "")}
    )
    return deed(
        request, form, do, refused=(actions.CannotTake, actions.CannotReply), back=reverse("workbench:messages"),
        title=_("Take down a message"), submit=_("Record"), said=_("Recorded."),
    )  # fmt: skip


@staff_required(access.SEE)
def message(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.message_for(request.user, pk)
    context = {
        "row": row,
        "look": LOOKS[row.state],
        "talk": queries.talk(row),
        "files": attachments.attachments_of(row),
        "may_answer": row.state == CustomerMessage.State.OPEN and access.works(request.user, row),
        "sees_customer": customer_gates.customers_of(request.user).filter(pk=row.customer_id).exists(),
        "now": clock.now(),
    }
    return render(request, "workbench/messages/message.html", context)


@staff_required(access.WORK)
def reply(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.message_for(request.user, pk, to="answer")
    thread, why_not = letters.thread_of(row)
    form = forms.ReplyForm(typed(request), initial={"way": Interaction.Way.ONLINE})
    form.fields["text"].help_text = (
        _("In writing it also goes to %(address)s by e-mail.") % {"address": thread.address}
        if thread
        else why_not
    )
    return deed(
        request, form, partial(actions.reply, message=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotReply, back=reverse("workbench:message", args=[pk]),
        title=_("Answer %(name)s") % {"name": row.customer.name}, submit=_("Answer"),
        intro=queries.talk(row)[-1].entry.content, said=_("The answer stands where the customer wrote, and in the history."),
    )  # fmt: skip


@staff_required(access.WORK)
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """What the customer wrote after an answer needs none."""
    row = access.message_for(request.user, pk, to="answer")
    return deed(
        request, forms.SettleForm(typed(request)),
        partial(actions.settle, message=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotReply, back=reverse("workbench:message", args=[pk]), title=_("Needs no answer"),
        submit=_("Settle"), said=_("Settled."),
    )  # fmt: skip


@staff_required(access.SEE)
def print_message(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F004-09."""
    row = access.message_for(request.user, pk)
    sheet = Sheet(
        form=sheets.MESSAGE,
        data=values.gather(sheets.MESSAGE, row),
        head=head_of(request, row.unit, row.number, row.clause),
        address=lambda one: reverse("workbench:print_message", args=[pk, one]),
        back=reverse("workbench:message", args=[pk]),
    )
    return answer(request, sheet, kind)
