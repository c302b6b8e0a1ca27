"""Shape of what is typed at the gate: handing in, an opinion, a day, a reason, a unit's own figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party
from zhike.kernel.policy.manual import model, overlay
from zhike.ui.inputs import day, long

from .forms import ParametersForm
from .queries import Value, said

REASON = 400


_text = partial(long, most=REASON, rows=2)


class HandInForm(forms.Form):
    """Everything is asked again by the action, which names all that is missing at once."""

    reviewer = forms.ModelChoiceField(
        label=_("Reviewer"), queryset=Party.objects.none(), required=False, empty_label=_("Choose …")
    )
    reason = _text(_("Why it is changed"), required=False, rows=3)
    effective_on = day(
        _("Effective from"), required=False, help_text=_("Empty: the day on which it is approved.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, heads: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reviewer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Party.objects.filter(pk__in=[head.pk for head in heads]).order_by("name")


class OpinionForm(forms.Form):
    """Agree needs no words; the action asks for them where somebody refuses or sends back."""

    decision = forms.ChoiceField(choices=[("YES", ""), ("BACK", ""), ("NO", "")])
    opinion = _text(_("My opinion"), required=False, rows=3)


class AddSignForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Ask one more person"), queryset=Party.objects.none())

    def __init__(self, *args: Any, colleagues: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Party.objects.filter(pk__in=[one.pk for one in colleagues]).order_by("name")


class WithdrawForm(forms.Form):
    reason = _text(_("Why it is withdrawn"))


class PostponeForm(forms.Form):
    effective_on = day(_("Effective from"))


@dataclass
class Row:
    """One figure as the page of a unit's values shows it; `bound` is None where a unit may not move it."""

    value: Value
    above: str
    field: Any
    coming: Sequence[tuple[dt.date, str]] = ()  # approved already, from days to come


class ValuesForm(ParametersForm):
    """A unit's own figures with the reason and the day of the change; an empty figure follows the manual."""

    reason = _text(_("Why it is changed"), required=False)
    effective_on = day(
        _("Effective from"), required=False, help_text=_("Empty: the day on which it is approved.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def blame(self, manual: model.Manual) -> bool:
        """Say at each figure why the manual does not take it; False where none is to blame by itself."""
        found = {
            f"p{number}": why
            for number, value in enumerate(self.values)
            if (typed := self.cleaned_data.get(f"p{number}"))
            and (why := overlay.refusal(manual, value.name, typed))
        }
        for name, why in found.items():
            self.add_error(name, said(why, manual))
        return bool(found)

    def rows(self, above: dict[str, str], coming: Mapping[str, Sequence[tuple[dt.date, str]]]) -> list[Row]:
        """Figures that a unit may move, in the order of the manual."""
        return [
            Row(value, above.get(value.name, ""), self[f"p{number}"], coming.get(value.name, ()))
            for number, value in enumerate(self.values)
            if value.settable
        ]

    def given(self) -> dict[str, Any]:
        """What the actions take beside the figures."""
        day: dt.date | None = self.cleaned_data.get("effective_on")
        return {"reason": self.cleaned_data.get("reason", ""), "effective_on": day}
