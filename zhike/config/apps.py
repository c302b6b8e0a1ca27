from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "zhike.config"
    label = "config"

    def ready(self) -> None:
        from django.conf import settings

        from zhike.kernel import clock

        if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
            from . import postgres

            postgres.prepare()
        # The demonstration lives in the working afternoon at which it was made, and time goes on from there.
        path = settings.VAR_DIR / "demo_clock"
        if settings.DEMO and path.exists():
            clock.shift(dt.timedelta(seconds=int(path.read_text())))
