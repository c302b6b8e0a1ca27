"""Examples of a draft as they come out, and real cases that may become examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy.editing.trials import ExampleResult, example_results
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.policy.models import Ruling
from zhike.manuals.models import Revision
from zhike.people.models import Post

from ._sheets import Draft


@dataclass(frozen=True)
class Trials:
    """The examples of one decision table. `given` and `expected` are labels of columns."""

    table: str
    given: tuple[str, ...]
    expected: tuple[str, ...]
    results: tuple[ExampleResult, ...]

    @property
    def passed(self) -> int:
        return sum(one.passed is True for one in self.results)

    @property
    def failed(self) -> int:
        return sum(one.passed is False for one in self.results)

    @property
    def lines(self) -> list[tuple[ExampleResult, list[str], list[str]]]:
        return [
            (
                one,
                [one.given.get(label, "") for label in self.given],
                [one.expected.get(label, "") for label in self.expected],
            )
            for one in self.results
        ]


def trials_of(draft: Draft) -> list[Trials]:
    """The examples of every table, worked out with the text of the draft."""
    found: dict[str, list[ExampleResult]] = {}
    for one in example_results(draft.manual):
        found.setdefault(one.table, []).append(one)
    return [
        Trials(
            table,
            tuple(dict.fromkeys(label for one in results for label in one.given)),
            tuple(dict.fromkeys(label for one in results for label in one.expected)),
            tuple(results),
        )
        for table, results in found.items()
    ]


def rulings_of(scope: Scope, question: str) -> QuerySet[Ruling]:
    """The newest rulings of a question that the person may see."""
    return scope.rows(Ruling.objects.filter(question=question).select_related("unit")).order_by("-id")


def example_of(table: model.DecisionTable, ruling: Ruling) -> dict[str, str]:
    """A ruling as cells of an example by label: its facts, and what came out under the version of its day."""
    facts: Mapping[str, Any] = {normal(label): value for label, value in ruling.facts.items()}
    cells = {column.label: _cell(column.fact, facts.get(column.label)) for column in table.inputs}
    for column in table.outputs:
        value = ruling.outcome.get(column.field) if column.field else None
        cells[f"→ {column.label}"] = _outcome(column, value)
    return cells


def _cell(fact: model.FactSpec, value: Any) -> str:
    if fact.kind is model.Kind.TAGS:
        return "、".join(fact.name_of(str(code)) for code in value or ()) or "无"
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    return fact.name_of(str(value)) if fact.kind is model.Kind.ENUM else str(value)


def _outcome(column: model.Output, value: Any) -> str:
    names = {word.code: word.name for word in column.words}
    if isinstance(value, list):
        return "、".join(names.get(str(code), str(code)) for code in value) or "-"
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "是" if value else "否"
    return names.get(str(value), str(value))


def drafts() -> QuerySet[Revision]:
    """Changes of texts, newest first. They are open to everybody who may revise."""
    return Revision.objects.filter(unit=None).select_related("base", "saved_by", "prepared_by")


def open_drafts() -> QuerySet[Revision]:
    """Those on their way."""
    return drafts().filter(state__in=Revision.OPEN)


def post_names() -> list[tuple[str, str]]:
    """Every post by which a regulation may name somebody, highest first."""
    return list(Post.objects.order_by("-rank", "id").values_list("name", "name_en"))
