"""Migrations make the tables that the tests are run on, which are made of the models."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
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


def migrate(var: Path, url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "ZHIKE_VAR": str(var), "DATABASE_URL": url},
        check=True,
    )


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compares everything, below")
def test_postgresql_keeps_every_index_and_constraint_that_the_models_name(tmp_path: Path):
    """Taking the index from a column takes others of the same column with it there, and nobody is told."""
    url = os.environ["DATABASE_URL"].rpartition("/")[0] + "/migrated"
    with connection._nodb_cursor() as cursor:
        cursor.execute("CREATE DATABASE migrated")
    try:
        migrate(tmp_path, url)
        with psycopg.connect(url) as made:
            found = made.execute("SELECT indexname FROM pg_indexes UNION SELECT conname FROM pg_constraint")
            there = {name for (name,) in found}
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute("DROP DATABASE migrated WITH (FORCE)")
    metas = [model._meta for model in apps.get_models()]
    promised = {one.name for meta in metas for one in (*meta.indexes, *meta.constraints)}
    assert promised - there == set()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="both engines are made by the same migrations")
def test_an_empty_database_is_migrated_to_what_the_models_say(tmp_path: Path):
    migrate(tmp_path, "")

    with sqlite3.connect(next(tmp_path.glob("*.sqlite3"))) as made, connection.cursor() as cursor:
        for question in (OBJECTS, COLUMNS):
            cursor.execute(question)
            assert set(made.execute(question)) == set(cursor.fetchall())
