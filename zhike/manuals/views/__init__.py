"""Pages of regulations: the library, the reader, the values of a unit, publishing."""

from ._backtest import backtest, whatif
from ._reading import clause, index, install, parameters, reader

__all__ = ["backtest", "clause", "index", "install", "parameters", "reader", "whatif"]
