"""`zhike customers match`: pairs rows of plain files; needs no database."""

from __future__ import annotations

import django


def main(argv: list[str]) -> int:
    django.setup()
    from zhike.customers.matching import shell

    return shell.main(argv)
