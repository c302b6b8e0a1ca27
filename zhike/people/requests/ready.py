"""What requests register when the product starts."""

from __future__ import annotations


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _
    from django.utils.translation import gettext_noop

    from zhike.kernel.outbox import wording
    from zhike.kernel.parties import subjects
    from zhike.ui import menu

    from . import access, queries, questions, sheets  # noqa: F401
    from .models import Request

    subjects.register(
        subjects.Subject(
            "people.Request",
            _("Request"),
            "arrows-exchange",
            lambda pk: reverse("people:request", args=[pk]),
            lambda pk: Request.objects.get(pk=pk),
            lambda user: queries.requests(access.scope(user)),
        )
    )
    wording.say("request.asked", gettext_noop("Your answer is asked for: %(request)s"))
    wording.say("request.answered", gettext_noop("Answered: %(request)s"))
    wording.say("request.sent_back", gettext_noop("Asked again: %(request)s"))
    menu.register(
        menu.Entry(
            "requests", _("Requests between departments"), "arrows-exchange", "people:requests", order=6
        )
    )
