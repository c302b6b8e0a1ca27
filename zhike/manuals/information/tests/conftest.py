"""The standing cast with the regulation of the work platform in force."""

from zhike.people.tests.desk import _cast, _house, as_

__all__ = ["_cast", "_house", "as_"]
