"""What the verbs of credit share: refusal, duties of the regulation, who owes them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Model
from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.customers.regulation import Regulation, holder, regulation
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party

SUPERVISOR = "P002-05"  # the survey supervisor keeps the credit files (P002-05)


class CannotCredit(Exception):
    """It was not done; the message is one sentence for the person who tried."""


def needed(question: str, customer: Customer, now: dt.datetime) -> Regulation:
    """The regulation on credit of the customer's unit. Raises CannotCredit."""
    found = regulation(question, customer.unit_id, now)
    if found is None:
        raise CannotCredit(
            _("No regulation on customer credit is in force here. Ask an administrator to install one.")
        )
    return found


def owe(
    *,
    subject: Model,
    customer: Customer,
    kind: str,
    title: str,
    owner: Party | None,
    post: str,
    now: dt.datetime,
    limit: str = "",
    due_at: dt.datetime | None = None,
    clause: str = "",
    version: int | None = None,
    ruling: int | None = None,
) -> None:
    """Open one duty about a customer; of the post while nobody has it."""
    draft = duties.Draft(
        kind=kind,
        **duties.titled(title),
        owner=owner,
        owner_post="" if owner else post,
        began_at=now,
        limit=limit,
        due_at=due_at,
        clause=clause,
        version_id=version,
        ruling_id=ruling,
    )
    duties.open_duties(
        [draft],
        subject=subject,
        unit_id=customer.unit_id,
        matter=customer.name,
        customer_id=customer.pk,
        secrecy=customer.secrecy,
    )


def keeper_of(customer: Customer, now: dt.datetime) -> Party | None:
    """Who looks after the credit of a customer: the survey supervisor, else who has the customer."""
    return holder(SUPERVISOR, customer.unit_id, now) or customer.owner
