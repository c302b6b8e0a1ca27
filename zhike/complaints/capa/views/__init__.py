"""Pages of corrective actions."""

from ._acts import (
    add_action,
    add_case,
    causes,
    check_effect,
    close_capa,
    confirm_recurrence,
    describe_capa,
    drop_capa,
    finish_action,
    remove_action,
    review_plan,
    start_capa,
    submit_plan,
    whys,
)
from ._page import capa
from .lists import capas

__all__ = [
    "add_action",
    "add_case",
    "capa",
    "capas",
    "causes",
    "check_effect",
    "close_capa",
    "confirm_recurrence",
    "describe_capa",
    "drop_capa",
    "finish_action",
    "remove_action",
    "review_plan",
    "start_capa",
    "submit_plan",
    "whys",
]
