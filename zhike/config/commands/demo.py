"""`zhike demo`: fill an empty database with the demo enterprise."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from functools import partial

import django


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike demo")
    parser.add_argument("--size", type=int, default=160, help="complaints")
    parser.add_argument("--days", type=int, default=75, help="over how many days up to now")
    parser.add_argument(
        "--if-empty", action="store_true", help="do nothing if there is an enterprise already"
    )
    given = parser.parse_args(argv)
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
        suggest,
        tour,
        tracking,
        trades,
        visits,
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
        dossier.enter(house, now)
        library.fill(house, now)
        manuals.fill(house, now)
        care.enter(house, now)
        tracking.fill(house, now)
        visits.fill(house, now)
    take_statistics()
    offset = round((now - clock.now()).total_seconds() + time.monotonic() - begun)
    (settings.VAR_DIR / "demo_clock").write_text(str(offset))
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
