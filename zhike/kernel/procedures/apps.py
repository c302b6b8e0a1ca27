from __future__ import annotations

from functools import partial

from django.apps import AppConfig, apps
from django.utils.translation import gettext_noop


class ProceduresConfig(AppConfig):
    name = "zhike.kernel.procedures"
    label = "procedures"

    def ready(self) -> None:
        from zhike.kernel.duties import actions as duties
        from zhike.kernel.outbox import wording

        from . import stages
        from .models import StagedCase

        for case in apps.get_models():
            if issubclass(case, StagedCase):
                duties.when_moved(case._meta.label, partial(stages.refresh_all, case))
        wording.say("stage.informed", gettext_noop("For your information, now at “%(stage)s”: %(matter)s"))
        wording.say("approval.asked", gettext_noop("To approve: %(title)s"))
        wording.say("approval.decided", gettext_noop("%(title)s: %(state)s"))
