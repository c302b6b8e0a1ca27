from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "zhike.channels"
    label = "channels"

    def ready(self) -> None:
        from zhike.ui import menu

        menu.register(
            menu.Entry(
                "api", _("API keys"), "key", "channels:tokens", group="setup", order=90, needs=_configures
            )
        )
        menu.register(
            menu.Entry(
                "mail",
                _("Mailboxes"),
                "mail",
                "channels:mailboxes",
                group="setup",
                order=88,
                needs=_configures,
            )
        )


def _configures(request: HttpRequest) -> bool:
    from zhike.people import access

    user: Any = request.user
    return access.may(user, "system.configure")
