"""Pages of information: what is for me, one item, what my units have sent, writing and publishing."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.policy.regulation import regulation
from zhike.kernel.records import attachments, values
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, may, staff_required, standing
from zhike.ui import answers, lists, parts
from zhike.ui.deeds import deed, typed
from zhike.ui.paper import Sheet, answer, head_of

from . import access, actions, forms, queries, sheets
from .models import Information
from .questions import KINDS, READING

LOOKS = {"DRAFT": "pause", "PUBLISHED": "met", "WITHDRAWN": "late"}


def _today(request: StaffRequest) -> dt.date:
    return calendars.local_day(clock.now(), request.user.party.unit_id or 0)


def kinds_of(unit: int) -> list[tuple[str, str]]:
    found = regulation(READING.name, unit, clock.now())
    return found.choices(KINDS) if found is not None else []


def _choices(request: Any) -> list[tuple[str, str]]:
    return kinds_of(request.user.party.unit_id or 0)


def _named(rows: list[Any]) -> None:
    """Kinds in words, for the rows of a page."""
    words: dict[int, dict[str, str]] = {}
    for row in rows:
        known = words.setdefault(row.unit_id, dict(kinds_of(row.unit_id)))
        row.kind_word = known.get(row.kind, row.kind)


def _valid(row: Information) -> str:
    return f"{row.valid_from} ~ {row.valid_to or ''}".strip()


def _mark(row: Any, now: dt.datetime) -> object:
    if row.studied_at or (row.read_at and row.demand == Information.Demand.READ):
        return parts.status(_("studied") if row.studied_at else _("read"), "met")
    if row.owed_by is not None:
        return parts.due_badge(row.owed_by, now)
    return parts.status(_("unread") if row.read_at is None else _("to be studied"), "new")


KIND = lists.Column(
    "kind",
    gettext_lazy("Kind"),
    lambda r, n: parts.tag(r.kind_word, "brand"),
    lambda r: r.kind_word,
    ("kind", "id"),
    130,
)
TITLE = lists.Column(
    "title",
    gettext_lazy("Title"),
    lambda r, n: parts.cut(r.title),
    lambda r: r.title,
    link=True,
    phone="title",
)

INBOX = lists.List(
    name="information",
    title=gettext_lazy("Information"),
    href=lambda row: reverse("manuals:information_item", args=[row.pk]),
    row_name=lambda row: row.title,
    sort="-at",
    empty=gettext_lazy("No information for you."),
    prepare=_named,
    columns=(
        KIND,
        TITLE,
        lists.Column("demand", gettext_lazy("What is asked of you"), lambda r, n: r.get_demand_display(), lambda r: r.get_demand_display(), width=176, drop=1),
        lists.Column("valid", gettext_lazy("Holds"), lambda r, n: _valid(r), _valid, ("valid_from", "id"), 190, drop=1),
        lists.Column("at", gettext_lazy("Published"), lambda r, n: parts.moment(r.published_at, n), lambda r: r.published_at, ("published_at", "id"), 120, phone="side"),
        lists.Column("mark", gettext_lazy("State"), _mark, lambda r: r.studied_at or r.read_at, width=150),
    ),
    filters=(
        lists.text("q", gettext_lazy("Words"), apply=lambda rows, said: rows.filter(title__contains=said) | rows.filter(body__contains=said)),
        lists.choice("kind", gettext_lazy("Kind"), _choices, "kind"),
        lists.flag("new", gettext_lazy("Still to read or study"), lambda rows: rows.filter(read_at=None) | rows.filter(demand="STUDY", studied_at=None)),
        lists.dates("at", gettext_lazy("Published"), "published_at"),
    ),
    views=(
        lists.View("new", gettext_lazy("Still to read or study"), "new=1"),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
    ),
)  # fmt: skip

SENT = lists.List(
    name="information-sent",
    title=gettext_lazy("Information sent"),
    href=lambda row: reverse("manuals:information_item", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-made",
    empty=gettext_lazy("Nothing was sent."),
    prepare=_named,
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, ("number",), 138, link=True, phone="side"),
        KIND,
        TITLE,
        lists.Column("unit", gettext_lazy("For the staff of"), lambda r, n: r.unit.label, lambda r: r.unit.label, width=170, drop=1),
        lists.Column("valid", gettext_lazy("Holds"), lambda r, n: _valid(r), _valid, ("valid_from", "id"), 190, drop=1),
        lists.Column("by", gettext_lazy("By"), lambda r, n: parts.person(r.made_by), lambda r: r.made_by.name, width=110, drop=2),
        lists.Column("made", gettext_lazy("Written"), lambda r, n: parts.moment(r.made_at, n), lambda r: r.made_at, ("made_at", "id"), 120),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(r.get_state_display(), LOOKS[r.state]), lambda r: r.get_state_display(), ("state", "id"), 120),
    ),
    filters=(
        lists.text("q", gettext_lazy("Words"), apply=lambda rows, said: rows.filter(title__contains=said)),
        lists.choice("state", gettext_lazy("State"), Information.State.choices, "state"),
        lists.choice("kind", gettext_lazy("Kind"), _choices, "kind"),
        lists.dates("at", gettext_lazy("Published"), "published_at"),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-made"),
        lists.View("draft", gettext_lazy("Drafts"), "state=DRAFT"),
        lists.View("published", gettext_lazy("Published"), "state=PUBLISHED"),
    ),
)  # fmt: skip


@staff_required()
def information(request: StaffRequest) -> HttpResponseBase:
    rows = queries.addressed(
        access.mine(request.user), unit=request.user.party.unit_id or 0, on=_today(request)
    )
    more = {"publishes": may(request.user, access.PUBLISH)}
    shown = queries.with_receipt(rows, request.user.party)
    return lists.answer(request, INBOX, shown, "manuals/information/list.html", now=clock.now(), context=more)


@staff_required(access.PUBLISH)
def sent(request: StaffRequest) -> HttpResponseBase:
    rows = queries.published(access.scope(request.user))
    return lists.answer(request, SENT, rows, "manuals/information/sent.html", now=clock.now())


@staff_required()
def item(request: StaffRequest, pk: int) -> HttpResponse:
    """One item; opening it is reading it. Publishers see who read it."""
    today = _today(request)
    row = access.item_for(request.user, pk, today)
    publishes = may(request.user, access.PUBLISH, row.unit_id)
    is_mine = queries.audience(row, today).filter(pk=request.user.pk).exists()
    receipt = None
    if is_mine and row.state == Information.State.PUBLISHED:
        receipt = actions.read(item=row, by=request.user.party, now=clock.now())
    return render(
        request,
        "manuals/information/item.html",
        {
            "row": row,
            "look": LOOKS[row.state],
            "kind": dict(kinds_of(row.unit_id)).get(row.kind, row.kind),
            "posts": [one.label for one in row.posts.all()],
            "valid": _valid(row),
            "files": attachments.attachments_of(row),
            "receipt": receipt,
            "to_study": receipt is not None and row.demand == "STUDY" and receipt.studied_at is None,
            "publishes": publishes,
            "readers": queries.readers(row, today)[:500] if publishes and row.state == "PUBLISHED" else None,
            "now": clock.now(),
        },
    )


@staff_required()
@require_POST
def study(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.item_for(request.user, pk, _today(request))
    form = forms.StudyForm(request.POST)
    here = reverse("manuals:information_item", args=[pk])
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        actions.study(item=row, by=request.user.party, now=clock.now(), note=note)
    except actions.CannotStudy as refusal:
        return answers.refuse(request, str(refusal), then=here)
    return answers.go(request, here, message=_("Studied; thank you."))


def _form(request: StaffRequest, row: Information | None = None) -> forms.InformationForm:
    units = queries.units_within(standing(request.user).units(access.PUBLISH))
    home = request.user.party.unit_id or 0
    kinds = kinds_of(row.unit_id if row else home)
    initial: dict[str, Any] = {"unit": home, "valid_from": _today(request)}
    if row is not None:
        names = ("unit", "kind", "title", "body", "valid_from", "valid_to")
        initial = {name: getattr(row, name) for name in names} | {"posts": row.posts.all()}
    given = typed(request)
    return forms.InformationForm(
        given, request.FILES if given is not None else None, kinds=kinds, units=units,
        posts=queries.posts_within(units), initial=initial,
    )  # fmt: skip


def _given(given: dict[str, Any]) -> dict[str, Any]:
    file = given.pop("file", None)
    return given | {"files": [file] if file else []}


@staff_required(access.PUBLISH)
def write_information(request: StaffRequest) -> HttpResponse:
    def do(**given: Any) -> str:
        row = actions.draft(by=request.user.party, now=clock.now(), **_given(given))
        return reverse("manuals:information_item", args=[row.pk])

    return deed(
        request, _form(request), do, refused=actions.CannotPublish, back=reverse("manuals:information_sent"),
        title=_("Write information"), submit=_("Save as draft"), said=_("The draft is saved. Look it over and publish it."),
    )  # fmt: skip


@staff_required(access.PUBLISH)
def rewrite_information(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.item_for(request.user, pk, _today(request), to="publish")
    form = _form(request, row)
    del form.fields["unit"]
    here = reverse("manuals:information_item", args=[pk])

    def do(**given: Any) -> None:
        actions.rewrite(item=row, by=request.user.party, now=clock.now(), **_given(given))

    return deed(
        request, form, do, refused=actions.CannotPublish, back=here, title=_("Change the draft"),
        submit=_("Save"), said=_("The draft is saved. Look it over and publish it."),
    )  # fmt: skip


@staff_required(access.PUBLISH)
@require_POST
def publish_information(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.item_for(request.user, pk, _today(request), to="publish")
    here = reverse("manuals:information_item", args=[pk])
    try:
        actions.publish(item=row, by=request.user.party, now=clock.now())
    except actions.CannotPublish as refusal:
        return answers.refuse(request, str(refusal), then=here)
    return answers.go(request, here, message=_("Published: its readers have been told."))


@staff_required(access.PUBLISH)
def withdraw_information(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.item_for(request.user, pk, _today(request), to="publish")
    return deed(
        request, forms.WhyForm(typed(request)),
        partial(actions.withdraw, item=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotPublish, back=reverse("manuals:information_item", args=[pk]),
        title=_("Withdraw the information"), submit=_("Withdraw"), said=_("It is withdrawn."), danger=True,
    )  # fmt: skip


@staff_required()
def print_information(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """F004-15; who read it prints for publishers only."""
    today = _today(request)
    row = access.item_for(request.user, pk, today)
    readers = list(queries.readers(row, today)) if may(request.user, access.PUBLISH, row.unit_id) else []
    posts = "、".join(one.label for one in row.posts.all()) or pgettext("staff", "everybody")
    words = dict(kinds_of(row.unit_id))
    sheet = Sheet(
        form=sheets.INFORMATION,
        data=values.gather(
            sheets.INFORMATION, sheets.Item(row, words.get(row.kind, row.kind), posts, readers)
        ),
        head=head_of(request, row.unit, row.number, row.clause),
        address=lambda one: reverse("manuals:print_information", args=[pk, one]),
        back=reverse("manuals:information_item", args=[pk]),
    )
    return answer(request, sheet, kind)
