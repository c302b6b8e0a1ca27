"""Numbers on papers: the one form in which equal ones are equal, what is wrong with a bad one, and the mask.

Unified social credit codes carry a check character (GB 32100-2015), identity cards a check digit (GB 11643-1999).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext as _

from zhike.customers.dossier.models import Identifier

Kind = Identifier.Kind
LONGEST = 40
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_CREDIT_WEIGHTS = [3**place % 31 for place in range(17)]
_IDENTITY_WEIGHTS = [2**place % 11 for place in range(17, 0, -1)]
_IDENTITY_CHECK = "10X98765432"


class BadNumber(ValueError):
    """The number cannot be one of its kind; the message is one sentence."""


def normal(kind: str, text: str) -> str:
    """The number without blanks and marks, half width, capitals. Raises BadNumber."""
    plain = re.sub(r"[\s\-‐-―·]+", "", unicodedata.normalize("NFKC", text).upper().replace("\0", ""))
    if not plain:
        raise BadNumber(_("Say the number."))
    if len(plain) > LONGEST:
        raise BadNumber(_("The number has %(count)s characters; at most 40 fit.") % {"count": len(plain)})
    check = _CHECKS.get(kind)
    if check is not None:
        check(plain)
    return plain


def problem(kind: str, text: str) -> str:
    """What is wrong with a number while it is typed, or ""."""
    try:
        normal(kind, text)
    except BadNumber as bad:
        return str(bad) if text.strip() else ""
    return ""


def _licence(code: str) -> None:
    """Licences from before 2015 have 13 or 15 digits and no check character."""
    if not re.fullmatch(r"\d{13}|\d{15}", code):
        _credit(code)


def _credit(code: str) -> None:
    if len(code) != 18:
        raise BadNumber(
            _("A unified social credit code has 18 characters; this one has %(count)s.")
            % {"count": len(code)}
        )
    strange = next((char for char in code if char not in CREDIT), "")
    if strange:
        raise BadNumber(
            _("“%(char)s” never stands in a unified social credit code; look at the licence again.")
            % {"char": strange}
        )
    if code[17] != credit_check(code):
        raise BadNumber(
            _(
                "The last character of the unified social credit code does not fit the others; one was mistyped."
            )
        )


def credit_check(code: str) -> str:
    """The check character that belongs to the first 17 (GB 32100-2015, appendix B)."""
    total = sum(CREDIT.index(char) * weight for char, weight in zip(code[:17], _CREDIT_WEIGHTS, strict=True))
    return CREDIT[-total % 31]


def _identity(number: str) -> None:
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise BadNumber(_("An identity card has 17 digits and a digit or X at the end."))
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as no_day:
        raise BadNumber(_("The birthday within the identity card number is no day.")) from no_day
    if number[17] != identity_check(number):
        raise BadNumber(_("The last digit of the identity card does not fit the others; one was mistyped."))


def identity_check(number: str) -> str:
    """The check digit that belongs to the first 17 (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _IDENTITY_WEIGHTS, strict=True))
    return _IDENTITY_CHECK[total % 11]


def _tax(number: str) -> None:
    if len(number) == 18:
        _credit(number)
    elif not re.fullmatch(r"[0-9A-Z]{15}|[0-9A-Z]{17}|[0-9A-Z]{20}", number):
        raise BadNumber(_("A tax number has 15, 17, 18 or 20 digits and letters."))


def _tobacco(number: str) -> None:
    if not re.fullmatch(r"\d{12}", number):
        raise BadNumber(_("A tobacco licence has 12 digits."))


def _account(number: str) -> None:
    if not re.fullmatch(r"\d{8,30}", number):
        raise BadNumber(_("A bank account has 8 to 30 digits."))


_CHECKS: dict[str, Callable[[str], None]] = {
    Kind.LICENCE: _licence,
    Kind.TAX: _tax,
    Kind.TOBACCO: _tobacco,
    Kind.IDENTITY: _identity,
    Kind.ACCOUNT: _account,
}


def masked(kind: str, number: str) -> str:
    """How the number is shown: of a credit code the register and the end, of others the last four characters."""
    if kind in {Kind.LICENCE, Kind.TAX} and len(number) == 18:
        return f"{number[:12]}****{number[-2:]}"
    if kind == Kind.IDENTITY:
        return f"{number[:3]}***********{number[-4:]}"
    if len(number) <= 6:
        return "*" * len(number)
    return f"**** {number[-4:]}"
