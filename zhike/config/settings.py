"""All settings, read from the environment. The table in docs/settings.md lists every variable.

Without any variable set the product runs on SQLite in `var/` beside the project.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value not in {"", "1", "0", "true", "false", "yes", "no"}:
        raise RuntimeError(f"{name} must be 1 or 0, not {value!r}")
    return default if not value else value in {"1", "true", "yes"}


def number(name: str, default: int) -> int:
    value = text(name)
    if value and not value.isdigit():
        raise RuntimeError(f"{name} must be a whole number, not {value!r}")
    return int(value) if value else default


def words(name: str, default: str = "") -> list[str]:
    return [word for word in text(name, default).split(",") if word]


VAR_DIR = Path(text("ZHIKE_VAR") or BASE_DIR / "var")
DEMO = flag("ZHIKE_DEMO")
DEBUG = flag("ZHIKE_DEBUG")


def _secret_key() -> str:
    """The key from the environment, or one made once and kept in `var/` readable by its owner only."""
    given = text("ZHIKE_SECRET_KEY")
    if given:
        return given
    path = VAR_DIR / "secret_key"
    if not path.exists():
        import secrets

        VAR_DIR.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
# Keys of encrypted columns and of their blind indexes; both default to values derived from the secret key.
FIELD_KEY = text("ZHIKE_FIELD_KEY")
INDEX_KEY = text("ZHIKE_INDEX_KEY")
ALLOWED_HOSTS = words("ZHIKE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("ZHIKE_ORIGINS")
PUBLIC_URL = text("ZHIKE_URL", "http://127.0.0.1:8000")


def _database() -> dict[str, Any]:
    url = text("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "zhike.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # 8 MB of pages kept, instead of 2: with a million rows the upper floors of the indexes alone take more
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-8000;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise RuntimeError("DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # a statement is planned once for a connection and not each time: half of what small statements cost the server
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

KERNEL_APPS = [
    f"zhike.kernel.{part}"
    for part in (
        "parties",
        "audit",
        "outbox",
        "worktime",
        "policy",
        "records",
        "tallies",
        "search",
        "duties",
        "procedures",
    )
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "axes",
    "django_q",
    *KERNEL_APPS,
    "zhike.ui",
    "zhike.people",
    "zhike.manuals",
    "zhike.customers",
    "zhike.complaints",
    "zhike.tracking",
    "zhike.visits",
    "zhike.workbench",
    "zhike.reports",
    "zhike.channels",
    "zhike.config",
]
MIDDLEWARE = [
    "zhike.config.middleware.RequestNumber",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhike.ui.middleware.ContentSecurityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "zhike.config.urls"
WSGI_APPLICATION = "zhike.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "zhike.ui.context.shell",
            ],
            "builtins": ["zhike.ui.templatetags.ui", "template_partials.templatetags.partials"],
        },
    }
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
SECURE_COOKIES = flag("ZHIKE_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
X_FRAME_OPTIONS = "DENY"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "zhike.people.views.locked_out"
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "zhike" / "locale"]
TIME_ZONE = text("ZHIKE_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "zhike.ui.storage.ModuleStorage"
        if flag("ZHIKE_COLLECTED")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not flag("ZHIKE_COLLECTED")
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MAX_ATTACHMENT_BYTES = number("ZHIKE_MAX_ATTACHMENT_MB", 20) * 1024 * 1024

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if text("ZHIKE_SMTP_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = text("ZHIKE_SMTP_HOST")
EMAIL_PORT = number("ZHIKE_SMTP_PORT", 25)
EMAIL_HOST_USER = text("ZHIKE_SMTP_USER")
EMAIL_HOST_PASSWORD = text("ZHIKE_SMTP_PASSWORD")
EMAIL_USE_TLS = flag("ZHIKE_SMTP_TLS")
EMAIL_USE_SSL = flag("ZHIKE_SMTP_SSL")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("ZHIKE_MAIL_FROM", "zhike@localhost")
# Mails that come: a larger one is read by its beginning; a sender with more within an hour waits for a person; an
# address is told so often a day that its mail arrived.
MAX_MAIL_BYTES = number("ZHIKE_MAX_MAIL_MB", 30) * 1024 * 1024
MAIL_PER_SENDER = number("ZHIKE_MAIL_PER_SENDER", 20)
MAIL_ACKNOWLEDGEMENTS = number("ZHIKE_MAIL_ACKNOWLEDGEMENTS", 5)
MAIL_KEEP_DAYS = number("ZHIKE_MAIL_KEEP_DAYS", 90)


def _mail_secrets() -> dict[str, str]:
    """Passwords of mailboxes by the name that a mailbox gives: ZHIKE_MAIL_SECRET_<NAME>, or ..._<NAME>_FILE."""
    found = {}
    for variable, value in os.environ.items():
        if not variable.startswith("ZHIKE_MAIL_SECRET_") or not value:
            continue
        name = variable.removeprefix("ZHIKE_MAIL_SECRET_")
        if name.endswith("_FILE"):
            found[name.removesuffix("_FILE")] = Path(value).read_text(encoding="utf-8").strip()
        else:
            found[name] = value
    return found


MAIL_SECRETS = _mail_secrets()

Q_CLUSTER: dict[str, Any] = {
    "name": "zhike",
    "workers": number("ZHIKE_WORKERS", 1),
    "timeout": 600,
    "retry": 660,
    "max_attempts": 5,
    "ack_failures": True,
    "catch_up": False,
    "poll": 1,
    "orm": "default",
    "bulk": 10,
    "label": "zhike",
}
if text("ZHIKE_REDIS"):
    Q_CLUSTER.pop("orm")
    Q_CLUSTER["redis"] = text("ZHIKE_REDIS")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# The implementation of the kernel's protocol "who holds this post here, who stands in".
PARTIES_DIRECTORY = "zhike.people.directory.Directory"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": text("ZHIKE_LOG", "WARNING").upper()},
}
