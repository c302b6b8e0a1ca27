"""Shape of input of bills; nothing here saves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhike.ui.inputs import day, long, money

LONG = 400  # characters of what a step says


class BillForm(forms.Form):
    """The period as people say it, with its last day."""

    kind = forms.ChoiceField(label=_("Charge"))
    shop = forms.CharField(label=_("Shop no."), max_length=60, required=False)
    period_from = day(_("From"))
    last_day = day(_("To (inclusive)"))
    amount = money(_("Amount (yuan)"))
    due_on = day(_("To be paid by"))

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("period_from"), given.pop("last_day", None)
        if last is not None:
            if first is not None and last < first:
                self.add_error("last_day", _now("The period ends before it begins."))
            given["period_to"] = last + dt.timedelta(days=1)
        return given


class ReceiveForm(forms.Form):
    amount = money(_("Received (yuan)"))
    on = day(_("Received on"))
    text = forms.CharField(label=_("Note"), max_length=LONG, required=False)


class RemindForm(forms.Form):
    text = long(_("How the tenant was reached and what was said"), most=LONG, rows=2)


class RemitForm(forms.Form):
    amount = money(_("Amount (yuan)"))
    reason = long(_("Reason"), most=LONG, rows=2)
