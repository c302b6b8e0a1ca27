"""The kernel's questions about posts, answered from appointments (setting PARTIES_DIRECTORY)."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import copy

from django.db.models import Q, QuerySet

from zhike.kernel.parties.kept import kept
from zhike.kernel.parties.models import Party

from .models import Appointment, Post, UnitPost, business_day
from .seats import Seat, Seats
from .standing import absences, houses


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


def _answers(party: int, day: dt.date) -> list[tuple[frozenset[str], frozenset[int]]]:
    """Posts by the units at which this one answers for them."""
    return kept(("answers", party, day), lambda: list(_answered(party, day)))


def _answered(party: int, day: dt.date) -> Iterator[tuple[frozenset[str], frozenset[int]]]:
    seats, ranks = _seats(day), _ranks()
    own = [row for row in seats.rows if row.party == party]
    posts, top = {row.post for row in own}, max((row.rank for row in own), default=0)
    found: dict[frozenset[str], set[int]] = defaultdict(set)
    for unit in {unit for row in own for unit in seats.place.below(seats.place.of(row.unit_id))}:
        held = {row.post for row in seats.in_reach(unit)}
        codes = {post for post in posts if party in {row.party for row in seats.nearest(unit, _of(post))}}
        vacant = {rank for code, rank in ranks.items() if code not in held and rank < top}
        mine = {rank for rank in vacant if (seat := _above(seats, unit, rank)) and seat.party == party}
        codes |= {code for code, rank in ranks.items() if code not in held and rank in mine}
        if codes:
            found[frozenset(codes)].add(unit)
    for posts_there, units in found.items():
        yield posts_there, frozenset(units)


def _of(post: str) -> Callable[[Seat], bool]:
    return lambda row: row.post == post


def _above(seats: Seats[Seat], unit: int, rank: int) -> Seat | None:
    """One level up the line from a post that nobody holds: the lowest rank above it, nearest first."""
    return min(seats.lead(unit, lambda row: row.rank > rank), key=lambda row: row.rank, default=None)


def _ranks() -> dict[str, int]:
    return kept("ranks", lambda: dict(Post.objects.filter(retired_on=None).values_list("code", "rank")))


def _seats(day: dt.date) -> Seats[Seat]:
    return kept(("seats", day), lambda: _read_seats(day))


def _read_seats(day: dt.date) -> Seats[Seat]:
    rows = Appointment.objects.filter(Appointment.on(day), party__user__is_active=True).order_by("id")
    columns = rows.values_list(
        "id", "party", "unit", "kind", "post__code", "post__rank", "post__is_staff_position"
    )
    seats = [
        Seat(pk, party, unit, kind, post, 0 if is_staff else rank)
        for pk, party, unit, kind, post, rank, is_staff in columns
    ]
    return Seats(seats, houses())


class Directory:
    """Implements `zhike.kernel.parties.directory.Directory`. Holds no state of its own."""

    def holders_of(self, post: str, unit: int, now: dt.datetime) -> list[Party]:
        """Holders at the unit (or in a department of the same house), else at the nearest above; acting first.

        Staff who can no longer sign in are left out.
        """

        def read() -> list[Party]:
            rows = self._current(now).filter(post__code=post)
            held = list(rows.select_related(None).select_related("party"))
            return [row.party for row in Seats(held, houses()).nearest(unit)]

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
        nearest = Seats(fitting, place).lead(unit) or Seats(above, place).lead(unit)
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

    def answering(self, post: str, unit: int, now: dt.datetime) -> list[Party]:
        """The holders; while there are none, who is next above the post. A word that is no post is the head's."""
        holders, rank = self.holders_of(post, unit, now), _ranks().get(post)
        if holders:
            return holders
        if rank is None:
            head = self.superior_of(None, unit, now)
            return [head] if head is not None else []
        seat = _above(_seats(business_day(now)), unit, rank)
        return list(Party.objects.filter(pk=seat.party)) if seat is not None else []

    def answers_for(self, party: int, now: dt.datetime) -> list[tuple[frozenset[str], frozenset[int]]]:
        """Also as deputy of one who is away; what was found for a day is kept."""
        day = business_day(now)
        persons = [party, *self.stands_in_for(party, now)]
        return [row for one in persons for row in _answers(one, day)]

    def stands_in_for(self, party: int, now: dt.datetime) -> list[int]:
        return sorted({row.absent_id for row in absences(now) if row.deputy_id == party})

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
