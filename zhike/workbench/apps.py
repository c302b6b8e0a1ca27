from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "zhike.workbench"
    label = "workbench"
