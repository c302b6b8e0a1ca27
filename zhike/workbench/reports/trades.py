"""The contributors of the trades that are there: duties, upkeep, contacts, promises, complaints, requests, visits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Count, F, Q
from django.urls import reverse

from zhike.complaints import queries as complaints
from zhike.customers.contacts import queries as contacts
from zhike.customers.models import Interaction
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies.figures import Ratio
from zhike.kernel.tallies.periods import Period
from zhike.people.requests import queries as requests
from zhike.tracking import queries as tracking
from zhike.workbench.models import CustomerMessage

from .contributors import Contributor, Line, register

IN_TIME = Q(state=Duty.State.DONE, done_at__lte=F("due_at"))


def own(author: Party) -> Scope:
    """Rows on which the author is named, and no others."""
    return Scope(party=author.pk, secrecy=9)


def days(period: Period, key: str) -> dict[str, str]:
    return {f"{key}_from": period.first.isoformat(), f"{key}_to": period.last.isoformat()}


def link(name: str, **conditions: Any) -> str:
    return f"{reverse(name)}?{urlencode({'view': '-', **conditions})}"


def _owed(author: Party, period: Period, **more: Any) -> Any:
    """Duties of the author that fell due in the period."""
    rows = Duty.objects.filter(owner=author, state__in=["OPEN", "DONE"], **period.within("due_at"), **more)
    return rows.aggregate(due=Count("id"), made=Count("id", filter=IN_TIME))


def duty_ratios(author: Party, period: Period) -> dict[str, Ratio]:
    found = _owed(author, period)
    return {"DUTIES": Ratio(found["made"], found["due"])}


def duty_lines(author: Party, period: Period) -> Iterator[Line]:
    found = _owed(author, period)
    yield Line(
        "SERVICE", "应办事项", "Duties", found["due"],
        link("workbench:duties", who=author.pk, **days(period, "due")),
    )  # fmt: skip
    yield Line(
        "SERVICE", "其中按期办理", "of them in time", found["made"],
        link("workbench:duties", who=author.pk, state="made", **days(period, "due")),
    )  # fmt: skip


def contact_lines(author: Party, period: Period) -> Iterator[Line]:
    rows = contacts.interactions(own(author)).filter(by=author, **period.within("at")).order_by()
    said = dict(rows.select_related(None).values_list("way").annotate(n=Count("id")))
    total = sum(said.values())
    yield Line(
        "VISITS", "上门", "Visits and rounds", said.get(Interaction.Way.VISIT, 0),
        link("customers:contacts", way="VISIT", by=author.pk, **days(period, "at")),
    )  # fmt: skip
    yield Line(
        "VISITS", "电话和其他联络", "Telephone and other contacts", total - said.get("VISIT", 0),
        link("customers:contacts", apart=1, by=author.pk, **days(period, "at")),
    )  # fmt: skip
    areas = (
        rows.filter(way="VISIT").exclude(customer__region="").values("customer__region").distinct().count()
    )
    yield Line("ROUTE", "到过的片区", "Areas visited", areas)
    promises = contacts.promises(own(author)).filter(keeper=author, **period.within("due_at"))
    yield Line(
        "SERVICE", "到期承诺", "Promises due", promises.count(),
        link("customers:promises", who=author.pk, **days(period, "due")),
    )  # fmt: skip


def promise_ratios(author: Party, period: Period) -> dict[str, Ratio]:
    rows = contacts.promises(own(author)).filter(keeper=author, **period.within("due_at"))
    return {"PROMISES": Ratio(rows.filter(state="KEPT", ended_at__lte=F("due_at")).count(), rows.count())}


def tracking_lines(author: Party, period: Period) -> Iterator[Line]:
    found = _owed(author, period, kind__startswith="tracking.")
    yield Line(
        "VISITS", "到期联络", "Contacts due", found["due"],
        link("workbench:duties", who=author.pk, of="tracking", **days(period, "due")),
    )  # fmt: skip
    noticed = tracking.observations(own(author)).filter(by=author, **period.within("at")).order_by()
    yield Line("INFORMATION", "记录的客户情况", "Changes noticed at customers", noticed.count())
    open_ones = noticed.filter(state="OPEN").count()
    yield Line("PROBLEMS", "其中未解决", "of them not settled", open_ones)


def tracking_ratios(author: Party, period: Period) -> dict[str, Ratio]:
    found = _owed(author, period, kind__startswith="tracking.")
    return {"CONTACTS": Ratio(found["made"], found["due"])}


def complaint_lines(author: Party, period: Period) -> Iterator[Line]:
    rows = complaints.bare(own(author)).filter(handler=author)
    opened = rows.filter(**period.within("opened_at")).count()
    yield Line(
        "PROBLEMS",
        "承办投诉",
        "Complaints handled",
        opened,
        link("complaints:list", who=author.pk, **days(period, "opened")),
    )


def request_lines(author: Party, period: Period) -> Iterator[Line]:
    rows = requests.requests(own(author)).filter(asked_by=author, **period.within("asked_at")).order_by()
    asked = rows.count()
    yield Line(
        "PROBLEMS",
        "提交反馈和协调事项",
        "Problems fed back",
        asked,
        link("people:requests", who=author.pk, **days(period, "asked")),
    )
    answered = rows.exclude(answered_at=None).count()
    yield Line("PROBLEMS", "其中已答复", "of them answered", answered)


def message_lines(author: Party, period: Period) -> Iterator[Line]:
    answered = CustomerMessage.objects.filter(replied_by=author, **period.within("replied_at")).count()
    yield Line(
        "SERVICE", "答复客户留言", "Messages answered", answered,
        link("workbench:messages", who=author.pk, **days(period, "replied")),
    )  # fmt: skip


def message_ratios(author: Party, period: Period) -> dict[str, Ratio]:
    found = _owed(author, period, kind="message.answer")
    return {"MESSAGES": Ratio(found["made"], found["due"])}


def visit_lines(author: Party, period: Period) -> Iterator[Line]:
    rows = _visits(author, period)
    if rows is not None:
        said = {"manager": author.pk, **days(period, "on")}
        found = rows.aggregate(
            planned=Count("pk"), done=Count("pk", filter=Q(state="CLOSED")),
            pleased=Count("pk", filter=Q(state="CLOSED", satisfaction__gte=4)),
        )  # fmt: skip
        yield Line("VISITS", "计划拜访", "Visits planned", found["planned"], link("visits:list", **said))
        yield Line(
            "VISITS", "完成拜访", "Visits done", found["done"], link("visits:list", state="CLOSED", **said)
        )
        yield Line(
            "SERVICE", "拜访时表示满意的客户", "Customers satisfied at visits", found["pleased"],
            link("visits:list", pleased=1, **said),
        )  # fmt: skip


def visit_ratios(author: Party, period: Period) -> dict[str, Ratio]:
    rows = _visits(author, period)
    return {} if rows is None else {"VISITS": Ratio(rows.filter(state="CLOSED").count(), rows.count())}


def _visits(author: Party, period: Period) -> Any:
    """Visits of the author, where that trade is installed."""
    if not apps.is_installed("zhike.visits"):
        return None
    visits: Any = apps.get_app_config("visits").get_model("Visit")
    return visits._default_manager.filter(
        manager=author, planned_on__gte=period.first, planned_on__lt=period.after
    )


def register_all() -> None:
    register("duties", Contributor(duty_lines, duty_ratios))
    register("contacts", Contributor(contact_lines, promise_ratios))
    register("tracking", Contributor(tracking_lines, tracking_ratios))
    register("complaints", Contributor(complaint_lines))
    register("requests", Contributor(request_lines))
    register("messages", Contributor(message_lines, message_ratios))
    register("visits", Contributor(visit_lines, visit_ratios))
