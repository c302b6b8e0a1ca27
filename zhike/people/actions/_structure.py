"""Units: the enterprise is founded, a department is established from a template and adapted (S002-01, S002-58)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties import tree
from zhike.kernel.parties.models import Party, Unit
from zhike.people import populate
from zhike.people.models import Appointment, Function, Post, UnitPost, UnitProfile, User, business_day

from ._refusal import Refusal, require
from ._staff import add_staff, appoint


class CannotBuild(Refusal):
    """The structure may not be changed this way."""


@transaction.atomic
def found(
    *,
    name: str,
    administrator: str,
    username: str,
    now: dt.datetime,
    name_en: str = "",
    kind: str = Unit.Kind.COMPANY,
    password: str | None = None,
) -> tuple[Unit, User, str]:
    """Make the enterprise and its first administrator. Returns both and the password of the first sign-in."""
    if Unit.objects.filter(parent=None, closed_on=None).exists():
        raise CannotBuild(_("The enterprise has been set up already."))

    populate.populate()
    unit = tree.plant(name=name, name_en=name_en, code="1", kind=kind)
    user, first = add_staff(
        name=administrator, username=username, unit=unit, by=None, now=now, password=password
    )
    post = Post.objects.get(code="ADMINISTRATOR")
    appoint(party=user.party, post=post, unit=unit, held_from=business_day(now), by=None, now=now)
    trail.record("people.founded", subject=unit, by=None, at=now, after={"name": name})
    return unit, user, first


@transaction.atomic
def establish(
    *, template: str, parent: Unit, by: Party | None, now: dt.datetime, name: str = "", name_en: str = ""
) -> Unit:
    """Make the units and posts of a template (general, service, technical) below `parent`."""
    require(by, "structure.manage", parent, now, CannotBuild)
    populate.populate()
    plans = populate.data("templates")
    if template not in plans:
        raise CannotBuild(_("There is no template “%(name)s”.") % {"name": template})

    plan = plans[template]["unit"]
    plan = {**plan, "name": name or plan["name"], "en": name_en or plan["en"]}
    posts, functions = Post.objects.in_bulk(field_name="code"), Function.objects.in_bulk(field_name="code")
    head = _build(plan, parent, posts, functions)
    UnitProfile.objects.filter(unit=head).update(template=template)
    trail.record("people.established", subject=head, by=by, at=now, after={"template": template})
    return head


@transaction.atomic
def add_unit(
    *,
    parent: Unit,
    name: str,
    by: Party | None,
    now: dt.datetime,
    name_en: str = "",
    kind: str = Unit.Kind.DEPARTMENT,
    function: Function | None = None,
    region: str = "",
) -> Unit:
    """One more unit below `parent`."""
    require(by, "structure.manage", parent, now, CannotBuild)
    _refuse_closed(parent)
    _refuse_twin(parent, name)

    unit = _plant(parent, name, name_en, kind)
    UnitProfile.objects.create(unit=unit, function=function, region=region)
    trail.record("people.unit_added", subject=unit, by=by, at=now, after={"name": name, "parent": parent.pk})
    return unit


def add_region(
    *, department: Unit, region: str, by: Party | None, now: dt.datetime, name: str = "", name_en: str = ""
) -> Unit:
    """A regional department (S002-58): parallel under the department, with a data scope of its own (A002-07)."""
    name = name or f"{region}客户服务部"
    unit = add_unit(
        parent=department,
        name=name,
        name_en=name_en,
        kind=Unit.Kind.BRANCH,
        region=region,
        by=by,
        now=now,
    )
    manager = Post.objects.filter(code="P002-02").first()
    if manager is not None:
        UnitPost.objects.create(unit=unit, post=manager)
    return unit


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, by: Party, now: dt.datetime, name_en: str = "") -> None:
    require(by, "structure.manage", unit, now, CannotBuild)
    _refuse_closed(unit)
    _refuse_twin(unit.parent, name, unit)
    before = {"name": unit.name, "name_en": unit.name_en}

    unit.name, unit.name_en = name, name_en
    unit.save(update_fields=["name", "name_en"])
    after = {"name": name, "name_en": name_en}
    trail.record("people.unit_renamed", subject=unit, by=by, at=now, before=before, after=after)


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, by: Party, now: dt.datetime) -> None:
    """Hang a unit, with everything below it, under another one. Rows keep their unit; scopes follow the tree."""
    require(by, "structure.manage", unit, now, CannotBuild)
    require(by, "structure.manage", parent, now, CannotBuild)
    _refuse_closed(parent)
    if parent.path.startswith(unit.path):
        raise CannotBuild(_("A unit cannot stand below itself."))
    _refuse_twin(parent, unit.name, unit)
    before, old = {"parent": unit.parent_id}, unit.path

    new = f"{parent.path}{unit.pk}/"
    Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    unit.refresh_from_db()
    trail.record("people.unit_moved", subject=unit, by=by, at=now, before=before, after={"parent": parent.pk})


@transaction.atomic
def close_unit(*, unit: Unit, by: Party, now: dt.datetime) -> None:
    """The unit takes no more work. Refused while units below it are open or somebody holds a post there."""
    require(by, "structure.manage", unit, now, CannotBuild)
    _refuse_closed(unit)
    today = business_day(now)
    if unit.parent_id is None:
        raise CannotBuild(_("The enterprise itself cannot be closed."))
    if unit.children.filter(closed_on=None).exists():
        raise CannotBuild(_("Close the units below “%(unit)s” first.") % {"unit": unit.label})
    holders = Appointment.objects.filter(Appointment.on(today), unit=unit).count()
    if holders:
        raise CannotBuild(
            _("%(count)s people hold a post at “%(unit)s”; end their appointments first.")
            % {"count": holders, "unit": unit.label}
        )

    unit.closed_on = today
    unit.save(update_fields=["closed_on"])
    trail.record("people.unit_closed", subject=unit, by=by, at=now)


@transaction.atomic
def place_post(
    *, unit: Unit, post: Post, by: Party | None, now: dt.datetime, name: str = "", name_en: str = ""
) -> UnitPost:
    """The unit has this post from now on, under a name of its own if one is given."""
    require(by, "structure.manage", unit, now, CannotBuild)
    _refuse_closed(unit)
    if UnitPost.objects.filter(unit=unit, post=post).exists():
        raise CannotBuild(
            _("“%(unit)s” has the post “%(post)s” already.") % {"unit": unit.label, "post": post.label}
        )

    placed = UnitPost.objects.create(unit=unit, post=post, name=name, name_en=name_en)
    trail.record("people.post_placed", subject=unit, by=by, at=now, after={"post": post.code, "name": name})
    return placed


@transaction.atomic
def remove_post(*, placed: UnitPost, by: Party, now: dt.datetime) -> None:
    """The unit no longer has the post. Refused while somebody holds it there."""
    require(by, "structure.manage", placed.unit, now, CannotBuild)
    held = Appointment.objects.filter(Appointment.on(business_day(now)), unit=placed.unit, post=placed.post)
    if held.exists():
        raise CannotBuild(_("Somebody holds this post; end the appointment first."))

    before = {"post": placed.post.code}
    unit = placed.unit
    placed.delete()
    trail.record("people.post_removed", subject=unit, by=by, at=now, before=before)


def _build(
    plan: dict[str, Any], parent: Unit, posts: dict[str, Post], functions: dict[str, Function]
) -> Unit:
    _refuse_closed(parent)
    _refuse_twin(parent, plan["name"])
    unit = _plant(parent, plan["name"], plan["en"], plan.get("kind", Unit.Kind.DEPARTMENT))
    function = functions.get(plan.get("function", ""))
    UnitProfile.objects.create(unit=unit, function=function, region=plan.get("region", ""))
    entries = [[entry] if isinstance(entry, str) else entry for entry in plan.get("posts", [])]
    UnitPost.objects.bulk_create(
        UnitPost(
            unit=unit,
            post=posts[entry[0]],
            name=entry[1] if len(entry) > 1 else "",
            name_en=entry[2] if len(entry) > 2 else "",
            place=place,
        )
        for place, entry in enumerate(entries)
    )
    for below in plan.get("units", []):
        _build(below, unit, posts, functions)
    return unit


def _plant(parent: Unit, name: str, name_en: str, kind: str) -> Unit:
    """A unit with the next free code below its parent: 1.2 -> 1.2.3."""
    number = parent.children.count() + 1
    while Unit.objects.filter(code=f"{parent.code}.{number}").exists():
        number += 1
    return tree.plant(name=name, name_en=name_en, code=f"{parent.code}.{number}", parent=parent, kind=kind)


def _refuse_closed(unit: Unit) -> None:
    if unit.closed_on is not None:
        raise CannotBuild(_("The unit “%(unit)s” is closed.") % {"unit": unit.label})


def _refuse_twin(parent: Unit | None, name: str, unit: Unit | None = None) -> None:
    twins = Unit.objects.filter(parent=parent, name=name, closed_on=None)
    if twins.exclude(pk=unit.pk if unit else 0).exists():
        raise CannotBuild(_("There is a unit “%(name)s” here already.") % {"name": name})
