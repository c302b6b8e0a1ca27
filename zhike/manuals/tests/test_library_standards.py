"""Public commitments, service processes, phrases, departures, mission and the five questions."""

import datetime as dt
from importlib import resources

import pytest

from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING, NOTHING, Scope
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import access, actions, queries
from zhike.people.tests.factories import CHINA, MONDAY, cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)

PROMISES = """---
manual: care
title: 关怀制度
version: 1
owner: 客服部
---

# 关怀制度

## 一、期限

@参数 期限

| 名称 | 值 | 单位可改 | 条款 |
|---|---|---|---|
| 答复期限 | 3工作日 | [1工作日..5工作日] | 一 |
| 公示最少件数 | 4 | [2..50] | 一 |

## 二、承诺

@清单 公开承诺

| 名称 | 英文 | 事项 | 条款 | 目标 |
|---|---|---|---|---|
| {答复期限}内答复 | Answered within {答复期限} | 答复 | 一 | 80% |
"""


@pytest.fixture
def people():
    return cast()


def shipped(people, name="service-standards") -> ManualVersion:
    text = resources.files("zhike.manuals").joinpath(f"library/{name}.md").read_text("utf-8")
    return actions.publish_and_install(text=text, unit=people.mall, by=people.manager.party, now=MONDAY)


# --- public commitments


def promised(people) -> ManualVersion:
    return actions.publish_and_install(
        text=PROMISES, unit=people.mall, by=people.manager.party, now=MONDAY - 200 * DAY
    )


def answered(people, version, *, on: dt.date, late: bool, unit=None, secrecy=0, title="答复") -> Duty:
    """A duty to answer that fell due on a day, done an hour before or after."""
    unit = unit or people.south
    due = dt.datetime.combine(on, dt.time(12), CHINA)
    draft = duties.Draft(
        kind="complaint.reply",
        title=title,
        owner=people.specialist.party,
        began_at=due - DAY,
        due_at=due,
        clause="一",
        version_id=version.pk,
    )
    (duty,) = duties.open_duties([draft], subject=unit, unit_id=unit.pk, matter="投诉", secrecy=secrecy)
    done = due + dt.timedelta(hours=1 if late else -1)
    Duty.objects.filter(pk=duty.pk).update(state="DONE", done_at=done, done_by=people.specialist.party)
    return duty


def a_quarter(people, version) -> None:
    """Three answers in time and one late in the last quarter; others before, after, of another matter."""
    for day, late in ((3, False), (4, False), (5, False), (9, True)):
        answered(people, version, on=dt.date(2025, 12, day), late=late)
    answered(people, version, on=dt.date(2025, 9, 30), late=True)
    answered(people, version, on=dt.date(2026, 1, 1), late=True)
    answered(people, version, on=dt.date(2025, 12, 10), late=True, title="解决")
    answered(people, version, on=dt.date(2025, 12, 11), late=True, unit=people.fruit)


@pytest.mark.rule("R002-167")
@pytest.mark.rule("S002-07")
def test_a_commitment_is_measured_by_the_duties_of_its_clause_in_the_last_quarter(people):
    version = promised(people)
    a_quarter(people, version)

    (one,) = queries.commitments(people.south.pk, MONDAY)
    kept = queries.kept(one, people.south.pk, queries.last_quarter(MONDAY), MONDAY)

    assert (one.text, one.text_en) == ("3工作日内答复", "Answered within 3 working days")
    assert (kept.count, kept.in_time, kept.percent, kept.meets(one.target)) == (4, 3, "75.0 %", False)


@pytest.mark.rule("S002-07")
def test_a_house_promises_what_holds_there(people):
    promised(people)
    actions.set_parameters(
        key="care", unit=people.south, values={"答复期限": "1工作日"}, by=people.manager.party, now=MONDAY
    )

    assert queries.commitments(people.south.pk, MONDAY)[0].text == "1工作日内答复"
    assert queries.commitments(people.north.pk, MONDAY)[0].text == "3工作日内答复"
    assert queries.commitments(people.north.pk, MONDAY)[0].text_en == "Answered within 3 working days"
    assert queries.commitments(people.south.pk, MONDAY)[0].text_en == "Answered within 1 working day"


@pytest.mark.rule("R002-167")
def test_the_public_sees_a_share_and_a_count_only_from_the_least_number_on(people, client, monkeypatch):
    version = promised(people)
    a_quarter(people, version)
    monkeypatch.setattr("zhike.kernel.clock.now", lambda: MONDAY)

    page = client.get(f"/portal/commitments/{people.south.pk}/").content.decode()
    assert "75.0 %" in page
    assert people.specialist.party.name not in page
    assert f"/portal/complaints/new/{people.south.pk}/" in page or "/portal/complaints/" in page

    actions.set_parameters(
        key="care", unit=people.south, values={"公示最少件数": "5"}, by=people.manager.party, now=MONDAY
    )
    assert "75.0 %" not in client.get(f"/portal/commitments/{people.south.pk}/").content.decode()


@pytest.mark.rule("S002-07")
def test_staff_count_only_the_duties_that_they_may_see(people):
    version = promised(people)
    a_quarter(people, version)
    answered(people, version, on=dt.date(2025, 12, 12), late=True, secrecy=3)
    (one,) = queries.commitments(people.mall.pk, MONDAY)
    quarter = queries.last_quarter(MONDAY)
    north = Scope(party=people.stranger.pk, units=frozenset({people.north.pk}))
    south = Scope(party=people.taker.pk, units=frozenset({people.south.pk}))

    counts = [
        queries.kept(one, people.mall.pk, quarter, MONDAY, scope).count
        for scope in (north, south, EVERYTHING)
    ]

    assert counts == [0, 4, 5]
    assert [
        kept.count
        for kept in queries.kept_in([one], people.south.pk, queries.months(MONDAY), MONDAY, south)[0]
    ] == [0, 0, 4, 1, 0, 0]
    assert queries.duties_of(one, people.mall.pk, quarter, NOTHING).count() == 0


@pytest.mark.rule("R002-167")
@pytest.mark.parametrize("name", ["mall-complaints", "mfg-complaints"])
def test_shipped_commitments_name_clauses_and_figures_of_their_regulation(name):
    from zhike.kernel.policy.manual.reader import read

    text = resources.files("zhike.manuals").joinpath(f"library/{name}.md").read_text("utf-8")
    manual = read(text)

    rows = manual.lists["公开承诺"].rows
    titles = {word.name for word in manual.lists["时限事项"].words} | {
        stage.name for table in manual.stages for stage in table.stages
    }
    assert len(rows) == 3
    assert all(row.clause and row.cells["事项"].text in titles for row in rows)


# --- processes and phrases


@pytest.mark.rule("R003-27")
@pytest.mark.rule("F003-08")
@pytest.mark.rule("S002-06")
def test_each_type_of_service_has_defined_steps_with_standard_times(people, client):
    version = shipped(people)
    client.force_login(people.employee)

    found = queries.processes(people.south.pk, MONDAY)

    assert [one.name for one in found] == ["柜台接待", "电话受理", "投诉受理", "上门拜访", "结案回访"]
    assert all(step.time and step.standard and step.owner for one in found for step in one.steps)
    assert queries.processes(people.fruit.pk, MONDAY) == []
    printed = client.get(f"/manuals/processes/{version.key}/柜台接待/print/html/").content.decode()
    assert "迎接问候" in printed
    assert "服务标准流程" in printed


@pytest.mark.rule("R002-081")
@pytest.mark.rule("S002-06")
def test_phrases_are_found_by_scene_and_words_with_the_version_they_come_from(people):
    version = shipped(people)

    found = queries.phrases(people.south.pk, MONDAY)

    assert {"问候", "安抚", "答复", "回访"} <= {one.scene for one in found}
    assert {one.version for one in found} == {version}
    assert [one.scene for one in queries.phrases(people.south.pk, MONDAY, "抱歉")] == ["安抚"]
    assert len(queries.phrases(people.south.pk, MONDAY, "答复 抱歉")) == 0
    assert queries.phrases(people.fruit.pk, MONDAY) == []


@pytest.mark.rule("R002-081")
def test_phrases_are_at_hand_on_the_case_page(client):
    from tests.world import World

    world = World()
    shipped(world.people)
    client.force_login(world.people.specialist)

    page = client.get(f"/complaints/{world.complaint.pk}/").content.decode()
    picked = client.get(f"/manuals/phrases/?pick=1&unit={world.people.south.pk}&q=抱歉").content.decode()

    assert f"/manuals/phrases/?pick=1&amp;unit={world.people.south.pk}" in page
    assert picked.count("data-phrase=") == 1


# --- departures


def depart(people, **given):
    process = queries.processes(people.south.pk, MONDAY)[0]
    typed = {"step": "了解需要", "reason": "老人听力不好", "done": "写在纸上交谈", "effect": "十分钟办完"}
    return actions.record_departure(
        process=process, **(typed | given), unit=people.south, by=people.taker.party, now=MONDAY
    )


@pytest.mark.rule("R003-28")
@pytest.mark.rule("F003-09")
@pytest.mark.rule("S003-17")
def test_a_departure_needs_a_step_a_reason_and_an_effect(people):
    shipped(people)

    for wrong in ({"step": "跳舞"}, {"reason": ""}, {"effect": ""}):
        with pytest.raises(actions.CannotDepart):
            depart(people, **wrong)
    assert not queries.departures(EVERYTHING).exists()
    row = depart(people)

    assert (row.number, row.state) == ("GX-202603-001", "SUBMITTED")
    assert queries.departures_by_step(EVERYTHING) == {("柜台接待", "了解需要"): 1}


@pytest.mark.rule("F003-09")
def test_a_departure_recorded_from_a_case_leads_back_to_it_and_tells_nothing_of_it(client):
    from tests.world import World

    world = World()
    shipped(world.people)
    client.force_login(world.people.specialist)
    about = f"?about=complaints.Complaint:{world.complaint.pk}"

    typed = {"step": "0.2", "reason": "赶火车", "done": "先退款后补单", "effect": "没有误车"}
    answer = client.post(f"/manuals/departures/new/{about}", typed)

    (row,) = queries.departures(EVERYTHING)
    assert answer.url == f"/manuals/departures/{row.pk}/"
    assert (row.subject_label, row.subject_id) == ("complaints.Complaint", world.complaint.pk)
    assert world.complaint.title not in row.data["matter"]
    assert f"/complaints/{world.complaint.pk}/" in client.get(answer.url).content.decode()
    assert client.get("/manuals/departures/new/?about=complaints.Complaint:999999").status_code == 404


@pytest.mark.rule("R003-28")
@pytest.mark.rule("S003-17")
def test_a_second_person_reviews_and_may_mark_a_good_practice(people):
    shipped(people)
    row = depart(people)

    with pytest.raises(actions.CannotDepart):
        actions.review_departure(record=row, good=True, opinion="", by=people.taker.party, now=MONDAY)
    assert queries.good_practices() == []
    actions.review_departure(record=row, good=True, opinion="值得推广", by=people.manager.party, now=MONDAY)

    assert queries.good_practices() == [row]
    row.refresh_from_db()
    assert (row.data["approved_by"], row.data["good"]) == (people.manager.party.name, ["YES"])


def test_a_rejected_departure_does_not_count(people):
    shipped(people)
    row = depart(people)

    with pytest.raises(actions.CannotDepart):
        actions.void_departure(record=row, reason="不合规", by=people.taker.party, now=MONDAY)
    actions.void_departure(record=row, reason="不合规", by=people.manager.party, now=MONDAY)

    assert not queries.departures(EVERYTHING).exists()


def test_others_read_a_departure_only_once_it_is_an_example(people):
    from django.http import Http404

    shipped(people)
    row = depart(people)

    assert access.departure_for(people.taker, row.pk) == row
    assert access.departure_for(people.manager, row.pk) == row
    with pytest.raises(Http404):
        access.departure_for(people.stranger, row.pk)
    actions.review_departure(record=row, good=True, opinion="", by=people.manager.party, now=MONDAY)
    assert access.departure_for(people.stranger, row.pk) == row


# --- mission and the five questions

MISSION = {
    "customer": "让每位顾客买得放心",
    "society": "依法纳税,稳定就业",
    "environment": "节能减排",
    "shareholders": "稳健回报",
    "staff": "共同成长",
    "tests": ["EXPLICIT", "MOTIVATING", "ACHIEVABLE"],
    "concept": "把麻烦留给自己",
    "methods": "一线授权",
    "content": "售前售中售后",
    "form": "到店、电话、上门",
    "degree": "超出期望",
    "vision": "比同行更高的消费价值,顾客心中的首选",
}
ANSWERS = {
    "brand": "暖心",
    "release_on": "2026-04-01",
    "mission": "一",
    "customer": "二",
    "relation": "三",
    "beyond": "四",
    "product": "五",
}


def begin(people, code="S000-19", **typed):
    return actions.begin_sheet(code=code, typed=typed, by=people.manager.party, now=MONDAY)


def hold(people, row, now=MONDAY):
    actions.submit_sheet(record=row, by=people.manager.party, now=now)
    return actions.approve_sheet(record=row, opinion="", by=people.general_manager.party, now=now)


@pytest.mark.rule("R000-19")
@pytest.mark.rule("S000-19")
@pytest.mark.rule("R001-075")
def test_a_mission_has_five_sides_the_customer_first_and_four_derived_items(people):
    from zhike.manuals import sheets

    keys = [field.key for field in sheets.MISSION.fields]
    assert keys[:5] == ["customer", "society", "environment", "shareholders", "staff"]
    assert keys[keys.index("concept") :] == ["concept", "methods", "content", "form", "degree", "vision"]

    for missing in ("society", "degree", "concept"):
        row = begin(people, **(MISSION | {missing: ""}))
        with pytest.raises(actions.CannotState):
            actions.submit_sheet(record=row, by=people.manager.party, now=MONDAY)
        row.delete()
    hold(people, begin(people, **MISSION))

    assert queries.mission().current.data["vision"] == MISSION["vision"]


@pytest.mark.rule("R000-19")
def test_a_mission_is_explicit_motivating_and_achievable(people):
    row = begin(people, **(MISSION | {"tests": ["EXPLICIT", "MOTIVATING"]}))

    with pytest.raises(actions.CannotState):
        actions.submit_sheet(record=row, by=people.manager.party, now=MONDAY)


@pytest.mark.rule("S000-19")
def test_versions_of_the_mission_are_kept_and_one_is_on_its_way_at_a_time(people):
    first = hold(people, begin(people, **MISSION))
    begin(people, **(MISSION | {"customer": "新"}))

    with pytest.raises(actions.CannotState):
        begin(people, **MISSION)
    second = queries.mission().on_the_way
    assert queries.mission().current == first
    hold(people, second, MONDAY + DAY)

    assert (queries.mission().approved, queries.mission().number) == ([second, first], 2)


@pytest.mark.rule("R000-18")
@pytest.mark.rule("F000-12")
def test_a_brand_is_not_released_before_its_five_answers_are_filled_and_approved(people):
    on_the_day = dt.datetime(2026, 4, 1, 9, tzinfo=CHINA)
    for missing in ("mission", "customer", "relation", "beyond", "product"):
        row = begin(people, "F000-12", **(ANSWERS | {missing: ""}))
        with pytest.raises(actions.CannotState):
            actions.submit_sheet(record=row, by=people.manager.party, now=MONDAY)
        row.delete()
    row = begin(people, "F000-12", **ANSWERS)
    actions.submit_sheet(record=row, by=people.manager.party, now=MONDAY)

    assert not queries.is_released(queries.brands()[0], on_the_day)
    with pytest.raises(actions.CannotState):
        actions.approve_sheet(record=row, opinion="", by=people.manager.party, now=MONDAY)
    actions.approve_sheet(record=row, opinion="", by=people.general_manager.party, now=MONDAY)

    assert not queries.is_released(queries.brands()[0], on_the_day - DAY)
    assert queries.is_released(queries.brands()[0], on_the_day)


@pytest.mark.rule("R000-18")
def test_a_brand_cannot_be_meant_to_be_out_before_its_answers_are_handed_in(people):
    row = begin(people, "F000-12", **(ANSWERS | {"release_on": "2026-03-08"}))

    with pytest.raises(actions.CannotState):
        actions.submit_sheet(record=row, by=people.manager.party, now=MONDAY)


def test_a_sheet_sent_back_is_a_draft_again(people):
    row = begin(people, "F000-12", **ANSWERS)
    actions.submit_sheet(record=row, by=people.manager.party, now=MONDAY)

    again = actions.send_back_sheet(
        record=row, reason="再想想", by=people.general_manager.party, now=MONDAY + DAY
    )

    assert (again.state, again.data["brand"], again.pk != row.pk) == ("DRAFT", "暖心", True)
    assert [one.on_the_way for one in queries.brands()] == [again]
