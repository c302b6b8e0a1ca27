"""What this part registers when the product starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def ready() -> None:
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from zhike.customers import panels
    from zhike.customers.models import Archive, ArchiveCheck, ArchiveItem, Customer, Destruction, Loan
    from zhike.kernel.parties import subjects
    from zhike.people.access import may, standing
    from zhike.people.models import User
    from zhike.ui import menu

    from . import access, queries, questions  # noqa: F401  the questions register themselves

    def page_of(model: Any) -> Any:
        return lambda pk: reverse(
            "customers:archive", args=[model.objects.values_list("archive", flat=True).get(pk=pk)]
        )

    def in_archives(model: Any) -> Any:
        return lambda user: model.objects.filter(archive__in=access.seen(user).order_by().values("pk"))

    for model, noun, icon, url, rows in (
        (Archive, _("Archive"), "archive", lambda pk: reverse("customers:archive", args=[pk]), access.seen),
        (ArchiveItem, _("Document of an archive"), "file-text", page_of(ArchiveItem), in_archives(ArchiveItem)),
        (Loan, _("Loan of an archive"), "book-upload", page_of(Loan), in_archives(Loan)),
        (ArchiveCheck, _("Check of the archives"), "checklist", lambda pk: reverse("customers:archive_check", args=[pk]), access.checks),
        (Destruction, _("Destruction of archives"), "trash", lambda pk: reverse("customers:destruction", args=[pk]), access.destructions),
    ):  # fmt: skip
        load = lambda pk, model=model: model.objects.get(pk=pk)  # noqa: E731
        subjects.register(subjects.Subject(f"customers.{model.__name__}", noun, icon, url, load, rows))

    def read(user: User, customer: Customer) -> Mapping[str, Any] | None:
        """The archives of the customer that the person may see."""
        rows = list(
            queries.archives(access.scope(user)).filter(customer=customer).exclude(state="DESTROYED")[:8]
        )
        keeps = may(user, access.KEEP, customer.unit_id)
        return {"archives": rows, "keeps": keeps} if rows or keeps else None

    panels.register(panels.Panel("archives", "customers/archives/_panel.html", read, panels.LEFT, 60))

    def needs(request: Any) -> bool:
        found = standing(request.user)
        return found.has(access.KEEP) or found.has(access.APPROVE)

    menu.register(
        menu.Entry(
            "archives",
            _("Archives"),
            "archive",
            "customers:archives",
            group="customers",
            order=50,
            needs=needs,
            below=(
                "customers:archive",
                "customers:archive_loans",
                "customers:archive_checks",
                "customers:destructions",
            ),
        )
    )
