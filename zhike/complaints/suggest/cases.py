"""What there is to learn from: closed complaints that people classified."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from zhike.complaints.models import Complaint
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion

MOST_CASES = 50_000  # the newest
# 暂定: no regulation says it. A manual may set the parameters 建议最少案例 and 建议准确率 (per cent).
LEAST_CASES, TARGET = 40, Decimal(80)


@dataclass(frozen=True)
class Terms:
    """From how many cases on there are proposals, and how often those shown should be right (0..1)."""

    least: int
    target: float


def terms_of(key: str) -> Terms:
    """The terms of a regulation: its own parameters, or the usual ones."""
    version = ManualVersion.objects.filter(key=key, state="PUBLISHED").order_by("-number").first()
    params = inforce.manual_of(version.pk).params if version is not None else {}

    def figure(name: str, usual: Decimal) -> Decimal:
        value = params[name].value if name in params else None
        return value if isinstance(value, Decimal) else usual

    least = figure("建议最少案例", Decimal(LEAST_CASES))
    return Terms(int(least), float(figure("建议准确率", TARGET) / 100))


def classified(key: str) -> QuerySet[Complaint]:
    """Closed cases under any version of a regulation, not void, whose item somebody chose.

    Imported ones count where the person who brought the file gave its categories a meaning; the rest have no item.
    """
    return Complaint.objects.filter(manual__key=key, closed_at__isnull=False, voided_at=None).exclude(item="")


def keys() -> list[str]:
    """The regulations under which cases were closed."""
    rows = Complaint.objects.filter(closed_at__isnull=False, voided_at=None, manual__isnull=False)
    counted = rows.order_by().values_list("manual__key").annotate(number=Count("pk"))
    return sorted(key for key, _number in counted)


def newest_cases(key: str) -> tuple[list[str], list[str], str]:
    """Texts, items and a digest of the newest cases: the same digest, the same cases."""
    rows = list(classified(key).order_by("-closed_at", "-pk").values_list("pk", "text", "item")[:MOST_CASES])
    digest = hashlib.sha256()
    for pk, text, item in sorted(rows):
        digest.update(f"{pk} {item} {text}\n".encode(errors="replace"))
    return [text for _pk, text, _item in rows], [item for _pk, _text, item in rows], digest.hexdigest()
