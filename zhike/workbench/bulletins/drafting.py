"""Bulletins of customer and market information, drafted from the records of a period (ST002-46)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.db.models import Count
from django.utils.translation import gettext as _

from zhike.complaints import queries as complaints
from zhike.customers import queries as customers
from zhike.customers.contacts import queries as contacts
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.tallies.periods import Period
from zhike.manuals.information import actions
from zhike.manuals.information.models import Information
from zhike.people.requests.models import Request
from zhike.tracking import queries as tracking

MOST = 5


def text_of(scope: Scope, period: Period) -> str:
    """What the records of the visible units say of a period, as the beginning of a bulletin."""
    paragraphs = [
        _("Customers: %(new)d new, %(all)d in all.")
        % {
            "new": customers.customers(scope).filter(**period.within("created_at")).count(),
            "all": customers.customers(scope).filter(state="ACTIVE").count(),
        },
        _("Contacts: %(n)d.") % {"n": contacts.interactions(scope).filter(**period.within("at")).count()},
        _("Complaints: %(n)d.")
        % {"n": complaints.complaints(scope).filter(**period.within("opened_at")).count()},
    ]
    noticed = tracking.observations(scope).filter(**period.within("at"))
    paragraphs += [f"· {row.customer.name}: {row.text}" for row in noticed[:MOST]]
    return "\n".join(paragraphs + list(_market(scope, period)))


def _market(scope: Scope, period: Period) -> list[str]:
    """What visits found on the market, by kind, where that trade is installed."""
    if not apps.is_installed("zhike.visits"):
        return []
    findings: Any = apps.get_app_config("visits").get_model("Finding")
    rows = scope.rows(findings._default_manager.all(), unit="visit__unit")
    rows = rows.filter(visit__planned_on__gte=period.first, visit__planned_on__lt=period.after)
    counted = rows.order_by().values_list("kind").annotate(n=Count("id")).order_by("-n")[:MOST]
    return [_("Market information %(kind)s: %(n)d.") % {"kind": kind, "n": n} for kind, n in counted]


def draft(
    *, scope: Scope, unit: Unit, period: Period, by: Party, now: dt.datetime, enquiry: Request | None = None
) -> Information:  # fmt: skip
    """A bulletin as a draft that its writer completes and publishes. Raises CannotPublish."""
    title = enquiry.text[:100] if enquiry is not None else _("Bulletin %(period)s") % {"period": period}
    return actions.draft(
        unit=unit, kind="BULLETIN", title=title, body=text_of(scope, period), valid_from=period.first,
        about=(period.first, period.last), request=enquiry, by=by, now=now,
    )  # fmt: skip
