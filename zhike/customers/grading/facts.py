"""The figures and facts by which a customer is classified."""

from __future__ import annotations

from zhike.customers.models import Customer, Profile


def profile_of(customer: Customer) -> Profile:
    """The customer's profile; an empty one is made when there is none."""
    profile, _made = Profile.objects.get_or_create(customer=customer)
    customer.profile = profile
    return profile
