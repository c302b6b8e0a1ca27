"""Controls of forms as the house shows them."""

import datetime as dt

import pytest
from django import forms
from django.utils import translation

from zhike.ui.fields import control


class Day(forms.Form):
    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_day_that_is_known_is_filled_in_in_every_language(language):
    with translation.override(language):
        shown = control(Day(initial={"on": dt.date(2026, 10, 8)})["on"])

    assert 'value="2026-10-08"' in shown
