"""Everything that points to a customer, moved to another and back: found from the tables themselves, so that a trade
need not be named here. What cannot stand twice beside one customer gives way, and is written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import Field, ForeignKey, Model, QuerySet, UniqueConstraint
from django.db.models.query_utils import Q

from zhike.customers.models import Customer
from zhike.kernel.audit import personal

GONE, KEPT = "gone", "kept"
# tables that stay: the merge's own, and the profile, which is added up
STAY = frozenset({"customers.Candidate", "customers.Merge", "customers.Customer", "customers.Profile"})
# columns that name a customer as a party
PARTIES = (("duties.Duty", "customer"), ("channels.InboundMail", "party"))
# history that stays where it was written: the trail, what was sent, rulings, the search index
HISTORY = frozenset({"audit", "outbox", "policy", "search"})
NOW = object()
PERSONAL = frozenset({"name", "sort_key", "initials", "title", "note", "region", "industry"})
# constraint -> what a row gives up to stand beside another of the same customer; others stay with the old file
YIELDS: dict[str, dict[str, Any]] = {
    "one_primary_phone": {"is_primary": False},
    "one_main_contact": {"is_main": False},
    "one_current_fact": {"until": NOW},
    "one_current_consent": {"until": NOW},
    "one_current_grade": {"until": NOW},
    "one_open_proposal": {"state": "WITHDRAWN"},
}
# constraint -> the choice that says whose row holds: its kind and the columns that name it
CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "one_current_fact": ("fact", ("field",)),
    "one_current_consent": ("consent", ("purpose", "way")),
    "one_current_grade": ("grade", ("dimension",)),
    "one_primary_phone": ("phone", ()),
}


@dataclass
class Moved:
    """What a merge did, as `Merge` keeps it."""

    moved: dict[str, list[int]] = field(default_factory=dict)
    changed: list[Any] = field(default_factory=list)

    def change(self, row: Model, **columns: Any) -> None:
        """Write columns of a row, and keep what stood there; names and notes of a customer are sealed."""
        new = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if not new:
            return
        pairs = {name: [_kept(row, name, getattr(row, name)), _kept(row, name, new[name])] for name in new}
        self.changed.append([row._meta.label, row.pk, pairs])
        type(row)._default_manager.filter(pk=row.pk).update(**new)
        for name, value in new.items():
            setattr(row, name, value)


def columns() -> Iterator[tuple[type[Model], Field[Any, Any]]]:
    """Every column of every table that points to a customer."""
    for model in apps.get_models(include_auto_created=True):  # those of many-to-many fields too
        if model._meta.label in STAY or model._meta.proxy:
            continue
        for one in model._meta.fields:
            if isinstance(one, ForeignKey) and one.related_model is Customer:
                yield model, one
    for label, name in PARTIES:
        yield apps.get_model(label), apps.get_model(label)._meta.get_field(name)


def pointers() -> Iterator[type[Model]]:
    """Tables of the kernel whose rows point to a row of any table."""
    for model in apps.get_models():
        names = {one.name for one in model._meta.fields}
        if {"subject_label", "subject_id"} <= names and model._meta.app_label not in HISTORY:
            yield model


def move(*, gone: Customer, kept: Customer, choices: Mapping[str, str], now: dt.datetime) -> Moved:
    """Move every row from one customer to the other."""
    done = Moved()
    for model, column in columns():
        rows = model._default_manager.filter(**{column.attname: gone.pk})
        for one in model._meta.fields:  # a row between the two would point to itself
            if isinstance(one, ForeignKey) and one.related_model is Customer and one is not column:
                rows = rows.exclude(**{one.attname: kept.pk})
        _move(rows, model, column, gone, kept, choices, done, now)
    label = Customer._meta.label
    for model in pointers():
        rows = model._default_manager.filter(subject_label=label, subject_id=gone.pk)
        keys = list(rows.values_list("pk", flat=True))
        if keys:
            rows.update(subject_id=kept.pk)
            done.moved[f"{model._meta.label}.subject_id"] = keys
    return done


def _move(
    rows: QuerySet[Any],
    model: type[Model],
    column: Field[Any, Any],
    gone: Customer,
    kept: Customer,
    choices: Mapping[str, str],
    done: Moved,
    now: dt.datetime,
) -> None:
    theirs = model._default_manager.filter(**{column.attname: kept.pk})
    staying: set[int] = set()
    if column.unique and theirs.exists():
        return
    together = (UniqueConstraint(fields=names, name="together") for names in model._meta.unique_together)
    for constraint in (*model._meta.constraints, *together):
        if not isinstance(constraint, UniqueConstraint) or column.name not in constraint.fields:
            continue
        for mine, other in _clashes(rows, theirs, constraint, column.name):
            if constraint.name not in YIELDS:
                staying.add(mine.pk)
                continue
            loser = other if choices.get(choice_key(constraint.name, mine)) == GONE else mine
            given = {name: now if value is NOW else value for name, value in YIELDS[constraint.name].items()}
            done.change(loser, **given)
    keys = [pk for pk in rows.order_by("pk").values_list("pk", flat=True) if pk not in staying]
    if keys:
        _point(model, column.attname, keys, kept.pk)
        done.moved[f"{model._meta.label}.{column.name}"] = keys


def _clashes(
    rows: QuerySet[Any], theirs: QuerySet[Any], constraint: UniqueConstraint, column: str
) -> Iterator[tuple[Any, Any]]:
    """Rows of the one that the constraint does not allow beside a row of the other, with that row."""
    others = [name for name in constraint.fields if name != column]
    condition = constraint.condition or Q()
    standing = {tuple(getattr(row, name) for name in others): row for row in theirs.filter(condition)}
    if not standing:
        return
    for row in rows.filter(condition):
        key = tuple(getattr(row, name) for name in others)
        if None not in key and key in standing:
            yield row, standing[key]


def choice_key(constraint: str, row: Any) -> str:
    """Under what a choice between two rows is given: "grade:importance", "phone"."""
    kind, names = CHOICES.get(constraint, (constraint, ()))
    return ":".join([kind, *(str(getattr(row, name)) for name in names)])


BATCH = 900  # values in one IN (...), which SQLite limits


def _point(model: type[Model], attname: str, keys: list[int], to: int) -> list[int]:
    """Point rows elsewhere; the keys of those that were there."""
    there: list[int] = []
    for start in range(0, len(keys), BATCH):
        rows = model._default_manager.filter(pk__in=keys[start : start + BATCH])
        there += rows.values_list("pk", flat=True)
        rows.update(**{attname: to})
    return there


def move_back(*, gone: Customer, kept: Customer, moved: Mapping[str, list[int]]) -> None:
    """Point back what was moved and still stands at the customer to whom it was moved."""
    for name, keys in moved.items():
        label, _dot, column = name.rpartition(".")
        try:
            model = apps.get_model(label)
            attname = model._meta.get_field(column).attname
        except (LookupError, FieldDoesNotExist):
            continue
        for start in range(0, len(keys), BATCH):
            there = model._default_manager.filter(pk__in=keys[start : start + BATCH], **{attname: kept.pk})
            there.update(**{attname: gone.pk})


def restore(changed: list[Any]) -> list[str]:
    """Give columns back what stood in them, last change first; those that were changed since are named and stay.

    An amount that has grown since keeps what it has grown by.
    """
    stayed: list[str] = []
    for label, key, pairs in reversed(changed):
        model = apps.get_model(label)
        row = model._default_manager.filter(pk=key).first()
        if row is None:
            continue
        back: dict[str, Any] = {}
        for name, (before, after) in pairs.items():
            column: Any = model._meta.get_field(name)
            was, became = column.to_python(_plain(before)), column.to_python(_plain(after))
            stands = getattr(row, name)
            if stands == became:
                back[name] = was
            elif all(
                isinstance(value, Decimal | int) and not isinstance(value, bool)
                for value in (was, became, stands)
            ):
                back[name] = max(stands - (became - was), 0)
            else:
                stayed.append(f"{label}.{name}")
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=key).update(**back)
        except IntegrityError:  # another row has taken its place since
            stayed.append(f"{label}.{','.join(back)}")
    return stayed


def _kept(row: Model, name: str, value: Any) -> Any:
    if isinstance(row, Customer) and name in PERSONAL and value:
        return personal.sealed_value(row.party, str(value))
    return value


def _plain(value: Any) -> Any:
    """A value of the list of changes; personal ones are sealed there."""
    return personal.opened_value(value) if personal.is_sealed(value) else value
