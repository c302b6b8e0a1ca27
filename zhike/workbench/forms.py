from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    """Agree, refuse or send back."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("YES", _("Agree")), ("NO", _("Refuse")), ("BACK", _("Send back"))],
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
