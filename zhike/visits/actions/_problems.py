"""Problems of a customer: what the regulation wants done about each, whom else it asks, and the answer (T004-03)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.customers.contacts import actions as contacts
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.subjects import label_of
from zhike.people.requests import actions as requests
from zhike.people.requests.models import Request
from zhike.visits import questions
from zhike.visits.models import Problem, Visit

from ._common import URGENT, CannotVisit, change, moment, ruled, word

URGENT_TITLE = gettext_noop("Take up the urgent problem")


@held
@transaction.atomic
def raise_problem(
    *,
    visit: Visit,
    text: str,
    by: Party,
    now: dt.datetime,
    in_authority: bool,
    at_once: bool,
    kind: str = "OTHER",
    urgent: bool = False,
    needs_others: bool = False,
    proposal: str = "",
    answer: str = "",
    reply_by: dt.datetime | None = None,
    to_unit: Unit | None = None,
    at: dt.datetime | None = None,
) -> Problem:
    """A problem, and what the regulation wants done about it (T004-03).

    What is not solved on the spot needs the time of the answer, which becomes a promise to the customer (R004-18).
    Other departments that are needed, or the leader of an urgent one, are asked at once; `to_unit` names whom.
    """
    if not text.strip():
        raise CannotVisit(_("Write down the problem."))
    found = ruled(visit, now)
    word(found, questions.PROBLEMS, kind)
    ruling = found.decide(
        questions.PROBLEM,
        in_authority=in_authority,
        at_once=at_once,
        urgent=urgent,
        needs_others=needs_others,
    )
    if not ruling:
        raise CannotVisit(_("The regulation does not say what is done about such a problem."))
    codes = [str(row.outcome["办法"]) for row in ruling]
    clauses = list(dict.fromkeys(row.clause for row in ruling))
    solved = codes == ["SOLVE"]
    if solved and not answer.strip():
        raise CannotVisit(_("Write down how it was solved on the spot."))
    if any(row.outcome["告知答复时间"] for row in ruling) and reply_by is None:
        raise CannotVisit(_("Tell the customer when an answer will come: the reply time is missing."))
    change(visit, by=by, now=now, code="visits.problem", no_problem=False)
    problem = Problem(
        visit=visit,
        unit_id=visit.unit_id,
        kind=kind,
        text=text.strip(),
        proposal=proposal.strip(),
        in_authority=in_authority,
        at_once=at_once,
        urgent=urgent,
        needs_others=needs_others,
        actions=codes,
        clause="、".join(clauses)[:60],
        at=moment(at, now),
        by=by,
    )
    if solved:
        problem.state, problem.answer = Problem.State.ANSWERED, answer.strip()
        problem.answered_at, problem.answered_by = problem.at, by
        problem.save()
        return problem
    try:
        problem.promise = contacts.promise(
            customer=visit.customer,
            text=text.strip()[:400],
            keeper=visit.manager,
            due_at=reply_by,
            by=by,
            now=now,
        )
    except contacts.CannotPromise as refusal:
        raise CannotVisit(str(refusal)) from refusal
    problem.reply_by = reply_by
    problem.request = _ask(problem, visit, found.label(questions.PROBLEMS, kind), to_unit, now)
    if "REPORT" in codes:
        problem.reported_at = now
    problem.save()
    if problem.reported_at is not None and not _is_report(problem.request):
        _report(problem, visit, now)
    return problem


def _ask(
    problem: Problem, visit: Visit, topic: str, to_unit: Unit | None, now: dt.datetime
) -> Request | None:
    """The request to whom the ruling names: the unit chosen, else the own leader, who knows whom else to ask.

    None where it names nobody, no regulation on requests is in force or nobody could answer: problem and promise
    stand anyway.
    """
    if "COORDINATE" in problem.actions:
        kind, units = Request.Kind.COORDINATION, [to_unit, visit.unit] if to_unit else [visit.unit]
    elif "REPORT" in problem.actions:
        kind, units = Request.Kind.URGENT, [visit.unit]
    else:
        return None
    for unit in units:
        try:
            return requests.ask(
                kind=kind, text="\n".join(filter(None, [problem.text, problem.proposal])), topic=topic,
                to_unit=unit, unit=visit.unit, subject=(label_of(visit), visit.pk), customer=visit.customer,
                secrecy=visit.secrecy, urgent=problem.urgent, due_at=problem.reply_by, by=problem.by, now=now,
            )  # fmt: skip
        except requests.CannotAsk:
            continue
    return None


def _is_report(request: Request | None) -> bool:
    return request is not None and request.kind == Request.Kind.URGENT


def _report(problem: Problem, visit: Visit, now: dt.datetime) -> None:
    """To the leader of the department at once, where no request says so already (R004-27)."""
    leader = directory().superior_of(visit.manager_id, visit.unit_id, now)
    limit, clause = ruled(visit, now).limit("URGENT")
    with override("zh-hans"):
        title = _(URGENT_TITLE)
    draft = duties.Draft(URGENT, title, leader, now, limit, title_en=URGENT_TITLE, clause=clause)
    duties.open_duties(
        [draft],
        subject=visit,
        unit_id=visit.unit_id,
        matter=f"{visit.customer.name}: {problem.text}",
        customer_id=visit.customer_id,
        secrecy=visit.secrecy,
    )
    if leader is not None:
        post.notify(
            to=leader,
            kind="visit_urgent",
            title=_("Urgent problem at %(name)s") % {"name": visit.customer.name},
            body=problem.text,
            subject=visit,
            by=visit.manager,
            at=now,
            email=True,
        )


@transaction.atomic
def no_problem(*, visit: Visit, by: Party, now: dt.datetime) -> Visit:
    """Asked, and the customer has none."""
    if visit.problems.exists():
        raise CannotVisit(_("A problem was written down at this visit."))
    return change(visit, by=by, now=now, code="visits.no_problem", no_problem=True)


@held
@transaction.atomic
def answer_problem(*, problem: Problem, answer: str, by: Party, now: dt.datetime) -> Problem:
    """The customer was told the answer; the promise is kept by it, on time or late."""
    if not answer.strip():
        raise CannotVisit(_("Write down the answer."))
    rows = Problem.objects.filter(pk=problem.pk, state=Problem.State.OPEN)
    if not rows.update(state=Problem.State.ANSWERED, answer=answer.strip(), answered_at=now, answered_by=by):
        raise CannotVisit(_("This problem was answered already."))
    problem.refresh_from_db()
    if problem.promise is not None and problem.promise.state == problem.promise.State.OPEN:
        contacts.end_promise(
            promise=problem.promise, state="KEPT", by=by, now=now, outcome=answer.strip()[:200]
        )
    if "REPORT" in problem.actions:
        duties.discharge(subject=problem.visit, kinds=[URGENT], by=by, now=now)
    if problem.request is not None:
        _end(problem.request, problem.answer, by, now)
    trail.record(
        "visits.problem_answered", subject=problem.visit, by=by, at=now, after={"problem": problem.pk}
    )
    return problem


def _end(request: Request, answer: str, by: Party, now: dt.datetime) -> None:
    """Who asked and has told the customer has nothing more to settle; an answer of somebody else leaves it open."""
    if by.pk != request.asked_by_id:
        return
    try:
        if request.state == Request.State.ANSWERED:
            requests.settle(request=request, result=answer[:400], by=by, now=now)
        elif request.state == Request.State.OPEN:
            requests.withdraw(request=request, reason=answer[:200], by=by, now=now)
    except requests.CannotAnswer as refusal:
        raise CannotVisit(str(refusal)) from refusal
