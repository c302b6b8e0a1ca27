"""`zhike suggest`: evaluate a file of labelled cases, or train; evaluate opens no database."""

from __future__ import annotations

import django


def main(argv: list[str]) -> int:
    django.setup()
    from zhike.complaints.suggest import shell

    return shell.main(argv)
