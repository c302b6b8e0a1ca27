"""What people decide of two files: one customer, merged and perhaps parted again, or not the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from zhike.customers import names, queries
from zhike.customers.actions._upkeep import find_again
from zhike.customers.models import Customer, Profile
from zhike.kernel.audit import personal, trail
from zhike.kernel.parties.models import Party

from . import contrasts, moving
from .models import Candidate, Merge


class CannotMerge(Exception):
    """The two files cannot become one; the message is one sentence."""


class CannotPart(Exception):
    """The file cannot be taken out again; the message is one sentence."""


class Undecided(CannotMerge):
    """The files contradict each other; `lines` say where somebody has to choose."""

    def __init__(self, lines: list[contrasts.Line]) -> None:
        self.lines = lines
        what = _(", ").join(line.label for line in lines)
        super().__init__(_("Choose which one holds: %(what)s.") % {"what": what})


@transaction.atomic
def merge(
    *,
    kept: Customer,
    gone: Customer,
    choices: Mapping[str, str],
    by: Party,
    now: dt.datetime,
    reason: str = "",
) -> Merge:
    """Make one file part of another: all that points to `gone` points to `kept` afterwards.

    `choices` says for the keys of `contrasts.lines` whose value holds, "kept" or "gone". Where grades, consents or
    facts of trading contradict each other, a choice is wanted: nothing is guessed. Raises CannotMerge, Undecided.
    """
    kept, gone = _both(kept, gone)
    _check(kept, gone)
    undecided = [one for one in contrasts.contradictions(kept, gone) if choices.get(one.key) not in _SIDES]
    if undecided:
        raise Undecided(undecided)
    done = moving.move(gone=gone, kept=kept, choices=contrasts.with_facts(choices), now=now)
    _add_up(done, kept, gone, choices)
    try:
        _write(done, kept, contrasts.merged_columns(kept, gone, choices))
    except personal.Erased as erased:
        said = {"number": kept.number}
        raise CannotMerge(_("The data of %(number)s were erased; its file is not merged.") % said) from erased
    merged = Merge.objects.create(
        gone=gone,
        kept=kept,
        at=now,
        by=by,
        reason=reason.strip()[:200],
        state=gone.state,
        choices={key: value for key, value in choices.items() if value in {*_SIDES, contrasts.BOTH}},
        moved=done.moved,
        changed=done.changed,
    )
    _stand(gone, state=Customer.State.MERGED, merged_into=kept)
    _decide(kept, gone, Candidate.State.MERGED, by, now, reason)
    after = {"kept": kept.number, "rows": merged.count, "choices": merged.choices, "reason": merged.reason}
    trail.record("customers.merged", subject=gone, by=by, at=now, before={"state": merged.state}, after=after)
    return merged


_SIDES = {moving.KEPT, moving.GONE}


def _both(kept: Customer, gone: Customer) -> tuple[Customer, Customer]:
    """The two as they stand now; who merges A into B and who merges B into A wait for each other."""
    keys = [kept.pk, gone.pk]
    rows = (
        Customer.objects.select_for_update(of=("self",)).select_related("unit", "party").filter(pk__in=keys)
    )
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[kept.pk], found[gone.pk]


def _check(kept: Customer, gone: Customer) -> None:
    if kept.pk == gone.pk:
        raise CannotMerge(_("A file is not merged with itself."))
    for row in (kept, gone):
        if row.state == Customer.State.MERGED:
            raise CannotMerge(_("%(number)s was merged into another file already.") % {"number": row.number})
    if gone.unit_id not in queries.house_of(kept.unit):
        raise CannotMerge(_("The files belong to different houses, each of which keeps its own."))


def _add_up(done: moving.Moved, kept: Customer, gone: Customer, choices: Mapping[str, str]) -> None:
    other = Profile.objects.filter(pk=gone.pk).first()
    if other is not None:
        own, _new = Profile.objects.get_or_create(pk=kept.pk)
        done.change(own, **contrasts.merged_profile(own, other, choices))


def _write(done: moving.Moved, kept: Customer, columns: dict[str, object]) -> None:
    person = columns["kind"] == Customer.Kind.PERSON
    name = str(columns["name"])
    keys = {"sort_key": names.sort_key(name, person=person), "initials": names.initials(name, person=person)}
    done.change(kept, **columns, **keys)
    _follow(kept)


def _follow(customer: Customer) -> None:
    """What repeats the file's columns elsewhere: the party, the search index, the counter of changes."""
    Party.objects.filter(pk=customer.pk).update(name=customer.name, kind=customer.kind)
    Customer.objects.filter(pk=customer.pk).update(revision=F("revision") + 1)
    find_again(customer)


def _stand(customer: Customer, *, state: str, merged_into: Customer | None) -> None:
    rows = Customer.objects.filter(pk=customer.pk)
    rows.update(state=state, merged_into=merged_into, revision=F("revision") + 1)
    customer.state, customer.merged_into = state, merged_into


def _decide(one: Customer, other: Customer, state: str, by: Party, now: dt.datetime, note: str) -> None:
    first, second = sorted((one.pk, other.pk))
    decided = {"state": state, "decided_at": now, "decided_by": by, "note": note.strip()[:200]}
    fresh = {**decided, "score": 100, "origin": Candidate.Origin.PERSON, "found_at": now}
    Candidate.objects.update_or_create(
        first_id=first, second_id=second, defaults=decided, create_defaults=fresh
    )


@transaction.atomic
def part(*, merged: Merge, by: Party, now: dt.datetime, reason: str) -> list[str]:
    """Take a merged file out again: it gets back what was moved, and what gave way is as it was.

    What came since stays with the kept file. Names the columns that somebody has changed since, which stay.
    Raises CannotPart.
    """
    if not reason.strip():
        raise CannotPart(_("Say why the two are parted."))
    rows = Merge.objects.select_for_update(of=("self",)).select_related(
        "gone__unit", "kept__unit", "kept__party"
    )
    merged = rows.get(pk=merged.pk)
    gone, kept = merged.gone, merged.kept
    if merged.parted_at is not None:
        raise CannotPart(_("The two are parted already."))
    if kept.state == Customer.State.MERGED:
        raise CannotPart(
            _("%(number)s was itself merged into another file since; part those two first.")
            % {"number": kept.number}
        )
    moving.move_back(gone=gone, kept=kept, moved=merged.moved)
    stayed = moving.restore(merged.changed)
    _stand(gone, state=merged.state, merged_into=None)
    kept.refresh_from_db()
    _follow(kept)
    find_again(gone)
    merged.parted_at, merged.parted_by, merged.part_reason = now, by, reason.strip()[:200]
    merged.save(update_fields=["parted_at", "parted_by", "part_reason"])
    _decide(kept, gone, Candidate.State.DIFFERENT, by, now, reason)
    after = {"reason": merged.part_reason, "stayed": stayed}
    trail.record("customers.parted", subject=gone, by=by, at=now, before={"kept": kept.number}, after=after)
    return stayed


@transaction.atomic
def put_forward(*, one: Customer, other: Customer, by: Party, now: dt.datetime) -> Candidate:
    """Lay two files side by side that no sweep has found. Raises CannotMerge."""
    _check(one, other)
    first, second = sorted((one.pk, other.pk))
    fresh = {"score": 100, "origin": Candidate.Origin.PERSON, "found_at": now}
    pair, _new = Candidate.objects.get_or_create(first_id=first, second_id=second, defaults=fresh)
    if pair.state != Candidate.State.OPEN:
        pair.state, pair.decided_at, pair.decided_by = Candidate.State.OPEN, None, None
        pair.save(update_fields=["state", "decided_at", "decided_by"])
    trail.record("customers.put_forward", subject=one, by=by, at=now, after={"other": other.number})
    return pair


@transaction.atomic
def tell_apart(*, pair: Candidate, by: Party, now: dt.datetime, note: str = "") -> None:
    """The two are not the same; no later sweep brings them up again."""
    changed = Candidate.objects.filter(~Q(state=Candidate.State.MERGED), pk=pair.pk).update(
        state=Candidate.State.DIFFERENT, decided_at=now, decided_by=by, note=note.strip()[:200]
    )
    if not changed:
        raise CannotMerge(_("The two were merged meanwhile."))
    after = {"other": pair.second.number, "note": note.strip()}
    trail.record("customers.told_apart", subject=pair.first, by=by, at=now, after=after)
