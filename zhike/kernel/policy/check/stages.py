"""Stages tables as a whole: does every stage lead to the end, and is every stage reached?"""

from collections.abc import Iterator

from zhike.kernel.policy.manual.model import Branch, Finding, Level, Manual, Stage, StagesTable
from zhike.kernel.policy.manual.text import nearest

END = "结束"
MATTERS = "审批事项"


def stages_findings(table: StagesTable) -> Iterator[Finding]:
    """Nothing for a table with a bad header or without 下一步 (periodic duties).

    An unknown stage in 下一步 is reported by the reader, with its column.
    """
    if table.broken or not table.has_next or not table.stages:
        return
    for stage in table.stages:
        yield from _branches(table, stage)
    yield from _endless(table)
    yield from _never_entered(table)


def matter_findings(table: StagesTable, manual: Manual) -> Iterator[Finding]:
    """A stage decides a matter of approval that the manual knows."""
    known = [word.name for word in manual.lists[MATTERS].words] if MATTERS in manual.lists else []
    for stage in table.stages:
        if stage.matter and stage.matter not in known:
            message = f"审批“{stage.matter}”不在清单“{MATTERS}”里{nearest(stage.matter, known)}"
            yield _at(table, stage, Level.ERROR, message)


def _branches(table: StagesTable, stage: Stage) -> Iterator[Finding]:
    if not stage.next:
        yield _at(table, stage, Level.ERROR, f"阶段“{stage.name}”没有下一步；若到此为止，请写“{END}”")
        return
    live = _live(stage)
    lost = stage.next[len(live) :]
    if live[-1].when is not None:
        message = f"最后一个下一步不能带条件：“{_text(live[-1])}”不成立时无处可去"
        yield _at(table, stage, Level.ERROR, message)
    elif lost:
        names, always = "、".join(map(_text, lost)), _text(live[-1])
        message = f"下一步“{names}”永远轮不到：前面的“{always}”没有条件"
        yield _at(table, stage, Level.ERROR, message)


def _text(branch: Branch) -> str:
    target = END if branch.stage is None else branch.stage
    return f"{branch.when}:{target}" if branch.when else target


def _endless(table: StagesTable) -> Iterator[Finding]:
    """A stage whose only targets are unknown leads nowhere itself, but accuses no stage before it."""
    names = {stage.name for stage in table.stages}
    lost = {s.name for s in table.stages if all(b.stage and b.stage not in names for b in _live(s))}
    leading = lost | {s.name for s in table.stages if any(branch.stage is None for branch in _live(s))}
    before = -1
    while before != len(leading):
        before = len(leading)
        leading |= {s.name for s in table.stages if any(branch.stage in leading for branch in _live(s))}
    for stage in table.stages:
        if stage.next and (stage.name in lost or stage.name not in leading):
            yield _at(table, stage, Level.ERROR, f"阶段“{stage.name}”永远到不了“{END}”")


def _live(stage: Stage) -> list[Branch]:
    """Branches up to the first that is always taken."""
    found = []
    for branch in stage.next:
        found.append(branch)
        if branch.when is None:
            break
    return found


def _never_entered(table: StagesTable) -> Iterator[Finding]:
    """The first stage is where a case begins."""
    if any(stage.broken for stage in table.stages):
        return
    entered, waiting = {table.stages[0].name}, [table.stages[0]]
    while waiting:
        for branch in _live(waiting.pop()):
            stage = table.stage(branch.stage) if branch.stage else None
            if stage is not None and stage.name not in entered:
                entered.add(stage.name)
                waiting.append(stage)
    for stage in table.stages:
        if stage.name not in entered:
            yield _at(table, stage, Level.WARNING, f"没有哪一步通向阶段“{stage.name}”")


def _at(table: StagesTable, stage: Stage, level: Level, message: str) -> Finding:
    return Finding(stage.line, 0, level, table.name, message)
