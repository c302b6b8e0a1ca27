"""Who sees to the mailboxes: the administrator, within the units in reach."""

from __future__ import annotations

from django.http import Http404

from zhike.kernel.parties.scope import Scope
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import InboundMail, Mailbox

MANAGE = "system.configure"


def scope(user: User) -> Scope:
    return people.scope_of(user, MANAGE)


def mailbox_for(user: User, pk: int) -> Mailbox:
    """The gate: 404 outside the scope."""
    mailbox = queries.mailboxes(scope(user)).filter(pk=pk).first()
    if mailbox is None:
        raise Http404
    return mailbox


def mail_for(user: User, pk: int) -> InboundMail:
    """A mail of a mailbox in the scope. 404 outside."""
    mail = queries.all_mails(scope(user)).filter(pk=pk).first()
    if mail is None:
        raise Http404
    return mail
