"""`zhike demo`: fill an empty database with the demo enterprise."""

from __future__ import annotations

import argparse
import sys
import time

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
    import datetime as dt

    from django.db import transaction
    from django.utils import translation

    from zhike.config.demo import enterprise, mall
    from zhike.kernel import clock
    from zhike.kernel.parties.models import Unit

    if Unit.objects.exists():
        if given.if_empty:
            return 0
        print("zhike: there is an enterprise already; the demo needs an empty database", file=sys.stderr)
        return 1
    begun = time.monotonic()
    now = clock.now()
    print("making the demo enterprise", flush=True)
    with transaction.atomic(), translation.override("zh-hans"):
        house = enterprise.build(now, now - dt.timedelta(days=given.days + 400))
        count = mall.play(house, size=given.size, days=given.days, end=now)
    print(f"{count} complaints, {len(house.users)} people, {time.monotonic() - begun:.0f} s")
    return 0
