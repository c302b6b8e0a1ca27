"""Shape of input of credit; nothing here saves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import CreditRisk
from zhike.kernel.parties.models import Party
from zhike.kernel.records.forms import Field
from zhike.ui.inputs import date_input, day, long, money

from . import sheets

LONG = 4000
SPARE = 3  # empty lines of products that the form offers beside the filled ones


_long = partial(long, most=LONG)


class SurveyForm(forms.Form):
    """The sheet FM002-03 as a page. What is typed wrong is said by the record itself; a draft may be incomplete."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, data_of: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = get_language() or "zh-hans"
        for one in sheets.TYPED:
            if one.kind == "table":
                continue
            self.fields[one.key] = self._field(one)
            value = data_of.get(one.key)
            self.initial[one.key] = value[0] if isinstance(value, list) and value else value or ""
        rows = data_of.get(sheets.PRODUCTS.key) or []
        self.lines = list(range(max(self._sent(), len(rows) + SPARE)))
        for place in self.lines:
            for column in sheets.PRODUCTS.columns:
                key = f"products-{place}-{column.key}"
                self.fields[key] = forms.CharField(
                    label=column.label(self.language), required=False, max_length=80
                )
                self.initial[key] = (rows[place].get(column.key) or "") if place < len(rows) else ""

    def _sent(self) -> int:
        found = [re.match(r"products-(\d+)-", key) for key in (self.data or {})]
        return min(max((int(one.group(1)) + 1 for one in found if one), default=0), 100)

    def _field(self, one: Field) -> forms.Field:
        label = one.label(self.language) + (" *" if one.required else "")
        if one.kind == "ticks":
            choices = [(option.code, option.label(self.language)) for option in one.choices()]
            return forms.ChoiceField(
                label=label, required=False, choices=[("", "—"), *choices], widget=forms.Select
            )
        if one.kind == "long":
            return _long(label, required=False, rows=2)
        if one.kind == "date":
            return forms.CharField(label=label, required=False, widget=date_input())
        return forms.CharField(label=label, required=False, max_length=200)

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Fields under the headings of the sheet."""
        english = self.language.startswith("en")
        return [(en if english else zh, [self[key] for key in keys]) for zh, en, keys in sheets.PARTS]

    def table(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"products-{place}-{column.key}"] for column in sheets.PRODUCTS.columns]
            for place in self.lines
        ]

    def columns(self) -> list[str]:
        return [column.label(self.language) for column in sheets.PRODUCTS.columns]

    def typed(self) -> dict[str, Any]:
        """Values as the record keeps them."""
        given = self.cleaned_data
        found: dict[str, Any] = {}
        for one in sheets.TYPED:
            if one.kind == "table":
                rows = [
                    {column.key: given[f"products-{place}-{column.key}"] for column in one.columns}
                    for place in self.lines
                ]
                found[one.key] = [row for row in rows if any(row.values())]
            elif one.kind == "ticks":
                found[one.key] = [given[one.key]] if given[one.key] else []
            else:
                found[one.key] = given[one.key]
        return found


class SignForm(forms.Form):
    opinion = _long(_("Opinion"), required=False, rows=2)


class DecisionForm(forms.Form):
    """Grade, method and limit as ruled; what is changed needs the reason."""

    grade = forms.ChoiceField(label=_("Credit grade"))
    payment = forms.ChoiceField(label=_("Payment method"))
    limit = money(_("Credit limit (yuan)"))
    reason = _long(_("Reason, if it departs from the ruling"), required=False, rows=2)
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)

    def __init__(
        self,
        *args: Any,
        grades: Sequence[tuple[str, str]],
        payments: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = list(grades)  # type: ignore[attr-defined]
        self.fields["payment"].choices = list(payments)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = _long(_("Reason"), rows=2)


class GuaranteeForm(forms.Form):
    guarantor = forms.CharField(label=_("Guarantor"), max_length=120)
    amount = money(_("Guaranteed amount (yuan)"), required=False)
    until = day(_("Guaranteed until"), required=False)


class ChangeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Change in credit"))
    seen_on = day(pgettext_lazy("of a change", "Seen on"))
    sign = _long(_("What was seen"))
    cause = _long(_("Cause"))
    source = forms.CharField(label=_("Learned from"), max_length=120, required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    result = _long(_("Result of the review"))


class RiskForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of risk"), choices=CreditRisk.Kind.choices)
    signs = _long(_("Signs"))
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=Party.objects.none(), required=False)
    measure = forms.ChoiceField(
        label=_("Measure taken"),
        choices=[("", _("as the regulation says")), *CreditRisk.Measure.choices],
        required=False,
    )
    reason = forms.CharField(label=_("Reason for another measure"), max_length=200, required=False)

    def __init__(self, *args: Any, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff  # type: ignore[attr-defined]


class ResultForm(forms.Form):
    result = _long(_("What came of it"))


class SaleForm(forms.Form):
    product = forms.CharField(label=_("Product"), max_length=80)
    number = forms.CharField(label=_("Order no."), max_length=40, required=False)
    amount = money(_("Amount (yuan)"))
    due_on = day(_("To be paid by"))
    reason = forms.CharField(
        label=_("Reason for selling above the limit"),
        max_length=400,
        required=False,
        help_text=_("Only for who has the power to override; it stands in the audit trail."),
    )


class PaymentForm(forms.Form):
    amount = money(_("Paid (yuan)"))
