"""Shape of what is typed about a bulletin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.people.requests.models import Request
from zhike.ui import inputs


class BulletinForm(forms.Form):
    """A bulletin of a month, or the answer to an enquiry (ST002-46)."""

    kind = forms.ChoiceField(
        label=_("Period"), choices=[("MONTH", _("Month")), ("WEEK", _("Week")), ("QUARTER", _("Quarter"))]
    )
    day = inputs.day(_("Day in it"))
    enquiry = forms.ModelChoiceField(Request.objects.none(), label=_("Answers the enquiry"), required=False)

    def __init__(self, *args: Any, enquiries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enquiry"].queryset = enquiries  # type: ignore[attr-defined]
