"""The shipped regulation on customer files, in force at the mall of the standing cast."""

from __future__ import annotations

import datetime as dt
from importlib import resources

from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY, Cast


def the_regulation(cast: Cast) -> ManualVersion:
    text = resources.files("zhike.manuals").joinpath("library/customer-files.md").read_text("utf-8")
    return manuals.publish_and_install(
        text=text,
        unit=cast.mall,
        by=cast.general_manager.party,
        now=MONDAY - dt.timedelta(days=400),
        roles=(),
    )
