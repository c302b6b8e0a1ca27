"""The lists of contacts and of promises, declared for the list helper."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.contacts import access, queries
from zhike.customers.contacts.models import Interaction, Promise
from zhike.customers.contacts.timelines import KINDS
from zhike.kernel import clock
from zhike.kernel.parties.scope import Scope
from zhike.people.access import standing
from zhike.ui import lists, parts


def mine(column: str) -> Any:
    """A condition that needs to know who looks: the list keeps it as a choice of one person."""
    return lambda rows, code: rows.filter(**{column: int(code)}) if code.isdecimal() else rows


def _scope(request: HttpRequest) -> Scope:
    user: Any = request.user
    return access.scope(user)


def me(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(str(request.user.pk), _("Me"))]


def may_export(request: HttpRequest) -> bool:
    found = standing(request.user)  # type: ignore[arg-type]
    return found.has("data.export") and found.has("customer.see")


def log_export(request: HttpRequest, fmt: str, rows: int) -> None:
    from zhike.kernel.audit import trail

    party = request.user.party  # type: ignore[union-attr]
    trail.record(
        "customers.contacts_exported",
        subject=party,
        by=party,
        at=clock.now(),
        after={"format": fmt, "rows": rows},
    )


def customer_link(row: Any) -> Any:
    return format_html(
        '<a href="{}">{}</a>', reverse("customers:detail", args=[row.customer_id]), row.customer.name
    )


CONTACTS = lists.List(
    name="contacts",
    title=pgettext_lazy("talk", "Contacts"),
    href=lambda row: reverse("customers:contact_entry", args=[row.pk]),
    row_name=lambda row: str(row),
    sort="-at",
    may_export=may_export,
    on_export=log_export,
    empty=_("No contact matches."),
    columns=(
        lists.Column("customer", _("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, phone="title", link=True),
        lists.Column("contact", _("Person contacted"), lambda r, n: f"{r.contact.name} {r.contact.post}" if r.contact else "—", lambda r: r.contact.name if r.contact else "", width=130, drop=1),
        lists.Column("at", _("Date and time"), lambda r, n: parts.moment(r.at, n), lambda r: r.at, ("at", "id"), 116, phone="side"),
        lists.Column("way", _("Way"), lambda r, n: r.get_way_display(), lambda r: r.get_way_display(), width=90),
        lists.Column("purpose", _("Purpose of the contact"), lambda r, n: parts.cut(r.purpose or "—"), lambda r: r.purpose, width=150),
        lists.Column("content", _("Content"), lambda r, n: parts.cut(r.content or "—"), lambda r: r.content, drop=2),
        lists.Column("feedback", _("What the customer said"), lambda r, n: parts.cut(r.feedback or "—"), lambda r: r.feedback, drop=2, phone=""),
        lists.Column("result", _("Outcome of the contact"), lambda r, n: parts.cut(r.result or "—"), lambda r: r.result, width=130, drop=1, phone=""),
        lists.Column("next", _("Next contact"), lambda r, n: r.next_on.isoformat() if r.next_on else "—", lambda r: r.next_on, width=108, drop=1, phone=""),
        lists.Column("by", _("Contact of our side"), lambda r, n: parts.person(r.by, empty="—"), lambda r: r.by.name if r.by else "", width=110),
        lists.Column("remark", _("Remark"), lambda r, n: parts.cut(r.remark or "—"), lambda r: r.remark, width=120, shown=False, phone=""),
    ),
    filters=(
        lists.text("q", _("Customer"), apply=lambda rows, typed: rows.filter(customer__name__startswith=typed)),
        lists.choice("way", _("Way"), Interaction.Way.choices, "way"),
        lists.dates("at", _("Date"), "at"),
        lists.choice("who", _("Recorded by"), me, apply=mine("by")),
        lists.choice("begun", _("Begun by"), [("US", _("us")), ("CUSTOMER", _("the customer"))], apply=lambda rows, code: rows.filter(is_incoming=code == "CUSTOMER"), more=True),
        lists.flag("apart", _("Other than visits"), lambda rows: rows.exclude(way="VISIT"), more=True),
        lists.one("by", _("Recorded by"), "by", lambda request: queries.interactions(_scope(request))),
        lists.flag("answered", _("With feedback"), lambda rows: rows.exclude(feedback=""), more=True),
        lists.flag("remarked", _("With a remark"), lambda rows: rows.exclude(remark=""), more=True),
        lists.choice("content", _("Content"), Interaction.Content.choices, "content_kind", more=True),
    ),
    views=(
        lists.View("all", _("All"), "sort=-at"),
        lists.View("phone", _("By telephone"), "way=PHONE"),
        lists.View("visit", _("On site"), "way=VISIT"),
        lists.View("incoming", _("Begun by the customer"), "begun=CUSTOMER"),
    ),
)  # fmt: skip


def _state(row: Promise, now: Any) -> Any:
    late = row.state == Promise.State.OPEN and row.due_at < now
    return parts.status(
        _("Overdue") if late else row.get_state_display(), "late" if late else KINDS[row.state]
    )


PROMISES = lists.List(
    name="promises",
    title=_("Promises"),
    href=lambda row: reverse("customers:promise", args=[row.pk]),
    row_name=lambda row: str(row),
    sort="due",
    may_export=may_export,
    on_export=log_export,
    empty=_("No promise matches."),
    columns=(
        lists.Column("text", _("What is promised"), lambda r, n: parts.cut(r.text), lambda r: r.text, link=True, phone="title"),
        lists.Column("customer", _("Customer"), lambda r, n: customer_link(r), lambda r: r.customer.name, width=170),
        lists.Column("keeper", _("Who keeps it"), lambda r, n: parts.person(r.keeper), lambda r: r.keeper.name, width=110),
        lists.Column("due", _("Kept by"), lambda r, n: parts.due_badge(r.due_at, n, done_at=r.ended_at), lambda r: r.due_at, ("due_at", "id"), 150, phone="side"),
        lists.Column("rests", _("Rests on"), lambda r, n: parts.cut(r.depends_on or "—"), lambda r: r.depends_on, width=140, drop=1),
        lists.Column("ready", _("Ready by"), lambda r, n: r.ready_on.isoformat() if r.ready_on else "—", lambda r: r.ready_on, ("ready_on", "id"), 108, drop=2, phone=""),
        lists.Column("state", _("State"), _state, lambda r: r.get_state_display(), width=120),
        lists.Column("outcome", _("What became of it"), lambda r, n: parts.cut(r.outcome or "—"), lambda r: r.outcome, width=150, shown=False, phone=""),
    ),
    filters=(
        lists.text("q", _("Customer"), apply=lambda rows, typed: rows.filter(Q(customer__name__startswith=typed) | Q(text__contains=typed))),
        lists.choice("state", _("State"), Promise.State.choices, "state"),
        lists.choice("keeper", _("Who keeps it"), me, apply=mine("keeper")),
        lists.dates("due", _("Kept by"), "due_at"),
        lists.one("who", _("Who keeps it"), "keeper", lambda request: queries.promises(_scope(request))),
        lists.flag("late", _("Overdue"), lambda rows: rows.filter(state="OPEN", due_at__lt=clock.now())),
        lists.flag("was_late", _("Kept too late"), lambda rows: rows.filter(state="KEPT", ended_at__gt=F("due_at")), more=True),
        lists.flag("rests", _("Rests on something"), lambda rows: rows.exclude(depends_on=""), more=True),
    ),
    views=(
        lists.View("open", _("To be kept"), "state=OPEN&sort=due"),
        lists.View("late", _("Overdue"), "late=1&sort=due", late=True),
        lists.View("broken", _("Not kept"), "state=BROKEN&sort=-due"),
        lists.View("all", _("All"), "sort=-due"),
    ),
)  # fmt: skip
