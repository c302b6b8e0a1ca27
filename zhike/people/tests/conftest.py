import pytest


@pytest.fixture(autouse=True)
def _quick_hasher(settings):
    """Passwords cost nothing in these tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
