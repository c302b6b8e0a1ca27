"""Who owes a stage: one owner, or several who sign it together (会签)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.directory import answers, directory
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.manual import model

# who plays a role: a person, or while there is none the code of the post whose holder will
Roles = Mapping[str, Party | str | None]
Owner = tuple[Party | None, str]
# stages that are left only when the last of their owners has signed
SIGNED = frozenset({model.Joint.ALL, model.Joint.IN_TURN})


def owners_of(
    stage: model.Stage, roles: Roles, unit: int, now: dt.datetime, barred: int | None = None
) -> list[Owner]:
    """Everybody who has a part in the stage, each once, in the order of the manual."""
    if stage.joint is None:
        return [owner_of(stage.owners, roles, unit, now, barred)]
    return list(dict.fromkeys(owner_of((word,), roles, unit, now, barred) for word in stage.owners))


def owner_of(
    words: tuple[str, ...], roles: Roles, unit: int, now: dt.datetime, barred: int | None = None
) -> Owner:
    """Who owes a duty that a manual gives to these words: roles of the case first, then posts.

    Returns the person, or the code of the post while nobody holds it. Who is `barred` from the case owes nothing in
    it: another holder does, else the superior.
    """
    players = [player for word in words if (player := roles.get(word))]
    waiting = next((player for player in [*players, *words] if isinstance(player, str)), "-")
    for player in players:
        if isinstance(player, Party) and player.pk != barred:
            return player, ""
    for code in map(directory().post_code, words):
        if code is not None:
            holders = directory().holders_of(code, unit, now)
            free = [holder for holder in holders if holder.pk != barred]
            if holders and not free:
                superior = directory().superior_of(barred, unit, now)
                return superior, "" if superior is not None else code
            return (free[0], "") if free else (None, code)
    return None, waiting


def signs(duty: Duty, by: Party, now: dt.datetime) -> bool:
    """Whether this person may sign for the owner: as owner, as deputy, as who answers for the post."""
    if duty.owner_id is None:
        return answers(by.pk, duty.owner_post, duty.unit_id, now)
    return by.pk == duty.owner_id or by == directory().substitute_for(duty.owner_id, now)
