"""The database of the tests: SQLite in memory, or the PostgreSQL server that `DATABASE_URL` names.

`python -m ops.pg run -- pytest` gives a fresh server. Tests that need rows of the trail to be changed ask for the
fixture `lift_triggers`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation

# pages, programs' doors, printed sheets and what a regulation decides are the same on every engine: what they ask
# of the database is tested by itself; `make walk` runs these too
PAGES = re.compile(r"test_(\w+_)?(views|pages|sheets|printing|api|portal|editor|regime)(_\w+)?")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out tests of pages and those that ask no database: they need not run again on another engine",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--only-database"):
        return
    asks = [item for item in items if _asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asks)])
    items[:] = asks


def _asks_a_database(item: pytest.Item) -> bool:
    if PAGES.fullmatch(item.path.stem):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None


hypothesis.settings.register_profile("zhike", deadline=None, print_blob=True)
hypothesis.settings.load_profile("zhike")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tables are made of the models (`--nomigrations`), in two seconds instead of fifty.

    What only migrations make is added here; that migrations make the same is shown by `tests/test_migrations.py`.
    The first data of every enterprise (posts, powers, grants) is there too, so that no test pays for it again.
    """
    from zhike.kernel.parties.models import Stamp

    grams = importlib.import_module("zhike.kernel.search.migrations.0002_grams")
    with django_db_blocker.unblock():
        if Stamp.objects.exists():
            return  # kept by --reuse-db
        with connection.schema_editor() as editor:
            grams.forward(None, editor)
        _first_rows()


def _first_rows() -> None:
    from zhike.kernel.parties.models import Stamp
    from zhike.people.populate import populate

    if not Stamp.objects.exists():
        Stamp.objects.create(number=1)
    populate()


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
        _first_rows()

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
