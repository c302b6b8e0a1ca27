"""The database of the tests: SQLite in memory, or the PostgreSQL server that `DATABASE_URL` names.

`python -m ops.pg run -- pytest` gives a fresh server. Tests that need rows of the trail to be changed ask for the
fixture `lift_triggers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation

hypothesis.settings.register_profile("zhike", deadline=None, print_blob=True)
hypothesis.settings.load_profile("zhike")


@pytest.fixture(scope="session", autouse=True)
def _own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files, mails and slow password hashes stay out of the tests."""
    folder = tmp_path_factory.mktemp("var")
    with override_settings(
        VAR_DIR=folder,
        MEDIA_ROOT=folder / "files",
        EMAIL_FILE_PATH=folder / "mail",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """A request of one test leaves its language active: the next one begins with the default again."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_triggers() -> Iterator[None]:
    """Tests with real transactions empty every table at their end, which append-only tables would refuse."""
    flush = getattr(TransactionTestCase, "_fixture_teardown")  # noqa: B009

    def lift_and_flush(self: TransactionTestCase) -> None:
        from zhike.kernel.audit import immutable
        from zhike.kernel.search import engines

        immutable.lift()
        engines.clear()
        flush(self)
        immutable.install()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_flush)
        yield


@pytest.fixture
def lift_triggers(db: Any) -> Iterator[None]:
    """Append-only rows may be changed in this test."""
    from zhike.kernel.audit import immutable

    immutable.lift()
    yield
    # inside a transaction the rollback of the test brings the triggers back
    if not connection.in_atomic_block:
        immutable.install()
