"""A visit in its steps, what closing demands, and what follows from it (seed 004, 二2; D18)."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.customers.models import Contact, Interaction, Promise
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions, demands, rules
from zhike.visits.models import Finding, Visit

from .factories import DAY, HOUR, STROKES, a_closed_visit, a_shop, a_visit, fill, picture


def lacking(visit: Visit, now: dt.datetime = MONDAY) -> set[str]:
    return {one.key for one in demands.missing(visit, rules.rules_at(visit.unit_id, now))}


def owed(row, kind: str) -> list[Duty]:
    found = Duty.objects.open().filter(subject_label=row._meta.label, subject_id=row.pk, kind=kind)
    return list(found)


@pytest.mark.rule("T004-04", "R004-11", "R004-12", "R004-13", "R004-14", "T004-05", "S004-09")
def test_an_empty_visit_lacks_what_every_step_has_to_leave_behind(cast):
    shop = a_shop(cast)
    a_closed_visit(cast, shop, now=MONDAY - 14 * DAY)
    visit = a_visit(cast, shop)

    asked = demands.of(visit, rules.rules_at(visit.unit_id, MONDAY))

    assert {one.step for one in asked} == set(range(1, 9))
    assert lacking(visit) == {
        "CHECKS:拜访工具", "CHECKS:进店准备", "ARRIVED", "PLACE", "CHECKS:打招呼", "FINDINGS:市场信息", "PROBLEMS",
        "GIVEN:宣传信息", "GUIDED:指导方面",
        "FINDINGS:客户服务手册", "FINDINGS:拜访记录", "SIGNATURE", "CHECKS:告别", "NEXT", "LEFT",
    }  # fmt: skip
    with pytest.raises(actions.CannotClose) as refusal:
        actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)
    assert len(refusal.value.problems) == 15
    assert any("Visit kit" in line and "Signature pen" in line for line in refusal.value.problems)
    assert Interaction.objects.filter(customer=shop).count() == 1


@pytest.mark.rule("R004-11", "T004-05")
def test_the_kit_has_twelve_items_and_each_is_answered(cast):
    visit = a_visit(cast)
    kit = [code for code, _label in rules.rules_at(visit.unit_id, MONDAY).words("拜访工具")]

    assert len(kit) == 12
    actions.check(
        visit=visit,
        list="拜访工具",
        answers=dict.fromkeys(kit[:11], True),
        by=cast.specialist.party,
        now=MONDAY,
    )
    assert "CHECKS:拜访工具" in lacking(visit)
    actions.check(
        visit=visit, list="拜访工具", answers={kit[11]: False}, by=cast.specialist.party, now=MONDAY
    )
    assert "CHECKS:拜访工具" not in lacking(visit)
    with pytest.raises(actions.CannotVisit):
        actions.check(
            visit=visit, list="拜访工具", answers={"SWORD": True}, by=cast.specialist.party, now=MONDAY
        )


@pytest.mark.rule("R004-16", "R001-204", "R001-205", "R001-207", "R001-208", "R001-209", "T001-39")
def test_a_first_visit_is_flagged_and_has_its_own_checks(cast):
    shop = a_shop(cast)
    visit = a_visit(cast, shop)

    assert visit.kind == Visit.Kind.FIRST
    assert {"CHECKS:初次见面", "CHECKS:初次拜访检查", "FINDINGS:初访信息", "HOST"} <= lacking(visit)
    found = rules.rules_at(visit.unit_id, MONDAY)
    assert len(found.words("初次拜访检查")) + len(found.words("客户不在检查")) == 12
    fill(visit, cast.specialist.party, MONDAY)
    actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)
    later = Visit.objects.get(customer=shop, state=Visit.State.PLANNED)
    assert later.kind == Visit.Kind.PLANNED


@pytest.mark.rule("R001-205")
def test_every_person_present_gets_a_card(cast):
    visit = a_visit(cast)

    with pytest.raises(actions.CannotVisit, match="3 persons"):
        actions.host(
            visit=visit, name="王", position="店主", persons=3, cards=2, by=cast.specialist.party, now=MONDAY
        )
    actions.host(
        visit=visit, name="王", position="店主", persons=3, cards=3, by=cast.specialist.party, now=MONDAY
    )
    assert visit.cards == 3


def test_a_contact_of_the_file_brings_name_and_post(cast):
    visit = a_visit(cast)
    contact = Contact.objects.create(customer=visit.customer, name="赵工", post="采购主管")
    stranger = Contact.objects.create(customer=a_shop(cast, "别家"), name="钱工")
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    actions.host(**given, contact=contact)
    assert (visit.host, visit.host_position) == ("赵工", "采购主管")
    with pytest.raises(actions.CannotVisit, match="does not act"):
        actions.host(**given, contact=stranger)


@pytest.mark.rule("R001-206", "T001-39")
def test_when_the_customer_is_out_a_card_is_left_and_a_call_is_owed(cast):
    visit = a_visit(cast)
    actions.host(visit=visit, absent=True, by=cast.specialist.party, now=MONDAY)

    assert "FINDINGS:市场信息" not in lacking(visit)
    assert "CHECKS:客户不在检查" in lacking(visit)
    fill(visit, cast.specialist.party, MONDAY)
    actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)

    [call] = owed(visit, "visits.call")
    assert call.due_at.date() == (MONDAY + DAY).date()
    assert Visit.objects.get(customer=visit.customer, state="PLANNED").kind == Visit.Kind.FIRST


@pytest.mark.rule("R004-17")
def test_seven_kinds_are_asked_and_nothing_new_is_an_answer(cast):
    visit = a_visit(cast)
    words = rules.rules_at(visit.unit_id, MONDAY).words("市场信息")
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    assert len(words) == 7
    actions.note_finding(**given, group="MARKET", kind="ILLEGAL", text="对面摊点有假烟")
    assert "FINDINGS:市场信息" in lacking(visit)
    assert actions.nothing_new(**given, group="MARKET") == 6
    assert "FINDINGS:市场信息" not in lacking(visit)
    assert Finding.objects.get(visit=visit, kind="ILLEGAL").text == "对面摊点有假烟"


@pytest.mark.rule("R004-18", "T004-03", "R004-28")
@pytest.mark.parametrize(
    ("in_authority", "at_once", "urgent", "needs_others", "codes"),
    [
        (True, True, False, False, ["SOLVE"]),
        (True, True, True, False, ["SOLVE"]),
        (True, False, False, False, ["WEEKLY"]),
        (False, False, False, False, ["WEEKLY"]),
        (False, True, False, False, ["WEEKLY"]),
        (True, False, True, False, ["REPORT"]),
        (False, False, True, False, ["REPORT"]),
        (False, False, False, True, ["WEEKLY", "COORDINATE"]),
    ],
)
def test_what_is_done_about_a_problem(cast, in_authority, at_once, urgent, needs_others, codes):
    visit = a_visit(cast)
    reply = MONDAY + 3 * DAY

    problem = actions.raise_problem(
        visit=visit, text="缺货", kind="SUPPLY", by=cast.specialist.party, now=MONDAY, in_authority=in_authority,
        at_once=at_once, urgent=urgent, needs_others=needs_others, answer="已补", reply_by=reply,
    )  # fmt: skip

    assert problem.actions == codes
    if codes == ["SOLVE"]:
        assert (problem.state, problem.answer, problem.promise) == ("ANSWERED", "已补", None)
    else:
        assert problem.state == "OPEN"
        assert problem.promise.due_at == problem.reply_by == reply
        assert problem.promise.keeper == cast.specialist.party


@pytest.mark.rule("R004-18")
def test_a_problem_that_is_not_solved_needs_the_time_of_the_answer(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "text": "缺货", "kind": "SUPPLY", "by": cast.specialist.party, "now": MONDAY}

    with pytest.raises(actions.CannotVisit, match="reply time"):
        actions.raise_problem(**given, in_authority=True, at_once=False)
    with pytest.raises(actions.CannotVisit, match="solved on the spot"):
        actions.raise_problem(**given, in_authority=True, at_once=True)
    with pytest.raises(actions.CannotVisit):
        actions.raise_problem(**given, in_authority=True, at_once=False, reply_by=MONDAY - HOUR)
    assert visit.problems.count() == Promise.objects.count() == 0


@pytest.mark.rule("R004-27", "T004-03")
def test_an_urgent_problem_goes_to_the_leader_at_once(cast):
    visit = a_visit(cast)

    problem = actions.raise_problem(
        visit=visit, text="店里失窃", kind="OTHER", by=cast.specialist.party, now=MONDAY, in_authority=False,
        at_once=False, urgent=True, reply_by=MONDAY + HOUR,
    )  # fmt: skip

    [duty] = owed(visit, "visits.urgent")
    assert problem.reported_at == MONDAY
    assert duty.due_at <= MONDAY + HOUR
    assert duty.owner not in {None, cast.specialist.party}
    assert Message.objects.get(kind="visit_urgent").to == duty.owner
    actions.answer_problem(problem=problem, answer="已报警", by=duty.owner, now=MONDAY + HOUR / 2)
    assert owed(visit, "visits.urgent") == []


@pytest.mark.rule("R002-132", "R002-136", "P004-04")
def test_the_answer_keeps_the_promise(cast):
    visit = a_visit(cast)
    problem = actions.raise_problem(
        visit=visit, text="缺货", kind="SUPPLY", by=cast.specialist.party, now=MONDAY, in_authority=True,
        at_once=False, proposal="调剂", reply_by=MONDAY + DAY,
    )  # fmt: skip

    actions.answer_problem(problem=problem, answer="周三到货", by=cast.specialist.party, now=MONDAY + HOUR)

    problem.promise.refresh_from_db()
    assert (problem.state, problem.promise.state) == ("ANSWERED", "KEPT")
    with pytest.raises(actions.CannotVisit):
        actions.answer_problem(problem=problem, answer="再答", by=cast.specialist.party, now=MONDAY + HOUR)


@pytest.mark.rule("R004-20", "R004-21", "R004-22", "R002-122")
def test_guidance_looks_at_six_aspects_with_cause_advice_and_demonstration(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    assert len(rules.rules_at(visit.unit_id, MONDAY).words("指导方面")) == 6
    with pytest.raises(actions.CannotVisit):
        actions.guide(**given, aspect="DISPLAY")
    row = actions.guide(
        **given, aspect="DISPLAY", finding="有空位", cause="补货不及时", text="每天两次补货",
        praise="标价整齐", demonstration="DISPLAY", minutes=15,
    )  # fmt: skip
    assert (row.cause, row.demonstration, row.minutes) == ("补货不及时", "DISPLAY", 15)
    with pytest.raises(actions.CannotVisit):
        actions.guide(**given, aspect="DISPLAY", is_fine=True, demonstration="DANCE")
    actions.note_effect(guidance=row, effect="销量上升", by=cast.specialist.party, now=MONDAY + DAY)
    assert (row.effect, row.effect_at) == ("销量上升", MONDAY + DAY)


@pytest.mark.rule("R004-24", "S004-15")
def test_a_signature_or_a_reason_and_two_dots_are_no_signature(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}
    dots = [[[0.1, 0.1], [0.11, 0.1]], [[0.5, 0.5]]]

    with pytest.raises(actions.CannotVisit, match="no signature"):
        actions.sign(**given, file=picture(), signer="王老板", strokes=dots)
    assert "SIGNATURE" in lacking(visit)
    with pytest.raises(actions.CannotVisit, match="Say why"):
        actions.excuse(**given, demand="SIGNATURE", reason=" ")
    actions.excuse(**given, demand="SIGNATURE", reason="店主手伤")
    assert "SIGNATURE" not in lacking(visit)
    actions.sign(**given, file=picture(), signer="王老板", strokes=STROKES, latitude=30.1, longitude=120.2)
    assert visit.signature is not None
    assert visit.signed_at == MONDAY
    with pytest.raises(actions.CannotVisit, match="no reason"):
        actions.excuse(**given, demand="NEXT", reason="不知道")


@pytest.mark.rule("R004-25", "S004-16")
def test_the_next_date_lies_ahead_and_feeds_the_plan(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    for bad in (MONDAY.date(), MONDAY.date() - DAY):
        with pytest.raises(actions.CannotVisit):
            actions.set_next(**given, on=bad)
    fill(visit, cast.specialist.party, MONDAY, but=("NEXT",))
    with pytest.raises(actions.CannotClose, match="cannot be closed"):
        actions.close(**given)
    actions.set_next(**given, on=MONDAY.date() + 8 * DAY, at=dt.time(9, 30))
    actions.close(**given)

    planned = Visit.objects.get(customer=visit.customer, state="PLANNED")
    assert (planned.planned_on, planned.planned_at) == (MONDAY.date() + 8 * DAY, dt.time(9, 30))
    told = Interaction.objects.get(customer=visit.customer)
    assert (told.way, told.next_on) == ("VISIT", MONDAY.date() + 8 * DAY)
    assert visit.interaction == told


@pytest.mark.rule("R004-26", "T004-02")
def test_the_record_is_owed_on_the_day_and_late_stays_late(cast):
    visit = a_visit(cast)
    [duty] = owed(visit, "visits.record")

    assert duty.due_at.date() == MONDAY.date()
    fill(visit, cast.specialist.party, MONDAY + DAY)
    actions.close(visit=visit, by=cast.specialist.party, now=MONDAY + DAY)
    duty.refresh_from_db()
    assert visit.entered_on == MONDAY.date() + DAY
    assert visit.was_entered_late
    assert duty.state == "DONE"
    assert duty.is_late(MONDAY + DAY)
    assert not a_closed_visit(cast, a_shop(cast, "另一家")).was_entered_late


def test_nothing_is_added_to_a_visit_that_is_over(cast):
    visit = a_closed_visit(cast)

    with pytest.raises(actions.CannotVisit, match="over"):
        actions.note_finding(visit=visit, group="MARKET", kind="SALES", by=cast.specialist.party, now=MONDAY)
    assert not visit.findings.exclude(text="").exists()


def test_two_who_change_a_visit_at_once_do_not_overwrite_each_other(cast):
    visit = a_visit(cast)
    other = Visit.objects.get(pk=visit.pk)
    actions.judge(visit=visit, satisfaction=4, by=cast.specialist.party, now=MONDAY)

    with pytest.raises(actions.CannotVisit, match="meanwhile"):
        actions.judge(visit=other, satisfaction=1, by=cast.specialist.party, now=MONDAY)
    visit.refresh_from_db()
    assert visit.satisfaction == 4


def test_no_position_needs_a_reason_and_a_wrong_one_is_refused(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    with pytest.raises(actions.CannotVisit, match="position"):
        actions.arrive(**given)
    with pytest.raises(actions.CannotVisit, match="no place"):
        actions.arrive(**given, latitude=95, longitude=10)
    actions.arrive(**given, why="地下商场没有信号")
    assert (visit.place_why, visit.latitude) == ("地下商场没有信号", None)
    with pytest.raises(actions.CannotVisit, match="before the arrival"):
        actions.leave(**given, at=MONDAY - HOUR)


def test_a_skipped_visit_says_why(cast):
    visit = a_visit(cast)

    with pytest.raises(actions.CannotVisit):
        actions.skip(visit=visit, reason="", by=cast.specialist.party, now=MONDAY)
    actions.skip(visit=visit, reason="道路封闭", by=cast.specialist.party, now=MONDAY)
    assert (visit.state, visit.reason) == ("MISSED", "道路封闭")
    assert owed(visit, "visits.record") == []


@pytest.mark.rule("R004-19", "F004-06", "R001-211")
def test_what_was_given_and_how_it_was_taken(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    assert len(rules.rules_at(visit.unit_id, MONDAY).words("宣传信息")) == 5
    with pytest.raises(actions.CannotVisit, match="how many"):
        actions.give(**given, group="ITEM", topic="PRICE_TAGS")
    actions.give(**given, group="ITEM", topic="PRICE_TAGS", quantity=20)
    with pytest.raises(actions.CannotVisit, match="does not accept"):
        actions.give(**given, group="POLICY", topic="BANK_CARD", accepted=False)
    row = actions.give(
        **given,
        group="POLICY",
        topic="BANK_CARD",
        accepted=False,
        objection="取现手续费高",
        handling="说明结算免费",
    )
    assert (row.accepted, row.objection) == (False, "取现手续费高")


def test_a_photo_is_kept_once_and_no_other_file_is_a_photo(cast):
    from django.core.files.base import ContentFile

    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}

    one = actions.photo(**given, file=picture("front"), name="门头.png", kind="FRONT")
    assert actions.photo(**given, file=picture("front"), name="门头.png", kind="FRONT") == one
    assert visit.photos.count() == 1
    with pytest.raises(actions.CannotVisit):
        actions.photo(**given, file=ContentFile(b"%PDF-1.4 x"), name="x.pdf", kind="FRONT")
    assert visit.photos.count() == 1


def test_each_verb_leaves_its_row_in_the_trail(cast):
    visit = a_closed_visit(cast)
    codes = set(
        Entry.objects.filter(subject_label="visits.Visit", subject_id=visit.pk).values_list("code", flat=True)
    )

    assert {"visits.started", "visits.checked", "visits.arrived", "visits.signed", "visits.closed"} <= codes
