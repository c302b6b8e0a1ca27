"""What complaints hold of a customer as a person: for a copy, and to be taken out of cases that stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from zhike.channels.models import InboundMail
from zhike.complaints.actions._common import put_into_index
from zhike.complaints.models import Complaint, Entry, Grumble, Step
from zhike.customers.models import Customer
from zhike.customers.privacy import holdings
from zhike.customers.privacy.actions import forget_files, forget_mails
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.scope import NAMED_ONLY
from zhike.kernel.records.models import Attachment
from zhike.kernel.search import index

LABEL = Complaint._meta.label


def blocks(customer: Customer, now: dt.datetime) -> str:
    """A case that is not closed needs the person who complains."""
    case = Complaint.objects.filter(customer=customer, closed_at=None, voided_at=None).first()
    if case is None:
        return ""
    number = _("a confidential case") if case.secrecy >= NAMED_ONLY else case.number
    return _("Complaint %(number)s is not closed.") % {"number": number}


def gather(customer: Customer) -> Iterator[holdings.Group]:
    """The cases as the customer knows them: what was said and answered, never internal notes or findings."""
    for case in Complaint.objects.filter(customer=customer).order_by("opened_at"):
        rows = [
            {
                "number": case.number,
                "at": case.opened_at.isoformat(),
                "text": case.text,
                "demand": case.demand,
            }
        ]
        rows += [
            {"at": entry.at.isoformat(), "kind": str(entry.get_kind_display()), "text": entry.text}
            for entry in case.entries.exclude(kind=Entry.Kind.NOTE)
        ]
        yield "complaints", [{key: value for key, value in row.items() if value} for row in rows]
    grumbles = Grumble.objects.filter(customer=customer)
    if found := [{"at": one.at.isoformat(), "text": one.text} for one in grumbles]:
        yield "grumbles", found


def erase(customer: Customer, words: frozenset[str], now: dt.datetime) -> int:
    """Cases keep class, figures, rulings and dates; texts lose the person, mails and files of the case go."""
    cases = list(Complaint.objects.filter(customer=customer))
    keys = [case.pk for case in cases]
    for case in cases:
        _forget_case(case, words)
    for model, column in ((Entry, "complaint"), (Step, "complaint")):
        for row in model._default_manager.filter(**{f"{column}__in": keys}):
            if (text := holdings.cleaned(row.text, words)) != row.text:
                model._default_manager.filter(pk=row.pk).update(text=text)
    for grumble in Grumble.objects.filter(customer=customer):
        Grumble.objects.filter(pk=grumble.pk).update(
            text=holdings.cleaned(grumble.text, words), action=holdings.cleaned(grumble.action, words)
        )
        index.drop(grumble)
    about = {"subject_label": LABEL, "subject_id__in": keys}
    forget_mails(InboundMail.objects.filter(**about), words)
    forget_files(Attachment.objects.filter(**about, removed_at=None), now)
    Message.objects.filter(**about).exclude(envelope={}).update(
        envelope={}, body="", title="—", email_state=Message.EmailState.NONE
    )
    return len(cases)


def _forget_case(case: Complaint, words: frozenset[str]) -> None:
    """The texts of the case, and its place in the search, which would still name the customer."""
    more = {key: holdings.cleaned(str(value), words) for key, value in case.more.items()}
    Complaint.objects.filter(pk=case.pk).update(
        title=holdings.cleaned(case.title, words),
        text=holdings.cleaned(case.text, words),
        demand=holdings.cleaned(case.demand, words),
        source={},
        more=more,
    )
    case.refresh_from_db()
    put_into_index(case)


HOLDING = holdings.Holding(
    "complaints", blocks, gather, erase, own=frozenset({Complaint._meta.label, Grumble._meta.label})
)
