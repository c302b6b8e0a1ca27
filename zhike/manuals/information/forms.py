"""Shape of what is typed about information."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Unit
from zhike.people.models import Post
from zhike.ui.inputs import area, date_input


class InformationForm(forms.Form):
    """F004-15."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("For the staff of"))
    kind = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(label=_("Text"), max_length=20000, widget=area(10))
    valid_from = forms.DateField(label=_("Holds from"), widget=date_input())
    valid_to = forms.DateField(label=_("Holds to"), required=False, widget=date_input())
    posts = forms.ModelMultipleChoiceField(
        Post.objects.none(),
        label=_("Posts"),
        required=False,
        help_text=_("None chosen: everybody of the unit."),
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(label=_("File"), required=False)

    def __init__(
        self, *args: Any, kinds: Sequence[tuple[str, str]], units: Any, posts: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].label_from_instance = lambda unit: unit.label  # type: ignore[attr-defined]
        self.fields["posts"].queryset = posts  # type: ignore[attr-defined]
        self.fields["posts"].label_from_instance = lambda post: post.label  # type: ignore[attr-defined]


class StudyForm(forms.Form):
    note = forms.CharField(label=_("What it means for your work"), max_length=200, required=False)


class WhyForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=area(2))
