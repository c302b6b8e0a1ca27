from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


def _may_change(request: HttpRequest) -> bool:
    """Who drafts, publishes or sets the values of units sees the changes in the rail."""
    from zhike.people import access

    user: Any = request.user
    return any(access.may(user, f"manual.{power}") for power in ("revise", "publish", "install"))


def _make_findable(using: str, **_signal: object) -> None:
    """Index the clauses of what was published before clauses were indexed."""
    from django.db import connections

    from zhike.kernel.policy.models import ManualVersion
    from zhike.kernel.search.models import Document

    from . import actions, queries

    tables = set(connections[using].introspection.table_names())
    if not {ManualVersion._meta.db_table, Document._meta.db_table} <= tables:
        return  # only some apps are migrated
    for version in queries.not_indexed():
        actions.make_findable(version)


class ManualsConfig(AppConfig):
    name = "zhike.manuals"
    label = "manuals"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate
        from django.urls import reverse

        from zhike.kernel.duties import escalation
        from zhike.kernel.outbox import wording
        from zhike.kernel.parties import subjects
        from zhike.kernel.policy.models import ManualVersion
        from zhike.kernel.procedures import approvals
        from zhike.ui import menu

        from . import access_gate, queries
        from . import sheets as _sheets  # noqa: F401 - its forms register themselves
        from .actions import _gate, _repealing, _revising
        from .information import ready
        from .models import Revision

        ready.ready()
        subjects.register(
            subjects.Subject(
                "policy.ManualVersion",
                _("Manual"),
                "book-2",
                lambda pk: reverse("manuals:reader", args=[pk]),
                lambda pk: ManualVersion.objects.get(pk=pk),
            )
        )
        subjects.register(
            subjects.Subject(
                "manuals.Revision",
                _("Change of a manual"),
                "git-pull-request",
                lambda pk: reverse("manuals:gate", args=[pk]),
                lambda pk: Revision.objects.get(pk=pk),
                lambda user: access_gate.visible(user, queries.revisions()),
            )
        )
        approvals.on_decision(_gate.KIND, _gate.decided)
        wording.say("manual.coming", _gate.COMING)
        menu.register(
            menu.Entry(
                "manual-changes",
                _("Changes of manuals"),
                "git-pull-request",
                "manuals:revisions",
                group="grounds",
                order=11,
                needs=_may_change,
            )
        )

        post_migrate.connect(_make_findable, sender=self, dispatch_uid="zhike.manuals.findable")
        menu.register(
            menu.Entry("manuals", _("Manuals"), "book-2", "manuals:list", group="grounds", order=10, keys="m")
        )
        approvals.on_decision(_repealing.KIND, _repealing.repeal_decided)
        wording.say(_repealing.TOLD, gettext_noop("“%(title)s” is repealed from %(day)s"))
        escalation.usually(_revising.TITLE, queries.standards)
