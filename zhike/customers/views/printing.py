"""Forms of the customer file; other parts of the file print by it too."""

from __future__ import annotations

from zhike.customers.models import Customer
from zhike.kernel.records.sheet import Head
from zhike.people.access import StaffRequest
from zhike.ui import printing
from zhike.ui.printing import Sheet, answer

__all__ = ["Sheet", "answer", "head_of"]


def head_of(request: StaffRequest, customer: Customer, basis: str = "") -> Head:
    return printing.head_of(request, customer.unit, customer.number, basis)
