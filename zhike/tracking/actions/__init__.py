"""What people and jobs do in tracking. Each verb is one transaction with one audit row."""

from ._activities import CannotPlan, add_photo, decide, drop, hold, plan_activity, remove_photo
from ._churn import look_for_churn
from ._duties import CannotTrack
from ._entries import CannotEnter, enter
from ._meeting import meet
from ._moments import CannotEnd, greet, leave_out, moment, reach
from ._notes import CannotNote, close_observation, introduce, observe, serve, show_role
from ._plans import after_deal, after_deals, explain, fix, let_go, open_plans, rest, wake

__all__ = [
    "CannotEnd",
    "CannotEnter",
    "CannotNote",
    "CannotPlan",
    "CannotTrack",
    "add_photo",
    "after_deal",
    "after_deals",
    "close_observation",
    "decide",
    "drop",
    "enter",
    "explain",
    "fix",
    "greet",
    "hold",
    "introduce",
    "leave_out",
    "let_go",
    "look_for_churn",
    "meet",
    "moment",
    "observe",
    "open_plans",
    "plan_activity",
    "reach",
    "remove_photo",
    "rest",
    "serve",
    "show_role",
    "wake",
]
