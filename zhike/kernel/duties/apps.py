from django.apps import AppConfig
from django.utils.translation import gettext_noop


class DutiesConfig(AppConfig):
    name = "zhike.kernel.duties"
    label = "duties"

    def ready(self) -> None:
        from zhike.kernel.outbox import wording

        wording.say("duty.soon", gettext_noop("Due soon: %(title)s"))
        wording.say("duty.overdue", gettext_noop("Overdue: %(title)s"))
