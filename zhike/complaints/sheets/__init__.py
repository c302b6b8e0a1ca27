"""The official forms of complaints: declared as data, filled from one case, offered as its manual names them."""

from ._factory import PLAN
from ._mall import NOTICE, RECORD, Notice
from ._offer import FORMS, offered
from ._reading import Filled

__all__ = ["FORMS", "NOTICE", "PLAN", "RECORD", "Filled", "Notice", "offered"]
