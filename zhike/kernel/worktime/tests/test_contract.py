"""`zhike due`: one line in, one line out, whatever the line holds."""

from __future__ import annotations

import io
import json

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from zhike.kernel.worktime.contract import MAX_LINE, handle_line, run

WEEK = {day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDAR = {"tz": "Asia/Shanghai", "week": WEEK, "holidays": "CN"}
QUESTION = {"id": 7, "calendar": CALENDAR, "start": "2026-09-24T16:12:00+08:00", "limit": "7工作日"}


def _ask(without=(), **changes):
    question = {key: value for key, value in {**QUESTION, **changes}.items() if key not in without}
    return json.loads(handle_line(json.dumps(question)))


def _calendar(**changes):
    return {**CALENDAR, **changes}


def test_a_limit_is_answered_with_date_seconds_and_sentences():
    assert _ask() == {
        "id": 7,
        "due": "2026-10-12T18:00:00+08:00",
        "worked_seconds": 195_480,
        "explanation": [
            "7个工作日内:开始当日不计,次日起算;到期日以下班时刻为止。",
            "自2026年9月24日(周四) 16:12起算,2026年10月12日(周一) 18:00到期。",
            "计入:7个工作日,即9月28日(周一)、9月29日(周二)、9月30日(周三)、10月8日(周四)、10月9日(周五)、"
            "10月10日(周六)、10月12日(周一);其中10月10日(周六)为调休上班。",
            "跳过:中秋节3天(9月25日至9月27日)、国庆节7天(10月1日至10月7日)、周日1天(10月11日)。",
        ],
    }


def test_until_asks_for_the_working_seconds_between():
    assert _ask(without=("limit",), until="2026-09-28T10:00:00+08:00", lang="en") == {
        "id": 7,
        "worked_seconds": 10_080,
        "explanation": [
            "Working time from 24 Sep 2026 (Thu) 16:12 to 28 Sep 2026 (Mon) 10:00: 2 h 48 min.",
            "Counted: 2 h 48 min: 24 Sep (Thu) 16:12-18:00 1 h 48 min, 28 Sep (Mon) 09:00-10:00 1 h.",
            "Skipped: Mid-Autumn Festival 3 days (25 Sep to 27 Sep).",
        ],
    }


def test_until_knows_pauses():
    pauses = [["2026-09-24T17:00:00+08:00", "2026-09-28T09:30:00+08:00"]]

    assert _ask(without=("limit",), until="2026-09-28T10:00", pauses=pauses)["worked_seconds"] == 4680


@pytest.mark.rule("T001-38")
@pytest.mark.parametrize(
    ("limit", "due"),
    [
        ("3 working days", "2026-09-30T18:00:00+08:00"),
        ("8 working hours", "2026-09-28T16:42:00+08:00"),
        ("90 minutes", "2026-09-24T17:42:00+08:00"),
        ("2 days", "2026-09-28T18:00:00+08:00"),
        ("1 month", "2026-10-26T18:00:00+08:00"),
        ("3个工作日", "2026-09-30T18:00:00+08:00"),
        ("当天内", "2026-09-24T18:00:00+08:00"),
        ("0小时", "2026-09-24T16:12:00+08:00"),
    ],
)
def test_limits_in_both_languages(limit, due):
    assert _ask(limit=limit)["due"] == due


def test_the_convention_of_the_line_wins_over_that_of_the_calendar():
    elapsed = _calendar(convention="elapsed")

    assert _ask(limit="1工作日", convention="elapsed")["due"] == "2026-09-28T16:12:00+08:00"
    assert _ask(limit="1工作日", calendar=elapsed)["due"] == "2026-09-28T16:12:00+08:00"
    assert _ask(limit="1工作日", calendar=elapsed, convention="civil")["due"] == "2026-09-28T18:00:00+08:00"
    assert _ask(limit="1工作日", convention=None, pauses=None)["due"] == "2026-09-28T18:00:00+08:00"


@pytest.mark.parametrize(
    "start",
    [
        "2026-09-24T16:12",
        "2026-09-24 16:12:00",
        "2026-09-24T08:12Z",
        "2026-09-24T08:12:00.999z",
        "2026-09-24T10:12+0200",
    ],
)
def test_a_start_may_be_written_in_the_ways_of_iso_8601(start):
    """Without an offset it is wall-clock time of the calendar's zone."""
    assert _ask(start=start, limit="1小时")["due"] == "2026-09-24T17:12:00+08:00"


def test_own_days_and_pauses_are_read():
    calendar = _calendar(closed=["2026-09-28"], open={"2026-09-26": [["10:00", "15:00"]], "2026-09-27": None})
    reasons = _calendar(closed={"2026-09-28": "盘点"})

    assert _ask(calendar=calendar, limit="1工作日")["due"] == "2026-09-26T15:00:00+08:00"
    assert _ask(calendar=calendar, limit="2工作日")["due"] == "2026-09-27T18:00:00+08:00"
    assert _ask(calendar=calendar, limit="3工作日")["due"] == "2026-09-29T18:00:00+08:00"
    assert (
        _ask(calendar=reasons, limit="1工作日")["explanation"][-1]
        == "跳过:中秋节3天(9月25日至9月27日)、盘点1天(9月28日)。"
    )
    paused = _ask(limit="1工作日", pauses=[["2026-09-28T09:00", "2026-09-28T10:00"]])
    assert paused["due"] == "2026-09-29T10:00:00+08:00"
    assert paused["explanation"][-1] == (
        "暂停:2026年9月28日(周一) 09:00至2026年9月28日(周一) 10:00,扣除工作时间1小时。"
    )


REFUSED = [
    ({"limit": "尽快"}, "时限看不懂：“尽快”没有说多久，请写明期限，或用值为“未定”的参数"),
    ({"limit": "品质签收后3工作日"}, "时限看不懂：“品质签收后3工作日”"),
    ({"limit": "每月至少1次"}, "“每月至少1次”是周期,没有单独的到期时间"),
    ({"limit": 3}, "limit 要写成文字,如“3工作日”"),
    ({"limit": "180年"}, "时限超出 1900 年至 2199 年"),
    ({"limit": "200000工作日"}, "日历里没有足够的工作时间"),
    ({"start": "2026-02-30T10:00"}, "start:没有“2026-02-30T10:00”这个时间"),
    ({"start": "2026-09-24"}, "start:“2026-09-24”不是时间,请写成 2026-05-08T09:30:00+08:00 的样子"),
    ({"start": "2026-09-24T25:00"}, "start:没有“2026-09-24T25:00”这个时间"),
    ({"start": None}, "start:“None”不是时间,请写成 2026-05-08T09:30:00+08:00 的样子"),
    ({"start": "9999-12-31T23:59:59-10:00"}, "时间超出 1900 年至 2199 年"),
    ({"start": "0001-01-01T00:00"}, "时间超出 1900 年至 2199 年"),
    (
        {"start": "9999-12-31T23:59", "calendar": _calendar(tz="America/New_York")},
        "时间超出 1900 年至 2199 年",
    ),
    (
        {"start": "2026-03-08T02:30", "calendar": _calendar(tz="America/New_York")},
        "start:时钟调整,America/New_York 没有“2026-03-08T02:30”这个时间",
    ),
    ({"convention": "lunar"}, "convention 只能是 civil 或 elapsed,不能是“lunar”"),
    ({"convention": []}, "convention 只能是 civil 或 elapsed,不能是“[]”"),
    ({"lang": "fr"}, "lang 只能是 zh 或 en"),
    ({"until": "2026-09-25T10:00"}, "limit 和 until 要有一个,且只能有一个"),
    (
        {"colour": 1},
        "输入 里不认识“colour”,只能是 id、calendar、start、limit、until、pauses、convention、lang",
    ),
    ({"pauses": "x"}, "pauses 要写成 [[开始, 结束], …]"),
    ({"pauses": {"from": 1}}, "pauses 要写成 [[开始, 结束], …]"),
    ({"pauses": [["2026-09-25T10:00"]]}, "pauses 1:要写成 [开始, 结束]"),
    ({"pauses": ["ab"]}, "pauses 1:要写成 [开始, 结束]"),
    ({"pauses": [["2026-09-25T10:00", "2026-09-25T09:59"]]}, "pauses 1:结束早于开始"),
    ({"pauses": [["2026-09-25T10:00", 5]]}, "pauses 1:“5”不是时间,请写成 2026-05-08T09:30:00+08:00 的样子"),
    ({"calendar": "工厂日历"}, "不认识日历“工厂日历”,请直接写出日历的内容"),
    ({"calendar": [1]}, "calendar 要写成对象"),
    ({"calendar": {"week": {}}}, "calendar 缺少 tz"),
    ({"calendar": {"tz": "Asia/Shanghai"}}, "calendar 缺少 week"),
    (
        {"calendar": _calendar(colour=1)},
        "calendar 里不认识“colour”,只能是 tz、week、holidays、closed、open、convention、before_includes_day",
    ),
    ({"calendar": _calendar(tz="Mars/Olympus")}, "不认识的时区“Mars/Olympus”"),
    ({"calendar": _calendar(tz="../etc/passwd")}, "不认识的时区“../etc/passwd”"),
    ({"calendar": _calendar(tz="Asia")}, "不认识的时区“Asia”"),
    ({"calendar": _calendar(tz=8)}, "不认识的时区“8”"),
    ({"calendar": _calendar(holidays="ZZ")}, "没有“ZZ”的节假日数据"),
    (
        {"calendar": _calendar(holidays=1)},
        "holidays 要写成地区代码或 null,before_includes_day 要写成 true 或 false",
    ),
    (
        {"calendar": _calendar(before_includes_day="yes")},
        "holidays 要写成地区代码或 null,before_includes_day 要写成 true 或 false",
    ),
    ({"calendar": _calendar(week=[])}, 'week 要写成对象,如 {"mon": [["09:00", "18:00"]]}'),
    (
        {"calendar": _calendar(week={"monday": []})},
        "week 里不认识“monday”,只能是 mon、tue、wed、thu、fri、sat、sun",
    ),
    ({"calendar": _calendar(week={"mon": "09:00"})}, 'mon:工作时段要写成列表,如 [["09:00", "18:00"]]'),
    ({"calendar": _calendar(week={"mon": None})}, 'mon:工作时段要写成列表,如 [["09:00", "18:00"]]'),
    ({"calendar": _calendar(week={"mon": ["09:00", "18:00"]})}, "mon:工作时段要写成一对钟点"),
    ({"calendar": _calendar(week={"mon": [["09:00"]]})}, "mon:工作时段要写成一对钟点"),
    (
        {"calendar": _calendar(week={"mon": [["9:00", "18:00"]]})},
        "mon:“9:00”不是钟点,请写成 09:00 的样子,最晚 24:00",
    ),
    (
        {"calendar": _calendar(week={"mon": [["09:00", "24:30"]]})},
        "mon:“24:30”不是钟点,请写成 09:00 的样子,最晚 24:00",
    ),
    ({"calendar": _calendar(week={"mon": [[9, 18]]})}, "mon:“9”不是钟点,请写成 09:00 的样子,最晚 24:00"),
    (
        {"calendar": _calendar(week={"mon": [["18:00", "09:00"]]})},
        "mon:时段 18:00-09:00 的结束不晚于开始;跨过午夜的要拆成到 24:00 和次日从 00:00 两段",
    ),
    (
        {"calendar": _calendar(week={"mon": [["09:00", "09:00"]]})},
        "mon:时段 09:00-09:00 的结束不晚于开始;跨过午夜的要拆成到 24:00 和次日从 00:00 两段",
    ),
    ({"calendar": _calendar(week={"mon": [["09:00", "12:00"], ["11:59", "13:00"]]})}, "mon:工作时段互相重叠"),
    ({"calendar": _calendar(week={})}, "日历里没有任何工作时间"),
    ({"calendar": _calendar(closed="2026-05-08")}, "closed 要写成日期的列表"),
    ({"calendar": _calendar(closed=8)}, "closed 要写成日期的列表"),
    ({"calendar": _calendar(closed=["2026-02-29"])}, "closed:没有 2026-02-29 这一天"),
    ({"calendar": _calendar(closed=["8 May"])}, "closed:“8 May”不是日期,请写成 2026-05-08 的样子"),
    ({"calendar": _calendar(open=["2026-05-09"])}, "open 要写成日期到时段的对象"),
    ({"calendar": _calendar(open={"2026-13-01": []})}, "open:没有 2026-13-01 这一天"),
    (
        {"calendar": _calendar(open={"2026-05-09": [["10:00", "09:00"]]})},
        "open 2026-05-09:时段 10:00-09:00 的结束不晚于开始;跨过午夜的要拆成到 24:00 和次日从 00:00 两段",
    ),
    (
        {"calendar": _calendar(open={"2026-05-09": []}, closed=["2026-05-09"])},
        "2026-05-09 既列为休息又列为上班",
    ),
]


@pytest.mark.parametrize(("changes", "error"), REFUSED)
def test_what_cannot_be_understood_is_refused_in_one_sentence(changes, error):
    assert _ask(**changes) == {"id": 7, "error": error}


@pytest.mark.parametrize(("changes", "error"), REFUSED)
def test_refusals_are_said_in_english_too(changes, error):
    said = _ask(**{"lang": "en", **changes})["error"]

    assert said
    assert changes.get("lang") or not any(
        "\u4e00" <= char <= "\u9fff" for char in said.replace("工厂日历", "").split("“")[0]
    )


@pytest.mark.parametrize("key", ["calendar", "start"])
def test_a_missing_key_is_named(key):
    assert _ask(without=(key,)) == {"id": 7, "error": f"缺少 {key}"}


def test_neither_limit_nor_until_is_refused():
    assert _ask(without=("limit",)) == {"id": 7, "error": "limit 和 until 要有一个,且只能有一个"}


def test_until_before_the_start_is_refused():
    assert _ask(without=("limit",), until="2026-09-24T16:11") == {"id": 7, "error": "结束时间早于开始时间"}


@pytest.mark.parametrize("identity", [None, 0, "甲", [1, {"a": 2}], 1.5, True])
def test_the_id_comes_back_as_it_was(identity):
    assert _ask(id=identity)["id"] == identity
    assert _ask(id=identity, limit="尽快")["id"] == identity


def test_a_missing_id_comes_back_as_null():
    assert _ask(without=("id",))["id"] is None


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("", "这一行是空的"),
        ("{", "这一行不是 JSON"),
        ('{"id": NaN}', "这一行不是 JSON"),
        ('{"id": ' + "9" * 5000 + "}", "这一行不是 JSON"),
        ("[" * 100_000, "这一行不是 JSON"),
        ("[1]", "这一行不是 JSON 对象"),
        ('"text"', "这一行不是 JSON 对象"),
        ("null", "这一行不是 JSON 对象"),
        (" " * 5 + "x" * (MAX_LINE + 1), "这一行太长"),
        ('{"id": 1e999}', "id 不能这样写"),
    ],
)
def test_an_unreadable_line_is_refused_with_id_null(line, error):
    assert json.loads(handle_line(line)) == {"id": None, "error": error}


def test_an_id_that_no_stream_takes_is_escaped():
    answer = handle_line('{"id": "\\ud800"}')

    assert answer.isascii()
    assert json.loads(answer)["id"] == "\ud800"


def test_every_depth_of_nesting_is_answered():
    for depth in range(700, 1000):
        nested = "[" * depth + "]" * depth
        line = json.dumps(QUESTION)[:-1] + f', "pauses": {nested}}}'
        assert "error" in json.loads(handle_line(line))
        line = json.dumps({**QUESTION, "calendar": 0}).replace(
            '"calendar": 0', f'"calendar": {{"tz": {nested}}}'
        )
        assert "error" in json.loads(handle_line(line))


def test_a_wrong_line_does_not_stop_the_rest():
    good = json.dumps(QUESTION)
    lines = ["\ufeff" + good, "", "   ", "nonsense", good]
    output = io.StringIO()

    refused = run(io.StringIO("\n".join(lines) + "\n"), output)

    answers = [json.loads(line) for line in output.getvalue().splitlines()]
    assert refused == 1
    assert [answer.get("due", answer.get("error")) for answer in answers] == [
        "2026-10-12T18:00:00+08:00",
        "这一行不是 JSON",
        "2026-10-12T18:00:00+08:00",
    ]


def test_bytes_that_are_not_utf_8_are_refused_like_any_other_line():
    output = io.StringIO()

    refused = run(io.BytesIO("尽快\n".encode("gb18030") + json.dumps(QUESTION).encode() + b"\n"), output)

    answers = [json.loads(line) for line in output.getvalue().splitlines()]
    assert refused == 1
    assert answers[0] == {"id": None, "error": "这一行不是 UTF-8 编码"}
    assert answers[1]["id"] == 7


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["calendar", "start", "limit", "until", "pauses", "convention", "id", "lang"]), ANY)
def test_any_value_in_any_place_gives_an_answer(key, value):
    answer = json.loads(handle_line(json.dumps({**QUESTION, key: value})))

    assert answer.keys() in ({"id", "error"}, {"id", "due", "worked_seconds", "explanation"})


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["tz", "week", "holidays", "closed", "open", "convention", "before_includes_day"]), ANY
)
def test_any_value_in_any_place_of_the_calendar_gives_an_answer(key, value):
    answer = json.loads(handle_line(json.dumps({**QUESTION, "calendar": {**CALENDAR, key: value}})))

    assert answer.keys() in ({"id", "error"}, {"id", "due", "worked_seconds", "explanation"})
