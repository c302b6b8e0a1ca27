"""What people do with credit. Each verb is one transaction with one audit row."""

from ._common import CannotCredit
from ._rating import decide_rating, take_guarantee
from ._risk import CannotRisk, end_risk, enter_change, enter_risk, review_change
from ._selling import CannotSellOnAccount, check_sale, collect, refusal, sell_on_account
from ._survey import begin_survey, drop_survey, save_survey, send_back, sign_survey

__all__ = [
    "CannotCredit",
    "CannotRisk",
    "CannotSellOnAccount",
    "begin_survey",
    "check_sale",
    "collect",
    "decide_rating",
    "drop_survey",
    "end_risk",
    "enter_change",
    "enter_risk",
    "refusal",
    "review_change",
    "save_survey",
    "sell_on_account",
    "send_back",
    "sign_survey",
    "take_guarantee",
]
