"""The one search index: put, drop, find.

Every substring of two or more characters is found and nothing else (a single character too), whatever the width
and case of the letters; newest first; only what the scope allows, decided inside the same statement.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from zhike.kernel.parties import tree
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.subjects import known, label_of

from . import engines, grams
from .engines import Stored
from .models import Document

BATCH = 500


@dataclass(frozen=True)
class Item:
    """One subject to be put into the index."""

    label: str
    subject_id: int
    title: str
    body: str
    unit_id: int
    secrecy: int
    at: dt.datetime
    number: str = ""


@dataclass(frozen=True)
class Hit:
    """One answer of the search box; `excerpt` is the part of the body around the first word."""

    label: str
    subject_id: int
    number: str
    title: str
    excerpt: str
    unit_id: int
    at: dt.datetime

    @property
    def url(self) -> str:
        """Address of the subject's page, or "" when its kind is not registered."""
        subject = known(self.label)
        return subject.url(self.subject_id) if subject else ""


def document_id(item: Item) -> int:
    """Second of the moment in the high bits, subject and kind in the low 30: order of ids is order of time."""
    return _id(item.label, item.subject_id, item.at)


def _id(label: str, subject_id: int, at: dt.datetime) -> int:
    slot = zlib.crc32(label.encode()) & 63
    return (int(at.timestamp()) << 30) | ((subject_id << 6 | slot) & (2**30 - 1))


def put(
    *,
    subject: Model,
    title: str,
    body: str,
    unit_id: int,
    secrecy: int,
    at: dt.datetime,
    number: str = "",
    fresh: bool = False,
) -> None:
    """Make a subject findable, or bring its text up to date, in the transaction of the action.

    `at` is the moment by which answers are sorted (when the case was opened), not the moment of the change.
    `fresh` says that the subject was made in this transaction, so that nobody needs to look for its old text.
    """
    item = Item(label_of(subject), subject.pk, title, body, unit_id, secrecy, at, number)
    if fresh:
        engines.add(stored(item))
    else:
        put_many([item])


def put_many(items: Iterable[Item]) -> int:
    """Put many subjects, in batches of 500; the number of rows that were new or had changed."""
    written = 0
    batch: dict[tuple[str, int], Item] = {}
    for item in items:
        batch[item.label, item.subject_id] = item
        if len(batch) >= BATCH:
            written += _put_batch(list(batch.values()))
            batch.clear()
    return written + (_put_batch(list(batch.values())) if batch else 0)


class Text(NamedTuple):
    """Title and body of a subject as the index keeps them, made by whoever has the time."""

    title: str
    body: str
    folded: str
    tokens: str


def text(title: str, body: str) -> Text:
    """Pure: reads no database."""
    title, body = title.replace("\0", ""), body.replace("\0", "")
    folded = f"{grams.folded(title)}\n{grams.folded(body)}"
    return Text(title, body, folded, " ".join(grams.tokens(folded)))


def put_new(
    label: str, new: Iterable[tuple[int, str, Text]], *, unit_id: int, secrecy: int, at: dt.datetime
) -> None:
    """Put many subjects that were made in this transaction: key, number, and what `text` made of the rest."""
    marks = engines.marks(unit_id, label)
    rows = []
    for pk, number, made in new:
        plain = grams.folded(number)
        row = Stored(
            _id(label, pk, at), label, pk, number, made.title, made.body, unit_id, secrecy, at, f"{plain}\n{made.folded}"
        )  # fmt: skip
        rows.append((row, grams.tokens(plain).union(marks, made.tokens.split(" "))))
    engines.add_many(sorted(rows, key=lambda one: one[0].id))


def _put_batch(items: Sequence[Item]) -> int:
    rows = [stored(item) for item in items]
    with transaction.atomic(savepoint=False):
        standing = {row[1:3]: row for row in _taken(rows)}
        changed = [row for row in rows if not _same(row, standing.get(row[1:3]))]
        keys = {row[1:3] for row in changed}
        old = [row for key, row in standing.items() if key in keys]
        used = {row.id for key, row in standing.items() if key not in keys}
        if changed:
            engines.replace(old, sorted(_apart(changed, used)))
    return len(changed)


def stored(item: Item) -> Stored:
    """The document of a subject as it lies in the table."""
    number, title, body = (part.replace("\0", "") for part in (item.number, item.title, item.body))
    return Stored(
        id=document_id(item),
        subject_label=item.label,
        subject_id=item.subject_id,
        number=number,
        title=title,
        body=body,
        unit_id=item.unit_id,
        secrecy=item.secrecy,
        at=item.at,
        folded="\n".join(grams.folded(part) for part in (number, title, body)),
    )


def _taken(rows: Sequence[Stored]) -> list[Stored]:
    """Standing rows of the same subjects, and rows of others that hold a wanted id."""
    wanted = Q(pk__in=[row.id for row in rows])
    for label in {row.subject_label for row in rows}:
        wanted |= Q(
            subject_label=label, subject_id__in=[row.subject_id for row in rows if row.subject_label == label]
        )
    return engines.stored(Document.objects.filter(wanted))


def _same(row: Stored, standing: Stored | None) -> bool:
    """Whether nothing has changed, apart from an id that had to give way to another's."""
    return standing is not None and row[1:] == standing[1:]


def _apart(rows: Sequence[Stored], used: set[int]) -> Iterator[Stored]:
    """The rows with ids of their own: two subjects of one second may ask for the same."""
    for row in rows:
        number = row.id
        while number in used:
            number += 1
        used.add(number)
        yield row._replace(id=number)


def seal(subject: Model, secrecy: int) -> None:
    """Who finds the subject from now on."""
    Document.objects.filter(subject_label=label_of(subject), subject_id=subject.pk).update(secrecy=secrecy)


def drop(subject: Model) -> None:
    """Take a subject out of the index; nothing happens when it is not there."""
    found = Document.objects.filter(subject_label=label_of(subject), subject_id=subject.pk)
    with transaction.atomic(savepoint=False):
        engines.remove(engines.stored(found))


def find(scope: Scope, words: str, *, labels: Sequence[str] | None = None, limit: int = 20) -> list[Hit]:
    """Subjects whose number, title or body contain every word, newest first, as far as the scope allows."""
    wanted = grams.words(words)
    if not wanted or scope.units == frozenset():
        return []
    visible, anywhere = (
        each.rows(Document.objects.all(), secrecy="secrecy") for each in (scope, replace(scope, units=None))
    )
    if labels is not None:
        visible, anywhere = (each.filter(subject_label__in=list(labels)) for each in (visible, anywhere))
    units = _telling(scope.units)
    found = engines.newest(visible, anywhere, wanted, units=units, labels=labels or (), limit=limit)
    return [
        Hit(label, subject_id, number, title, excerpt(body, wanted), unit_id, at)
        for label, subject_id, number, title, body, unit_id, at in found
    ]


def _telling(units: frozenset[int] | None) -> frozenset[int] | None:
    """The units, where it is worth asking the index for them: not when they are most of those that there are.

    Each is a list of its own there, and of a rare word together they cost more than to look at what was found.
    """
    return None if units is None or 2 * len(units) > len(tree.rows()) else units


def matching(words: str, label: str) -> QuerySet[Document, int]:
    """Ids of the subjects of one kind that contain every word, for `filter(pk__in=...)`; none without a word."""
    found = Document.objects.values_list("subject_id", flat=True)
    wanted = grams.words(words)
    return found.filter(engines.condition(wanted, label)) if wanted else found.none()


def excerpt(body: str, wanted: Sequence[str], width: int = 60) -> str:
    """About `width` characters of the body around the first place where a word stands."""
    plain = " ".join(body.split())
    low = grams.folded(plain)
    # folding may change the length of a text; then places do not match and the beginning is shown
    places = [low.find(word) for word in wanted] if len(low) == len(plain) else []
    first = min((place for place in places if place >= 0), default=0)
    start = max(0, first - width // 3) if len(plain) > width else 0
    return ("…" if start else "") + plain[start : start + width] + ("…" if start + width < len(plain) else "")


def rebuild() -> int:
    """Make the engine's index again from the documents (after a restore or a change of the tokens)."""
    with transaction.atomic():
        return engines.rebuild()
