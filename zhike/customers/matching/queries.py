"""Reads: pairs to be looked at, merges of a file, and who is perhaps meant while somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from zhike.customers import names
from zhike.customers.dossier import places
from zhike.customers.models import Address, Contact, Customer, Identifier, Phone
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.secret import blind_index, normal_phone
from zhike.kernel.search import index

from . import likeness, normal
from .models import Candidate, Merge, Sweep
from .weighing import CLOSE

ENOUGH = frozenset({"PHONE", "LICENCE", "NAME", "SOUND"})
FEW = 60  # files compared with what is typed


def candidates(scope: Scope) -> QuerySet[Candidate]:
    """Pairs of which the person sees both files, surest first."""
    rows = scope.rows(Candidate.objects.all(), unit="first__unit", secrecy="first__secrecy")
    rows = scope.rows(rows, unit="second__unit", secrecy="second__secrecy")
    return rows.select_related("first__unit", "second__unit", "decided_by").order_by("-score", "pk")


def waiting(scope: Scope) -> QuerySet[Candidate]:
    """Pairs that nobody has decided, of files in use."""
    return in_state(candidates(scope), Candidate.State.OPEN)


def waiting_number(scope: Scope) -> int:
    """How many wait: asked for by every page."""
    if scope.units == frozenset():
        return 0
    sql, params = _waiting_sql(scope)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS waiting", params)
        return int(cursor.fetchone()[0])


@lru_cache(maxsize=256)
def _waiting_sql(scope: Scope) -> tuple[str, tuple[Any, ...]]:
    """The statement, which takes longer to be put together than to be answered."""
    sql, params = waiting(scope).order_by().select_related(None).values("pk").query.sql_with_params()
    return sql, tuple(params)


def in_state(rows: QuerySet[Candidate], state: str) -> QuerySet[Candidate]:
    found = rows.filter(state=state)
    if state != Candidate.State.OPEN:
        return found
    merged = Customer.State.MERGED
    return found.exclude(first__state=merged).exclude(second__state=merged)


def merges(scope: Scope) -> QuerySet[Merge]:
    """Merges of files that the person sees."""
    rows = scope.rows(Merge.objects.all(), unit="kept__unit", secrecy="kept__secrecy")
    return rows.select_related("gone__unit", "kept__unit", "by", "parted_by")


def merges_of(customer: Customer) -> QuerySet[Merge]:
    """What was merged into this file, and into what it was merged; for who may see the file."""
    rows = Merge.objects.filter(Q(gone=customer) | Q(kept=customer))
    return rows.select_related("gone__unit", "kept__unit", "by", "parted_by")


def last_sweep() -> Sweep | None:
    return Sweep.objects.select_related("by").first()


@dataclass(frozen=True)
class Alike:
    """A file that is perhaps the one that somebody is typing, and by what."""

    customer: Customer
    score: float
    reasons: list[str]

    @property
    def words(self) -> list[str]:
        return [str(likeness.REASONS[code]) for code in self.reasons]


def typed(
    scope: Scope,
    units: frozenset[int],
    *,
    name: str = "",
    phone: str = "",
    licence: str = "",
    address: str = "",
    person: bool = True,
    other_than: int | None = None,
    limit: int = 5,
) -> list[Alike]:
    """Active files of a house that are like what is typed so far, surest first."""
    file = _typed_file(name, phone, licence, address, person)
    rows = scope.rows(Customer.objects.filter(state=Customer.State.ACTIVE), secrecy="secrecy")
    near = _near(file, name, units) - {other_than}
    seen = {row.pk: row for row in rows.filter(pk__in=near, unit__in=sorted(units)).select_related("unit")}
    files = likeness.read(units, among=seen)
    found = [
        Alike(seen[row.pk], alike.score, alike.reasons)
        for row in files.rows
        if ENOUGH & set((alike := likeness.likeness(file, row)).reasons)
        or ("ALIKE" in alike.reasons and likeness.levels(file, row)[0] == CLOSE)
    ]
    return sorted(found, key=lambda one: (-one.score, one.customer.pk))[:limit]


def _typed_file(name: str, phone: str, licence: str, address: str, person: bool) -> likeness.File:
    plain = normal.name(name)
    number = normal_phone(phone)
    code = normal.code(licence)
    return likeness.File(
        0,
        plain,
        names.sort_key(name.strip(), person=person) if plain else "",
        plain if person else normal.core(name),
        phones=frozenset({blind_index(number)} if number else ()),
        ends=frozenset({blind_index(number.partition(",")[0][-4:])} if number else ()),
        numbers=frozenset((kind, blind_index(code.upper())) for kind in Identifier.Kind.values)
        if code
        else frozenset(),
        addresses=(normal.address(places.normal(address)),) if address.strip() else (),
    )


def _near(file: likeness.File, name: str, units: frozenset[int]) -> set[int]:
    """Keys of files that share a number, a part of the name or the beginning of its sound."""
    held = {"customer__unit__in": sorted(units)}
    found: set[int] = set()
    for model in (Phone, Contact):
        if file.phones:
            rows = model._default_manager.filter(**held, index__in=file.phones)
            found.update(rows.values_list("customer", flat=True)[:FEW])
    if file.numbers:
        wanted = {number for _kind, number in file.numbers}
        known = Identifier.objects.filter(**held, index__in=wanted)
        found.update(known.values_list("customer", flat=True)[:FEW])
    if len(file.name) >= 2:
        sounds = file.sound.split()
        words = {file.name, file.core, "".join(sounds), "".join(sounds[:2])}
        for word in sorted(word for word in words if len(word) >= 2):
            found.update(index.matching(word, Customer._meta.label)[:FEW])
    return found


def parts(customer: Customer) -> dict[str, list[str]]:
    """What stands on the file besides single values: numbers masked, places, people."""
    return {
        "phones": [phone.masked for phone in customer.phones.defer("number")],
        "numbers": [
            f"{row.get_kind_display()} {row.masked}"
            for row in Identifier.objects.filter(customer=customer).defer("number")
        ],
        "addresses": [row.text for row in Address.objects.filter(customer=customer)],
        "contacts": [
            row.name for row in Contact.objects.filter(customer=customer, left_on=None).defer("number")
        ],
    }
