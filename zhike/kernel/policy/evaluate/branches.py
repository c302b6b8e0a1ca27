"""Where a case goes from a stage."""

from collections.abc import Mapping
from typing import Any

from zhike.kernel.policy.manual.model import StagesTable
from zhike.kernel.policy.manual.text import nearest, normal

_NO = {"否", "no", "false", "无", "none", ""}


class NoWay(ValueError):
    """The stage is not in the table, or none of its branches holds."""


def next_stage(table: StagesTable, stage: str, facts: Mapping[str, Any]) -> str | None:
    """The stage after `stage`: the first branch whose condition holds; None at the end. Raises NoWay.

    A condition holds when the fact or outcome of this label is a yes, a word or a set that is not empty;
    unknown does not hold. A table without 下一步 has no ways: None.
    """
    here = table.stage(stage)
    if here is None:
        raise NoWay(f"“{table.name}”没有阶段“{stage}”{nearest(stage, (s.name for s in table.stages))}")
    if not table.has_next:
        return None
    for branch in here.next:
        if branch.when is None or is_yes(facts.get(branch.when)):
            return branch.stage
    raise NoWay(f"阶段“{stage}”的下一步没有一项符合")


def is_yes(value: Any) -> bool:
    if isinstance(value, str):
        return normal(value).lower() not in _NO
    return bool(value)
