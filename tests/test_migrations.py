"""Migrations make the tables that the tests are run on, which are made of the models."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[1]
OBJECTS = """
    SELECT type, name, CASE WHEN type = 'index' THEN sql END FROM sqlite_master
    WHERE name NOT LIKE 'sqlite_%' AND name != 'django_migrations' AND type != 'table'
"""
COLUMNS = """
    SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name != 'django_migrations'
"""


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="both engines are made by the same migrations")
def test_an_empty_database_is_migrated_to_what_the_models_say(tmp_path: Path):
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "ZHIKE_VAR": str(tmp_path), "DATABASE_URL": ""},
        check=True,
    )

    with sqlite3.connect(next(tmp_path.glob("*.sqlite3"))) as made, connection.cursor() as cursor:
        for question in (OBJECTS, COLUMNS):
            cursor.execute(question)
            assert set(made.execute(question)) == set(cursor.fetchall())
