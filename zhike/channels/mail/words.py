"""What went wrong with a mailbox or a mail, by code; said in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TROUBLES: dict[str, str | Promise] = {
    "no_secret": _("The environment has no ZHIKE_MAIL_SECRET_%(detail)s, so nobody can sign in."),
    "unknown_host": _("The server %(detail)s is not known: look at its name."),
    "unreachable": _("The server does not answer at %(detail)s: look at host, port and firewall."),
    "tls": _("No safe connection to the server: %(detail)s"),
    "sign_in": _("The server refused user or password: %(detail)s"),
    "folder": _("The server has no folder “%(detail)s”, or does not open it."),
    "lost": _("The connection broke off: %(detail)s"),
    "refused": _("The server answered: %(detail)s"),
    "program": _("The run stopped at an error of the program: %(detail)s"),
}
REASONS: dict[str, str | Promise] = {
    "automatic": _("An automatic mail (%(detail)s)."),
    "bulk": _("A mail to many (%(detail)s)."),
    "no_return": _("It wants no answer (empty Return-Path)."),
    "own": _("It comes from one of our own addresses (%(detail)s)."),
    "bounce": _("A report that our mail to %(detail)s did not arrive; the mail is marked as failed."),
    "delayed": _("A report that our mail is delayed; nothing is lost yet."),
    "foreign_bounce": _("A report about a mail that we did not send."),
    "elsewhere": _("The same mail was taken in the mailbox “%(detail)s”."),
    "no_sender": _("It does not say who wrote it."),
    "suppressed": _("The sender's program wants no answers by programs (%(detail)s); look whether a person wrote it."),
    "too_many": _("More than %(detail)s mails within an hour from this sender."),
    "no_purpose": _("Nothing takes mails of this mailbox (%(detail)s)."),
    "refused_by": _("It could not be registered: %(detail)s"),
    "program_error": _("It could not be read: %(detail)s"),
    "dropped": _("Put aside by hand: %(detail)s"),
}  # fmt: skip


def sentence(code: str, detail: str) -> str:
    """The sentence of a code with its detail; "" without one."""
    said = TROUBLES.get(code) or REASONS.get(code)
    return str(said) % {"detail": detail} if said else ""
