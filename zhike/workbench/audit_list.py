"""The audit trail as a list: who did what, when, about what, under which clause, with before and after."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel.audit.models import Entry
from zhike.kernel.parties import subjects
from zhike.people.models import User
from zhike.ui import doors, lists, parts

from .audit_words import WORDS, words_of

SHOWN = 160


def ways_of(rows: list[Entry], user: User) -> None:
    """Where the subject of each entry opens for this reader."""
    ways = doors.ways(user, [(row.subject_label, row.subject_id) for row in rows])
    for row in rows:
        row.way = ways.get((row.subject_label, row.subject_id), "")  # type: ignore[attr-defined]


def about(row: Entry) -> SafeString:
    """The subject: as a link for whoever may open it."""
    subject = subjects.known(row.subject_label)
    noun = subject.noun if subject is not None else row.subject_label.rpartition(".")[2]
    way = getattr(row, "way", "")
    return format_html('<a href="{}">{} {}</a>' if way else "{}{} {}", way, noun, row.subject_id)


def changes(row: Entry) -> str:
    """Before and after in one line."""
    before, after = _plain(row.before), _plain(row.after)
    return f"{before} → {after}" if before and after else after or before


def _plain(values: Any) -> str:
    if not values:
        return ""
    values = {name: value for name, value in values.items() if value not in (None, "", [])}
    text = json.dumps(values, ensure_ascii=False, default=str)
    return text[1:-1].replace('"', "")


def by_subject(rows: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    """`complaints.Complaint:42`, as the link on a case gives it; or a part of the code."""
    label, _colon, number = text.partition(":")
    if number.isdecimal():
        return rows.filter(subject_label=label, subject_id=int(number))
    return rows.filter(code__contains=text)


TRAIL = lists.List(
    name="audit",
    title=gettext_lazy("Audit trail"),
    empty=gettext_lazy("No entry matches."),
    columns=(
        lists.Column(
            "at",
            gettext_lazy("When"),
            lambda r, n: parts.moment(r.at, n),
            lambda r: r.at,
            ("at", "id"),
            120,
            phone="side",
        ),
        lists.Column(
            "by",
            gettext_lazy("By"),
            lambda r, n: parts.person(r.by, empty=_("System")),
            lambda r: r.by.name if r.by else "",
            width=110,
        ),
        lists.Column(
            "action",
            gettext_lazy("Action"),
            lambda r, n: words_of(r.code),
            lambda r: r.code,
            width=190,
            phone="title",
        ),
        lists.Column(
            "about",
            gettext_lazy("About"),
            lambda r, n: about(r),
            lambda r: f"{r.subject_label} {r.subject_id}",
            width=130,
        ),
        lists.Column(
            "clause",
            gettext_lazy("Clause"),
            lambda r, n: parts.clause(r.clause) or "—",
            lambda r: r.clause,
            width=84,
        ),
        lists.Column("changes", gettext_lazy("After"), lambda r, n: parts.cut(changes(r)[:SHOWN]), changes),
        lists.Column(
            "request", "X-Request-ID", lambda r, n: r.request, lambda r: r.request, width=150, shown=False
        ),
    ),
    filters=(
        lists.choice(
            "code",
            gettext_lazy("Action"),
            lambda request: [(code, str(words)) for code, words in WORDS.items()],
            "code",
            width=170,
        ),
        lists.text("by", gettext_lazy("By"), "by__name__startswith", width=110),
        lists.dates("at", gettext_lazy("When"), "at"),
        lists.text("about", gettext_lazy("About"), apply=by_subject, more=True),
    ),
    sort="-at",
)
