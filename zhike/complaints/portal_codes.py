"""Number and code of a complaint made in the portal.

The code is 12 signs out of 30 (58 bits). It is derived from the random token of the form by a key of the server, so
that the same form sent twice shows the same code; stored is only a keyed digest. A wrong number and a wrong code
get the same answer.
"""

from __future__ import annotations

import hmac
import secrets

from django.core import signing

from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.parties.secret import blind_index

from . import queries
from .models import Complaint

# no 0 O 1 I L U: nobody has to guess which of two it is
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
FORM_SALT = "zhike.complaints.portal"


def new_token() -> str:
    return signing.dumps(secrets.token_urlsafe(18), salt=FORM_SALT)


def code_of(seed: str) -> str:
    """The code that belongs to a form: `K7QM-92XF-3TBD`."""
    number = int(blind_index(f"portal code {seed}"), 16)
    signs = []
    for _place in range(CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "-".join("".join(signs[place : place + 4]) for place in range(0, CODE_LENGTH, 4))


def digest_of(code: str) -> str:
    """What is stored of a code; upper and lower case and marks between the groups do not matter."""
    plain = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return blind_index(f"portal {plain}")


def find(number: str, code: str) -> Complaint | None:
    """The complaint with this number and code. Both are looked at whatever the first says."""
    rows = queries.complaints(EVERYTHING)
    complaint = (
        rows.filter(number__in={number.strip()[:40], number.strip()[:40].upper()})
        .exclude(access_code="")
        .first()
    )
    known = complaint.access_code if complaint is not None else digest_of("nobody")
    same = hmac.compare_digest(known, digest_of(code))
    return complaint if complaint is not None and same else None


def key_of(seed: str) -> str:
    """The request key by which a form sent twice is one complaint."""
    return f"portal:{blind_index(seed)[:48]}"
