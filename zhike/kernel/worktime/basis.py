"""The rule behind a date, and the calendar it was found in, in one sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from zhike.kernel.worktime.limits import AnyLimit, AtEvent, Before, EndOf, Immediate, Limit, OnWeekday
from zhike.kernel.worktime.pattern import Calendar
from zhike.kernel.worktime.phrases import explain_limit
from zhike.kernel.worktime.spec import Convention
from zhike.kernel.worktime.story import Way, way_of

_RULES_ZH = {
    (Way.CLOCK, "civil"): "按实际时间计算,不分上下班。",
    (Way.WORKING_TIME, "civil"): "只计工作时间,用完即到期。",
    (Way.WORKING_DAYS, "civil"): "开始当日不计,次日起算;到期日以下班时刻为止。",
    (Way.WORKING_DAYS, "elapsed"): "次日起算,只数工作日,保持开始的时刻。",
    (Way.DATES, "civil"): "开始当日不计,次日起算;最后一天以下班时刻为止,不是工作日的顺延。",
    (Way.DATES, "elapsed"): "按日历推算,保持开始的时刻,不顺延。",
}
_RULES_EN = {
    (Way.CLOCK, "civil"): "real time, open or closed.",
    (Way.WORKING_TIME, "civil"): "only working time counts.",
    (Way.WORKING_DAYS, "civil"): "the first day is not counted; the last ends at the close of business.",
    (Way.WORKING_DAYS, "elapsed"): "working days after the first, at the same time of day.",
    (Way.DATES, "civil"): (
        "the first day is not counted; the last ends at the close of business and moves off a closed day."
    ),
    (Way.DATES, "elapsed"): "plain calendar arithmetic, at the same time of day.",
}


def rule_words(limit: AnyLimit, convention: Convention, calendar: Calendar, lang: str) -> str:
    """How the limit was counted."""
    said = explain_limit(limit, lang)
    said = said[:1].upper() + said[1:]
    colon = ": " if lang == "en" else ":"
    if isinstance(limit, Immediate | AtEvent) or (isinstance(limit, Limit) and limit.amount == 0):
        return said + colon + ("due at the start itself." if lang == "en" else "到期时间就是起算时间。")
    if isinstance(limit, Limit):
        way = way_of(limit)
        kept = convention if way in {Way.WORKING_DAYS, Way.DATES} else Convention.CIVIL
        return said + colon + (_RULES_EN if lang == "en" else _RULES_ZH)[way, kept.value]
    return said + colon + _named(limit, calendar, lang)


def _named(limit: EndOf | OnWeekday | Before, calendar: Calendar, lang: str) -> str:
    if isinstance(limit, EndOf):
        if lang == "en":
            return "until the close of the last working day in it, or of the next one if that is past."
        return "到其中最后一个工作日的下班时刻;已过的,到下一个工作日的下班时刻。"
    if isinstance(limit, Before):
        return "counted backwards." if lang == "en" else "从该时间往前推算。"
    if limit.at is not None:
        return "the time as stated." if lang == "en" else "以写明的时刻为准。"
    if not limit.before:
        return (
            "until its close of business, moved off a closed day."
            if lang == "en"
            else "到当天下班时刻,不是工作日的顺延。"
        )
    if calendar.before_includes_day:
        return (
            "until the close of the last working day up to and including it."
            if lang == "en"
            else "到当天(含)以前最后一个工作日的下班时刻。"
        )
    return (
        "until the close of the last working day before it."
        if lang == "en"
        else "到此前最后一个工作日的下班时刻。"
    )


def basis_words(calendar: Calendar, convention: Convention, years: Sequence[int], lang: str) -> str:
    """`客服部日历 · 2026年节假日已公布 · 民法典惯例`."""
    parts = [calendar.name] if calendar.name else []
    if calendar.holidays:
        parts += [_published(year, calendar.is_published(year), lang) for year in years]
    else:
        parts.append("no official holidays" if lang == "en" else "不随法定节假日")
    civil = convention == Convention.CIVIL
    if lang == "en":
        parts.append("Civil Code convention" if civil else "elapsed convention")
    else:
        parts.append("民法典惯例" if civil else "顺推惯例")
    return " · ".join(parts)


def _published(year: int, is_published: bool, lang: str) -> str:
    if lang == "en":
        return f"holidays of {year} {'published' if is_published else 'not yet published'}"
    return f"{year}年节假日{'已公布' if is_published else '未公布'}"
