"""What stands on a customer's page besides identity and history: each part of the file adds its own panels.

    panels.register(panels.Panel("needs", "customers/dossier/_needs.html", read=needs_of, place=panels.SIDE, order=30))

Trades register theirs in `AppConfig.ready()`; customers know none of them. Panels of FIRST come with the page, those of
LATER in one request after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhike.customers.models import Customer
from zhike.customers.privacy import sharing
from zhike.people.models import User

# the strip of values under the name; beside the identity on the left; above and below the history; on the right
STRIP, LEFT, MAIN, BELOW, SIDE = "strip", "left", "main", "below", "side"
FIRST, LATER = (STRIP, MAIN), (LEFT, BELOW, SIDE)  # on the page as it opens, and in one request after it


@dataclass(frozen=True)
class Panel:
    """A part of the page. `read` gives the context of its template, or None where there is nothing to show.

    The template is included with `customer`, `may` and what `read` gave under `panel`. `data` is the kind of data that
    the panel shows (`privacy.questions.DATA`): whose department does not share it, does not see the panel (R003-16).
    """

    key: str
    template: str
    read: Callable[[User, Customer], Mapping[str, Any] | None]
    place: str = SIDE
    order: int = 50
    data: str = ""


@dataclass(frozen=True)
class Shown:
    template: str
    panel: Mapping[str, Any]


_KNOWN: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    _KNOWN[panel.key] = panel


def of(user: User, customer: Customer, places: Sequence[str]) -> dict[str, list[Shown]]:
    """The panels of these places, in order, without the empty ones."""
    shown: dict[str, list[Shown]] = {place: [] for place in places}
    for panel in sorted(_KNOWN.values(), key=lambda one: (one.order, one.key)):
        read = panel.read(user, customer) if panel.place in shown else None
        if read is not None and (not panel.data or sharing.sees(user, customer, panel.data)):
            shown[panel.place].append(Shown(panel.template, read))
    return shown
