"""Words of complaints for templates; no rules and no queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Entry
from zhike.complaints.queries import Item
from zhike.complaints.regime import Regime, limit_words, reads_english, title_of
from zhike.customers.models import Customer
from zhike.kernel.outbox.models import Message
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import Ruling
from zhike.kernel.worktime.story import DayMark
from zhike.manuals import queries as manuals
from zhike.ui import parts
from zhike.ui.markup import format_html

register = template.Library()


@register.filter
def tint(pk: int | None) -> int:
    return (pk or 0) % 6 + 1


register.filter("manual_title", title_of)


@register.simple_tag
def said(item: Item, customer: Customer | None) -> SafeString:
    """A reply, an internal note or a message of the customer; a long case has hundreds, so no template draws them."""
    entry: Entry = item.row
    text = format_html('<div class="zk-text">{}</div>', linebreaksbr(entry.text))
    if entry.kind == Entry.Kind.CUSTOMER:
        who = customer.name if customer is not None and customer.name else _("Customer")
        return parts.entry(text, icon="message", who=who, what=entry.channel_label, at=item.at)
    is_note = entry.kind == Entry.Kind.NOTE
    return parts.entry(
        text if is_note else text + _letter(entry),
        kind="note" if is_note else "out",
        who=entry.by.name if entry.by else "",
        tint=tint(entry.by_id),
        what=_("internal note") if is_note else _("reply to the customer"),
        tag=_("customer does not see this") if is_note else "",
        at=item.at,
    )


def _letter(entry: Entry) -> SafeString:
    """The e-mail by which a reply left and how it fared, where the page knows of one."""
    letter: Message | None = getattr(entry, "letter", None)
    if letter is None:
        return SafeString("")
    state = [letter.envelope.get("to", ""), letter.get_email_state_display(), letter.error]
    return format_html(
        '<p class="s12 mt-1 {}"><i class="ti ti-mail" aria-hidden="true"></i> {}</p>',
        "zk-late" if letter.email_state == Message.EmailState.FAILED else "ink3",
        " · ".join(str(part) for part in state if part),
    )


@register.simple_tag
def ruling_words(ruling: Any, regime: Any) -> str:
    code = ruling.outcome.get("handler", "")
    return _("Ruling: %(post)s handles it") % {
        "post": regime.label(questions.HANDLERS, code) if regime else code
    }


@register.simple_tag
def ruling_conditions(ruling: Ruling, regime: Regime | None) -> str:
    """The conditions under which the row of a ruling stands, in the reader's language."""
    table = regime.manual.decision(ruling.table) if regime else None
    return row_words(ruling, table, ruling.row, ruling.row_text, regime)


def row_words(
    ruling: Ruling, table: model.DecisionTable | None, row: int, text: str, regime: Regime | None
) -> str:
    """The conditions of a row: as they were written down, or for readers of English word by word."""
    if regime is None or ruling.version_id != regime.answer.version.pk:
        return text
    return manuals.conditions_said(regime.manual, table, row, text, english=reads_english())


@register.simple_tag
def offence_words(fault: Any, regime: Any) -> str:
    label: str = regime.label(questions.OFFENCES, fault.offence) if regime else fault.offence
    return label


@register.simple_tag
def stage_words(stage: str, regime: Any) -> str:
    """The name of a stage in the reader's language."""
    return str(regime.stage_label(stage)) if regime else stage


register.filter("limit_words", limit_words)


@register.simple_tag
def duty_title(duty: Any) -> str:
    """The title in the reader's language; `duty` is a row or a dictionary with the two columns."""
    title, english = (
        (duty["title"], duty["title_en"]) if isinstance(duty, dict) else (duty.title, duty.title_en)
    )
    return str(english if english and reads_english() else title)


@register.simple_tag
def percent(done: int, late: int) -> str:
    return f"{100 * (done - late) / done:.1f} %" if done else "—"


@register.simple_tag
def span(length: dt.timedelta | None) -> str:
    """A mean length of time in hours and minutes."""
    if length is None:
        return "—"
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


MARKS = {"start": "s", "counted": "c", "skipped": "h", "due": "d", "outside": "x"}
ROUND = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@register.simple_tag
def calendar_day(day: DayMark) -> SafeString:
    """One day of the little calendar: date, its place among the counted days, and why it is skipped or worked."""
    number = f"{day.date.month}/{day.date.day}" if day.date.day == 1 else str(day.date.day)
    place = (ROUND[day.number - 1] if day.number <= len(ROUND) else str(day.number)) if day.number else ""
    notes = [place, day.reason]
    if day.mark == "due":
        notes = [place, _("due")]
    elif day.mark == "start":
        notes = [_("start")]
    return format_html(
        '<div class="{}">{}<small>{}</small></div>',
        MARKS[day.mark],
        number,
        " ".join(note for note in notes if note),
    )
