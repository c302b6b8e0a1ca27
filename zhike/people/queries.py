"""Reads: appointments, staff, posts with their holders, the tree of units."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from .models import Appointment, business_day


def current_appointments(now: dt.datetime) -> QuerySet[Appointment]:
    return Appointment.objects.filter(Appointment.on(business_day(now))).select_related(
        "party", "post", "unit"
    )
