"""Pages of tracking."""

from ._activities import (
    activities,
    activity,
    add_photo,
    decide,
    drop,
    hold,
    new_activity,
    photo,
    print_activity,
    remove_photo,
)
from ._deeds import (
    after_deal,
    close_observation,
    explain,
    fix,
    introduce,
    observe,
    rest,
    serve,
    show_role,
    wake,
)
from ._due import call, due, following
from ._lists import churn, gaps, introductions, moments, silent
from ._moments import leave_out, print_moment, reach
from ._opened import customers, journal, owed
from ._overview import overview
from ._work import enter, work

__all__ = [
    "activities",
    "activity",
    "add_photo",
    "after_deal",
    "call",
    "churn",
    "close_observation",
    "customers",
    "decide",
    "drop",
    "due",
    "enter",
    "explain",
    "fix",
    "following",
    "gaps",
    "hold",
    "introduce",
    "introductions",
    "journal",
    "leave_out",
    "moments",
    "new_activity",
    "observe",
    "overview",
    "owed",
    "photo",
    "print_activity",
    "print_moment",
    "reach",
    "remove_photo",
    "rest",
    "serve",
    "show_role",
    "silent",
    "wake",
    "work",
]
