"""The enterprise that is measured: the mall of the demonstration with further stores, and many cases by bulk.

The cases are written by plain statements, not by actions: what is measured is reading, and a million actions would
take hours. Their spread is that of a mall: six years, 95 of 100 closed, 1 of 10 open ones late.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Model

from zhike.complaints.models import Complaint
from zhike.config.demo import enterprise
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import plant
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.search import engines, index

from .search import FAMILY, FAULTS, GIVEN, GOODS, WISHES

STORES = 40
CUSTOMERS = 20_000
OPEN_SHARE = 0.05
CHUNK = 50_000
ITEMS = [
    ("EXPIRED", "GOODS"),
    ("QUALITY", "GOODS"),
    ("PRICE", "GOODS"),
    ("ATTITUDE", "SERVICE"),
    ("CASHIER", "SERVICE"),
]
STAGES = [
    ("查明原因", "cause"),
    ("记录细节", "details"),
    ("提出方案", "solution"),
    ("执行", "execution"),
    ("总结", "summary"),
]
HANDLERS = ["STORE_MANAGER", "SERVICE_MANAGER", "SERVICE_SUPERVISOR"]


@dataclass
class Place:
    """The house, and what rows point to."""

    house: enterprise.House
    units: list[int] = field(default_factory=list)
    staff: dict[int, list[int]] = field(default_factory=dict)  # unit -> parties
    customers: list[int] = field(default_factory=list)
    manual: int = 0
    filled: int = 0

    def user(self, store: str, post: str) -> Any:
        party = self.house.staff[store, post][0]
        return next(user for user in self.house.users if user.pk == party.pk)


def build() -> Place:
    """The mall with its people, forty stores more with five handlers each, and the customers."""
    now = clock.now()
    with transaction.atomic():
        house = enterprise.build(now, now - dt.timedelta(days=7 * 365))
        place = Place(house)
        stores = [house.units[code] for code, _zh, _en in enterprise.STORES]
        for number in range(1, STORES + 1):
            stores.append(
                plant(
                    name=f"第{number}店",
                    code=f"bench-{number}",
                    parent=house.units["mall"],
                    kind=Unit.Kind.BRANCH,
                )
            )
        for store in stores:
            place.units.append(store.pk)
            people = [Party(kind=Party.Kind.STAFF, name=f"{store.code}员工{n}", unit=store) for n in range(5)]
            known = [
                party.pk for (code, _p), held in house.staff.items() if code == store.code for party in held
            ]
            place.staff[store.pk] = [row.pk for row in Party.objects.bulk_create(people)] + known[:5]
        place.customers = _customers(place, now)
        version = ManualVersion.objects.first()
        assert version is not None
        place.manual = version.pk
    return place


def _customers(place: Place, now: dt.datetime) -> list[int]:
    dice = random.Random(3)
    names = [dice.choice(FAMILY) + "".join(dice.sample(GIVEN, 2)) for _ in range(CUSTOMERS)]
    parties = Party.objects.bulk_create(
        [
            Party(kind=Party.Kind.PERSON, name=name, unit_id=place.units[n % len(place.units)])
            for n, name in enumerate(names)
        ]
    )
    Customer.objects.bulk_create(
        [
            Customer(party=party, name=party.name, unit_id=party.unit_id, created_at=now, source="COUNTER")
            for party in parties
        ]
    )
    return [party.pk for party in parties]


def fill(place: Place, upto: int) -> None:
    """Bring the number of cases up to `upto`, with their duties and their places in the search index."""
    now, there = clock.now(), Complaint.objects.count()
    first = (Complaint.objects.aggregate(last=Max("id"))["last"] or 0) + 1
    last = first + upto - there - 1
    for start in range(first, last + 1, CHUNK):
        rows = list(_cases(place, start, min(start + CHUNK - 1, last), now))
        with transaction.atomic():
            insert(Complaint, rows)
            insert(Duty, _duties(rows))
            # what `put_many` does for subjects that are not in the index yet
            engines.replace([], sorted((index.stored(_item(row)) for row in rows), key=lambda one: one.id))
    place.filled = upto
    _settle()


def _item(row: dict[str, Any]) -> index.Item:
    return index.Item(
        label="complaints.Complaint", subject_id=row["id"], title=row["title"], body=row["text"], number=row["number"],
        unit_id=row["unit_id"], secrecy=0, at=row["opened_at"],
    )  # fmt: skip


def _settle() -> None:
    """Sequences after the keys given here, statistics for the planner."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in (Complaint, Duty):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA optimize=0x10002")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _cases(place: Place, first: int, last: int, now: dt.datetime) -> Iterator[dict[str, Any]]:
    dice = random.Random(first)
    usual = {f.attname: f.get_default() for f in Complaint._meta.concrete_fields}
    for number in range(first, last + 1):
        is_open = dice.random() < OPEN_SHARE
        age = dice.random() * (20 if is_open else 6 * 365)
        opened = now - dt.timedelta(days=age, seconds=dice.randrange(86400))
        closed = None if is_open else min(now, opened + dt.timedelta(hours=dice.randrange(2, 200)))
        due = (now + dt.timedelta(hours=dice.uniform(-24, 216))) if is_open else None
        unit = dice.choice(place.units)
        near = place.staff[unit]
        taker, handler = dice.sample(near, 2)
        item, group = dice.choice(ITEMS)
        stage, kind = dice.choice(STAGES) if is_open else ("", "")
        goods, fault, wish = dice.choice(GOODS), dice.choice(FAULTS), dice.choice(WISHES)
        name = "邹鲲" if number % 20_000 == 77 else dice.choice(FAMILY) + "".join(dice.sample(GIVEN, 2))
        yield usual | {
            "id": number, "number": f"TS-B{number:08d}", "unit_id": unit, "title": f"{name}投诉{goods}{fault}",
            "manual_id": place.manual, "stage": stage, "stage_kind": kind, "opened_at": opened, "closed_at": closed,
            "taker_id": taker, "handler_id": handler, "due_at": due, "customer_id": dice.choice(place.customers),
            "channel": dice.choice(["COUNTER", "PHONE", "PORTAL"]), "demand": wish, "item": item, "group": group,
            "text": f"顾客于{dice.randint(1, 12)}月{dice.randint(1, 28)}日购买{goods}{dice.randint(1, 9)}件，发现{fault}，要求{wish}。",
            "value": Decimal(dice.randrange(100, 300_000)) / 100, "circumstances": [], "clause": "三(一)",
            "handler_code": dice.choice(HANDLERS), "request_key": None, "circumstance_bits": dice.choice([0, 0, 0, 1, 2, 64]),
        }  # fmt: skip


def _duties(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    usual = {f.attname: f.get_default() for f in Duty._meta.concrete_fields if f.attname != "id"}
    for row in rows:
        if row["closed_at"] is None:
            yield usual | {
                "subject_label": "complaints.Complaint", "subject_id": row["id"], "kind": f"complaint.{row['stage_kind']}",
                "title": row["stage"], "matter": row["title"], "customer_id": row["customer_id"],
                "unit_id": row["unit_id"], "owner_id": row["handler_id"], "began_at": row["opened_at"],
                "limit": "3工作日", "due_at": row["due_at"], "look_again_at": row["due_at"], "state": "OPEN",
            }  # fmt: skip


def insert(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Plain rows by COPY on PostgreSQL, by one prepared statement on SQLite."""
    rows = list(rows)
    if not rows:
        return
    names = list(rows[0])
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    columns = ", ".join(f'"{by_name[name].column}"' for name in names)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row([_flat(row[name]) for name in names])
            return
        marks = ", ".join(["%s"] * len(names))
        kinds = [by_name[name] for name in names]
        cursor.executemany(
            f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',
            ([_sqlite(kind, row[name]) for kind, name in zip(kinds, names, strict=True)] for row in rows),
        )


def _flat(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _sqlite(kind: Any, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")
    if isinstance(value, Decimal):
        return str(value)
    return _flat(value)
