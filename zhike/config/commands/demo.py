"""`zhike demo`: fill an empty database with the demo enterprise, or let one of its stores live a month."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from functools import partial

import django

SEED = 20261001


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike demo")
    parser.add_argument("--size", type=int, default=160, help="complaints")
    parser.add_argument("--days", type=int, default=75, help="over how many days up to now")
    parser.add_argument(
        "--if-empty", action="store_true", help="do nothing if there is an enterprise already"
    )
    parser.add_argument(
        "--speed", type=float, help="live a month of upkeep day by day, so many minutes of it in a second"
    )
    parser.add_argument("--month", default="", help="with --speed: which month, such as 2026-10")
    parser.add_argument("--seed", type=int, default=SEED, help="with --speed: another course of the month")
    given = parser.parse_args(argv)
    if given.speed is None:
        return _make(given)
    return _live(given)


def _live(given: argparse.Namespace) -> int:
    """One store of the demonstration lives a month; made first where there is none."""
    if given.speed <= 0:
        print("zhike: --speed is more than 0, such as 1440 for a day in a second", file=sys.stderr)
        return 2
    django.setup()
    from django.conf import settings
    from django.utils import translation

    from zhike.config.demo import month
    from zhike.kernel import clock
    from zhike.kernel.parties.models import Unit
    from zhike.people.models import business_day

    if not settings.DEMO:
        print("zhike: only the demo lives a month; set ZHIKE_DEMO=1", file=sys.stderr)
        return 1
    if not Unit.objects.exists() and (failed := _make(given)):
        return failed
    now = clock.now()
    try:
        first, last = _days_of(given.month, business_day(now))
    except ValueError:
        print(
            f"zhike: {given.month!r} is no month that is over or has begun, such as 2026-10", file=sys.stderr
        )
        return 2
    begun = time.monotonic()

    def rest(day: dt.date) -> None:
        minutes = ((day - first).days + 1) * 24 * 60
        time.sleep(max(0.0, minutes / given.speed - (time.monotonic() - begun)) if day <= last else 0)

    try:
        with translation.override("zh-hans"):
            for told in month.relive(first, now, seed=given.seed, rest=rest):
                if told.day <= last:
                    print(told, flush=True)
    except month.CannotLive as refusal:
        print(f"zhike: {refusal}", file=sys.stderr)
        return 1
    return 0


def _days_of(text: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the month asked for, else the thirty days before today. Raises ValueError."""
    if not text:
        return today - dt.timedelta(days=30), today
    first = dt.date.fromisoformat(f"{text}-01")
    if not today - dt.timedelta(days=370) < first < today:
        raise ValueError(f"{first} is no month of the past year")
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _make(given: argparse.Namespace) -> int:
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.utils import translation

    from zhike.config.commands.migrate import take_statistics
    from zhike.config.demo import (
        after,
        capa,
        care,
        complaint_reports,
        dossier,
        duplicates,
        enterprise,
        grading,
        grumbles,
        library,
        mails,
        mall,
        manuals,
        rent,
        suggest,
        tour,
        tracking,
        trades,
        visits,
        workbench,
    )
    from zhike.kernel import clock
    from zhike.kernel.parties.models import Unit

    if Unit.objects.exists():
        if given.if_empty:
            return 0
        print("zhike: there is an enterprise already; the demo needs an empty database", file=sys.stderr)
        return 1
    begun = time.monotonic()
    now = _afternoon(clock.now())
    print("making the demo enterprise", flush=True)
    with transaction.atomic(), translation.override("zh-hans"):
        since = min(now - dt.timedelta(days=given.days + 400), tour.BEGIN)
        house = enterprise.build(now, since)
        trades.settle(house, since)
        library.settle(house, since)
        each = max(1, given.size // 16)
        count = mall.play(
            house,
            size=given.size,
            days=given.days,
            end=now,
            beside=[
                partial(trades.enter, each=each, days=given.days),
                tour.enter,
                manuals.enter,
                partial(after.enter, days=given.days),
            ],
        )
        after.finish(house, now)
        grumbles.enter(house, now)
        duplicates.enter(house, now)
        capa.correct(house, now)
        suggest.learn(house, now)
        mails.arrive(house, now)
        complaint_reports.follow(house, now)
        grading.fill(house, now)
        rent.fill(house, now)
        dossier.enter(house, now)
        library.fill(house, now)
        manuals.fill(house, now)
        care.enter(house, now)
        tracking.fill(house, now)
        visits.fill(house, now)
        workbench.fill(house, now)
    take_statistics()
    offset = round((now - clock.now()).total_seconds() + time.monotonic() - begun)
    (settings.VAR_DIR / "demo_clock").write_text(str(offset))
    clock.shift(dt.timedelta(seconds=offset))
    print(f"{count} complaints, {len(house.users)} people, {time.monotonic() - begun:.0f} s")
    return 0


def _afternoon(now: dt.datetime) -> dt.datetime:
    """The last working afternoon, 14:20: a moment at which people are at work and duties are running."""
    from zhike.kernel.worktime import arithmetic, calendars

    calendar = arithmetic.Calendar.of(calendars.STANDARD)
    day = arithmetic.local_date(now, calendar.tz)
    while True:
        moment = dt.datetime(day.year, day.month, day.day, 14, 20, tzinfo=calendar.zone)
        if moment <= now and arithmetic.is_working_day(calendar, day):
            return moment
        day -= dt.timedelta(days=1)
