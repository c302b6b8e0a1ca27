"""Pages of regulations: the library, the reader, the values of a unit, publishing."""

from ._guide import guide_file, how_to_write
from ._reading import clause, index, install, parameters, reader

__all__ = ["clause", "guide_file", "how_to_write", "index", "install", "parameters", "reader"]
