"""The hash chain over the trail: sealed by a job, so that writers never wait for each other.

Each seal is an HMAC over the seal before it and every column of one entry, under a key outside the database: whoever
changes, removes or adds sealed rows behind the back of the triggers cannot make the chain fit again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from zhike.kernel.parties import secret

from .models import Entry, Seal

BATCH = 1000
# A transaction may commit an entry later than entries with higher ids; it is looked for this far back.
LOOK_BACK = dt.timedelta(days=1)
START = "0" * 64
COLUMNS = (
    "id",
    "code",
    "subject_label",
    "subject_id",
    "unit_id",
    "secrecy",
    "by_id",
    "at",
    "recorded_at",
    "clause",
    "ruling_id",
    "before",
    "after",
    "request",
)


@dataclass(frozen=True)
class Finding:
    """What a verification saw. `broken` is a sentence about the first bad row, or "" when the chain holds."""

    sealed: int
    unsealed: int
    broken: str = ""
    entry_id: int | None = None


@dataclass
class _Walk:
    """Reading the chain from a position on."""

    digest: str = START
    position: int = 0
    keys: dict[str, bytes] = field(default_factory=lambda: _keys())


def _keys() -> dict[str, bytes]:
    """Keys of the chain by id; the first seals. Derived from the keys of encrypted columns."""
    found = [hmac.new(key, b"zhike trail", hashlib.sha256).digest() for key in secret.keys().values()]
    return {hashlib.sha256(key).hexdigest()[:8]: key for key in found}


def _digest(key: bytes, before: str, entry: Sequence[Any]) -> str:
    text = json.dumps(
        [before, *(_plain(value) for value in entry)],
        cls=DjangoJSONEncoder,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _plain(value: Any) -> Any:
    """Moments to the microsecond in UTC: the usual encoder cuts them to milliseconds."""
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value


def head() -> tuple[int, str]:
    """Position and digest of the last seal: noted elsewhere, it proves later that the end was not cut off."""
    last = Seal.objects.order_by("-position").values_list("position", "digest").first()
    return last or (0, START)


def _unsealed(after: int) -> QuerySet[Entry]:
    found = Entry.objects.filter(~Exists(Seal.objects.filter(entry_id=OuterRef("pk"))))
    return (found.filter(pk__gt=after) if after else found).order_by("pk")


def seal(now: dt.datetime, *, limit: int = 100_000, thorough: bool = False) -> int:
    """Seal entries that have no seal, in batches and in the order of ids; returns how many.

    Safe beside other sealers: of two that seal the same position one wins and the other stops. `thorough` looks for
    late entries in the whole trail instead of the last day's.
    """
    newest = Seal.objects.aggregate(at=Max("sealed_at"))["at"]
    since = 0
    # after a long silence of the job late entries may be older than the look back
    if not thorough and newest is not None and newest > now - LOOK_BACK / 2:
        old = Seal.objects.filter(sealed_at__lt=now - LOOK_BACK).order_by("-sealed_at", "-position")[:BATCH]
        since = old.aggregate(last=Max("entry_id"))["last"] or 0
    done = 0
    while done < limit:
        batch = list(_unsealed(since).values_list(*COLUMNS)[: min(BATCH, limit - done)])
        if not batch or not _append(batch, now):
            break
        done += len(batch)
    return done


def _append(batch: Sequence[Sequence[Any]], now: dt.datetime) -> bool:
    """Add seals for a batch; False when another worker was quicker."""
    position, digest = head()
    key_id, key = next(iter(_keys().items()))
    seals = []
    for entry in batch:
        position, digest = position + 1, _digest(key, digest, entry)
        seals.append(Seal(position=position, entry_id=entry[0], digest=digest, key_id=key_id, sealed_at=now))
    try:
        with transaction.atomic():
            Seal.objects.bulk_create(seals)
    except IntegrityError:
        return False
    return True


def verify_chain() -> list[str]:
    """One sentence about the first row that does not fit, or nothing when the chain holds."""
    found = examine()
    return [found.broken] if found.broken else []


def examine() -> Finding:
    """Walk the whole chain; the finding names the first row that does not fit."""
    unsealed = _unsealed(0).count()
    walk = _Walk()
    for seals in _batches():
        entries = {row[0]: row for row in _rows([each.entry_id for each in seals])}
        for each in seals:
            broken = _fault(walk, each, entries.get(each.entry_id))
            if broken:
                return Finding(walk.position, unsealed, broken, each.entry_id)
            walk.position, walk.digest = each.position, each.digest
    return Finding(walk.position, unsealed)


def _batches() -> Iterator[list[Seal]]:
    last = 0
    while True:
        batch = list(Seal.objects.filter(position__gt=last).order_by("position")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].position


def _rows(ids: list[int]) -> QuerySet[Entry, tuple[Any, ...]]:
    return Entry.objects.filter(pk__in=ids).values_list(*COLUMNS)


def _fault(walk: _Walk, each: Seal, entry: Sequence[Any] | None) -> str:
    """What is wrong with one seal, in one sentence, or ""."""
    if each.position != walk.position + 1:
        return f"Seals {walk.position + 1} to {each.position - 1} of the trail are missing."
    if entry is None:
        return f"Entry {each.entry_id} of the trail was removed after it was sealed."
    key = walk.keys.get(each.key_id)
    if key is None:
        return f"Entry {each.entry_id} was sealed under a key that is not configured (ZHIKE_FIELD_KEY)."
    if not hmac.compare_digest(_digest(key, walk.digest, entry), each.digest):
        return f"Entry {each.entry_id} of the trail, or its seal, was changed after it was sealed."
    return ""
