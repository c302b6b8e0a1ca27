"""Work in an interpreter of its own, so that both cores work: pieces made ahead of who uses them, or a second loader.

A fresh interpreter and no fork: a forked process would have the locks of the threads of this one, held for ever. Started
as a command, since the worker of jobs may have no children of the kind that `multiprocessing` makes.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
MODULE = "zhike.customers.importing.ahead"


def ahead(make: Callable[..., Iterator[T]], *given: Any) -> Iterator[T]:
    """What `make(*given)` yields or raises. Both are sent, so `make` is a function of a module."""
    child = _started(make, given, stdout=subprocess.PIPE)
    assert child.stdout is not None
    try:
        while (made := pickle.load(child.stdout)) is not None:
            if isinstance(made, BaseException):
                raise made
            yield made
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


@contextmanager
def beside(do: Callable[..., None], *given: Any) -> Iterator[None]:
    """`do(*given)` while the block runs; at its end it is waited for, and after an error ended at once."""
    child = _started(do, given, stdout=subprocess.DEVNULL)
    try:
        yield
        child.wait()
    finally:
        child.kill()
        child.wait()


def _started(what: Callable[..., Any], given: tuple[Any, ...], *, stdout: int) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, sys.path))
    child = subprocess.Popen(
        [sys.executable, "-m", MODULE], stdin=subprocess.PIPE, stdout=stdout, env=os.environ | {"PYTHONPATH": path}
    )  # fmt: skip
    assert child.stdin is not None
    with child.stdin as pipe:
        pickle.dump((f"{what.__module__}:{what.__qualname__}", given), pipe)
    return child


def main() -> None:
    """The life of the child: what it makes goes to its standard output, which nobody else may write to."""
    import django

    django.setup()
    from django.utils.module_loading import import_string

    name, given = pickle.load(sys.stdin.buffer)
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        try:
            for made in import_string(name.replace(":", "."))(*given) or ():
                pickle.dump(made, out, pickle.HIGHEST_PROTOCOL)
            pickle.dump(None, out)
        except BrokenPipeError:
            pass
        except Exception as trouble:
            pickle.dump(trouble, out)


if __name__ == "__main__":
    main()
