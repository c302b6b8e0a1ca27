"""Tables of the workbench; they lie in the packages beside."""

from .messages.models import CustomerMessage as CustomerMessage
from .reports.models import Gap as Gap
from .reports.models import Measure as Measure
from .reports.models import Report as Report
from .reports.models import Version as Version
