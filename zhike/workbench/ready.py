"""What reports and messages register when the product starts."""

from __future__ import annotations


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _
    from django.utils.translation import gettext_noop

    from zhike.channels.mail import purposes
    from zhike.customers.privacy import holdings
    from zhike.kernel.outbox import deliver, wording
    from zhike.kernel.parties import subjects
    from zhike.people.access import standing
    from zhike.ui import menu

    from . import questions  # noqa: F401
    from .messages import access as messages
    from .messages import by_mail, letters, personal
    from .messages import sheets as _messages  # noqa: F401
    from .models import CustomerMessage, Report
    from .reports import access as reports
    from .reports import queries, trades
    from .reports import sheets as _reports  # noqa: F401

    trades.register_all()
    holdings.register(personal.HOLDING)
    purposes.register(by_mail.PURPOSE)
    deliver.when_failed("workbench.CustomerMessage", letters.tell_failed)
    wording.say("message.mail_failed", letters.NOT_ARRIVED)
    subjects.register(
        subjects.Subject(
            "workbench.Report",
            _("Plan or report"),
            "report",
            lambda pk: reverse("workbench:report", args=[pk]),
            lambda pk: Report.objects.get(pk=pk),
            lambda user: queries.reports(reports.scope(user)),
        )
    )
    subjects.register(
        subjects.Subject(
            "workbench.CustomerMessage",
            _("Customer's message"),
            "message-2",
            lambda pk: reverse("workbench:message", args=[pk]),
            lambda pk: CustomerMessage.objects.get(pk=pk),
            messages.seen,
        )
    )
    wording.say("work_report.submitted", gettext_noop("Submitted: %(report)s"))
    wording.say("work_report.commented", gettext_noop("Commented: %(report)s"))
    menu.register(
        menu.Entry(
            "reports",
            _("Plans and reports"),
            "report",
            "workbench:reports",
            order=4,
            below=("workbench:gaps", "workbench:timeliness", "workbench:duties"),
        )
    )
    menu.register(
        menu.Entry(
            "messages",
            _("Customers' messages"),
            "message-2",
            "workbench:messages",
            group="customers",
            order=13,
            needs=lambda request: standing(request.user).has("customer.see"),  # type: ignore[arg-type]
        )
    )
