"""Pages of visits with the regulations in force: the week, one visit, lists, coverage, figures, print."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from zhike.people.tests.factories import MONDAY
from zhike.visits import actions, sheets
from zhike.visits.models import SyncEntry, Visit, WeekPlan

from .factories import DAY, a_closed_visit, a_shop, a_visit, fill

NEXT = (MONDAY.date() + dt.timedelta(days=7)).isoformat()


def signed_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"visits:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(client: Client, name: str, *args, **data):
    return client.post(reverse(f"visits:{name}", args=args), data)


@pytest.mark.rule("R004-09", "R004-10", "S004-06", "S004-07")
def test_a_week_is_drafted_changed_set_and_printed(cast):
    shop, other = a_shop(cast, "甲店"), a_shop(cast, "乙店")
    client = signed_in(cast.specialist)
    assert shop.name in page(client, "week", monday=NEXT)

    post(client, "make_plan", monday=NEXT)
    plan = WeekPlan.objects.get()
    assert {visit.customer for visit in plan.visits.all()} == {shop, other}
    visit = plan.visits.get(customer=other)
    post(client, "do", visit.pk, "remove")
    assert not plan.visits.filter(customer=other).exists()
    assert other.name in page(client, "plan", plan.pk)
    post(client, "add", plan.pk, customer=other.pk, on=NEXT)
    moved = plan.visits.get(customer=other)
    post(client, "do", moved.pk, "move", on=(plan.monday + DAY).isoformat())
    moved.refresh_from_db()
    assert moved.planned_on == plan.monday + DAY

    for row in plan.visits.all():
        post(client, "do", row.pk, "prepare", target="了解销售", focus="陈列", channel="SHOP")
    post(client, "set_plan", plan.pk)
    assert "甲店" in page(client, "print_plan", plan.pk, "F004-03", "html")
    plan.refresh_from_db()
    assert plan.state == "SET"
    assert plan.printed_at is not None
    assert client.get(reverse("visits:print_plan", args=[plan.pk, "F999", "html"])).status_code == 404


@pytest.mark.rule("R004-01")
def test_everybody_who_is_due_is_found_page_by_page(cast, monkeypatch):
    monkeypatch.setattr("zhike.visits.views._week.DUE", 2)
    shops = [a_shop(cast, f"店{n}") for n in range(5)]
    client = signed_in(cast.specialist)

    texts = [page(client, "week", monday=NEXT, due=number) for number in (1, 2, 3)]

    assert [sum(shop.name in text for shop in shops) for text in texts] == [2, 2, 1]
    assert all(any(shop.name in text for text in texts) for shop in shops)
    assert "1 to 2 of 5" in texts[0]


def test_a_public_holiday_is_named_above_the_plan(cast):
    text = page(signed_in(cast.specialist), "week", monday="2026-09-28")

    assert "10-01 National Day" in text


@pytest.mark.rule("S004-08", "S004-09", "T004-04")
def test_a_visit_is_filled_on_its_page_and_closed(cast):
    shop = a_shop(cast)
    client = signed_in(cast.specialist)
    post(client, "start", customer=shop.pk, kind="")
    visit = Visit.objects.get()
    text = page(client, "visit", visit.pk)
    assert "Visit kit" in text
    assert "The arrival is missing." in text

    post(client, "do", visit.pk, "arrive", why="no signal")
    answer = client.post(
        reverse("visits:check", args=[visit.pk]) + "?list=拜访工具", {"done": ["PEN", "NOTEBOOK"]}
    )
    assert answer.status_code == 302
    post(client, "do", visit.pk, "finding", line="MARKET:PRICE", text="涨价")
    post(client, "do", visit.pk, "nothing-MARKET")
    post(client, "do", visit.pk, "give", line="INFO:POLICY", text="新政策")
    post(client, "do", visit.pk, "guide", aspect="DISPLAY", finding="空位", demonstration="DISPLAY")
    refused = post(client, "do", visit.pk, "problem", kind="SUPPLY", text="缺货", in_authority="on")
    assert "reply time is missing" in refused.content.decode()
    post(client, "close", visit.pk)
    visit.refresh_from_db()
    assert visit.state == "UNDER_WAY"
    assert visit.checks["拜访工具"]["PEN"] is True
    assert visit.checks["拜访工具"]["PHONE"] is False
    assert visit.findings.filter(group="MARKET").count() == 7

    fill(visit, cast.specialist.party, MONDAY, but=("ARRIVED", "PLACE"))
    post(client, "do", visit.pk, "leave")
    post(client, "close", visit.pk)
    visit.refresh_from_db()
    assert visit.state == "CLOSED"
    assert "涨价" in page(client, "visit", visit.pk)
    assert "涨价" in page(client, "print_visit", visit.pk, "F004-04", "html")


@pytest.mark.rule("P004-04", "P004-05", "P004-03")
def test_lists_show_rows_and_take_answers(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}
    problem = actions.raise_problem(
        **given, text="缺货三天", kind="SUPPLY", in_authority=True, at_once=False, reply_by=MONDAY + DAY
    )
    guided = actions.guide(**given, aspect="DISPLAY", finding="空位多")
    actions.note_finding(**given, group="MARKET", kind="ILLEGAL", text="假烟线索")
    client = signed_in(cast.specialist)

    assert "缺货三天" in page(client, "problems")
    assert "空位多" in page(client, "guidance")
    assert "假烟线索" in page(client, "findings")
    assert visit.number in page(client, "list")
    post(client, "answer", problem.pk, answer="明天到货")
    post(client, "effect", guided.pk, effect="已整改")
    problem.refresh_from_db()
    guided.refresh_from_db()
    assert (problem.state, guided.effect) == ("ANSWERED", "已整改")


@pytest.mark.rule("R004-01", "P004-01", "ST002-57", "P001-24")
def test_coverage_and_figures_open_into_rows(cast):
    a_closed_visit(cast, a_shop(cast, "甲店"))
    a_shop(cast, "乙店")
    client = signed_in(cast.manager)

    text = page(client, "coverage")
    assert "乙店" in text
    assert "甲店" not in text
    text = page(client, "figures")
    assert "visited: 1 of 2" in text
    for note in ("P004-01", "P004-03", "P004-04", "P004-05", "P001-24", "ST002-57"):
        assert note in text


def test_what_a_device_sent_is_settled_on_the_page(cast):
    visit = a_closed_visit(cast)
    uid = "7b0e1c34-58a8-4c0f-9a8e-1d2f3a4b5c6d"
    actions.sync(
        entries=[{"uid": uid, "visit": str(visit.uid), "kind": "judge", "data": {"satisfaction": 1}, "made_at": MONDAY.isoformat(), "offset": 0}],
        by=cast.specialist.party, now=MONDAY,
    )  # fmt: skip
    client = signed_in(cast.specialist)

    assert "This visit is over." in page(client, "visit", visit.pk)
    post(client, "settle", uid, take="0", reason="重复")
    assert SyncEntry.objects.get(pk=uid).settled_at is not None


def test_a_colleague_sees_a_visit_and_does_not_change_it(cast):
    visit = a_visit(cast)
    client = signed_in(cast.taker)

    page(client, "visit", visit.pk)
    assert client.get(reverse("visits:do", args=[visit.pk, "judge"])).status_code == 403
    assert signed_in(cast.stranger).get(reverse("visits:visit", args=[visit.pk])).status_code == 404


def test_the_page_of_a_visit_names_sheets_and_what_the_phone_sent_in_the_readers_language(cast):
    visit = a_visit(cast, a_shop(cast, "甲店"))
    SyncEntry.objects.create(
        uid=uuid4(), visit_uid=visit.uid, visit=visit, kind="raise_problem", made_at=MONDAY, moment=MONDAY,
        received_at=MONDAY, by=cast.specialist.party, outcome="REFUSED", sentence="Say which problem.",
    )  # fmt: skip

    shown = page(signed_in(cast.specialist), "visit", visit.pk)

    assert "Problem or objection · Say which problem." in shown
    assert "raise_problem" not in shown
    assert [
        form.en for form in sheets.OF_VISIT.values() if form.code != "F001-54" and form.en not in shown
    ] == []
