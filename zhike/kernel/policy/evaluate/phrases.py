"""Deadlines with the parameters of the unit filled in."""

from collections.abc import Mapping
from dataclasses import replace

from zhike.kernel.policy.manual.model import Amount, Due, Param
from zhike.kernel.worktime.phrases import Kind


def filled(due: Due, params: Mapping[str, Param]) -> Due | None:
    """The deadline with its amount in place of the parameter's name; None while the parameter is 未定."""
    name = due.phrase.parameter
    if name is None:
        return due
    value = params[name].value
    if not isinstance(value, Amount):
        return None
    return Due(due.text, replace(due.phrase, kind=Kind.LIMIT, limit=value))
