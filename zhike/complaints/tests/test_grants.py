"""D12: valid complaints, special-case warranty and goodwill."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from zhike.complaints import actions, queries
from zhike.complaints.models import Complaint, Grant
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.scope import EVERYTHING, NOTHING
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures import approvals
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, at, browser
from .regimes import a_house, opened, owner_of, step, walked

pytestmark = pytest.mark.django_db
POSTS = ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"]
SPECIAL, GOODWILL = Grant.Kind.SPECIAL_CASE, Grant.Kind.GOODWILL
HTMX = {"HX-Request": "true"}


@pytest.fixture
def house(db):
    with clock.at(MONDAY):
        yield a_house("car-complaints", POSTS, taker="CUSTOMER_CENTRE")


def ask(house, complaint, kind=SPECIAL, **given):
    usual = {"amount": Decimal(3000), "reason": "节气门批次缺陷,超保两个月", "by": house["DEALER"].party}
    usual |= {"cost": Decimal(4200)} if kind == SPECIAL else {"form": "COST"}
    return actions.ask_grant(complaint=complaint, kind=kind, now=MONDAY, **{**usual, **given})


def decide(grant, user, agree=True, **given):
    return actions.decide_grant(
        grant=grant, agree=agree, by=user.party, now=at(9, 14), **{"opinion": "", **given}
    )


def approvers(grant):
    return list(grant.approval.steps.order_by("level").values_list("approver__name", flat=True))


def change(house, complaint, **more):
    actions.change_facts(
        complaint=complaint, more=more, reason="查明原因", by=house["DEALER"].party, now=MONDAY
    )
    complaint.refresh_from_db()
    return complaint.valid


# ---- valid complaints


@pytest.mark.rule("R001-158", "S001-059")
def test_a_complaint_is_judged_anew_whenever_its_facts_change(house):
    complaint = opened(house)
    assert complaint.valid is None

    assert change(house, complaint, fault_cause="WEAK_FOLLOW_UP") is False
    assert change(house, complaint, worsened="ESCALATED") is True
    assert change(house, complaint, fault_cause="PRODUCT") is False
    assert change(house, complaint, fault_cause="", worsened="") is None

    kept = Ruling.objects.filter(question="complaint.validity", subject_id=complaint.pk).order_by("id")
    assert [(ruling["valid"], ruling.clause) for ruling in kept] == [
        (False, "三(七)"),
        (True, "三(七)"),
        (False, "三(七)"),
    ]


@pytest.mark.rule("S001-059", "T001-11")
@pytest.mark.parametrize(("cause", "valid"), [("BY_ATTITUDE", True), ("PRODUCT", False), ("", None)])
def test_a_complaint_is_judged_when_it_closes(house, cause, valid):
    complaint = opened(house, more={"fault_cause": cause})
    walked(complaint)

    complaint.refresh_from_db()
    assert (complaint.is_open, complaint.valid) == (False, valid)
    assert Ruling.objects.filter(question="complaint.validity").count() == (0 if valid is None else 1)


def test_a_manual_that_does_not_ask_leaves_validity_alone(people):
    complaint = a_complaint(people)
    actions.change_facts(
        complaint=complaint, item="EXPIRED", reason="查明", by=people.supervisor.party, now=MONDAY
    )

    page = browser(people.supervisor, "en").get(reverse("complaints:detail", args=[complaint.pk]))
    assert Complaint.objects.get().valid is None
    assert "Valid complaint" not in page.content.decode()
    assert "goodwill" not in page.content.decode()


@pytest.mark.rule("R001-158")
def test_the_case_page_says_whether_the_complaint_is_valid_and_by_which_clause(house):
    complaint = opened(house)
    dealer = browser(house["DEALER"], "en")
    address = reverse("complaints:detail", args=[complaint.pk])

    assert ("Valid complaint", "Not judged yet") in dealer.get(address).context["properties"]
    change(house, complaint, fault_cause="BY_ATTITUDE")
    assert ("Valid complaint", "Yes · 三(七)") in dealer.get(address).context["properties"]


@pytest.mark.rule("R001-159")
def test_only_valid_complaints_are_counted_for_each_dealer(house):
    causes = ["BY_ATTITUDE", "BY_TECHNIQUE", "PRODUCT", ""]
    for dealer, judged in (("城东服务站", causes), ("城西服务站", causes[1:])):
        for cause in judged:
            change(house, opened(house, more={"dealer": dealer}), fault_cause=cause)
    void = opened(house, more={"dealer": "城西服务站"})
    change(house, void, fault_cause="BY_ATTITUDE")
    actions.void(complaint=void, reason="重复登记", by=house["taker"].party, now=MONDAY)

    found = queries.valid_by_dealer(EVERYTHING, at(9, 0), at(10, 0))
    assert found == {"城东服务站": 2, "城西服务站": 1}
    assert queries.valid_by_dealer(EVERYTHING, at(10, 0), at(11, 0)) == {}
    assert queries.valid_by_dealer(NOTHING, at(9, 0), at(10, 0)) == {}


# ---- applications


@pytest.mark.rule("A001-64")
def test_special_case_and_goodwill_stand_in_one_complaint_and_are_decided_apart(house):
    complaint = opened(house)
    special = ask(house, complaint)
    goodwill = ask(house, complaint, GOODWILL, form="MAINTENANCE", amount=Decimal(600))

    assert approvers(special) == [house["TECHNICAL_SUPPORT"].party.name]
    assert approvers(goodwill) == [house["CUSTOMER_CENTRE"].party.name]
    decide(special, house["TECHNICAL_SUPPORT"])
    decide(goodwill, house["CUSTOMER_CENTRE"], agree=False, opinion="没有依据")

    rows = Grant.objects.values_list("kind", "state", "cost", "asked", "granted", "form", "clause")
    assert list(rows) == [
        (SPECIAL, "GRANTED", Decimal(4200), Decimal(3000), Decimal(3000), "", "三(五)"),
        (GOODWILL, "REFUSED", None, Decimal(600), None, "MAINTENANCE", "六"),
    ]
    kept = Ruling.objects.filter(question="complaint.approval")
    assert {grant.ruling for grant in Grant.objects.all()} == set(kept)
    told = Entry.objects.filter(code__startswith="complaints.grant").order_by("id")
    assert [entry.code.removeprefix("complaints.grant_") for entry in told] == [
        "asked",
        "asked",
        "decided",
        "decided",
    ]


@pytest.mark.rule("F001-44")
def test_goodwill_above_the_limit_goes_to_the_general_manager_as_well(house):
    grant = ask(house, opened(house), GOODWILL, amount=Decimal("5000.01"))

    decide(grant, house["CUSTOMER_CENTRE"])
    assert grant.state == "ASKED"
    decide(grant, house["GENERAL_MANAGER"])
    assert (grant.state, grant.granted) == ("GRANTED", Decimal("5000.01"))
    assert grant.decided_by == house["GENERAL_MANAGER"].party


@pytest.mark.rule("R001-156")
@pytest.mark.parametrize("amount", ["4200", "4200.01", "0", "-1"])
def test_never_the_full_repair_cost_is_asked_for(house, amount):
    complaint = opened(house)

    with pytest.raises(actions.CannotGrant):
        ask(house, complaint, amount=Decimal(amount))
    assert not Grant.objects.exists()
    assert ask(house, complaint, amount=Decimal("4199.99")).pk


@pytest.mark.rule("R001-156")
@pytest.mark.parametrize(
    "given",
    [
        {"reason": ""},
        {"reason": " \n"},
        {"cost": None},
        {"form": "COST"},
        {"kind": GOODWILL, "form": ""},
        {"kind": GOODWILL, "reason": " "},
        {"kind": "GIFT"},
    ],
)
def test_an_application_that_is_not_complete_is_refused(house, given):
    with pytest.raises(actions.CannotGrant):
        ask(house, opened(house), **given)
    assert not Grant.objects.exists()


@pytest.mark.rule("R001-156", "F001-43")
def test_who_decides_a_special_case_may_grant_less_and_says_why(house):
    grant = ask(house, opened(house))
    support = house["TECHNICAL_SUPPORT"]

    for amount, opinion in (("2000", ""), ("3000.01", "多给"), ("4200", "全部"), ("0", "不给")):
        with pytest.raises(actions.CannotGrant):
            decide(grant, support, amount=Decimal(amount), opinion=opinion)
    grant.refresh_from_db()
    assert (grant.state, grant.granted) == ("ASKED", None)

    decide(grant, support, amount=Decimal("2100"), opinion="工时自理")
    assert (grant.state, grant.cost, grant.granted) == ("GRANTED", Decimal(4200), Decimal(2100))
    assert grant.ratio == Decimal("50.0")
    lowered = Entry.objects.get(code="complaints.grant_lowered")
    assert lowered.after["opinion"] == "工时自理"


def test_what_one_level_has_lowered_the_next_does_not_raise(house):
    grant = ask(house, opened(house), GOODWILL, amount=Decimal(8000))
    decide(grant, house["CUSTOMER_CENTRE"], amount=Decimal(6000), opinion="部分")

    with pytest.raises(actions.CannotGrant):
        decide(grant, house["GENERAL_MANAGER"], amount=Decimal(7000), opinion="多给")
    decide(grant, house["GENERAL_MANAGER"])
    assert grant.granted == Decimal(6000)


@pytest.mark.rule("R001-156")
@pytest.mark.parametrize(
    "columns",
    [
        {"granted": Decimal(4200)},
        {"asked": Decimal(4200)},
        {"cost": None},
        {"reason": ""},
        {"granted": Decimal(3001)},
        {"state": "GRANTED", "granted": Decimal(100)},
        {"form": "COST"},
    ],
)
def test_the_database_keeps_a_grant_below_the_cost_with_its_reason(house, columns):
    grant = ask(house, opened(house))

    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(**columns)


def test_nobody_decides_their_own_and_only_whose_turn_it_is(house):
    own = ask(house, opened(house), by=house["TECHNICAL_SUPPORT"].party)
    assert house["TECHNICAL_SUPPORT"].party.name not in approvers(own)
    other = ask(house, opened(house))

    for grant, user in ((own, "TECHNICAL_SUPPORT"), (other, "DEALER"), (other, "CUSTOMER_CENTRE")):
        with pytest.raises(actions.CannotGrant):
            decide(grant, house[user])
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=other.pk).update(
            state="GRANTED", granted=Decimal(1), decided_by=house["DEALER"].party
        )


def test_of_each_kind_one_is_under_way_and_a_refused_one_may_be_asked_again(house):
    complaint = opened(house)
    first = ask(house, complaint)

    with pytest.raises(actions.CannotGrant):
        ask(house, complaint, amount=Decimal(10))
    decide(first, house["TECHNICAL_SUPPORT"], agree=False, opinion="没有照片")
    with pytest.raises(actions.CannotGrant):
        decide(first, house["TECHNICAL_SUPPORT"])
    second = ask(house, complaint, amount=Decimal(10))
    approvals.withdraw(approval=second.approval, by=house["DEALER"].party, now=MONDAY)
    second.refresh_from_db()

    assert (second.state, second.decided_by, second.granted) == ("WITHDRAWN", None, None)
    assert ask(house, complaint).pk


def test_a_decision_on_the_page_of_approvals_grants_what_was_asked(house):
    grant = ask(house, opened(house))
    approvals.decide(
        approval=grant.approval, decision="YES", opinion="", by=house["TECHNICAL_SUPPORT"].party, now=MONDAY
    )

    grant.refresh_from_db()
    assert (grant.state, grant.granted) == ("GRANTED", Decimal(3000))


def test_a_case_with_an_application_under_way_is_neither_carried_out_nor_voided(house):
    complaint = opened(house)
    walked(complaint, until="执行方案")
    grant = ask(house, complaint)

    with pytest.raises(actions.CannotStep):
        step(complaint, by=owner_of(complaint))
    with pytest.raises(actions.CannotVoid):
        actions.void(complaint=complaint, reason="重复", by=house["taker"].party, now=MONDAY)
    decide(grant, house["TECHNICAL_SUPPORT"], agree=False, opinion="不符")
    complaint.refresh_from_db()
    assert step(complaint) == "答复客户"


def test_a_closed_complaint_and_a_manual_without_special_cases_take_no_application(house, people):
    closed = opened(house)
    walked(closed)

    with pytest.raises(actions.CannotGrant):
        ask(house, closed)
    for kind in (SPECIAL, GOODWILL):
        with pytest.raises(actions.CannotGrant):
            ask(house, a_complaint(people), kind, by=people.supervisor.party)


# ---- pages


@pytest.mark.rule("F001-43", "F001-44", "A001-64")
def test_both_are_asked_for_and_decided_from_the_case_page(house):
    complaint = opened(house, more={"repair_cost": "4200.00"})
    page = reverse("complaints:detail", args=[complaint.pk])
    dealer, support = browser(house["DEALER"], "en"), browser(house["TECHNICAL_SUPPORT"], "en")
    special, goodwill = (
        reverse("complaints:ask_grant", args=[complaint.pk, kind]) for kind in (SPECIAL, GOODWILL)
    )
    walked(complaint, until="提出方案")

    text = dealer.get(page).content.decode()
    assert special in text
    assert goodwill in text
    assert 'value="4200.00"' in dealer.get(special, headers=HTMX).content.decode()
    refused = dealer.post(special, {"cost": "4200", "amount": "4200", "reason": "缺陷"})
    assert "never all of it" in refused.content.decode()
    answer = dealer.post(special, {"cost": "4200", "amount": "3,000", "reason": "缺陷"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    dealer.post(goodwill, {"form": "MAINTENANCE", "amount": "600", "reason": "挽回信任"})

    grant = Grant.objects.get(kind=SPECIAL)
    decision = reverse("complaints:decide_grant", args=[complaint.pk, grant.pk])
    assert decision not in dealer.get(page).content.decode()
    assert decision in support.get(page).content.decode()
    assert dealer.post(decision, {"agree": "1"}).status_code == 403
    support.post(decision, {"agree": "1", "amount": "2100", "opinion": "工时自理"})

    text = dealer.get(page).content.decode()
    assert all(said in text for said in ("2,100.00 · 50.0 %", "Free maintenance", "挽回信任", "Asked for"))


def test_an_unknown_kind_and_a_grant_of_another_complaint_are_not_found(house):
    complaint, other = opened(house), opened(house)
    walked(complaint, until="提出方案")
    grant = ask(house, other)

    asked = browser(house["DEALER"]).post(reverse("complaints:ask_grant", args=[complaint.pk, "GIFT"]))
    decided = browser(house["TECHNICAL_SUPPORT"]).post(
        reverse("complaints:decide_grant", args=[complaint.pk, grant.pk]), {"agree": "1"}
    )
    assert (asked.status_code, decided.status_code) == (404, 404)
