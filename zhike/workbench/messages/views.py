"""Pages of customers' messages."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel import clock
from zhike.kernel.parties.scope import Scope
from zhike.kernel.records import values
from zhike.people.access import StaffRequest, may, scope_of, staff_required
from zhike.people.models import User
from zhike.ui import lists, parts
from zhike.ui.deeds import deed, typed
from zhike.ui.paper import Sheet, answer, head_of
from zhike.workbench.models import CustomerMessage
from zhike.workbench.reports.forms import ReplyForm

from . import actions, queries, sheets

SEE, WORK = "customer.see", "customer.edit"
LOOKS = {"OPEN": "run", "ANSWERED": "met"}


def scope(user: User) -> Scope:
    return scope_of(user, SEE)


def message_for(user: User, pk: int) -> CustomerMessage:
    """The gate of one message: 404 out of sight."""
    found = queries.messages(scope(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


MESSAGES = lists.List(
    name="messages",
    title=gettext_lazy("Customers' messages"),
    href=lambda row: reverse("workbench:message", args=[row.pk]),
    row_name=str,
    sort="due",
    empty=gettext_lazy("No message matches."),
    columns=(
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, ("customer__sort_key", "id"), 150, link=True, phone="title"),
        lists.Column("text", gettext_lazy("Message"), lambda r, n: parts.cut(r.text[:160]), lambda r: r.text, link=True),
        lists.Column("owner", gettext_lazy("In charge"), lambda r, n: parts.person(r.customer.owner), lambda r: r.customer.owner.name if r.customer.owner else "", width=110, drop=1),
        lists.Column("at", gettext_lazy("Received"), lambda r, n: parts.moment(r.at, n), lambda r: r.at, ("at", "id"), 120),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n, done_at=r.replied_at), lambda r: r.due_at, ("due_at", "id"), 150, phone="side"),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), LOOKS[r.state]), lambda r: r.get_state_display(), width=130),
    ),
    filters=(
        lists.choice("state", gettext_lazy("State"), CustomerMessage.State.choices, "state"),
        lists.text("customer", gettext_lazy("Customer"), "customer__name__contains"),
        lists.text("by", gettext_lazy("Answered by"), "replied_by__name__startswith"),
        lists.dates("at", gettext_lazy("Received"), "at"),
    ),
    views=(
        lists.View("open", gettext_lazy("To be answered"), "state=OPEN"),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
    ),
)  # fmt: skip


@staff_required(SEE)
def messages(request: StaffRequest) -> HttpResponseBase:
    rows = queries.messages(scope(request.user))
    return lists.answer(request, MESSAGES, rows, "workbench/messages/list.html", now=clock.now())


@staff_required(SEE)
def message(request: StaffRequest, pk: int) -> HttpResponse:
    row = message_for(request.user, pk)
    named = (row.customer.owner_id,)
    context = {
        "row": row,
        "look": LOOKS[row.state],
        "may_answer": row.state == "OPEN" and may(request.user, WORK, row.unit_id, named=named),
        "now": clock.now(),
    }
    return render(request, "workbench/messages/message.html", context)


@staff_required(WORK)
def reply(request: StaffRequest, pk: int) -> HttpResponse:
    row = message_for(request.user, pk)
    return deed(
        request, ReplyForm(typed(request), initial={"way": "ONLINE"}),
        partial(actions.reply, message=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotReply, back=reverse("workbench:message", args=[pk]),
        title=_("Answer %(name)s") % {"name": row.customer.name}, submit=_("Answer"), intro=row.text,
        said=_("The answer stands where the customer wrote, and in the history."),
    )  # fmt: skip


@staff_required(SEE)
def print_message(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F004-09."""
    row = message_for(request.user, pk)
    sheet = Sheet(
        form=sheets.MESSAGE,
        data=values.gather(sheets.MESSAGE, row),
        head=head_of(request, row.unit, row.customer.number, row.clause),
        address=lambda one: reverse("workbench:print_message", args=[pk, one]),
        back=reverse("workbench:message", args=[pk]),
    )
    return answer(request, sheet, kind)
