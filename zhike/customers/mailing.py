"""What every trade does with a customer's e-mail: who wrote it, what it says, the files that came with it."""

from __future__ import annotations

import io

from django.core.files.base import File
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhike.channels.mail import purposes
from zhike.channels.models import InboundMail
from zhike.customers import queries
from zhike.customers.actions import recognise_or_create
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import attachments


def writer(incoming: purposes.Incoming, *, by: Party) -> tuple[Customer | None, list[Customer]]:
    """The customer who has written from this address before, else a new one; and others of the same name.

    A name alone recognises nobody, as at the counter: the taker is told who has the same. Raises CannotCreate.
    """
    letter, unit = incoming.letter, incoming.mailbox.unit
    if not letter.sender:
        return None, []
    house = sorted(queries.house_of(unit))
    wrote = InboundMail.objects.filter(sender=letter.sender, party__isnull=False).values("party")
    known = Customer.objects.filter(party__in=wrote, unit__in=house, state=Customer.State.ACTIVE)
    if (customer := known.order_by("-party").first()) is not None:
        return customer, []
    name = letter.sender_name or letter.sender.partition("@")[0]
    found = recognise_or_create(name=name, phone="", unit=unit, by=by, now=incoming.now, source="EMAIL")
    return found.customer, found.perhaps


def text_of(incoming: purposes.Incoming) -> str:
    """What the customer says; a mail without text is its subject line, or a sentence."""
    return incoming.letter.text or incoming.letter.subject or _("(The e-mail has no text.)")


def enclose(
    subject: Model, unit: Unit, incoming: purposes.Incoming, *, by: Party, perhaps: list[Customer]
) -> list[str]:
    """Attach the files of a mail; the sentences that whoever works on it has to know.

    Files that are refused are named there, and lie in the kept mail.
    """
    told = []
    for file in incoming.letter.files:
        try:
            attachments.attach(
                subject=subject, file=File(io.BytesIO(file.data), file.name), name=file.name, unit=unit, by=by,
                now=incoming.now,
            )  # fmt: skip
        except attachments.AlreadyThere:
            continue
        except attachments.AttachmentRefusal as refusal:
            told.append(str(refusal))
    if incoming.row.is_cut:
        told.append(
            _(
                "The e-mail is too large: only its beginning was fetched, without files. It lies in the mailbox."
            )
        )
    elif left := incoming.letter.left_out:
        told.append(
            ngettext("%(count)d file could not be read.", "%(count)d files could not be read.", left)
            % {"count": left}
        )
    if perhaps:
        names = _(", ").join(f"{one.name} {one.number}" for one in perhaps[:5])
        told.append(_("Perhaps the customer is known already: %(names)s.") % {"names": names})
    return told
