"""Numbers with a check digit: a wrong one is told in one sentence and never mended by guessing. Pure."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
IDENTITY = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999


def normal(text: str) -> str:
    """Letters and digits alone: half width, capitals, without blanks and dashes."""
    return re.sub(r"[\s\-_./·]+", "", unicodedata.normalize("NFKC", text)).upper()


def credit_digit(code: str) -> str:
    """The check digit of the first 17 characters of a unified social credit code."""
    total = sum(CREDIT.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return CREDIT[-total % 31]


def identity_digit(code: str) -> str:
    """The check digit of the first 17 digits of an identity card."""
    total = sum(int(char) * weight for char, weight in zip(code, IDENTITY, strict=False))
    return "10X98765432"[total % 11]


def licence_problem(text: str) -> str:
    """What is wrong with a unified social credit code, or ""; older licences of 13 or 15 digits are taken as they are."""
    code = normal(text)
    if not code or re.fullmatch(r"\d{13}|\d{15}", code):
        return ""
    said = {"text": text.strip()[:30]}
    if len(code) != 18:
        return _("The licence number “%(text)s” has %(count)s characters instead of 18.") % {
            **said,
            "count": len(code),
        }
    wrong = next((char for char in code if char not in CREDIT), "")
    if wrong:
        return _(
            "The licence number “%(text)s” has the character %(wrong)s, which such numbers never have."
        ) % {
            **said,
            "wrong": wrong,
        }
    if credit_digit(code) != code[17]:
        return (
            _("The check digit of the licence number “%(text)s” is wrong; compare it with the licence.")
            % said
        )
    return ""


def identity_problem(text: str) -> str:
    """What is wrong with the number of an identity card, or ""."""
    code = normal(text)
    if not code:
        return ""
    if not re.fullmatch(r"\d{17}[\dX]", code):
        return _("“%(text)s” is no number of an identity card.") % {"text": text.strip()[:4] + "…"}
    if identity_digit(code) != code[17]:
        return _("The check digit of the identity card is wrong; compare it with the card.")
    return ""
