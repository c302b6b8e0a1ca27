"""What the product holds of a customer as a person: to be given as a copy, and to be made anonymous.

Every table that points to a customer is decided on here (a test checks that none is forgotten): its rows are
deleted, single columns are emptied while the row stays for books and law, or the row stays as it is.
Trades add what lies deeper:

    holdings.register(holdings.Holding("complaints", _("Complaints"), blocks=..., gather=..., erase=...))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Unit

Text = str | Promise
Group = tuple[str, list[dict[str, str]]]  # key of `telling.GROUPS`, rows by column


@dataclass(frozen=True)
class Holding:
    """A trade's part. `blocks` says in one sentence why nothing may be erased yet, "" otherwise.

    `erase` is told the words by which the person is known (name and numbers) so that texts can be cleaned of them.
    """

    key: str
    label: Text
    blocks: Callable[[Customer, dt.datetime], str]
    gather: Callable[[Customer], Iterable[Group]]
    erase: Callable[[Customer, frozenset[str], dt.datetime], int]


_known: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _known[holding.key] = holding


def all_holdings() -> list[Holding]:
    return [_known[key] for key in sorted(_known)]


# ---- tables that point to a customer

# rows that say who somebody is, what they want and where they live
DELETED = frozenset(
    {
        "customers.Phone",
        "customers.Contact",
        "customers.Address",
        "customers.Identifier",
        "customers.Fact",
        "customers.Need",
        "customers.Milestone",
        "customers.Link",
        "customers.Consent",
        "customers.Candidate",
        "tracking.Observation",
        "tracking.RoleEvidence",
        "tracking.ServicePlan",
    }
)
# the row stays as a figure, these columns say nothing of the person any more
EMPTIED: dict[str, dict[str, Any]] = {
    "customers.Interaction": {"content": "", "feedback": "", "purpose": "", "place": "", "result": "", "remark": ""},
    "customers.Promise": {"text": "—", "holder": "", "depends_on": "", "outcome": ""},
    "customers.Proposal": {"reason": "—", "opinion": ""},
    "customers.Grade": {"reason": ""},
    "customers.Sale": {"note": ""},
    "customers.CreditRating": {"guarantor": "", "remark": ""},
    "customers.CreditChange": {"sign": "—", "cause": "—", "source": ""},
    "customers.CreditRisk": {"signs": "—"},
    "customers.RightsRequest": {"text": "", "identity": "—"},
    "customers.Release": {"what": "—", "purpose": "—"},
    "customers.Archive": {"title": "—"},
    "customers.Persona": {"customer": None},
    "customers.Evaluation": {"note": ""},
    "customers.Merge": {"changed": [], "choices": {}, "reason": "", "part_reason": ""},
    "tracking.Plan": {"place": "", "suits": "", "origin": "", "resting": "", "silence": "", "risk_why": "", "risk_measure": ""},
    "tracking.Moment": {"template": "", "reply": ""},
}  # fmt: skip
# figures, signatures and rulings without a word about the person; or erased with the row that they belong to
KEPT = frozenset(
    {
        "customers.Profile",
        "customers.Customer",  # those that were merged into this one are made anonymous with it
        "customers.CreditSurvey",  # its sheet is emptied by `sheets_of`
        "customers.Export",
        "customers.Breach",
        "customers.Export_customers",
        "customers.Breach_customers",
        "tracking.Activity_customers",
    }
)
# tables that a registered holding looks after
BY_TRADES = frozenset({"complaints.Complaint", "complaints.Grumble", "visits.Visit"})
# columns that are no information about the person: keys, indexes, what staff did
UNTOLD = frozenset(
    {
        "id",
        "index",
        "last4",
        "normal",
        "masked",
        "revision",
        "sort_key",
        "initials",
        "secrecy",
        "is_key",
        "is_primary",
        "is_main",
        "round",
        "version_id",
        "row",
        "ruling_id",
        "duty_id",
        "subject_label",
        "subject_id",
    }
)


def pointing() -> Iterator[tuple[type[Model], str]]:
    """Every table with a column that points to a customer, and the column."""
    for relation in Customer._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if (
            relation.auto_created
            and not relation.concrete
            and model is not None
            and relation.remote_field is not None
        ):
            field: Any = relation.remote_field
            if not field.many_to_many:
                yield model, field.name


def tables(customer: Customer) -> Iterator[Group]:
    """The rows of every table that points to the customer, as far as they tell something of the person."""
    for model, column in pointing():
        label = model._meta.label
        if label in BY_TRADES or "_" in model._meta.object_name or model is Customer:  # type: ignore[operator]
            continue
        rows = model._default_manager.filter(**{column: customer})
        found = [told(row) for row in rows[:5000]]
        if found:
            yield label, found


def told(row: Model) -> dict[str, str]:
    told = {}
    for field in row._meta.concrete_fields:
        if field.name in UNTOLD or (field.is_relation and field.related_model is not Unit):
            continue
        shown = getattr(row, f"get_{field.name}_display", None)
        value = shown() if shown is not None else getattr(row, field.name)
        if value not in (None, "", [], {}):
            told[field.name] = plain(value)
    return told


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {plain(inner)}" for key, inner in value.items())
    return str(value)


def empty(customer: Customer) -> dict[str, int]:
    """Delete and empty the rows of this app's tables; how many there were, by table."""
    counted: dict[str, int] = {}
    for model, column in pointing():
        label = model._meta.label
        rows = model._default_manager.filter(**{column: customer})
        if label in DELETED:
            counted[label] = counted.get(label, 0) + rows.delete()[0]
        elif EMPTIED.get(label):
            counted[label] = rows.update(**EMPTIED[label])
    return {label: number for label, number in counted.items() if number}


def cleaned(text: str, words: frozenset[str]) -> str:
    """The text without the words by which a person is known."""
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 1:
            text = text.replace(word, "▇▇")
    return text
