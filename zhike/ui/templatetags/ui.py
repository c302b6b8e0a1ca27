"""The components as template tags; built in, no `{% load %}` needed. README.md shows each in use."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.kernel.parties import subjects
from zhike.ui import doors, fields, menu, parts, words
from zhike.ui.keys import key_groups as _key_groups
from zhike.ui.markup import format_html

register = template.Library()

# these need no clock
register.simple_tag(parts.clause, name="clause")
register.simple_tag(parts.status, name="status")
register.simple_tag(parts.tag, name="tag")
register.simple_tag(parts.avatar, name="avatar")
register.simple_tag(parts.person, name="person")
register.simple_tag(parts.count, name="count")
register.simple_tag(parts.change, name="change")
register.simple_tag(parts.copyable, name="copyable")
register.simple_tag(parts.icon, name="icon")
register.simple_tag(parts.money, name="money")
register.simple_tag(_key_groups, name="key_groups")
register.simple_tag(words.ticking_words, name="ticking_words")
register.filter("span", words.span)
register.filter("moment_full", words.moment_full)
register.filter("day", words.day)
register.filter("capped", words.capped)
register.filter("tint", parts.tint)


@register.filter
def amount(value: Decimal | None) -> str:
    """`{{ value|amount }}`: 1,860.00, or a dash."""
    return words.money(value)


def _now(context: template.Context) -> dt.datetime:
    now: dt.datetime = context["now"]
    # the processor hands over a lazy object; arithmetic wants the moment itself
    return now if type(now) is dt.datetime else now.replace()


@register.simple_tag(takes_context=True)
def due_badge(context: template.Context, due_at: dt.datetime | None, **more: Any) -> SafeString:
    """`{% due_badge duty.due_at done_at=duty.done_at absolute=True %}`"""
    return parts.due_badge(due_at, _now(context), **more)


@register.simple_tag(takes_context=True)
def duty_badge(context: template.Context, duty: Any, absolute: bool = False) -> SafeString:
    """A badge straight from a duty row; see `deadline_of`."""
    now = _now(context)
    return parts.deadline_html(deadline_of(duty, now), now, absolute=absolute)


@register.simple_tag(takes_context=True)
def duty_line(context: template.Context, duty: Any, what: str = "", owner: str = "") -> SafeString:
    """A deadline of a case header from a duty row: what, when, who."""
    now = _now(context)
    name = owner or (str(duty.owner) if getattr(duty, "owner_id", None) else "")
    return parts.deadline_line(what or str(duty), deadline_of(duty, now), now, name)


def deadline_of(duty: Any, now: dt.datetime) -> words.Deadline:
    """A duty row as a deadline. Optional attributes that a query may add: paused_at, remaining, working_days."""
    if duty.state in {"WAIVED", "CANCELLED"}:
        text = _("waived") if duty.state == "WAIVED" else _("cancelled")
        return words.Deadline("none", text, None, getattr(duty, "reason", "") or "")
    return words.deadline(
        duty.due_at,
        now,
        done_at=duty.done_at,
        paused_at=getattr(duty, "paused_at", None),
        remaining=getattr(duty, "remaining", None),
        working_days=getattr(duty, "working_days", None),
    )


@register.simple_tag(takes_context=True)
def deadline_line(
    context: template.Context, what: str, due_at: dt.datetime | None, owner: str = "", **more: Any
) -> SafeString:
    now = _now(context)
    return parts.deadline_line(what, words.deadline(due_at, now, **more), now, owner)


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: dt.datetime | None) -> SafeString:
    return parts.moment(at, _now(context))


@register.simple_tag(takes_context=True)
def log_line(context: template.Context, line: Any) -> SafeString:
    """A line of the history, as `customers.history.Line` has it."""
    return parts.log_line(
        line.at,
        _now(context),
        title=line.title,
        url=line.url,
        number=line.number,
        kind=line.kind,
        mark=line.status,
        mark_kind=line.status_kind,
    )


@register.simple_tag(takes_context=True)
def day_line(context: template.Context, at: dt.datetime) -> SafeString:
    """The line between two days of a timeline."""
    return format_html('<li class="zk-day">{}</li>', words.day_line(at, _now(context)))


@register.simple_tag(takes_context=True)
def place(context: template.Context, name: str, *arguments: Any) -> str:
    """The address behind a URL name, or "" where nothing is mounted or its gate refuses the reader:
    `{% place "workbench:search" as url %}{% if url %}...`.
    """
    user = _reader(context)
    return menu.address(name, *arguments) if user is None else doors.way(user, name, *arguments)


@register.simple_tag(takes_context=True)
def way_to(context: template.Context, row: Any) -> str:
    """The address of one row, or "" where the reader may not open it: `{% way_to customer as url %}`; one query."""
    key = (subjects.label_of(row), row.pk)
    return doors.ways(_reader(context), [key]).get(key, "")


def _reader(context: template.Context) -> Any:
    """Who reads the page; a part that is included with `only` knows it by its request alone."""
    return getattr(getattr(context, "request", None) or context.get("request"), "user", None)


@register.simple_tag
def once_a_language(template_name: str) -> SafeString:
    """A part that depends on nothing but the reader's language, and stands on every page: drawn once for each."""
    return _drawn(template_name, get_language() or "")


@lru_cache(maxsize=16)
def _drawn(template_name: str, _language: str) -> SafeString:
    return render_to_string(template_name)


@register.simple_tag
def clause_at(version: int | None, number: str) -> SafeString:
    """A clause chip that opens the manual: the clause in a popover first, the whole book on a click.

    `version` is the key of the manual's version; without one the chip only names the clause.
    """
    if not number or not version:
        return parts.clause(number)
    url = menu.address("manuals:reader", version)
    return parts.clause(
        number, f"{url}#c-{number}" if url else "", peek=menu.address("manuals:clause", version, number)
    )


# ---- the rail: few people see a rail that was not drawn before


@register.simple_tag
def rail_lines(groups: tuple[menu.Group, ...]) -> SafeString:
    return _rail(groups, get_language() or "")


@register.simple_tag
def rail_line(line: menu.Line) -> SafeString:
    return _rail_line(line, get_language() or "")


@lru_cache(maxsize=128)
def _rail(groups: tuple[menu.Group, ...], language: str) -> SafeString:
    pieces: list[SafeString] = []
    for group in groups:
        if group.label:
            pieces.append(format_html("<h2>{}</h2>", group.label))
        pieces += [_rail_line(line, language) for line in group.lines]
    return SafeString("".join(pieces))


@lru_cache(maxsize=512)
def _rail_line(line: menu.Line, _language: str) -> SafeString:
    return format_html(
        '<a href="{}"{}{}><i class="ti ti-{}" aria-hidden="true"></i><span class="cut">{}</span>'
        '<span class="zk-live" data-count="{}">{}</span></a>',
        line.href,
        mark_safe(' aria-current="page"') if line.current else "",
        format_html(' data-go="{}"', line.keys) if line.keys else "",
        line.icon,
        line.label,
        line.key,
        parts.count(line.count.number, late=line.count.late) if line.count else "",
    )


# ---- forms


@register.simple_tag
def field(bound: BoundField, **more: Any) -> SafeString:
    """Label, control, help and error of one form field; see `fields.row`."""
    return fields.row(bound, **more)


@register.inclusion_tag("ui/components/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """What is wrong with the form as a whole, and how many fields need another look."""
    wrong = [bound for bound in form if bound.errors] if form.is_bound else []
    return {"form": form, "wrong": wrong}


# ---- wrappers: {% panel "Title" %} ... {% endpanel %}


@register.simple_block_tag
def panel(
    content: str, title: str, note: str = "", closed: bool = False, href: str = "", link: str = ""
) -> str:
    """A collapsible section of the right column of a case page."""
    return render_to_string(
        "ui/components/panel.html",
        {"content": content, "title": title, "note": note, "closed": closed, "href": href, "link": link},
    )


@register.simple_block_tag
def card(
    content: str, title: str = "", note: str = "", href: str = "", link: str = "", flush: bool = False
) -> str:
    """A card with heading, quiet note and a link at the right. `flush` leaves out the padding (tables)."""
    values = {"content": content, "title": title, "note": note, "href": href, "link": link, "flush": flush}
    return render_to_string("ui/components/card.html", values)


@register.simple_block_tag
def pop(
    content: str, label: str, kind: str = "btn btn-sm", end: bool = False, wide: str = "", key: str = ""
) -> str:
    """A popover on `<details>`: works without JavaScript, closes on Esc and on a click elsewhere."""
    values = {"content": content, "label": label, "kind": kind, "end": end, "wide": wide, "key": key}
    return render_to_string("ui/components/pop.html", values)


@register.simple_block_tag
def alert(content: str, kind: str = "", icon: str = "") -> str:
    """A message inside a page. `kind`: late, brand, met, or nothing for amber."""
    mark = icon or {"late": "alert-triangle", "met": "circle-check", "brand": "info-circle"}.get(
        kind, "clock"
    )
    return format_html(
        '<div class="zk-alert{}"{}>{}<div class="grow">{}</div></div>',
        f" is-{kind}" if kind else "",
        mark_safe(' role="alert"') if kind == "late" else "",
        parts.icon(mark),
        mark_safe(content),
    )


@register.simple_block_tag
def nothing(content: str, icon: str = "inbox") -> str:
    """Nothing here: one grey sentence and the next action."""
    return format_html('<div class="zk-empty">{}<p>{}</p></div>', parts.icon(icon), mark_safe(content))


@register.simple_block_tag(takes_context=True)
def link(context: template.Context, content: str, url: str, kind: str = "") -> str:
    """A link for whoever may open the page, plain text for others: `{% link figure.url %}{{ number }}{% endlink %}`.

    `kind`: classes.
    """
    user, text = _reader(context), mark_safe(content)
    if url and (user is None or doors.opens(user, url)):
        return (
            format_html('<a class="{}" href="{}">{}</a>', kind, url, text)
            if kind
            else format_html('<a href="{}">{}</a>', url, text)
        )
    return format_html('<span class="{}">{}</span>', kind, text) if kind else text


@register.simple_block_tag
def entry(content: str, **more: Any) -> str:
    """One entry of a timeline: see `parts.entry` for what may be given."""
    return parts.entry(mark_safe(content.strip()), **more)


@register.simple_block_tag
def dialog(content: str, id: str, title: str, wide: bool = False) -> str:
    """A dialog in the page, opened by any `data-open="id"`."""
    values = {"content": content, "id": id, "title": title, "wide": wide}
    return render_to_string("ui/components/dialog.html", values)


# ---- lines


@register.inclusion_tag("ui/components/stages.html")
def stages(steps: Any) -> dict[str, Any]:
    """`steps`: rows with `label`, `note`, `state` ("done", "now" or "")."""
    return {"steps": steps}


@register.inclusion_tag("ui/components/approval.html")
def approval(steps: Any, down: bool = False) -> dict[str, Any]:
    """A line of people. `steps`: rows with `name`, `tint`, `state` (ok, now, next, no), `note`, `opinion`."""
    return {"steps": steps, "down": down}


@register.inclusion_tag("ui/components/approval.html")
def approval_line(approval: Any) -> dict[str, Any]:
    """The line of people of an approval: who asked, who agreed, whose turn it is."""
    states = {"YES": "ok", "NOW": "now", "WAITING": "next", "NO": "no", "BACK": "no", "SKIPPED": "next"}
    asked = approval.asked_by
    steps = [{"name": asked.name, "tint": parts.tint(asked.pk), "state": "ok", "note": _("asked")}]
    for step in approval.steps.all():
        note = str(step.get_decision_display())
        if step.deputy is not None:
            note = _("%(decision)s, decided by %(deputy)s") % {"decision": note, "deputy": step.deputy.name}
        steps.append(
            {
                "name": step.approver.name,
                "tint": parts.tint(step.approver_id),
                "state": states[step.decision],
                "note": note,
                "opinion": step.opinion,
            }
        )
    return {"steps": steps}


@register.inclusion_tag("ui/components/ruling.html")
def ruling(ruling: Any, **more: Any) -> dict[str, Any]:
    """A ruling card: see components/ruling.html for what may be given."""
    return {"ruling": ruling, **more}


@register.inclusion_tag("ui/components/props.html")
def props(rows: Any) -> dict[str, Any]:
    """`rows`: pairs of label and value (text or safe HTML); an empty value is a dash."""
    return {"rows": rows}


@register.inclusion_tag("ui/components/drop.html")
def file_drop(bound: BoundField, limit_mb: int = 20) -> dict[str, Any]:
    """A field for files that also takes a drop; a plain file field without JavaScript."""
    return {"field": bound, "limit": limit_mb}


@register.simple_tag
def chart(kind: str, data: Any, id: str, label: str, high: bool = False) -> SafeString:
    """A chart drawn by `ui/js/charts.js`. `data`: see README; `label` says in words what it shows."""
    from django.utils.html import json_script

    return format_html(
        '<div class="zk-chart{}" data-chart="{}" data-source="{}" role="img" aria-label="{}"></div>{}',
        " h300" if high else "",
        kind,
        id,
        label,
        json_script(data, id),
    )
