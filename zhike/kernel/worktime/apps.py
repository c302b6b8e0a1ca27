from django.apps import AppConfig


class WorktimeConfig(AppConfig):
    name = "zhike.kernel.worktime"
    label = "worktime"
