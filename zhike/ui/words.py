"""How moments, spans of time and amounts read, in both languages.

Relative first, absolute beside: "2 h 14 min left", then "today 16:00", then the full moment with its weekday.
Every function is pure; `now` is passed in. Moments are shown in the time zone that is active.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

CAP = 10_000
UNKNOWN = "—"
WEEKDAYS = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)

_MINUTE = 60
_HOUR = 3_600
_DAY = 86_400


def span(length: dt.timedelta) -> str:
    """A length of time, rounded down: minutes; below 10 hours with minutes; below a day in hours; then in days."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return _("under 1 min")
    if seconds < _HOUR:
        return _("%(minutes)s min") % {"minutes": seconds // _MINUTE}
    if seconds < _DAY:
        hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
        if minutes and hours < 10:
            return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{minutes:02d}"}
        return _("%(hours)s h") % {"hours": hours}
    return _("%(days)s d") % {"days": seconds // _DAY}


def moment(at: dt.datetime | None, now: dt.datetime) -> str:
    """Short: "today 16:00", in this year "09-24 16:12", else "2025-11-03"."""
    if at is None:
        return UNKNOWN
    zone = timezone.get_current_timezone()  # once: a page has hundreds of moments
    local, here = at.astimezone(zone), now.astimezone(zone)
    text = local.isoformat(" ", "minutes")
    time = text[11:16]
    away = local.toordinal() - here.toordinal()
    if away == 0:
        return _("today %(time)s") % {"time": time}
    if away == -1:
        return _("yesterday %(time)s") % {"time": time}
    if away == 1:
        return _("tomorrow %(time)s") % {"time": time}
    return text[5:16] if local.year == here.year else text[:10]


def moment_full(at: dt.datetime | None) -> str:
    """With weekday, for `title`: "2026-09-29 Tue 16:00"."""
    if at is None:
        return UNKNOWN
    local = timezone.localtime(at)
    text = local.isoformat(" ", "minutes")  # several times faster than formatting by "%"
    return f"{text[:10]} {WEEKDAYS[local.weekday()]} {text[11:16]}"


def day(on: dt.date | None, now: dt.datetime | None = None) -> str:
    """A day: "09-24" in this year, else "2025-11-03"; always in full without `now`."""
    if on is None:
        return UNKNOWN
    if now is not None and timezone.localtime(now).year == on.year:
        return f"{on:%m-%d}"
    return f"{on:%Y-%m-%d}"


def day_line(at: dt.datetime, now: dt.datetime) -> str:
    """The line between the days of a timeline: "September 24, Thu"; today says so, another year is named."""
    local, here = timezone.localtime(at), timezone.localtime(now)
    values = {"month": local.month, "day": local.day, "weekday": WEEKDAYS[local.weekday()]}
    if local.toordinal() == here.toordinal():
        return _("Today %(weekday)s %(month)s/%(day)s") % values
    if local.year == here.year:
        return _("%(weekday)s %(month)s/%(day)s") % values
    return _("%(weekday)s %(year)s/%(month)s/%(day)s") % {**values, "year": local.year}


def money(amount: Decimal | int | None) -> str:
    """Two decimals and thousands separators, without unit; unknown is a dash, not 0."""
    return UNKNOWN if amount is None else f"{Decimal(amount):,.2f}"


def capped(number: int) -> str:
    """A count that stops counting above ten thousand."""
    if number <= CAP:
        return f"{number:,}"
    return _("10,000+")


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@dataclass(frozen=True)
class Deadline:
    """A due date as it is shown. `state`: none, run, late, met, pause. `tick`: the text changes with time."""

    state: str
    text: str
    at: dt.datetime | None
    title: str
    tick: bool = False

    @property
    def icon(self) -> str:
        return ICONS[self.state]


ICONS = {
    "none": "circle-dashed",
    "run": "clock",
    "late": "clock-exclamation",
    "met": "circle-check",
    "pause": "clock-pause",
}


def deadline(
    due_at: dt.datetime | None,
    now: dt.datetime,
    *,
    done_at: dt.datetime | None = None,
    paused_at: dt.datetime | None = None,
    remaining: dt.timedelta | None = None,
    working_days: int | None = None,
    reason: str = "",
) -> Deadline:
    """What a due date looks like at `now`.

    Done at the due moment is on time; done after it stays late for ever and says by how much. `remaining` is the
    working time left of a clock that stands; `working_days`, where given, names the days left instead of hours.
    """
    if due_at is None and paused_at is None:
        return Deadline("none", _("no time limit"), None, "")
    if done_at is not None and due_at is not None:
        return _done(due_at, done_at)
    if paused_at is not None:
        return _paused(paused_at, now, remaining, reason)
    assert due_at is not None
    title = _("due %(moment)s") % {"moment": moment_full(due_at)}
    if now > due_at:
        return Deadline(
            "late", _("overdue %(span)s") % {"span": span(now - due_at)}, due_at, title, tick=True
        )
    if working_days is not None and working_days > 0:
        text = ngettext("%(count)s working day left", "%(count)s working days left", working_days)
        return Deadline("run", text % {"count": working_days}, due_at, title)
    return Deadline("run", _("%(span)s left") % {"span": span(due_at - now)}, due_at, title, tick=True)


def _done(due_at: dt.datetime, done_at: dt.datetime) -> Deadline:
    title = _("due %(moment)s, done %(done)s") % {"moment": moment_full(due_at), "done": moment_full(done_at)}
    if done_at <= due_at:
        return Deadline("met", _("on time"), due_at, title)
    return Deadline("late", _("%(span)s late") % {"span": span(done_at - due_at)}, due_at, title)


def _paused(
    paused_at: dt.datetime, now: dt.datetime, remaining: dt.timedelta | None, reason: str
) -> Deadline:
    title = _("paused since %(moment)s") % {"moment": moment_full(paused_at)}
    if reason:
        title = f"{title} · {reason}"
    if remaining is None:
        return Deadline("pause", _("paused %(span)s") % {"span": span(now - paused_at)}, None, title)
    return Deadline("pause", _("paused · %(span)s left") % {"span": span(remaining)}, None, title)


def ticking_words() -> dict[str, str]:
    """The patterns that the browser needs to let a badge run on; the same sentences as above."""
    return {
        "under": _("under 1 min"),
        "minutes": _("%(minutes)s min"),
        "hours": _("%(hours)s h"),
        "both": _("%(hours)s h %(minutes)s min"),
        "days": _("%(days)s d"),
        "left": _("%(span)s left"),
        "late": _("overdue %(span)s"),
        "copied": _("Copied %(text)s"),
        "saved": _("Draft saved %(time)s"),
        "restored": _("Your draft of %(time)s is back"),
        "failed": _("That did not go through. What you typed is still here; try again."),
        "offline": _("No connection. What you typed is still here."),
        "forbidden": _("You may not do this."),
        "missing": _("This no longer exists."),
        "tooLong": _("%(count)s too many"),
        "tooBig": _("%(name)s is larger than %(limit)s MB"),
        "selected": _("%(count)s selected"),
        "close": _("Close"),
        "remove": _("Remove"),
        "walk": _("%(place)s of %(count)s"),
    }
