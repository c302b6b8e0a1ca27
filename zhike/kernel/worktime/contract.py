"""`zhike due`: JSON lines in, JSON lines out.

One line asks one question:
`{"id", "calendar": {...}, "start", "limit" | "until", "pauses": [[from, to], ...], "convention", "lang"}`.
The answer is `{"id", "due", "worked_seconds", "explanation"}`, without `due` for `until`, or
`{"id", "error"}` with one sentence; `id` is null when it cannot be read. Nothing a line holds raises.

Moments are ISO 8601 with date and time of day. Without an offset they are wall-clock time of the calendar's
zone (a time that a clock change leaves out is refused; of a repeated one the first is meant).
`lang` is "zh" (default) or "en".
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import IO, Any

from zhike.kernel.worktime import arithmetic
from zhike.kernel.worktime.limits import AnyLimit
from zhike.kernel.worktime.pattern import Calendar
from zhike.kernel.worktime.phrases import Kind, PhraseError, normalise, parse_limit, parse_phrase
from zhike.kernel.worktime.refusals import CalendarError
from zhike.kernel.worktime.spec import convention_of, known

KEYS = ("id", "calendar", "start", "limit", "until", "pauses", "convention", "lang")
MAX_LINE = 1_000_000


def run(stdin: IO[Any] | Iterable[str | bytes], stdout: IO[str]) -> int:
    """Answer every line that is not blank, in order. Returns how many were refused.

    `stdin` gives text or bytes; bytes are UTF-8, and a line that is not is refused like any other.
    """
    refused = 0
    for raw in stdin:
        answer = _answer(raw)
        if answer is not None:
            refused += "error" in answer
            stdout.write(_dump(answer) + "\n")
            stdout.flush()
    return refused


def handle_line(text: str) -> str:
    """The answer to one line, as one line of JSON. Never raises."""
    return _dump(_answer(text) or _error(None, _EMPTY, "zh"))


def _dump(answer: dict[str, Any]) -> str:
    """One line of JSON that any UTF-8 stream takes, whatever the id was."""
    try:
        said = json.dumps(answer, ensure_ascii=False, allow_nan=False)
        said.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(answer)
    except (ValueError, RecursionError):
        return _dump(_error(None, CalendarError("id 不能这样写", "the id cannot be given back"), "zh"))
    return said


_EMPTY = CalendarError("这一行是空的", "the line is empty")


def _answer(raw: str | bytes) -> dict[str, Any] | None:
    """The answer as an object; None for a blank line."""
    try:
        text = (raw.decode("utf-8") if isinstance(raw, bytes) else raw).removeprefix("\ufeff").strip()
    except UnicodeDecodeError:
        return _error(None, CalendarError("这一行不是 UTF-8 编码", "the line is not UTF-8"), "zh")
    if not text:
        return None
    if len(text) > MAX_LINE:
        return _error(None, CalendarError("这一行太长", "the line is too long"), "zh")
    try:
        question = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return _error(None, CalendarError("这一行不是 JSON", "the line is not JSON"), "zh")
    if not isinstance(question, dict):
        return _error(None, CalendarError("这一行不是 JSON 对象", "the line is no JSON object"), "zh")
    identity = question.get("id")
    lang = "en" if question.get("lang") == "en" else "zh"
    try:
        return {"id": identity, **_solve(question, lang)}
    except (CalendarError, PhraseError) as refusal:
        return _error(identity, refusal, lang)
    except RecursionError:
        return _error(None, CalendarError("这一行嵌套太深", "the line is nested too deeply"), lang)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _error(identity: object, refusal: CalendarError | PhraseError, lang: str) -> dict[str, Any]:
    said = refusal.said(lang) if isinstance(refusal, CalendarError) else str(refusal)
    return {"id": identity, "error": said}


def _solve(question: dict[str, Any], lang: str) -> dict[str, Any]:
    known(question, KEYS, "输入" if lang == "zh" else "input")
    for key in ("calendar", "start"):
        if key not in question:
            raise CalendarError(f"缺少 {key}", f"{key} is missing")
    if ("limit" in question) == ("until" in question):
        raise CalendarError(
            "limit 和 until 要有一个,且只能有一个", "give either limit or until, and only one"
        )
    if question.get("lang", "zh") not in ("zh", "en"):
        raise CalendarError("lang 只能是 zh 或 en", "lang is zh or en")
    calendar = _calendar(question["calendar"])
    start = _moment(question["start"], calendar, "start")
    pauses = _pauses(question.get("pauses"), calendar)
    convention = question.get("convention")
    counted = calendar.convention if convention is None else convention_of(convention)
    if "until" in question:
        found = arithmetic.measure(calendar, start, _moment(question["until"], calendar, "until"), pauses)
        return {"worked_seconds": found.seconds, "explanation": list(found.explain(lang).lines)}
    due = arithmetic.due(calendar, start, _limit(question["limit"], lang), pauses, counted)
    return {
        "due": due.at.isoformat(),
        "worked_seconds": due.worked_seconds,
        "explanation": list(due.explain(lang).lines),
    }


def _calendar(value: object) -> Calendar:
    if isinstance(value, str):
        raise CalendarError(
            f"不认识日历“{value}”,请直接写出日历的内容", f"unknown calendar “{value}”, spell the calendar out"
        )
    if not isinstance(value, Mapping):
        raise CalendarError("calendar 要写成对象", "calendar must be an object")
    return _built(json.dumps(value, sort_keys=True))


@lru_cache(maxsize=256)
def _built(text: str) -> Calendar:
    """Calendars that read the same are laid out once."""
    return Calendar.of(json.loads(text))


def _limit(value: object, lang: str) -> AnyLimit:
    if not isinstance(value, str):
        raise CalendarError("limit 要写成文字,如“3工作日”", "limit is a text like “3 working days”")
    try:
        return _parsed(value)
    except PhraseError as refusal:
        if lang == "en":
            shown = normalise(value)[:60]
            raise CalendarError(str(refusal), f"the limit “{shown}” is not understood") from None
        raise


@lru_cache(maxsize=1024)
def _parsed(value: str) -> AnyLimit:
    phrase = parse_phrase(value)
    if phrase.kind is Kind.RECURRING:
        raise CalendarError(
            f"“{phrase.text}”是周期,没有单独的到期时间", f"“{phrase.text}” recurs and has no single due time"
        )
    return parse_limit(value)


_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)


def _moment(value: object, calendar: Calendar, where: str) -> dt.datetime:
    """An aware moment. Raises CalendarError."""
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise CalendarError(
            f"{where}:“{value}”不是时间,请写成 2026-05-08T09:30:00+08:00 的样子",
            f"{where}: “{value}” is no moment like 2026-05-08T09:30:00+08:00",
        )
    try:
        moment = dt.datetime.fromisoformat(match[0].upper())
    except ValueError:
        raise CalendarError(
            f"{where}:没有“{value}”这个时间", f"{where}: there is no such time as “{value}”"
        ) from None
    if moment.tzinfo is not None:
        return moment
    local = moment.replace(tzinfo=calendar.zone)
    try:
        back = local.astimezone(dt.UTC).astimezone(calendar.zone)
    except OverflowError:
        back = local
    if back.replace(tzinfo=None) != moment:
        raise CalendarError(
            f"{where}:时钟调整,{calendar.tz} 没有“{value}”这个时间",
            f"{where}: the clocks of {calendar.tz} skip “{value}”",
        )
    return local


def _pauses(value: object, calendar: Calendar) -> list[arithmetic.Pause]:
    if value is None:
        return []
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise CalendarError("pauses 要写成 [[开始, 结束], …]", "pauses is a list of [from, to]")
    found = []
    for number, pair in enumerate(value, 1):
        where = f"pauses {number}"
        if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
            raise CalendarError(f"{where}:要写成 [开始, 结束]", f"{where}: write [from, to]")
        begin, end = (_moment(item, calendar, where) for item in pair)
        if end < begin:
            raise CalendarError(f"{where}:结束早于开始", f"{where}: it ends before it begins")
        found.append((begin, end))
    return found
