"""Regulations on customers and profiles, for the tests of grading."""

from __future__ import annotations

from importlib import resources
from typing import Any

from zhike.customers.grading import facts
from zhike.customers.models import Customer, Profile
from zhike.kernel.parties.models import Unit
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import actions
from zhike.people.tests.factories import MONDAY


def text_of(name: str) -> str:
    return resources.files("zhike.manuals").joinpath(f"library/{name}.md").read_text("utf-8")


def in_force(unit: Unit, name: str = "customer-grading") -> ManualVersion:
    """A shipped manual, published and installed."""
    return actions.publish_and_install(text=text_of(name), unit=unit, by=None, now=MONDAY)


def with_facts(customer: Customer, **columns: Any) -> Profile:
    """The profile with these columns, written without asking any manual."""
    profile = facts.profile_of(customer)
    for name, value in columns.items():
        setattr(profile, name, value)
    profile.save()
    return profile
