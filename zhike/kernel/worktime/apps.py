from django.apps import AppConfig


class WorktimeConfig(AppConfig):
    name = "zhike.kernel.worktime"
    label = "worktime"

    def ready(self) -> None:
        from zhike.kernel.parties import stamping

        from .models import WorkCalendar

        stamping.watch(WorkCalendar)  # a changed day gives its calendar another revision
