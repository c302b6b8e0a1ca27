"""How forms of contacts print; trades that keep contacts print by it too."""

from zhike.customers.views.printing import Sheet, answer, head_of

__all__ = ["Sheet", "answer", "head_of"]
