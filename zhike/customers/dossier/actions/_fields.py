"""Further fields that a unit defines for its customers' files."""

from __future__ import annotations

import datetime as dt
import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.dossier.models import FieldDefinition
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit

from ._common import one_line


class CannotDefine(Exception):
    """The field was not defined; the message is one sentence."""


@transaction.atomic
def define(
    *,
    unit: Unit,
    code: str,
    name: str,
    by: Party,
    now: dt.datetime,
    name_en: str = "",
    kind: str = FieldDefinition.Kind.TEXT,
    words: str = "",
    only: str = "",
    is_required: bool = False,
    place: int = 0,
) -> FieldDefinition:
    """A further field for the customers of a unit and of the units below it. Raises CannotDefine."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", code):
        raise CannotDefine(_("A code begins with a letter and has 2 to 40 small letters, digits and _."))
    row = FieldDefinition(unit=unit, code=code)
    _fill(row, name, name_en, kind, words, only, is_required, place)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        raise CannotDefine(_("The unit has a field “%(code)s” already.") % {"code": code}) from twice
    trail.record("customers.field_defined", subject=by, by=by, at=now, after=_said(row))
    return row


@transaction.atomic
def redefine(
    *,
    definition: FieldDefinition,
    name: str,
    by: Party,
    now: dt.datetime,
    name_en: str = "",
    kind: str = FieldDefinition.Kind.TEXT,
    words: str = "",
    only: str = "",
    is_required: bool = False,
    place: int = 0,
) -> FieldDefinition:
    """Change how a field is called and filled; its code and the values on file stay. Raises CannotDefine."""
    before = _said(definition)
    _fill(definition, name, name_en, kind, words, only, is_required, place)
    definition.retired_at = None
    definition.save()
    trail.record("customers.field_changed", subject=by, by=by, at=now, before=before, after=_said(definition))
    return definition


@transaction.atomic
def retire(*, definition: FieldDefinition, by: Party, now: dt.datetime) -> None:
    """Offer the field no longer; values on file stay and are shown."""
    FieldDefinition.objects.filter(pk=definition.pk, retired_at=None).update(retired_at=now)
    trail.record("customers.field_retired", subject=by, by=by, at=now, before=_said(definition))


def _fill(
    row: FieldDefinition,
    name: str,
    name_en: str,
    kind: str,
    words: str,
    only: str,
    is_required: bool,
    place: int,
) -> None:
    lines = [one_line(line) for line in words.splitlines() if line.strip()]
    if not name.strip():
        raise CannotDefine(_("Say what the field is called."))
    if kind == FieldDefinition.Kind.CHOICE and len(lines) < 2:
        raise CannotDefine(_("A list to choose from has at least two words, one a line."))
    row.name, row.name_en = one_line(name), one_line(name_en)
    row.kind, row.words, row.only = kind, "\n".join(dict.fromkeys(lines)), only
    row.is_required, row.place = is_required, place


def _said(row: FieldDefinition) -> dict[str, object]:
    return {"unit": row.unit_id, "code": row.code, "name": row.name, "kind": row.kind}
