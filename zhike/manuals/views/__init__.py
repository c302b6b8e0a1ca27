"""Pages of regulations: the library, the reader, the values of a unit, publishing."""

from ._reading import clause, index, install, parameters, reader

__all__ = ["clause", "index", "install", "parameters", "reader"]
