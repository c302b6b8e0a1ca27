"""Shape of input. Choices come from the manual in force; nothing here saves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.worktime import calendars

from . import more_fields, questions, source_fields
from .models import Complaint, Grant
from .regime import Regime

TEXT_LIMIT = 100_000
_GROUPED = re.compile(r"^-?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?$")


class MoneyField(forms.CharField):
    """An amount of yuan: digits, at most two decimals; separators between groups of three are understood."""

    default_error_messages = {
        "not_money": _("“%(text)s” is not an amount such as 1234.50."),
        "negative": _("An amount is not negative."),
        "decimals": _("An amount has at most two decimals."),
        "too_large": _("The amount is too large."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs
        )

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").translate(
            str.maketrans("０１２３４５６７８９．", "0123456789.")
        )
        text = text.strip().removeprefix("￥").removeprefix("¥").removesuffix("元").strip()
        if not text:
            return None
        if _GROUPED.match(text):
            text = text.replace(",", "").replace("，", "")
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", text):
            raise forms.ValidationError(self.error_messages["not_money"], params={"text": text[:40]})
        if amount < 0:
            raise forms.ValidationError(self.error_messages["negative"])
        if amount != amount.quantize(Decimal("0.01")):
            raise forms.ValidationError(self.error_messages["decimals"])
        if amount >= Decimal("1000000000000"):
            raise forms.ValidationError(self.error_messages["too_large"])
        return amount.quantize(Decimal("0.01"))


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; each is checked by its content when it is attached."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFilesInput(), required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        several = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in several if one]


def _text(
    label: Any, *, required: bool = True, rows: int = 4, limit: int = TEXT_LIMIT, **more: Any
) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


# channels by which complaints come in without a taker
TAKEN_ELSEWHERE = {"PORTAL", "API", "FILE"}


class IntakeForm(forms.Form):
    """Registration by staff (F001-34)."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    customer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    grumble = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    unit = forms.TypedChoiceField(label=_("Unit"))
    channel = forms.ChoiceField(label=_("Channel"))
    name = forms.CharField(label=_("Customer"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    origin = forms.ChoiceField(label=_("Origin"), required=False)
    text = _text(_("What the customer complains of"))
    demand = forms.CharField(label=_("What the customer wants"), max_length=400, required=False)
    item = forms.ChoiceField(label=_("Item"), required=False)
    value = MoneyField(label=_("Goods value (yuan)"), required=False)
    circumstances = forms.MultipleChoiceField(
        label=_("Circumstances"), required=False, widget=forms.CheckboxSelectMultiple
    )
    circumstances_changed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1)
    accused = forms.ModelChoiceField(
        label=_("Staff complained of"), queryset=Party.objects.none(), required=False
    )
    accused_level = forms.ChoiceField(label=_("Level of the staff complained of"), required=False)
    happened_on = forms.DateField(
        label=_("Happened on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Left empty, the first words stand.")
    )
    cause = _text(_("True cause, if it is clear already"), required=False, rows=2)
    details = _text(_("Details"), required=False, rows=3)
    handler = forms.ModelChoiceField(
        label=_("Somebody else is to handle it"), queryset=Party.objects.none(), required=False
    )
    override_reason = forms.CharField(label=_("Why"), max_length=400, required=False)
    attachments = FilesField(label=_("Receipts and photos"))

    def __init__(
        self,
        *args: Any,
        regime: Regime,
        units: Sequence[Unit],
        staff: QuerySet[Party],
        now: dt.datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.today = now, calendars.local_day(now, regime.unit_id)
        self.set_choices(
            "channel", [(code, said) for code, said in regime.channels if code not in TAKEN_ELSEWHERE]
        )
        self.more = more_fields.form_fields(regime)
        self.fields.update(self.more)
        self.fields.update(source_fields.form_fields())
        self.set_choices("item", [("", _("Not classified yet")), *regime.choices(questions.ITEMS)])
        self.set_choices("circumstances", regime.choices(questions.CIRCUMSTANCES))
        self.set_choices("accused_level", [("", _("Nobody, or unknown")), *regime.choices(questions.LEVELS)])
        self.set_choices("origin", [("", _("As the customer's file says")), *regime.origins])
        if not regime.origins:
            del self.fields["origin"]
        by_key = {str(unit.pk): unit for unit in units}
        self.set_choices("unit", [(key, unit.label) for key, unit in by_key.items()])
        self.fields["unit"].coerce = by_key.__getitem__  # type: ignore[attr-defined]
        self.set_queryset("accused", staff)
        self.set_queryset("handler", staff)
        for name, list_name in (
            ("accused_level", questions.LEVELS),
            ("circumstances", questions.CIRCUMSTANCES),
        ):
            if not regime.words(list_name):  # a regulation that does not ask for it
                del self.fields[name]

    def set_choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def set_queryset(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("handler") and not values.get("override_reason", "").strip():
            self.add_error(
                "override_reason", _("Say why somebody else than the manual names is to handle it.")
            )
        if values.get("phone") and not values.get("name") and not values.get("customer"):
            self.add_error("name", _("Write whose number it is."))
        values["source"], wrong = source_fields.taken_from(
            values, values.get("channel", ""), self.now, self.today
        )
        for name, sentence in wrong.items():
            self.add_error(name, sentence)
        values["more"] = more_fields.taken_from({name: values.pop(name, None) for name in self.more})
        return values

    @property
    def more_bound(self) -> list[forms.BoundField]:
        """The fields that the manual adds, for the template."""
        return [self[name] for name in self.more]

    @property
    def source_bound(self) -> list[tuple[forms.BoundField, str]]:
        """What belongs to a paper, each with the channels that ask for it."""
        offered = {code for code, _said in self["channel"].field.choices}  # type: ignore[attr-defined]
        return [
            (self[f"{source_fields.PREFIX}{name}"], " ".join(channels))
            for name, channels in source_fields.ASKED.items()
            if offered.intersection(channels)
        ]


class ClassifyForm(forms.Form):
    """What a complaint is about, in one step."""

    item = forms.ChoiceField(label=_("Item"))
    value = MoneyField(label=_("Goods value (yuan)"), required=False)

    def __init__(self, *args: Any, regime: Regime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)
        item.choices = [("", "—"), *regime.choices(questions.ITEMS)]


class StepForm(forms.Form):
    """What is written down in the step that is due."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=20)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    text = _text(_("Record"))
    compensation = MoneyField(label=_("Compensation (yuan), if any"), required=False)

    def __init__(self, *args: Any, kind: str, label: str = "", decided: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
        if kind != "solution":
            del self.fields["compensation"]
        if decided:
            self.fields["decision"] = forms.TypedChoiceField(
                label=decided,
                choices=[("1", _("Yes")), ("0", _("No"))],
                coerce=lambda text: text == "1",
                widget=forms.RadioSelect,
            )


class ComposerForm(forms.Form):
    """A reply to the customer or an internal note."""

    mode = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")], widget=forms.HiddenInput)
    text = _text(_("Text"), rows=3)
    final = forms.BooleanField(label=_("This is the answer to the complaint"), required=False)
    to_joined = forms.BooleanField(label=_("To the customers of joined complaints too"), required=False)
    attachments = FilesField(label=_("Files"))


class ReasonForm(forms.Form):
    """An action that needs nothing but a reason."""

    reason = _text(_("Reason"), rows=3, limit=400)


class HandOverForm(ReasonForm):
    to = forms.ModelChoiceField(label=_("To"), queryset=Party.objects.none())
    field_order = ["to", "reason"]

    def __init__(self, *args: Any, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = staff


class JoinForm(ReasonForm):
    into = forms.CharField(label=_("Number of the other complaint"), max_length=40)
    field_order = ["into", "reason"]


class FactsForm(ReasonForm):
    """The facts on which the ruling rests; `suggested` is what past cases proposed."""

    suggested = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    item = forms.ChoiceField(label=_("Item"), required=False)
    value = MoneyField(label=_("Goods value (yuan)"), required=False)
    circumstances = forms.MultipleChoiceField(
        label=_("Circumstances"), required=False, widget=forms.CheckboxSelectMultiple
    )
    accused = forms.ModelChoiceField(
        label=_("Staff complained of"), queryset=Party.objects.none(), required=False
    )
    accused_level = forms.ChoiceField(label=_("Level of the staff complained of"), required=False)
    field_order = ["item", "value", "circumstances", "accused", "accused_level", "reason"]

    def __init__(self, *args: Any, regime: Regime, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "item": [("", _("Not classified yet")), *regime.choices(questions.ITEMS)],
            "circumstances": regime.choices(questions.CIRCUMSTANCES),
            "accused_level": [("", _("Nobody, or unknown")), *regime.choices(questions.LEVELS)],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = values
        accused = self.fields["accused"]
        assert isinstance(accused, forms.ModelChoiceField)
        accused.queryset = staff
        self.more = more_fields.form_fields(regime)
        self.fields.update(self.more)
        self.order_fields([*self.field_order[:-1], *self.more, "reason"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        typed = {name: values.pop(name, None) for name in self.more}
        values["more"] = {name.removeprefix(more_fields.PREFIX): "" for name in typed}
        values["more"] |= more_fields.taken_from(typed)
        return values


class CorrectForm(ReasonForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    text = _text(_("What the customer complains of"), rows=6)
    demand = forms.CharField(label=_("What the customer wants"), max_length=400, required=False)
    happened_on = forms.DateField(
        label=_("Happened on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Complaint.Channel.choices)
    origin = forms.ChoiceField(label=_("Origin"), required=False)
    name = forms.CharField(label=_("Customer"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("Fill in only if it is another customer."),
    )
    field_order = ["title", "text", "demand", "happened_on", "channel", "origin", "name", "phone", "reason"]

    def __init__(self, *args: Any, origins: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        origin = self.fields["origin"]
        assert isinstance(origin, forms.ChoiceField)
        origin.choices = [("", _("Not known")), *origins]
        if not origins:
            del self.fields["origin"]


class CompensationForm(forms.Form):
    amount = MoneyField(label=_("Compensation (yuan)"))


class GrantForm(forms.Form):
    """An application for special-case warranty (F001-43) or for goodwill (F001-44)."""

    form = forms.ChoiceField(label=_("Form"), choices=Grant.Form.choices, widget=forms.RadioSelect)
    cost = MoneyField(label=_("Full repair cost (yuan)"))
    amount = MoneyField(label=_("Amount asked for (yuan)"))
    reason = _text(_("Reason"), rows=4, limit=10_000)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == Grant.Kind.SPECIAL_CASE:
            del self.fields["form"]
        else:
            self.fields["cost"].required = False


class GrantDecisionForm(forms.Form):
    agree = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Grant")), ("0", _("Refuse"))],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    amount = MoneyField(label=_("Granted (yuan)"), required=False)
    opinion = _text(_("Opinion"), required=False, rows=3, limit=400)


class FaultForm(forms.Form):
    """A finding about a member of staff."""

    person = forms.ModelChoiceField(label=_("Who"), queryset=Party.objects.none())
    offence = forms.ChoiceField(label=_("Offence"))
    happened_on = forms.DateField(
        label=_("Happened on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    confirmed = forms.TypedChoiceField(
        label=_("Finding"),
        choices=[("1", _("Confirmed")), ("0", _("Not confirmed"))],
        coerce=lambda text: text == "1",
    )
    evidence = _text(_("Evidence"), rows=3, limit=10_000)

    def __init__(self, *args: Any, regime: Regime, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offence, person = self.fields["offence"], self.fields["person"]
        assert isinstance(offence, forms.ChoiceField)
        assert isinstance(person, forms.ModelChoiceField)
        offence.choices = regime.choices(questions.OFFENCES)
        person.queryset = staff


class PenaltyForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("impose", _("Impose")), ("drop", _("Drop"))], widget=forms.RadioSelect
    )
    opinion = _text(_("Opinion"), required=False, rows=3, limit=400)


class AppealForm(forms.Form):
    text = _text(_("What you object to"), rows=4, limit=10_000)


class AttachForm(forms.Form):
    attachments = FilesField(label=_("Files"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean_attachments(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["attachments"]
        if not files:
            raise forms.ValidationError(_("Choose at least one file."))
        return files


class NoteForm(forms.Form):
    """A few sentences: a comment, an opinion, an answer, a result."""

    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), max_length=TEXT_LIMIT, label=_("Text"), required=False
    )

    def __init__(self, *args: Any, required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = required


MEASURES = range(1, 6)


class AnalysisForm(forms.Form):
    """The written part of an analysis (FM002-22): problems, and up to five measures, each whole or empty."""

    problems = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}), max_length=TEXT_LIMIT, label=_("Main problems")
    )

    def __init__(self, *args: Any, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in MEASURES:
            self.fields[f"text_{number}"] = forms.CharField(
                max_length=400, required=False, label=_("Measure %(number)d") % {"number": number}
            )
            self.fields[f"owner_{number}"] = forms.ModelChoiceField(staff, required=False, label=_("Owner"))
            self.fields[f"due_{number}"] = forms.DateField(
                required=False, label=_("Due on"), widget=forms.DateInput(attrs={"type": "date"})
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"text_{n}"], self[f"owner_{n}"], self[f"due_{n}"]) for n in MEASURES]

    @property
    def plans(self) -> list[tuple[str, Party, Any]]:
        """Text, owner and day of each measure that was written down."""
        given = self.cleaned_data
        return [
            (given[f"text_{n}"], given[f"owner_{n}"], given[f"due_{n}"])
            for n in MEASURES
            if given[f"text_{n}"]
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for number in MEASURES:
            whole = [given.get(f"{name}_{number}") for name in ("text", "owner", "due")]
            if any(whole) and not all(whole):
                self.add_error(f"text_{number}", _("A measure needs its text, its owner and its day."))
        return given
