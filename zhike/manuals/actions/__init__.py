"""What people do with regulations. Each verb is one transaction with one audit row."""

from zhike.manuals.trying import work_out

from ._backtesting import CannotBacktest, ask_backtest, ask_whatif, take_up_again
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

__all__ = [
    "CannotBacktest",
    "CannotInstall",
    "CannotPublish",
    "CannotSetParameter",
    "Reading",
    "ask_backtest",
    "ask_whatif",
    "examine",
    "install",
    "publish",
    "publish_and_install",
    "set_parameters",
    "take_up_again",
    "work_out",
]
