"""Saved views and chosen columns: the few writes of the shell."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from zhike.kernel.parties.kept import kept as between_requests

from .models import ListChoice, SavedView

SIZES = (20, 50, 100)
_MOST = 30


class CannotSaveView(Exception):
    """The name is missing or too long, the list is unknown, or there are too many views already."""


@dataclass(frozen=True)
class Kept:
    """What one person keeps of one list."""

    views: list[SavedView] = field(default_factory=list)
    hidden: frozenset[str] | None = None  # None: never chosen, the list's own defaults hold
    size: int = SIZES[0]


def kept(owner: int | None, list_name: str) -> Kept:
    """Own and shared views, columns and page size."""
    if owner is None:
        return Kept()
    return between_requests(("list", owner, list_name), lambda: _kept(owner, list_name))


def _kept(owner: int, list_name: str) -> Kept:
    views = SavedView.objects.filter(list_name=list_name).filter(Q(owner=owner) | Q(shared=True))
    choice = ListChoice.objects.filter(owner=owner, list_name=list_name).first()
    if choice is None:
        return Kept(list(views[:_MOST]))
    return Kept(list(views[:_MOST]), frozenset(choice.hidden), choice.size)


def save_view(*, owner: int, list_name: str, name: str, query: str, shared: bool) -> SavedView:
    """Keep the conditions under a name; the same name of the same person is replaced."""
    name = " ".join(name.split())
    if not list_name or len(list_name) > 60:
        raise CannotSaveView(_("This list is unknown."))
    if not name:
        raise CannotSaveView(_("Give the view a name."))
    if len(name) > 40:
        raise CannotSaveView(_("The name of a view has at most 40 characters."))
    text = conditions(query)
    if len(text) > 1000:
        raise CannotSaveView(_("These conditions are too long to be saved."))
    own = SavedView.objects.filter(owner=owner, list_name=list_name)
    if own.exclude(name=name).count() >= _MOST:
        raise CannotSaveView(_("Thirty views are enough; remove one first."))
    view, _made = SavedView.objects.update_or_create(
        owner_id=owner, list_name=list_name, name=name, defaults={"query": text, "shared": shared}
    )
    return view


def drop_view(*, owner: int, pk: int) -> bool:
    """True when a view of this person was removed."""
    removed, _by_table = SavedView.objects.filter(owner=owner, pk=pk).delete()
    return removed > 0


def choose(*, owner: int, list_name: str, hidden: list[str], size: str) -> None:
    """Remember columns and page size; an unknown size becomes the smallest."""
    if not list_name or len(list_name) > 60:
        return
    rows = int(size) if size.isdigit() and int(size) in SIZES else SIZES[0]
    ListChoice.objects.update_or_create(
        owner_id=owner,
        list_name=list_name,
        defaults={"hidden": [key[:60] for key in hidden[:60]], "size": rows},
    )


def conditions(query: str) -> str:
    """A query string with the conditions only: no page, no view, no export."""
    values = QueryDict(query.lstrip("?"), mutable=True)
    for key in ("page", "view", "export", "count", "part"):
        values.pop(key, None)
    for key in [key for key in values if not any(values.getlist(key))]:
        values.pop(key)
    return values.urlencode()
