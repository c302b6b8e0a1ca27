"""Who may see and do. The gates of every app ask here; the powers come from posts and appointments.

Gates stand at the edge, beside the views: where no moment is given, they take the present one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from zhike.kernel import clock
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope

from .models import User
from .queries import current_appointments
from .standing import Standing, standing_of

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)

# who reads the description of every post, and not of the own one only (S002-04)
READS_ALL_POSTS = ("structure.manage", "staff.manage", "personnel.propose", "work.inspect")


class StaffRequest(HttpRequest):
    """A request that passed `staff_required`: somebody of the staff is signed in."""

    user: User
    standing: Standing


def standing(user: User, now: dt.datetime | None = None) -> Standing:
    """What the person may do and see; read once for a request that passed a gate, else fresh each time."""
    kept: Standing | None = getattr(user, "_standing", None)
    return kept if kept is not None and now is None else standing_of(user.pk, now or clock.now())


def scope_of(user: User, permission: str, *, now: dt.datetime | None = None) -> Scope:
    """The rows that the person may see by this power; without the power, none."""
    return standing(user, now).scope(permission)


def may(
    user: User,
    permission: str,
    unit: Unit | int | None = None,
    *,
    named: Iterable[int | None] = (),
    now: dt.datetime | None = None,
) -> bool:
    """True when the person holds the power: at all, over `unit`, or being `named` on the row (party keys)."""
    return standing(user, now).may(permission, unit.pk if isinstance(unit, Unit) else unit, named)


def holds(
    party: Party | int,
    permission: str,
    unit: Unit | int | None = None,
    *,
    named: Iterable[int | None] = (),
    now: dt.datetime,
) -> bool:
    """The same question for actions, which know a party and a moment."""
    pk = party if isinstance(party, int) else party.pk
    place = unit.pk if isinstance(unit, Unit) else unit
    return standing_of(pk, now).may(permission, place, named)


def cleared(party: int, *, now: dt.datetime) -> int:
    """The highest secrecy that the person reads by post."""
    return standing_of(party, now).cleared


def house_of(user: User) -> Unit:
    """The store or company at which the person works."""
    unit = user.party.unit
    if unit is None:
        raise PermissionDenied("house")
    place = standing(user).place.of(unit.pk)
    return unit if place == unit.pk else Unit.objects.get(pk=place)


def staff_required(
    *permissions: str,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], R]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """A view for staff that hold one of these powers; with none named, for all staff.

    Strangers are sent to the sign-in and come back; staff without the power get 403; a password that must be
    changed is changed first.
    """

    def admits(user: Any) -> bool:
        """What `ui.doors` asks before it links to the page."""
        return isinstance(user, User) and (not permissions or any(map(standing(user).has, permissions)))

    def gate(
        view: Callable[Concatenate[StaffRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refusal = _kept_out(request)
            if refusal is not None:
                return refusal
            staff: Any = request
            staff.standing = staff.user._standing = standing_of(staff.user.pk, clock.now())
            if not admits(staff.user):
                raise PermissionDenied(permissions[0])
            return view(staff, *args, **kwargs)

        guarded.admits = admits  # type: ignore[attr-defined]
        return guarded

    return gate


def _kept_out(request: HttpRequest) -> HttpResponse | None:
    user = request.user
    if not isinstance(user, User) or not user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    here = request.path
    if user.must_change_password and here not in {reverse("people:password"), reverse("people:sign_out")}:
        return HttpResponseRedirect(reverse("people:password"))
    return None


def reads_all_posts(user: User) -> bool:
    """Those who manage structure or staff, propose or inspect read the whole register."""
    found = standing(user)
    return any(found.has(power) for power in READS_ALL_POSTS)


def posts_read(user: User, now: dt.datetime) -> set[int] | None:
    """Posts whose description the person reads, None for all: every employee that of the own post (S002-04)."""
    if reads_all_posts(user):
        return None
    return set(current_appointments(now).filter(party=user.pk).values_list("post", flat=True))
