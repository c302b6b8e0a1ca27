"""Staff: accounts, passwords, appointments."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.people.models import Appointment, Post, User, business_day

from ._refusal import Refusal, require

# without 0 O 1 l I: one-time passwords are read aloud and typed from paper
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


class CannotManage(Refusal):
    """The account may not be made or changed this way."""


class CannotAppoint(Refusal):
    """The appointment may not be made or ended this way."""


def one_time_password() -> str:
    """12 letters and digits, good for one sign-in; shown once and never stored in clear."""
    return "".join(secrets.choice(_LETTERS) for _place in range(12))


@transaction.atomic
def add_staff(
    *,
    name: str,
    username: str,
    unit: Unit,
    by: Party | None,
    now: dt.datetime,
    phone: str | None = None,
    email: str = "",
    language: str = "zh-hans",
    password: str | None = None,
    encoded: str = "",
) -> tuple[User, str]:
    """Open an account. Returns the user and the password for the first sign-in, which must be changed then.

    `encoded` is a password hashed already, for accounts made in bulk.
    """
    require(by, "staff.manage", unit, now, CannotManage)
    _refuse_closed(unit, CannotManage)
    _refuse_taken(username, phone, None)

    party = Party.objects.create(kind=Party.Kind.STAFF, name=name, unit=unit)
    first = password or one_time_password()
    user = User(
        party=party,
        username=username,
        phone=phone or None,
        email=email,
        language=language,
        must_change_password=password is None and not encoded,
    )
    user.password = encoded or make_password(first)
    user.save(force_insert=True)
    trail.record(
        "people.staff_added", subject=party, by=by, at=now, after={"username": username, "unit": unit.pk}
    )
    return user, first


@transaction.atomic
def correct_staff(
    *,
    user: User,
    name: str,
    username: str,
    unit: Unit,
    by: Party,
    now: dt.datetime,
    phone: str | None = None,
    email: str = "",
) -> None:
    """Change name, sign-in, home unit and ways to reach the person."""
    require(by, "staff.manage", user.party.unit_id, now, CannotManage)
    require(by, "staff.manage", unit, now, CannotManage)
    _refuse_taken(username, phone, user)
    before = {"username": user.username, "unit": user.party.unit_id}

    user.party.name, user.party.unit = name, unit
    user.party.save(update_fields=["name", "unit"])
    user.username, user.phone, user.email = username, phone or None, email
    user.save(update_fields=["username", "phone", "email"])
    after = {"username": username, "unit": unit.pk}
    trail.record("people.staff_corrected", subject=user.party, by=by, at=now, before=before, after=after)


@transaction.atomic
def close_account(*, user: User, by: Party, now: dt.datetime) -> None:
    """The person can no longer sign in and holds no post from today on. Nothing of the past changes."""
    require(by, "staff.manage", user.party.unit_id, now, CannotManage)
    if user.pk == by.pk:
        raise CannotManage(_("Nobody closes the own account."))
    if not user.is_active:
        raise CannotManage(_("This account is closed already."))

    user.is_active = False
    user.save(update_fields=["is_active"])
    today = business_day(now)
    held = Appointment.objects.filter(Appointment.on(today), party=user.party)
    ended = list(held.values_list("post__code", flat=True))
    held.update(held_to=today)
    trail.record("people.account_closed", subject=user.party, by=by, at=now, before={"posts": ended})


@transaction.atomic
def reopen_account(*, user: User, by: Party, now: dt.datetime) -> None:
    """The person may sign in again; posts are given anew."""
    require(by, "staff.manage", user.party.unit_id, now, CannotManage)
    if user.is_active:
        raise CannotManage(_("This account is open already."))

    user.is_active = True
    user.save(update_fields=["is_active"])
    trail.record("people.account_reopened", subject=user.party, by=by, at=now)


@transaction.atomic
def reset_password(*, user: User, by: Party, now: dt.datetime) -> str:
    """A new password for one sign-in. The caller shows it once; it is not kept in clear."""
    require(by, "staff.manage", user.party.unit_id, now, CannotManage)
    if not user.is_active:
        raise CannotManage(_("This account is closed."))

    fresh = one_time_password()
    user.set_password(fresh)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    trail.record("people.password_reset", subject=user.party, by=by, at=now)
    return fresh


@transaction.atomic
def change_password(*, user: User, password: str, now: dt.datetime) -> None:
    """The own password. Raises ValidationError when it is too weak, CannotManage when it is the old one."""
    validate_password(password, user)
    if user.check_password(password):
        raise CannotManage(_("The new password must differ from the old one."))

    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    trail.record("people.password_changed", subject=user.party, by=user.party, at=now)


@transaction.atomic
def set_preferences(*, user: User, language: str, theme: str, now: dt.datetime) -> None:
    """The person's own language and look."""
    before = {"language": user.language, "theme": user.theme}
    after = {"language": language, "theme": theme}

    user.language, user.theme = language, theme
    user.save(update_fields=["language", "theme"])
    trail.record(
        "people.preferences_set", subject=user.party, by=user.party, at=now, before=before, after=after
    )


@transaction.atomic
def appoint(
    *,
    party: Party,
    post: Post,
    unit: Unit,
    held_from: dt.date,
    by: Party | None,
    now: dt.datetime,
    kind: str = Appointment.Kind.HELD,
    held_to: dt.date | None = None,
) -> Appointment:
    """Place somebody in a post at a unit, as holder or acting, from a day on up to another (excluded)."""
    require(by, "staff.manage", unit, now, CannotAppoint)
    if by is not None and by.pk == party.pk:
        raise CannotAppoint(_("Nobody appoints themselves."))
    _refuse_closed(unit, CannotAppoint)
    if post.retired_on is not None:
        raise CannotAppoint(_("The post “%(post)s” is no longer in use.") % {"post": post.label})
    if held_to is not None and held_to <= held_from:
        raise CannotAppoint(_("The appointment must end after it begins."))
    if _overlaps(party, post, unit, held_from, held_to):
        raise CannotAppoint(
            _("%(name)s holds the post “%(post)s” at %(unit)s in this time already.")
            % {"name": party.name, "post": post.label, "unit": unit.label}
        )

    made = Appointment.objects.create(
        party=party, post=post, unit=unit, kind=kind, held_from=held_from, held_to=held_to, appointed_by=by
    )
    after = {"post": post.code, "unit": unit.pk, "kind": kind, "from": held_from.isoformat()}
    trail.record("people.appointed", subject=party, by=by, at=now, after=after, unit_id=unit.pk)
    return made


@transaction.atomic
def end_appointment(*, appointment: Appointment, held_to: dt.date, by: Party, now: dt.datetime) -> None:
    """The appointment ends: the post is held up to the day before `held_to`."""
    require(by, "staff.manage", appointment.unit_id, now, CannotAppoint)
    if by.pk == appointment.party_id:
        raise CannotAppoint(_("Nobody ends the own appointment."))
    if held_to < appointment.held_from:
        raise CannotAppoint(_("The appointment cannot end before it begins."))
    open_still = Appointment.objects.filter(pk=appointment.pk, held_to=appointment.held_to)
    if not open_still.update(held_to=held_to):
        raise CannotAppoint(_("Somebody else has changed this appointment meanwhile."))

    appointment.held_to = held_to
    after = {"post": appointment.post.code, "unit": appointment.unit_id, "to": held_to.isoformat()}
    trail.record("people.appointment_ended", subject=appointment.party, by=by, at=now, after=after)


def _refuse_taken(username: str, phone: str | None, user: User | None) -> None:
    others = User.objects.exclude(pk=user.pk) if user else User.objects.all()
    if others.filter(username=username).exists():
        raise CannotManage(_("The user name “%(name)s” is taken.") % {"name": username})
    if phone and others.filter(phone=phone).exists():
        raise CannotManage(_("This telephone number belongs to another account."))


def _refuse_closed(unit: Unit, refusal: type[Refusal]) -> None:
    if unit.closed_on is not None:
        raise refusal(_("The unit “%(unit)s” is closed.") % {"unit": unit.label})


def _overlaps(party: Party, post: Post, unit: Unit, start: dt.date, end: dt.date | None) -> bool:
    rows = Appointment.objects.filter(party=party, post=post, unit=unit)
    return any(
        (row.held_to is None or row.held_to > start) and (end is None or row.held_from < end) for row in rows
    )
