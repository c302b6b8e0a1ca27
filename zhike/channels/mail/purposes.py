"""What mails become: a trade registers what it does with the mails of its mailboxes, as it registers doors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise

from .models import InboundMail, Mailbox
from .reading import Letter


class CannotTake(Exception):
    """The trade cannot take this mail now; one sentence for the administrator."""


@dataclass(frozen=True)
class Incoming:
    """One mail on its way into a trade."""

    row: InboundMail
    letter: Letter
    mailbox: Mailbox
    now: dt.datetime
    # it names a letter of ours, but belongs to no case of its sender: a program that answers under ever new addresses
    # must get no receipt, or the two would never end
    answers_us: bool = False


@dataclass(frozen=True)
class Purpose:
    """`open` makes a subject of a mail, `answer` adds it to one that stands, `find` knows a number of a subject line.

    All run in the transaction of the mail. Raise CannotTake for what the administrator has to mend.
    """

    code: str
    label: str | Promise
    model: str  # label of the subjects
    open: Callable[[Incoming], Model]
    answer: Callable[[Incoming, int], None]
    find: Callable[[str], int | None]


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Called in `AppConfig.ready()` of the trade."""
    _purposes[purpose.code] = purpose


def known() -> dict[str, Purpose]:
    return dict(_purposes)
