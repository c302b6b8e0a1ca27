"""The regulations on credit and archives in force in the mall, for the tests of credit, archives and privacy."""

from __future__ import annotations

from zhike.people.models import User
from zhike.people.tests.factories import Cast, a_user, appoint
from zhike.people.tests.rules import in_force


def regulations(cast: Cast, *keys: str) -> None:
    for key in keys or ("customer-credit", "customer-archives"):
        in_force(cast, key)


def interviewer(cast: Cast) -> User:
    """A survey specialist of the south store."""
    user = a_user("柳如烟", username="liu.ruyan", unit=cast.south_service)
    appoint(user, "P002-07", cast.south_service)
    return user


def survey_supervisor(cast: Cast) -> User:
    user = a_user("江晚晴", username="jiang.wanqing", unit=cast.south_service)
    appoint(user, "P002-05", cast.south_service)
    return user
