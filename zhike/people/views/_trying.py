"""How the views of this app try an action: the refusal becomes an error of the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from zhike.people.actions import Refusal


def tried(form: forms.Form, act: Callable[[], Any]) -> bool:
    """True when the form was valid and the action done; else the form carries the sentence."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
