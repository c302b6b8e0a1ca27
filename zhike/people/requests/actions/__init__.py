"""What happens to a request between departments."""

from ._answering import CannotAnswer, answer, send_back, settle, withdraw
from ._asking import CannotAsk, ask
from ._passing import CannotPass, pass_on

__all__ = [
    "CannotAnswer",
    "CannotAsk",
    "CannotPass",
    "answer",
    "ask",
    "pass_on",
    "send_back",
    "settle",
    "withdraw",
]
