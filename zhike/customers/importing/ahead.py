"""What needs no database made in a process of its own, one piece ahead of who uses it, so that both cores work."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


def ahead(make: Callable[[], Iterator[T]]) -> Iterator[T]:
    """What `make` yields or raises. Forked and not spawned: the worker of jobs may have no children of its own kind.

    Where nothing can be forked, it is made in line.
    """
    if not hasattr(os, "fork"):
        yield from make()
        return
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _send(make, writing)
    os.close(writing)
    try:
        with open(reading, "rb") as pipe:
            while (made := pickle.load(pipe)) is not None:
                if isinstance(made, BaseException):
                    raise made
                yield made
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _send(make: Callable[[], Iterator[T]], writing: int) -> None:
    """The life of the child. It leaves without a word: what it shares with its parent is not its own to close."""
    gc.disable()
    try:
        with open(writing, "wb") as pipe:
            try:
                for made in make():
                    pickle.dump(made, pipe, pickle.HIGHEST_PROTOCOL)
                pickle.dump(None, pipe)
            except BrokenPipeError:
                pass
            except BaseException as trouble:
                pickle.dump(trouble, pipe)
    finally:
        os._exit(0)
