"""Keys of the API: made, used, revoked; and the sweep of what is kept for a time only."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel.audit import trail
from zhike.kernel.outbox import post
from zhike.kernel.parties.models import Party
from zhike.people.models import User

from .mail import pruning
from .models import ApiToken, Attempts, Intake, KeptAnswer

# what a key may do, by the part of the API; a scope is written "part:verb"
VERBS = {
    "complaints": {
        "read": gettext_lazy("Read complaints"),
        "write": gettext_lazy("Register and work complaints"),
    },
}
SCOPES = {f"{part}:{verb}": label for part, verbs in VERBS.items() for verb, label in verbs.items()}
KEEP_ANSWERS = dt.timedelta(days=7)
KEEP_FILES = dt.timedelta(days=30)
MARK = "zk"
_NOBODY = hashlib.sha256(b"nobody").hexdigest()


class CannotMakeToken(Exception):
    """No name, no scope, an end that is over, or somebody who cannot sign in."""


class CannotRevokeToken(Exception):
    """It was revoked already."""


@transaction.atomic
def make_token(
    *,
    party: Party,
    name: str,
    scopes: Iterable[str],
    by: Party,
    now: dt.datetime,
    expires_at: dt.datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new key and its secret, which is shown now and never again. Raises CannotMakeToken."""
    chosen = sorted(set(scopes))
    if not name.strip():
        raise CannotMakeToken(_("Give the key a name."))
    if not chosen or set(chosen) - set(SCOPES):
        raise CannotMakeToken(_("Choose what the key may do."))
    if expires_at is not None and expires_at <= now:
        raise CannotMakeToken(_("The last day lies in the past."))
    if not User.objects.filter(pk=party.pk, is_active=True).exists():
        raise CannotMakeToken(
            _("%(name)s cannot sign in, so no key can act for them.") % {"name": party.name}
        )
    prefix = secrets.token_hex(5)
    secret = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        party=party,
        name=name.strip()[:80],
        scopes=chosen,
        prefix=prefix,
        digest=_digest(secret),
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )
    if party.pk != by.pk:
        post.notify(
            to=party,
            kind="channels.token_made",
            title=_("A key “%(name)s” of the API now acts for you") % {"name": token.name},
            subject=None,
            by=by,
            at=now,
        )
    trail.record(
        "channels.token_made",
        subject=token,
        by=by,
        at=now,
        unit_id=party.unit_id,
        after={"name": token.name, "party": party.pk, "scopes": chosen, "expires_at": expires_at},
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Party, now: dt.datetime) -> ApiToken:
    """The key stops working at once and for good. Raises CannotRevokeToken."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now, revoked_by=by):
        raise CannotRevokeToken(_("This key was revoked already."))
    token.refresh_from_db()
    trail.record(
        "channels.token_revoked",
        subject=token,
        by=by,
        at=now,
        unit_id=token.party.unit_id,
        after={"name": token.name, "party": token.party_id},
    )
    return token


def find_token(secret: str, now: dt.datetime) -> ApiToken | None:
    """The good key behind a secret, or None; as slow for an unknown beginning as for a wrong end."""
    prefix = secret.split("_", 2)[1] if secret.count("_") >= 2 else ""
    token = ApiToken.objects.select_related("party__user__party__unit").filter(prefix=prefix[:16]).first()
    same = hmac.compare_digest(_digest(secret), token.digest if token is not None else _NOBODY)
    if token is None or not same or not token.is_good(now) or not token.party.user.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at > dt.timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def sweep(now: dt.datetime) -> int:
    """Forget answers after 7 days, counters after their window, files of given-up or finished intakes after 30,
    the texts of ignored mails after MAIL_KEEP_DAYS.

    To be called daily by the worker. The number of rows that went.
    """
    gone = KeptAnswer.objects.filter(at__lt=now - KEEP_ANSWERS).delete()[0]
    gone += Attempts.objects.filter(ends_at__lt=now).delete()[0]
    old = Intake.objects.filter(Q(at__lt=now - KEEP_FILES) & ~Q(file="")).exclude(
        state__in=[Intake.State.WAITING, Intake.State.LOADING]
    )
    for intake in old:
        Path(f"{intake.file.path}.problems.csv").unlink(missing_ok=True)
        intake.file.delete(save=False)
        Intake.objects.filter(pk=intake.pk).update(file="")
        gone += 1
    return gone + pruning.prune(now)
