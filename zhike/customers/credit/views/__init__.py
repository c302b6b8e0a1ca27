"""Pages of credit."""

from ._deeds import (
    collect,
    decide_rating,
    end_risk,
    enter_change,
    enter_risk,
    guarantee,
    review_change,
    sell,
)
from ._pages import credit_of, print_risks
from ._survey import begin_survey, drop_survey, print_survey, send_back_survey, sign_survey, survey
from .lists import credit, credit_risks, credit_surveys

__all__ = [
    "begin_survey",
    "collect",
    "credit",
    "credit_of",
    "credit_risks",
    "credit_surveys",
    "decide_rating",
    "drop_survey",
    "end_risk",
    "enter_change",
    "enter_risk",
    "guarantee",
    "print_risks",
    "print_survey",
    "review_change",
    "sell",
    "send_back_survey",
    "sign_survey",
    "survey",
]
