"""A regulation on customers as the pages and actions read it, and who of the house may own something about one."""

from __future__ import annotations

from django.db.models import QuerySet

from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.regulation import Regulation, holder, regulation
from zhike.manuals.queries import Speech, figure

__all__ = ["Regulation", "holder", "regulation", "row_said", "staff_near"]


def row_said(manual: model.Manual, table: model.DecisionTable, row: int, *, english: bool) -> str:
    """The conditions of a row as people read them: ≥ for >=, and for the name of a parameter its figure."""
    speech = Speech(manual, english=english)
    between = ("; ", ": ") if english else ("；", "：")
    said = [
        f"{speech.label(table, column.label)}{between[1]}{_cell(speech, cell.text)}"
        for column, cell in zip(table.inputs, table.rows[row - 1].tests, strict=True)
        if cell.text not in {"", "-"}
    ]
    return between[0].join(said) or speech.word("其余")


def _cell(speech: Speech, text: str) -> str:
    params = speech.params
    return "".join(
        figure(params[part.param].text, english=speech.english) if part.param in params else part.text
        for part in speech.test(text)
    )


def staff_near(unit: int) -> QuerySet[Party]:
    """Staff of the house, of those above it, and of its sisters: who may own something about a customer."""
    found = tree()
    line = found.line(unit)
    near = found.below(line[1] if len(line) > 1 else unit) | set(line)
    return Party.objects.filter(kind=Party.Kind.STAFF, unit__in=near, user__is_active=True).order_by("name")
