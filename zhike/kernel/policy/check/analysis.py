"""What only a manual as a whole shows. Reading errors are in `manual.findings` already."""

from collections.abc import Iterator

from zhike.kernel.policy.manual.model import DecisionTable, Finding, Manual, StagesTable

from .ranges import range_findings
from .stages import matter_findings, stages_findings
from .tables import decision_findings


def analyse(manual: Manual) -> list[Finding]:
    """Findings beside those of reading, sorted by place; within one place in the order in which they read best.

    Levels: gap (没有规定); error (rows of a 唯一 table that overlap, stages without a way to the end); warning (rows
    that never decide, 未能判定, parameters that could turn an interval round, stages nothing leads to); info (what falls into a row 其余; a catch-all row that is not marked).

    An overlaid manual is analysed with the values of its unit.
    """
    known = {(finding.line, finding.message) for finding in manual.findings}
    found = dict.fromkeys(finding for finding in _all(manual) if (finding.line, finding.message) not in known)
    return sorted(found, key=lambda finding: (finding.line, finding.column))


def _all(manual: Manual) -> Iterator[Finding]:
    for table in manual.tables:
        if isinstance(table, DecisionTable):
            yield from range_findings(table, manual.params)
            yield from decision_findings(table, manual)
        elif isinstance(table, StagesTable):
            yield from stages_findings(table)
            yield from matter_findings(table, manual)
