"""What the product holds of a customer as a person: to be given as a copy, and to be made anonymous.

Every table that points to a customer is decided on (a test checks that none is forgotten): its rows are deleted,
single columns are emptied while the row stays for books and law, or the row stays as it is. Each trade says so of its
own tables and adds what lies deeper:

    holdings.register(holdings.Holding("complaints", blocks=..., gather=..., erase=..., own=...))
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Unit

Group = tuple[str, list[dict[str, str]]]  # key of `telling.GROUPS`, rows by column


@dataclass(frozen=True)
class Holding:
    """A part of what is held; tables by their labels.

    `blocks` says in one sentence why nothing may be erased yet, "" otherwise. `erase` is told the words by which the
    person is known (name and numbers) so that texts can be cleaned of them.
    """

    key: str
    blocks: Callable[[Customer, dt.datetime], str] = lambda customer, now: ""
    gather: Callable[[Customer], Iterable[Group]] = lambda customer: ()
    erase: Callable[[Customer, frozenset[str], dt.datetime], int] = lambda customer, words, now: 0
    own: frozenset[str] = frozenset()  # which `gather` and `erase` look after
    deleted: frozenset[str] = frozenset()  # rows that say who somebody is, what they want and where they live
    # the row stays as a figure, these columns say nothing of the person any more
    emptied: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    # figures, signatures and rulings without a word about the person; or erased with the row that they belong to
    kept: frozenset[str] = frozenset()

    @property
    def tables(self) -> frozenset[str]:
        return self.own | self.deleted | self.emptied.keys() | self.kept


_known: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _known[holding.key] = holding


def all_holdings() -> list[Holding]:
    return [_known[key] for key in sorted(_known)]


# ---- tables that point to a customer

FILE = Holding(
    "customers",
    deleted=frozenset(
        f"customers.{name}"
        for name in (
            "Phone", "Contact", "Address", "Identifier", "Fact", "Need", "Milestone", "Link", "Consent", "Candidate",
        )
    ),
    emptied={
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
    },
    kept=frozenset(
        {
            "customers.Profile",
            "customers.Customer",  # those that were merged into this one are made anonymous with it
            "customers.CreditSurvey",  # its sheet is emptied with the forms of the file
            "customers.Export",
            "customers.Breach",
            "customers.Export_customers",
            "customers.Breach_customers",
        }
    ),
)  # fmt: skip
register(FILE)
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
    by_trades = {label for holding in all_holdings() for label in holding.own}
    for model, column in pointing():
        label = model._meta.label
        if label in by_trades or model._meta.auto_created or model is Customer:
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


def empty(customer: Customer) -> Counter[str]:
    """Delete and empty rows as the holdings say; how many there were, by table."""
    deleted = {label for holding in all_holdings() for label in holding.deleted}
    emptied = {label: columns for holding in all_holdings() for label, columns in holding.emptied.items()}
    counted: Counter[str] = Counter()
    for model, column in pointing():
        label = model._meta.label
        rows = model._default_manager.filter(**{column: customer})
        if label in deleted:
            counted[label] += rows.delete()[0]
        elif label in emptied:
            counted[label] += rows.update(**emptied[label])
    return counted


def cleaned(text: str, words: frozenset[str]) -> str:
    """The text without the words by which a person is known."""
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 1:
            text = text.replace(word, "▇▇")
    return text
