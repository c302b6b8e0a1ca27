"""Figures by which regulations and cases are kept where their own regulation states none.

They stand in a regulation too, the service standards: as the enterprise has them in force, else as they are shipped.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import resources

from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.reader import read

STANDARDS = "service-standards"


def standards(day: dt.date) -> model.Manual:
    """The service standards in force on a day, else those that are shipped."""
    version = inforce.versions_in_force(day).get(STANDARDS)
    return inforce.manual_of(version.pk) if version is not None else shipped()


@cache
def shipped() -> model.Manual:
    path = resources.files("zhike.manuals").joinpath(f"library/{STANDARDS}.md")
    return read(path.read_text(encoding="utf-8"))


def standing(name: str, day: dt.date, own: model.Manual | None = None) -> model.Param:
    """A figure by its name: that of `own`, else of the standards in force on a day, else as shipped.

    One that is 未定, or of another kind than the shipped one (a number, a time), is passed over.
    """
    usual = shipped().params[name]
    for manual in (own, standards(day)):
        param = manual.params.get(name) if manual is not None else None
        if param is not None and type(param.value) is type(usual.value):
            return param
    return usual


def number(name: str, day: dt.date, own: model.Manual | None = None) -> int:
    """A standing figure that is a whole number."""
    return int(str(standing(name, day, own).value).split(".")[0])
