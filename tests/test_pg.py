"""The throw-away PostgreSQL server of the tests (ops/pg.py)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ops import pg

ROOT = Path(__file__).resolve().parent.parent


def has_postgres() -> bool:
    try:
        pg.binaries()
    except pg.NoPostgres:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL binaries")


def started(code: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "ops.pg", "run", "--", sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answers(url: str) -> bool:
    probe = f"import psycopg; print(psycopg.connect({url!r}, connect_timeout=5).execute('select 42').fetchone()[0])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    return done.stdout.strip() == "42"


def test_a_command_runs_with_a_server_that_is_gone_afterwards():
    code = (
        "import os, psycopg, sys; url = os.environ['DATABASE_URL'];"
        "print(url, psycopg.connect(url).execute('show server_encoding').fetchone()[0]); sys.exit(3)"
    )

    run = started(code)
    out, _ = run.communicate(timeout=90)

    url, encoding = out.split()
    assert (run.returncode, encoding) == (3, "UTF8")
    assert not answers(url)


def test_a_terminated_run_takes_its_server_and_its_command_along():
    run = started(
        "import os, time; print(os.environ['DATABASE_URL'], os.getpid(), flush=True); time.sleep(120)"
    )
    url, pid = run.stdout.readline().split()
    assert answers(url)

    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=60)

    assert run.returncode == 128 + signal.SIGTERM
    assert not answers(url)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_saying_nothing_to_run_is_a_usage_error():
    run = subprocess.run(
        [sys.executable, "-m", "ops.pg", "run"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 2
    assert "say what to run" in run.stderr


def test_lists_reach_the_server_as_they_are():
    """What `bulk_create` sends: quotation marks, backslashes, nothing, the word NULL, bytes, JSON, nested lists."""
    code = """
import datetime, os, psycopg
from psycopg.types.json import Jsonb
from zhike.config import postgres
postgres.prepare()
sent = [
    (["a", "", 'b "q" \\\\ {x},y', None, "NULL", "中文", " "], "text[]"), ([1, None, 3], "int[]"), ([], "text[]"),
    ([None], "text[]"), ([[1, 2], [3, 4]], "int[]"), ([datetime.date(2026, 1, 2)], "date[]"),
    ([b"\\x00\\\\\\"'a"], "bytea[]"), ([True, False], "bool[]"), ([Jsonb({"a": 'x"\\\\y'})], "jsonb[]"),
]
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    for value, kind in sent:
        (got,) = connection.execute(f"select %s::{kind}", [value]).fetchone()
        assert got == [getattr(one, "obj", one) for one in value], (value, got)
print("all")
"""
    process = started(code)
    out, errors = process.communicate(timeout=120)

    assert out.strip().endswith("all"), errors
