"""Reads: the list of corrective actions, and past cases that look like the same trouble. Scope first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.complaints import queries as cases
from zhike.complaints.models import Complaint
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.kernel.search import index

from .models import Capa, CapaAction, CapaCase
from .reading import Dossier

NAMED = ("lead", "opened_by")
# 登记事项 by which regulations register the lot and the goods
BATCHES = ("lot", "batch")
PRODUCTS = ("product", "material_no", "goods", "model")
ITEM, CUSTOMER = _("same item"), _("same customer and item")
BATCH, PRODUCT, CAUSE = _("same batch"), _("same product"), _("words of the cause")
MOST = 200  # newest candidates that are compared
SHOWN = 12


def capas(scope: Scope) -> QuerySet[Capa]:
    """The visible corrective actions; nobody sees one about a complaint about themselves."""
    named = Q(
        pk__in=CapaCase.objects.filter(complaint__in=cases.confidential(scope).values("pk")).values("capa")
    )
    rows = scope.rows(Capa.objects.all(), named=NAMED, secrecy="secrecy", also=named)
    return _without_own(rows, scope.party).select_related("unit", "lead", "recurs", "recurs_capa", "approval")


def named_capas(party: int, posts: Iterable[tuple[Collection[str], Collection[int]]] = ()) -> QuerySet[Capa]:
    """Those in which a person takes part or owes a measure, wherever they lie; for the page of one."""
    owed = Q(owner=party) | Q(duty__owner=party)
    for codes, units in posts:
        owed |= Q(owner_post__in=sorted(codes), capa__unit__in=sorted(units))
    owes = Exists(CapaAction.objects.filter(owed, capa=OuterRef("pk")))
    duty = Exists(
        Duty.objects.filter(subject_label=Capa._meta.label, subject_id=OuterRef("pk"), owner=party).exclude(
            state=Duty.State.CANCELLED
        )
    )
    works = Exists(
        Duty.objects.filter(
            subject_label=Complaint._meta.label,
            subject_id__in=CapaCase.objects.filter(capa=OuterRef(OuterRef("pk"))).values("complaint"),
            owner=party,
        ).exclude(state=Duty.State.CANCELLED)
    )
    part = Exists(Capa.participants.through.objects.filter(capa=OuterRef("pk"), party=party))
    return _without_own(capas(EVERYTHING).filter(owes | duty | works | part), party)


def _without_own(rows: QuerySet[Capa], party: int | None) -> QuerySet[Capa]:
    if party is None:
        return rows
    own = CapaCase.objects.filter(capa=OuterRef("pk"), complaint__accused=party)
    return rows.filter(~Exists(own))


def lines(scope: Scope) -> QuerySet[Capa]:
    """The same with what a line of the list prints: how many measures are open, the next date, how many cases."""
    open_one = Q(actions__done_at=None, actions__duty__isnull=False)
    return capas(scope).annotate(
        open_count=Count("actions", filter=open_one, distinct=True),
        next_due=Min("actions__duty__due_at", filter=open_one),
        case_count=Count("cases", distinct=True),
    )


def with_overdue(rows: QuerySet[Capa], now: dt.datetime) -> QuerySet[Capa]:
    """Those with a measure that is owed and whose date has passed."""
    late = CapaAction.objects.filter(
        capa=OuterRef("pk"), done_at=None, duty__state=Duty.State.OPEN, duty__due_at__lt=now
    )
    return rows.filter(Exists(late), ended_at=None)


# ---- recurrence


@dataclass
class Past:
    """A past case that may be the same trouble: why it was found, and what was done against it then."""

    complaint: Complaint
    reasons: list[str | Promise] = field(default_factory=list)
    capas: list[Capa] = field(default_factory=list)

    @property
    def confirmed(self) -> Capa | None:
        """A corrective action whose effect had been confirmed before: that it came back is the strongest sign.

        The same item alone is no sign of the same trouble.
        """
        if self.reasons == [ITEM]:
            return None
        return next((one for one in self.capas if one.phase == Capa.Phase.CLOSED), None)

    @property
    def weight(self) -> tuple[bool, int, dt.datetime]:
        return (self.confirmed is not None, len(self.reasons), self.complaint.opened_at)


def past_cases(scope: Scope, file: Dossier, words: str) -> list[Past]:
    """Earlier visible cases with the same batch, product, item or customer, or with words of the cause.

    The strongest come first: back after a confirmed effect, then by the number of reasons, then the newest.
    """
    members = {one.pk for one in file.complaints}
    before = min((one.opened_at for one in file.complaints), default=file.capa.opened_at)
    rows = (
        cases.complaints(scope)
        .filter(opened_at__lt=before, voided_at=None)
        .exclude(pk__in=members)
        .order_by("-opened_at")
    )
    found: dict[int, Past] = {}
    for reason, matching in _signs(file, rows, words):
        for complaint in matching[:MOST]:
            reasons = found.setdefault(complaint.pk, Past(complaint)).reasons
            if reason is not ITEM or CUSTOMER not in reasons:
                reasons.append(reason)
    _with_capas(found, file.capa)
    return sorted(found.values(), key=lambda past: past.weight, reverse=True)[:SHOWN]


def _signs(
    file: Dossier, rows: QuerySet[Complaint], words: str
) -> list[tuple[str | Promise, QuerySet[Complaint]]]:
    """A reason and the cases for which it holds."""
    house = rows.filter(unit=file.capa.unit_id)
    first = file.complaints
    items = {one.item for one in first if one.item}
    signs: list[tuple[str | Promise, QuerySet[Complaint]]] = []
    for reason, codes in ((BATCH, BATCHES), (PRODUCT, PRODUCTS)):
        said = _registered(first, codes)
        if said is not None:
            signs.append((reason, house.filter(said)))
    customers = {one.customer_id for one in first if one.customer_id}
    if customers and items:
        signs.append((CUSTOMER, rows.filter(customer__in=customers, item__in=items)))
    if items:
        signs.append((ITEM, house.filter(item__in=items)))
    # any of the words, in a complaint or in the cause and lesson of its corrective action
    typed = words.split()[:6]
    if typed:
        said = Q()
        for word in typed:
            said |= Q(pk__in=index.matching(word, label=Complaint._meta.label))
            said |= Q(
                pk__in=CapaCase.objects.filter(capa__in=index.matching(word, label=Capa._meta.label)).values(
                    "complaint"
                )
            )
        signs.append((CAUSE, rows.filter(said)))
    return signs


def _registered(complaints: Sequence[Complaint], codes: Collection[str]) -> Q | None:
    """Cases in whose 登记事项 one of these codes says the same."""
    said = {(code, str(one.more[code])) for one in complaints for code in codes if one.more.get(code)}
    found: Q | None = None
    for code, value in sorted(said):
        same = Q(**{f"more__{code}": value})
        found = same if found is None else found | same
    return found


def _with_capas(found: dict[int, Past], capa: Capa) -> None:
    links = CapaCase.objects.filter(complaint__in=list(found)).exclude(capa__phase=Capa.Phase.DROPPED)
    links = links.exclude(capa=capa)
    by_case: dict[int, list[Capa]] = defaultdict(list)
    for link in links.select_related("capa").order_by("-capa__opened_at"):
        by_case[link.complaint_id].append(link.capa)
    for pk, past in found.items():
        past.capas = by_case[pk]
