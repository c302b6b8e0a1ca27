"""Pages of an administrator: mailboxes, and mails that were not taken."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhike.kernel import clock
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers

from . import access, actions, fetching, forms, purposes, queries, reading, tasks
from .models import InboundMail

SHOWN = 50
LONGEST = 20_000


@require_safe
@staff_required(access.MANAGE)
def mailboxes(request: StaffRequest) -> HttpResponse:
    """Every mailbox with its last run and what became of its mails."""
    rows = list(queries.with_counts(queries.mailboxes(access.scope(request.user))))
    return render(request, "channels/mailboxes.html", {"mailboxes": rows, "now": clock.now()})


@require_safe
@staff_required(access.MANAGE)
def mailbox(request: StaffRequest, pk: int) -> HttpResponse:
    """One mailbox and its newest mails, by state."""
    box = access.mailbox_for(request.user, pk)
    counted = queries.with_counts(queries.mailboxes(access.scope(request.user))).get(pk=pk)
    state = request.GET.get("state", "")
    rows = queries.mails(box, state)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: SHOWN + 1])
    states = [("", _("All"), None), *((code, said, getattr(counted, _COUNTS[code])) for code, said in InboundMail.State.choices)]  # fmt: skip
    context = {
        "mailbox": counted,
        "purpose": purposes.known().get(box.purpose),
        "mails": found[:SHOWN],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "state": state,
        "states": states,
    }
    return answers.page(request, "channels/mailbox.html", context)


_COUNTS = {"NEW": "waiting", "TAKEN": "taken", "IGNORED": "ignored", "HELD": "held", "FAILED": "failed"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(access.MANAGE)
def save(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Set up a mailbox, or change one."""
    box = access.mailbox_for(request.user, pk) if pk is not None else None
    initial = {name: getattr(box, name) for name in actions.SHOWN} if box else {}
    form = forms.MailboxForm(request.POST or None, scope=access.scope(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_mailbox(
                mailbox=box, by=request.user.party, now=clock.now(), **form.cleaned_data
            )
        except actions.CannotSaveMailbox as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            there = reverse("channels:mailbox", args=[saved.pk])
            return answers.go(request, there, message=_("The mailbox is saved. Try the connection now."))
    back = reverse("channels:mailbox", args=[box.pk]) if box else reverse("channels:mailboxes")
    return render(request, "channels/mailbox_form.html", {"form": form, "back": back, "mailbox": box})


@require_POST
@staff_required(access.MANAGE)
def try_mailbox(request: StaffRequest, pk: int) -> HttpResponse:
    """Sign in and open the folder; nothing is fetched."""
    box = access.mailbox_for(request.user, pk)
    folder, trouble = fetching.look(box)
    there = reverse("channels:mailbox", args=[pk])
    if folder is None:
        return answers.refuse(request, trouble, then=there)
    said = ngettext(
        "The connection works; the folder holds %(count)d mail.",
        "The connection works; the folder holds %(count)d mails.",
        folder.count,
    ) % {"count": folder.count}
    return answers.go(request, there, message=said)


@require_POST
@staff_required(access.MANAGE)
def fetch_now(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a run into the queue."""
    box = access.mailbox_for(request.user, pk)
    there = reverse("channels:mailbox", args=[pk])
    if not box.is_active:
        return answers.refuse(request, _("This mailbox is not read: make it active first."), then=there)
    tasks.ask(pk, clock.now())
    return answers.go(request, there, message=_("The mailbox is read in a moment. Load the page again."))


@require_safe
@staff_required(access.MANAGE)
def mail(request: StaffRequest, pk: int) -> HttpResponse:
    """One mail as text, to decide whether it is taken."""
    row = access.mail_for(request.user, pk)
    return render(request, "channels/mail.html", _shown(row))


def _shown(row: InboundMail, form: forms.PutAsideForm | None = None) -> dict[str, Any]:
    text, files = "" if row.raw else _("Its text was deleted: it was ignored long ago."), []
    opened = queries.open_raw(row)
    if opened is not None:
        with opened:
            try:
                letter = reading.read(opened.read(), is_cut=row.is_cut)
                text, files = letter.text[:LONGEST], [file.name for file in letter.files]
            except Exception:  # what broke the run must not break the page that tells of it
                text = _("This e-mail cannot be read.")
    waits = row.state in {InboundMail.State.HELD, InboundMail.State.FAILED}
    return {
        "mail": row,
        "text": text,
        "files": files,
        "may_take": waits or (row.state == InboundMail.State.IGNORED and row.raw != ""),
        "may_put_aside": waits,
        "form": form or forms.PutAsideForm(),
    }


@require_POST
@staff_required(access.MANAGE)
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a mail that was held, ignored or failed."""
    row = access.mail_for(request.user, pk)
    there = reverse("channels:mail", args=[pk])
    try:
        row = actions.release(mail=row, by=request.user.party, now=clock.now())
    except actions.CannotTakeMail as refusal:
        return answers.refuse(request, str(refusal), then=there)
    if row.state != InboundMail.State.TAKEN:
        return answers.refuse(request, row.why or row.get_state_display(), then=there)
    return answers.go(request, there, message=_("The e-mail is taken."))


@require_POST
@staff_required(access.MANAGE)
def put_aside(request: StaffRequest, pk: int) -> HttpResponse:
    """Decide that a mail is not taken."""
    row = access.mail_for(request.user, pk)
    form = forms.PutAsideForm(request.POST)
    if form.is_valid():
        try:
            actions.put_aside(mail=row, by=request.user.party, now=clock.now(), **form.cleaned_data)
        except actions.CannotTakeMail as refusal:
            form.add_error(None, str(refusal))
        else:
            there = reverse("channels:mailbox", args=[row.mailbox_id])
            return answers.go(request, there, message=_("The e-mail is put aside."))
    return render(request, "channels/mail.html", _shown(row, form))
