"""Personal numbers at rest: an encrypted column, a blind index to look them up by, and a mask to show them with.

Keys never stand in the database. `FIELD_KEY` may list several keys divided by commas: the first encrypts, every one
decrypts, so a key can be replaced while old values stay readable. Without `FIELD_KEY` and `INDEX_KEY` both are
derived from `SECRET_KEY`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    _Column = models.BinaryField[str, str]
else:
    _Column = models.BinaryField

KEY_ID_BYTES = 4
NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """The value was written under a key that is not configured, or it was changed."""


def derived(text: str, purpose: str) -> bytes:
    """32 bytes out of a configured secret, different for each purpose."""
    return HKDF(SHA256(), 32, salt=None, info=f"zhike {purpose}".encode()).derive(text.encode())


@lru_cache(maxsize=8)
def _keys(configured: str) -> dict[bytes, bytes]:
    keys = [derived(text.strip(), "field") for text in configured.split(",") if text.strip()]
    return {hashlib.sha256(key).digest()[:KEY_ID_BYTES]: key for key in keys}


def keys() -> dict[bytes, bytes]:
    """Keys of encrypted columns by their id; the first is the one that encrypts."""
    return _keys(settings.FIELD_KEY or settings.SECRET_KEY)


def encrypt(text: str, *, place: str) -> bytes:
    """Key id, nonce, AES-256-GCM text and tag; `place` (table and column) is bound in and must be given again."""
    key_id, cipher = _writing(settings.FIELD_KEY or settings.SECRET_KEY)
    nonce = os.urandom(NONCE_BYTES)
    return key_id + nonce + cipher.encrypt(nonce, text.encode(), place.encode())


@lru_cache(maxsize=8)
def _writing(configured: str) -> tuple[bytes, AESGCM]:
    """The key that encrypts: its id and its cipher."""
    key_id, key = next(iter(_keys(configured).items()))
    return key_id, _cipher(key)


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def decrypt(data: bytes, *, place: str) -> str:
    """The text again. Raises CannotDecrypt for an unknown key, another place or a changed value."""
    key = keys().get(data[:KEY_ID_BYTES])
    if key is None:
        raise CannotDecrypt(f"{place} was written under a key that is not configured (ZHIKE_FIELD_KEY)")
    nonce, rest = data[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES], data[KEY_ID_BYTES + NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, rest, place.encode()).decode()
    except (InvalidTag, ValueError) as broken:
        raise CannotDecrypt(f"a value of {place} was changed outside the product") from broken


class SecretField(_Column):
    """Text that lies encrypted in its column. "" stays empty bytes; None stays NULL.

    It cannot be filtered or sorted by (FieldError): keep a column with `blind_index` beside it. The label of the
    model and the name of the field are bound into every value, so a value copied to another column does not open.
    """

    description = "Encrypted text"

    def _check_str_default_value(self) -> list[Any]:
        return []  # unlike other binary columns this one takes text

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "":
            return None if value is None else b""
        if not isinstance(value, str):
            return super().get_prep_value(value)
        return encrypt(value, place=self.place)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        if value is None:
            return None
        data = bytes(value)
        return decrypt(data, place=self.place) if data else ""

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return self.value_from_object(obj) or ""

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def blind_index(text: str) -> str:
    """64 hex characters by which equal texts are found without being readable; "" for an empty text.

    Pass a normal form (`normal_phone`): texts are compared as they stand.
    """
    if not text:
        return ""
    key = _index_key(settings.INDEX_KEY, settings.SECRET_KEY)
    return hmac.digest(key, text.encode(), "sha256").hex()


@lru_cache(maxsize=8)
def _index_key(configured: str, secret: str) -> bytes:
    return derived(configured or secret, "index")


_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|,|;)\s*(\d{1,6})$", re.IGNORECASE)
_MOBILE = re.compile(r"1[0-9]{10}")
_BETWEEN = re.compile(r"[\s\-‐-―()./·]+")


def normal_phone(text: str) -> str:
    """The one form in which equal numbers are equal: digits, no 86 before a Chinese number, "," before an extension.

    A foreign number keeps "+" and its country. "" when the text is no telephone number.
    """
    if _MOBILE.fullmatch(text):  # as almost every number of a large file is written
        return text
    plain = unicodedata.normalize("NFKC", text).strip()
    extension = ""
    if found := _EXTENSION.search(plain):
        extension, plain = "," + found.group(1), plain[: found.start()]
    plain = _BETWEEN.sub("", plain)
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    for prefix in ("+86", "86"):
        rest = plain.removeprefix(prefix)
        if rest != plain and (prefix == "+86" or re.fullmatch(r"1\d{10}", rest)):
            # abroad the leading 0 of an area code is left out: +86 10 8888 6666 is 010-88886666
            plain = rest if re.fullmatch(r"0\d+|1[3-9]\d{9}|[48]00\d{7}|95\d{3,6}", rest) else "0" + rest
    return plain + extension if re.fullmatch(r"\+?[0-9]{5,15}", plain) else ""


def mask_phone(text: str) -> str:
    """How a number is shown: 138****5678, 010****6666, ***** for very short ones; "" stays ""."""
    head, comma, _extension = text.partition(",")
    if len(head) < 8:
        return "*" * len(head)
    keep = 3 if len(head) >= 10 else 2
    return f"{head[:keep]}****{head[-4:]}" + (",***" if comma else "")
