"""A part of a file into the tables: who is known already, who is new, what the file adds to a known one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from zhike.channels.models import Intake
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
    if mode == MARK:  # all are new; `mark` lays them beside each other when the whole file is in
        _insert(rows, unit, by, now)
        done.loaded = len(rows)
        return done
    known = known_in(units, rows)
    fresh: list[Ready] = []
    for row in rows:
        by_phone, by_licence = known.of(row)
        there = list(dict.fromkeys([*by_licence, *by_phone]))
        if not there:
            fresh.append(row)
        elif problem := problem_of(known, row, mode):
            done.problems.append((row.draft.row, problem))
        elif mode == SKIP:
            done.skipped += 1
        else:
            done.updated += _renew(there[0], row, by, now)
    _insert(fresh, unit, by, now)
    done.loaded = len(fresh)
    return done


def _insert(rows: list[Ready], unit: Unit, by: Party, now: dt.datetime) -> None:
    """New files: party, customer, numbers, place, contact, search document."""
    if not rows:
        return
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


ALIKE = """
    SELECT MIN(old.customer_id), fresh.customer_id
    FROM {table} fresh
    JOIN customers_customer new ON new.party_id = fresh.customer_id
    JOIN {table} old ON old."index" = fresh."index" AND old.customer_id < fresh.customer_id
    JOIN customers_customer there ON there.party_id = old.customer_id
    WHERE new.unit_id = %s AND new.created_by_id = %s AND new.source = 'FILE' AND new.created_at >= %s
      AND there.unit_id IN ({units}) AND there.state = 'ACTIVE' AND {which}
    GROUP BY fresh.customer_id"""
NUMBERS = {
    "PHONE": (Phone, "fresh.is_primary"),
    "LICENCE": (Identifier, f"fresh.kind = '{LICENCE}' AND old.kind = '{LICENCE}'"),
}


@transaction.atomic
def mark(intake: Intake, *, units: Sequence[int], now: dt.datetime) -> None:
    """Files that came in since the upload are laid beside the oldest one of the house with the same number.

    Once for the whole file, after all its parts; done again it changes nothing.
    """
    pairs: dict[tuple[int, int], list[str]] = {}
    given = [intake.unit_id, intake.by_id, bulk.moment(intake.at), *units]
    with connection.cursor() as cursor:
        for reason, (model, which) in NUMBERS.items():
            marks = ", ".join(["%s"] * len(units))
            cursor.execute(ALIKE.format(table=model._meta.db_table, units=marks, which=which), given)
            for first, second in cursor.fetchall():
                pairs.setdefault((first, second), []).append(reason)
    Candidate.objects.bulk_create(
        [
            Candidate(
                first_id=one, second_id=two, score=85, reasons=reasons, origin=Candidate.Origin.FILE, found_at=now
            )
            for (one, two), reasons in pairs.items()
        ],
        batch_size=500,
        ignore_conflicts=True,
    )  # fmt: skip
