"""Personal values inside the trail, under a key of the person they belong to.

The trail can never be changed; erasing a person destroys the key, and the values can never be read again.
"""

from __future__ import annotations

import base64
import datetime as dt
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhike.kernel.parties.models import Party

from .models import PersonKey

MARK = "sealed"
NONCE_BYTES = 12


class Erased(Exception):
    """The person was erased: nothing personal may be written any more."""


def sealed_value(party: Party, text: str) -> str:
    """`text` under the key of `party`, as one word that stands in `before` or `after` of an entry.

    Makes the key at the first value. Raises Erased when the key was destroyed.
    """
    row = _row(party)
    if row.destroyed_at is not None:
        raise Erased(f"party {party.pk} was erased")
    nonce = os.urandom(NONCE_BYTES)
    data = nonce + AESGCM(_key(row)).encrypt(nonce, text.encode(), _bound(party.pk))
    return f"{MARK}:{party.pk}:{base64.urlsafe_b64encode(data).decode()}"


def is_sealed(value: object) -> bool:
    return isinstance(value, str) and value.startswith(f"{MARK}:")


def opened_value(value: str) -> str | None:
    """The text of a sealed value; None when the person was erased or the value was changed."""
    _mark, number, data = value.split(":", 2)
    row = PersonKey.objects.filter(pk=int(number), destroyed_at=None).first()
    if row is None:
        return None
    raw = base64.urlsafe_b64decode(data)
    try:
        return AESGCM(_key(row)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(row.pk)).decode()
    except (InvalidTag, ValueError):
        return None


def destroy_key(party: Party, now: dt.datetime) -> None:
    """Make every sealed value of this person unreadable for good, and no new one possible.

    Copies in backups live as long as the backups do.
    """
    _row(party)
    PersonKey.objects.filter(pk=party.pk, destroyed_at=None).update(secret="", destroyed_at=now)


def _row(party: Party) -> PersonKey:
    fresh = base64.b64encode(AESGCM.generate_key(256)).decode()
    return PersonKey.objects.get_or_create(party=party, defaults={"secret": fresh})[0]


def _key(row: PersonKey) -> bytes:
    return base64.b64decode(row.secret)


def _bound(party: int) -> bytes:
    return f"{MARK} {party}".encode()
