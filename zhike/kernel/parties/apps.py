from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PartiesConfig(AppConfig):
    name = "zhike.kernel.parties"
    label = "parties"

    def ready(self) -> None:
        from . import stamping
        from .models import Party, Unit

        stamping.watch(Unit)
        # names of customers may change at any time; those of staff stand beside the posts they hold
        stamping.watch(Party, columns=("name", "unit_id"), kind=Party.Kind.STAFF)
        post_migrate.connect(_install, dispatch_uid="zhike.parties.stamping")


def _install(sender: AppConfig, using: str, **_: Any) -> None:
    from . import stamping

    stamping.install(using, app_label=sender.label)
