"""What every template may use. All of it is lazy: a part of a page evaluates none of the queries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from zhike.kernel import clock

from . import flash, menu

THEMES = ("light", "dark")


class Shell:
    """The frame of a page, asked for piece by piece by the templates."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get("zk_theme", "")
        return chosen if chosen in THEMES else "light"

    @property
    def groups(self) -> tuple[menu.Group, ...]:
        found: tuple[menu.Group, ...] | None = self.__dict__.get("_groups")
        if found is None:
            found = self.__dict__["_groups"] = menu.shown(self._request)
        return found

    @property
    def pocket(self) -> list[menu.Line]:
        """Up to four entries of the bottom bar on a phone."""
        return [line for group in self.groups for line in group.lines if line.phone][:4]

    @property
    def unread(self) -> int:
        return menu.count(self._request, "unread")

    @property
    def notices(self) -> list[menu.Text]:
        return menu.notices(self._request)

    @property
    def person(self) -> menu.Person | None:
        found: menu.Person | None = self.__dict__.get("_card")
        if "_card" not in self.__dict__:
            found = self.__dict__["_card"] = menu.person(self._request)
        return found

    @property
    def said(self) -> list[flash.Said]:
        return flash.heard(self._request)


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request), "now": SimpleLazyObject(clock.now)}
