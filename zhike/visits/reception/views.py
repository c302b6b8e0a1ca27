"""Pages of the reception: the log, one reception with its checks, figures, sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.records import values
from zhike.kernel.tallies.periods import Kind
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, house_of, may, staff_required
from zhike.ui import answers, lists, paper, parts
from zhike.ui.deeds import deed, typed
from zhike.visits import access as visits_access
from zhike.visits import queries as visits
from zhike.visits.tallying import link
from zhike.visits.views._figures import _choice, _days, period_of

from . import access, actions, forms, queries, questions, rules, sheets
from .models import Reception

Text = str | Promise


def checks(request: HttpRequest) -> list[tuple[str, Any]]:
    """The checks as the regulation of one's own place names them."""
    user: Any = request.user
    try:
        found = rules.in_force(
            user.party.unit_id or 0, calendars.local_day(clock.now(), user.party.unit_id or 0)
        )
    except rules.NoRegulation:
        return [(code, code) for code in queries.CHECKS]
    return [(code, label) for code, label in found.choices(questions.CHECKS) if code in queries.CHECKS]


def _unkept(request: HttpRequest) -> list[tuple[str, Any]]:
    return [("ALL", _("Any check")), *checks(request)]


LIST = lists.List(
    name="receptions",
    title=gettext_lazy("Reception"),
    href=lambda row: reverse("visits:reception:one", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-at",
    empty=gettext_lazy("Nobody came, wrote or called."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, width=142, link=True, phone="side"),
        lists.Column("name", gettext_lazy("Who"), lambda r, n: parts.cut(f"{r.name} {r.company}".strip()), lambda r: r.name, link=True, phone="title", hideable=False),
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: parts.tag(r.get_kind_display(), "gold" if r.is_key else ""), lambda r: r.get_kind_display(), width=90),
        lists.Column("at", gettext_lazy("Arrived"), lambda r, n: parts.moment(r.arrived_at, n), lambda r: r.arrived_at, ("arrived_at", "id"), 120),
        lists.Column("greeted", gettext_lazy("Greeted"), lambda r, n: parts.due_badge(r.greet_by, n, done_at=r.greeted_at) if r.greet_by else "—", lambda r: r.greeted_at, width=130, drop=1, phone=""),
        lists.Column("receiver", gettext_lazy("Receiver"), lambda r, n: parts.person(r.receiver, empty="—"), lambda r: r.receiver.name if r.receiver else "", width=110, phone=""),
        lists.Column("due", gettext_lazy("Answer"), lambda r, n: parts.due_badge(r.reply_by, n, done_at=r.ended_at) if r.reply_by else "—", lambda r: r.reply_by, ("reply_by", "id"), 140),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), "run" if r.is_open else "met"), lambda r: r.get_state_display(), width=100),
    ),
    filters=(
        lists.text("q", gettext_lazy("Who"), "name__contains"),
        lists.choice("kind", gettext_lazy("Kind"), Reception.Kind.choices, "kind"),
        lists.choice("state", gettext_lazy("State"), Reception.State.choices, "state"),
        lists.dates("at", gettext_lazy("Arrived"), "arrived_at"),
        lists.choice("unkept", gettext_lazy("Check not kept"), _unkept, apply=queries.failing, more=True),
        lists.flag("late", gettext_lazy("Answered late"), lambda rows: rows.filter(queries.LATE), more=True),
        lists.flag("key", gettext_lazy("Key customers"), queries.of_key_customers, more=True),
    ),
    views=(
        lists.View("open", gettext_lazy("Under way"), "state=OPEN&sort=due"),
        lists.View("key", gettext_lazy("Key customers"), "key=1&sort=-at"),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
    ),
    may_export=lambda request: may(request.user, "data.export"),  # type: ignore[arg-type]
)  # fmt: skip


@staff_required(access.SEE)
def receptions(request: StaffRequest) -> HttpResponseBase:
    scope = access.scope(request.user)
    return lists.answer(
        request, LIST, queries.receptions(scope), "visits/reception/list.html", now=clock.now(),
        context={"may_receive": may(request.user, access.WORK), "may_report": may(request.user, "report.see"), "lent": list(queries.lent(scope))},
    )  # fmt: skip


def _customers(request: StaffRequest) -> Any:
    return visits.customers(access.scope(request.user)).order_by("sort_key")


@staff_required(access.WORK)
def receive(request: StaffRequest) -> HttpResponse:
    def do(**given: Any) -> str:
        row = actions.receive(unit=house_of(request.user), by=request.user.party, now=clock.now(), **given)
        return reverse("visits:reception:one", args=[row.pk])

    return deed(
        request, forms.ReceiveForm(typed(request), customers=_customers(request), initial={"kind": "VISIT"}), do,
        refused=actions.CannotReceive, back=reverse("visits:reception:list"),
        title=_("Somebody came, wrote or called"), submit=_("Record"), said=_("Recorded."),
    )  # fmt: skip


@staff_required(access.SEE)
def one(request: StaffRequest, pk: int) -> HttpResponse:
    access.reception_for(request.user, pk)
    row = queries.checked(queries.receptions(access.scope(request.user))).get(pk=pk)
    visit = row.kind == Reception.Kind.VISIT
    return render(
        request,
        "visits/reception/one.html",
        {
            "row": row,
            "now": clock.now(),
            "works": row.is_open and access.works(request.user, row),
            "may_assign": row.is_open and access.may_assign(request.user, row),
            "is_visit": visit,
            "checks": [(label, getattr(row, f"met_{code}")) for code, label in checks(request)]
            if visit
            else [],
            "lockers": row.lockers.select_related("given_by", "returned_to"),
            "sheets": [(code, form.title(get_language() or "")) for code, form in sheets.SHEETS.items()]
            if visit
            else [],
        },
    )


@dataclass(frozen=True)
class Verb:
    """A verb of a reception: its action, and its form where it asks for something."""

    act: Callable[..., Any]
    title: Text
    form: type[Any] | None = None


VERBS: dict[str, Verb] = {
    "greet": Verb(actions.greet, gettext_lazy("Greeted")),
    "water": Verb(partial(actions.note, step="water"), gettext_lazy("Water given")),
    "remind": Verb(partial(actions.note, step="remind"), gettext_lazy("Reminded of the locker")),
    "tell": Verb(actions.tell_name, gettext_lazy("Name told")),
    "enter": Verb(actions.enter, gettext_lazy("To the showroom")),
    "register": Verb(actions.register, gettext_lazy("Register the customer"), forms.RegisterForm),
    "purpose": Verb(actions.ask_purpose, gettext_lazy("Why the visitor came"), forms.PurposeForm),
    "lend": Verb(actions.lend, gettext_lazy("Lend a locker"), forms.LendForm),
    "answer": Verb(actions.answer, gettext_lazy("Answer and finish"), forms.AnswerForm),
}


@staff_required(access.SEE)
def do(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    row = access.reception_for(request.user, pk, to="work")
    if verb not in VERBS:
        raise Http404
    one = VERBS[verb]
    act = partial(one.act, reception=row, by=request.user.party, now=clock.now())
    if one.form is not None:
        return _asked(request, row, one.form, act, one.title)
    return _plain(request, row, act)


def _asked(
    request: StaffRequest, row: Reception, form: type[Any], act: Callable[..., Any], title: Text
) -> HttpResponse:
    more: dict[str, Any] = {}
    if issubclass(form, forms.PersonForm):
        more["staff"] = queries.staff(request.user.party)
    if issubclass(form, forms.RegisterForm):
        more |= {"customers": _customers(request), "initial": {"name": row.name, "company": row.company}}
    return deed(
        request, form(typed(request), **more), act, refused=actions.CannotReceive, back=row, title=title,
        submit=_("Save"), said=_("Saved."), intro=row.name,
    )  # fmt: skip


def _plain(request: StaffRequest, row: Reception, act: Callable[[], Any]) -> HttpResponse:
    """A verb that asks nothing; only a POST does it."""
    if request.method != "POST":
        return answers.go(request, row)
    try:
        act()
    except actions.CannotReceive as refusal:
        return answers.refuse(request, str(refusal), then=row)
    return answers.go(request, row, message=_("Saved."))


@staff_required(access.ASSIGN)
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.reception_for(request.user, pk, to="assign")
    act = partial(actions.assign, reception=row, by=request.user.party, now=clock.now())
    return _asked(request, row, forms.AssignForm, act, _("Who receives the visitor"))


@staff_required(access.WORK)
@require_POST
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    use = visits_access.one(queries.lent(access.scope(request.user)), pk)
    row = access.reception_for(request.user, use.reception_id, to="work")
    return _plain(request, row, partial(actions.take_back, use=use, by=request.user.party, now=clock.now()))


@staff_required("report.see")
def figures(request: StaffRequest) -> HttpResponse:
    """How far the checks of T001-24 were kept in a period; every figure opens into its receptions."""
    period, problem = period_of(request, Kind.MONTH)
    at = _days(period, "at")
    found = queries.compliance(access.scope(request.user), period)
    over = {"kind": "VISIT", "state": "DONE", **at}
    context = {
        **_choice(period, problem),
        "found": found,
        "unkept": found.whole.whole - found.whole.part,
        "whole_link": link("visits:reception:list", **over),
        "unkept_link": link("visits:reception:list", unkept="ALL", **at),
        "late_link": link("visits:reception:list", late=1, **at),
        "checks": [
            (label, found.checks[code], found.checks[code].whole - found.checks[code].part, link("visits:reception:list", unkept=code, **at))
            for code, label in checks(request)
        ],
    }  # fmt: skip
    return render(request, "visits/reception/figures.html", context)


@staff_required(access.SEE)
def print_sheet(request: StaffRequest, pk: int, code: str, kind: str) -> HttpResponse:
    row = access.reception_for(request.user, pk)
    if code not in sheets.SHEETS:
        raise Http404
    form = sheets.SHEETS[code]
    sheet = paper.Sheet(
        form=form,
        data=values.gather(form, row),
        head=paper.head_of(request, row.unit, row.number),
        address=lambda one: reverse("visits:reception:print", args=[pk, code, one]),
        back=reverse("visits:reception:one", args=[pk]),
    )
    return paper.answer(request, sheet, kind)
