"""`zhike migrate`: bring the database to the present version."""

from __future__ import annotations

import django
from django.core.management import call_command


def main(argv: list[str]) -> int:
    from django.conf import settings

    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    django.setup()
    if not _pending():
        return 0
    call_command("migrate", interactive=False, verbosity=1 if "-v" in argv else 0)
    take_statistics()
    return 0


def _pending() -> bool:
    """Whether a migration or a trigger is not there yet; a start finds none and has nothing to wait for."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from zhike.kernel.audit import immutable
    from zhike.kernel.parties import stamping

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return bool(plan or stamping.verify() or immutable.verify())


def take_statistics() -> None:
    """What the planner of SQLite knows of the tables; PostgreSQL looks by itself.

    A sample, but of every index: some seconds where the file is large and not in memory.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
