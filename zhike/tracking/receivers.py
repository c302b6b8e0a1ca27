"""What other trades tell of a customer: a case is a moment to speak (R003-24), a visit a contact that was owed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.customers.models import Customer, Interaction
from zhike.kernel.outbox import events
from zhike.kernel.parties import subjects

from . import actions
from .models import Moment, Plan

OVER = gettext_noop("The service is over.")


def _case(ids: dict[str, Any]) -> tuple[Any, Customer] | None:
    """The case and its customer, where that customer is under upkeep."""
    known = subjects.known(ids["label"])
    case = known.load(ids["id"]) if known is not None else None
    customer = getattr(case, "customer", None)
    if not isinstance(customer, Customer) or not Plan.objects.filter(pk=customer.pk, resting="").exists():
        return None
    return case, customer


def _make(kind: str, ids: dict[str, Any], key: str, now: dt.datetime) -> None:
    found = _case(ids)
    if found is None:
        return
    case, customer = found
    actions.moment(
        customer=customer,
        kind=kind,
        occasion=str(case),
        key=f"{kind}:{ids['label']}:{key}",
        now=now,
        subject=case,
    )


def opened(*, ids: dict[str, Any], at: dt.datetime, now: dt.datetime) -> None:
    _make("BEFORE", ids, str(ids["id"]), at)


def entered(*, ids: dict[str, Any], at: dt.datetime, now: dt.datetime) -> None:
    """One telling at a time: while one is owed, the next step adds none."""
    if ids.get("kind") == "intake" or _telling(ids).exists():
        return
    _make("DURING", ids, f"{ids['id']}:{ids.get('stage', '')}", at)


def closed(*, ids: dict[str, Any], at: dt.datetime, now: dt.datetime) -> None:
    with override("zh-hans"):
        why = _(OVER)
    for moment in _telling(ids):
        actions.leave_out(moment=moment, why=why, by=None, now=at)
    _make("AFTER", ids, str(ids["id"]), at)


def visited(*, ids: dict[str, Any], at: dt.datetime, now: dt.datetime) -> None:
    """Nobody is asked to go where somebody has just been."""
    interaction = Interaction.objects.filter(pk=ids["interaction"]).select_related("by").first()
    if interaction is not None:
        actions.meet(interaction=interaction)


def _telling(ids: dict[str, Any]) -> Any:
    return Moment.objects.filter(
        kind=Moment.Kind.DURING, state=Moment.State.OPEN, subject_label=ids["label"], subject_id=ids["id"]
    )


def listen() -> None:
    events.listen(events.CASE_OPENED, opened, "tracking")
    events.listen(events.CASE_STAGE_ENTERED, entered, "tracking")
    events.listen(events.CASE_CLOSED, closed, "tracking")
    events.listen(events.CUSTOMER_VISITED, visited, "tracking")
