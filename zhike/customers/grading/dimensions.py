"""The dimensions in which a customer stands somewhere. The values are words of the manual that answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers import questions
from zhike.kernel.policy.questions import Question


@dataclass(frozen=True)
class Dimension:
    """`question` asks a manual for the value; its first outcome names the list of words."""

    code: str
    label: str | Promise
    question: Question

    @property
    def vocabulary(self) -> str:
        return self.question.outcome[0].shape.vocabulary or ""


DIMENSIONS: dict[str, Dimension] = {
    one.code: one
    for one in (
        Dimension("grade", _("Customer grade"), questions.GRADE),
        Dimension("class", _("Class"), questions.CLASS),
        Dimension("tenant", _("Tenant grade"), questions.TENANT),
        Dimension("rank", _("Rank"), questions.RANK),
        Dimension("stage", _("Stage"), questions.STAGE),
        Dimension("segment", _("Segment"), questions.SEGMENT),
        Dimension("risk", pgettext_lazy("of losing a customer", "Risk"), questions.RISK),
        Dimension("deal_state", _("Deal state"), questions.DEAL_STATE),
        Dimension("importance", _("Importance"), questions.IMPORTANCE),
        Dimension("urgency", _("Urgency"), questions.URGENCY),
        Dimension("need", _("Class by need"), questions.NEED),
        Dimension("region", _("Sales region"), questions.REGION),
    )
}
# what a customer's value is read from, in the order in which it is shown
SCORES = (questions.RECENCY, questions.FREQUENCY, questions.AMOUNT)
