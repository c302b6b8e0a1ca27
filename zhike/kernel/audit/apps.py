from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "zhike.kernel.audit"
    label = "audit"

    def ready(self) -> None:
        from . import immutable
        from .models import Entry, Seal

        immutable.protect(Entry)
        immutable.protect(Seal)
        post_migrate.connect(_install, dispatch_uid="zhike.audit.immutable")
        register(Tags.database)(_check)


def _install(sender: AppConfig, using: str, **_: Any) -> None:
    from . import immutable

    immutable.install(using, app_label=f"{sender.label}.")


def _check(*, app_configs: Any = None, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """A warning and not an error: `migrate`, which repairs it, runs the checks first."""
    from . import immutable

    return [Warning(text, id="audit.W001") for using in databases or [] for text in immutable.verify(using)]
