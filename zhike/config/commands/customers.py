"""`zhike customers`: jobs over the customer file, each with its own shell."""

from __future__ import annotations

import importlib
import sys

import django

# the first word after `customers`, and whose shell carries it out
SHELLS = {
    "regrade": "zhike.customers.grading.shell",
    "value": "zhike.customers.grading.shell",
    "match": "zhike.customers.matching.shell",
}


def main(argv: list[str]) -> int:
    if not argv or argv[0] not in SHELLS:
        print(f"usage: zhike customers {{{','.join(SHELLS)}}} ...", file=sys.stderr)
        return 0 if argv in (["-h"], ["--help"]) else 2
    django.setup()
    status: int = importlib.import_module(SHELLS[argv[0]]).main(argv)
    return status
