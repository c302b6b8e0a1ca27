"""Shape of what is typed about requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Unit
from zhike.ui.inputs import area

from .models import Request

LONG = 4000


class AskForm(forms.Form):
    """F004-07, F004-08, F004-16: what is asked, of whom."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Request.Kind.choices, widget=forms.RadioSelect)
    topic = forms.CharField(label=_("Problem"), max_length=60, required=False)
    text = forms.CharField(label=_("What you ask"), max_length=LONG, widget=area(4))
    to_unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Asked of"),
        required=False,
        help_text=_("An urgent report goes to your own leader at once; it needs no unit."),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["to_unit"].label_from_instance = lambda unit: unit.label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") != Request.Kind.URGENT and given.get("to_unit") is None:
            self.add_error("to_unit", _("Choose the unit that is asked."))
        return given


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("Answer"), max_length=LONG, widget=area(5))


class PassForm(forms.Form):
    to_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit that can answer"))
    reason = forms.CharField(label=_("Why your unit cannot answer"), max_length=400, widget=area(3))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["to_unit"].label_from_instance = lambda unit: unit.label  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    result = forms.CharField(label=_("What came of it"), max_length=400, widget=area(3))
    told = forms.BooleanField(label=_("The customer was told"), required=False)

    def __init__(self, *args: Any, customer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not customer:
            del self.fields["told"]


class WhyForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=area(3))
