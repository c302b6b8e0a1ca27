"""The register of posts: descriptions, duties, and the powers that posts have (PW002-02, PW002-10)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.people.directory import normal, words_of
from zhike.people.models import Appointment, Post, PostDuty, PostPower, Power, business_day

from ._refusal import Refusal, require

_CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


class CannotWritePost(Refusal):
    """The description of the post may not be changed this way."""


class CannotGrant(Refusal):
    """The power may not be given or taken this way."""


@transaction.atomic
def define_post(
    *,
    name: str,
    by: Party,
    now: dt.datetime,
    name_en: str = "",
    aliases: Sequence[str] = (),
    purpose: str = "",
    purpose_en: str = "",
    reports_to: Post | None = None,
    rank: int = 30,
) -> Post:
    """A post of the enterprise's own, code OWN-01 and so on. It has no power until some are granted."""
    require(by, "structure.manage", None, now, CannotWritePost)
    _refuse_ambiguous([name, *aliases], None)

    number = Post.objects.filter(code__startswith="OWN-").count() + 1
    while Post.objects.filter(code=f"OWN-{number:02d}").exists():
        number += 1
    post = Post.objects.create(
        code=f"OWN-{number:02d}",
        name=name,
        name_en=name_en,
        aliases=list(aliases),
        purpose=purpose,
        purpose_en=purpose_en,
        reports_to=reports_to,
        rank=rank,
    )
    trail.record("people.post_defined", subject=post, by=by, at=now, after={"name": name})
    return post


@transaction.atomic
def describe_post(
    *,
    post: Post,
    name: str,
    by: Party,
    now: dt.datetime,
    name_en: str = "",
    aliases: Sequence[str] = (),
    purpose: str = "",
    purpose_en: str = "",
    reports_to: Post | None = None,
    rank: int = 30,
) -> None:
    """Names, purpose and line manager. A name or alias belongs to one post only, so that manuals stay clear."""
    require(by, "structure.manage", None, now, CannotWritePost)
    _refuse_ambiguous([name, *aliases], post)
    _refuse_circle(post, reports_to)
    before = {"name": post.name, "aliases": post.aliases, "rank": post.rank}

    post.name, post.name_en, post.aliases = name, name_en, list(aliases)
    post.purpose, post.purpose_en = purpose, purpose_en
    post.reports_to, post.rank = reports_to, rank
    post.save()
    after = {"name": name, "aliases": list(aliases), "rank": rank}
    trail.record("people.post_described", subject=post, by=by, at=now, before=before, after=after)


@transaction.atomic
def write_duties(*, post: Post, duties: Sequence[tuple[str, str]], by: Party, now: dt.datetime) -> None:
    """Replace the numbered duties by these (Chinese, English). A duty whose text stays keeps its power."""
    require(by, "structure.manage", None, now, CannotWritePost)
    if any(not text.strip() for text, _text_en in duties):
        raise CannotWritePost(_("A duty needs a text."))
    old = {duty.text: duty for duty in post.duties.all()}
    before = {"duties": list(old)}

    post.duties.all().delete()
    PostDuty.objects.bulk_create(
        PostDuty(
            post=post,
            number=number,
            text=text,
            text_en=text_en,
            power=old[text].power if text in old else None,
            is_proposed=old[text].is_proposed if text in old else False,
        )
        for number, (text, text_en) in enumerate(duties, start=1)
    )
    after = {"duties": [text for text, _text_en in duties]}
    trail.record("people.duties_written", subject=post, by=by, at=now, before=before, after=after)


@transaction.atomic
def retire_post(*, post: Post, by: Party, now: dt.datetime) -> None:
    """The post is no longer used. Refused while somebody holds it."""
    require(by, "structure.manage", None, now, CannotWritePost)
    today = business_day(now)
    if Appointment.objects.filter(Appointment.on(today), post=post).exists():
        raise CannotWritePost(_("Somebody holds this post; end the appointment first."))

    post.retired_on = today
    post.save(update_fields=["retired_on"])
    trail.record("people.post_retired", subject=post, by=by, at=now)


@transaction.atomic
def grant(*, post: Post, power: Power, scope: str, by: Party, now: dt.datetime) -> PostPower:
    """Give a power to a post, over `scope`; a power that the post has gets the new scope."""
    require(by, "structure.manage", None, now, CannotGrant)
    if scope not in PostPower.Reach.values:
        raise CannotGrant(_("“%(scope)s” is no data scope.") % {"scope": scope})
    _refuse_own_post(post, by, now)
    old = PostPower.objects.filter(post=post, power=power).first()
    before = {"power": power.code, "scope": old.scope} if old else None

    given, _made = PostPower.objects.update_or_create(post=post, power=power, defaults={"scope": scope})
    after = {"power": power.code, "scope": scope}
    trail.record("people.power_granted", subject=post, by=by, at=now, before=before, after=after)
    return given


@transaction.atomic
def revoke(*, given: PostPower, by: Party, now: dt.datetime) -> None:
    """Take a power from a post. Nobody takes staff or structure powers from the own post: that locks out."""
    require(by, "structure.manage", None, now, CannotGrant)
    _refuse_own_post(given.post, by, now)
    before = {"power": given.power.code, "scope": given.scope}
    post = given.post

    given.delete()
    trail.record("people.power_revoked", subject=post, by=by, at=now, before=before)


@transaction.atomic
def add_power(
    *, code: str, name: str, by: Party, now: dt.datetime, name_en: str = "", module: str = ""
) -> Power:
    """A further power of the enterprise (PW002-10); its code reads like "parking.waive"."""
    require(by, "structure.manage", None, now, CannotGrant)
    if not _CODE.fullmatch(code):
        raise CannotGrant(_("The code of a power reads like “parking.waive”: small letters with one dot."))
    if Power.objects.filter(code=code).exists():
        raise CannotGrant(_("There is a power “%(code)s” already.") % {"code": code})

    power = Power.objects.create(
        code=code, name=name, name_en=name_en, module=module, register="PW002-10", kind="其他", is_own=True
    )
    trail.record("people.power_added", subject=power, by=by, at=now, after={"code": code, "name": name})
    return power


def _refuse_own_post(post: Post, by: Party, now: dt.datetime) -> None:
    """Nobody widens or narrows the powers of a post they hold."""
    held = Appointment.objects.filter(Appointment.on(business_day(now)), party=by, post=post)
    if held.exists():
        raise CannotGrant(_("Nobody changes the powers of a post they hold."))


def _refuse_ambiguous(names: Sequence[str], post: Post | None) -> None:
    wanted = {normal(name) for name in names}
    others = Post.objects.filter(retired_on=None).exclude(pk=post.pk if post else 0)
    for other in others:
        both = wanted & words_of(other)
        if both:
            raise CannotWritePost(
                _("The name “%(name)s” belongs to the post “%(post)s”.")
                % {"name": next(name for name in names if normal(name) in both), "post": other.label}
            )


def _refuse_circle(post: Post, reports_to: Post | None) -> None:
    here = reports_to
    while here is not None:
        if here.pk == post.pk:
            raise CannotWritePost(_("A post cannot report to itself, not even through others."))
        here = here.reports_to
