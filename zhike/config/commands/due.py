"""`zhike due`: JSON lines in, JSON lines out. Needs no database."""

from __future__ import annotations

import sys

from zhike.kernel.worktime import contract


def main(argv: list[str]) -> int:
    if argv:
        print("zhike due reads JSON lines from standard input, see docs/shell.md")
        return 0 if argv[0] in {"-h", "--help"} else 2
    contract.run(sys.stdin.buffer, sys.stdout)
    return 0
