"""Why a date: sentences and marks."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.kernel.worktime.arithmetic import Mark, due, measure
from zhike.kernel.worktime.phrases import parse_limit

from .calendars_for_tests import a_calendar, at, round_the_clock


def _explain(limit, start="2026-09-11 15:00", lang="zh", pauses=(), convention=None, **spec):
    answer = due(a_calendar(**spec), at(start), parse_limit(limit), pauses, convention)
    return answer.explain(lang)


def test_the_little_calendar_of_autumn_2026_is_marked_day_by_day():
    """The reference screen: seven working days from 24 September."""
    explanation = _explain("7工作日", "2026-09-24 16:12", holidays="CN")

    drawn = {
        f"{day.date:%m-%d}": f"{day.mark.value}{day.number or ''}{day.reason}"
        for day in explanation.days
        if day.mark is not Mark.OUTSIDE
    }
    assert drawn == {
        "09-24": "start",
        **dict.fromkeys(("09-25", "09-26", "09-27"), "skipped中秋节"),
        "09-28": "counted1",
        "09-29": "counted2",
        "09-30": "counted3",
        **{f"10-0{n}": "skipped国庆节" for n in range(1, 8)},
        "10-08": "counted4",
        "10-09": "counted5",
        "10-10": "counted6调休上班",
        "10-11": "skipped周日",
        "10-12": "due7",
    }
    assert [day.date for day in explanation.days if day.make_up] == [dt.date(2026, 10, 10)]
    assert (explanation.days[0].date, explanation.days[-1].date) == (
        dt.date(2026, 9, 21),
        dt.date(2026, 10, 18),
    )


def test_the_panel_has_its_four_rows():
    calendar = a_calendar(holidays="CN")
    answer = due(calendar, at("2026-12-30 16:00"), parse_limit("2工作日"))

    zh, en = answer.explain(), answer.explain("en")

    assert answer.explanation == zh.lines
    assert zh.rule == "2个工作日内:开始当日不计,次日起算;到期日以下班时刻为止。"
    assert zh.counted == "2个工作日,即12月31日(周四)、1月1日(周五)"
    assert zh.skipped == ""
    assert zh.paused == "无"
    assert zh.basis == "2026年节假日已公布 · 2027年节假日未公布 · 民法典惯例"
    assert zh.lines[-1] == "暂定:2027年没有已公布的节假日安排,按每周作息推算,公布后重算。"
    assert en.paused == "none"
    assert (
        en.basis == "holidays of 2026 published · holidays of 2027 not yet published · Civil Code convention"
    )
    assert en.lines[-1] == "Provisional: no published holidays for 2027; the weekly pattern was used."
    assert zh.provisional == en.provisional == (2027,)


def test_the_basis_names_the_calendar_and_the_convention():
    answer = due(a_calendar(convention="elapsed"), at("2026-09-11 15:00"), parse_limit("1天"))

    assert answer.explain().basis == "不随法定节假日 · 顺推惯例"
    assert answer.explain("en").basis == "no official holidays · elapsed convention"


RULES = [
    ("1小时", "1小时内:按实际时间计算,不分上下班。", "Within 1 hour: real time, open or closed."),
    (
        "8工作小时",
        "8个工作小时内:只计工作时间,用完即到期。",
        "Within 8 working hours: only working time counts.",
    ),
    (
        "1周",
        "1周内:开始当日不计,次日起算;最后一天以下班时刻为止,不是工作日的顺延。",
        "Within 1 week: the first day is not counted; the last ends at the close of business and moves off a "
        "closed day.",
    ),
    ("0天", "0天内:到期时间就是起算时间。", "Within 0 days: due at the start itself."),
    ("立即", "立即:到期时间就是起算时间。", "Immediately: due at the start itself."),
    (
        "当天内",
        "当天内:到其中最后一个工作日的下班时刻;已过的,到下一个工作日的下班时刻。",
        "Within the same day: until the close of the last working day in it, or of the next one if that is past.",
    ),
    (
        "周五前",
        "周五前:到此前最后一个工作日的下班时刻。",
        "Before Friday: until the close of the last working day before it.",
    ),
    (
        "周五",
        "周五:到当天下班时刻,不是工作日的顺延。",
        "Friday: until its close of business, moved off a closed day.",
    ),
    ("周五 15:00", "周五 15:00:以写明的时刻为准。", "Friday 15:00: the time as stated."),
    ("下周前1天", "下周开始前1天:从该时间往前推算。", "1 day before next week: counted backwards."),
]


@pytest.mark.parametrize(("limit", "zh", "en"), RULES)
def test_the_rule_is_said_in_both_languages(limit, zh, en):
    assert _explain(limit).rule == zh
    assert _explain(limit, lang="en").rule == en


def test_the_rules_of_the_elapsed_convention_are_its_own():
    assert (
        _explain("1工作日", convention="elapsed").rule == "1个工作日内:次日起算,只数工作日,保持开始的时刻。"
    )
    assert _explain("1天", convention="elapsed", lang="en").rule == (
        "Within 1 day: plain calendar arithmetic, at the same time of day."
    )
    assert _explain("1小时", convention="elapsed").rule == "1小时内:按实际时间计算,不分上下班。"


def test_a_friday_that_is_included_is_said_so():
    assert (
        _explain("周五前", before_includes_day=True).rule == "周五前:到当天(含)以前最后一个工作日的下班时刻。"
    )
    assert _explain("周五前", before_includes_day=True, lang="en").rule == (
        "Before Friday: until the close of the last working day up to and including it."
    )


def test_working_hours_name_every_interval():
    explanation = _explain("8工作小时")

    assert explanation.counted == (
        "8小时,即9月11日(周五) 15:00-17:30 2小时30分、9月14日(周一) 08:30-12:00 3小时30分、"
        "9月14日(周一) 13:00-15:00 2小时"
    )
    assert explanation.skipped == "周六1天(9月12日)、周日1天(9月13日)"
    assert [day.seconds for day in explanation.days if day.seconds] == [9000, 19_800]


def test_seconds_are_said_only_when_there_are_some():
    answer = measure(a_calendar(), at("2026-09-11 15:00:05"), at("2026-09-11 15:01:10"))

    assert answer.explain().lines == (
        "自2026年9月11日(周五) 15:00:05至2026年9月11日(周五) 15:01:10,共有工作时间1分5秒。",
        "计入:1分5秒,即9月11日(周五) 15:00:05-15:01:10 1分5秒。",
    )
    assert answer.explain("en").counted == "1 min 5 s: 11 Sep (Fri) 15:00:05-15:01:10 1 min 5 s"


def test_no_working_time_at_all_is_said_as_such():
    answer = measure(a_calendar(), at("2026-09-12 10:00"), at("2026-09-12 12:00"))

    assert answer.explain().counted == "0分"
    assert answer.explain("en").counted == "0 min"


def test_an_interval_up_to_midnight_ends_at_24_00():
    answer = due(round_the_clock(), at("2026-09-11 15:00"), parse_limit("9工作小时"))

    assert answer.explain().counted == "9小时,即9月11日(周五) 15:00-24:00 9小时"
    assert [day.date.day for day in answer.explain().days if day.mark is Mark.DUE] == [11]


def test_a_last_day_that_moves_says_from_where_to_where():
    explanation = _explain("2周", "2026-09-24 16:12", holidays="CN")

    assert explanation.moved == ""
    moved = _explain("9天", "2026-09-26 16:12", holidays="CN")
    assert moved.moved == "最后一天10月5日(周一)不是工作日(国庆节),顺延到10月8日(周四)。"
    assert [f"{day.date.day}{day.reason}" for day in moved.days if day.mark is Mark.SKIPPED] == [
        "6国庆节",
        "7国庆节",
    ]
    english = _explain("9天", "2026-09-26 16:12", holidays="CN", lang="en")
    assert (
        english.moved
        == "The last day, 5 Oct (Mon), is no working day (National Day); it moves to 8 Oct (Thu)."
    )
    assert english.counted == "9 days, 27 Sep (Sun) to 5 Oct (Mon)"
    assert _explain("9天", "2026-09-26 16:12", convention="elapsed").moved == ""


def test_a_last_day_worked_by_exception_is_named():
    assert _explain("1天", "2026-10-09 10:00", holidays="CN").moved == "10月10日(周六)为调休上班。"
    assert _explain("1天", "2026-10-09 10:00", holidays="CN", lang="en").moved == "10 Oct (Sat): make-up day."
    onto = _explain("1天", "2026-10-09 10:00", closed=["2026-10-10"], open={"2026-10-11": None})
    assert (
        onto.moved
        == "最后一天10月10日(周六)不是工作日(本单位休息),顺延到10月11日(周日)。10月11日(周日)为本单位另定时间。"
    )
    assert _explain("当天内", "2026-10-10 10:00", holidays="CN").moved == "10月10日(周六)为调休上班。"


def test_exceptions_among_the_counted_days_are_named():
    spec = {"holidays": "CN", "open": {"2026-10-11": [["09:00", "10:00"]]}, "closed": ["2026-10-12"]}

    zh, en = (_explain("3工作日", "2026-10-09 10:00", lang=lang, **spec) for lang in ("zh", "en"))

    assert zh.counted == (
        "3个工作日,即10月10日(周六)、10月11日(周日)、10月13日(周二)"
        ";其中10月10日(周六)为调休上班;其中10月11日(周日)为本单位另定时间"
    )
    assert en.counted == (
        "3 working days: 10 Oct (Sat), 11 Oct (Sun), 13 Oct (Tue)"
        "; 10 Oct (Sat) is a make-up day; 11 Oct (Sun) has its own hours"
    )
    assert zh.skipped == "本单位休息1天(10月12日)"
    assert en.skipped == "own day off 1 day (12 Oct)"


def test_own_dates_without_hours_and_reasons_of_the_enterprise_are_told():
    spec = {"open": {"2026-09-14": []}, "closed": {"2026-09-15": "盘点"}}

    assert _explain("1工作日", **spec).skipped == (
        "周六1天(9月12日)、周日1天(9月13日)、本单位休息1天(9月14日)、盘点1天(9月15日)"
    )


def test_long_limits_are_told_in_sums():
    assert _explain("40工作日").counted == "40个工作日,9月14日(周一)至11月6日(周五)"
    assert _explain("40工作日", lang="en").counted == "40 working days, 14 Sep (Mon) to 6 Nov (Fri)"
    assert "……共41段" in _explain("160工作小时").counted
    assert "… (41 intervals)" in _explain("160工作小时", lang="en").counted
    assert _explain("9个月").counted == "273天,9月12日(周六)至6月11日(周五)"
    far = _explain("3年")
    assert far.days == ()
    assert far.counted == "工作时间共6258小时30分"
    assert _explain("3年", lang="en").counted == "6258 h 30 min of working time"
    assert "周六52天" in _explain("260工作日").skipped
    assert "(9月12日、" not in _explain("260工作日").skipped


def test_pauses_are_told_with_what_they_take_out():
    pauses = [
        (at("2026-09-11 16:00"), at("2026-09-11 18:00")),
        (at("2026-10-11 16:00"), at("2026-10-11 18:00")),
    ]

    working = _explain("8工作小时", pauses=pauses)
    clock = _explain("2小时", pauses=pauses, lang="en")
    named = _explain("周五", pauses=pauses)

    assert working.paused == "2026年9月11日(周五) 16:00至2026年9月11日(周五) 18:00,扣除工作时间1小时30分"
    assert (
        clock.lines[-1]
        == "Pause: 11 Sep 2026 (Fri) 16:00 to 11 Sep 2026 (Fri) 18:00, 1 h 30 min of working time taken out."
    )
    assert _explain("2小时", pauses=pauses).lines[-1].endswith("扣除工作时间1小时30分。")
    assert _explain("8工作小时", pauses=pauses, lang="en").paused.endswith(
        "1 h 30 min of working time taken out"
    )
    assert named.paused == "无"


def test_a_date_before_the_start_is_explained_too():
    explanation = _explain("约定时间前2工作日")

    marks = {day.date.day: day.mark for day in explanation.days if day.mark is not Mark.OUTSIDE}
    assert marks == {9: Mark.DUE, 10: Mark.COUNTED, 11: Mark.START}
    assert explanation.counted == ""


def test_hours_across_a_holiday_skip_nothing():
    explanation = _explain("100小时", "2026-09-30 16:00", holidays="CN")

    assert (explanation.counted, explanation.skipped) == ("", "")
    assert [day.mark for day in explanation.days].count(Mark.COUNTED) == 3


def test_a_story_at_the_end_of_the_known_years_is_told():
    calendar = a_calendar(week={"tue": [["09:00", "10:00"]]})

    assert measure(calendar, at("2199-12-30 08:00"), at("2199-12-30 12:00")).seconds == 0
