"""The official forms of complaints: declared as data, filled from one case, offered as its manual names them."""

from ._factory import PLAN
from ._grants import offered_by as grant_forms
from ._mall import NOTICE, RECORD, Notice
from ._offer import FORMS, offered
from ._overdue import SHEET as OVERDUE
from ._reading import Filled

__all__ = ["FORMS", "NOTICE", "OVERDUE", "PLAN", "RECORD", "Filled", "Notice", "grant_forms", "offered"]
