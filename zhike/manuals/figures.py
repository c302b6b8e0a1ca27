"""What trades count beside a clause, and which of their rows a reader may not see. The manuals stand below them.

A trade registers once, in `AppConfig.ready()`:

    figures.register(figures.Figure("overrides", _("Other handler chosen"), "complaints.Complaint",
                                    queries.overridden, at="opened_at", note="override_reason"))
    figures.register_trade(figures.Trade("complaints.Complaint", queries.unseen, queries.names_of))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from zhike.kernel.parties.scope import Scope

Text = str | Promise
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Figure:
    """Rows of a trade that count beside a clause: `rows(scope, version)` are all that the reader may see.

    `clause`, `at`, `unit` and `note` name columns of these rows; the page of a figure lists them by these.
    """

    code: str
    label: Text
    subject: str
    rows: Callable[[Scope, int], QuerySet[Any]]
    clause: str = "clause"
    at: str = "at"
    unit: str = "unit"
    note: str = ""


@dataclass(frozen=True)
class Trade:
    """How rulings and duties about the subjects of a trade are shown: what is closed to a reader, what it is called.

    `unseen(scope)` gives the keys of the subjects in the reader's units that the reader may not see all the same.
    """

    label: str
    unseen: Callable[[Scope], QuerySet[Any]]
    names: Callable[[Collection[int]], Mapping[int, str]]


_figures: dict[str, Figure] = {}
_trades: dict[str, Trade] = {}


def register(figure: Figure) -> None:
    _figures[figure.code] = figure


def register_trade(trade: Trade) -> None:
    _trades[trade.label] = trade


def known() -> list[Figure]:
    return list(_figures.values())


def figure(code: str) -> Figure | None:
    return _figures.get(code)


def visible(scope: Scope, rows: QuerySet[M]) -> QuerySet[M]:
    """Rulings or duties without those about subjects that the reader may not see."""
    for trade in _trades.values():
        rows = rows.exclude(subject_label=trade.label, subject_id__in=trade.unseen(scope))
    return rows


def names(label: str, keys: Collection[int]) -> Mapping[int, str]:
    """What these subjects are called: number, or number and title."""
    trade = _trades.get(label)
    return trade.names(keys) if trade and keys else {}
