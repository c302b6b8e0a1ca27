"""In whose reach the figures beside a regulation are made: that of every power by which its cases are seen."""

from __future__ import annotations

from dataclasses import replace

from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import populations
from zhike.people.standing import Standing

CASES = "complaint.see"


def of(found: Standing) -> Scope:
    """The rows that the person may see by the power over complaints and by those of all populations alike."""
    powers = {CASES} | {one.power for one in populations.known() if one.power}
    scopes = [found.scope(power) for power in sorted(powers)]
    cut = [one.units for one in scopes if one.units is not None]
    return replace(
        scopes[0],
        units=frozenset.intersection(*cut) if cut else None,
        secrecy=min(one.secrecy for one in scopes),
    )
