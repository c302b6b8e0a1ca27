"""What the page of the editor shows, whole or in parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from zhike.kernel.policy.editing.grids import Grid
from zhike.kernel.policy.editing.vocabulary import Choice
from zhike.kernel.policy.manual import model
from zhike.manuals import access, actions, queries
from zhike.manuals.models import Revision
from zhike.people.access import StaffRequest

from ._dressing import KINDS, sheet_of

PARTS = ("checks", "examples", "publish", "contents")
MOST_CHECKS = 80  # findings shown; each stands at its cell too


def draft_of(revision: Revision, text: str | None = None) -> queries.Draft:
    """The draft as it stands, or as it would be with another text."""
    source = revision.text if text is None else text
    reading = actions.examine(source, roles=access.ROLES)
    base = revision.base.text if revision.base else None
    return queries.Draft(reading.manual.source, reading.manual, reading.findings, revision.accepted, base)


def owners() -> list[Choice]:
    """Who may stand in 负责: the roles of a case, and the posts of the house."""
    posts = [Choice(name, english) for name, english in queries.post_names()]
    return [*(Choice(role) for role in sorted(access.ROLES)), *posts]


def chosen(draft: queries.Draft, *, key: str = "", line: int = 0) -> Grid | None:
    """The table that is asked for; without a question the first decision that is not right yet, else the first."""
    if key or line:
        return draft.find(key=key, line=line)
    decisions = [grid for grid in draft.grids if grid.kind == "decision"]
    for found in [*draft.errors, *draft.gaps]:
        grid = draft.find(line=found.line)
        if grid is not None:
            return grid
    others = [grid for grid in draft.grids if grid.kind != "examples"]
    return _first_changed(draft, decisions) or _first_changed(draft, others) or _first(decisions, draft)


def _first(decisions: Sequence[Grid], draft: queries.Draft) -> Grid | None:
    return next(iter(decisions or draft.grids), None)


def _first_changed(draft: queries.Draft, grids: Sequence[Grid]) -> Grid | None:
    known = draft.base_grids
    return next((grid for grid in grids if known.get(queries.key_of(grid)) and _differs(draft, grid)), None)


def _differs(draft: queries.Draft, grid: Grid) -> bool:
    return draft.base_grids[queries.key_of(grid)].rows != grid.rows


def context_of(
    revision: Revision, draft: queries.Draft, grid: Grid | None, *, line: int = 0, now: dt.datetime
) -> dict[str, Any]:
    """Everything the table view needs."""
    grids = [grid, *draft.beside(grid)] if grid is not None else []
    people = owners() if any(one.kind in {"stages", "list"} for one in grids) else []
    at = grid.line if grid is not None else line or _first_clause(draft)
    trials = queries.trials_of(draft)
    failed = sum(one.failed for one in trials)
    version = actions.front_value(draft.text, "version")
    checks = _checks(draft, grid)
    return {
        "revision": revision,
        "draft": draft,
        "version": version,
        "base": revision.base,
        "title": queries.title_of(draft.manual) or revision.key,
        "sheets": [sheet_of(draft, one, people) for one in grids],
        "focus": queries.key_of(grid) if grid is not None else "",
        "passages": draft.passages(at),
        "clause": draft.clause_above(at),
        "contents": _contents(draft),
        "checks": checks[:MOST_CHECKS],
        "more_checks": len(checks[MOST_CHECKS:]),
        "trials": next((one for one in trials if grid is not None and one.table == grid.name), None),
        "tested": grid.name if grid is not None and grid.kind in {"decision", "examples"} else "",
        "passed": sum(one.passed for one in trials),
        "examples": sum(len(one.results) for one in trials),
        "failed": failed,
        "open": revision.state == Revision.State.DRAFT,
        "ready": not (draft.errors or draft.gaps),
        "now": now,
    }


def _first_clause(draft: queries.Draft) -> int:
    """Where a draft without tables begins to be read."""
    clauses = [clause for clause in draft.manual.clauses if clause.number] or [*draft.manual.clauses]
    return clauses[0].line if clauses else 1


def parts(request: StaffRequest, context: dict[str, Any]) -> dict[str, str]:
    """The parts of the page that a change of a table changes, by the id of their place."""
    found: dict[str, str] = {}
    for name in PARTS:
        found[name] = render_to_string(f"manuals/editor.html#{name}", context, request)
    for sheet in context["sheets"]:
        html = render_to_string("manuals/_sheet.html", {**context, "sheet": sheet}, request)
        found[f"sheet:{sheet.key}"] = html
    return found


def saved_at(revision: Revision) -> str:
    return f"{timezone.localtime(revision.saved_at):%H:%M}"


def _contents(draft: queries.Draft) -> list[dict[str, Any]]:
    return [{"entry": entry, "kind": KINDS.get(entry.kind, "")} for entry in draft.contents]


def _checks(draft: queries.Draft, grid: Grid | None) -> list[dict[str, Any]]:
    """Findings in the order in which they matter; what is only information, for the table in front."""
    gaps = {(one.table, one.message) for one in draft.gaps}
    rows = [_check(draft, found, "late") for found in draft.errors]
    rows += [_check(draft, found, "run") for found in draft.gaps]
    rows += [_check(draft, found, "warn") for found in draft.of(model.Level.WARNING)]
    rows += [{**_check(draft, one.finding, "met"), "accepted": one} for one in draft.accepted]
    if grid is not None:
        told = draft.of(model.Level.INFO)
        rows += [_check(draft, found, "none") for found in told if grid.line <= found.line <= grid.last]
    for row in rows:
        row["open"] = (row["finding"].table, row["finding"].message) in gaps
    return rows


def _check(draft: queries.Draft, found: model.Finding, kind: str) -> dict[str, Any]:
    place = f"{found.line}:{found.column}" if found.column else str(found.line)
    return {"finding": found, "kind": kind, "place": place, "spot": draft.spot(found.line, found.column)}
