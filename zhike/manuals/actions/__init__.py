"""What people do with regulations. Each verb is one transaction with one audit row."""

from ._checks import Accepted, Checks, OutOfRange, checks, value_problems
from ._gate import CannotHandIn, approver_post, decided, hand_in, sign_within, title_of
from ._publishing import (
    CannotInstall,
    CannotPublish,
    CannotSetParameter,
    Reading,
    examine,
    install,
    publish,
    publish_and_install,
    set_parameters,
)
from ._recalling import CannotPostpone, CannotWithdraw, postpone, withdraw
from ._values import CannotRevise, already_open, begin_values, drop_values, save_values

__all__ = [
    "Accepted",
    "CannotHandIn",
    "CannotInstall",
    "CannotPostpone",
    "CannotPublish",
    "CannotRevise",
    "CannotSetParameter",
    "CannotWithdraw",
    "Checks",
    "OutOfRange",
    "Reading",
    "already_open",
    "approver_post",
    "begin_values",
    "checks",
    "decided",
    "drop_values",
    "examine",
    "hand_in",
    "install",
    "postpone",
    "publish",
    "publish_and_install",
    "save_values",
    "set_parameters",
    "sign_within",
    "title_of",
    "value_problems",
    "withdraw",
]
