"""`zhike migrate`: bring the database to the present version."""

from __future__ import annotations

import django
from django.core.management import call_command


def main(argv: list[str]) -> int:
    from django.conf import settings

    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    django.setup()
    call_command("migrate", interactive=False, verbosity=1 if "-v" in argv else 0)
    take_statistics()
    return 0


def take_statistics() -> None:
    """What the planner of SQLite knows of the tables; PostgreSQL looks by itself. A sample, so never slow."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
