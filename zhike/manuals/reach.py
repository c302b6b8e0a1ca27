"""In whose reach the figures beside a regulation are made: that of the powers by which its own cases are seen."""

from __future__ import annotations

from dataclasses import replace

from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import populations
from zhike.kernel.policy.manual import model
from zhike.people.standing import Standing

CASES = "complaint.see"


def of(found: Standing, *manuals: model.Manual) -> Scope:
    """The rows that the person may see by the powers over all that these regulations rule.

    Where a regulation rules nothing of which cases are known, by those over all cases alike.
    """
    ruled = [populations.of(table.question) for manual in manuals for table in manual.decisions]
    asked = [one for one in ruled if one is not None] or populations.known()
    scopes = [found.scope(power) for power in sorted({one.power or CASES for one in asked} or {CASES})]
    cut = [one.units for one in scopes if one.units is not None]
    return replace(
        scopes[0],
        units=frozenset.intersection(*cut) if cut else None,
        secrecy=min(one.secrecy for one in scopes),
    )
