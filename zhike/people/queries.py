"""Reads: appointments, staff, posts with their holders, deputies."""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope

from .models import Appointment, Deputy, PersonnelProposal, Post, User, business_day
from .standing import houses

# posts offered on the sign-in page of a demonstration, in this order
# the mall's posts first, then those by which the other trades take, work and judge complaints
DEMO_POSTS = (
    "P002-21",
    "P002-20",
    "P002-10",
    "P002-04",
    "P002-02",
    "STORE_MANAGER",
    "GENERAL_MANAGER",
    "ADMINISTRATOR",
    "CUSTOMER_MANAGER",
    "MARKETING_CLERK",
    "SALES_REPRESENTATIVE",
    "QUALITY_ENGINEER",
    "QUALITY_HEAD",
    "MARKETING_VICE_GM",
    "GENERAL_OFFICE",
    "CUSTOMER_CENTRE",
    "DEALER",
    "TECHNICAL_SUPPORT",
    "BUSINESS_HANDLER",
    "PRODUCTION_CONTROL",
    "BACK_OFFICE",
    "MARKETING_DIRECTOR",
)


def current_appointments(now: dt.datetime) -> QuerySet[Appointment]:
    return Appointment.objects.filter(Appointment.on(business_day(now))).select_related(
        "party", "post", "unit"
    )


def visible_staff(scope: Scope) -> QuerySet[User]:
    """Accounts of the units in scope, by unit and name."""
    return scope.rows(User.objects.order_by("party__unit__path", "party__name", "pk"), unit="party__unit")


def appointments_by_party(parties: Iterable[int], now: dt.datetime) -> dict[int, list[Appointment]]:
    """What each of these people holds now, highest first. One query."""
    found: dict[int, list[Appointment]] = defaultdict(list)
    for row in current_appointments(now).filter(party__in=list(parties)).order_by("-post__rank", "id"):
        found[row.party_id].append(row)
    return found


def appointments_of(party: int) -> QuerySet[Appointment]:
    """Every appointment of a person, past and to come, newest first."""
    return (
        Appointment.objects.filter(party=party)
        .select_related("post", "unit", "party")
        .order_by("-held_from", "-id")
    )


def holders(post: Post, scope: Scope, now: dt.datetime) -> list[Appointment]:
    """Who holds the post now at units in scope."""
    return list(scope.rows(current_appointments(now).filter(post=post).order_by("unit__path", "id")))


def absences_of(party: int, now: dt.datetime) -> list[Deputy]:
    """Absences that run or lie ahead, earliest first."""
    rows = Deputy.objects.filter(absent=party, away_to__gt=now).select_related("absent", "deputy")
    return list(rows.order_by("away_from"))


def stand_ins_of(party: int, now: dt.datetime) -> list[Deputy]:
    """For whom this person stands in now or later."""
    rows = Deputy.objects.filter(deputy=party, away_to__gt=now).select_related("absent", "deputy")
    return list(rows.order_by("away_from"))


def colleagues(party: Party) -> list[Party]:
    """Active staff of the same house and of the units above it: who may stand in. Two queries."""
    if party.unit_id is None:
        return []
    place = houses()
    line = [int(part) for part in place.paths[party.unit_id].split("/") if part]
    units = {*place.together(party.unit_id), *line}
    rows = Party.objects.filter(user__is_active=True, unit__in=units).exclude(pk=party.pk)
    return list(rows.order_by("name", "pk"))


def open_units(units: frozenset[int] | None = None) -> list[Unit]:
    """Units that take work, in the order of the tree; `units` None: all of them."""
    rows = Unit.objects.filter(closed_on=None).order_by("path")
    return list(rows if units is None else rows.filter(pk__in=sorted(units)))


def tree_order(units: Iterable[Unit]) -> list[tuple[Unit, int]]:
    """Units with their depth, each below its parent, siblings by key: paths alone would sort 10 before 9."""
    found = list(units)
    present = {unit.pk for unit in found}
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in sorted(found, key=lambda unit: unit.pk):
        below[unit.parent_id if unit.parent_id in present else None].append(unit)
    ordered: list[tuple[Unit, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for unit in below[parent]:
            ordered.append((unit, depth))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    return ordered


def username_of(word: str) -> str:
    """The user name behind what was typed at the sign-in: a user name or a work telephone."""
    typed = word.strip()
    found = User.objects.filter(Q(username=typed) | Q(phone=typed)).values_list("username", flat=True).first()
    return found or typed


def posts_in_use() -> QuerySet[Post]:
    return Post.objects.filter(retired_on=None).select_related("reports_to")


def reporting_line(post: Post) -> list[Post]:
    """The posts above this one, nearest first."""
    line: list[Post] = []
    above = post.reports_to
    while above is not None and above not in line:
        line.append(above)
        above = above.reports_to
    return line


def visible_proposals(scope: Scope) -> QuerySet[PersonnelProposal]:
    rows = PersonnelProposal.objects.select_related("unit", "about", "proposed_by", "recorded_by")
    return scope.rows(rows, named=("proposed_by",))


def demo_roles(now: dt.datetime) -> list[Appointment]:
    """One person for each role worth trying in a demonstration, company by company, the whole group last."""
    found: dict[tuple[int, int], Appointment] = {}
    rows = current_appointments(now).filter(post__code__in=DEMO_POSTS, party__user__is_active=True)
    for row in rows.order_by("id"):
        companies = row.unit.path.strip("/").split("/")[1:]
        place = int(companies[0]) if companies else sys.maxsize
        found.setdefault((place, DEMO_POSTS.index(row.post.code)), row)
    return [found[key] for key in sorted(found)]


def house_name() -> str:
    """The name of the enterprise, for the sign-in page; "" before it is set up."""
    root = Unit.objects.filter(parent=None, closed_on=None).order_by("id").first()
    return root.label if root else ""


def language_of(party: Party) -> str:
    """The language in which a member of staff reads; the house's for others."""
    found = User.objects.filter(party=party).values_list("language", flat=True).first()
    return found or settings.LANGUAGE_CODE


def address_of(party: Party) -> str:
    """Where e-mail to a member of staff goes; "" for who has no address or may not sign in any more."""
    found = User.objects.filter(party=party, is_active=True).values_list("email", flat=True).first()
    return found or ""
