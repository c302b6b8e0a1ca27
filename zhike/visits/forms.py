"""Shape of what is typed about visits. The choices come from the regulation of the visit's unit."""

from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhike.customers.contacts.forms import LONG
from zhike.customers.picking import CustomerField
from zhike.kernel.parties.models import Party, Unit
from zhike.people.requests import queries as requests
from zhike.ui.inputs import area, date_input

from . import questions
from .models import Visit
from .rules import Rules
from .wording import title_of

YES_NO = [("", "—"), ("1", _("Yes")), ("0", _("No"))]


def _yes(value: str) -> bool | None:
    return None if value == "" else value == "1"


class RuledForm(forms.Form):
    """A form that the regulation gives words to."""

    def __init__(self, *args: Any, rules: Rules, visit: Visit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.visit = rules, visit
        self.fill()

    def fill(self) -> None:
        """Give the fields their words."""

    def choose(self, field: str, name: str, *, empty: bool = False) -> None:
        words = self.rules.words(name)
        self.fields[field].choices = [("", "—"), *words] if empty else words  # type: ignore[attr-defined]


class PrepareForm(RuledForm):
    purposes = forms.MultipleChoiceField(
        label=_("Purpose"), required=False, widget=forms.CheckboxSelectMultiple
    )
    target = forms.CharField(label=_("Target"), max_length=200, required=False)
    focus = forms.CharField(label=_("Key work of this visit"), max_length=400, required=False)
    content = forms.CharField(label=_("What to publicise"), max_length=400, required=False)
    channel = forms.ChoiceField(label=_("How the customer is reached"), choices=Visit.Channel.choices)
    is_hard = forms.BooleanField(label=_("Hard to visit"), required=False)

    def fill(self) -> None:
        self.choose("purposes", questions.PURPOSES)
        if not self.rules.words(questions.PURPOSES):
            del self.fields["purposes"]


class PoliciesForm(forms.Form):
    """The ticks of the card: what the visitor has read of the month's policies."""

    policies = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, items: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["policies"].choices = [(item.pk, item.title) for item in items]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nothing is left where each was read before or is ticked now."""
        ticked = (super().clean() or {}).get("policies", [])
        return {"policies": ticked, "policy_read": all(i.read_at or i.pk in ticked for i in self.items)}


class AddForm(forms.Form):
    customer = CustomerField(label=_("Customer"))
    on = forms.DateField(label=_("Day"), widget=date_input())
    at = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("as the file says")), *Visit.Kind.choices],
        required=False,
    )
    target = forms.CharField(label=_("Target"), max_length=200, required=False)
    focus = forms.CharField(label=_("Key work of this visit"), max_length=400, required=False)
    knowing = forms.BooleanField(label=_("Also on a day off"), required=False)

    def __init__(self, *args: Any, customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    on = forms.DateField(label=_("Day"), widget=date_input())
    order = forms.IntegerField(label=_("Place in the day"), min_value=1, max_value=99, required=False)
    at = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    knowing = forms.BooleanField(label=_("Also on a day off"), required=False)


class WhyForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ChecksForm(RuledForm):
    """One checklist: what is ticked was done, the rest was not at hand."""

    done = forms.MultipleChoiceField(label=_("Done"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        self.name = name
        super().__init__(*args, **kwargs)

    def fill(self) -> None:
        self.choose("done", self.name)
        self.fields["done"].label = title_of(self.name)

    def clean(self) -> dict[str, Any]:
        done = set(super().clean().get("done", []))  # type: ignore[union-attr]
        return {
            "list": self.name,
            "answers": {code: code in done for code, _label in self.rules.words(self.name)},
        }


class ArriveForm(forms.Form):
    latitude = forms.DecimalField(label=_("Latitude"), required=False, max_digits=8, decimal_places=5)
    longitude = forms.DecimalField(label=_("Longitude"), required=False, max_digits=8, decimal_places=5)
    why = forms.CharField(label=_("Why there is no position"), max_length=120, required=False)


class HostForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    position = forms.CharField(label=_("Position held"), max_length=60, required=False)
    decides = forms.TypedChoiceField(
        label=_("Decides on cooperation"), choices=YES_NO, coerce=_yes, empty_value=None, required=False
    )
    persons = forms.IntegerField(label=_("Persons present"), min_value=0, max_value=99, required=False)
    cards = forms.IntegerField(label=_("Cards given"), min_value=0, max_value=99, required=False)
    absent = forms.BooleanField(label=_("The customer was out; a card was left"), required=False)


class FindingForm(RuledForm):
    """`line` is GROUP:KIND, so that one list holds everything that may be noted."""

    line = forms.ChoiceField(label=_("Item"))
    text = forms.CharField(
        label=_("What was learnt"),
        max_length=LONG,
        required=False,
        widget=area(3),
        help_text=_("Empty: asked, nothing new."),
    )

    def fill(self) -> None:
        self.fields["line"].choices = [  # type: ignore[attr-defined]
            (title_of(name), [(f"{group}:{code}", label) for code, label in words])
            for group, name in questions.FINDINGS.items()
            if (words := self.rules.words(name))
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        group, _sep, kind = found.get("line", "").partition(":")
        return {"group": group, "kind": kind, "text": found.get("text", "")}


class ProblemForm(RuledForm):
    kind = forms.ChoiceField(label=_("Kind"))
    text = forms.CharField(label=_("Problem, question or objection"), max_length=LONG, widget=area(3))
    in_authority = forms.BooleanField(label=_("Within my authority"), required=False)
    at_once = forms.BooleanField(label=_("Can be solved at once"), required=False)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    needs_others = forms.BooleanField(label=_("Needs other departments"), required=False)
    answer = forms.CharField(label=_("How it was solved on the spot"), required=False, widget=area())
    proposal = forms.CharField(label=_("Proposed solution"), max_length=400, required=False)
    reply_by = forms.DateTimeField(
        label=_("Reply time told to the customer"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    to_unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Department that is asked"),
        required=False,
        help_text=_("Where others are needed; without it your own leader is asked."),
    )

    def fill(self) -> None:
        self.choose("kind", questions.PROBLEMS)
        if not self.rules.asks():
            del self.fields["to_unit"]
            return
        self.fields["to_unit"].queryset = requests.units()  # type: ignore[attr-defined]
        self.fields["to_unit"].label_from_instance = lambda unit: unit.label  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer given to the customer"), max_length=LONG, widget=area(3))


class GiveForm(RuledForm):
    line = forms.ChoiceField(label=_("What was told or given"))
    text = forms.CharField(label=_("Content"), max_length=400, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, required=False)
    value = forms.DecimalField(
        label=_("Value (yuan)"), min_value=0, max_digits=10, decimal_places=2, required=False
    )
    accepted = forms.TypedChoiceField(
        label=_("Accepted"), choices=YES_NO, coerce=_yes, empty_value=None, required=False
    )
    objection = forms.CharField(
        label=_("Objection, reason for not accepting"), max_length=400, required=False
    )
    handling = forms.CharField(label=_("How the objection was met"), max_length=400, required=False)

    def fill(self) -> None:
        self.fields["line"].choices = [  # type: ignore[attr-defined]
            (title_of(name), [(f"{group}:{code}", label) for code, label in words])
            for group, name in questions.GIVEN.items()
            if (words := self.rules.words(name))
        ]

    def clean(self) -> dict[str, Any]:
        found = dict(super().clean() or {})
        group, _sep, topic = found.pop("line", "").partition(":")
        return {**found, "group": group, "topic": topic}


class GuideForm(RuledForm):
    aspect = forms.ChoiceField(label=_("Aspect"))
    is_fine = forms.BooleanField(label=_("In order"), required=False)
    finding = forms.CharField(label=_("What was found"), max_length=400, required=False)
    cause = forms.CharField(label=_("Cause"), max_length=400, required=False)
    text = forms.CharField(label=_("Advice, ideas, methods"), max_length=400, required=False)
    praise = forms.CharField(label=_("Praise"), max_length=200, required=False)
    demonstration = forms.ChoiceField(label=_("Shown in person"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=600, required=False)

    def fill(self) -> None:
        self.choose("aspect", questions.ASPECTS)
        self.choose("demonstration", questions.SHOWN, empty=True)

    def clean_minutes(self) -> int:
        return self.cleaned_data["minutes"] or 0


class EffectForm(forms.Form):
    effect = forms.CharField(label=_("What came of it"), max_length=400, widget=area())


class PhotoForm(RuledForm):
    kind = forms.ChoiceField(label=_("What it shows"))
    file = forms.FileField(
        label=_("Photo"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def fill(self) -> None:
        self.choose("kind", questions.PHOTOS)


class PadWidget(forms.HiddenInput):
    """A box to sign in by mouse, pen or finger; `sign.js` keeps strokes and picture in the hidden field."""

    input_type = "hidden"
    is_hidden = False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        kept = super().render(name, value, attrs, renderer)
        return format_html(
            '<div class="vs-pad" data-pad>{}<canvas tabindex="0" aria-label="{}"></canvas>'
            '<button class="btn btn-sm" type="button" data-wipe>{}</button></div>',
            kept, _("Customer's signature"), _("Sign again"),
        )  # fmt: skip


class SignForm(forms.Form):
    """Signed here, or on the printed sheet that is added as a picture or PDF."""

    signer = forms.CharField(label=_("Who signs"), max_length=60)
    drawn = forms.JSONField(label=_("Customer's signature"), required=False, widget=PadWidget)
    sheet = forms.FileField(
        label=_("Or the sheet signed by hand"),
        required=False,
        help_text=_("A photo, scan or PDF of the printed record sheet."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,.pdf"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        if found["sheet"]:
            return {"signer": found["signer"], "file": found["sheet"], "strokes": None}
        try:
            strokes = [[[float(x), float(y)] for x, y in stroke] for stroke in found["drawn"]["strokes"]]
            picture = base64.b64decode(found["drawn"]["picture"].partition(",")[2], validate=True)
        except (KeyError, TypeError, ValueError, AttributeError) as trouble:
            raise forms.ValidationError(_("Let the customer sign, or add the signed sheet.")) from trouble
        return {
            "signer": found["signer"], "file": ContentFile(picture, name="signature.png"), "strokes": strokes
        }  # fmt: skip


class JudgeForm(forms.Form):
    satisfaction = forms.TypedChoiceField(
        label=_("Satisfaction"), choices=[(n, str(n)) for n in range(5, 0, -1)], coerce=int
    )
    remark = forms.CharField(
        label=_("The customer's own words"), max_length=400, required=False, widget=area()
    )


class ReportForm(forms.Form):
    text = forms.CharField(label=_("Visit report"), max_length=LONG, widget=area(6))
    cost = forms.DecimalField(
        label=_("Cost (yuan)"), min_value=0, max_digits=10, decimal_places=2, required=False
    )


class NextForm(forms.Form):
    on = forms.DateField(label=_("Next visit, as the customer was told"), widget=date_input())
    at = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))


class ExcuseForm(forms.Form):
    demand = forms.ChoiceField(label=_("What is missing"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, missing: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["demand"].choices = missing  # type: ignore[attr-defined]


class StartForm(forms.Form):
    customer = CustomerField(label=_("Customer"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("as the file says")), *Visit.Kind.choices], required=False
    )

    def __init__(self, *args: Any, customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    take = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Take over what the device sent")), ("0", _("Leave it out"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class WeekForm(forms.Form):
    """Whose week, and which."""

    manager = forms.ModelChoiceField(Party.objects.none(), required=False)
    monday = forms.DateField(required=False)

    def __init__(self, *args: Any, managers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = managers  # type: ignore[attr-defined]
