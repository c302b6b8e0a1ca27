"""What has to be decided before a case may end out of turn."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhike.complaints.models import CapaCase, Complaint

from . import _compensation, _grants


def under_way(complaint: Complaint) -> str:
    """One sentence on the first such thing; "" where there is none."""
    if _compensation.pending(complaint) is not None:
        return _("An approval of compensation is under way; it is decided or withdrawn first.")
    if _grants.pending(complaint):
        return _("An application for money is under way; it is decided or withdrawn first.")
    if CapaCase.objects.filter(complaint=complaint, active=True).exists():
        return _("A corrective action is under way; it is closed or cancelled first.")
    return ""
