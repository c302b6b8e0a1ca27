from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhike.complaints import access, actions, forms, more_fields, queries, questions, source_fields
from zhike.complaints.capa.panel import panel_of
from zhike.complaints.capa.reading import of_complaint
from zhike.complaints.grumbles import queries as grumbles
from zhike.complaints.joined import Joined, joined_with
from zhike.complaints.models import Complaint, Grant
from zhike.complaints.regime import Regime, label_of, reads_english, regime_of, title_of
from zhike.complaints.templatetags.complaints import row_words
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.inforce import NoManual, table_for
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import Ruling
from zhike.kernel.policy.questions import registered
from zhike.kernel.procedures import stages
from zhike.kernel.worktime import calendars
from zhike.manuals import queries as manuals
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers, menu

from ._mail import classify_form, mail_of


@dataclass(frozen=True)
class StageLine:
    label: str
    note: str
    state: str


@staff_required(access.SEE)
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one complaint."""
    return answers.page(request, "complaints/detail.html", case_context(request, pk))


def case_context(request: StaffRequest, pk: int, **more: Any) -> dict[str, Any]:
    """Everything that the page and its parts show."""
    complaint = access.complaint_for(request.user, pk)
    may = access.may(request.user, complaint)
    file = queries.file_of(complaint, findings=may.see_findings)
    actions.note_reading(complaint=complaint, by=request.user.party, now=clock.now(), way=request.path)
    there = file.after.there
    scope = access.scope(request.user)
    together = joined_with(complaint, queries.complaints(scope)) if "joinings" in there else Joined()
    regime = _regime(complaint)
    now = clock.now()
    stage = regime.stage(complaint.stage) if regime else None
    offered = actions.matters_of_grants(regime) if regime else []
    capas = of_complaint(complaint) if "capas" in there else []
    obstacle = actions.in_the_way(complaint, regime, {}) if may.step and stage and regime else ""
    by_decision = bool(stage and regime and actions.waits_for_decision(complaint, regime))
    capa_panel = panel_of(request.user, complaint, capas, regime, stage)
    context = {
        "complaint": complaint,
        "file": file,
        "may": may,
        "now": now,
        "regime": regime,
        "stages": [] if complaint.is_joined else stage_lines(complaint, file, regime),
        "joined": together,
        "grumble": grumbles.grumbles(scope).filter(complaint=complaint).first()
        if "grumble" in there
        else None,
        "duties": dated(file.duties),
        "after": file.after,
        "borne": file.after.borne(complaint.compensation),
        "ways": regime.labels(questions.WAYS, file.after.agreement.ways)
        if regime and file.after.agreement
        else [],
        "visit_due": next(
            (
                duty
                for duty in file.duties
                if duty.kind == questions.FOLLOW_UP_DUTY and duty.state == Duty.State.OPEN
            ),
            None,
        ),
        "timeline": queries.by_days(together.woven_into(complaint, file.timeline)),
        "why": ruling_card(file.authority, complaint, regime) if file.authority else None,
        "properties": [*properties(complaint, regime), *_valid(complaint, file, regime)],
        "grant_kinds": [(kind, Grant.Kind(kind).label) for kind in offered],
        "grants": [(grant, access.decides(request.user, grant)) for grant in queries.grants_of(complaint)]
        if offered
        else [],
        "overdue_sheets": list(complaint.overdue_sheets.select_related("to")) if "sheets" in there else [],
        "waiting_for": waiting_for(complaint, file),
        "sees_customer": complaint.customer is not None
        and people.scope_of(request.user, "customer.see").sees_unit(complaint.customer.unit_id),
        "step": stage,
        "stage_label": regime.stage_label(complaint.stage) if regime else complaint.stage,
        "capa_panel": capa_panel,
        "step_form": step_form(complaint, stage, regime, text=capa_panel.text)
        if may.step and stage and regime and not by_decision
        else None,
        "obstacle": obstacle,
        "by_decision": by_decision,
        "composer": forms.ComposerForm(initial={"mode": "reply"}),
        "pending": [row for row in file.approvals if row.state == "PENDING"],
        "classify_form": classify_form(complaint, regime) if may.change else None,
        "mail": mail_of(request, complaint, file),
        "compensation_blocks": bool(complaint.compensation and not complaint.compensation_approved_at),
    }
    return context | more


def dated(duties: Sequence[Duty]) -> list[Duty]:
    """What has a deadline: first what is owed, then what was done."""
    shown = [one for one in duties if one.state in {Duty.State.OPEN, Duty.State.DONE} and one.due_at]
    return sorted(shown, key=lambda one: one.state != Duty.State.OPEN)


def _regime(complaint: Complaint) -> Regime | None:
    try:
        return regime_of(complaint)
    except NoManual:
        return None


def step_label(stage: model.Stage | None) -> str:
    """What the manual wants written down in a stage (留下记录)."""
    cell = stage.cells.get("留下记录") if stage else None
    return cell.text if cell and cell.text not in {"", "-"} and not reads_english() else _("Record")


def step_form(
    complaint: Complaint, stage: model.Stage, regime: Regime, data: Any = None, text: str = ""
) -> forms.StepForm:
    initial = {"kind": stage.nature, "revision": complaint.revision, "text": text}
    return forms.StepForm(
        data,
        initial=initial,
        kind=stage.nature,
        label=step_label(stage),
        decided=decision_label(regime, regime.decided_in(stage)),
    )


def decision_label(regime: Regime, label: str) -> str:
    """What is decided in a stage, in the reader's language: the manual's list 决定 has the English of its labels."""
    word = next((word for word in regime.words(questions.DECISIONS) if word.name == label), None)
    return label_of(word) if word is not None else label


def waiting_for(complaint: Complaint, file: queries.File) -> str:
    """Who owes the stage that is due: names, or posts that nobody holds."""
    owed = [duty for duty in file.duties if stages.is_of_stage(duty, complaint)]
    return (", " if reads_english() else "、").join(map(stages.who_owes, owed))


def stage_lines(complaint: Complaint, file: queries.File, regime: Regime | None) -> list[StageLine]:
    """The stage line of the manual with who did what when."""
    if regime is None or not isinstance(regime.answer.table, model.StagesTable):
        return []
    left = {move.from_stage: move for move in file.moves}
    ahead = usual_way(regime.answer.table, complaint.stage)
    lines = []
    for stage in regime.answer.table.stages:
        move = left.get(stage.name) if stage.name not in ahead else None
        if stage.name == complaint.stage:
            lines.append(
                StageLine(regime.stage_label(stage.name), waiting_for(complaint, file) or "—", "now")
            )
        elif move is not None:
            day = calendars.local_day(move.at, complaint.unit_id)
            lines.append(StageLine(regime.stage_label(stage.name), f"{move.by.name} {day:%m-%d}", "done"))
        elif stage.name in ahead:
            lines.append(StageLine(regime.stage_label(stage.name), "", ""))
    return lines


def usual_way(table: model.StagesTable, here: str) -> list[str]:
    """The stages still ahead if nothing special happens: the last way on of each, which asks for nothing."""
    way: list[str] = []
    stage = table.stage(here) if here else None
    while stage is not None and stage.next:
        name = stage.next[-1].stage
        if name is None or name == here or name in way:
            break
        way.append(name)
        stage = table.stage(name)
    return way


def ruling_card(ruling: Ruling, complaint: Complaint, regime: Regime | None) -> dict[str, Any]:
    """A ruling in words: outcome, clause and its text, facts, matched rows, version, values of the unit."""
    outcome = outcome_words(ruling, regime)
    table = regime.manual.decision(ruling.table) if regime else None
    handles = ruling.question == questions.AUTHORITY.name
    rows = [(ruling.row, row_words(ruling, table, ruling.row, ruling.row_text, regime), outcome, True)]
    rows += [
        (
            row,
            row_words(ruling, table, row, text, regime),
            handler_word(said, regime) if handles else _outcomes_said(said, regime),
            False,
        )
        for row, text, said in ruling.also
    ]
    handler = complaint.handler if handles else None
    return {
        "outcome": outcome,
        "who": handler.name if handler else "",
        "tint": (handler.pk if handler else 0) % 6 + 1,
        "clause": ruling.clause,
        "clause_url": clause_url(ruling),
        "peek": menu.address("manuals:clause", ruling.version_id, ruling.clause),
        "text": clause_text(ruling, regime),
        "facts": [
            (_fact_label(label, ruling, regime), _fact(label, value, regime))
            for label, value in ruling.facts.items()
            if table is None or label in {column.fact.key for column in table.inputs}
        ],
        "rows": rows,
        "note": _("%(count)d rows match; the highest handler decides.") % {"count": len(rows)}
        if handles and len(rows) > 1
        else "",
        "manual": _("%(title)s, version %(number)d, in force from %(day)s")
        % {
            "title": title_of(ruling.version),
            "number": ruling.version.number,
            "day": ruling.version.effective_on.isoformat(),
        },
        "values": _values(ruling, table, complaint),
        "override": complaint.override_reason if handles else "",
    }


def outcome_words(ruling: Ruling, regime: Regime | None) -> str:
    """What was ruled, in the reader's language; several outcomes each under its label."""
    found = {}
    for field in registered()[ruling.question].outcome:
        value = ruling.outcome.get(field.name)
        if value not in (None, "", []):
            words = regime.choices(field.shape.vocabulary) if regime and field.shape.vocabulary else []
            label = (field.en or field.name) if reads_english() else field.zh
            found[label] = _in_english(_said(value, dict(words)), regime)
    if len(found) == 1:
        return next(iter(found.values()))
    return (", " if reads_english() else "，").join(f"{label} {said}" for label, said in found.items())


def _in_english(said: str, regime: Regime | None) -> str:
    """A word of the format or an amount (处理人, 3个工作日内) for readers of English; else as it is."""
    if regime is None or not reads_english():
        return said
    return manuals.Speech(regime.manual, english=True).word(said.replace("个工作", "工作"))


def _said(value: Any, words: dict[str, str]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return (", " if reads_english() else "、").join(words.get(str(one), str(one)) for one in value)
    return words.get(str(value), str(value))


def _outcomes_said(text: str, regime: Regime | None) -> str:
    """What another matching row gives, as a ruling keeps it, in the reader's language."""
    if regime is None or not reads_english():
        return text
    say = manuals.saying(regime.manual)
    return ", ".join(say(part) for part in text.split("，"))


def handler_word(said: str, regime: Regime | None) -> str:
    """The handler a row names, in the reader's language."""
    words = regime.words(questions.HANDLERS) if regime else ()
    return next((label_of(word) for word in words if word.name == said), said)


def _values(ruling: Ruling, table: model.DecisionTable | None, complaint: Complaint) -> str:
    """The parameters that the conditions of the table name, with the values of the unit; "" where there are none."""
    asked = "".join(cell.text for row in (table.rows if table else ()) for cell in row.tests)
    found = [f"{name} {text}" for name, text in ruling.parameters.items() if name in asked]
    if not found:
        return ""
    return _("Values of %(unit)s: %(values)s") % {"unit": complaint.unit.label, "values": "，".join(found)}


def _fact_label(label: str, ruling: Ruling, regime: Regime | None) -> str:
    """A fact by name, in the reader's language: of the question, or of the manual's own 登记事项."""
    if not reads_english():
        return label
    asked = (fact.en for fact in registered()[ruling.question].facts if fact.zh == label)
    own = (row.word.en for row in (regime.fields if regime else ()) if row.word.name == label)
    return next((said.capitalize() for said in (*asked, *own) if said), label)


def _fact(label: str, value: Any, regime: Regime | None) -> str | None:
    """A fact in words: codes as the manual names them, sets joined, an empty set as 无."""
    if value is None:
        return None
    if isinstance(value, list):
        names = regime.labels(regime.list_of(label) or questions.CIRCUMSTANCES, value) if regime else value
        return ("、" if not reads_english() else ", ").join(names) or _("none")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if label == questions.CHANNEL.zh:
        return str(dict(Complaint.Channel.choices).get(value, value))
    lists = {
        "项目": questions.ITEMS,
        "大类": questions.GROUPS,
        "被投诉人": questions.LEVELS,
        "级别": questions.GRADES,
    }
    if regime and (vocabulary := lists.get(label) or regime.list_of(label)):
        return regime.label(vocabulary, value)
    return str(value)


def clause_url(ruling: Ruling) -> str:
    url = menu.address("manuals:reader", ruling.version_id)
    return f"{url}#c-{ruling.clause}" if url else ""


def clause_text(ruling: Ruling, regime: Regime | None) -> str:
    """The wording of the clause, or its English gist for readers of English."""
    if regime is None:
        return ""
    clause = regime.manual.clause(ruling.clause)
    if clause is None:
        return ""
    if reads_english() and clause.gist:
        return clause.gist
    lines = regime.manual.source.splitlines()[clause.line :]
    text = []
    for line in lines:
        if line.startswith(("#", "@", "|")):
            break
        if line.strip() and not line.startswith(">"):
            text.append(line.strip())
    return "".join(text) or clause.title


def properties(complaint: Complaint, regime: Regime | None) -> list[tuple[str, Any]]:
    words = regime
    item = words.label(questions.ITEMS, complaint.item) if words and complaint.item else ""
    group = words.label(questions.GROUPS, complaint.group) if words and complaint.group else ""
    circumstances = words.labels(questions.CIRCUMSTANCES, complaint.circumstances) if words else []
    join = ", " if reads_english() else "、"
    from zhike.ui.words import money

    return [
        (_("Class"), f"{group} · {item}" if item else complaint.source_category or _("Not classified yet")),
        *([(_("Grade"), _graded(complaint, words))] if words and words.words(questions.GRADES) else []),
        (_("Circumstances"), join.join(circumstances)),
        (
            _("Goods value"),
            _("%(amount)s yuan") % {"amount": money(complaint.value)} if complaint.value is not None else "",
        ),
        (_("Customer wants"), complaint.demand),
        (_("Happened on"), complaint.happened_on.isoformat() if complaint.happened_on else ""),
        (
            _("Staff complained of"),
            complaint.accused.name
            if complaint.accused
            else (
                words.label(questions.LEVELS, complaint.accused_level)
                if words and complaint.accused_level
                else ""
            ),
        ),
        (_("Handler"), complaint.handler.name if complaint.handler else ""),
        (_("Taker"), complaint.taker.name if complaint.taker else ""),
        (_("Channel"), complaint.get_channel_display()),
        *(
            [(_("Origin"), words.label(questions.ORIGINS, complaint.origin) if complaint.origin else "")]
            if words and words.origins
            else []
        ),
        *source_fields.in_words(complaint.source),
        (_("Unit"), complaint.unit.label),
        (_("Compensation"), _compensation(complaint)),
        *(pair for pair in (more_fields.in_words(words, complaint.more) if words else []) if pair[1]),
    ]


def _valid(complaint: Complaint, file: queries.File, regime: Regime | None) -> list[tuple[str, str]]:
    """Whether it counts as valid, with the clause; nothing where the manual does not ask."""
    if complaint.valid is None:
        asked = regime is not None and table_for(regime.manual, questions.VALIDITY.name) is not None
        return [(_("Valid complaint"), _("Not judged yet"))] if asked else []
    found = [ruling for ruling in file.rulings if ruling.question == questions.VALIDITY.name]
    said = _("Yes") if complaint.valid else _("No")
    return [(_("Valid complaint"), f"{said} · {found[-1].clause}" if found else said)]


def _graded(complaint: Complaint, regime: Regime | None) -> str:
    """The grade in words; major ones say so."""
    grade = regime.label(questions.GRADES, complaint.grade) if regime and complaint.grade else complaint.grade
    major = _("Major") if complaint.major and _("Major") not in grade else ""  # a grade may be called major
    return " · ".join(part for part in (grade, major) if part)


def _compensation(complaint: Complaint) -> str:
    from zhike.ui.words import money

    if complaint.compensation is None:
        return ""
    amount = _("%(amount)s yuan") % {"amount": money(complaint.compensation)}
    return (
        amount
        if complaint.compensation_approved_at
        else _("%(amount)s, not approved yet") % {"amount": amount}
    )


@staff_required(access.SEE)
def drawer(request: StaffRequest, pk: int) -> HttpResponse:
    """A short look at a complaint without leaving the list."""
    return render(request, "complaints/drawer.html", case_context(request, pk))


@staff_required(access.SEE)
def ruling(request: StaffRequest, pk: int, ruling: int | None = None) -> HttpResponse:
    """The ruling behind a clause chip, by default the one on who handles: a popover for htmx, a page for others."""
    complaint = access.complaint_for(request.user, pk)
    regime = _regime(complaint)
    found = (
        queries.file_of(complaint, findings=False).authority
        if ruling is None
        else queries.ruling_of(complaint, ruling)
    )
    if found is None and ruling is not None:
        raise Http404
    card = ruling_card(found, complaint, regime) if found else None
    return answers.page(request, "complaints/ruling.html#card", {"complaint": complaint, "why": card})


@staff_required(access.SEE)
def date_why(request: StaffRequest, pk: int, duty: int) -> HttpResponse:
    """Why a deadline is when it is: the little calendar and the sentences."""
    complaint = access.complaint_for(request.user, pk)
    row = next((one for one in queries.file_of(complaint, findings=False).duties if one.pk == duty), None)
    if row is None or not row.limit:
        raise Http404
    pauses = [(pause.since, pause.until) for pause in row.pauses.all() if pause.until is not None]
    due = calendars.due(calendars.calendar_for(row.unit_id), row.began_at, row.limit, pauses)
    found = queries.ruling_of(complaint, row.ruling_id) if row.ruling_id else None
    explanation = due.explain("en" if reads_english() else "zh")
    context = {
        "complaint": complaint,
        "duty": row,
        "explanation": explanation,
        "title": row.label,
        "why": ruling_card(found, complaint, _regime(complaint)) if found else None,
        "earlier": queries.earlier_limits(row) if row.ruling_id else [],
    }
    return answers.page(request, "complaints/why.html#card", context)
