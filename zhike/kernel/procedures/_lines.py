"""The line of an approval, as a manual names it by posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party

MOST_STEPS_UP = 8


class CannotApprove(Exception):
    """Not this person's turn, decided already, one's own request, or nobody there to ask."""


@dataclass(frozen=True)
class Level:
    """Persons of one level; `rule` ALL of them or ANY one."""

    approvers: tuple[Party, ...]
    rule: str = "ALL"


def levels_for(
    words: Sequence[str],
    *,
    asked_by: Party,
    unit_id: int,
    now: dt.datetime,
    not_by: Sequence[int | None] = (),
) -> list[Level]:
    """The line that a manual names by posts. Raises CannotApprove when nobody is there to ask.

    `not_by` are persons who have no say in the matter, such as the person complained of.
    """
    barred = {asked_by.pk, *not_by}
    chosen: list[Party] = []
    for word in words:
        person = _person(word, barred, asked_by, unit_id, now)
        if person is None:
            raise CannotApprove(_("Nobody can be asked who holds “%(post)s” here.") % {"post": word})
        chosen = [known for known in chosen if known.pk != person.pk]
        chosen.append(person)
    return [Level((person,)) for person in chosen]


def _person(
    word: str, barred: set[int | None], asked_by: Party, unit_id: int, now: dt.datetime
) -> Party | None:
    """A holder of the post who may decide, else the nearest superior who may."""
    code = directory().post_code(word)
    holders = directory().holders_of(code, unit_id, now) if code else []
    for holder in holders:
        if holder.pk not in barred:
            return holder
    below: Party = holders[0] if holders else asked_by
    for _step in range(MOST_STEPS_UP):
        superior = directory().superior_of(below.pk, unit_id, now)
        if superior is None or superior.pk == below.pk:
            return None
        if superior.pk not in barred:
            return superior
        below = superior
    return None
