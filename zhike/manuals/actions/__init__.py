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

__all__ = [
    "CannotInstall",
    "CannotPublish",
    "CannotSetParameter",
    "Reading",
    "examine",
    "install",
    "publish",
    "publish_and_install",
    "set_parameters",
]
