"""Two files side by side: line by line what each says, and where somebody has to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers.dossier.fields import is_numbered, named
from zhike.customers.grading import queries
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Consent, Customer, Fact, Grade, Profile

from .moving import GONE, KEPT

BOTH = "both"
# columns of the file of which one value holds; others follow a rule of their own (`merged_columns`)
COLUMNS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "gender": gettext_lazy("Gender"),
    "title": gettext_lazy("Form of address or post"),
    "position": gettext_lazy("Intermediate or end customer"),
    "dealing": gettext_lazy("Direct or indirect"),
    "owner": gettext_lazy("Looked after by"),
    "region": gettext_lazy("Region"),
    "industry": gettext_lazy("Trade"),
    "note": gettext_lazy("Note"),
}
PROFILE: dict[str, Any] = {
    "need": gettext_lazy("Need"),
    "deal_expected_on": gettext_lazy("Deal expected on"),
    "possible_amount": gettext_lazy("Possible amount"),
    "environment": gettext_lazy("Environment of trading"),
    "size": pgettext_lazy("of a business", "Size"),
    "area": gettext_lazy("Area"),
    "monthly_rent": gettext_lazy("Monthly rent"),
}


@dataclass(frozen=True)
class Line:
    """One thing that the files say. `differs`: both say something, and not the same.

    `must`: nobody may guess which one holds; without it the kept file's value does unless the other is chosen.
    """

    key: str
    label: str
    kept: str
    gone: str
    must: bool = False
    both: bool = False  # the two may be kept one after the other

    @property
    def differs(self) -> bool:
        return bool(self.kept and self.gone) and self.kept != self.gone


def lines(kept: Customer, gone: Customer) -> list[Line]:
    """Every line of the review, those of the file first, then grades, consents and facts."""
    found = [
        Line(name, str(label), _shown(kept, name), _shown(gone, name), both=name == "note")
        for name, label in COLUMNS.items()
    ]
    found += _profiles(kept, gone)
    found += _current(Grade, "grade", "dimension", kept, gone, must=True)
    found += _consents(kept, gone)
    found += _current(Fact, "fact", "field", kept, gone, must=False)
    return [line for line in found if line.kept or line.gone]


def contradictions(kept: Customer, gone: Customer) -> list[Line]:
    """Lines on which somebody must decide."""
    return [line for line in lines(kept, gone) if line.must and line.differs]


def _shown(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display is not None else getattr(row, name)
    if value is None or value == "":
        return ""
    return date_format(value) if hasattr(value, "toordinal") else str(value)


def _profiles(kept: Customer, gone: Customer) -> list[Line]:
    rows = {row.pk: row for row in Profile.objects.filter(pk__in=[kept.pk, gone.pk])}
    if len(rows) < 2:
        return []
    return [
        Line(
            f"profile:{name}", str(label), _shown(rows[kept.pk], name), _shown(rows[gone.pk], name), must=True
        )
        for name, label in PROFILE.items()
    ]


def _current(model: Any, kind: str, name: str, kept: Customer, gone: Customer, *, must: bool) -> list[Line]:
    """Rows of which a customer has one current for each word of a column."""
    held: dict[str, dict[int, str]] = {}
    for row in model.objects.filter(customer__in=[kept.pk, gone.pk], until=None):
        word = getattr(row, name)
        # the columns have lines of their own, and numbers, addresses and contacts are put together
        if kind == "grade" or not (word in COLUMNS or is_numbered(word)):
            held.setdefault(word, {})[row.customer_id] = row.value
    called = named(held) if kind == "fact" else {}
    return [
        Line(
            f"{kind}:{word}",
            called.get(word) or _dimension(word),
            _value(kind, word, values.get(kept.pk, ""), kept),
            _value(kind, word, values.get(gone.pk, ""), gone),
            must=must,
        )
        for word, values in sorted(held.items())
    ]


def _dimension(word: str) -> str:
    return str(DIMENSIONS[word].label) if word in DIMENSIONS else word


def _value(kind: str, word: str, value: str, customer: Customer) -> str:
    if kind != "grade" or not value:
        return value
    words: dict[str, str] = dict(queries.words(customer, word))
    return words.get(value, value)


def _consents(kept: Customer, gone: Customer) -> list[Line]:
    held: dict[tuple[str, str], dict[int, str]] = {}
    for row in Consent.objects.filter(customer__in=[kept.pk, gone.pk], until=None):
        said = _("Agreed") if row.is_given else _("Refused")
        held.setdefault((row.purpose, row.way), {})[row.customer_id] = said
    return [
        Line(
            f"consent:{purpose}:{way}",
            " · ".join(filter(None, (str(Consent.Purpose(purpose).label), Consent(way=way).way_label))),
            values.get(kept.pk, ""),
            values.get(gone.pk, ""),
            must=True,
        )
        for (purpose, way), values in sorted(held.items())
    ]


def with_facts(choices: Mapping[str, str]) -> dict[str, str]:
    """The choices, those of columns also for the facts that say the same."""
    return {**{f"fact:{name}": side for name, side in choices.items() if name in COLUMNS}, **choices}


def merged_columns(kept: Customer, gone: Customer, choices: Mapping[str, str]) -> dict[str, Any]:
    """What the kept file says afterwards: the chosen value, else its own, else the other's; secrecy never sinks."""
    found: dict[str, Any] = {}
    for name in COLUMNS:
        column = f"{name}_id" if name == "owner" else name
        own, other = getattr(kept, column), getattr(gone, column)
        if choices.get(name) == BOTH and own and other and own != other:
            found[column] = f"{own}\n{other}"
        else:
            found[column] = other if other and (choices.get(name) == GONE or not own) else own
    found["secrecy"] = max(kept.secrecy, gone.secrecy)
    found["is_key"] = kept.is_key or gone.is_key
    found["more"] = {**gone.more, **kept.more}
    return found


def merged_profile(kept: Profile, gone: Profile, choices: Mapping[str, str]) -> dict[str, Any]:
    """Amounts and counts added, first and last days of both, of other things the chosen ones."""
    found: dict[str, Any] = {
        name: getattr(kept, name) + getattr(gone, name)
        for name in (
            "spend",
            "orders",
            "total_spend",
            "total_orders",
            "referrals",
            "referred_spend",
            "complaints",
        )
    }
    for name, choose in (("first_order_on", min), ("last_order_on", max), ("last_contact_at", max)):
        known = [value for value in (getattr(kept, name), getattr(gone, name)) if value is not None]
        found[name] = choose(known) if known else None
    for name in PROFILE:
        own, other = getattr(kept, name), getattr(gone, name)
        empty = own is None or own == ""
        found[name] = other if empty or choices.get(f"profile:{name}") == GONE else own
    return found


__all__ = [
    "BOTH", "GONE", "KEPT", "Line", "contradictions", "lines", "merged_columns", "merged_profile", "with_facts",
]  # fmt: skip
