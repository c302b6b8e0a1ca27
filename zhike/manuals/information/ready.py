"""What information registers when the product starts."""

from __future__ import annotations


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _
    from django.utils.translation import gettext_noop

    from zhike.kernel.outbox import wording
    from zhike.kernel.parties import subjects
    from zhike.ui import menu

    from . import access, questions, sheets  # noqa: F401
    from .models import Information

    subjects.register(
        subjects.Subject(
            "manuals.Information",
            _("Information"),
            "news",
            lambda pk: reverse("manuals:information_item", args=[pk]),
            lambda pk: Information.objects.get(pk=pk),
            access.seen,
        )
    )
    wording.say("information.published", gettext_noop("Information: %(title)s"))
    menu.register(
        menu.Entry(
            "information", _("Information"), "news", "manuals:information", order=5,
            below=("manuals:information_sent",),
        )
    )  # fmt: skip
