"""What people do with regulations. Each verb is one transaction with one audit row."""

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
from ._reading import CannotConfirm, ask_to_read, confirm_reading, make_findable, open_reading, stop_asking

__all__ = [
    "CannotConfirm",
    "CannotInstall",
    "CannotPublish",
    "CannotSetParameter",
    "Reading",
    "ask_to_read",
    "confirm_reading",
    "examine",
    "install",
    "make_findable",
    "open_reading",
    "publish",
    "publish_and_install",
    "set_parameters",
    "stop_asking",
]
