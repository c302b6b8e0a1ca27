"""Shape of input of corrective actions; nothing here saves."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party
from zhike.people.models import Post
from zhike.ui.inputs import day, long

from .models import CapaAction, CapaCause

LONG = 10_000


_long = partial(long, most=LONG)


def _choose(field: forms.Field, staff: QuerySet[Party]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = staff


class StartForm(forms.Form):
    title = forms.CharField(label=_("What is to be corrected"), max_length=200)
    lead = forms.ModelChoiceField(label=_("Led and reviewed by"), queryset=Party.objects.none())
    department = forms.CharField(label=_("Responsible department"), max_length=120, required=False)

    def __init__(self, *args: Any, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["lead"], staff)


class PeopleForm(forms.Form):
    lead = forms.ModelChoiceField(label=_("Led and reviewed by"), queryset=Party.objects.none())
    department = forms.CharField(label=_("Responsible department"), max_length=120, required=False)
    participants = forms.ModelMultipleChoiceField(
        label=_("Called to analyse"),
        queryset=Party.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    keywords = forms.CharField(
        label=_("Words of the cause"),
        max_length=200,
        required=False,
        help_text=_("Divided by spaces; past cases are searched by them."),
    )

    def __init__(self, *args: Any, staff: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["lead"], staff)
        _choose(self.fields["participants"], staff)


class CaseForm(forms.Form):
    number = forms.CharField(label=_("Complaint no."), max_length=40)


class WhyForm(forms.Form):
    chain = forms.IntegerField(min_value=1, max_value=99)
    place = forms.IntegerField(min_value=1, max_value=99)
    answer = forms.CharField(max_length=400, required=False)


class CauseForm(forms.Form):
    category = forms.ChoiceField(choices=CapaCause.Category.choices)
    parent = forms.IntegerField(required=False)
    text = forms.CharField(max_length=200, required=False)


class ActionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=CapaAction.Kind.choices, widget=forms.RadioSelect)
    what = _long(_("What is to be done"))
    owner = forms.ModelChoiceField(label=_("Done by"), queryset=Party.objects.none(), required=False)
    owner_post = forms.ChoiceField(label=_("Or by a post"), required=False)
    due_on = day(_("Due date"))

    def __init__(self, *args: Any, staff: QuerySet[Party], posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["owner"], staff)
        post = self.fields["owner_post"]
        assert isinstance(post, forms.ChoiceField)
        post.choices = [("", "—"), *((one.code, one.label) for one in posts)]


class DoneForm(forms.Form):
    evidence = _long(_("Evidence"), help_text=_("What shows that it is done: record, photo, number."))


class ReviewForm(forms.Form):
    round = forms.IntegerField(widget=forms.HiddenInput)
    passed = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("The plan may go on")), ("0", _("Back to new analysis"))],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    reason = _long(_("Opinion"), required=False)


class EffectForm(forms.Form):
    round = forms.IntegerField(widget=forms.HiddenInput)
    effective = forms.TypedChoiceField(
        label=_("Effect"),
        choices=[("1", _("Effective")), ("0", _("Not effective: a new round of analysis begins"))],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    on = day(_("Seen on"))
    evidence = _long(_("Evidence"))


class CloseForm(forms.Form):
    lesson = _long(_("Lesson"), rows=4)
    change = _long(_("Change of a process or a manual"), required=False)


class NoteForm(forms.Form):
    note = _long(_("Why it is the same trouble"), required=False)


class ReasonForm(forms.Form):
    reason = _long(_("Reason"))


class EmptyForm(forms.Form):
    """A verb that needs nothing but a yes."""
