"""The face of the parser: the text of a manual in, a `Manual` with all its findings out."""

from collections.abc import Mapping
from dataclasses import replace

from zhike.kernel.policy.questions import Question, registered

from .blocks import take_apart
from .decisions import read_decision
from .desk import Desk, Order, read_directive, read_header
from .examples import read_examples
from .facts import collect_mentions
from .front import read_front
from .model import Clause, DecisionTable, Finding, Level, Manual, Table
from .plain import read_derive, read_list, read_params
from .procedures import read_stages, stage_names
from .text import normal

MOST_CHARACTERS = 2_000_000


def read(
    text: str,
    *,
    questions: Mapping[str, Question] | None = None,
    overrides: Mapping[str, str] | None = None,
    unit: str = "",
) -> Manual:
    """Read a manual; never raises. What is wrong stands in `findings`, sorted by place.

    `questions` are those the installation knows (default: all registered ones); tables that answer others are
    read by `facts:` and by inference. `overrides` are parameter values of a unit as text; whether the unit may
    set them is for `overlay.apply`.
    """
    blocks = take_apart(text[:MOST_CHARACTERS])
    if len(text) > MOST_CHARACTERS:
        blocks.error(1, 0, f"文件太长(超过 {MOST_CHARACTERS} 字)")
    front = read_front(blocks)
    desk = Desk(blocks, front, registered() if questions is None else questions, overrides or {})
    clauses = _clauses(desk)
    orders = [order for each in blocks.directives if (order := read_directive(desk, each))]
    desk.findings += _with_tables(blocks.findings, orders)
    tables = _tables(desk, orders)
    return Manual(
        name=front.name,
        title=front.title,
        version=front.version,
        effective=front.effective,
        owner=front.owner,
        calendar=front.calendar,
        source=blocks.source,
        clauses=clauses,
        tables=tables,
        facts=dict(desk.facts),
        findings=tuple(sorted(desk.findings)),
        unit=unit,
        meta=front.meta,
        overrides=dict(desk.overrides),
        questions=desk.questions,
    )


def _with_tables(findings: list[Finding], orders: list[Order]) -> list[Finding]:
    """Findings about the shape of a table get the table's name."""
    names = {}
    for order in orders:
        last = order.raw.rows[-1].line if order.raw.rows else order.raw.header.line + 1
        names.update(dict.fromkeys(range(order.line, last + 2), order.name))
    return [replace(finding, table=names.get(finding.line, finding.table)) for finding in findings]


def _clauses(desk: Desk) -> tuple[Clause, ...]:
    found = []
    for heading in desk.blocks.headings:
        if heading.number and heading.number in desk.clauses:
            message = f"条款“{heading.number}”有两个标题"
            desk.report(Level.WARNING, heading.line, 0, "", message)
        desk.clauses.add(heading.number or normal(heading.title))
        found.append(Clause(heading.number, heading.title, heading.depth, heading.line, heading.gist))
    return tuple(found)


def _tables(desk: Desk, orders: list[Order]) -> tuple[Table, ...]:
    """Vocabularies and figures first, then what uses them, each in the order of the file; returned in that order."""
    _check_names(desk, orders)
    found: dict[int, Table] = {}
    for order in orders:
        if order.kind == "list":
            found[order.line] = desk.lists[order.name] = read_list(desk, order)
    for order in orders:
        if order.kind == "params":
            found[order.line] = read_params(desk, order)
    _look_ahead(desk, orders)
    for order in orders:
        if order.kind == "derive":
            found[order.line] = read_derive(desk, order)
    for order in orders:
        if order.kind == "decision":
            found[order.line] = read_decision(desk, order)
    for order in orders:
        if order.kind == "stages":
            found[order.line] = read_stages(desk, order)
    decisions = [table for table in found.values() if isinstance(table, DecisionTable)]
    for order in orders:
        if order.kind == "examples":
            found[order.line] = read_examples(desk, order, decisions)
    return tuple(found[line] for line in sorted(found))


def _look_ahead(desk: Desk, orders: list[Order]) -> None:
    """What later tables say and that earlier ones need: words of facts, stages as events, questions answered."""
    collect_mentions(desk, orders)
    silent = Desk(desk.blocks, desk.front, desk.questions, {})
    for order in orders:
        if order.kind == "stages":
            desk.stage_names += stage_names(order, read_header(silent, order))
        if order.kind in ("decision", "stages"):
            question = desk.questions.get(order.question)
            if question is None:
                desk.loose = True
            elif question not in desk.answered:
                desk.answered.append(question)


def _check_names(desk: Desk, orders: list[Order]) -> None:
    """Two tables of one kind must not share a name; an example names its table instead."""
    seen: set[tuple[str, str]] = set()
    for order in orders:
        if order.kind == "examples":
            continue
        key = (order.kind, order.name)
        if key in seen:
            desk.error(order.line, order.column, order.name, f"表名“{order.name}”重复")
        seen.add(key)
