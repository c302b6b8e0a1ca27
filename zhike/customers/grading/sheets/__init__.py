"""The official forms of classification, grading, value and segments."""

from ._customer import ANALYSIS, EVALUATION, FACTS, GRADING, SALES, Filled
from ._lists import BY_RANK, BY_REGION, CLASSES, KEY, Listed
from ._segments import PERSONA, SEGMENT, Card, Plan

# what is printed of one customer, and of the customers of a unit
OF_CUSTOMER = (FACTS, GRADING, ANALYSIS, SALES, EVALUATION)
OF_UNIT = (CLASSES, BY_RANK, BY_REGION, KEY)

__all__ = [
    "ANALYSIS",
    "EVALUATION",
    "FACTS",
    "GRADING",
    "OF_CUSTOMER",
    "OF_UNIT",
    "PERSONA",
    "SALES",
    "SEGMENT",
    "Card",
    "Filled",
    "Listed",
    "Plan",
]
