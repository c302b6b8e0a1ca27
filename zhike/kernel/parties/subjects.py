"""The registry of subjects: how a kernel row that points to anything finds its name, address and gate.

An app registers each of its models once, in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise


@dataclass(frozen=True)
class Subject:
    """What the kernel knows of a kind of row: `label` such as "complaints.Complaint"."""

    label: str
    noun: str | Promise
    icon: str
    url: Callable[[int], str]
    load: Callable[[int], Model]


_known: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    _known[subject.label] = subject


def known(label: str) -> Subject | None:
    return _known.get(label)


def label_of(row: Model) -> str:
    """The label under which rows of this class are pointed to."""
    return row._meta.label


def key(row: Model) -> dict[str, Any]:
    """The two columns by which kernel rows point to `row`."""
    return {"subject_label": label_of(row), "subject_id": row.pk}
