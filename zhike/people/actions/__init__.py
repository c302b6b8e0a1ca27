"""What people do with staff, posts, units and calendars. Each verb is one transaction with one audit row.

`by` is the party that acts; None stands for the set-up commands, which act before there is anybody to ask.
"""

from ._calendar import CannotConfigure, drop_day, open_calendar, set_day, set_week
from ._deputies import CannotDeputise, end_absence, name_deputy
from ._posts import (
    CannotGrant,
    CannotWritePost,
    add_power,
    define_post,
    describe_post,
    grant,
    retire_post,
    revoke,
    write_duties,
)
from ._proposals import CannotPropose, CannotRecord, propose, record_decision, withdraw
from ._refusal import Refusal
from ._staff import (
    CannotAppoint,
    CannotManage,
    add_staff,
    appoint,
    change_password,
    close_account,
    correct_staff,
    end_appointment,
    reopen_account,
    reset_password,
    set_preferences,
)
from ._structure import (
    CannotBuild,
    add_region,
    add_unit,
    close_unit,
    establish,
    found,
    move_unit,
    place_post,
    remove_post,
    rename_unit,
)

__all__ = [
    "CannotAppoint",
    "CannotBuild",
    "CannotConfigure",
    "CannotDeputise",
    "CannotGrant",
    "CannotManage",
    "CannotPropose",
    "CannotRecord",
    "CannotWritePost",
    "Refusal",
    "add_power",
    "add_region",
    "add_staff",
    "add_unit",
    "appoint",
    "change_password",
    "close_account",
    "close_unit",
    "correct_staff",
    "define_post",
    "describe_post",
    "drop_day",
    "end_absence",
    "end_appointment",
    "establish",
    "found",
    "grant",
    "move_unit",
    "name_deputy",
    "open_calendar",
    "place_post",
    "propose",
    "record_decision",
    "remove_post",
    "rename_unit",
    "reopen_account",
    "reset_password",
    "retire_post",
    "revoke",
    "set_day",
    "set_preferences",
    "set_week",
    "withdraw",
    "write_duties",
]
