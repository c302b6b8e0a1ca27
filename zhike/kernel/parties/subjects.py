"""The registry of subjects: how a kernel row that points to anything finds its name, address and gate.

An app registers each of its models once, in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True)
class Subject:
    """What the kernel knows of a kind of row: `label` such as "complaints.Complaint".

    `rows` gives those that a user may open; without it, whoever may open the page may open each.
    """

    label: str
    noun: str | Promise
    icon: str
    url: Callable[[int], str]
    load: Callable[[int], Model]
    rows: Callable[[Any], QuerySet[Any]] | None = None


Key = tuple[str, int]  # label and primary key
_known: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    _known[subject.label] = subject


def known(label: str) -> Subject | None:
    return _known.get(label)


def open_to(user: Any, keys: Iterable[Key]) -> set[Key]:
    """Of these subjects those that a user may open, by one query for each kind."""
    pks: dict[str, set[int]] = defaultdict(set)
    for label, pk in keys:
        pks[label].add(pk)
    found: set[Key] = set()
    for label, asked in pks.items():
        subject = known(label)
        if subject is None:
            continue
        if subject.rows is not None:
            asked = set(subject.rows(user).filter(pk__in=asked).order_by().values_list("pk", flat=True))
        found |= {(label, pk) for pk in asked}
    return found


def label_of(row: Model) -> str:
    """The label under which rows of this class are pointed to."""
    return row._meta.label


def key(row: Model) -> dict[str, Any]:
    """The two columns by which kernel rows point to `row`."""
    return {"subject_label": label_of(row), "subject_id": row.pk}
