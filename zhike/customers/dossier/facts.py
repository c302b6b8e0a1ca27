"""Keeping facts: the one place that writes the table. Actions of the whole file call it in their transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from zhike.customers.dossier.known import group_of
from zhike.customers.dossier.models import Fact
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party

# where somebody who opens a file by this way has it from
BY_CHANNEL: dict[str, str] = {
    Customer.Source.COUNTER: Fact.Source.ENQUIRY,
    Customer.Source.PHONE: Fact.Source.ENQUIRY,
    Customer.Source.LETTER: Fact.Source.ENQUIRY,
    Customer.Source.PORTAL: Fact.Source.ONLINE,
    Customer.Source.API: Fact.Source.ONLINE,
    Customer.Source.FILE: Fact.Source.FILE,
}


def source_of(channel: str) -> str:
    return BY_CHANNEL.get(channel, Fact.Source.OTHER)


def keep(
    customer: Customer,
    values: Mapping[str, str],
    *,
    source: str,
    by: Party | None,
    now: dt.datetime,
    fresh: bool = False,
    groups: Mapping[str, str] | None = None,
) -> dict[str, Fact]:
    """One row for each value that is new; the one that stood before ends now. An empty value only ends it.

    A value that stands already stays with its first source and moment. `fresh`: nothing can stand yet.
    """
    standing = {} if fresh else current(customer, values)
    changed = {
        field: value for field, value in values.items()
        if (field in standing or value) and (field not in standing or standing[field].value != value)
    }  # fmt: skip
    ended = [standing[field].pk for field in changed if field in standing]
    if ended:
        Fact.objects.filter(pk__in=ended, until=None).update(until=now)
    rows = [
        Fact(
            customer=customer, field=field, group=(groups or {}).get(field) or group_of(field), value=value,
            source=source, at=now, by=by,
        )
        for field, value in changed.items()
        if value
    ]  # fmt: skip
    return {**standing, **{row.field: row for row in Fact.objects.bulk_create(rows)}}


def remember(customer: Customer, former: Mapping[str, str]) -> None:
    """Before values change: what a file began with is a fact from now on, known from how the file came to be.

    Files that open at intake hold no facts yet; `Customer.source` says it for all that they begin with.
    """
    standing = current(customer, former)
    unknown = {field: value for field, value in former.items() if value and field not in standing}
    source = source_of(customer.source)
    keep(customer, unknown, source=source, by=customer.created_by, now=customer.created_at, fresh=True)


def current(customer: Customer, fields: Iterable[str] | None = None) -> dict[str, Fact]:
    """What stands now, by field; one query."""
    rows = Fact.objects.filter(customer=customer, until=None)
    if fields is not None:
        rows = rows.filter(field__in=list(fields))
    return {row.field: row for row in rows}
