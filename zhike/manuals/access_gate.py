"""Who sees a change on its way into force and does what with it; who may be named as its reviewer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from zhike.kernel import clock
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import tree
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.people import access as people
from zhike.people import queries as staff
from zhike.people.models import User
from zhike.people.standing import Grant, Standing, houses, standing_of

from . import access, queries, reach
from .models import Revision

State = Revision.State
POWERS = (access.REVISE, access.PUBLISH, access.INSTALL)


@dataclass(frozen=True)
class MayRevision:
    """What one person may do with one change, for the page."""

    edit: bool  # the draft: values, text
    hand_in: bool
    decide: bool
    take_back: bool
    drop: bool
    withdraw: bool  # published, before it comes into force; the day may be moved as well


def reaches(units: frozenset[int] | None, place: Unit) -> bool:
    """Whether a power that reaches over these units has a say about what works at a place and below."""
    return units is None or not units.isdisjoint(tree().below(place.pk))


def heads(place: Unit, now: dt.datetime) -> list[Party]:
    """Those who may be named as reviewers of what works at a place, highest first. Three queries, however many."""
    grants: dict[int, list[Grant]] = {}
    rows = staff.current_appointments(now).filter(
        post__post_powers__power__code=access.PUBLISH, party__user__is_active=True
    )
    columns = ("party", "unit", "post__post_powers__scope")
    for party, unit, far in rows.order_by("-post__rank", "id").values_list(*columns):
        grants.setdefault(party, []).append(Grant(access.PUBLISH, far, unit))
    near = houses()
    found = [pk for pk, held in grants.items() if _heads(Standing(pk, tuple(held), 0, near), place)]
    parties = Party.objects.in_bulk(found)
    return [parties[pk] for pk in found]


def may_review(party: Party, place: Unit, now: dt.datetime) -> bool:
    return _heads(standing_of(party.pk, now), place)


def _heads(standing: Standing, place: Unit) -> bool:
    """A head at the place or below it, or in a house above it: the customer service of the company for its stores."""
    units = standing.units(access.PUBLISH)
    if reaches(units, place):
        return True
    above = tree().line(place.pk)
    return any(standing.place.of(unit) in above for unit in units or ())


def visible(user: User, rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """Published changes are open to all staff; others to those named on them and to who drafts, publishes or
    installs where they work.
    """
    seen = Q(state__in=[State.PUBLISHED, State.WITHDRAWN])
    seen |= Q(pk__in=queries.changes_of(user.pk).values("pk"))
    standing = people.standing(user)
    near: set[int] = set()
    for power in POWERS:
        units = standing.units(power)
        if units is None:
            return rows
        # a head of one store has a say in what works there and in what works above it
        near |= {place for unit in units for place in tree().line(unit)}
    keys = queries.installed_at(near)
    seen |= Q(unit__in=near) | Q(install_at__in=near) | Q(unit=None, install_at=None, key__in=keys)
    return rows.filter(seen)


def revision_for(user: User, pk: int, to: str = "see") -> Revision:
    """The gate: 404 for who has nothing to do with it, 403 without the power."""
    revision = visible(user, queries.revisions()).filter(pk=pk).first() or _asked_as_deputy(user, pk)
    if revision is None:
        raise Http404
    if to != "see" and not getattr(may(user, revision), to):
        raise PermissionDenied(to)
    return revision


def _asked_as_deputy(user: User, pk: int) -> Revision | None:
    revision = queries.revisions().filter(pk=pk).first()
    turn = revision is not None and pending(revision) is not None and turn_of(user, revision, clock.now())
    return revision if turn else None


def pending(revision: Revision) -> Approval | None:
    """The round of signatures that is under way."""
    return queries.approvals_of(revision).filter(state=Approval.State.PENDING).first()


def turn_of(user: User, revision: Revision, now: dt.datetime) -> bool:
    approval = pending(revision)
    return approval is not None and approvals.step_of(approval, user.party, now) is not None


def _drafts(standing: Standing, revision: Revision, place: Unit) -> bool:
    if revision.unit_id:
        return standing.may(access.INSTALL, place.pk)
    return reaches(standing.units(access.REVISE), place)


def edited_by(user: User, revisions: Iterable[Revision]) -> set[int]:
    """Keys of those drafts that the person may write on. Two queries for changes of manuals that units work by."""
    drafts = [revision for revision in revisions if revision.state == State.DRAFT]
    whole = {one.pk: one.key for one in drafts if not one.unit_id and not one.install_at_id}
    places = queries.places_of_manuals(whole.values())
    standing = people.standing(user)
    return {
        one.pk
        for one in drafts
        if _drafts(standing, one, places.get(whole.get(one.pk, "")) or queries.place_of(one))
    }


def may(user: User, revision: Revision) -> MayRevision:
    now = clock.now()
    mine = revision.prepared_by_id == user.pk
    draft, asked = revision.state == State.DRAFT, revision.state == State.ASKED
    standing = people.standing(user)
    place = queries.place_of(revision)
    drafts = _drafts(standing, revision, place)
    published = revision.state == State.PUBLISHED
    # who signed it, and heads over the whole place: a head of one store does not withdraw what holds in all
    signed = {revision.prepared_by_id, revision.reviewed_by_id, revision.approved_by_id}
    return MayRevision(
        edit=draft and drafts,
        hand_in=draft and mine,
        decide=asked and turn_of(user, revision, now),
        take_back=asked and mine,
        drop=draft and (mine or drafts),
        withdraw=published and (user.pk in signed or standing.may(access.PUBLISH, place.pk)),
    )


def sees_backtest(user: User, revision: Revision) -> bool:
    """Who drafts, publishes or sets values, or signs this change, and has cases in sight to try it on."""
    scope = reach.of(people.standing(user), queries.manual_of_change(revision))
    if scope.units is not None and not scope.units:
        return False
    return any(people.may(user, power) for power in POWERS) or queries.signs(revision, user.pk)


def waiting_for(user: User, now: dt.datetime) -> list[int]:
    """Changes in which it is the person's turn, as approver or as deputy of one who is away."""
    rows = Approval.objects.filter(kind=queries.GATE, state=Approval.State.PENDING)
    return [row.subject_id for row in rows if approvals.step_of(row, user.party, now) is not None]
