from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "zhike.kernel.duties"
    label = "duties"
