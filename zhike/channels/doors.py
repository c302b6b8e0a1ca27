"""What customers find behind /portal/: each app that they meet opens a door, once, when its addresses are read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Door:
    """One entry of the portal; `url` is a name for `reverse`."""

    url: str
    label: str | Promise
    text: str | Promise
    icon: str
    order: int = 50


_doors: dict[str, Door] = {}


def open_door(door: Door) -> None:
    _doors[door.url] = door


def doors() -> list[Door]:
    return sorted(_doors.values(), key=lambda door: (door.order, door.url))
