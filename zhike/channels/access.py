"""Who manages the keys of the API."""

from __future__ import annotations

from django.http import Http404

from zhike.kernel.parties.scope import Scope
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import ApiToken

MANAGE = "system.configure"


def scope(user: User) -> Scope:
    """People for whom the administrator may make keys."""
    return people.scope_of(user, MANAGE)


def token_for(user: User, pk: int) -> ApiToken:
    """The gate: 404 outside the scope."""
    token = queries.tokens(scope(user)).filter(pk=pk).first()
    if token is None:
        raise Http404
    return token
