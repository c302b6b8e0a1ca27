"""The Chinese half of the time phrases: patterns and wording. Blanks are already taken out."""

from __future__ import annotations

import datetime as dt
import re

from zhike.kernel.worktime.limits import (
    MAX_AMOUNT,
    AnyLimit,
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
from zhike.kernel.worktime.numerals import CHINESE, whole_number

_UNITS = {
    "分钟": Unit.MINUTE,
    "分": Unit.MINUTE,
    "小时": Unit.HOUR,
    "个小时": Unit.HOUR,
    "工作小时": Unit.WORKING_HOUR,
    "个工作小时": Unit.WORKING_HOUR,
    "工作日": Unit.WORKING_DAY,
    "个工作日": Unit.WORKING_DAY,
    "天": Unit.DAY,
    "日": Unit.DAY,
    "自然日": Unit.DAY,
    "个自然日": Unit.DAY,
    "周": Unit.WEEK,
    "星期": Unit.WEEK,
    "个星期": Unit.WEEK,
    "个月": Unit.MONTH,
    "年": Unit.YEAR,
}
_UNIT = "(?:" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"
_WITHIN = "(?:之内|以内|内)?"
_BEFORE = "(?:之前|以前|前)"
_AMOUNT = re.compile(rf"(?P<n>{CHINESE})(?P<unit>{_UNIT}){_WITHIN}")
_HALVES = {"半小时": Limit(30, Unit.MINUTE), "半个小时": Limit(30, Unit.MINUTE), "半年": Limit(6, Unit.MONTH)}

_PERIODS = {
    "当天": Period.DAY,
    "当日": Period.DAY,
    "今天": Period.DAY,
    "今日": Period.DAY,
    "本周": Period.WEEK,
    "本星期": Period.WEEK,
    "本月": Period.MONTH,
    "当月": Period.MONTH,
    "本季": Period.QUARTER,
    "本季度": Period.QUARTER,
    "本半年": Period.HALF_YEAR,
    "本年": Period.YEAR,
    "当年": Period.YEAR,
    "今年": Period.YEAR,
    "本年度": Period.YEAR,
}
_ENDS = {
    "月末": Period.MONTH,
    "月底": Period.MONTH,
    "季末": Period.QUARTER,
    "季度末": Period.QUARTER,
    "年末": Period.YEAR,
    "年底": Period.YEAR,
}
_NEXT = {"下周": Period.WEEK, "下月": Period.MONTH, "下个月": Period.MONTH, "下季": Period.QUARTER}
_NEXT |= {"下季度": Period.QUARTER, "下年": Period.YEAR, "明年": Period.YEAR}
_NEXT |= {"下半年": Period.HALF_YEAR, "明天": Period.DAY, "次日": Period.DAY}


def _one_of(words: dict[str, Period]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_WEEKDAY = r"(?:周|星期)(?P<day>[一二三四五六日天])"
_CLOCK = r"(?P<h>\d{1,2}):(?P<m>\d{2})"
_PERIOD_END = re.compile(rf"(?P<p>{_one_of(_PERIODS)})(?:{_WITHIN}|末|底)(?:{_BEFORE})?")
_ON_END = re.compile(rf"(?:(?P<every>每月|每季度?|每年)|本)?(?P<end>{_one_of(_ENDS)})(?P<before>{_BEFORE})?")
_ON_SHORT_END = re.compile(rf"(?P<every>每周|每月|每季度?|每年)[末底](?:{_BEFORE})?")
_ON_WEEKDAY = re.compile(
    rf"(?:(?P<week>每周|本周|下周)(?=周|星期)|(?P<short>每|本|下)(?=周))?{_WEEKDAY}"
    rf"(?:(?P<before>{_BEFORE})|{_CLOCK}{_BEFORE}?)?"
)
_BEFORE_NEXT = re.compile(rf"(?P<next>{_one_of(_NEXT)})(?:开始)?{_BEFORE}(?P<amount>.+)")
_EVERY = re.compile(
    rf"每(?P<n>{CHINESE})?(?:个)?(?P<p>天|日|周|星期|月|季度?|半年|年)(?:至少|不少于)?(?:(?P<times>{CHINESE})次)?"
)
_EVERY_PERIODS = {
    "天": Period.DAY,
    "日": Period.DAY,
    "周": Period.WEEK,
    "星期": Period.WEEK,
    "月": Period.MONTH,
    "季": Period.QUARTER,
    "季度": Period.QUARTER,
    "半年": Period.HALF_YEAR,
    "年": Period.YEAR,
}
_VAGUE = re.compile("及时|尽快|尽早|第一时间|定期|适时|随时|不定期|早日|抓紧|限期|合理时间|近期")


def is_vague(text: str) -> bool:
    """The text holds a word that sounds like a deadline and names none."""
    return _VAGUE.search(text) is not None


def hint(text: str) -> str | None:
    """What to write instead of a form that is understood but refused."""
    if match := re.search(r"(\d+)月[内后前]?$", text):
        return f"月数请写成“{match[1]}个月”"
    if match := re.search(r"(\d+)(h|hr|hrs|H)$", text):
        return f"请写成“{match[1]}小时”"
    if re.search(r"\d\.\d", text):
        return "数量只能是整数，可改用更小的单位"
    if "半天" in text or "半个月" in text or "半个工作日" in text:
        return "请写成小时、工作小时或天数"
    return None


def amount(text: str) -> Limit | None:
    """`3工作日`, `三天内`, `半年`."""
    for within in ("之内", "以内", "内", ""):
        if text.endswith(within) and (half := _HALVES.get(text.removesuffix(within))):
            return half
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    number = whole_number(match["n"])
    if number is None or number > MAX_AMOUNT:
        return None
    return Limit(number, _UNITS[match["unit"]])


def standing(text: str) -> AnyLimit | None:
    """A limit that needs no event: at once, an amount, a period's end, a weekday, before next week."""
    if text in {"立即", "当场", "立刻"}:
        return Immediate()
    if limit := amount(text):
        return limit
    if match := _PERIOD_END.fullmatch(text):
        return EndOf(_PERIODS[match["p"]])
    if (match := _ON_END.fullmatch(text)) and not match["every"]:
        return EndOf(_ENDS[match["end"]])
    if (match := _ON_WEEKDAY.fullmatch(text)) and "每" not in text:
        return _weekday(match)
    if (match := _BEFORE_NEXT.fullmatch(text)) and (limit := amount(match["amount"])):
        return Before(limit, _NEXT[match["next"]])
    return None


def _weekday(match: re.Match[str]) -> OnWeekday | None:
    day = "一二三四五六日".index(match["day"].replace("天", "日"))
    mark = (match["week"] or match["short"] or "")[:1]
    week = {"本": Week.THIS, "下": Week.NEXT}.get(mark, Week.COMING)
    at = None
    if match["h"] is not None:
        if int(match["h"]) > 23 or int(match["m"]) > 59:
            return None
        at = dt.time(int(match["h"]), int(match["m"]))
    return OnWeekday(day, week, before=match["before"] is not None, at=at)


def recurring(text: str) -> Recurrence | None:
    """`每15天`, `每月至少1次`, `每周五前`, `每月末前`."""
    if (match := _ON_WEEKDAY.fullmatch(text)) and text.startswith("每"):
        at = _weekday(match)
        return Recurrence(1, Period.WEEK, at=at) if at else None
    end = _ON_END.fullmatch(text) or _ON_SHORT_END.fullmatch(text)
    if end and end["every"]:
        period = _EVERY_PERIODS[end["every"].removeprefix("每")]
        at_end = _ENDS[end["end"]] if "end" in end.groupdict() else period
        return Recurrence(1, period, at=EndOf(at_end)) if at_end is period else None
    match = _EVERY.fullmatch(text)
    if match is None:
        return None
    every = whole_number(match["n"]) if match["n"] else 1
    times = whole_number(match["times"]) if match["times"] else 1
    if not every or not times or every > 9999 or times > 9999:
        return None
    return Recurrence(every, _EVERY_PERIODS[match["p"]], times)


_UNIT_WORDS = {
    Unit.MINUTE: "分钟",
    Unit.HOUR: "小时",
    Unit.WORKING_HOUR: "个工作小时",
    Unit.WORKING_DAY: "个工作日",
    Unit.DAY: "天",
    Unit.WEEK: "周",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}
_END_WORDS = {
    Period.DAY: "当天内",
    Period.WEEK: "本周内",
    Period.MONTH: "本月末前",
    Period.QUARTER: "本季末前",
    Period.HALF_YEAR: "本半年末前",
    Period.YEAR: "本年末前",
}
_EVERY_WORDS = {
    Period.DAY: "天",
    Period.WEEK: "周",
    Period.MONTH: "月",
    Period.QUARTER: "季",
    Period.HALF_YEAR: "半年",
    Period.YEAR: "年",
}
_NEXT_WORDS = {
    Period.DAY: "明天",
    Period.WEEK: "下周",
    Period.MONTH: "下月",
    Period.QUARTER: "下季",
    Period.HALF_YEAR: "下半年",
    Period.YEAR: "明年",
}
_DAY_WORDS = "一二三四五六日"


def explain(
    *, event: str | None, limit: AnyLimit | None, parameter: str | None, recurrence: Recurrence | None
) -> str:
    """A phrase in Chinese words."""
    if recurrence is not None:
        return _explain_recurrence(recurrence)
    if event and isinstance(limit, AtEvent):
        return f"{event}前"
    if event and isinstance(limit, Before):
        return f"{event}前{explain_amount(limit.limit)}"
    head = f"{event}后" if event else ""
    return head + (f"{parameter}内" if limit is None else explain_standing(limit))


def explain_amount(limit: Limit) -> str:
    """`3个工作日`."""
    return f"{limit.amount}{_UNIT_WORDS[limit.unit]}"


def explain_standing(limit: AnyLimit) -> str:
    """A limit without its event."""
    if isinstance(limit, Limit):
        return f"{explain_amount(limit)}内"
    if isinstance(limit, EndOf):
        return _END_WORDS[limit.period]
    if isinstance(limit, OnWeekday):
        return _explain_weekday(limit)
    if isinstance(limit, Before):
        anchor = f"{_NEXT_WORDS[limit.anchor]}开始" if limit.anchor else "约定时间"
        return f"{anchor}前{explain_amount(limit.limit)}"
    return "立即" if isinstance(limit, Immediate) else "约定时间前"


def _explain_weekday(limit: OnWeekday) -> str:
    week = {Week.THIS: "本", Week.NEXT: "下", Week.COMING: ""}[limit.week]
    at = f" {limit.at:%H:%M}" if limit.at else ""
    return f"{week}周{_DAY_WORDS[limit.weekday]}{at}{'前' if limit.before else ''}"


def _explain_recurrence(recurrence: Recurrence) -> str:
    if isinstance(recurrence.at, OnWeekday):
        return "每" + _explain_weekday(recurrence.at)
    word = _EVERY_WORDS[recurrence.period]
    if recurrence.at is not None:
        return f"每{word}末前"
    measure = "个" if recurrence.every > 1 and recurrence.period in {Period.MONTH, Period.QUARTER} else ""
    number = str(recurrence.every) if recurrence.every > 1 else ""
    return f"每{number}{measure}{word}至少{recurrence.times}次"
