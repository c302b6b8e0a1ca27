"""A changed manual tried on cases out of a table: one column for each fact, by its label, and 单位 if there is one.

Needs no database.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhike.kernel.policy.check.changes import paired
from zhike.kernel.policy.evaluate.deciding import CannotDecide, Case, book_of
from zhike.kernel.policy.evaluate.given import BadFact, known_facts, read_value
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.policy.questions import Question
from zhike.kernel.policy.sql.compare import EXAMPLES, Asked, Change, Said, may_change

from .figures import Figures, meanings

UNIT = "单位"
NO_UNIT = "-"
MOST_PROBLEMS = 20

Facts = Mapping[str, Any]


class BadCases(ValueError):
    """The table of cases cannot be used; the message is one sentence."""


def try_out(
    old: model.Manual,
    new: model.Manual,
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    today: dt.date,
) -> dict[str, Any]:
    """The figures of every table that may decide differently, as plain JSON. Raises BadCases.

    `rows` are numbered as in the file. A row with a value that cannot be read is left out and named.
    """
    begun = time.perf_counter()
    cases, problems, left_out = _cases(old, new, header, rows, today)
    tables, passed_over, meaning = [], [], meanings(old, new)
    for before, after in paired(old, new):
        if not _may_change(old, new, before, after):
            continue
        try:
            tables.append(_tried(old, new, before, after, cases, today).as_json(meaning.get(after.name, [])))
        except CannotDecide as why:
            passed_over.append({"table": after.name, "why": str(why)})
    main = max(tables, key=lambda one: one["changed"], default=None)
    return {
        "manual": new.name,
        "total": len(cases),
        "changed": main["changed"] if main else 0,
        "share": main["share"] if main else 0.0,
        "tables": tables,
        "passed_over": passed_over,
        "left_out": left_out,
        "problems": problems,
        "seconds": round(time.perf_counter() - begun, 2),
    }


def _cases(
    old: model.Manual,
    new: model.Manual,
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    today: dt.date,
) -> tuple[list[tuple[int, str, Facts, Facts]], list[str], int]:
    """Row number, unit, and the facts as each version reads them; what is wrong; how many rows were left out."""
    specs = [known_facts(manual) for manual in (old, new)]
    labels = [normal(label) for label in header]
    known = [at for at, label in enumerate(labels) if any(label in spec for spec in specs)]
    if not known:
        wanted = "、".join(list(specs[1])[:12])
        raise BadCases(
            _("No column of the file is a fact of the manual. It asks for: %(facts)s") % {"facts": wanted}
        )
    unit = labels.index(UNIT) if UNIT in labels and labels.index(UNIT) not in known else None
    cases: list[tuple[int, str, Facts, Facts]] = []
    problems: list[str] = []
    left_out = 0
    for number, cells in rows:
        try:
            was, now = (_read(spec, labels, cells, known, today) for spec in specs)
        except BadFact as why:
            left_out += 1
            if len(problems) < MOST_PROBLEMS:
                problems.append(_("Row %(row)d: %(problem)s") % {"row": number, "problem": why})
            continue
        place = cells[unit].strip() if unit is not None else ""
        cases.append((number, place or NO_UNIT, was, now))
    if not cases:
        raise BadCases(problems[0] if problems else _("The file has a header and no rows."))
    return cases, problems, left_out


def _read(
    spec: Mapping[str, model.FactSpec],
    labels: Sequence[str],
    cells: Sequence[str],
    known: Iterable[int],
    today: dt.date,
) -> Facts:
    return {
        spec[labels[at]].key: read_value(spec[labels[at]], cells[at], today)
        for at in known
        if labels[at] in spec
    }


def _may_change(
    old: model.Manual, new: model.Manual, before: model.DecisionTable, after: model.DecisionTable
) -> bool:
    if before.broken or after.broken or any(row.broken for table in (before, after) for row in table.rows):
        return True
    one, two = _asked(old, before), _asked(new, after)
    return may_change(one, two) != ()


def _asked(manual: model.Manual, table: model.DecisionTable) -> Asked:
    return Asked(manual, table.name, Question(table.question or table.name), dt.date.min, manual.name)


def _tried(
    old: model.Manual,
    new: model.Manual,
    before: model.DecisionTable,
    after: model.DecisionTable,
    cases: Iterable[tuple[int, str, Facts, Facts]],
    today: dt.date,
) -> Figures:
    one, two = Said(_asked(old, before)), Said(_asked(new, after))
    books = book_of(old), book_of(new)
    found: dict[tuple[Any, Any, str], Change] = {}
    for number, unit, was, now in cases:
        row_before = _number(Case(books[0], was, today), before)
        row_after = _number(Case(books[1], now, today), after)
        outcomes = one.of(row_before), two.of(row_after)
        change = found.setdefault((*outcomes, unit), Change(*outcomes, unit))  # type: ignore[arg-type]
        change.count += 1
        if change.moves:
            change.examples = [*change.examples, number][-EXAMPLES:]
        elif one.texts(row_before) != two.texts(row_after):
            change.other_row += 1
    figures = Figures(after)
    figures.add(found.values(), one, two)
    return figures


def _number(case: Case, table: model.DecisionTable) -> int:
    """The number of the deciding row, 0 for none; of a table that collects the mask of all."""
    if table.hit is model.Hit.COLLECT:
        return sum(1 << (row - 1) for row in case.hits(table))
    found = case.one(table)
    return found.row if found else 0
