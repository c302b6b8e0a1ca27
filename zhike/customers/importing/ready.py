"""What the import of customers registers when the product starts."""

from __future__ import annotations

from django.utils.translation import gettext_noop


def ready() -> None:
    from zhike.channels import queries as channels
    from zhike.customers.models import Customer
    from zhike.kernel.outbox import wording

    channels.show_intakes(Customer._meta.label, "customers:import_detail")
    wording.say("customer.imported", gettext_noop("“%(name)s”: %(count)s customers loaded"))
