"""Parties that are no person: what the product does by itself, and doors through which strangers come."""

from __future__ import annotations

from .models import Party

NAMES = {"portal": "客户门户", "api": "接口", "import": "批量导入", "mail": "邮件", "system": "系统"}


def system_party(code: str) -> Party:
    """The party of a door or of the product itself, made when it is first needed.

    `code` is one of NAMES. Two processes at the same first moment may make two; the older one is used ever after.
    """
    name = NAMES[code]
    found = Party.objects.filter(kind=Party.Kind.SYSTEM, name=name).order_by("pk").first()
    return found or Party.objects.create(kind=Party.Kind.SYSTEM, name=name, unit=None)
