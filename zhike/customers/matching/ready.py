"""What duplicates register when the product starts: the figure, the panel of a file, the entry of the menu."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def ready() -> None:
    from zhike.customers import panels
    from zhike.customers.models import Customer
    from zhike.kernel.parties import subjects
    from zhike.kernel.tallies import figures
    from zhike.people.access import scope_of, standing
    from zhike.people.models import User
    from zhike.ui import menu

    from . import access, queries, tallying
    from .models import Sweep

    def may(request: Any) -> bool:
        return standing(request.user).has(access.POWER)

    def of(user: User, customer: Customer) -> dict[str, Any] | None:
        """Merges of the file, and pairs that wait; nothing for a file without any unless one may merge."""
        merges = list(queries.merges_of(customer))
        keeps = access.may_keep(user, customer.unit_id)
        pairs = []
        if keeps:
            rows = queries.waiting(scope_of(user, access.POWER))
            pairs = list(rows.filter(Q(first=customer) | Q(second=customer))[:10])
        if not merges and not keeps:
            return None
        current = next((one for one in merges if one.gone_id == customer.pk and one.parted_at is None), None)
        return {"merges": merges, "current": current, "pairs": pairs, "keeps": keeps}

    def banner(user: User, customer: Customer) -> dict[str, Any] | None:
        if customer.state != Customer.State.MERGED:
            return None
        current = queries.merges_of(customer).filter(gone=customer, parted_at=None).first()
        return {"merge": current, "keeps": access.may_keep(user, customer.unit_id)}

    panels.register(
        panels.Panel("merged", "customers/matching/_banner.html", read=banner, place=panels.STRIP, order=1)
    )
    panels.register(
        panels.Panel("merges", "customers/matching/_panel.html", read=of, place=panels.SIDE, order=90)
    )
    subjects.register(
        subjects.Subject(
            "customers.Sweep",
            _("Search for duplicates"),
            "copy-check",
            lambda _pk: reverse("customers:duplicates"),
            lambda pk: Sweep.objects.get(pk=pk),
        )
    )
    menu.register(
        menu.Entry(
            "duplicates",
            _("Duplicates"),
            "copy-check",
            "customers:duplicates",
            group="customers",
            order=60,
            needs=may,
            count=lambda request: queries.waiting_number(scope_of(request.user, access.POWER)),  # type: ignore[arg-type]
        )
    )
    figures.register(tallying.DUPLICATES)
