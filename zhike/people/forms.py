"""Shape of what is typed. Choices come in from the view; nothing here is saved."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.worktime.models import WorkCalendar

from .almanac import WEEKDAYS
from .models import Appointment, Function, PersonnelProposal, Post, PostPower, Power, User

lazy = gettext_lazy
_DAY = {"type": "date"}
_MOMENT = {"type": "datetime-local"}
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})")


class SignInForm(forms.Form):
    username = forms.CharField(label=lazy("User name or work telephone"), max_length=60)
    password = forms.CharField(
        label=lazy("Password"), max_length=200, strip=False, widget=forms.PasswordInput
    )
    remember = forms.BooleanField(label=lazy("Stay signed in for 30 days"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.update(autocomplete="username", autofocus=True)
        self.fields["password"].widget.attrs.update(autocomplete="current-password")


class PasswordForm(forms.Form):
    """The old password and the new one, twice."""

    old = forms.CharField(
        label=lazy("Present password"), max_length=200, strip=False, widget=forms.PasswordInput
    )
    new = forms.CharField(label=lazy("New password"), max_length=200, strip=False, widget=forms.PasswordInput)
    again = forms.CharField(
        label=lazy("New password once more"), max_length=200, strip=False, widget=forms.PasswordInput
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["old"].widget.attrs["autocomplete"] = "current-password"
        for name in ("new", "again"):
            self.fields[name].widget.attrs["autocomplete"] = "new-password"
        self.fields["new"].help_text = " ".join(password_validators_help_texts())

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self._user.check_password(old):
            raise forms.ValidationError(_("This is not your present password."))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self._user)
        return new

    def clean(self) -> None:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two new passwords differ."))


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=lazy("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=lazy("Look"), choices=User.Theme.choices, required=False)


class DeputyForm(forms.Form):
    deputy = forms.ChoiceField(label=lazy("Deputy"))
    away_from = forms.DateTimeField(
        label=lazy("Away from"), widget=forms.DateTimeInput(_MOMENT, format="%Y-%m-%dT%H:%M")
    )
    away_to = forms.DateTimeField(
        label=lazy("Back at"), widget=forms.DateTimeInput(_MOMENT, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=lazy("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, colleagues: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._colleagues = {str(party.pk): party for party in colleagues}
        _choose(self, "deputy", [(str(party.pk), party.name) for party in colleagues])

    def clean_deputy(self) -> Party:
        return self._colleagues[self.cleaned_data["deputy"]]


class StaffForm(forms.Form):
    name = forms.CharField(label=lazy("Full name"), max_length=60)
    username = forms.CharField(
        label=lazy("User name"),
        max_length=60,
        help_text=lazy("Small letters, digits, dot, dash and underscore, such as zhou.qiming."),
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]+\Z",
                lazy("A user name has small letters, digits, dots, dashes and underscores."),
            )
        ],
    )
    unit = forms.ChoiceField(label=lazy("Unit"))
    phone = forms.CharField(
        label=lazy("Work telephone"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"^\+?[0-9 -]{5,20}\Z", lazy("A telephone number has digits only."))],
    )
    email = forms.EmailField(label=lazy("E-mail"), required=False)

    def __init__(self, *args: Any, units: Sequence[tuple[Unit, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = _units(self, "unit", units)

    def clean_unit(self) -> Unit:
        return self._units[self.cleaned_data["unit"]]

    def clean_phone(self) -> str | None:
        return re.sub(r"[ -]", "", self.cleaned_data["phone"]) or None


class AppointForm(forms.Form):
    post = forms.ChoiceField(label=lazy("Post"))
    unit = forms.ChoiceField(label=lazy("Unit"))
    kind = forms.ChoiceField(label=lazy("Held as"), choices=Appointment.Kind.choices)
    held_from = forms.DateField(label=lazy("Held from"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    last_day = forms.DateField(
        label=lazy("Last day"),
        required=False,
        widget=forms.DateInput(_DAY, format="%Y-%m-%d"),
        help_text=lazy("Empty: until further notice."),
    )

    def __init__(
        self, *args: Any, posts: Iterable[Post], units: Sequence[tuple[Unit, int]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._posts = {post.code: post for post in posts}
        self._units = _units(self, "unit", units)
        _choose(self, "post", [(code, post.label) for code, post in self._posts.items()])

    def clean_post(self) -> Post:
        return self._posts[self.cleaned_data["post"]]

    def clean_unit(self) -> Unit:
        return self._units[self.cleaned_data["unit"]]

    @property
    def held_to(self) -> dt.date | None:
        """The day after the last day: periods exclude their end."""
        last: dt.date | None = self.cleaned_data["last_day"]
        return None if last is None else last + dt.timedelta(days=1)


class UnitForm(forms.Form):
    name = forms.CharField(label=lazy("Name"), max_length=80)
    name_en = forms.CharField(label=lazy("English name"), max_length=120, required=False)


class NewUnitForm(UnitForm):
    kind = forms.ChoiceField(label=lazy("Kind"), choices=Unit.Kind.choices, initial=Unit.Kind.DEPARTMENT)
    function = forms.ChoiceField(label=lazy("Function"), required=False)

    def __init__(self, *args: Any, functions: Iterable[Function], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._functions = {row.code: row for row in functions}
        _choose(self, "function", [("", "—"), *((code, row.label) for code, row in self._functions.items())])

    def clean_function(self) -> Function | None:
        return self._functions.get(self.cleaned_data["function"])


class RegionForm(forms.Form):
    region = forms.CharField(
        label=lazy("Region"), max_length=40, help_text=lazy("Such as 北京. The department is named after it.")
    )


class MoveUnitForm(forms.Form):
    parent = forms.ChoiceField(label=lazy("Hang below"))

    def __init__(self, *args: Any, units: Sequence[tuple[Unit, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = _units(self, "parent", units)

    def clean_parent(self) -> Unit:
        return self._units[self.cleaned_data["parent"]]


class PlacePostForm(forms.Form):
    post = forms.ChoiceField(label=lazy("Post"))
    name = forms.CharField(
        label=lazy("Name here"), max_length=60, required=False, help_text=lazy("Empty: as in the register.")
    )

    def __init__(self, *args: Any, posts: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._posts = {post.code: post for post in posts}
        _choose(self, "post", [(code, post.label) for code, post in self._posts.items()])

    def clean_post(self) -> Post:
        return self._posts[self.cleaned_data["post"]]


class PostForm(forms.Form):
    name = forms.CharField(label=lazy("Name"), max_length=60)
    name_en = forms.CharField(label=lazy("English name"), max_length=80, required=False)
    aliases = forms.CharField(
        label=lazy("Other names"),
        max_length=300,
        required=False,
        help_text=lazy("Separated by 、 or commas. Manuals may use any of them."),
    )
    reports_to = forms.ChoiceField(label=lazy("Reports to"), required=False)
    rank = forms.IntegerField(
        label=lazy("Rank"),
        min_value=0,
        max_value=99,
        initial=30,
        help_text=lazy("90 general manager, 80 store manager, 60 manager, 50 supervisor, 30 specialist."),
    )
    purpose = forms.CharField(
        label=lazy("Purpose"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    purpose_en = forms.CharField(
        label=lazy("Purpose in English"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, posts: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._posts = {post.code: post for post in posts}
        _choose(self, "reports_to", [("", "—"), *((code, post.label) for code, post in self._posts.items())])

    def clean_aliases(self) -> list[str]:
        words = re.split(r"[、,，;；\n]", self.cleaned_data["aliases"])
        return [word.strip() for word in words if word.strip()]

    def clean_reports_to(self) -> Post | None:
        return self._posts.get(self.cleaned_data["reports_to"])


class DutiesForm(forms.Form):
    """Numbered duties, one a line; the English lines answer the Chinese ones or stay empty."""

    duties = forms.CharField(
        label=lazy("Duties, one a line"), max_length=8000, required=False, widget=forms.Textarea({"rows": 12})
    )
    duties_en = forms.CharField(
        label=lazy("In English, line by line"),
        max_length=8000,
        required=False,
        widget=forms.Textarea({"rows": 12}),
    )

    def clean(self) -> None:
        zh, en = (_lines(self.cleaned_data.get(name, "")) for name in ("duties", "duties_en"))
        if en and len(en) != len(zh):
            text = _("There are %(zh)s duties but %(en)s English lines.") % {"zh": len(zh), "en": len(en)}
            self.add_error("duties_en", text)
        self.cleaned_data["pairs"] = list(zip(zh, en or [""] * len(zh), strict=False))


class GrantForm(forms.Form):
    power = forms.ChoiceField(label=lazy("Power"))
    scope = forms.ChoiceField(
        label=lazy("Data scope"), choices=PostPower.Reach.choices, initial=PostPower.Reach.HOUSE
    )

    def __init__(self, *args: Any, powers: Iterable[Power], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._powers = {power.code: power for power in powers}
        _choose(self, "power", [(code, f"{power.label} · {code}") for code, power in self._powers.items()])

    def clean_power(self) -> Power:
        return self._powers[self.cleaned_data["power"]]


class PowerForm(forms.Form):
    code = forms.CharField(
        label=lazy("Code"),
        max_length=60,
        help_text=lazy("Such as parking.waive: small letters with one dot."),
    )
    name = forms.CharField(label=lazy("Name"), max_length=80)
    name_en = forms.CharField(label=lazy("English name"), max_length=120, required=False)


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(label=lazy("Matter"), choices=PersonnelProposal.Kind.choices)
    unit = forms.ChoiceField(label=lazy("Unit"))
    about = forms.ChoiceField(label=lazy("Person concerned"), required=False)
    title = forms.CharField(label=lazy("Proposal"), max_length=120)
    reasons = forms.CharField(label=lazy("Reasons"), max_length=4000, widget=forms.Textarea({"rows": 6}))

    def __init__(
        self, *args: Any, units: Sequence[tuple[Unit, int]], people: Iterable[Party], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._units = _units(self, "unit", units)
        self._people = {str(party.pk): party for party in people}
        _choose(self, "about", [("", "—"), *((key, party.name) for key, party in self._people.items())])

    def clean_unit(self) -> Unit:
        return self._units[self.cleaned_data["unit"]]

    def clean_about(self) -> Party | None:
        return self._people.get(self.cleaned_data["about"])


class DecisionForm(forms.Form):
    agreed = forms.TypedChoiceField(
        label=lazy("Decision"),
        choices=[("1", lazy("Agreed outside")), ("0", lazy("Declined outside"))],
        coerce=lambda value: value == "1",
    )
    decided_by_name = forms.CharField(
        label=lazy("Decided by"),
        max_length=80,
        help_text=lazy("Who took the decision outside the department, such as 人力资源部."),
    )
    decided_on = forms.DateField(label=lazy("Decided on"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    decision = forms.CharField(
        label=lazy("In these words"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )


class CalendarForm(forms.Form):
    """A new calendar for a unit."""

    unit = forms.ChoiceField(label=lazy("Unit"))
    name = forms.CharField(label=lazy("Name"), max_length=60)

    def __init__(self, *args: Any, units: Sequence[tuple[Unit, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = _units(self, "unit", units)

    def clean_unit(self) -> Unit:
        return self._units[self.cleaned_data["unit"]]


class WeekForm(forms.Form):
    """Weekly hours: one line a day, such as 09:00-12:00, 13:30-18:00; empty means closed."""

    holidays = forms.ChoiceField(
        label=lazy("Public holidays"),
        required=False,
        choices=[("CN", lazy("China")), ("", lazy("No public holidays"))],
    )
    convention = forms.ChoiceField(label=lazy("Counting"), choices=WorkCalendar.Convention.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in WEEKDAYS:
            self.fields[key] = HoursField(label=label, required=False)
        self.order_fields([key for key, _label in WEEKDAYS])

    @property
    def week(self) -> dict[str, list[list[str]]]:
        return {key: self.cleaned_data[key] for key, _label in WEEKDAYS}


class HoursField(forms.CharField):
    """Intervals of a day as text, cleaned to [["09:00", "12:00"], ...]; empty is []."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(super().clean(value)))
        found: list[list[str]] = []
        for piece in re.split(r"[,、;]", text):
            if not piece.strip():
                continue
            match = _HOURS.fullmatch(piece.strip())
            if match is None:
                raise forms.ValidationError(
                    _("“%(text)s” is not a time such as 09:00-12:00.") % {"text": piece.strip()}
                )
            hours = [f"{int(match[1]):02d}:{match[2]}", f"{int(match[3]):02d}:{match[4]}"]
            found.append(hours)
        return found


class DayForm(forms.Form):
    day = forms.DateField(label=lazy("Day"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    state = forms.ChoiceField(
        label=lazy("On this day"),
        choices=[
            ("closed", lazy("day off")),
            ("ordinary", lazy("Open with the ordinary hours")),
            ("own", lazy("Open with hours of its own")),
        ],
    )
    hours = HoursField(label=lazy("Hours"), required=False)
    note = forms.CharField(label=lazy("Note"), max_length=80, required=False)

    def clean(self) -> None:
        own = self.cleaned_data.get("state") == "own"
        if own and not self.cleaned_data.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("Hours of its own need at least one interval."))

    @property
    def kept(self) -> list[list[str]] | None:
        """[] closed, None ordinary hours, else the hours typed."""
        state = self.cleaned_data["state"]
        if state == "own":
            hours: list[list[str]] = self.cleaned_data["hours"]
            return hours
        return [] if state == "closed" else None


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def _units(form: forms.Form, name: str, units: Sequence[tuple[Unit, int]]) -> dict[str, Unit]:
    """Offer units indented by their depth; answers them by key."""
    _choose(form, name, [(str(unit.pk), "　" * depth + unit.label) for unit, depth in units])
    return {str(unit.pk): unit for unit, _depth in units}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
