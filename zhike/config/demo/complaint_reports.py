"""What follows from the complaints of the trades: causes, money, a week summed up, sheets on what is late, an analysis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings

from zhike.complaints import actions
from zhike.complaints.followups import OverdueSheet
from zhike.complaints.models import Complaint
from zhike.complaints.reporting import summaries
from zhike.complaints.reporting.reading import Asked, Reading
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.tallies.periods import Kind, Period
from zhike.kernel.worktime import calendars

from .enterprise import House

CAUSES = {
    "factory": ("cause_class", ["METHOD", "METHOD", "MATERIAL", "PEOPLE"]),
    "car": ("fault_cause", ["BY_ATTITUDE", "PRODUCT", "BY_TECHNIQUE", "BY_ATTITUDE"]),
}


def follow(house: House, end: dt.datetime) -> None:
    """Everything that the reports of the demonstration show beside the cases themselves."""
    for trade in CAUSES:
        _causes(house, trade, end)
    _grants(house, end)
    _weeks(house, end)
    _sheets(house, end)
    _analysis(house, end)


def _open(house: House, trade: str) -> list[Complaint]:
    found = Complaint.objects.filter(unit=house.units[trade], closed_at=None).order_by("pk")
    return list(found.select_related("unit", "manual", "handler", "taker", "accused"))


def _causes(house: House, trade: str, end: dt.datetime) -> None:
    field, causes = CAUSES[trade]
    for number, case in enumerate(_open(house, trade)):
        if case.taker is not None:
            actions.change_facts(
                complaint=case,
                more={field: causes[number % len(causes)]},
                reason="原因已查明",
                by=case.taker,
                now=end - dt.timedelta(hours=4),
            )


def _grants(house: House, end: dt.datetime) -> None:
    dealer, support = house.staff["car", "DEALER"][0], house.staff["car", "TECHNICAL_SUPPORT"][0]
    cases = _open(house, "car")
    fresh = [case for case in cases if not case.grants.exists()]
    for number, case in enumerate(fresh[:2]):
        grant = actions.ask_grant(
            complaint=case, kind="SPECIAL_CASE", amount=Decimal(6000), cost=Decimal(12800),
            reason="过保三个月，确认为产品质量原因", by=dealer, now=end - dt.timedelta(days=2),
        )  # fmt: skip
        if number == 0:
            actions.decide_grant(
                grant=grant, agree=True, opinion="按四成结算", amount=Decimal(5120), by=support,
                now=end - dt.timedelta(days=1),
            )  # fmt: skip
    if cases:
        actions.ask_grant(
            complaint=cases[-1], kind="GOODWILL", form="MAINTENANCE", amount=Decimal(800),
            reason="多次返修，以一次免费保养挽回信任", by=dealer, now=end - dt.timedelta(days=1),
        )  # fmt: skip


def _weeks(house: House, end: dt.datetime) -> None:
    """The week before last is summed up, sent and read; the last one is still owed."""
    office, manager = house.staff["fruit", "GENERAL_OFFICE"][0], house.staff["fruit", "GENERAL_MANAGER"][0]
    earlier = end - dt.timedelta(days=7)
    for summary in actions.open_weeks(now=earlier):
        week = Period.around(Kind.WEEK, summary.first, settings.TIME_ZONE)
        asked = Asked(scope=EVERYTHING, period=week, now=earlier, unit=summary.unit_id)
        figures = summaries.week_figures(Reading(asked), unit=summary.unit.name)
        actions.send_summary(
            summary=summary, figures=figures, comment="夜间值守已增派，其余按期办理。", by=office, now=earlier
        )
        actions.read_summary(summary=summary, opinion="阅。积水通道尽快整改。", by=manager, now=earlier)
    actions.open_weeks(now=end)


def _sheets(house: House, end: dt.datetime) -> None:
    """Two cases that nobody has taken up, reminders of what is late, an inquiry and a reminder that are answered."""
    unit, taker = house.units["enterprise"], house.staff["enterprise", "BUSINESS_HANDLER"][0]
    for text, product in (
        ("轴承温升超标，客户要求到场检验。", "电机"),
        ("外壳喷涂起泡，一批四十台。", "控制柜"),
    ):
        actions.register(
            unit=unit, by=taker, now=end - dt.timedelta(days=4), channel="LETTER", text=text,
            item="PRODUCT_QUALITY", more={"product": product},
        )  # fmt: skip
    actions.remind(now=end - dt.timedelta(hours=6))
    for kind, text in (
        ("INQUIRY", "样品送检排队，检验报告晚到四天。"),
        ("REMINDER", "缺料号资料，已请客户补寄，周内办结。"),
    ):
        sheet = (
            OverdueSheet.objects.filter(kind=kind, answered_at=None, to__isnull=False).order_by("pk").first()
        )
        if sheet is not None and OverdueSheet.objects.filter(kind=kind).count() > 1 and sheet.to is not None:
            actions.answer_sheet(sheet=sheet, text=text, by=sheet.to, now=end - dt.timedelta(hours=3))


def _analysis(house: House, end: dt.datetime) -> None:
    unit, manager = house.units["mall"], house.staff["mall", "GENERAL_MANAGER"][0]
    today = calendars.local_day(end, unit.pk)
    month = Period.around(Kind.MONTH, today, settings.TIME_ZONE).previous()
    asked = Asked(scope=EVERYTHING, period=month, now=end, unit=unit.pk)
    store = house.staff["south", "STORE_MANAGER"][0]
    actions.sign_analysis(
        unit=unit,
        period=month,
        figures=summaries.analysis_figures(Reading(asked), unit=unit.name),
        problems="临期商品检查不到位；收银多收集中在晚高峰。",
        plans=[
            actions.Plan("冷柜每日两次临期检查并留记录", store, today + dt.timedelta(days=10)),
            actions.Plan("晚高峰增开一个收银台并抽查小票", store, today + dt.timedelta(days=14)),
        ],
        by=manager,
        now=end - dt.timedelta(hours=2),
    )
