"""Stores and companies whose regulation says by when messages are answered."""

from __future__ import annotations

import datetime as dt

from zhike.kernel.parties.models import Unit
from zhike.people.standing import INNER
from zhike.workbench.reports import regulation


def houses_that_answer(now: dt.datetime) -> list[Unit]:
    """One that stands above others gives way to them."""
    units = [
        unit
        for unit in Unit.objects.filter(closed_on=None).order_by("path")
        if unit.kind not in INNER and regulation.deadline(unit.pk, "MESSAGE", now) is not None
    ]
    return [
        unit for unit in units if not any(one.path.startswith(unit.path) and one != unit for one in units)
    ]
