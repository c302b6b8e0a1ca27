"""Which stages of a manual belong to corrective action, and which way leads to them."""

from __future__ import annotations

from zhike.complaints.questions import JUDGING
from zhike.kernel.policy.manual import model

ANALYSING = frozenset({"root_cause", "plan"})
PARTS = ANALYSING | {"containment", "execution", "effect"}


def part(table: model.StagesTable, stage: model.Stage) -> str:
    """What a stage is in corrective action: the kind of the stage, or "".

    A review or an approval judges the plan where it may send back to the analysis (R001-183).
    """
    if stage.nature in PARTS:
        return stage.nature
    if stage.nature not in JUDGING:
        return ""
    back = [table.stage(branch.stage) for branch in stage.next if branch.when and branch.stage]
    return stage.nature if any(one is not None and one.nature in ANALYSING for one in back) else ""


def ahead(table: model.StagesTable, here: str) -> set[str]:
    """The parts that may still come, the present stage included, whatever way the case takes."""
    found, seen, rest = set(), set(), [here]
    while rest:
        name = rest.pop()
        stage = table.stage(name) if name and name not in seen else None
        if stage is None:
            continue
        seen.add(name)
        found.add(part(table, stage))
        rest += [branch.stage for branch in stage.next if branch.stage]
    return found - {""}
