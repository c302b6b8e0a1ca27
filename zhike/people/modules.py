"""The modules of the product by their labels, as the page of functions names them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MODULES = {
    "aftersales": _("After-sales"),
    "benefits": _("Benefits"),
    "callcentre": _("Call centre"),
    "complaints": _("Complaints"),
    "customers": _("Customers"),
    "development": _("Development"),
    "keyaccounts": _("Key accounts"),
    "manuals": _("Manuals"),
    "outreach": _("Outreach"),
    "quality": _("Quality"),
    "reports": _("Statistics"),
    "surveys": _("Surveys"),
    "tracking": _("Tracking"),
    "visits": _("Visits"),
}
