"""Wrong input is answered in our own Chinese on every form."""

import pytest
from django import forms
from django.utils import translation


class Shape(forms.Form):
    name = forms.CharField(max_length=3)
    number = forms.IntegerField()
    day = forms.DateField()
    way = forms.ChoiceField(choices=[("a", "A")])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", ["最多 3 个字，现在是 4 个。", "请填写整数。", "请填写存在的日期，例如 2026-03-09。", "没有“b”这一项，请从列出的选项中选择。"]),
        ("en", ["Ensure this value has at most 3 characters (it has 4).", "Enter a whole number.", "Enter a valid date.", "Select a valid choice. b is not one of the available choices."]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_reader_s_language(language, said):
    with translation.override(language):
        form = Shape({"name": "abcd", "number": "x", "day": "2026-02-30", "way": "b"})
        assert [errors[0] for errors in form.errors.values()] == said


def test_what_is_missing_is_asked_for():
    with translation.override("zh-hans"):
        assert set(Shape({}).errors["name"]) == {"请填写这一项。"}
