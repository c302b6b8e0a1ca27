"""Who is informed when a case enters a stage (知会): told in the product and by e-mail, owing nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils import translation

from zhike.kernel.outbox import post, wording
from zhike.kernel.parties import subjects
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import NAMED_ONLY
from zhike.kernel.policy.manual import model

from ._owners import Roles
from .models import StagedCase

INFORMED = "stage.informed"


def inform(
    case: StagedCase,
    entered: Iterable[model.Stage],
    *,
    roles: Roles,
    by: Party,
    now: dt.datetime,
    barred: int | None = None,
) -> None:
    """Tell whom the stages name, each person once for each stage; never who acts here, nor who is barred.

    Of a case that only named people read nobody is told by post.
    """
    if case.secrecy >= NAMED_ONLY:
        return
    post.notify_many(
        [
            _notice(case, stage, person, by=by, now=now)
            for stage in entered
            for person in dict.fromkeys(_people(case, stage, roles, now))
            if person.pk not in {by.pk, barred}
        ]
    )


def _people(case: StagedCase, stage: model.Stage, roles: Roles, now: dt.datetime) -> Iterator[Party]:
    """Roles of the case first, then everybody who holds the post."""
    for word in stage.informed:
        player = roles.get(word)
        if isinstance(player, Party):
            yield player
            continue
        code = player or directory().post_code(word)
        if code is not None:
            yield from directory().holders_of(code, case.unit_id, now)


def _notice(case: StagedCase, stage: model.Stage, to: Party, *, by: Party, now: dt.datetime) -> post.Notice:
    english = stage.cells.get("英文")
    params = {"matter": case.matter, "stage": stage.name, "stage_en": english.text if english else ""}
    with translation.override(settings.LANGUAGE_CODE):
        title = wording.sentence(INFORMED, params)
    return post.Notice(
        to=to,
        kind=INFORMED,
        title=title,
        params=params,
        **subjects.key(case),
        unit_id=case.unit_id,
        by=by,
        at=now,
        email=True,
        clause=stage.clause,
    )
