"""The kernel's questions about posts, answered from appointments (setting PARTIES_DIRECTORY)."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from copy import copy

from django.db.models import Q, QuerySet

from zhike.kernel.parties.kept import kept
from zhike.kernel.parties.models import Party

from .models import Appointment, Post, UnitPost, business_day
from .standing import Houses, absences, houses


def normal(word: str) -> str:
    """Words of manuals and names of posts are compared without regard to width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def words_of(post: Post) -> set[str]:
    return _normal([post.code, post.name, post.name_en, *post.aliases])


def _normal(names: Iterable[str]) -> set[str]:
    return {normal(name) for name in names if name}


def _post_words() -> dict[str, str]:
    """Every word that names a post, to its code: codes, names and aliases."""
    found: dict[str, str] = {}
    posts = Post.objects.filter(retired_on=None).order_by("id")
    for code, name, name_en, aliases in posts.values_list("code", "name", "name_en", "aliases"):
        for word in _normal([code, name, name_en, *aliases]):
            found.setdefault(word, code)
    return found


def _unit_words() -> dict[str, str]:
    """Words by which units call their posts, to their codes."""
    rows = UnitPost.objects.values_list("post__code", "name", "name_en")
    return {normal(name): str(code) for code, *names in rows for name in names if name}


class Directory:
    """Implements `zhike.kernel.parties.directory.Directory`. Holds no state of its own."""

    def holders_of(self, post: str, unit: int, now: dt.datetime) -> list[Party]:
        """Holders at the unit (or in a department of the same house), else at the nearest above; acting first.

        Staff who can no longer sign in are left out.
        """

        def read() -> list[Party]:
            rows = self._current(now).filter(post__code=post)
            held = list(rows.select_related(None).select_related("party"))
            return [row.party for row in self._nearest(held, unit)] if held else []

        return [copy(party) for party in kept(("holders", post, unit, business_day(now)), read)]

    def substitute_for(self, party: int, now: dt.datetime) -> Party | None:
        """The deputy named for now; a deputy who is away too is followed to their own deputy."""
        away = {row.absent_id: row for row in absences(now)}
        seen, found = {party}, None
        while (row := away.get(found.pk if found else party)) is not None and row.deputy_id not in seen:
            found = row.deputy
            seen.add(found.pk)
        return copy(found)

    def superior_of(self, party: int | None, unit: int, now: dt.datetime) -> Party | None:
        """One level up the line, or None at the top.

        Nearest unit first; there, the lowest rank above the person's own among the posts that this post
        reports to and the posts that lead a unit in which the person works. For nobody (`party` None), the head of the unit.
        """
        place = houses()
        near = [other for other in place.paths if place.reach(other, unit)]
        held = list(
            self._current(now).filter(Q(unit__in=near) | Q(party=party), post__is_staff_position=False)
        )
        own = [row for row in held if row.party_id == party]
        rank = max((row.post.rank for row in own if place.reach(row.unit_id, unit)), default=0)
        rank = rank or max((row.post.rank for row in own), default=0)
        above = [row for row in held if row.party_id != party and row.post.rank > rank]
        line = self._line([row.post for row in own])
        # a post without a superior post (员工) answers to whoever is next above it
        places = [place.paths[row.unit_id] for row in own]
        fitting = [
            row
            for row in above
            if not line
            or row.post_id in line
            or (row.post.leads_unit and any(path.startswith(place.paths[row.unit_id]) for path in places))
        ]
        nearest = self._in_house(fitting, unit, place) or self._in_house(above, unit, place)
        if not nearest:
            return None
        highest_first = party is None
        ranks = [row.post.rank for row in nearest]
        wanted = max(ranks) if highest_first else min(ranks)
        return next(row.party for row in nearest if row.post.rank == wanted)

    def posts_of(self, party: int, now: dt.datetime) -> list[tuple[str, int]]:
        """Posts held or acted for, highest first, as (post code, unit id)."""
        rows = self._current(now).filter(party=party).order_by("-post__rank", "id")
        return [(row.post.code, row.unit_id) for row in rows]

    def post_code(self, word: str) -> str | None:
        """The code of the post with this code, name or alias, in either language, or None."""
        wanted = normal(word)
        found = kept("post words", _post_words).get(wanted)
        return found or kept("unit words", _unit_words).get(wanted) if wanted else None

    def _current(self, now: dt.datetime) -> QuerySet[Appointment]:
        return (
            Appointment.objects.filter(Appointment.on(business_day(now)), party__user__is_active=True)
            .select_related("party", "post")
            .order_by("id")
        )

    def _nearest(self, held: list[Appointment], unit: int, place: Houses | None = None) -> list[Appointment]:
        """Those of `held` at the nearest place to `unit`, acting holders first."""
        place = place or houses()
        found: dict[tuple[int, bool], list[Appointment]] = {}
        for row in held:
            reach = place.reach(row.unit_id, unit)
            if reach is not None:
                found.setdefault(reach, []).append(row)
        nearest = found[max(found)] if found else []
        return sorted(nearest, key=lambda row: (row.kind != Appointment.Kind.ACTING, row.pk))

    def _in_house(self, held: list[Appointment], unit: int, place: Houses) -> list[Appointment]:
        """Those of `held` in the nearest house: the head of a store and those of its departments lead it together."""
        depths = [(reach[0], row) for row in held if (reach := place.reach(row.unit_id, unit)) is not None]
        deepest = max((depth for depth, _row in depths), default=0)
        found = [row for depth, row in depths if depth == deepest]
        return sorted(found, key=lambda row: (row.kind != Appointment.Kind.ACTING, row.pk))

    def _line(self, posts: list[Post]) -> set[int]:
        """Keys of every post above these in the reporting line."""
        parents = dict(Post.objects.values_list("id", "reports_to_id"))
        found: set[int] = set()
        here = [post.reports_to_id for post in posts]
        while here:
            post = here.pop()
            if post is not None and post not in found:
                found.add(post)
                here.append(parents.get(post))
        return found
