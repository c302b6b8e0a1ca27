"""Corrective action over HTTP: page, list, rows in the page, refusals; its forms and its place in the API."""

import copy
import datetime as dt
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhike.complaints import queries as case_queries
from zhike.complaints import sheets
from zhike.complaints.capa import actions, fishbone
from zhike.complaints.capa.models import CapaAction, CapaCause, CapaWhy
from zhike.complaints.capa.reading import dossier
from zhike.complaints.models import Capa
from zhike.complaints.regime import regime_of
from zhike.kernel import clock
from zhike.kernel.records import forms, values
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, at, browser
from .regimes import a_house, opened, step, walked
from .sheet_cases import when
from .test_api import Api, a_key
from .test_capa import (
    approved,
    closed_case,
    effect,
    finish,
    fresh,
    in_execution,
    planned,
    started,
)
from .test_capa_in_case import with_past
from .test_regime_factory import POSTS

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def _house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(MONDAY):
        yield a_house("mfg-complaints", POSTS)
        transaction.set_rollback(True)


@pytest.fixture
def house(_house, db):
    with clock.at(MONDAY):
        yield copy.deepcopy(_house)


@pytest.fixture
def lead(house):
    return browser(house["QUALITY_ENGINEER"], "en")


def url(name, *args):
    return reverse(f"complaints:{name}", args=args)


def post(client, address, **data):
    return client.post(address, data, headers=HTMX)


def text(page):
    return page.content.decode()


def data(code, complaint):
    filled = sheets.Filled(case_queries.file_of(complaint, findings=True), regime_of(complaint))
    return values.gather(forms.get(code), filled)


# ---- beginning


def test_who_works_the_case_begins_it_from_its_page(house, lead):
    complaint = opened(house, item="QUALITY")
    address = url("start_capa", complaint.pk)
    assert address in text(lead.get(url("detail", complaint.pk)))

    given = {"title": "内孔偏大", "lead": house["QUALITY_ENGINEER"].pk, "department": "机加工"}
    page = post(lead, address, **given)
    capa = Capa.objects.get()
    assert page["HX-Redirect"].endswith(url("capa", capa.pk)) or page["HX-Redirect"].endswith(
        url("detail", complaint.pk)
    )
    assert (capa.title, capa.department, capa.lead) == ("内孔偏大", "机加工", house["QUALITY_ENGINEER"].party)

    again = post(lead, address, **{**given, "title": "又一次"})
    assert (capa.number in text(again), "又一次" in text(again), Capa.objects.count()) == (True, True, 1)
    shown = text(lead.get(url("detail", complaint.pk)))
    assert capa.number in shown
    assert address not in shown


def test_any_other_regime_begins_one_by_hand(people):
    complaint = a_complaint(people)
    handler = browser(people.supervisor)
    post(handler, url("start_capa", complaint.pk), title="过期商品上架", lead=people.manager.pk)

    capa = Capa.objects.get()
    assert capa.unit == people.south
    assert browser(people.stranger).get(url("capa", capa.pk)).status_code == 404
    assert browser(people.manager).get(url("capa", capa.pk)).status_code == 200


# ---- rows in the page


@pytest.mark.rule("R001-183")
def test_whys_are_answered_in_the_page_and_a_refusal_keeps_what_was_typed(house, lead):
    capa = started(house)
    address = url("capa_whys", capa.pk)

    page = post(lead, address, chain=1, place=2, answer="没有首检规定")
    assert CapaWhy.objects.count() == 0
    assert ("no former answer" in text(page), "<html" in text(page)) == (True, False)
    # the form of a new chain carries what was typed
    assert 'value="没有首检规定"' in text(page)

    post(lead, address, chain=1, place=1, answer="内孔偏大")
    post(lead, address, chain=1, place=2, answer="没有对刀")
    last = CapaWhy.objects.get(place=2)
    page = post(lead, address, do="root", row=last.pk)
    assert "Root cause" in text(page)
    assert fresh(last).root
    post(lead, address, do="remove", row=last.pk)
    page = post(lead, address, do="remove", row=last.pk)
    assert "not there any more" in text(page)
    assert post(lead, address, chain=1, place="x", answer="?").status_code == 200
    assert CapaWhy.objects.count() == 1


@pytest.mark.rule("F001-50")
def test_the_fishbone_is_edited_as_rows_and_drawn(house, lead):
    capa = started(house)
    address = url("capa_causes", capa.pk)
    post(lead, address, category="METHOD", text="没有<b>首检")
    top = CapaCause.objects.get()
    post(lead, address, category="METHOD", text="旧版指导书", parent=top.pk)
    page = post(lead, address, do="verify", row=top.pk, verified="1")

    assert (fresh(top).verified, CapaCause.objects.get(parent=top).text) == (True, "旧版指导书")
    drawn = text(page)
    assert drawn.count("<svg") == 2
    assert ("没有&lt;b&gt;首检" in drawn, "没有<b>首检" in drawn) == (True, False)
    refused = post(lead, address, category="MAN", text="挂错类", parent=top.pk)
    assert "own category" in text(refused)
    assert 'value="挂错类"' in text(refused)


def test_the_drawing_has_all_six_categories_and_cuts_long_texts(house):
    capa = started(house)
    for number in range(9):
        actions.add_cause(
            capa=fresh(capa), category="MAN", text=f"{number}号原因" + "很长" * 30, by=capa.lead, now=MONDAY
        )

    drawn = fishbone.draw(dossier(capa).causes, "轴套" * 60, label="x")
    assert [drawn.count(f">{label}<") for label in CapaCause.Category.labels] == [2] * 6
    assert drawn.count("…") >= 19
    points = [float(number) for number in re.findall(r' y="(-?[\d.]+)"', drawn)]
    assert min(points) >= 0


def test_who_has_no_part_in_it_edits_nothing(people):
    capa = actions.start_capa(
        complaints=[a_complaint(people)], by=people.supervisor.party, lead=people.manager.party, now=MONDAY
    )
    for user in (people.employee, people.stranger):
        outsider = browser(user)
        assert outsider.get(url("capa", capa.pk)).status_code == 404
        assert (
            outsider.post(url("capa_whys", capa.pk), {"chain": 1, "place": 1, "answer": "x"}).status_code
            == 404
        )
    assert not CapaWhy.objects.exists()


def test_who_is_called_to_analyse_sees_it_and_writes_in_it(house):
    capa = started(house)
    called = house["SALES_REPRESENTATIVE"]
    actions.describe_capa(
        capa=capa,
        lead=capa.lead,
        department="",
        participants=[called.party],
        keywords="",
        by=capa.lead,
        now=MONDAY,
    )
    post(browser(called), url("capa_whys", capa.pk), chain=1, place=1, answer="报价时没有核对公差")
    assert CapaWhy.objects.get().by == called.party


# ---- verbs


@pytest.mark.rule("R001-183", "F001-50")
def test_plan_review_and_effect_over_the_page(house, lead):
    capa = started(house, closed_case(house))
    head = browser(house["DEPARTMENT_HEAD"], "en")
    refused = post(head, url("submit_capa", capa.pk))
    assert "no root cause yet" in text(refused)

    planned(house, capa)
    added = post(
        head,
        url("add_capa_action", capa.pk),
        kind="PREVENTIVE",
        what="刀补锁定",
        owner_post="QUALITY_HEAD",
        due_on="2026-03-20",
    )
    assert "HX-Redirect" in added, text(added)
    wrong = post(
        head, url("add_capa_action", capa.pk), kind="CORRECTIVE", what="无人负责", due_on="2026-03-20"
    )
    assert ("Name a person or a post" in text(wrong), "无人负责" in text(wrong)) == (True, True)
    post(head, url("submit_capa", capa.pk))
    assert fresh(capa).phase == "REVIEW"

    assert head.get(url("review_capa", capa.pk)).status_code == 403  # nobody reviews their own plan
    back = post(lead, url("review_capa", capa.pk), round=1, passed="0", reason="")
    assert "why it is sent back" in text(back)
    post(lead, url("review_capa", capa.pk), round=1, passed="0", reason="太浅")
    assert (fresh(capa).phase, "太浅" in text(lead.get(url("capa", capa.pk)))) == ("ANALYSIS", True)
    late = post(lead, url("review_capa", capa.pk), round=1, passed="1", reason="")
    assert "not due" in text(late)

    row = CapaAction.objects.get(what="刀补锁定")
    post(head, url("remove_capa_action", capa.pk, row.pk))
    assert not CapaAction.objects.filter(pk=row.pk).exists()
    post(head, url("submit_capa", capa.pk))
    post(lead, url("review_capa", capa.pk), round=2, passed="1", reason="可以")
    capa = approved(house, capa)
    row = capa.actions.get()
    owner = browser(house["QUALITY_HEAD"], "en")
    assert url("finish_capa_action", capa.pk, row.pk) in text(owner.get(url("capa", capa.pk)))
    post(owner, url("finish_capa_action", capa.pk, row.pk), evidence="首检记录")
    early = post(lead, url("close_capa", capa.pk), lesson="早关")
    assert "confirmed effect" in text(early)
    post(
        lead, url("check_capa_effect", capa.pk), round=2, effective="1", on="2026-03-09", evidence="三批合格"
    )
    post(lead, url("close_capa", capa.pk), lesson="换刀首检", change="")
    assert fresh(capa).phase == "CLOSED"


def test_the_stage_form_begins_with_what_stands_in_the_corrective_action(house):
    complaint = opened(house, item="QUALITY")
    capa = started(house, complaint)
    walked(complaint, until="原因和方案")
    planned(house, capa)

    page = browser(house["DEPARTMENT_HEAD"]).get(url("detail", complaint.pk))
    said = page.context["step_form"].initial["text"]
    assert ("换刀后没有对刀" in said, "换刀后首检" in said) == (True, True)


# ---- list and recurrence


def test_the_list_knows_what_is_open_overdue_waiting_and_closed(house, lead):
    capa = in_execution(house)

    def shown(view):
        return capa.number in text(lead.get(url("capas"), {"state": view}))

    assert [shown(view) for view in ("open", "late", "effect", "closed")] == [True, False, False, False]
    with clock.at(at(12, 9)):
        assert shown("late")
        finish(house, capa)
        assert [shown(view) for view in ("open", "late", "effect", "closed")] == [True, False, True, False]
    effect(house, fresh(capa))
    actions.close_capa(capa=fresh(capa), lesson="x", change="", by=capa.lead, now=at(12, 17))
    assert [shown(view) for view in ("open", "late", "effect", "closed")] == [False, False, False, True]


@pytest.mark.rule("R002-169", "R002-P05")
def test_the_page_shows_what_came_back_and_a_person_confirms_it(house, lead):
    old, former, capa = with_past(house)
    page = text(lead.get(url("capa", capa.pk)))
    assert f"Came back after a confirmed corrective action: {former.number}" in page

    post(lead, url("confirm_recurrence", capa.pk, old.pk), note="同一把刀")
    assert fresh(capa).recurs_capa == former
    assert f"although the effect of {former.number} had been confirmed" in text(
        lead.get(url("capa", capa.pk))
    )


def test_the_list_asks_as_often_for_many_as_for_one(house, lead, django_assert_max_num_queries):
    started(house)
    lead.get(url("capas"))
    with CaptureQueriesContext(connection) as one:
        lead.get(url("capas"))
    for _number in range(3):
        started(house)
    with django_assert_max_num_queries(len(one)):
        lead.get(url("capas"))


# ---- forms and API


@pytest.mark.rule("F001-50", "F001-49", "FM002-24")
def test_the_forms_read_the_corrective_action(house):
    complaint = opened(house, item="QUALITY", more={"lot": "L-07"})
    assert data("F001-50", complaint)["cause"] == ""
    capa = started(house, complaint)
    actions.add_action(
        capa=capa,
        kind="CONTAINMENT",
        what="隔离库存",
        owner=capa.lead,
        due_on=dt.date(2026, 3, 9),
        by=capa.lead,
        now=MONDAY,
    )
    walked(complaint, until="原因和方案")
    planned(house, fresh(capa))
    step(complaint)
    step(complaint, decision=True)
    planned(house, fresh(capa), what="改指导书", due=dt.date(2026, 3, 13))
    walked(complaint, until="执行措施")
    finish(house, capa, now=MONDAY)
    walked(complaint, until="归档")

    plan, sheet, tracking = (data(code, complaint) for code in ("F001-50", "F001-49", "FM002-24"))
    head = house["QUALITY_HEAD"].party.name
    assert plan["cause"] == "换刀后没有对刀\n内孔偏大 → 换刀后没有对刀"
    assert ("换刀后首检" in plan["plan"], "改指导书" in plan["plan"]) == (True, True)
    assert (plan["owner"], plan["due"]) == (head, when(at(13, 17, 30)))
    assert [(row["stage"][-1], row["decision"], row["text"]) for row in plan["rounds"]] == [
        ("1", "退回", "方案初审:已办"),
        ("2", "同意", "方案初审:已办"),
        ("2", "同意", "措施核准:已办"),
    ]
    assert plan["review_sign"]["name"] == house["QUALITY_ENGINEER"].party.name
    assert "首检记录 7 份" in plan["execution"]
    assert plan["effect"] == sheet["effect"] == tracking["improvement"] == "效果确认:已办"
    assert "隔离库存" in sheet["temporary"]
    assert (sheet["cause"], sheet["plan"]) == (plan["cause"], plan["plan"])
    assert (tracking["person"], tracking["planned"], tracking["reopened"]) == (head, plan["due"], ["否"])


@pytest.mark.rule("F001-50")
def test_a_manual_that_does_not_name_the_form_prints_it_all_the_same(people):
    complaint = a_complaint(people)
    manager = browser(people.manager)
    address = url("print", complaint.pk, "html") + "?form=F001-50"
    assert manager.get(address).status_code == 404
    capa = actions.start_capa(complaints=[complaint], by=people.manager.party, now=MONDAY)
    actions.add_cause(capa=capa, category="MACHINE", text="冷柜断电", by=people.manager.party, now=MONDAY)
    actions.verify_cause(cause=capa.causes.get(), verified=True, by=people.manager.party, now=MONDAY)
    assert "冷柜断电" in text(manager.get(address))


def test_the_api_reads_the_corrective_actions_of_a_complaint(people, client):
    complaint = a_complaint(people)
    capa = actions.start_capa(complaints=[complaint], by=people.supervisor.party, now=MONDAY)
    actions.answer_why(capa=capa, chain=1, place=1, answer="断电", by=people.supervisor.party, now=MONDAY)
    actions.mark_root(why=capa.whys.get(), by=people.supervisor.party, now=MONDAY)
    answer = Api(client, a_key(people.supervisor, "complaints:read")[1]).get(
        f"/{complaint.number}/corrective-actions"
    )

    (item,) = answer.json()["items"]
    found = (item["number"], item["phase"], item["root_cause"], item["whys"])
    assert found == (capa.number, "ANALYSIS", "断电", [["断电"]])
