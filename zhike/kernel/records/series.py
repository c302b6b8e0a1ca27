"""Numbers of records by rule text, such as `TS-{yyyy}{mm}-{seq:04}`: no gap, no repeat, on both engines.

A rule may use {yyyy} or {yy}, {mm}, {dd}, {unit} and must use {seq} (or {seq:04}, at least so many digits) once.
Counting starts again at 1 with every new year, month or day that the rule names, and for every unit when it names
{unit}.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS, connections, router, transaction
from django.utils.translation import gettext as _

from .models import Counter

LONGEST = 40  # characters of a whole number; the width of the columns that hold one
_PART = re.compile(r"\{([^{}]*)\}")
_SEQ = re.compile(r"seq(?::0([1-9]|1[0-2]))?")
_DATES = ("yyyy", "yy", "mm", "dd")


class BadRule(ValueError):
    """The text of a rule cannot number anything; the message says what is wrong in it."""


class BadNumber(ValueError):
    """The rule is sound but gives no usable number here (no unit code, or too long)."""


@dataclass(frozen=True)
class Rule:
    """A rule taken apart: literals at even places, names of parts at odd ones."""

    text: str
    pieces: tuple[str, ...]
    width: int

    @property
    def names(self) -> tuple[str, ...]:
        return self.pieces[1::2]

    def period(self, day: dt.datetime) -> str:
        """What the counter restarts with: "", "2026", "2026-09" or "2026-09-24"."""
        if "dd" in self.names:
            return f"{day:%Y-%m-%d}"
        if "mm" in self.names:
            return f"{day:%Y-%m}"
        return f"{day:%Y}" if {"yyyy", "yy"} & set(self.names) else ""

    def fill(self, day: dt.datetime, seq: int, unit_code: str) -> str:
        given = {
            "yyyy": f"{day.year:04}",
            "yy": f"{day.year % 100:02}",
            "mm": f"{day.month:02}",
            "dd": f"{day.day:02}",
            "unit": unit_code,
            "seq": f"{seq:0{self.width}}",
        }
        return "".join(given[piece] if place % 2 else piece for place, piece in enumerate(self.pieces))


@lru_cache(maxsize=256)
def parse(text: str) -> Rule:
    """The rule, or BadRule with one sentence."""
    parts = _PART.split(text)
    if "{" in "".join(parts[0::2]) or "}" in "".join(parts[0::2]):
        raise BadRule(_("The numbering rule “%(rule)s” has a brace without its partner.") % {"rule": text})
    width = 1
    for place in range(1, len(parts), 2):
        seq = _SEQ.fullmatch(parts[place])
        if seq:
            width, parts[place] = int(seq[1] or 1), "seq"
        elif parts[place] not in (*_DATES, "unit"):
            raise BadRule(
                _("The numbering rule “%(rule)s” has the unknown part {%(part)s}.")
                % {"rule": text, "part": parts[place]}
            )
    rule = Rule(text, tuple(parts), width)
    _refuse_ambiguous(rule)
    return rule


def _refuse_ambiguous(rule: Rule) -> None:
    """Two counters must never give the same number."""
    names = rule.names
    said = {"rule": rule.text}
    if names.count("seq") != 1:
        raise BadRule(_("The numbering rule “%(rule)s” must have {seq} exactly once.") % said)
    if len(set(names)) != len(names) or {"yyyy", "yy"} <= set(names):
        raise BadRule(_("The numbering rule “%(rule)s” names the same part twice.") % said)
    if ("mm" in names and not {"yyyy", "yy"} & set(names)) or ("dd" in names and "mm" not in names):
        raise BadRule(
            _("The numbering rule “%(rule)s” would repeat: a month needs its year, a day its month.") % said
        )
    if re.search(r"[\x00-\x1f\x7f/\\]", "".join(rule.pieces[0::2])):
        raise BadRule(_("The numbering rule “%(rule)s” has a character that a number may not have.") % said)
    if "unit" in names:
        first, last = sorted((names.index("unit"), names.index("seq")))
        between = "".join(rule.pieces[2 * (first + 1) : 2 * last + 1 : 2])
        if not re.search(r"\D", between):
            raise BadRule(
                _("The numbering rule “%(rule)s” needs a mark such as - between {unit} and {seq}.") % said
            )
    if len(rule.fill(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), 1, "")) > LONGEST:
        raise BadRule(_("The numbering rule “%(rule)s” gives numbers of more than 40 characters.") % said)


def preview(rule: str, *, now: dt.datetime, tz: ZoneInfo, unit_code: str = "", seq: int = 1) -> str:
    """How number `seq` of the present period would look; takes nothing."""
    return parse(rule).fill(now.astimezone(tz), seq, unit_code)


def take(rule: str, *, key: str, now: dt.datetime, tz: ZoneInfo, unit_code: str = "") -> str:
    """The next number of the series `key`; the period is that of `now` in `tz`.

    Must be called inside the action's transaction: the counter's row stays locked until it ends, so a rollback
    gives the number back and nobody ever sees a gap. Take numbers late in an action, and several series always in
    the same order. Raises BadRule, BadNumber, or TransactionManagementError outside a transaction.
    """
    parsed = parse(rule)
    if "unit" in parsed.names and not unit_code:
        raise BadNumber(_("The numbering rule “%(rule)s” needs the code of a unit.") % {"rule": rule})
    day = now.astimezone(tz)
    seq = _next(key, parsed.period(day), unit_code if "unit" in parsed.names else "")
    number = parsed.fill(day, seq, unit_code)
    if len(number) > LONGEST:
        raise BadNumber(_("The number %(number)s has more than 40 characters.") % {"number": number})
    return number


def _next(key: str, period: str, unit: str) -> int:
    """One statement, so that two takers cannot read the same value; the second waits for the first one's end."""
    connection = connections[router.db_for_write(Counter) or DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken inside the transaction that uses it")
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (series, period, unit_code, last) VALUES (%s, %s, %s, 1) "
            f"ON CONFLICT (series, period, unit_code) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [key, period, unit],
        )
        return int(cursor.fetchone()[0])
