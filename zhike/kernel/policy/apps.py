from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class PolicyConfig(AppConfig):
    name = "zhike.kernel.policy"
    label = "policy"

    def ready(self) -> None:
        from zhike.kernel.audit import immutable
        from zhike.kernel.parties import stamping

        from .models import Installation, ManualVersion, Ruling, UnitValues

        immutable.protect(Ruling)
        # who published it and when stays too: a published version cannot become a draft again
        immutable.protect(
            ManualVersion,
            only_columns=("key", "number", "text", "digest", "published_at", "published_by"),
            free_while={"state": ManualVersion.State.DRAFT},
        )
        stamping.watch(ManualVersion, Installation, UnitValues)
        post_save.connect(_forget, sender=ManualVersion, dispatch_uid="zhike.policy.forget")


def _forget(sender: Any, **_: Any) -> None:
    from . import inforce

    inforce.forget()
