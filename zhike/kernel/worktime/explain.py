"""Why a date is what it is: sentences for people and marks for the little calendar.

Nothing here is needed to find a date; it is called only when somebody asks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhike.kernel.worktime import rules, words
from zhike.kernel.worktime.basis import basis_words, rule_words
from zhike.kernel.worktime.limits import AnyLimit, Limit
from zhike.kernel.worktime.pattern import DayKind
from zhike.kernel.worktime.spec import Convention
from zhike.kernel.worktime.story import (
    DayFacts,
    DayMark,
    Mark,
    Story,
    Way,
    days_between,
    first_and_last,
    pieces_on,
    target_of,
    way_of,
)

# More single days or intervals than this are given as a sum with the first and the last.
MAX_LISTED = 31


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer in words.

    `lines` are whole sentences in order. `days` are whole weeks from Monday to Sunday around start and due
    (empty above 400 days). The other texts are the rows of the panel "why this date"; a text that has
    nothing to say is empty, except `paused`, which then says so.
    """

    lines: tuple[str, ...]
    days: tuple[DayMark, ...]
    rule: str
    counted: str
    skipped: str
    moved: str
    paused: str
    basis: str
    provisional: tuple[int, ...]


def explain_due(story: Story, limit: AnyLimit, convention: Convention, lang: str) -> Explanation:
    """Explain a due moment. `lang` is "zh" or "en"."""
    facts = days_between(story, limit)
    way = way_of(limit)
    rule = rule_words(limit, convention, story.calendar, lang)
    due = words.moment_words(_moment(story, story.end), lang)
    start = words.moment_words(_moment(story, story.start), lang)
    span = f"Runs from {start}; due {due}." if lang == "en" else f"自{start}起算,{due}到期。"
    counted = "" if way in {Way.CLOCK, Way.NAMED} else _counted(story, facts, way, lang)
    moved = ""
    if isinstance(limit, Limit) and way is Way.DATES and convention == Convention.CIVIL and limit.amount:
        moved = _moved(story, target_of(story, limit), lang)
    elif way is Way.NAMED:
        moved = _worked_instead(story, first_and_last(story)[1], lang)
    skipped = _skipped(story, facts, lang)
    pauses = _pauses(story, lang) if rules.is_moved_by_pauses(limit) else []
    return _explanation(story, facts, rule, [span], counted, skipped, moved, pauses, convention, lang)


def explain_worked(story: Story, lang: str) -> Explanation:
    """Explain working seconds between two moments. `lang` is "zh" or "en"."""
    facts = days_between(story)
    length = words.length_words(story.worked, lang)
    start = words.moment_words(_moment(story, story.start), lang)
    end = words.moment_words(_moment(story, story.end), lang)
    rule = (
        f"Working time from {start} to {end}: {length}."
        if lang == "en"
        else f"自{start}至{end},共有工作时间{length}。"
    )
    counted = _counted(story, facts, Way.WORKING_TIME, lang)
    pauses = _pauses(story, lang)
    convention = story.calendar.convention
    return _explanation(
        story, facts, rule, [], counted, _skipped(story, facts, lang), "", pauses, convention, lang
    )


def _explanation(
    story: Story,
    facts: list[DayFacts],
    rule: str,
    span: list[str],
    counted: str,
    skipped: str,
    moved: str,
    pauses: list[str],
    convention: Convention,
    lang: str,
) -> Explanation:
    stop = "." if lang == "en" else "。"
    heads = ("Counted: ", "Skipped: ", "Pause: ") if lang == "en" else ("计入:", "跳过:", "暂停:")
    lines = [rule, *span]
    lines += [f"{heads[0]}{counted}{stop}"] if counted else []
    lines += [f"{heads[1]}{skipped}{stop}"] if skipped else []
    lines += [moved] if moved else []
    lines += [f"{heads[2]}{pause}{stop}" for pause in pauses]
    lines += [_provisional(story.provisional, lang)] if story.provisional else []
    paused = ("; " if lang == "en" else ";").join(pauses) or ("none" if lang == "en" else "无")
    basis = basis_words(story.calendar, convention, _years(story), lang)
    return Explanation(
        tuple(lines),
        _marks(story, facts, lang),
        rule,
        counted,
        skipped,
        moved,
        paused,
        basis,
        story.provisional,
    )


def _moment(story: Story, epoch: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(epoch, story.calendar.zone)


def _years(story: Story) -> range:
    first, last = sorted(first_and_last(story))
    return range(first.year, last.year + 1)


def _reason(story: Story, fact: DayFacts, lang: str) -> str:
    return words.reason_words(story.calendar, fact.date, fact.kind, fact.is_working, lang)


def _counted(story: Story, facts: list[DayFacts], way: Way, lang: str) -> str:
    if not facts:
        length = words.length_words(story.worked, lang)
        return f"{length} of working time" if lang == "en" else f"工作时间共{length}"
    if way is Way.WORKING_TIME:
        return _counted_time(story, facts, lang)
    numbered = [fact for fact in facts if fact.number is not None]
    if not numbered:
        return ""
    if way is Way.DATES:
        first, last = (words.day_words(fact.date, lang) for fact in (numbered[0], numbered[-1]))
        total = words.days_counted(len(numbered), lang)
        return f"{total}, {first} to {last}" if lang == "en" else f"{total},{first}至{last}"
    total = f"{len(numbered)} working day{'' if len(numbered) == 1 else 's'}"
    total = total if lang == "en" else f"{len(numbered)}个工作日"
    return total + _named(numbered, lang) + _special(story, numbered, lang)


def _named(facts: list[DayFacts], lang: str) -> str:
    dates = [words.day_words(fact.date, lang) for fact in facts]
    if len(dates) > MAX_LISTED:
        return f", {dates[0]} to {dates[-1]}" if lang == "en" else f",{dates[0]}至{dates[-1]}"
    said = words.listed(dates, lang)
    return f": {said}" if lang == "en" else f",即{said}"


def _special(story: Story, facts: list[DayFacts], lang: str) -> str:
    """The days worked out of order: make-up days and own hours."""
    said = ""
    for fact in facts:
        if fact.kind in {DayKind.MAKE_UP, DayKind.OPEN} and fact.is_working:
            day, reason = words.day_words(fact.date, lang), _reason(story, fact, lang)
            said += f"; {day} is a {reason}" if fact.kind is DayKind.MAKE_UP and lang == "en" else ""
            said += f"; {day} has its {reason}" if fact.kind is DayKind.OPEN and lang == "en" else ""
            said += f";其中{day}为{reason}" if lang != "en" else ""
    return said


def _counted_time(story: Story, facts: list[DayFacts], lang: str) -> str:
    used = [fact for fact in facts if fact.seconds]
    pieces = [(fact.date, piece) for fact in used for piece in pieces_on(story, fact.date)]
    total = words.length_words(story.worked, lang)
    if not pieces:
        return total
    said = [
        f"{words.day_words(day, lang)} {_hours(story, begin, end)} {words.length_words(end - begin, lang)}"
        for day, (begin, end) in pieces
    ]
    if len(said) > MAX_LISTED:
        middle = f"… ({len(said)} intervals)" if lang == "en" else f"……共{len(said)}段"
        said = [said[0], middle, said[-1]]
    colon = ": " if lang == "en" else ",即"
    return f"{total}{colon}{words.listed(said, lang)}{_special(story, used, lang)}"


def _hours(story: Story, begin: int, end: int) -> str:
    """`13:00-17:30`; an interval that ends at midnight ends at 24:00."""
    first, last = (words.clock_words(_moment(story, epoch)) for epoch in (begin, end))
    return f"{first}-{'24:00' if last == '00:00' else last}"


def _skipped(story: Story, facts: list[DayFacts], lang: str) -> str:
    """`中秋节3天(9月25日至9月27日)、周日1天(10月11日)`."""
    groups: dict[str, list[dt.date]] = {}
    for fact in facts:
        if fact.is_skipped:
            groups.setdefault(_reason(story, fact, lang), []).append(fact.date)
    said = []
    for reason, days in groups.items():
        total = words.days_counted(len(days), lang)
        dates = f"({words.ranges(days, lang)})" if len(days) <= MAX_LISTED else ""
        said.append(f"{reason} {total} {dates}".rstrip() if lang == "en" else f"{reason}{total}{dates}")
    return words.listed(said, lang)


def _moved(story: Story, target: dt.date, lang: str) -> str:
    """The sentence of article 203: a last day that is no working day moves to the next working day."""
    calendar = story.calendar
    if calendar.hours_on(target):
        return _worked_instead(story, target, lang)
    day = words.day_words(target, lang)
    reason = words.reason_words(calendar, target, calendar.kind_of(target), False, lang)
    ordinal, _ = rules.nth_day_after(calendar, target.toordinal(), 1)
    following = dt.date.fromordinal(ordinal)
    onto, instead = words.day_words(following, lang), _worked_instead(story, following, lang)
    if lang == "en":
        return f"The last day, {day}, is no working day ({reason}); it moves to {onto}. {instead}".rstrip()
    return f"最后一天{day}不是工作日({reason}),顺延到{onto}。{instead}"


def _worked_instead(story: Story, day: dt.date, lang: str) -> str:
    """A sentence for a day on which people work only by way of exception; else empty."""
    kind, working = story.calendar.kind_of(day), bool(story.calendar.hours_on(day))
    if kind not in {DayKind.MAKE_UP, DayKind.OPEN} or not working:
        return ""
    reason = words.reason_words(story.calendar, day, kind, working, lang)
    said = words.day_words(day, lang)
    return f"{said}: {reason}." if lang == "en" else f"{said}为{reason}。"


def _pauses(story: Story, lang: str) -> list[str]:
    said = []
    for begin, end in story.pauses:
        if begin >= story.end or end <= story.start:
            continue
        begin, stop = max(begin, story.start), min(end, story.end)
        taken = rules.worked_between(story.calendar, begin, stop)
        span = [words.moment_words(_moment(story, epoch), lang) for epoch in (begin, stop)]
        length = words.length_words(taken, lang)
        if lang == "en":
            said.append(f"{span[0]} to {span[1]}, {length} of working time taken out")
        else:
            said.append(f"{span[0]}至{span[1]},扣除工作时间{length}")
    return said


def _provisional(years: tuple[int, ...], lang: str) -> str:
    if lang == "en":
        said = words.listed([str(year) for year in years], lang)
        return f"Provisional: no published holidays for {said}; the weekly pattern was used."
    said = words.listed([f"{year}年" for year in years], lang)
    return f"暂定:{said}没有已公布的节假日安排,按每周作息推算,公布后重算。"


def _marks(story: Story, facts: list[DayFacts], lang: str) -> tuple[DayMark, ...]:
    if not facts:
        return ()
    start, due = first_and_last(story)
    known = {fact.date: fact for fact in facts}
    monday = facts[0].date - dt.timedelta(days=facts[0].date.weekday())
    sunday = facts[-1].date + dt.timedelta(days=6 - facts[-1].date.weekday())
    marks = []
    for index in range((sunday - monday).days + 1):
        day = monday + dt.timedelta(days=index)
        fact = known.get(day)
        if fact is None:
            marks.append(DayMark(day, Mark.OUTSIDE))
            continue
        mark = Mark.DUE if day == due else Mark.START if day == start else _mark(fact)
        reason = _reason(story, fact, lang)
        marks.append(DayMark(day, mark, fact.number, reason, fact.kind is DayKind.MAKE_UP, fact.seconds))
    return tuple(marks)


def _mark(fact: DayFacts) -> Mark:
    return Mark.SKIPPED if fact.is_skipped else Mark.COUNTED
