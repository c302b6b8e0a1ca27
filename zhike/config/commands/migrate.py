"""`zhike migrate`: bring the database to the present version."""

from __future__ import annotations

import django
from django.core.management import call_command


def main(argv: list[str]) -> int:
    from django.conf import settings

    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    django.setup()
    call_command("migrate", interactive=False, verbosity=1 if "-v" in argv else 0)
    return 0
