"""Stages tables as a whole: does every stage lead to the end, and is every stage reached?"""

from collections.abc import Iterator

from zhike.kernel.policy.manual.model import Branch, Finding, Level, Stage, StagesTable

END = "结束"


def stages_findings(table: StagesTable) -> Iterator[Finding]:
    """Nothing for a table with a bad header or without 下一步 (periodic duties).

    A stage that could not be read may lead anywhere, so it accuses no other.
    """
    if table.broken or not table.has_next or not table.stages:
        return
    names = {stage.name for stage in table.stages}
    for stage in table.stages:
        yield from _branches(table, stage, names)
    yield from _endless(table)
    yield from _never_entered(table)


def _branches(table: StagesTable, stage: Stage, names: set[str]) -> Iterator[Finding]:
    if stage.broken:
        return
    if not stage.next:
        yield _at(table, stage, Level.ERROR, f"阶段“{stage.name}”没有下一步;若到此为止,请写“{END}”")
        return
    for branch in stage.next:
        if branch.stage is not None and branch.stage not in names:
            yield _at(table, stage, Level.ERROR, f"下一步“{branch.stage}”不是本表的阶段")
    if stage.next[-1].when is not None:
        last = _text(stage.next[-1])
        yield _at(table, stage, Level.ERROR, f"最后一个下一步不能带条件:“{last}”不成立时无处可去")
    for number, branch in enumerate(stage.next[:-1]):
        if branch.when is None:
            lost = "、".join(_text(other) for other in stage.next[number + 1 :])
            message = f"下一步“{lost}”永远轮不到:前面的“{_text(branch)}”没有条件"
            yield _at(table, stage, Level.ERROR, message)
            break


def _text(branch: Branch) -> str:
    target = branch.stage or END
    return f"{branch.when}:{target}" if branch.when else target


def _endless(table: StagesTable) -> Iterator[Finding]:
    """A branch to an unknown stage is an error already and counts as a way out."""
    names = {stage.name for stage in table.stages}
    leading = {stage.name for stage in table.stages if stage.broken or not stage.next}
    leading |= {
        stage.name
        for stage in table.stages
        if any(branch.stage is None or branch.stage not in names for branch in _live(stage))
    }
    before = -1
    while before != len(leading):
        before = len(leading)
        leading |= {
            stage.name for stage in table.stages if any(branch.stage in leading for branch in _live(stage))
        }
    for stage in table.stages:
        if stage.name not in leading:
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
