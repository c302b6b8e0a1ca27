"""The regulations on credit and archives in force in the mall, for the tests of credit, archives and privacy."""

from __future__ import annotations

import hashlib
from importlib import resources

from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.people.models import User
from zhike.people.tests.factories import MONDAY, Cast, a_user, appoint


def regulations(cast: Cast, *keys: str) -> None:
    """Publish and install what the library has, without the gate of publishing."""
    for key in keys or ("customer-credit", "customer-archives"):
        text = resources.files("zhike.manuals").joinpath(f"library/{key}.md").read_text("utf-8")
        ManualVersion.objects.create(
            key=key,
            title=key,
            number=1,
            text=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            state=ManualVersion.State.PUBLISHED,
            effective_on="2025-01-01",
            published_at=MONDAY,
        )
        Installation.objects.create(unit=cast.mall, key=key, installed_at=MONDAY)
    inforce.forget()


def interviewer(cast: Cast) -> User:
    """A survey specialist of the south store."""
    user = a_user("柳如烟", username="liu.ruyan", unit=cast.south_service)
    appoint(user, "P002-07", cast.south_service)
    return user


def survey_supervisor(cast: Cast) -> User:
    user = a_user("江晚晴", username="jiang.wanqing", unit=cast.south_service)
    appoint(user, "P002-05", cast.south_service)
    return user
