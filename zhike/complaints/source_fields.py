"""What belongs to a paper: who sent the fax or the letter and when it came, which medium wrote what and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Complaint

FAX, LETTER, MEDIA = Complaint.Channel.FAX, Complaint.Channel.LETTER, Complaint.Channel.MEDIA
PREFIX = "source_"
# name -> label, and the channels that ask for it; the order is that of the form and of the case page
LABELS: dict[str, str | Promise] = {
    "number": gettext_lazy("Fax number of the sender"),
    "post_address": gettext_lazy("Address of the sender"),
    "medium": gettext_lazy("Medium"),
    "published_on": gettext_lazy("Published on"),
    "link": gettext_lazy("Link"),
    "received_at": gettext_lazy("Received at"),
    "address": gettext_lazy("E-mail address"),
}
ASKED: dict[str, tuple[str, ...]] = {
    "number": (FAX,),
    "post_address": (LETTER,),
    "medium": (MEDIA,),
    "published_on": (MEDIA,),
    "link": (MEDIA,),
    "received_at": (FAX, LETTER),
}


def form_fields() -> dict[str, forms.Field]:
    """Name in the form to field. None is required by itself: `taken_from` knows the channel."""
    made: dict[str, forms.Field] = {
        "number": forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})),
        "post_address": forms.CharField(max_length=200),
        "medium": forms.CharField(
            max_length=80, widget=forms.TextInput(attrs={"placeholder": _("Newspaper, station, website")})
        ),
        "published_on": forms.DateField(widget=forms.DateInput(attrs={"type": "date"})),
        "link": forms.URLField(max_length=500, assume_scheme="https"),
        "received_at": forms.DateTimeField(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        ),
    }
    for name, field in made.items():
        field.label, field.required = str(LABELS[name]), False
        field.widget.is_required = False
    return {f"{PREFIX}{name}": field for name, field in made.items()}


def taken_from(
    cleaned: dict[str, Any], channel: str, now: dt.datetime, today: dt.date
) -> tuple[dict[str, str], dict[str, str]]:
    """What is stored, and errors by field; takes the fields out of `cleaned`. Those of other channels are dropped."""
    given = {name: cleaned.pop(f"{PREFIX}{name}", None) for name in ASKED}
    given = {name: value for name, value in given.items() if value and channel in ASKED[name]}
    errors: dict[str, str] = {}
    if channel == MEDIA and not given.get("medium"):
        errors[f"{PREFIX}medium"] = _("Write which medium it was.")
    received = given.get("received_at")
    if received is not None and received > now:
        errors[f"{PREFIX}received_at"] = _("This moment lies in the future.")
    published = given.get("published_on")
    if published is not None and published > today:
        errors[f"{PREFIX}published_on"] = _("This day lies in the future.")
    stored = {
        name: value.isoformat() if isinstance(value, dt.date) else str(value) for name, value in given.items()
    }
    return stored, errors


def in_words(source: Mapping[str, str]) -> list[tuple[str, str]]:
    """Label and value of what is known of the paper or the mail, for the case page."""
    return [
        (str(LABELS[name]), _said(name, text)) for name in LABELS if (text := str(source.get(name) or ""))
    ]


def _said(name: str, text: str) -> str:
    if name != "received_at":
        return text
    try:
        return date_format(localtime(dt.datetime.fromisoformat(text)), "Y-m-d H:i")
    except ValueError:
        return text
