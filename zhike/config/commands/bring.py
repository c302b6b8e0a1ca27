"""`zhike import customers FILE`: brings customers in from a file."""

from __future__ import annotations

import django


def main(argv: list[str]) -> int:
    django.setup()
    from zhike.customers.importing import shell

    return shell.main(argv)
