"""Small components as functions: lists render hundreds of them, so they are written without templates.

Each returns safe HTML in the classes of `parts.css`. The template tags of the same names call these.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhike.kernel.tallies.figures import Ratio, Reading

from . import words
from .markup import escape, format_html

Text = str | Promise


@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """A Tabler icon that says nothing to a screen reader."""
    return format_html('<i class="ti ti-{} {}" aria-hidden="true"></i>', name, extra)


def due_badge(
    due_at: dt.datetime | None,
    now: dt.datetime,
    *,
    done_at: dt.datetime | None = None,
    paused_at: dt.datetime | None = None,
    remaining: dt.timedelta | None = None,
    working_days: int | None = None,
    reason: str = "",
    absolute: bool = False,
) -> SafeString:
    """A deadline: icon, relative text, full moment in `title`; `absolute` writes the short moment beside it."""
    shown = words.deadline(
        due_at,
        now,
        done_at=done_at,
        paused_at=paused_at,
        remaining=remaining,
        working_days=working_days,
        reason=reason,
    )
    return deadline_html(shown, now, absolute=absolute)


def deadline_html(shown: words.Deadline, now: dt.datetime, *, absolute: bool = False) -> SafeString:
    badge = SafeString(
        f'<time class="zk-due is-{shown.state}"{_time_attributes(shown)}>'
        f"{icon(shown.icon)}<span>{escape(shown.text)}</span></time>"
    )
    if not absolute or shown.at is None:
        return badge
    return format_html('{}<span class="zk-abs">{}</span>', badge, words.moment(shown.at, now))


def deadline_line(what: Text, shown: words.Deadline, now: dt.datetime, owner: Text = "") -> SafeString:
    """A deadline of a case header: what, when, who (`zk-dl`). Put several into `zk-dues`."""
    return format_html(
        '<span class="zk-dl is-{}"><span class="what">{}</span><time class="when"{}>{}<span>{}</span></time>{}</span>',
        shown.state,
        what,
        _time_attributes(shown),
        icon(shown.icon),
        shown.text,
        format_html('<span class="own">{}</span>', owner) if owner else "",
    )


def _time_attributes(shown: words.Deadline) -> SafeString:
    found = f' datetime="{shown.at.isoformat(timespec="seconds")}"' if shown.at else ""
    if shown.title:
        found += f' title="{escape(shown.title)}"'
    return SafeString(found + " data-tick" if shown.tick else found)


def moment(at: dt.datetime | None, now: dt.datetime) -> SafeString:
    """The short moment as `<time>` with the full one in `title`."""
    if at is None:
        return SafeString(words.UNKNOWN)
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        words.moment_full(at),
        words.moment(at, now),
    )


def money(amount: Decimal | int | None) -> SafeString:
    return format_html('<span class="zk-money nowrap">{}</span>', words.money(amount))


def clause(number: Text, url: str = "", *, title: Text = "", old: bool = False, peek: str = "") -> SafeString:
    """A clause chip.

    `url` opens the manual; `peek` is the address of a part with text, row, version and facts, which htmx loads
    into a popover on hover, focus or tap. `old` marks a clause of a former version.
    """
    if not number:
        return SafeString("")
    return format_html(
        '<{} class="zk-clause{}"{}{}{}>{}</{}>',
        mark_safe("a" if url else "span"),
        " is-old" if old else "",
        format_html(' href="{}"', url) if url else "",
        format_html(' title="{}"', title) if title else "",
        format_html(' data-peek="{}"', peek) if peek else "",
        number,
        mark_safe("a" if url else "span"),
    )


def status(label: Text, kind: str = "") -> SafeString:
    """A dot and a word. `kind`: run, late, met, pause, new, brand or nothing."""
    return format_html('<span class="zk-status{}">{}</span>', f" is-{kind}" if kind else "", label)


def log_line(
    at: dt.datetime,
    now: dt.datetime,
    *,
    title: Text,
    url: str,
    number: str,
    kind: str,
    mark: Text,
    mark_kind: str,
) -> SafeString:
    """A line of a log: when, by which number, what, how it stands. What leads somewhere is a link."""
    told = title if number or not url else ""
    name = format_html('<a href="{}">{}</a>', url, number or title) if url else number
    stands = format_html("· {}", status(mark, mark_kind)) if mark else ""
    return format_html(
        '<li class="{}">{} {} {} {}</li>', f"is-{kind}" if kind else "", moment(at, now), name, told, stands
    )


def tag(label: Text, kind: str = "", icon_name: str = "") -> SafeString:
    """A quiet label. `kind`: gold, late, brand, met, run, pause or nothing."""
    mark = format_html("{} ", icon(icon_name)) if icon_name else ""
    return format_html('<span class="zk-tag{}">{}{}</span>', f" is-{kind}" if kind else "", mark, label)


def avatar(name: Text, number: int | None = None, size: str = "") -> SafeString:
    """The first letter of a name; the tint comes from the id, never from the role. `size`: "", "l", "xl"."""
    text = str(name)
    return _avatar(text.strip()[:1].upper() or "?", sum(map(ord, text)) if number is None else number, size)


@lru_cache(maxsize=2048)
def _avatar(letter: str, number: int, size: str) -> SafeString:
    return format_html(
        '<span class="zk-av t{} {}" aria-hidden="true">{}</span>', number % 6 + 1, size, letter
    )


def tint(number: int | None) -> int:
    """The tint of a person, 1 to 6, from the id: `tint=row.by_id|tint` where a part takes the tint and not the id."""
    return (number or 0) % 6 + 1


def person(party: Any, *, empty: Text = words.UNKNOWN) -> SafeString:
    """A person in a row: initial and name. `party` has `name` (or reads as one) and `pk`."""
    if party is None:
        return format_html("{}", empty)
    name = getattr(party, "name", None) or str(party)
    return format_html(
        '<span class="zk-who" title="{}">{}{}</span>', name, avatar(name, getattr(party, "pk", None)), name
    )


def cut(text: Text, limit: int = 0) -> SafeString:
    """A text that may be cut by its column; the full form is in `title`."""
    shown = str(text)
    return format_html('<span class="cut" title="{}">{}</span>', shown, shown[:limit] if limit else shown)


def number(value: int | Decimal | None) -> SafeString:
    return SafeString(words.UNKNOWN) if value is None else SafeString(f"{value:,}")


def count(value: int, *, late: bool = False) -> SafeString:
    """A count that stops at ten thousand; red only for overdue work."""
    return format_html(
        '<span class="zk-count{}">{}</span>', " is-late" if late and value else "", words.capped(value)
    )


def change(reading: Reading) -> SafeString:
    """A figure against the period before: up or down, by how much, and by its colour whether that is welcome."""
    by = reading.change
    if by is None:
        return SafeString("")
    size = (abs(by) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP).normalize()
    # the difference of two percentages is not itself a percentage of anything
    written = _("%(n)s points") if isinstance(reading.number, Ratio) else "%(n)s %%"
    said = f"{'↑' if by > 0 else '↓'} {written % {'n': f'{size:f}'}}" if by else _("as before")
    before = reading.previous
    title = _("the period before: %(number)s") % {
        "number": f"{before.percent} %" if isinstance(before, Ratio) else f"{before:,}"
    }
    colour = {True: "text-met", False: "text-late", None: "ink3"}[reading.is_better]
    return format_html('<span class="s12 nowrap {}" title="{}">{}</span>', colour, title, said)


def copyable(text: Text) -> SafeString:
    """A number that a click copies (and the key "." on a case page)."""
    return format_html(
        '<button type="button" class="zk-no nowrap" data-copy="{}" title="{}">{} {}</button>',
        text,
        _("Copy (.)"),
        text,
        icon("copy"),
    )


def entry(
    content: Text,
    *,
    kind: str = "",
    icon: str = "",
    who: Text = "",
    what: Text = "",
    tint: int | None = None,
    tag: Text = "",
    clause: Text = "",
    clause_url: str = "",
    peek: str = "",
    at: dt.datetime | None = None,
    id: str = "",
) -> SafeString:
    """One entry of a timeline.

    `kind`: note (internal), out (to the customer), ruling, small (one grey line) or nothing (a card). `icon` names
    the mark; without it the initial of `who` stands there, in the colour `tint` (1 to 6, see the function) `what` follows the name; `tag` is a word in amber.
    """
    mark = (
        format_html('<span class="mark">{}</span>', _icon(icon))
        if icon
        else format_html('<span class="mark zk-av t{}" aria-hidden="true">{}</span>', tint or 1, str(who)[:1])
    )
    chip = _clause(clause, clause_url, peek=peek) if clause else ""
    time = _clock_time(at) if at else ""
    if kind == "small":
        inner = format_html('<div class="line"><span>{}</span>{}{}</div>', content, chip, time)
    else:
        inner = format_html(
            '<div class="box"><header>{}{}{}{}{}</header>{}</div>',
            format_html("<b>{}</b>", who) if who else "",
            format_html('<span class="what">{}</span>', what) if what else "",
            _tag(tag, "run") if tag else "",
            chip,
            time,
            format_html("<div>{}</div>", content) if content else "",
        )
    return format_html(
        '<li class="zk-entry{}"{}>{}{}</li>',
        f" is-{kind}" if kind else "",
        format_html(' id="{}"', id) if id else "",
        mark,
        inner,
    )


def _clock_time(at: dt.datetime) -> SafeString:
    """The time of day of an entry; its day stands in the line above."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        words.moment_full(at),
        f"{local:%H:%M}",
    )


# `entry` has arguments of these names
_icon, _clause, _tag = icon, clause, tag
