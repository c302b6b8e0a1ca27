"""What the watch asks for once a day: the reports that are owed from now on."""

from __future__ import annotations

import datetime as dt

from zhike.people.models import business_day

from .actions import open_due


class Daily:
    """Once a day, at the first look after midnight; done again it opens nothing more."""

    def __init__(self) -> None:
        self.done: dt.date | None = None

    def __call__(self, now: dt.datetime) -> bool:
        if self.done == business_day(now):
            return False
        self.done = business_day(now)
        open_due(now=now)
        return True


DAILY = Daily()
