"""Plans and reports: opened with their deadline, filled in from the records, submitted whole, adjusted, commented."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from zhike.customers.contacts import actions as contacts
from zhike.customers.grading import actions as grading
from zhike.customers.grading.standard import items_of
from zhike.customers.models import Customer, Evaluation
from zhike.customers.tests.factories import a_customer
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import calendars
from zhike.people.requests import actions as ask
from zhike.people.requests import actions as requests
from zhike.people.tests.factories import MONDAY, a_user, appoint
from zhike.people.tests.rules import in_force
from zhike.workbench.messages import actions as messages
from zhike.workbench.models import Gap, Measure, Report, Version
from zhike.workbench.questions import WORKS
from zhike.workbench.reports import access, actions, queries, regulation
from zhike.workbench.reports.actions._writing import measures_before, missing

DAY = dt.timedelta(days=1)
PLAN = {
    "FREQUENCY": "A类每周一次", "ROUTE": "周一城南", "INFORMATION": "竞品价格", "BRANDS": "新品陈列", "SERVICE": "月底回访",
}  # fmt: skip


@pytest.fixture
def manager(cast):
    user = a_user("方小川", username="fang.xiaochuan", unit=cast.south_service)
    appoint(user, "CUSTOMER_MANAGER", cast.south_service)
    return user


def a_report(cast, manager, kind="MONTH_PLAN", now=MONDAY):
    return actions.open_report(kind=kind, author=manager.party, unit=cast.south_service, now=now)


def due_day(row):
    return calendars.local_day(row.due_at, row.unit_id)


@pytest.mark.rule("T004-02", "R004-06", "R004-31", "R004-32")
def test_each_report_is_due_when_the_regulation_says(cast, manager):
    """Monday 9 March 2026: month end is Tuesday 31, before Friday is Thursday 12, five working days end on Monday 16."""
    days = {kind: due_day(a_report(cast, manager, kind)) for kind in Report.Kind.values}

    assert days == {
        "MONTH_PLAN": dt.date(2026, 3, 31), "WEEK": dt.date(2026, 3, 12), "MONTH": dt.date(2026, 3, 31),
        "SUMMARY": dt.date(2026, 3, 16),
    }  # fmt: skip
    firsts = {row.kind: (row.first, row.last) for row in Report.objects.all()}
    assert firsts == {
        "MONTH_PLAN": (dt.date(2026, 4, 1), dt.date(2026, 4, 30)), "WEEK": (dt.date(2026, 3, 9), dt.date(2026, 3, 15)),
        "MONTH": (dt.date(2026, 3, 1), dt.date(2026, 3, 31)), "SUMMARY": (dt.date(2026, 2, 1), dt.date(2026, 2, 28)),
    }  # fmt: skip
    assert Duty.objects.get(kind="work_report.month_plan").clause == "三(一)"
    with pytest.raises(actions.CannotOpen, match="open already"):
        a_report(cast, manager)


@pytest.mark.rule("T004-02", "R004-26")
def test_every_work_has_a_deadline_a_module_and_a_clause(cast):
    """Visit records are sorted on the day itself, the sheets of next week stand ready one working day before."""
    found = {code: regulation.deadline(cast.south.pk, code, MONDAY) for code, _zh, _en in WORKS}

    assert all(one is not None and one.limit and one.module and one.clause for one in found.values())
    calendar = calendars.calendar_for(cast.south.pk)
    days = {
        code: calendars.local_day(calendars.due_at(calendar, MONDAY, one.limit), cast.south.pk)
        for code, one in found.items()
    }
    assert days["VISIT_RECORD"] == dt.date(2026, 3, 9)
    assert days["VISIT_SHEETS"] == dt.date(2026, 3, 13)  # Friday before the week of the 16th
    assert days["EVALUATION"] == days["MESSAGE"] == dt.date(2026, 3, 12)


@pytest.mark.rule("S004-05", "S004-20", "S004-21", "S001-076")
def test_the_watch_opens_what_the_posts_owe_and_again_nothing(cast, manager):
    assert actions.open_due(now=MONDAY) > 0

    mine = {row.kind for row in Report.objects.filter(author=manager.party)}
    assert mine == {"MONTH_PLAN", "WEEK", "MONTH"}
    assert [row.kind for row in Report.objects.filter(author=cast.manager.party)] == ["SUMMARY"]
    assert not Report.objects.filter(author=cast.taker.party).exists()
    assert actions.open_due(now=MONDAY + DAY) == 0
    assert actions.open_due(now=MONDAY + 7 * DAY) > 0  # the next week
    assert Report.objects.filter(author=manager.party, kind="WEEK").count() == 2


@pytest.mark.rule("R004-07", "F004-02")
@pytest.mark.parametrize("lacking", list(PLAN))
def test_a_plan_without_all_five_parts_is_not_submitted(cast, manager, lacking):
    row = a_report(cast, manager)
    parts = PLAN | {lacking: " "}
    actions.save(report=row, parts=parts, by=manager.party, now=MONDAY)

    with pytest.raises(actions.CannotWrite) as refused:
        actions.submit(report=row, by=manager.party, now=MONDAY)
    labels = dict(regulation.parts("MONTH_PLAN", row.unit_id, MONDAY))
    assert refused.value.problems == [f"“{labels[lacking]}” is still empty."]
    assert Report.objects.get().state == "DRAFT"


@pytest.mark.rule("R004-06", "S004-05")
def test_a_plan_missing_at_month_end_is_overdue(cast, manager):
    row = a_report(cast, manager)
    owed = Duty.objects.get(kind="work_report.month_plan")
    close = row.due_at

    assert not owed.is_late(close)
    assert owed.is_late(close + dt.timedelta(seconds=1))
    actions.save(report=row, parts=PLAN, by=manager.party, now=close)
    actions.submit(report=row, by=manager.party, now=close)
    owed.refresh_from_db()
    assert (owed.state, owed.is_late(close + DAY)) == ("DONE", False)


@pytest.mark.rule("R004-08", "F004-02")
def test_an_adjustment_keeps_the_earlier_version_and_its_reason(cast, manager):
    row = a_report(cast, manager)
    actions.save(report=row, parts=PLAN, by=manager.party, now=MONDAY)
    actions.submit(report=row, by=manager.party, now=MONDAY)

    with pytest.raises(actions.CannotWrite, match="why the plan changes"):
        actions.adjust(
            report=row, parts=PLAN | {"ROUTE": "周二城北"}, reason="", by=manager.party, now=MONDAY + DAY
        )
    with pytest.raises(actions.CannotWrite, match="Nothing has changed"):
        actions.adjust(report=row, parts=PLAN, reason="修路", by=manager.party, now=MONDAY + DAY)
    actions.adjust(
        report=row, parts=PLAN | {"ROUTE": "周二城北"}, reason="修路", by=manager.party, now=MONDAY + DAY
    )

    assert [(one.number, one.parts["ROUTE"], one.reason) for one in Version.objects.order_by("number")] == [
        (1, "周一城南", ""), (2, "周二城北", "修路"),
    ]  # fmt: skip
    assert Report.objects.get().number == 2


@pytest.mark.rule("S004-20", "R004-31", "F004-11")
def test_a_weekly_report_is_filled_in_from_the_records(cast, manager):
    customer = a_customer(cast.south, manager, name="老陈面馆")
    for way, day in (("VISIT", 0), ("PHONE", 0), ("PHONE", -3)):  # the last one was in the week before
        contacts.record(
            customer=customer, way=way, by=manager.party, now=MONDAY, at=MONDAY + day * DAY, content="问库存"
        )

    row = a_report(cast, manager, "WEEK")

    counted = {zh: number for _part, zh, _en, number, _url in row.facts}
    assert (counted["上门"], counted["电话和其他联络"]) == (1, 1)
    assert "上门 1" in row.parts["VISITS"]
    url = next(url for _part, zh, _en, _number, url in row.facts if zh == "上门")
    assert "way=VISIT" in url
    assert "at_from=2026-03-09" in url
    actions.save(report=row, parts=row.parts | {"VISITS": "自己写的"}, by=manager.party, now=MONDAY)
    actions.fill(report=row, by=manager.party, now=MONDAY)
    assert Report.objects.get(pk=row.pk).parts["VISITS"] == "自己写的"


@pytest.mark.rule("S004-21", "R004-32", "F004-12", "P004-07")
def test_a_monthly_report_compares_with_targets_and_asks_for_causes(cast, manager):
    customer = a_customer(cast.south, manager, name="老陈面馆")
    for kept in (True, False):
        row = contacts.promise(
            customer=customer,
            text="送样品",
            keeper=manager.party,
            due_at=MONDAY + DAY,
            by=manager.party,
            now=MONDAY,
        )
        if kept:
            contacts.end_promise(promise=row, state="KEPT", by=manager.party, now=MONDAY, outcome="")
    report = a_report(cast, manager, "MONTH", now=MONDAY + 2 * DAY)

    gap = Gap.objects.get(report=report, indicator="PROMISES")
    assert (gap.target, gap.actual, gap.short) == (Decimal(100), Decimal(50), Decimal(50))
    nothing = Gap.objects.get(report=report, indicator="VISITS")
    assert (nothing.actual, nothing.short) == (None, None)  # nothing was counted: no gap is claimed
    parts = dict.fromkeys(("TARGETS", "EXPERIENCE", "NEXT"), "…")
    actions.save(report=report, parts=parts, by=manager.party, now=MONDAY + 2 * DAY)
    lacking = missing(report, MONDAY)
    assert "“Promises kept” misses its target: write the cause." in lacking
    causes = {row.pk: "店主外出" for row in Gap.objects.filter(report=report)}
    actions.save(report=report, parts=parts, causes=causes, by=manager.party, now=MONDAY + 2 * DAY)
    actions.submit(report=report, by=manager.party, now=MONDAY + 2 * DAY)
    assert queries.gaps(access.scope(manager)).filter(indicator="PROMISES").get().cause == "店主外出"
    assert queries.gaps(access.scope(cast.stranger)).count() == 0


@pytest.mark.rule("R001-217", "R001-218", "R001-219", "F001-59", "S001-076")
def test_the_next_summary_tells_the_fate_of_every_measure(cast):
    lead = cast.manager
    january = actions.open_report(
        kind="SUMMARY", author=lead.party, unit=cast.south_service, now=MONDAY - 31 * DAY
    )
    parts = {"DONE": "走访零售户", "PROBLEMS": "帮扶不细"}
    actions.save(report=january, parts=parts, measures=[], by=lead.party, now=MONDAY - 31 * DAY)
    with pytest.raises(actions.CannotWrite) as refused:
        actions.submit(report=january, by=lead.party, now=MONDAY - 31 * DAY)
    assert refused.value.problems == ["Name the next measures, each with its day."]
    measures = [("丰富帮扶内容", dt.date(2026, 2, 20)), ("协调银行提高额度", dt.date(2026, 2, 28))]
    actions.save(report=january, parts=parts, measures=measures, by=lead.party, now=MONDAY - 31 * DAY)
    actions.submit(report=january, by=lead.party, now=MONDAY - 31 * DAY)

    february = actions.open_report(kind="SUMMARY", author=lead.party, unit=cast.south_service, now=MONDAY)
    before = measures_before(february)
    assert [row.text for row in before] == ["丰富帮扶内容", "协调银行提高额度"]
    new = [("继续宣传", dt.date(2026, 3, 31))]
    fates = {before[0].pk: ("DONE", "已开两场")}
    actions.save(report=february, parts=parts, measures=new, fates=fates, by=lead.party, now=MONDAY)
    with pytest.raises(actions.CannotWrite) as refused:
        actions.submit(report=february, by=lead.party, now=MONDAY)
    assert refused.value.problems == ["Say what became of “协调银行提高额度”."]
    fates = {before[1].pk: ("NOT_DONE", "银行未批")}
    actions.save(report=february, parts=parts, measures=new, fates=fates, by=lead.party, now=MONDAY)
    actions.submit(report=february, by=lead.party, now=MONDAY)
    assert [row.fate for row in Measure.objects.filter(report=january)] == ["DONE", "NOT_DONE"]


def test_only_the_author_writes_and_only_somebody_else_comments(cast, manager):
    row = a_report(cast, manager)
    with pytest.raises(actions.CannotWrite, match="Only its author"):
        actions.save(report=row, parts=PLAN, by=cast.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotWrite, match="not submitted"):
        actions.comment(report=row, text="好", by=cast.manager.party, now=MONDAY)
    actions.save(report=row, parts=PLAN, by=manager.party, now=MONDAY)
    stale = Report.objects.get()
    actions.submit(report=row, by=manager.party, now=MONDAY)
    with pytest.raises(actions.CannotWrite, match="does not stand"):
        actions.submit(report=stale, by=manager.party, now=MONDAY)
    with pytest.raises(actions.CannotWrite, match="Somebody else"):
        actions.comment(report=row, text="好", by=manager.party, now=MONDAY)
    assert Message.objects.filter(kind="work_report.submitted").count() == 1
    actions.comment(report=row, text="路线再紧凑些", by=cast.manager.party, now=MONDAY + DAY)
    assert (row.state, row.comment) == ("COMMENTED", "路线再紧凑些")
    assert Message.objects.get(kind="work_report.commented").to == manager.party


@pytest.mark.rule("S004-20", "R004-31", "S004-21")
def test_every_figure_beside_a_report_opens_into_as_many_rows(cast, manager, as_):
    """Rows of a colleague of the same name are not among them."""
    same = cast.specialist
    Party.objects.filter(pk=same.pk).update(name=manager.party.name)
    customer = a_customer(cast.south, manager, name="老陈面馆")
    Customer.objects.filter(pk=customer.pk).update(owner=manager.party)
    customer.refresh_from_db()
    friday = MONDAY + 4 * DAY
    for person in (manager, manager, same):
        for way in ("VISIT", "PHONE"):
            contacts.record(customer=customer, way=way, by=person.party, now=MONDAY, content="问库存")
        contacts.promise(
            customer=customer, text="周四送样", keeper=person.party, due_at=MONDAY + 3 * DAY,
            by=person.party, now=MONDAY,
        )  # fmt: skip
        ask.ask(kind="COORDINATION", text="调货", to_unit=cast.south_cash, by=person.party, now=MONDAY)
        row = messages.take(customer=customer, text="几点开门", way="MESSAGE", now=MONDAY - 7 * DAY)
        messages.reply(message=row, text="八点半", way="MESSAGE", by=person.party, now=MONDAY)
    with clock.at(friday):
        report = actions.open_report(kind="WEEK", author=manager.party, unit=cast.south, now=friday)
        linked = [(zh, number, url) for _part, zh, _en, number, url in report.facts if url]
        client = as_("manager")
        opened = {zh: client.get(url).context["listing"].number for zh, _number, url in linked}
    assert opened == {zh: number for zh, number, _url in linked}
    assert [opened[line] for line in ("上门", "答复客户留言", "提交反馈和协调事项")] == [2, 2, 2]
    assert opened["电话和其他联络"] == 4  # by telephone, and the answers to messages
    assert opened["到期承诺"] == 2


@pytest.mark.rule("P004-02", "T004-02", "S004-26")
def test_timeliness_counts_work_by_its_deadline_and_opens_into_the_duties(cast, manager, as_):
    plan, week = a_report(cast, manager), a_report(cast, manager, "WEEK")
    actions.save(report=plan, parts=PLAN, by=manager.party, now=MONDAY)
    actions.submit(report=plan, by=manager.party, now=MONDAY)
    march = Period.around(Kind.MONTH, dt.date(2026, 3, 9), "Asia/Shanghai")
    scope = access.scope(cast.manager)

    found = dict(queries.timeliness(scope, march, week.due_at + DAY))
    assert (found["MONTH_PLAN"].made, found["MONTH_PLAN"].percent) == (1, 100.0)
    assert (found["WEEK"].overdue, found["WEEK"].percent) == (1, 0.0)
    people = {name: one for _pk, name, one in queries.by_person(scope, march, week.due_at + DAY)}
    assert (people["方小川"].due, people["方小川"].made, people["方小川"].overdue) == (2, 1, 1)
    assert dict(queries.timeliness(access.scope(cast.stranger), march, MONDAY))["WEEK"].due == 0

    page = as_("manager").get(reverse("workbench:timeliness")).content.decode()
    assert "work=MONTH_PLAN" in page
    for href, number in re.findall(r'href="([^"]*duties[^"]*)">(\d+)<', page):
        assert as_("manager").get(html.unescape(href)).context["listing"].number == int(number), href
    opened = as_("manager").get(
        reverse("workbench:duties"), {"view": "-", "work": "MONTH_PLAN", "state": "made"}
    ).content.decode()  # fmt: skip
    assert "Write the monthly work plan" in opened
    assert "Write the weekly report" not in opened


@pytest.mark.rule("P004-02", "T004-02", "R004-30")
def test_evaluations_and_urgent_reports_count_as_work_to_deadline(cast, manager, as_):
    in_force(cast, "tobacco-customers")
    shop = a_customer(cast.south, cast.taker, name="城东便利店")
    shop.owner = manager.party
    shop.save(update_fields=["owner"])
    grading.plan_evaluations(unit=cast.south, month=dt.date(2026, 3, 1), by=manager.party, now=MONDAY)
    requests.ask(kind="URGENT", text="假烟进店", by=cast.specialist.party, now=MONDAY)
    march = Period.around(Kind.MONTH, dt.date(2026, 3, 9), "Asia/Shanghai")
    row, scope = Evaluation.objects.get(), access.scope(cast.manager)
    answer = inforce.find("customer.class", cast.south.pk, MONDAY.date())
    codes = [item.code for item in items_of(answer.manual)]
    assert dict(queries.timeliness(scope, march, MONDAY))["EVALUATION"] == queries.Timely(1, 0, 0, 1)

    grading.evaluate(evaluation=row, scores=dict.fromkeys(codes, 80), by=manager.party, now=MONDAY)

    found = dict(queries.timeliness(scope, march, MONDAY + DAY))
    assert found["EVALUATION"] == queries.Timely(1, 0, 1, 0)
    assert found["URGENT"] == queries.Timely(1, 0, 0, 1)
    opened = as_("manager").get(
        reverse("workbench:duties"), {"view": "-", "work": "EVALUATION", "state": "late"}
    ).content.decode()  # fmt: skip
    assert "城东便利店" in opened


@pytest.mark.rule("F004-02", "F004-11", "F004-12", "F001-59")
def test_written_submitted_commented_adjusted_and_printed_in_the_browser(cast, manager, as_):
    cast.users["customer_manager"] = manager
    client, lead = as_("customer_manager"), as_("manager")
    opened = client.post(reverse("workbench:open_report"), {"kind": "MONTH_PLAN"})
    row = Report.objects.get()
    assert opened.url == reverse("workbench:report", args=[row.pk])
    assert lead.get(opened.url).status_code == 404  # a draft is its author's
    typed = {f"part_{code}": text for code, text in PLAN.items()}
    assert client.post(opened.url, typed | {"part_ROUTE": "", "submit": "1"}).status_code == 200
    assert "Time and route" in client.get(opened.url).content.decode()
    assert client.post(opened.url, typed | {"submit": "1"}).status_code == 302
    assert lead.get(reverse("workbench:reports")).status_code == 200
    assert lead.post(reverse("workbench:comment_report", args=[row.pk]), {"text": "同意"}).status_code == 302
    assert (
        client.post(reverse("workbench:comment_report", args=[row.pk]), {"text": "同意"}).status_code == 403
    )
    changed = typed | {"part_ROUTE": "改道", "reason": "修路"}
    assert client.post(reverse("workbench:adjust_report", args=[row.pk]), changed).status_code == 302
    assert as_("stranger").get(opened.url).status_code == 404

    sheet = lead.get(reverse("workbench:print_report", args=[row.pk, "html"])).content.decode()
    for text in ("Monthly work plan", "方小川", "改道", "修路", "同意", "F004-02"):
        assert text in sheet
    for kind, title in (
        ("WEEK", "Weekly work report"),
        ("MONTH", "Monthly work report"),
        ("SUMMARY", "Monthly work summary"),
    ):
        one = a_report(cast, manager, kind)
        assert client.get(reverse("workbench:report", args=[one.pk])).status_code == 200
        assert title in client.get(reverse("workbench:print_report", args=[one.pk, "html"])).content.decode()
        for file in ("pdf", "docx", "xlsx"):
            assert client.get(reverse("workbench:print_report", args=[one.pk, file])).status_code == 200
    assert client.get(reverse("workbench:gaps"), {"view": "-"}).status_code == 200
