"""A part of a file into the tables: who is known already, who is new, what the file adds to a known one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from zhike.customers import names
from zhike.customers.actions._upkeep import find_again, phone_of
from zhike.customers.dossier import facts, places
from zhike.customers.dossier import numbers as papers
from zhike.customers.models import Address, Candidate, Contact, Customer, Fact, Identifier, Phone
from zhike.kernel.audit import personal, trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.secret import blind_index, encrypt, mask_phone
from zhike.kernel.search import engines, index

from . import bulk
from .checking import MARK, SKIP, UPDATE, Draft

LOOKED_UP = 900  # values in one IN (...), which SQLite limits
RENEWED = ("gender", "title", "region", "industry", "note")
PARTY = ("id", "kind", "name", "unit_id")
CUSTOMER = ("party_id", "kind", "name", "sort_key", "initials", "unit_id", "gender", "title", "note", "source", "region",
            "industry", "created_at", "created_by_id")  # fmt: skip
PHONE = ("customer_id", "number", "index", "last4", "masked", "kind", "is_primary")
IDENTIFIER = ("customer_id", "kind", "issuer", "number", "index", "masked")
ADDRESS = ("customer_id", "text", "normal", "is_main")
CONTACT = ("customer_id", "name", "is_main")
PHONE_PLACE, IDENTIFIER_PLACE = "customers.phone.number", "customers.identifier.number"


@dataclass(slots=True)
class Ready:
    """A draft with everything that can be made of it without the database: keys of names, numbers as they are stored."""

    draft: Draft
    sort_key: str
    initials: str
    phones: list[tuple[bytes, str, str, str, str]]  # encrypted, index, index of the last four, mask, kind
    numbers: list[tuple[str, bytes, str, str]]  # kind, encrypted, index, mask
    address: str  # normal form


@dataclass
class Written:
    """What became of the rows of a part."""

    loaded: int = 0
    skipped: int = 0
    updated: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


@lru_cache(maxsize=10_000)
def _end_index(digits: str) -> str:
    """Of four digits there are ten thousand."""
    return blind_index(digits)


def ready(draft: Draft) -> Ready:
    """Pure: may run beside the thread that writes."""
    sort_key, initials = names.keys(draft.name, person=draft.kind == Customer.Kind.PERSON)
    phones = [
        (
            encrypt(number, place=PHONE_PLACE),
            blind_index(number),
            _end_index(number.partition(",")[0][-4:]),
            mask_phone(number),
            (Phone.Kind.MOBILE if len(number) == 11 and number.startswith("1") else Phone.Kind.WORK).value,
        )
        for number in draft.phones
    ]
    held = ((Identifier.Kind.LICENCE, draft.licence), (Identifier.Kind.MEMBER, draft.member))
    numbers = [
        (
            kind.value,
            encrypt(number, place=IDENTIFIER_PLACE),
            blind_index(number),
            papers.masked(kind, number),
        )
        for kind, number in held
        if number
    ]
    return Ready(draft, sort_key, initials, phones, numbers, places.normal(draft.address))


def glance(draft: Draft) -> Ready:
    """As much of it as the check needs: indexes, nothing encrypted."""
    phones = [(b"", blind_index(number), "", mask_phone(number), "") for number in draft.phones[:1]]
    licence = Identifier.Kind.LICENCE.value
    numbers = [(licence, b"", blind_index(draft.licence), "")] if draft.licence else []
    return Ready(draft, "", "", phones, numbers, "")


@dataclass
class Known:
    """Customers of the house by index of a telephone number and of a licence; each may have several."""

    phones: dict[str, list[int]] = field(default_factory=dict)
    licences: dict[str, list[int]] = field(default_factory=dict)

    def of(self, row: Ready) -> tuple[list[int], list[int]]:
        main = row.phones[0][1] if row.phones else ""
        licence = next((number[2] for number in row.numbers if number[0] == Identifier.Kind.LICENCE), "")
        return self.phones.get(main, []), self.licences.get(licence, [])


def known_in(units: Sequence[int], rows: Iterable[Ready]) -> Known:
    """Who has these numbers already; active files of the house only."""
    rows = list(rows)
    found = Known()
    mains = {row.phones[0][1] for row in rows if row.phones}
    codes = {number[2] for row in rows for number in row.numbers if number[0] == Identifier.Kind.LICENCE}
    held = {"customer__unit__in": list(units), "customer__state": Customer.State.ACTIVE}
    for some in _pieces(sorted(mains)):
        pairs = (
            Phone.objects.filter(**held, index__in=some).order_by("customer").values_list("index", "customer")
        )
        for number, pk in pairs:
            found.phones.setdefault(number, []).append(pk)
    licence = Identifier.Kind.LICENCE
    for some in _pieces(sorted(codes)):
        rows_ = Identifier.objects.filter(**held, kind=licence, index__in=some).order_by("customer")
        for number, pk in rows_.values_list("index", "customer"):
            found.licences.setdefault(number, []).append(pk)
    return found


def _pieces(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + LOOKED_UP] for start in range(0, len(values), LOOKED_UP))


def problem_of(known: Known, row: Ready, mode: str) -> str:
    """Why the row cannot be brought together with the files of the house, or ""."""
    by_phone, by_licence = known.of(row)
    if mode == MARK:
        return ""
    if by_phone and by_licence and not set(by_phone) & set(by_licence):
        said = {"one": f"KH-{by_phone[0]:06}", "other": f"KH-{by_licence[0]:06}"}
        return _("the telephone number is that of %(one)s, the licence that of %(other)s") % said
    both = set(by_phone) & set(by_licence) or set(by_phone) | set(by_licence)
    if mode == UPDATE and len(both) > 1:
        numbers = ", ".join(f"KH-{pk:06}" for pk in sorted(both)[:3])
        return _("several files have this number (%(numbers)s); merge them first") % {"numbers": numbers}
    return ""


def write(
    rows: list[Ready], *, unit: Unit, units: Sequence[int], mode: str, by: Party, now: dt.datetime
) -> Written:
    """The rows of a part; to be called within its transaction."""
    done = Written()
    known = known_in(units, rows)
    fresh: list[Ready] = []
    twins: list[tuple[int, list[int], list[str]]] = []  # place among the fresh, files alike, by what
    for row in rows:
        if problem := problem_of(known, row, mode):
            done.problems.append((row.draft.row, problem))
            continue
        by_phone, by_licence = known.of(row)
        there = list(dict.fromkeys([*by_licence, *by_phone]))
        if there and mode == SKIP:
            done.skipped += 1
        elif there and mode == UPDATE:
            done.updated += _renew(there[0], row, by, now)
        else:
            if there:
                reasons = [code for code, found in (("PHONE", by_phone), ("LICENCE", by_licence)) if found]
                twins.append((len(fresh), there, reasons))
            fresh.append(row)
    keys = _insert(fresh, unit, by, now)
    done.loaded = len(fresh)
    if mode == MARK:
        _mark(fresh, keys, twins, now)
    return done


def _insert(rows: list[Ready], unit: Unit, by: Party, now: dt.datetime) -> list[int]:
    """New files: party, customer, numbers, place, contact, search document. Their keys."""
    if not rows:
        return []
    keys = bulk.new_keys(Party, len(rows))
    at = bulk.moment(now)
    both = list(zip(keys, rows, strict=True))
    bulk.insert(Party, PARTY, ((pk, row.draft.kind, row.draft.name, unit.pk) for pk, row in both))
    rest = bulk.defaults(Customer, CUSTOMER)
    values = tuple(rest.values())
    bulk.insert(
        Customer,
        (*CUSTOMER, *rest),
        (
            (
                pk, row.draft.kind, row.draft.name, row.sort_key, row.initials, unit.pk, row.draft.gender,
                row.draft.title, row.draft.note, "FILE", row.draft.region, row.draft.industry, at, by.pk, *values,
            )
            for pk, row in both
        ),
    )  # fmt: skip
    phones = [(pk, *phone, place == 0) for pk, row in both for place, phone in enumerate(row.phones)]
    _fill(Phone, PHONE, phones)
    _fill(
        Identifier,
        IDENTIFIER,
        [(pk, kind, "", number, at_, mask) for pk, row in both for kind, number, at_, mask in row.numbers],
    )
    _fill(
        Address,
        ADDRESS,
        [(pk, row.draft.address, row.address, True) for pk, row in both if row.draft.address],
    )
    _fill(Contact, CONTACT, [(pk, row.draft.contact, True) for pk, row in both if row.draft.contact])
    engines.replace([], sorted(index.stored(_item(pk, row, unit, now)) for pk, row in both))
    return keys


def _fill(model: Any, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        rest = bulk.defaults(model, columns)
        values = tuple(rest.values())
        bulk.insert(model, (*columns, *rest), ((*row, *values) for row in rows))


def _item(pk: int, row: Ready, unit: Unit, now: dt.datetime) -> index.Item:
    """What `find_again` writes for a file opened by hand."""
    words = (row.draft.title, row.draft.note, row.sort_key.replace(" ", ""), row.initials)
    body = " ".join(part for part in words if part)
    return index.Item(Customer._meta.label, pk, row.draft.name, body, unit.pk, 0, now, f"KH-{pk:06}")


def _renew(pk: int, row: Ready, by: Party, now: dt.datetime) -> int:
    """Cells that are filled take the place of what the file said; numbers and an address are added. 1 if anything was."""
    customer = Customer.objects.select_related("party", "unit").get(pk=pk)
    changed = {
        name: value
        for name in RENEWED
        if (value := getattr(row.draft, name)) and value != getattr(customer, name)
    }
    former = {name: str(old) for name in changed if (old := getattr(customer, name))}
    before = {name: personal.sealed_value(customer.party, old) for name, old in former.items()}
    if changed:
        facts.remember(customer, former)
        Customer.objects.filter(pk=pk).update(**changed, revision=F("revision") + 1, updated_at=now)
        for name, value in changed.items():
            setattr(customer, name, value)
        find_again(customer)
    added = _add_numbers(customer, row)
    if row.draft.address and not Address.objects.filter(customer=customer, normal=row.address).exists():
        first = not Address.objects.filter(customer=customer, is_main=True).exists()
        place = Address.objects.create(
            customer=customer, text=row.draft.address, normal=row.address, is_main=first
        )
        added[f"address.{place.pk}"] = place.text
    if not changed and not added:
        return 0
    facts.keep(customer, {**changed, **added}, source=Fact.Source.FILE, by=by, now=now)
    after = {name: personal.sealed_value(customer.party, str(value)) for name, value in changed.items()}
    trail.record(
        "customers.renewed",
        subject=customer,
        by=by,
        at=now,
        before=before,
        after={**after, "added": sorted(added)},
    )
    return 1


def _add_numbers(customer: Customer, row: Ready) -> dict[str, str]:
    """Numbers that the file did not have, masked, by the field of the fact."""
    added = {}
    held = set(customer.phones.values_list("index", flat=True))
    primary = customer.phones.filter(is_primary=True).exists()
    for number, stored in zip(row.draft.phones, row.phones, strict=True):
        if stored[1] not in held:
            phone = phone_of(customer, number, kind=stored[4], is_primary=not primary)
            phone.save(force_insert=True)
            primary = True
            added[f"phone.{phone.pk}"] = phone.masked
    for kind, _encrypted, at, mask in row.numbers:
        if not Identifier.objects.filter(customer=customer, kind=kind).exists():
            number = row.draft.licence if kind == Identifier.Kind.LICENCE else row.draft.member
            paper = Identifier.objects.create(
                customer=customer, kind=kind, number=number, index=at, masked=mask
            )
            added[f"identifier.{paper.pk}"] = mask
    return added


def _mark(
    rows: list[Ready], keys: list[int], twins: list[tuple[int, list[int], list[str]]], now: dt.datetime
) -> None:
    """New files that have a number of others are laid beside them; also those of one part among each other."""
    pairs: dict[tuple[int, int], list[str]] = {}
    for place, there, reasons in twins:
        for pk in there:
            pairs[pk, keys[place]] = reasons
    seen: dict[str, int] = {}
    for pk, row in zip(keys, rows, strict=True):
        numbers = [("PHONE", row.phones[0][1])] if row.phones else []
        numbers += [("LICENCE", number[2]) for number in row.numbers if number[0] == Identifier.Kind.LICENCE]
        for code, number in numbers:
            first = seen.setdefault(f"{code}{number}", pk)
            if first != pk:
                pairs.setdefault((first, pk), []).append(code)
    Candidate.objects.bulk_create(
        [
            Candidate(
                first_id=one,
                second_id=two,
                score=85,
                reasons=reasons,
                origin=Candidate.Origin.FILE,
                found_at=now,
            )
            for (one, two), reasons in pairs.items()
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
