"""Possible duplicates: complaints that may be about the same thing, with how alike they are and why."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.kernel.search import index
from zhike.manuals.queries import number
from zhike.people.models import business_day

from .models import Complaint
from .regime import Regime

# Figures of the manual, else of the service standards; likeness in per cent of the pairs of characters.
DAYS, LIKE = "重复投诉天数", "重复投诉相似度"
SAME = "相同诉求相似度"  # from which the same request is meant whoever makes it
SHOWN = 5
LOOKED_AT = 40  # the newest candidates of each kind
LONGEST = 2000  # characters that are compared


@dataclass(frozen=True)
class Alike:
    """One candidate: `likeness` in per cent of the text, `reasons` in words."""

    complaint: Complaint
    likeness: int
    reasons: list[str | Promise]


def alike(
    rows: QuerySet[Complaint],
    regime: Regime,
    *,
    text: str,
    now: dt.datetime,
    customers: Iterable[int] = (),
    phone_customers: Iterable[int] = (),
    item: str = "",
    channel: str = "",
    other_than: int | None = None,
) -> list[Alike]:
    """Of the visible `rows` those of the window that may be the same complaint, the most alike first.

    The same customer (or telephone number) with a like text or the same item; or the same request by anybody.
    Void and joined ones are left out. Two statements at most.
    """
    day = business_day(now)
    days, least, same = (number(name, day, regime.manual) for name in (DAYS, LIKE, SAME))
    since = now - dt.timedelta(days=days)
    recent = rows.filter(opened_at__gte=since, voided_at=None, joined_to=None)
    if other_than is not None:
        recent = recent.exclude(pk=other_than)
    known, by_phone = set(customers), set(phone_customers)
    found: dict[int, Complaint] = {}
    if known | by_phone:
        theirs = recent.filter(customer__in=known | by_phone).order_by("-opened_at")
        found |= {row.pk: row for row in theirs[:LOOKED_AT]}
    if condition := _same_words(text):
        found |= {row.pk: row for row in recent.filter(condition).order_by("-opened_at")[:LOOKED_AT]}
    pairs = _pairs(text)
    judged = [_judge(row, pairs, known, by_phone, item, channel, least, same) for row in found.values()]
    ordered = sorted(
        (one for one in judged if one is not None),
        key=lambda one: (-one.likeness, -one.complaint.opened_at.timestamp()),
    )
    return ordered[:SHOWN]


def _judge(
    row: Complaint,
    pairs: frozenset[str],
    known: set[int],
    by_phone: set[int],
    item: str,
    channel: str,
    least: int,
    same: int,
) -> Alike | None:
    likeness = likeness_of(pairs, _pairs(row.text))
    reasons: list[str | Promise] = []
    if row.customer_id in known:
        reasons.append(_("same customer"))
    elif row.customer_id in by_phone:
        reasons.append(_("same phone"))
    is_theirs = bool(reasons)
    if item and row.item == item:
        reasons.append(_("same item"))
    if likeness >= same:
        reasons.append(_("same request by another channel") if channel != row.channel else _("same request"))
    elif likeness >= least:
        reasons.append(_("similar text"))
    is_like = likeness >= least or (item and row.item == item)
    if not (is_theirs and is_like) and likeness < same:
        return None
    return Alike(row, likeness, reasons)


def likeness_of(one: frozenset[str], other: frozenset[str]) -> int:
    """How much of both is common, in per cent: twice the common pairs of characters by all pairs."""
    total = len(one) + len(other)
    return 200 * len(one & other) // total if total else 0


def _pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, whatever the width, case and punctuation."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _same_words(text: str) -> Q | None:
    """Rows whose text has the two longest phrases of this one: the same request, found by the search index."""
    phrases = sorted(re.findall(r"\w{4,}", text[:LONGEST]), key=len, reverse=True)[:2]
    if not phrases:
        return None
    words = " ".join(phrase[:12] for phrase in phrases)
    return Q(pk__in=index.matching(words, Complaint._meta.label))
