"""Credit: survey with three signatures, rating by ruling, limit, changes, customers at risk."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from zhike.customers.archives import actions as archives
from zhike.customers.credit import actions, queries
from zhike.customers.models import (
    CreditChange,
    CreditRating,
    CreditRisk,
    CreditSignature,
    CreditSurvey,
    Sale,
)
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.records import actions as records
from zhike.people.tests.factories import MONDAY

from .care import interviewer, regulations, survey_supervisor
from .factories import a_customer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
GOOD = {
    "enterprise": "恒信贸易",
    "head": "钱多多",
    "bank": ["VERY_GOOD"],
    "attitude": ["PROMPT"],
    "trade": ["VERY_GOOD"],
    "neighbours": ["VERY_GOOD"],
    "accounting": ["COMPLETE"],
    "insured": ["YES"],
    "capital": "1000000",
    "dealings": "2020-03-01",
    "products": [{"kind": "饮料", "brand": "山泉", "month_volume": "120", "month_amount": "36000"}],
}
FAIR = {**GOOD, "bank": ["ORDINARY"], "attitude": ["FAIR"], "insured": ["NO"], "accounting": ["INCOMPLETE"]}


@pytest.fixture(name="people")
def _people(cast):
    regulations(cast)
    cast.users["interviewer"] = interviewer(cast)
    cast.users["survey_supervisor"] = survey_supervisor(cast)
    return cast


@pytest.fixture(name="customer")
def _customer(people):
    return a_customer(people.south_service, people.manager, "恒信贸易", kind="ORGANISATION")


def signed(people, customer, typed=None, *, now=MONDAY, decision=None):
    survey = actions.begin_survey(
        customer=customer, by=people.interviewer.party, now=now, typed=typed or GOOD
    )
    actions.sign_survey(survey=survey, by=people.interviewer.party, now=now)
    actions.sign_survey(survey=survey, by=people.manager.party, now=now, opinion="属实")
    actions.sign_survey(survey=survey, by=people.general_manager.party, now=now, decision=decision)
    return survey


@pytest.mark.rule("R002-173", "FM002-03")
def test_three_persons_sign_in_order_and_each_owes_the_next_signature(people, customer):
    survey = actions.begin_survey(customer=customer, by=people.interviewer.party, now=MONDAY, typed=GOOD)
    owed = [_owed(survey)]
    for by in (people.interviewer, people.manager, people.general_manager):
        actions.sign_survey(survey=survey, by=by.party, now=MONDAY)
        owed.append(_owed(survey))

    assert owed == [
        ("credit.survey", "柳如烟"),
        ("credit.review", "周启明"),
        ("credit.approval", "宋怀瑾"),
        None,
    ]
    steps = [(row.step, row.by.name, row.at) for row in survey.signatures.all()]
    assert steps == [(1, "柳如烟", MONDAY), (2, "周启明", MONDAY), (3, "宋怀瑾", MONDAY)]
    assert survey.state == CreditSurvey.State.RATED


def _owed(survey):
    duty = Duty.objects.open().filter(subject_label="customers.CreditSurvey", subject_id=survey.pk).first()
    return (duty.kind, duty.owner.name) if duty else None


@pytest.mark.rule("R002-173")
def test_nobody_signs_twice_neither_in_the_action_nor_in_the_table(people, customer):
    survey = actions.begin_survey(customer=customer, by=people.manager.party, now=MONDAY, typed=GOOD)
    actions.sign_survey(survey=survey, by=people.manager.party, now=MONDAY)

    with pytest.raises(actions.CannotCredit, match="signed this survey already"):
        actions.sign_survey(survey=survey, by=people.manager.party, now=MONDAY)
    assert survey.state == CreditSurvey.State.REVIEW
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditSignature.objects.create(survey=survey, round=1, step=2, by=people.manager.party, at=MONDAY)


@pytest.mark.rule("R002-173")
def test_an_incomplete_sheet_is_kept_as_a_draft_but_not_signed(people, customer):
    typed = {**GOOD, "capital": "", "attitude": []}
    survey = actions.begin_survey(customer=customer, by=people.interviewer.party, now=MONDAY, typed=typed)

    with pytest.raises(records.BadValues, match="Capital"):
        actions.sign_survey(survey=survey, by=people.interviewer.party, now=MONDAY)
    survey.refresh_from_db()
    assert (survey.state, survey.signatures.count()) == ("DRAFT", 0)
    assert survey.record.data["enterprise"] == "恒信贸易"


@pytest.mark.rule("R002-173")
def test_a_sheet_sent_back_keeps_its_number_and_is_signed_anew(people, customer):
    survey = actions.begin_survey(customer=customer, by=people.interviewer.party, now=MONDAY, typed=GOOD)
    actions.sign_survey(survey=survey, by=people.interviewer.party, now=MONDAY)
    number = survey.record.number

    actions.send_back(survey=survey, by=people.manager.party, now=MONDAY, reason="资本额无凭证")
    actions.save_survey(survey=survey, typed={"capital": "800000"}, by=people.interviewer.party, now=MONDAY)
    for by in (people.interviewer, people.manager, people.general_manager):
        actions.sign_survey(survey=survey, by=by.party, now=MONDAY)

    assert survey.record.number == number
    assert [(row.round, row.step, row.passed) for row in survey.signatures.all()] == [
        (1, 1, True),
        (1, 2, False),
        (2, 1, True),
        (2, 2, True),
        (2, 3, True),
    ]
    assert queries.current(customer).limit == Decimal("160000.00")


@pytest.mark.rule("S002-17", "R002-161")
def test_the_regulation_gives_score_grade_method_limit_and_the_day_of_review(people, customer):
    signed(people, customer)

    rating = queries.current(customer)
    # 20 bank + 30 attitude + 15 trade + 5 neighbours + 15 accounting + 5 insurance + 10 years
    assert rating.score == 100
    assert (rating.grade, rating.payment, rating.limit) == ("A", "MONTHLY", Decimal("200000.00"))
    assert (rating.needs_guarantee, rating.valid_to) == (False, dt.date(2027, 3, 9))
    assert rating.ruling.clause == "三(一)"
    assert [row[1] for row in rating.points] == ["20", "30", "15", "5", "15", "5", "10"]
    assert CreditRating.objects.get(customer=customer, until=None) == rating
    assert rating.ruling_id
    renew = Duty.objects.open().get(kind="credit.renew")
    assert (renew.owner.name, renew.clause) == ("江晚晴", "三(一)")


@pytest.mark.rule("S002-17")
def test_a_new_rating_ends_the_old_one_and_the_history_stays(people, customer):
    signed(people, customer)
    later = MONDAY + 200 * DAY
    signed(people, customer, FAIR, now=later)

    rows = [(row.grade, row.since, row.until) for row in CreditRating.objects.filter(customer=customer)]
    assert rows == [("C", later, None), ("A", MONDAY, later)]
    assert Duty.objects.open().filter(kind="credit.renew").count() == 1


@pytest.mark.rule("S002-17")
def test_a_decision_that_departs_from_the_ruling_needs_a_reason_and_keeps_both(people, customer):
    less = actions._survey.Decision("B", "PER_ORDER", Decimal(50000), "")
    with pytest.raises(actions.CannotCredit, match="needs a reason"):
        signed(people, customer, decision=less)
    survey = queries.under_way(customer)
    assert CreditRating.objects.count() == 0

    why = actions._survey.Decision("B", "PER_ORDER", Decimal(50000), "新址刚开业")
    survey.refresh_from_db()
    actions.sign_survey(survey=survey, by=people.general_manager.party, now=MONDAY, decision=why)
    rating = queries.current(customer)
    assert (rating.grade, rating.limit, rating.origin, rating.reason) == ("B", 50000, "DECIDED", "新址刚开业")
    assert rating.ruling.outcome["grade"] == "A"


@pytest.mark.rule("R002-161")
def test_the_signed_sheet_is_to_be_filed_in_the_credit_archive(people, customer):
    archive = archives.open_archive(
        customer=customer,
        kind="CREDIT",
        title="信用资料卷",
        place="3柜",
        by=people.survey_supervisor.party,
        now=MONDAY,
    )
    survey = signed(people, customer)

    item = archive.items.get()
    assert (item.title, item.medium) == (f"客户信用调查表 {survey.record.number}", "ELECTRONIC")
    assert Duty.objects.open().get(kind="archive.file").owner == people.survey_supervisor.party


# ---- the limit


@pytest.mark.rule("R002-176")
def test_a_sale_on_account_may_reach_the_limit_and_not_exceed_it_by_a_cent(people, customer):
    signed(people, customer)
    sell(people, customer, "150000")

    sell(people, customer, "50000")
    assert queries.open_balance(customer) == queries.limit(customer) == 200000
    with pytest.raises(actions.CannotSellOnAccount, match=r"200,000\.01 yuan would be owed"):
        sell(people, customer, "0.01")
    assert Sale.objects.count() == 2


def sell(people, customer, amount, **more):
    given = {"by": people.manager.party, "now": MONDAY, "due_on": dt.date(2026, 4, 8)} | more
    return actions.sell_on_account(customer=customer, product="饮料", amount=Decimal(amount), **given)


@pytest.mark.rule("R002-176")
def test_what_is_paid_frees_the_limit(people, customer):
    signed(people, customer)
    sale = sell(people, customer, "200000")

    actions.collect(sale=sale, amount=Decimal(80000), by=people.manager.party, now=MONDAY)

    assert queries.open_balance(customer) == 120000
    sell(people, customer, "80000")
    with pytest.raises(actions.CannotCredit, match="still owed"):
        actions.collect(sale=sale, amount=Decimal("120000.01"), by=people.manager.party, now=MONDAY)


@pytest.mark.rule("R002-176")
def test_only_power_and_reason_lead_over_the_limit_and_both_are_recorded(people, customer):
    signed(people, customer)

    with pytest.raises(actions.CannotSellOnAccount, match="power to override"):
        sell(people, customer, "300000", reason="老客户")
    assert not Entry.objects.filter(code="customers.credit_overridden").exists()
    sell(people, customer, "300000", reason="老客户", by=people.general_manager.party)

    entry = Entry.objects.get(code="customers.credit_overridden")
    assert (entry.by.name, entry.after["reason"]) == ("宋怀瑾", "老客户")
    assert queries.open_balance(customer) == 300000


@pytest.mark.rule("R002-176")
def test_without_rating_guarantee_or_validity_nothing_is_sold_on_account(people, customer):
    with pytest.raises(actions.CannotSellOnAccount, match="no credit rating"):
        sell(people, customer, "1")
    signed(people, customer, FAIR)
    rating = queries.current(customer)
    assert (rating.grade, rating.needs_guarantee, rating.limit) == ("C", True, 50000)
    with pytest.raises(actions.CannotSellOnAccount, match="asks for a guarantee"):
        sell(people, customer, "1")
    assert queries.limit(customer) == 0

    actions.take_guarantee(
        rating=rating, guarantor="恒信集团", amount=Decimal(50000), until=dt.date(2026, 4, 30),
        by=people.manager.party, now=MONDAY,
    )  # fmt: skip
    sell(people, customer, "1")
    with pytest.raises(actions.CannotSellOnAccount, match="guarantee ran out"):
        sell(people, customer, "1", now=MONDAY + 60 * DAY, due_on=dt.date(2026, 6, 8))
    with pytest.raises(actions.CannotSellOnAccount, match="ran out on 2026-09-09"):
        sell(people, customer, "1", now=MONDAY + 185 * DAY, due_on=dt.date(2026, 12, 8))


@pytest.mark.rule("R002-176")
def test_the_payment_method_of_the_rating_binds_sales(people, customer):
    signed(people, customer, {**GOOD, "attitude": ["LEAVES_BALANCE"]})

    assert queries.current(customer).payment == "IN_ADVANCE"
    risk = CreditRisk.objects.get(customer=customer)
    actions.end_risk(risk=risk, result="现款", by=people.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotSellOnAccount, match="not on account"):
        sell(people, customer, "1")


# ---- changes and risks


@pytest.mark.rule("R002-123")
def test_a_change_with_its_cause_opens_a_review_and_a_grave_one_stops_sales(people, customer):
    signed(people, customer)

    change = actions.enter_change(
        customer=customer, kind="BOUNCED", seen_on=dt.date(2026, 3, 6), sign="支票退票", cause="账户余额不足",
        source="银行通知", by=people.interviewer.party, now=MONDAY,
    )  # fmt: skip

    duty = Duty.objects.open().get(kind="credit.change")
    assert (duty.owner.name, duty.subject_id, duty.limit, duty.clause) == (
        "江晚晴",
        change.pk,
        "2个工作日内",
        "四(一)",
    )
    with pytest.raises(actions.CannotSellOnAccount, match="stopped"):
        sell(people, customer, "1")
    actions.review_change(change=change, result="已换票,维持等级", by=people.manager.party, now=MONDAY + DAY)
    change.refresh_from_db()
    assert change.rating == queries.current(customer)
    assert not Duty.objects.open().filter(kind="credit.change").exists()
    sell(people, customer, "1")


@pytest.mark.rule("R002-123")
def test_a_lesser_change_is_reviewed_too_but_sales_go_on(people, customer):
    signed(people, customer)
    actions.enter_change(
        customer=customer, kind="LATE", seen_on=dt.date(2026, 3, 6), sign="迟付十天", cause="回款慢",
        by=people.interviewer.party, now=MONDAY,
    )  # fmt: skip

    assert Duty.objects.open().get(kind="credit.change").limit == "10个工作日内"
    sell(people, customer, "1")
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditChange.objects.create(customer=customer, kind="LATE", seen_on=MONDAY.date(), sign="x", cause="", at=MONDAY, by=people.manager.party)  # fmt: skip


@pytest.mark.rule("S002-49", "FM002-29")
@pytest.mark.parametrize(
    ("days", "level", "measure"), [(14, "MEDIUM", "DUN"), (15, "HIGH", "STOP"), (59, "HIGH", "STOP"), (60, "HIGH", "LEGAL")]
)  # fmt: skip
def test_days_overdue_give_level_and_measure_of_a_risk(people, customer, days, level, measure):
    signed(people, customer)
    sale = sell(people, customer, "1000", due_on=dt.date(2026, 3, 9))
    now = MONDAY + days * DAY

    risk = actions.enter_risk(
        customer=customer, kind="PAYMENT", signs="货款未付", by=people.manager.party, now=now
    )

    assert (risk.level, risk.measure, risk.days_overdue, risk.outstanding) == (level, measure, days, 1000)
    assert (risk.limit, risk.use, risk.last_order_on) == (200000, Decimal("0.005"), sale.on)
    duty = Duty.objects.open().get(kind="credit.risk")
    assert (duty.owner, duty.due_at) == (risk.owner, risk.due_at)


@pytest.mark.rule("FM002-29")
def test_a_risk_ends_with_its_result_and_stands_once(people, customer):
    risk = actions.enter_risk(
        customer=customer, kind="LOSS", signs="三个月无订单", by=people.manager.party, now=MONDAY
    )
    with pytest.raises(actions.CannotRisk, match="stands on the list"):
        actions.enter_risk(customer=customer, kind="LOSS", signs="再次", by=people.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotRisk, match="result"):
        actions.end_risk(risk=risk, result=" ", by=people.manager.party, now=MONDAY)

    actions.end_risk(risk=risk, result="恢复订货", by=people.manager.party, now=MONDAY + DAY)

    assert not Duty.objects.open().filter(kind="credit.risk").exists()
    assert risk.state == "DONE"


@pytest.mark.rule("S002-17")
def test_a_grade_that_the_regulation_lists_puts_the_customer_on_the_risk_list(people, customer):
    signed(people, customer, {**GOOD, "attitude": ["LEAVES_BALANCE"]})

    risk = CreditRisk.objects.get(customer=customer)
    assert (risk.kind, risk.level, risk.measure) == ("CHANGE", "HIGH", "STOP")
