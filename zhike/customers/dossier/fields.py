"""What the fields of a file are called, and the further ones that units define."""

from __future__ import annotations

from collections.abc import Iterable

from zhike.kernel.parties.kept import kept
from zhike.kernel.parties.tree import tree
from zhike.people.models import in_language

from .known import CUSTOM, label_of
from .models import FieldDefinition


def definitions(unit: int, kind: str = "") -> list[FieldDefinition]:
    """The further fields offered for a customer of a unit, in order."""
    return [row for row in _defined(unit) if row.retired_at is None and (row.only in {"", kind} or not kind)]


def _defined(unit: int) -> list[FieldDefinition]:
    """Those of the unit and of the units above it; all of them are few, and a list meets many units."""
    line = tree().line(unit)
    rows = kept("customer fields", lambda: list(FieldDefinition.objects.all()))
    return [row for row in rows if row.unit_id in line]


def named(fields: Iterable[str], known: Iterable[FieldDefinition] | None = None) -> dict[str, str]:
    """What fields are called: known ones in the reader's language, those of units as they were defined.

    `known` are the definitions where the caller has them.
    """
    wanted = set(fields)
    codes = {field.removeprefix(CUSTOM) for field in wanted if field.startswith(CUSTOM)}
    rows = known if known is not None else FieldDefinition.objects.filter(code__in=codes) if codes else []
    own = {f"{CUSTOM}{row.code}": in_language(row.name, row.name_en) for row in rows}
    return {field: own.get(field) or _label(field) for field in wanted}


def _label(field: str) -> str:
    return str(label_of(field.partition(".")[0] if is_numbered(field) else field))


def is_numbered(field: str) -> bool:
    """A fact about one of several: `contact.12`."""
    return field.rpartition(".")[2].isdecimal()
