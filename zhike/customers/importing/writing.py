"""A part of a file into the tables: who is known already, who is new, what the file adds to a known one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from zhike.customers import names
from zhike.customers.actions._upkeep import find_again, phone_of
from zhike.customers.dossier import facts, places
from zhike.customers.dossier import numbers as papers
from zhike.customers.models import Address, Candidate, Contact, Customer, Fact, Identifier, Phone
from zhike.kernel.audit import personal, trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.secret import blind_index, encrypt, mask_phone
from zhike.kernel.search import index

from . import bulk
from .checking import MARK, SKIP, UPDATE, Draft

RENEWED = ("gender", "title", "region", "industry", "note")
PARTY = ("id", "kind", "name", "unit_id")
CUSTOMER = ("party_id", "kind", "name", "sort_key", "initials", "unit_id", "gender", "title", "note", "source", "region",
            "industry", "created_at", "created_by_id")  # fmt: skip
PHONE = ("customer_id", "number", "index", "last4", "masked", "kind", "is_primary")
IDENTIFIER = ("customer_id", "kind", "issuer", "number", "index", "masked")
ADDRESS = ("customer_id", "text", "normal", "is_main")
CONTACT = ("customer_id", "name", "is_main")
LICENCE, MEMBER = Identifier.Kind.LICENCE.value, Identifier.Kind.MEMBER.value
MOBILE, WORK = Phone.Kind.MOBILE.value, Phone.Kind.WORK.value
PHONE_PLACE, IDENTIFIER_PLACE = "customers.phone.number", "customers.identifier.number"


class Ready(NamedTuple):
    """A draft with everything that can be made of it without the database: keys of names, numbers as they are stored."""

    draft: Draft
    main: str  # index of the main telephone number
    licence: str  # index of the licence
    phones: tuple[tuple[bytes, str, str, str, str], ...]  # encrypted, index, that of the end, mask, kind
    numbers: tuple[tuple[str, bytes, str, str], ...]  # kind, encrypted, index, mask
    sort_key: str = ""
    initials: str = ""
    address: str = ""  # normal form
    text: index.Text | None = None


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
    """Pure: runs in the process that reads ahead."""
    sort_key, initials = names.keys(draft.name, person=draft.kind == Customer.Kind.PERSON)
    phones = tuple(
        (
            encrypt(number, place=PHONE_PLACE),
            blind_index(number),
            _end_index(number.partition(",")[0][-4:]),
            mask_phone(number),
            MOBILE if len(number) == 11 and number.startswith("1") else WORK,
        )
        for number in draft.phones
    )
    numbers = tuple(
        (kind, encrypt(number, place=IDENTIFIER_PLACE), blind_index(number), papers.masked(kind, number))
        for kind, number in ((LICENCE, draft.licence), (MEMBER, draft.member))
        if number
    )
    words = (draft.title, draft.note, sort_key.replace(" ", ""), initials)  # as `find_again` writes them
    return Ready(
        draft,
        phones[0][1] if phones else "",
        numbers[0][2] if draft.licence else "",
        phones,
        numbers,
        sort_key,
        initials,
        places.normal(draft.address),
        index.text(draft.name, " ".join(filter(None, words))),
    )


def glance(draft: Draft) -> Ready:
    """As much of it as the check needs: indexes and masks, nothing encrypted."""
    phones = tuple((b"", blind_index(number), "", mask_phone(number), "") for number in draft.phones[:1])
    licence = blind_index(draft.licence)
    numbers = ((LICENCE, b"", licence, papers.masked(LICENCE, draft.licence)),) if licence else ()
    return Ready(draft, phones[0][1] if phones else "", licence, phones, numbers)


@dataclass
class Known:
    """Customers of the house by index of a telephone number and of a licence; each may have several."""

    phones: dict[str, list[int]] = field(default_factory=dict)
    licences: dict[str, list[int]] = field(default_factory=dict)

    def of(self, row: Ready) -> tuple[list[int], list[int]]:
        return self.phones.get(row.main, []), self.licences.get(row.licence, [])


def known_in(units: Sequence[int], rows: Sequence[Ready]) -> Known:
    """Who has these numbers already; active files of the house only."""
    held = {"customer__unit__in": list(units), "customer__state": Customer.State.ACTIVE}
    phones = Phone.objects.filter(**held, index__in=_listed({row.main for row in rows} - {""}))
    papers = Identifier.objects.filter(
        **held, kind=LICENCE, index__in=_listed({row.licence for row in rows} - {""})
    )
    return Known(_by_index(phones), _by_index(papers))


def _by_index(rows: QuerySet[Any]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, pk in rows.order_by("customer").values_list("index", "customer"):
        found.setdefault(number, []).append(pk)
    return found


def _listed(values: Iterable[str]) -> RawSQL:
    """Thousands of values as one parameter: fast to send, and the plan begins with them whatever is known of the table."""
    each = "jsonb_array_elements_text(%s::jsonb)" if connection.vendor == "postgresql" else "json_each(%s)"
    return RawSQL(f"SELECT value FROM {each}", [json.dumps(list(values))])


def problem_of(known: Known, row: Ready, mode: str) -> str:
    """Why the row cannot be brought together with the files of the house, or ""."""
    if mode == MARK:
        return ""
    by_phone, by_licence = known.of(row)
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
        by_phone, by_licence = known.of(row)
        there = list(dict.fromkeys([*by_licence, *by_phone]))
        if not there:
            fresh.append(row)
        elif problem := problem_of(known, row, mode):
            done.problems.append((row.draft.row, problem))
        elif mode == SKIP:
            done.skipped += 1
        elif mode == UPDATE:
            done.updated += _renew(there[0], row, by, now)
        else:
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
    found = ((pk, f"KH-{pk:06}", row.text) for pk, row in both if row.text is not None)
    index.put_new(Customer._meta.label, found, unit_id=unit.pk, secrecy=0, at=now)
    return keys


def _fill(model: Any, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        rest = bulk.defaults(model, columns)
        values = tuple(rest.values())
        bulk.insert(model, (*columns, *rest), ((*row, *values) for row in rows))


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
            number = row.draft.licence if kind == LICENCE else row.draft.member
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
        for code, number in (("PHONE", row.main), ("LICENCE", row.licence)):
            first = seen.setdefault(f"{code}{number}", pk) if number else pk
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
