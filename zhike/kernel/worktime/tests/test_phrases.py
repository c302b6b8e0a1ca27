"""Time phrases of manuals: what is read, what is refused, and that words lead back to the same value."""

from __future__ import annotations

import datetime as dt

import hypothesis.strategies as st
import pytest
from hypothesis import given

from zhike.kernel.worktime.limits import (
    MAX_AMOUNT,
    AtEvent,
    Before,
    EndOf,
    Immediate,
    Limit,
    OnWeekday,
    Period,
    Recurrence,
    Unit,
    Week,
)
from zhike.kernel.worktime.numerals import whole_number
from zhike.kernel.worktime.phrases import (
    Kind,
    Phrase,
    PhraseError,
    explain_limit,
    explain_phrase,
    parse_amount,
    parse_limit,
    parse_phrase,
)

NAMES = {
    "events": ["品质签收", "品质", "受理", "到期", "QC receipt"],
    "facts": ["答应时间", "due day"],
    "parameters": ["普通答复", "发单期限", "定期答复", "reply time", "每周"],
}


def _parse(text):
    return parse_phrase(text, **NAMES)


STANDING = [
    ("3工作日", Limit(3, Unit.WORKING_DAY)),
    ("3个工作日", Limit(3, Unit.WORKING_DAY)),
    ("三个工作日内", Limit(3, Unit.WORKING_DAY)),
    ("3 个 工作日 内", Limit(3, Unit.WORKING_DAY)),
    ("３工作日", Limit(3, Unit.WORKING_DAY)),
    ("三天内", Limit(3, Unit.DAY)),
    ("3日以内", Limit(3, Unit.DAY)),
    ("10个自然日", Limit(10, Unit.DAY)),
    ("一周内", Limit(1, Unit.WEEK)),
    ("两个星期", Limit(2, Unit.WEEK)),
    ("8工作小时", Limit(8, Unit.WORKING_HOUR)),
    ("二十四小时之内", Limit(24, Unit.HOUR)),
    ("1小时", Limit(1, Unit.HOUR)),
    ("90分钟", Limit(90, Unit.MINUTE)),
    ("半小时", Limit(30, Unit.MINUTE)),
    ("半年内", Limit(6, Unit.MONTH)),
    ("十二个月", Limit(12, Unit.MONTH)),
    ("1年", Limit(1, Unit.YEAR)),
    ("一百二十天", Limit(120, Unit.DAY)),
    ("90 minutes", Limit(90, Unit.MINUTE)),
    ("8 working hours", Limit(8, Unit.WORKING_HOUR)),
    ("within 3 working days", Limit(3, Unit.WORKING_DAY)),
    ("3 Business Days", Limit(3, Unit.WORKING_DAY)),
    ("2 days", Limit(2, Unit.DAY)),
    ("one month", Limit(1, Unit.MONTH)),
    ("an hour", Limit(1, Unit.HOUR)),
    ("0 days", Limit(0, Unit.DAY)),
    ("当天内", EndOf(Period.DAY)),
    ("当日", EndOf(Period.DAY)),
    ("本周内", EndOf(Period.WEEK)),
    ("本周末前", EndOf(Period.WEEK)),
    ("本月末", EndOf(Period.MONTH)),
    ("月末前", EndOf(Period.MONTH)),
    ("月底前", EndOf(Period.MONTH)),
    ("季末前", EndOf(Period.QUARTER)),
    ("年末", EndOf(Period.YEAR)),
    ("today", EndOf(Period.DAY)),
    ("same day", EndOf(Period.DAY)),
    ("this week", EndOf(Period.WEEK)),
    ("end of month", EndOf(Period.MONTH)),
    ("by the end of the quarter", EndOf(Period.QUARTER)),
    ("周五前", OnWeekday(4, before=True)),
    ("星期天", OnWeekday(6)),
    ("本周三", OnWeekday(2, Week.THIS)),
    ("下周五前", OnWeekday(4, Week.NEXT, before=True)),
    ("下周周五前", OnWeekday(4, Week.NEXT, before=True)),
    ("周五 15:00", OnWeekday(4, at=dt.time(15))),
    ("周五 15:00前", OnWeekday(4, at=dt.time(15))),
    ("before Friday", OnWeekday(4, before=True)),
    ("by Fri", OnWeekday(4)),
    ("next Monday", OnWeekday(0, Week.NEXT)),
    ("Friday 15:00", OnWeekday(4, at=dt.time(15))),
    ("下周开始前1工作日", Before(Limit(1, Unit.WORKING_DAY), Period.WEEK)),
    ("下月前3天", Before(Limit(3, Unit.DAY), Period.MONTH)),
    ("one working day before next week", Before(Limit(1, Unit.WORKING_DAY), Period.WEEK)),
    ("2 days before the beginning of next month", Before(Limit(2, Unit.DAY), Period.MONTH)),
    ("立即", Immediate()),
    ("当场", Immediate()),
    ("immediately", Immediate()),
]


@pytest.mark.parametrize(("text", "limit"), STANDING)
def test_phrases_that_stand_for_themselves(text, limit):
    phrase = _parse(text)

    assert phrase.limit == limit
    assert phrase.kind is (Kind.IMMEDIATE if limit == Immediate() else Kind.LIMIT)
    assert phrase.event is None
    assert parse_limit(text) == limit


WITH_NAMES = [
    ("品质签收后3工作日", Kind.LIMIT, "品质签收", Limit(3, Unit.WORKING_DAY), None),
    ("品质签收起3工作日内", Kind.LIMIT, "品质签收", Limit(3, Unit.WORKING_DAY), None),
    ("品质 后 立即", Kind.IMMEDIATE, "品质", Immediate(), None),
    ("受理之后当天内", Kind.LIMIT, "受理", EndOf(Period.DAY), None),
    ("品质签收后普通答复", Kind.PARAMETER, "品质签收", None, "普通答复"),
    ("受理后发单期限内", Kind.PARAMETER, "受理", None, "发单期限"),
    ("普通答复", Kind.PARAMETER, None, None, "普通答复"),
    ("定期答复", Kind.PARAMETER, None, None, "定期答复"),
    ("每周", Kind.PARAMETER, None, None, "每周"),
    ("答应时间前", Kind.MOMENT, "答应时间", AtEvent(), None),
    ("答应时间", Kind.MOMENT, "答应时间", AtEvent(), None),
    ("before due day", Kind.MOMENT, "due day", AtEvent(), None),
    ("到期前1个月", Kind.BEFORE, "到期", Before(Limit(1, Unit.MONTH)), None),
    ("答应时间前2小时", Kind.BEFORE, "答应时间", Before(Limit(2, Unit.HOUR)), None),
    ("3 working days after QC receipt", Kind.LIMIT, "QC receipt", Limit(3, Unit.WORKING_DAY), None),
    ("within reply time of QC receipt", Kind.PARAMETER, "QC receipt", None, "reply time"),
    ("1 month before QC receipt", Kind.BEFORE, "QC receipt", Before(Limit(1, Unit.MONTH)), None),
]


@pytest.mark.parametrize(("text", "kind", "event", "limit", "parameter"), WITH_NAMES)
def test_phrases_with_declared_names(text, kind, event, limit, parameter):
    phrase = _parse(text)

    assert (phrase.kind, phrase.event, phrase.limit, phrase.parameter) == (kind, event, limit, parameter)


RECURRING = [
    ("每15天", Recurrence(15, Period.DAY)),
    ("每天", Recurrence(1, Period.DAY)),
    ("每月至少1次", Recurrence(1, Period.MONTH)),
    ("每季度至少2次", Recurrence(1, Period.QUARTER, 2)),
    ("每半年", Recurrence(1, Period.HALF_YEAR)),
    ("每两周一次", Recurrence(2, Period.WEEK)),
    ("每3个月", Recurrence(3, Period.MONTH)),
    ("每周五前", Recurrence(1, Period.WEEK, at=OnWeekday(4, before=True))),
    ("每周周五", Recurrence(1, Period.WEEK, at=OnWeekday(4))),
    ("每周末前", Recurrence(1, Period.WEEK, at=EndOf(Period.WEEK))),
    ("每月末前", Recurrence(1, Period.MONTH, at=EndOf(Period.MONTH))),
    ("每月月底", Recurrence(1, Period.MONTH, at=EndOf(Period.MONTH))),
    ("every 15 days", Recurrence(15, Period.DAY)),
    ("at least once a month", Recurrence(1, Period.MONTH)),
    ("2 times a week", Recurrence(1, Period.WEEK, 2)),
    ("twice every 3 months", Recurrence(3, Period.MONTH, 2)),
    ("quarterly", Recurrence(1, Period.QUARTER)),
    ("before every Friday", Recurrence(1, Period.WEEK, at=OnWeekday(4, before=True))),
    ("by the end of every month", Recurrence(1, Period.MONTH, at=EndOf(Period.MONTH))),
]


@pytest.mark.rule("T001-37")
@pytest.mark.parametrize(("text", "recurrence"), RECURRING)
def test_recurring_phrases(text, recurrence):
    phrase = _parse(text)

    assert (phrase.kind, phrase.recurrence, phrase.limit) == (Kind.RECURRING, recurrence, None)
    with pytest.raises(PhraseError, match="是周期"):
        parse_limit(text)


@pytest.mark.parametrize(
    ("recurrence", "interval"),
    [
        (Recurrence(15, Period.DAY), Limit(15, Unit.DAY)),
        (Recurrence(1, Period.QUARTER), Limit(3, Unit.MONTH)),
        (Recurrence(1, Period.HALF_YEAR), Limit(6, Unit.MONTH)),
        (Recurrence(2, Period.WEEK), Limit(2, Unit.WEEK)),
        (Recurrence(1, Period.MONTH, 2), Limit(15, Unit.DAY)),
        (Recurrence(1, Period.DAY, 3), Limit(1, Unit.DAY)),
    ],
)
def test_a_recurrence_knows_its_longest_gap(recurrence, interval):
    assert recurrence.interval == interval


@pytest.mark.parametrize(
    "word", ["及时", "尽快", "第一时间", "定期", "受理后及时", "asap", "as soon as possible", "promptly"]
)
def test_words_without_a_figure_are_refused_with_the_way_out(word):
    with pytest.raises(PhraseError) as refusal:
        _parse(word)

    assert str(refusal.value) == f"时限看不懂：“{word}”没有说多久，请写明期限，或用值为“未定”的参数"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "时限看不懂：没有内容"),
        ("  ", "时限看不懂：没有内容"),
        ("天" * 201, "时限看不懂：“" + "天" * 20 + "…”太长"),
        ("48h", "时限看不懂：“48h”，请写成“48小时”"),
        ("3月内", "时限看不懂：“3月内”，月数请写成“3个月”"),
        ("1.5小时", "时限看不懂：“1.5小时”，数量只能是整数，可改用更小的单位"),
        ("半天内", "时限看不懂：“半天内”，请写成小时、工作小时或天数"),
        ("品质签字后3工作日", "时限看不懂：“品质签字后3工作日”，是否指“品质签收”？"),
        ("品质签收后普通答付", "时限看不懂：“品质签收后普通答付”，是否指“普通答复”？"),
        ("普通答付", "时限看不懂：“普通答付”，是否指“普通答复”？"),
        ("甲乙丙后3天", "时限看不懂：“甲乙丙后3天”"),
        ("后3天", "时限看不懂：“后3天”"),
        ("-3天", "时限看不懂：“-3天”"),
        ("三三天", "时限看不懂：“三三天”"),
        ("一百五天", "时限看不懂：“一百五天”"),
        ("周五 25:00", "时限看不懂：“周五 25:00”"),
        ("Friday 25:00", "时限看不懂：“Friday 25:00”"),
        ("every Friday 25:00", "时限看不懂：“every Friday 25:00”"),
        ("每周五 25:00", "时限看不懂：“每周五 25:00”"),
        ("每月季末前", "时限看不懂：“每月季末前”"),
        ("每0天", "时限看不懂：“每0天”"),
        ("every 0 days", "时限看不懂：“every 0 days”"),
        ("每10000天", "时限看不懂：“每10000天”"),
        ("3 dayz", "时限看不懂：“3 dayz”，是否指“due day”？"),
        ("999999999小时", "时限看不懂：“999999999小时”"),
        ("999999999 hours", "时限看不懂：“999999999 hours”"),
        ("9999999999小时", "时限看不懂：“9999999999小时”"),
        ("下周前立即", "时限看不懂：“下周前立即”"),
        ("到期前立即", "时限看不懂：“到期前立即”"),
        ("到期前", "时限看不懂：“到期前”"),
        ("at once before QC receipt", "时限看不懂：“at once before QC receipt”"),
        ("soonish before next week", "时限看不懂：“soonish before next week”"),
        ("品质签收后每周", None),
    ],
)
def test_what_is_not_understood_is_refused_in_one_sentence(text, message):
    if message is None:
        assert _parse(text).parameter == "每周"
        return
    with pytest.raises(PhraseError) as refusal:
        _parse(text)

    assert str(refusal.value) == message


def test_an_undeclared_event_is_never_taken_for_a_name():
    with pytest.raises(PhraseError, match="品质签收后3工作日"):
        parse_phrase("品质签收后3工作日")


@pytest.mark.parametrize("text", ["立即", "当天内", "普通答复", "尽快", "3"])
def test_the_value_of_a_parameter_is_a_plain_amount(text):
    assert parse_amount(" 3 个工作日 ") == Limit(3, Unit.WORKING_DAY)
    with pytest.raises(PhraseError):
        parse_amount(text)


def test_only_amounts_of_one_family_can_be_ordered():
    assert parse_amount("90分钟").measure == ("clock", 5400)
    assert parse_amount("2周").measure == ("days", 14)
    assert parse_amount("2工作日").measure < parse_amount("3工作日").measure
    assert parse_amount("1年").measure == parse_amount("12个月").measure
    assert parse_amount("30天").measure[0] != parse_amount("1个月").measure[0]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Limit(-1, Unit.DAY), "between 0 and"),
        (lambda: Limit(MAX_AMOUNT + 1, Unit.DAY), "between 0 and"),
        (lambda: OnWeekday(7), "between 0 and 6"),
        (lambda: Recurrence(0, Period.DAY), "at least one"),
        (lambda: Recurrence(1, Period.DAY, 0), "at least one"),
    ],
)
def test_values_that_make_no_sense_cannot_be_made(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10), ("十五", 15), ("三十", 30), ("两", 2), ("一百零五", 105), ("一百二十", 120), ("两千", 2000),
        ("零", 0), ("seven", 7), ("twenty", 20), ("007", 7), ("十百", None), ("零十", None), ("百千", None),
        ("1.5", None), ("", None), ("１", None), ("一百五", None), ("五", 5), ("千零三", 1003),
    ],
)  # fmt: skip
def test_whole_numbers_in_figures_and_words(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("品质签收后普通答复", "品质签收后普通答复内", "within 普通答复 after 品质签收"),
        ("品质签收后3工作日", "品质签收后3个工作日内", "within 3 working days after 品质签收"),
        ("答应时间前", "答应时间前", "before 答应时间"),
        ("到期前1个月", "到期前1个月", "1 month before 到期"),
        ("当天内", "当天内", "within the same day"),
        ("月末前", "本月末前", "by the end of the month"),
        ("周五前", "周五前", "before Friday"),
        ("下周五 15:00", "下周五 15:00", "next Friday 15:00"),
        ("立即", "立即", "immediately"),
        ("下周开始前1工作日", "下周开始前1个工作日", "1 working day before next week"),
        ("每月至少1次", "每月至少1次", "at least once a month"),
        ("每15天", "每15天至少1次", "at least once every 15 days"),
        ("每3个月2次", "每3个月至少2次", "at least twice every 3 months"),
        ("每周3次", "每周至少3次", "at least 3 times a week"),
        ("每半年1次", "每半年至少1次", "at least once a half-year"),
        ("每周五前", "每周五前", "before every Friday"),
        ("每月末前", "每月末前", "by the end of every month"),
    ],
)  # fmt: skip
def test_phrases_are_said_in_both_languages(text, zh, en):
    assert explain_phrase(_parse(text)) == zh
    assert explain_phrase(_parse(text), "en") == en


AMOUNTS = st.builds(Limit, st.integers(0, 9999), st.sampled_from(list(Unit)))
CLOCKS = st.builds(dt.time, st.integers(0, 23), st.integers(0, 59))
WEEKS, DAYS = st.sampled_from(list(Week)), st.integers(0, 6)
LIMITS = st.one_of(
    AMOUNTS,
    st.just(Immediate()),
    st.just(AtEvent()),
    st.builds(EndOf, st.sampled_from(list(Period))),
    st.builds(OnWeekday, DAYS, WEEKS, st.booleans()),
    st.builds(OnWeekday, DAYS, WEEKS, at=CLOCKS),
    st.builds(Before, AMOUNTS, st.one_of(st.none(), st.sampled_from(list(Period)))),
)


@given(LIMITS)
def test_a_limit_said_in_chinese_is_read_back_as_the_same_limit(limit):
    assert parse_limit(explain_limit(limit)) == limit


@given(LIMITS.filter(lambda limit: not isinstance(limit, AtEvent) and getattr(limit, "anchor", 1)))
def test_a_limit_said_in_english_is_read_back_as_the_same_limit(limit):
    assert parse_limit(explain_limit(limit, "en")) == limit


@given(st.text(max_size=40))
def test_any_text_is_either_read_or_refused(text):
    assert isinstance(_read(text), Phrase) or _read(text).startswith("时限看不懂")


def _read(text):
    try:
        return _parse(text)
    except PhraseError as refusal:
        return str(refusal)
