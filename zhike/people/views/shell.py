"""What people add to the frame of every page: entries of the rail and the box of who is signed in."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.ahead import ahead_words
from zhike.people import access
from zhike.people.models import User
from zhike.ui import menu, words

# key, label, icon, address, order, powers of which one is needed
ENTRIES = (
    ("staff", _("Staff"), "users", "people:staff", 10, ("staff.manage", "work.inspect")),
    ("units", _("Organisation"), "sitemap", "people:units", 20, ()),
    ("posts", _("Posts"), "id-badge-2", "people:posts", 30, ()),
    ("authority", _("Authority"), "scale", "people:authority", 40, ("work.inspect", "structure.manage")),
    (
        "proposals",
        _("Personnel proposals"),
        "user-question",
        "people:proposals",
        50,
        ("personnel.propose", "personnel.record"),
    ),
    ("calendars", _("Calendars"), "calendar-cog", "people:calendars", 60, ("calendar.configure",)),
)


def register() -> None:
    for key, label, icon, url, order, powers in ENTRIES:
        menu.register(menu.Entry(key, label, icon, url, group="setup", order=order, needs=needs(*powers)))
    menu.register_person(person)
    menu.register_notice(days_ahead)


def needs(*powers: str) -> menu.Need:
    """Who sees an entry of the rail: staff with one of these powers; with none named, all staff."""

    def sees(request: HttpRequest) -> bool:
        user = request.user
        if not isinstance(user, User):
            return False
        found = access.standing(user)
        return not powers or any(found.has(power) for power in powers)

    return sees


def person(request: HttpRequest) -> menu.Person | None:
    user = request.user
    if not isinstance(user, User):
        return None
    chair = access.standing(user).chair
    home = user.party.unit
    line = chair.label if chair else ""
    return menu.Person(
        name=user.party.name,
        line=line or (home.label if home else ""),
        house=home.label if home else "",
        tint=user.pk,
        href=reverse("people:me"),
    )


def days_ahead(request: HttpRequest) -> str | None:
    """Holidays and days worked out of order on the calendar of the person's house."""
    user = request.user
    if not isinstance(user, User) or user.party.unit_id is None:
        return None
    unit = user.party.unit_id
    lang = "zh" if words.is_chinese() else "en"
    return ahead_words(calendars.calendar_for(unit), calendars.local_day(clock.now(), unit), lang) or None
